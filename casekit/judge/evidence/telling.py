"""One sentence on what sets two results apart."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from casekit.judge.evidence.arena import Failed, Result
from casekit.judge.evidence.database import Row, Rows
from casekit.judge.evidence.sameness import canonical_rows, close, leftovers

__all__ = ["apart", "shown"]


def apart(expected: Result, actual: Result | Failed) -> str:  # noqa: PLR0911 - one line a kind
    """What is wrong with *actual*: an error, rows missing or too many, or a value."""
    if isinstance(actual, Failed):
        return f"Your query stops with an error on these rows: {actual.message}"
    if len(expected.columns) != len(actual.columns):
        wanted = len(expected.columns)
        return f"Your result has {_columns(actual)}; {_columns(expected)} {_are(wanted)} expected."
    missing, surplus = leftovers(expected.rows, actual.rows)
    if not missing and not surplus:
        return "The rows are right, but they come in the wrong order."
    if len(missing) == len(surplus):
        return _changed(expected, missing, surplus)
    if not surplus:
        return f"Your result lacks {_rows(missing, expected.rows)}."
    if not missing:
        return f"Your result has {_extra(surplus, actual.rows, expected.rows)}."
    return (
        f"{_count(len(actual.rows), 'row')} instead of {len(expected.rows)}: "
        f"{shown_row(missing[0])} is missing and {shown_row(surplus[0])} is there instead."
    )


def shown(value: object) -> str:
    """*value* as a person reads it."""
    if value is None:
        return "NULL"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, datetime):
        return value.isoformat(" ")
    if isinstance(value, (date, Decimal)):
        return str(value)
    return f"'{value}'" if isinstance(value, str) else f"{value}"


def shown_row(row: Row) -> str:
    """*row* in brackets, or its only value."""
    return shown(row[0]) if len(row) == 1 else "(" + ", ".join(map(shown, row)) + ")"


def _changed(expected: Result, missing: Rows, surplus: Rows) -> str:
    """The pair of rows most alike, and the column in which they differ."""
    pairs = [(_unlike(one, other), one, other) for one in missing for other in surplus]
    places, one, other = min(pairs, key=lambda pair: len(pair[0]))
    column = expected.columns[places[0]]
    if len(places) == 1:
        return f"{column} is {shown(other[places[0]])} where {shown(one[places[0]])} is expected."
    return f"Your result has {shown_row(other)} where {shown_row(one)} is expected."


def _unlike(one: Row, other: Row) -> list[int]:
    return [place for place in range(len(one)) if not close(one[place : place + 1], other[place : place + 1])]


def _rows(missing: Rows, expected: Rows) -> str:
    rest = "" if len(missing) == 1 else f" and {_count(len(missing) - 1, 'row')} more"
    again = sum(close(row, missing[0]) for row in canonical_rows(expected)) > 1
    return f"the row {shown_row(missing[0])}{' as often as expected' if again else ''}{rest}"


def _extra(surplus: Rows, actual: Rows, expected: Rows) -> str:
    row = surplus[0]
    times = sum(close(other, row) for other in canonical_rows(actual))
    wanted = sum(close(other, row) for other in canonical_rows(expected))
    rest = "" if len(surplus) == 1 else f", and {_count(len(surplus), 'row')} too many in all"
    if wanted:
        return f"the row {shown_row(row)} {times} times where {wanted} {_are(wanted)} expected{rest}"
    return f"the row {shown_row(row)}, which should not be there{rest}"


def _columns(result: Result) -> str:
    return _count(len(result.columns), "column")


def _count(count: int, noun: str) -> str:
    return f"{count} {noun}{'' if count == 1 else 's'}"


def _are(count: int) -> str:
    return "is" if count == 1 else "are"
