"""A counterexample as JSON and on screen: no row is lost silently, no stranger's text becomes markup."""

from __future__ import annotations

import datetime as dt
import json
import re
from decimal import Decimal
from html import unescape

import pytest

from casekit.compare import Contract
from casekit.compare.marks import LOOSE
from casekit.model import Column, Table, Verdict
from casekit.model.results import Counterexample
from casekit.model.verdicts import Status
from casekit.show import VerdictView
from casekit.show.cells import column_texts
from casekit.show.counterexample import counterexample_blocks
from casekit.show.panel import TONES
from casekit.show.verdict import VERDICT_MIME

Rows = tuple[tuple[object, ...], ...]

SCRIPT = "<script>alert(1)</script>"
ORDERS = Table(("order_id", "eur"), ((1, Decimal("10.50")), (2, None)))
FOUND = Counterexample(
    (("orders", ORDERS), ("visits", Table(("day",), ((dt.date(2025, 3, 3),),)))),
    Table(("n",), ((2,),)),
    Table(("n",), ((1,),)),
    "Order 2 has no price.",
)
# The greys and the tones of the house, which are seen on white and on near black.
MARKS = (TONES["bad"], TONES["good"])
HOUSE_COLOURS = {
    "#8884",
    "rgba(128,128,128,0.12)",
    *(tone.colour for tone in MARKS),
    *(tone.tint(0.16) for tone in MARKS),
}


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
    found = Counterexample((("numbers", numbers(count)),), numbers(1), numbers(1), "They differ.")
    lines = re.findall(r"^(?:no|and .*) rows?$", text(found), re.MULTILINE)

    assert ([expected] if expected else []) == lines
    assert (f">{expected}</p>" in html(found)) == bool(expected)
    assert min(count, 12) + 2 == html(found).count("<td")


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
            "",
            "Your result",
            "n",
            "-  --------------",
            "2  ← differs in n",
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
    assert set(named) <= {"inherit", "none", "rgba", "var"}


def results(yours: Table, expected: Table, contract: Contract = LOOSE) -> str:
    """What is written under the two results, in text."""
    blocks = counterexample_blocks(Counterexample((), yours, expected, ""), contract)
    return blocks[-1].text


ANY_DAY = dt.datetime(2025, 3, 3)
WEEK = (Column("week", "date", ""), Column("percent", "number", "", decimals=1))
MISTAKES = {
    "one value": (((1, "a"),), ((2, "a"),), ["← differs in n"]),
    "a row too many": (((1, "a"), (2, "b")), ((1, "a"),), ["← should not be there"]),
    "a row twice": (((1, "a"), (1, "a")), ((1, "a"),), ["← once too often"]),
    "a row lacking": (((1, "a"),), ((1, "a"), (2, "b")), ["← missing in yours"]),
    "another row": (
        ((1, "a"), (2, "b")),
        ((1, "a"), (3, "c")),
        ["← should not be there", "← missing in yours"],
    ),
    "two values": (((1, None),), ((2, "a"),), ["← differs in n, x"]),
    "nothing": (((1, "a"), (2, "b")), ((2, "b"), (1, "a")), []),
}


@pytest.mark.parametrize(("yours", "expected", "remarks"), MISTAKES.values(), ids=MISTAKES)
def test_differences_are_in_words(yours: Rows, expected: Rows, remarks: list[str]) -> None:
    """What differs is said beside its row, whatever the order of the rows."""
    shown = results(Table(("n", "x"), yours), Table(("n", "x"), expected))

    assert remarks == re.findall(r"←.*$", shown, re.MULTILINE)


def test_cells_that_differ_have_frames() -> None:
    """In both results exactly the cells that differ are marked and framed."""
    yours, expected = Table(("n", "x"), ((1, None), (2, "b"))), Table(("n", "x"), ((1, "a"), (2, "b")))
    shown = html(Counterexample((), yours, expected, ""))

    assert ["NULL", "a"] == re.findall(r'<mark style="[^"]*border:1px solid[^"]*">([^<]*)</mark>', shown)


