"""A counterexample as JSON and on screen: no row is lost silently, no stranger's text becomes markup."""

from __future__ import annotations

import datetime as dt
import json
import re
from decimal import Decimal

import pytest

from casekit.model import Table, Verdict
from casekit.model.results import Counterexample
from casekit.show import VerdictView
from casekit.show.counterexample import counterexample_blocks
from casekit.show.verdict import VERDICT_MIME

SCRIPT = "<script>alert(1)</script>"
ORDERS = Table(("order_id", "eur"), ((1, Decimal("10.50")), (2, None)))
FOUND = Counterexample(
    (("orders", ORDERS), ("visits", Table(("day",), ((dt.date(2025, 3, 3),),)))),
    Table(("n",), ((2,),)),
    Table(("n",), ((1,),)),
    "Order 2 has no price.",
)
# The greys of the house, which are seen on white and on near black.
HOUSE_COLOURS = {"#8884", "rgba(128,128,128,0.12)"}


def told(yours: Table | str, caption: str = "orders", says: str = "They differ.") -> Counterexample:
    return Counterexample(((caption, ORDERS),), yours, ORDERS, says)


def numbers(count: int) -> Table:
    return Table(("n",), tuple((number,) for number in range(count)))


def html(found: Counterexample) -> str:
    return "".join(block.html for block in counterexample_blocks(found))


def text(found: Counterexample) -> str:
    return "\n".join(block.text for block in counterexample_blocks(found))


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (None, None),
        (True, True),
        (2**70, 2**70),
        (0.5, 0.5),
        ("ü", "ü"),
        (dt.date(2025, 3, 3), "2025-03-03"),
        (dt.datetime(2025, 3, 3, 12), "2025-03-03 12:00:00"),
        (dt.timedelta(days=1), "1 day, 0:00:00"),
        (Decimal("10.50"), "10.50"),
        (float("nan"), "nan"),
        (float("-inf"), "-inf"),
        ([1, [dt.date(2025, 3, 3), None]], [1, ["2025-03-03", None]]),
        ({"a": {"b": float("inf")}}, {"a": {"b": "inf"}}),
        ({dt.date(2025, 3, 3): Decimal(1)}, {"2025-03-03": "1"}),
    ],
)
def test_values_become_json(value: object, expected: object) -> None:
    """Every value of a result is one that JSON can hold, in tables and in results."""
    table = Table(("a",), ((value,),))

    as_dict = Counterexample((("t", table),), table, table, "").as_dict()
    plain = {"columns": ["a"], "rows": [[expected]]}

    assert {"tables": {"t": plain}, "yours": plain, "expected": plain, "says": ""} == as_dict
    assert as_dict == json.loads(json.dumps(as_dict, allow_nan=False))


def test_stop_is_kept_as_text() -> None:
    """A query that stops has its words where its result would be."""
    assert "Conversion Error: 'x'" == told("Conversion Error: 'x'").as_dict()["yours"]


@pytest.mark.parametrize(
    "found",
    [
        told(Table(("a",), ((SCRIPT,),))),
        told(Table((SCRIPT,), ((1,),))),
        told(Table(("a",), (([SCRIPT],),))),
        told(ORDERS, caption=SCRIPT),
        told(ORDERS, says=SCRIPT),
        told(f"Parser Error: {SCRIPT}"),
    ],
    ids=["cell", "column", "list", "caption", "sentence", "yours"],
)
def test_strings_never_become_markup(found: Counterexample) -> None:
    """Nothing that a candidate or an author wrote becomes a tag, wherever it stands."""
    assert "<script" not in html(found)
    assert "&lt;script&gt;" in html(found)
    assert SCRIPT in text(found)


@pytest.mark.parametrize(
    ("count", "expected"),
    [
        (0, "no rows"),
        (1, None),
        (12, None),
        (13, "and 1 more row"),
        (14, "and 2 more rows"),
        (1_512, "and 1,500 more rows"),
    ],
)
def test_long_results_say_rest(count: int, expected: str | None) -> None:
    """Twelve rows are shown, and a line says how many are left; an empty result says so."""
    found = Counterexample((), numbers(count), numbers(1), "They differ.")
    lines = re.findall(r"^(?:no|and .*) rows?$", text(found), re.MULTILINE)

    assert ([expected] if expected else []) == lines
    assert (f">{expected}</p>" in html(found)) == bool(expected)
    assert min(count, 12) + 1 == html(found).count("<td")


def test_text_says_it_all() -> None:
    """The plain text holds the sentence, every table and both results."""
    expected = "\n".join(
        [
            "A tiny database that shows it:",
            "Order 2 has no price.",
            "orders",
            "order_id    eur",
            "--------  -----",
            "       1  10.50",
            "       2   NULL",
            "",
            "visits",
            "day",
            "----------",
            "2025-03-03",
            "Your result",
            "n",
            "-",
            "2",
            "",
            "Expected result",
            "n",
            "-",
            "1",
        ]
    )

    assert expected == text(FOUND)


def test_html_says_the_same() -> None:
    """Every table, result and caption of the text stands in the HTML, in the same order."""
    shown = re.sub(r"<[^>]+>", " ", html(FOUND)).split()

    assert [word for word in text(FOUND).replace(":", "").split() if set(word) != {"-"}] == shown


@pytest.mark.parametrize("found", [FOUND, told("Binder Error")], ids=["table", "stop"])
def test_colours_suit_both_themes(found: Counterexample) -> None:
    """Text takes the page's colour; lines and grounds are the greys of the house."""
    colours = re.findall(r"#[0-9a-f]{3,8}\b|rgba?\([^)]*\)", html(found))
    named = re.findall(r"(?<![\w-])(?:color|background)\s*:\s*([a-z]+)\b", html(found))

    assert set(colours) <= HOUSE_COLOURS
    assert set(named) <= {"inherit", "none", "rgba"}


def verdict(found: Counterexample | None) -> Verdict:
    return Verdict(
        "e", "wrong", "Values differ.", ("Too high.",), ("A note.",), counterexample=found, databases=3
    )


def test_verdict_shows_counterexample() -> None:
    """The counterexample stands between the points and the notes, in HTML and in text."""
    view = VerdictView(verdict(FOUND))

    for shown in (view.html(), view.text()):
        places = [shown.index(words) for words in ("Too high.", "tiny database", "Expected", "A note.")]
        assert sorted(places) == places


def test_verdict_without_says_nothing() -> None:
    """Without a counterexample the verdict has no heading for one."""
    view = VerdictView(verdict(None))

    assert "tiny database" not in view.html() + view.text()
    assert "[✗ Wrong] e\n  Values differ.\n  - Too high.\n  Worth knowing:\n  - A note." == view.text()


@pytest.mark.parametrize("found", [FOUND, None], ids=["with", "without"])
def test_verdict_json_carries_it(found: Counterexample | None) -> None:
    """Programs read the counterexample, or null, and the number of databases."""
    as_dict = VerdictView(verdict(found)).data()[VERDICT_MIME]
    read = json.loads(json.dumps(as_dict, allow_nan=False))

    assert (json.loads(json.dumps(found.as_dict())) if found else None) == read["counterexample"]
    assert 3 == read["databases"]
