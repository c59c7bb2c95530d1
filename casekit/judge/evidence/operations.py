"""SQL's operators and commoner functions on Python values, NULL and all: enough to steer by, not to judge."""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from contextlib import suppress
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import lru_cache
from typing import Any

from casekit.judge.evidence.families import Family, fitted

__all__ = [
    "UnreadError",
    "aligned",
    "both",
    "cast_to",
    "compared",
    "distance",
    "either",
    "like",
    "opposite",
    "part_of",
    "shifted",
]

Value = Any
DAYS = {"DAY": 1, "DAYS": 1, "WEEK": 7, "WEEKS": 7}
SECONDS = {"SECOND": 1, "MINUTE": 60, "HOUR": 3600, "SECONDS": 1, "MINUTES": 60, "HOURS": 3600}


class UnreadError(Exception):
    """An expression this reader does not evaluate; the engine then steers without it."""


def compared(sign: str) -> Callable[[Value, Value], Value]:
    """The comparison *sign*: NULL when a side is NULL or the two do not compare."""
    test = _TESTS[sign]

    def compare(one: Value, other: Value) -> Value:
        if one is None or other is None:
            return None
        one, other = aligned(one, other)
        try:
            return test(one, other)
        except TypeError:
            return None

    return compare


def distance(one: Value, other: Value) -> float | None:
    """By how much *one* is above *other*, in their own unit; None when the two do not compare."""
    if one is None or other is None:
        return None
    one, other = aligned(one, other)
    with suppress(TypeError, OverflowError):
        if isinstance(one, str):
            return float((one > other) - (one < other))
        gap = one - other
        return gap.total_seconds() if isinstance(gap, timedelta) else float(gap)
    return None


def aligned(one: Value, other: Value) -> tuple[Value, Value]:
    """Two values in one type: text beside a date is a date, text beside a number is a number."""
    if type(one) is type(other):
        return one, other
    if isinstance(one, str) and not isinstance(other, str):
        other, one = aligned(other, one)
        return one, other
    if isinstance(other, str):
        return one, _like_the_other(one, other)
    if isinstance(one, datetime) != isinstance(other, datetime):
        return fitted(one, "timestamp"), fitted(other, "timestamp")
    if isinstance(one, Decimal) != isinstance(other, Decimal):
        return float(one), float(other)
    return one, other


def both(one: Value, other: Value) -> Value:
    """SQL's AND."""
    if one is False or other is False:
        return False
    return None if one is None or other is None else bool(one) and bool(other)


def either(one: Value, other: Value) -> Value:
    """SQL's OR."""
    if one is True or other is True:
        return True
    return None if one is None or other is None else bool(one) or bool(other)


def opposite(one: Value) -> Value:
    """SQL's NOT."""
    return None if one is None else not one


def like(text: Value, pattern: Value, *, any_case: bool = False) -> Value:
    """SQL's LIKE and ILIKE."""
    if text is None or pattern is None:
        return None
    parts = {"%": ".*", "_": "."}
    written = "".join(parts.get(letter, re.escape(letter)) for letter in str(pattern))
    flags = re.DOTALL | (re.IGNORECASE if any_case else 0)
    return re.fullmatch(written, str(text), flags) is not None


def part_of(unit: str, value: Value) -> Value:
    """Year, month, day and so on of a date or timestamp."""
    if value is None:
        return None
    moment = fitted(value, "timestamp")
    if not isinstance(moment, datetime):
        return None
    parts = {
        "YEAR": moment.year,
        "MONTH": moment.month,
        "DAY": moment.day,
        "HOUR": moment.hour,
        "QUARTER": (moment.month + 2) // 3,
        "DOW": moment.isoweekday() % 7,
        "DAYOFWEEK": moment.isoweekday() % 7,
        "WEEK": moment.isocalendar()[1],
    }
    if unit not in parts:
        raise UnreadError(unit)
    return parts[unit]


def cast_to(type_: str, value: Value) -> Value:
    """*value* cast to a DuckDB type, NULL where that fails."""
    name = type_.upper().split("(")[0]
    family: Any = {
        "DATE": "date",
        "TIMESTAMP": "timestamp",
        "TIMESTAMPNTZ": "timestamp",  # sqlglot's word for DuckDB's TIMESTAMP
        "INT": "integer",
        "BIGINT": "integer",
        "DOUBLE": "float",
        "FLOAT": "float",
        "DECIMAL": "float",
        "TEXT": "text",
        "VARCHAR": "text",
    }.get(name)
    if family is None:
        raise UnreadError(type_)
    if family == "integer" and isinstance(value, float):
        return round(value) if math.isfinite(value) else None
    return _read(value, family) if isinstance(value, str) else fitted(value, family)


def _like_the_other(one: Value, text: str) -> Value:
    if isinstance(one, bool):
        return {"true": True, "false": False}.get(text.lower())
    family: Family = "float"
    if isinstance(one, date):
        family = "timestamp" if isinstance(one, datetime) else "date"
    return _read(text, family)


@lru_cache(maxsize=1_000)
def _read(text: str, family: Family) -> Value:
    return fitted(text, family)


def shifted(moment: Value, count: Value, unit: str) -> Value:
    """A date or timestamp *count* units later."""
    if moment is None or count is None:
        return None
    if isinstance(moment, (int, float, str)):
        moment = fitted(moment, "timestamp") if isinstance(moment, str) else None
    if not isinstance(moment, date):
        return None
    unit = unit.upper()
    if unit in DAYS:
        return moment + timedelta(days=DAYS[unit] * int(count))
    if unit in SECONDS:
        return fitted(moment, "timestamp") + timedelta(seconds=SECONDS[unit] * int(count))  # type: ignore[operator]
    if unit.rstrip("S") in ("MONTH", "YEAR"):
        return _months_later(moment, int(count) * (12 if unit.startswith("YEAR") else 1))
    raise UnreadError(unit)


def _months_later(moment: Any, months: int) -> Any:
    whole = moment.year * 12 + moment.month - 1 + months
    for day in range(moment.day, 0, -1):
        try:
            return moment.replace(year=whole // 12, month=whole % 12 + 1, day=day)
        except ValueError:
            continue
    return None


_TESTS: dict[str, Callable[[Any, Any], bool]] = {
    "=": lambda one, other: one == other,
    "<>": lambda one, other: one != other,
    "<": lambda one, other: one < other,
    "<=": lambda one, other: one <= other,
    ">": lambda one, other: one > other,
    ">=": lambda one, other: one >= other,
}