def test_key_decides_what_is_compared() -> None:
    """With a key, a row is compared with the row of the same key, however unlike the rest is."""
    yours, expected = Table(("n", "x"), ((1, "b"),)), Table(("n", "x"), ((1, "a"), (2, "b")))
    key = Contract((Column("n", "integer", ""), Column("x", "text", "")), ("n",))

    assert ["differs in x", "missing in yours"] == re.findall(r"← (.*)$", results(yours, expected, key), re.M)


def test_rounding_asked_for_is_no_difference() -> None:
    """Where one decimal is asked for, rounded values are not marked, nor names taken by position."""
    yours, expected = (
        Table(("w", "percent"), ((ANY_DAY, 33.3),)),
        Table(("week", "percent"), ((ANY_DAY, 100 / 3),)),
    )

    assert "←" in results(yours, expected)
    assert "←" not in results(yours, expected, Contract(WEEK, ("week",)))


def test_wrong_order_is_marked() -> None:
    """Where an order is asked for, the first row out of place is named."""
    yours, expected = Table(("n",), ((1,), (3,), (2,))), Table(("n",), ((1,), (2,), (3,)))
    contract = Contract((Column("n", "integer", ""),), ("n",), ("n",))

    assert ["3  ← out of order from here"] == re.findall(r"^.*←.*$", results(yours, expected, contract), re.M)


def test_lacking_column_is_marked() -> None:
    """A column that your result lacks is named where it stands in the expected one."""
    assert "share (missing in yours)" in results(Table(("n",), ((1,),)), Table(("n", "share"), ((1, 0.5),)))


@pytest.mark.parametrize(
    ("yours", "expected", "shown"),
    [
        ("12", 12, ["'12'", "12"]),
        (0.3333, 1 / 3, ["0.3333", "0.3333333333333333"]),
        (" a", "a", ["' a'", "a"]),
        ("", None, ["''", "NULL"]),
        (2, 1, ["2", "1"]),
    ],
)
def test_values_that_differ_look_different(yours: object, expected: object, shown: list[str]) -> None:
    """Two marked values are told apart by digits, by quotation marks or by the word NULL."""
    told_html = html(Counterexample((), Table(("n",), ((yours,),)), Table(("n",), ((expected,),)), ""))

    assert shown == [unescape(words) for words in re.findall(r"<mark[^>]*>([^<]*)</mark>", told_html)]


def test_days_have_no_midnight() -> None:
    """Results at midnight are days, unless one has a time; a midnight in the data is shown as it is."""
    day, noon = dt.datetime(2025, 3, 3), dt.datetime(2025, 3, 4, 12)
    table, mixed = Table(("day",), ((day,), (None,))), Table(("day",), ((day,), (noon,)))
    shown = text(Counterexample((("visits", table),), table, table, ""))

    assert ["2025-03-03 00:00:00", "2025-03-03", "2025-03-03"] == re.findall(r"^2025.*$", shown, re.M)
    assert ["2025-03-03 00:00:00", "2025-03-04 12:00:00"] == column_texts(
        "day", [row[0] for row in mixed.rows], days=True
    )


def test_marked_row_is_shown() -> None:
    """The one row that differs is shown, however far down it stands."""
    expected = numbers(40)
    yours = Table(("n",), (*expected.rows[:39], (-1,)))

    assert "-1" in results(yours, expected)
    assert "and 28 more rows" in results(yours, expected)


@pytest.mark.parametrize(
    ("status", "found", "databases", "expected"),
    [
        ("correct", None, 212, "Checked on your data and on 212 small hidden databases."),
        ("correct", None, 1, "Checked on your data and on one small hidden database."),
        ("correct", None, 0, ""),
        ("not yet", FOUND, 34, "Found among 34 small hidden databases."),
        ("not yet", FOUND, 1, "Found on a small hidden database."),
        ("wrong", None, 34, ""),
    ],
)
def test_verdict_says_what_it_rests_on(
    status: Status, found: Counterexample | None, databases: int, expected: str
) -> None:
    """A quiet last line tells on how many databases a verdict rests, where it rests on any."""
    view = VerdictView(Verdict("e", status, "So.", counterexample=found, databases=databases))

    assert expected == (view.text().splitlines()[-1].strip() if expected else expected)
    assert bool(expected) == ("hidden database" in view.html())


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
