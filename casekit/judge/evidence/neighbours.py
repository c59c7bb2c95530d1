"""The values worth trying in a column: the constants it is held against, and what lies just beside them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from contextlib import suppress
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from casekit.judge.evidence.families import Family, fitted

__all__ = ["START", "beside", "plain_values"]

START = date(2024, 1, 30)
FIRST_YEAR, LAST_YEAR = 1900, 2100
LONGEST_OFFSET = 400
_YEAR_MONTH = re.compile(r"^(\d{4})-?(\d{2})?[-%]?")


def plain_values(family: Family, cast: str = "") -> list[object]:  # noqa: PLR0911 - one line a family
    """A few ordinary values of *family*, simplest first; *cast* says what text is read as."""
    days = [START + timedelta(days=count) for count in (0, 1, 2, 3, 366)]
    match family:
        case "integer":
            return [1, 2, 3, 0, 4, 10, -1]
        case "float":
            return [1.0, 2.0, 0.0, 0.5, 3.0, 10.0, -1.0]
        case "decimal":
            return [Decimal(number) for number in ("1", "2", "0", "3", "10")]
        case "boolean":
            return [True, False]
        case "date":
            return list(days)
        case "timestamp":
            noon = [datetime.combine(day, time(12)) for day in days[:2]]
            starts = [datetime.combine(day, time.min) for day in days]
            return [*starts, *noon, datetime.combine(days[0], time(23, 59, 59))]
        case "time":
            return [time(0), time(12), time(23, 59, 59)]
        case "text":
            return _plain_text(cast, days)
    return []


def beside(constant: object, family: Family) -> Iterator[object]:
    """*constant* as a value of *family*, then its neighbours on either side."""
    match family:
        case "integer" | "float" | "decimal":
            yield from _numbers(constant, family)
        case "date" | "timestamp":
            for day in _moments(constant):
                yield fitted(day, family)
        case "text":
            yield from _texts(constant)
        case "boolean" | "time":
            yield fitted(constant, family)


def _plain_text(cast: str, days: list[date]) -> list[object]:
    if cast == "number":
        return ["1", "2", "10", "9", "0"]
    if cast == "date":
        return [day.isoformat() for day in days]
    return ["a", "b", "c", "A", "a ", ""]


def _numbers(constant: object, family: Family) -> Iterator[object]:
    number: Any = fitted(constant, "float" if family == "integer" else family)
    if number is None:
        return
    if family == "integer":
        whole = int(number)
        yield from (whole, whole + 1, whole - 1) if number == whole else (whole, whole + 1)
    else:
        step = fitted("0.5", family)
        yield from (number, number + step, number - step)


def _moments(constant: object) -> Iterator[date]:
    if isinstance(constant, int):
        yield from _by_number(constant)
        return
    text = str(constant)
    exact = fitted(text, "timestamp")
    if isinstance(exact, datetime):
        yield exact
        yield from _around(exact)
        return
    found = _YEAR_MONTH.match(text)
    if found and FIRST_YEAR <= int(found[1]) <= LAST_YEAR:
        yield from _of_year(int(found[1]), int(found[2] or 0))


def _by_number(number: int) -> Iterator[date]:
    """A whole number beside a date is a year, a month, a day or a distance in days."""
    if FIRST_YEAR <= number <= LAST_YEAR:
        yield from _of_year(number, 0)
    elif 0 < number <= LONGEST_OFFSET:
        if number <= 12:
            yield from (date(START.year, number, 1), date(START.year, number, 28))
        for count in (number, number + 1, number - 1):
            yield START + timedelta(days=count)


def _of_year(year: int, month: int) -> Iterator[date]:
    first = date(year, month if 1 <= month <= 12 else 1, 1)
    after = date(year + 1, 1, 1) if not 1 <= month < 12 else date(year, month + 1, 1)
    last = after - timedelta(days=1)
    yield from (first, last, first - timedelta(days=1), after, first + timedelta(days=1))


def _around(moment: datetime) -> Iterator[date]:
    day = datetime.combine(moment.date(), time.min)
    yield from (moment + timedelta(days=1), moment - timedelta(days=1))
    yield from (day + timedelta(hours=12), day - timedelta(seconds=1), day + timedelta(hours=23, minutes=59))
    yield moment + timedelta(seconds=1)


def _texts(constant: object) -> Iterator[object]:
    text = str(constant)
    if "%" in text or "_" in text:
        yield from _matches(text)
    with suppress(ValueError):
        if not isinstance(constant, str):
            yield from (str(value) for value in (constant, float(text) + 1))
            return
    yield text
    yield from _dates_as_text(text)
    yield from (text.swapcase(), text + " ", text + "a", "a" + text)


def _matches(pattern: str) -> Iterator[str]:
    for filling in ("", "x", "xy"):
        yield pattern.replace("%", filling).replace("_", "z")
    yield "q" + pattern.replace("%", "").replace("_", "z") + "q"


def _dates_as_text(text: str) -> Iterable[str]:
    if len(text) != len("2024-01-30"):
        return ()
    day = fitted(text, "date")
    if not isinstance(day, date):
        return ()
    return [(day + timedelta(days=count)).isoformat() for count in (1, -1)]
