"""Comparing results: what passes whatever its form, what fails, and what the difference names."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest

from casekit.compare import Contract, compare_tables, match_columns, same_result
from casekit.model import Column, Table

WEEK = Column("week", "date", "Monday of the week")
SESSIONS = Column("sessions", "integer", "sessions")
CONV = Column("conv_percent", "number", "converting / sessions", unit="percent", decimals=2)
CONTRACT = Contract((WEEK, SESSIONS, CONV), key=("week",))
MONDAYS = [dt.date(2025, 3, 3) + dt.timedelta(weeks=n) for n in range(4)]
RIGHT = Table(
    ("week", "sessions", "conv_percent"),
    tuple((day, 7000 + n, 13.0 + n / 7) for n, day in enumerate(MONDAYS)),
)


def difference(actual: Table, expected: Table = RIGHT, contract: Contract = CONTRACT):
    """The difference between *actual* and the right table."""
    return compare_tables(expected, actual, contract).difference


def changed(row: int, column: str, value: object) -> Table:
    """The right table with one value replaced."""
    rows = [list(r) for r in RIGHT.rows]
    rows[row][RIGHT.columns.index(column)] = value
    return Table(RIGHT.columns, tuple(map(tuple, rows)))


PASSING = {
    "itself": RIGHT,
    "rows shuffled": Table(RIGHT.columns, RIGHT.rows[::-1]),
    "columns in another order": Table(
        ("conv_percent", "week", "sessions"), tuple((c, w, s) for w, s, c in RIGHT.rows)
    ),
    "names in other case": Table(("Week", "SESSIONS", "Conv_Percent"), RIGHT.rows),
    "names by position": Table(("w", "n", "rate"), RIGHT.rows),
    "an extra column": Table((*RIGHT.columns, "note"), tuple((*r, "x") for r in RIGHT.rows)),
    "rounded as asked": Table(RIGHT.columns, tuple((w, s, round(c, 2)) for w, s, c in RIGHT.rows)),
    "floats for integers": Table(RIGHT.columns, tuple((w, float(s), c) for w, s, c in RIGHT.rows)),
    "decimals for numbers": Table(
        RIGHT.columns, tuple((w, Decimal(s), Decimal(f"{c:.2f}")) for w, s, c in RIGHT.rows)
    ),
    "timestamps at midnight": Table(
        RIGHT.columns, tuple((dt.datetime.combine(w, dt.time()), s, c) for w, s, c in RIGHT.rows)
    ),
    "ISO text for dates": Table(RIGHT.columns, tuple((w.isoformat(), s, c) for w, s, c in RIGHT.rows)),
    "aware UTC timestamps": Table(
        RIGHT.columns,
        tuple((dt.datetime.combine(w, dt.time(), dt.UTC), s, c) for w, s, c in RIGHT.rows),
    ),
    "float noise": Table(RIGHT.columns, tuple((w, s, c * (1 + 1e-13)) for w, s, c in RIGHT.rows)),
}


@pytest.mark.parametrize("name", PASSING)
def test_same_answer_passes(name):
    """An answer passes whatever order, letter case, number type or rounding it comes in."""
    assert difference(PASSING[name]) is None


@pytest.mark.parametrize("value", [Decimal("12.2"), 12.3, 12.25])
def test_half_rounds_either_way(value):
    """A value exactly at a half passes whether it was rounded up, to even, or not at all."""
    contract = Contract((Column("rate", "number", "", decimals=1),))
    assert difference(Table(("rate",), ((value,),)), Table(("rate",), ((12.25,),)), contract) is None


@pytest.mark.parametrize(
    ("value", "direction"),
    [
        (99.0, "high"),
        (1.0, "low"),
        (None, "null"),
        (float("nan"), "null"),
        ("13.4", "kind"),
        (float("inf"), "high"),
    ],
)
def test_last_row_is_compared(value, direction):
    """One wrong value in the last row fails; column, row and direction are named."""
    found = difference(changed(3, "conv_percent", value))
    assert (found.kind, found.column, found.direction) == ("values", "conv_percent", direction)
    assert found.key == {"week": MONDAYS[3]}
    assert found.wrong == 1


def test_off_by_one_integer_fails():
    """Counts are exact: one session too many fails."""
    assert difference(changed(2, "sessions", 7003)).direction == "high"


def test_last_decimal_counts():
    """A value off by one unit of the last asked decimal fails."""
    value = round(RIGHT.rows[1][2], 2) + 0.01
    assert difference(changed(1, "conv_percent", value)).column == "conv_percent"


def test_null_equals_null():
    """NULL and NaN are the same missing value; a value in their place is named."""
    with_null = changed(0, "conv_percent", None)
    assert difference(changed(0, "conv_percent", float("nan")), with_null) is None
    assert difference(RIGHT, with_null).direction == "filled"


def test_null_is_not_zero():
    """A zero where NULL is expected, and the reverse, are differences."""
    assert difference(changed(0, "conv_percent", 0), changed(0, "conv_percent", None)).direction == "filled"
    assert difference(changed(0, "conv_percent", None), changed(0, "conv_percent", 0)).direction == "null"


def test_all_null_is_named():
    """A column of NULLs fails and the pattern is named."""
    empty = Table(RIGHT.columns, tuple((w, s, None) for w, s, _ in RIGHT.rows))
    assert difference(empty).pattern == "all-null"


@pytest.mark.parametrize(
    ("change", "pattern"),
    [
        (lambda c: c / 100, "share-for-percent"),
        (lambda c: round(c / 100, 2), "share-for-percent"),
        (lambda c: c * 100, "percent-for-share"),
        (lambda c: -c, "sign"),
        (lambda c: round(c, 1), "coarse-rounding"),
        (lambda c: int(c * 100) / 100, "cut-decimals"),
        (lambda c: f"{c:.2f} %", "number-as-text"),
        (lambda c: c + 1, ""),
    ],
)
def test_patterns_are_recognised(change, pattern):
    """What all wrong values share is named; values without a pattern get none."""
    table = Table(RIGHT.columns, tuple((w, s, change(c)) for w, s, c in RIGHT.rows))
    assert difference(table).pattern == pattern


def test_missing_column_is_named():
    """A missing column is named, and nothing is guessed from another number of columns."""
    matching = compare_tables(RIGHT, Table(("week", "sessions"), ()), CONTRACT).matching
    assert matching.missing == ("conv_percent",)


def test_repeated_column_is_named():
    """A column that stands twice cannot be judged and is named."""
    assert match_columns(["a", "b"], ["a", "b", "A"]).repeated == ("a",)


def test_positional_match_is_told():
    """Columns taken by position are reported pair by pair."""
    assert match_columns(["week", "n"], ["week", "total"]).renamed == (("n", "total"),)


def test_finer_grain_is_named():
    """Two rows for one key are a grain difference that names the key."""
    table = Table(RIGHT.columns, (*RIGHT.rows, RIGHT.rows[2]))
    found = difference(table)
    assert (found.kind, found.key) == ("grain", {"week": MONDAYS[2]})


def test_missing_rows_are_counted():
    """Missing rows are counted and never named; extra rows are named."""
    assert difference(Table(RIGHT.columns, RIGHT.rows[:3])).missing == 1
    assert difference(Table(RIGHT.columns, RIGHT.rows[:3])).key is None
    extra = Table(RIGHT.columns, (*RIGHT.rows, (dt.date(2025, 6, 2), 1, 1.0)))
    assert difference(extra).key == {"week": dt.date(2025, 6, 2)}


def test_empty_result_differs():
    """No rows is a difference, unless no rows are expected."""
    empty = Table(RIGHT.columns, ())
    assert (difference(empty).kind, difference(empty).rows) == ("rows", 0)
    assert difference(empty, empty) is None


def test_truncated_result_never_passes():
    """A result cut short at the row limit is not the answer, whatever its first rows are."""
    assert difference(Table(RIGHT.columns, RIGHT.rows, truncated=True)).kind == "rows"


def test_bag_without_key():
    """Without a key, repeated rows count as often as they come."""
    contract = Contract((Column("channel", "text", ""), Column("n", "integer", "")))
    expected = Table(("channel", "n"), (("email", 1), ("email", 1), ("social", 2)))
    assert difference(Table(("channel", "n"), expected.rows[::-1]), expected, contract) is None
    lost = Table(("channel", "n"), (("email", 1), ("social", 2), ("social", 2)))
    assert difference(lost, expected, contract) is not None


def test_order_only_if_asked():
    """Order counts when asked for, and true ties may come either way."""
    columns = (Column("team", "text", ""), Column("delta", "number", "", decimals=1))
    contract = Contract(columns, key=("team",), ordered_by=("delta desc",))
    expected = Table(("team", "delta"), (("a", 3.0), ("b", 2.0), ("c", 2.0), ("d", None)))
    tied = Table(("team", "delta"), (("a", 3.0), ("c", 2.0), ("b", 2.0), ("d", None)))
    swapped = Table(("team", "delta"), (("b", 2.0), ("a", 3.0), ("c", 2.0), ("d", None)))
    assert difference(tied, expected, contract) is None
    assert difference(swapped, expected, contract).kind == "order"


def test_large_integers_stay_exact():
    """Integers beyond the floats' exact range still differ by one."""
    contract = Contract((Column("n", "integer", ""),))
    assert difference(Table(("n",), ((2**60 + 1,),)), Table(("n",), ((2**60,),)), contract) is not None


def test_text_and_number_keys():
    """Text '5' is not the number 5, and True is not text."""
    contract = Contract((Column("n", "integer", ""),))
    assert difference(Table(("n",), (("5",),)), Table(("n",), ((5,),)), contract).direction == "kind"


def test_trap_matches_by_result():
    """A stored wrong result matches in any order, case and at the decimals shown, and only then."""
    stored = Table(("day", "rate"), ((dt.date(2025, 4, 1), 0.4567), (dt.date(2025, 4, 2), 0.5432)))
    shown = Table(("Day", "Rate"), ((dt.date(2025, 4, 2), 0.54), (dt.date(2025, 4, 1), 0.46)))
    other = Table(("Day", "Rate"), ((dt.date(2025, 4, 2), 0.54), (dt.date(2025, 4, 1), 0.47)))
    assert same_result(stored, shown, CONTRACT)
    assert not same_result(stored, other, CONTRACT)
    assert not same_result(stored, Table(("Day", "Rate", "x"), ()), CONTRACT)
