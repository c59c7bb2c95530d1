"""Errors: what they say, and which names they suggest."""

from __future__ import annotations

import pytest

from casekit.errors import AuthorError, CasekitError, DataError, Problem, UnknownName, UsageError, near_names

IDS = ["weekly-conversion", "hypothesis-order", "tracking-gap", "step-funnel", "bug-cost", "first-alarm"]


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("weekly-conversions", "weekly-conversion"),
        ("Weekly_Conversion", "weekly-conversion"),
        ("wekly", "weekly-conversion"),
        ("funnel", "step-funnel"),
        ("bugcost", "bug-cost"),
        ("trackin-gap", "tracking-gap"),
        ("alarm", "first-alarm"),
    ],
)
def test_near_name_comes_first(typed, meant):
    """A misspelt or half-remembered name suggests the one that was meant."""
    assert near_names(typed, IDS)[0] == meant


def test_far_name_suggests_nothing():
    """A name like none of the known ones gets the whole list instead of a bad guess."""
    error = UnknownName("exercise", "xyz", IDS)
    assert error.suggestions == ()
    assert "There is: weekly-conversion, hypothesis-order" in str(error)


def test_author_error_lists_all():
    """An author reads every problem at once, each with its file, exercise and field."""
    problems = [
        Problem("case.toml", "bug-cost", "minutes", "is 0"),
        Problem("world.py", "", "", "is missing"),
    ]
    error = AuthorError("checkout-drop", problems)
    assert str(error) == (
        "case 'checkout-drop' has 2 problems:\n"
        "  - case.toml › bug-cost › minutes: is 0\n"
        "  - world.py: is missing"
    )


def test_tree_has_two_families():
    """Whoever catches UsageError never catches an author's mistake, and the reverse."""
    assert issubclass(DataError, UsageError)
    assert not issubclass(AuthorError, UsageError)
    assert issubclass(AuthorError, CasekitError)
