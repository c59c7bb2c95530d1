"""Conditions: what an author writes is what is compared, and what cannot be read is told."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from casekit.world import story as s
from casekit.world.story.where import Clause, matches, read_where
from story_world import PEOPLE, funnel, played, problems, shop

WORD = st.from_regex(r"[a-z][a-z0-9_]{0,8}", fullmatch=True).filter(lambda word: word not in {"and", "not"})
VALUE = st.from_regex(r"[A-Za-z0-9_.-]{1,8}", fullmatch=True)
COMPARED = st.builds(
    Clause,
    WORD,
    st.sampled_from(["=", "!=", "<", "<=", ">", ">="]),
    st.lists(VALUE, min_size=1, max_size=3).map(tuple),
)
ALONE = st.builds(Clause, WORD, st.just(""), st.just(()), st.booleans())


def written(clause: Clause, blank: str) -> str:
    if not clause.compare:
        return f"{'not ' if clause.negated else ''}{clause.column}"
    return f"{clause.column}{blank}{clause.compare}{blank}{'|'.join(clause.values)}"


@given(st.lists(COMPARED | ALONE, max_size=4), st.sampled_from(["", " "]))
def test_written_clause_reads_back(clauses: list[Clause], blank: str):
    """Any clauses written down are read as the same clauses, with or without blanks."""
    text = " and ".join(written(clause, blank) for clause in clauses)

    assert tuple(clauses) == read_where(text)


@pytest.mark.parametrize("text", ["a=", "=b", "not a=b", "a b", "a=1 and ", " and a", "a-b=1", "a=1 and b >"])
def test_unreadable_is_told(text: str):
    """What is no condition raises, and shows how one is written."""
    with pytest.raises(ValueError, match="is no condition; write for example 'platform=android'"):
        read_where(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", lambda p: p["seats"] > 0),
        ("platform=ios", lambda p: p["platform"] == 1),
        ("platform!=ios", lambda p: p["platform"] != 1),
        ("platform=ios|web", lambda p: p["platform"] >= 1),
        ("platform!=ios|web", lambda p: p["platform"] == 0),
        ("seats>=200", lambda p: p["seats"] >= 200),
        ("seats < 2.5", lambda p: p["seats"] <= 2),
        ("seats!=7", lambda p: p["seats"] != 7),
        ("is_new", lambda p: p["is_new"]),
        ("not is_new and seats<=100", lambda p: ~p["is_new"] & (p["seats"] <= 100)),
    ],
)
def test_condition_selects(text: str, expected):
    """Texts, numbers and yes-or-no columns are compared as written."""
    people = played(shop()).frames["people"]

    assert expected(people).tolist() == matches(people, text).tolist()


def test_children_know_their_owner():
    """A condition on events may name a column of the person."""
    events = played(shop()).frames["events"]

    met = matches(events, "platform=web and event_name=view")

    assert met.any()
    assert {2} == set(events["platform"][met].tolist())


def test_empty_frame_meets_nothing():
    """A frame without entities gives an empty answer."""
    nobody = played(shop()).frames["people"].taken(np.zeros(4_000, bool))

    assert [] == matches(nobody, "platform=ios and seats>3").tolist()


@pytest.mark.parametrize(
    ("where", "words"),
    [
        ("platfrom=ios", "did you mean 'platform'"),
        ("platform=isos", "did you mean 'ios'"),
        ("platform=ios|wbe", "did you mean 'web'"),
        ("platform>ios", "compare it by = or !="),
        ("platform", "holds text; write platform="),
        ("not platform", "holds text; write platform="),
        ("seats=lots", "holds numbers, not 'lots'"),
        ("seats=1|2", "holds numbers, not '1'"),
        ("seats is 3", "is no condition"),
        ("not seats=3", "is no condition"),
    ],
)
def test_bad_condition_is_told(where: str, words: str):
    """A name that is not there, a value that never occurs or a wrong comparison is told."""
    twist = s.StepChange("bent", step="shop.pay", times=0.5, where=where)

    (problem,) = problems(PEOPLE, funnel(), twists=[twist])

    assert words in problem
