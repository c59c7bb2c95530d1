"""Single values made comparable: what counts as the same number, date, text and NULL."""

from __future__ import annotations

import math
from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal

from casekit.model import Column
from casekit.model.exercises import ColumnType

__all__ = ["is_number", "normal", "same", "shown_decimals"]

RELATIVE_TOLERANCE = 1e-6
FLOAT_NOISE = 1e-9
EXACT_FLOAT_INTEGERS = 2**53


def normal(value: object, type_: ColumnType | None = None) -> object:  # noqa: PLR0911 - one line a type
    """
    *value* in the one form that equality works on.

    NaN is NULL, a decimal is a number, a timestamp at midnight is its date unless a timestamp is
    asked for, an aware timestamp is UTC, and ISO text is a date where a date is asked for.
    """
    match value:
        case None:
            return None
        case bool():
            return value if type_ in (None, "boolean") else int(value)
        case float():
            return None if math.isnan(value) else value
        case Decimal():
            return None if value.is_nan() else _number(value)
        case datetime():
            return _moment(value)
        case date():
            return value
        case str() if type_ in ("date", "timestamp"):
            return _from_iso(value)
        case int() if type_ == "boolean" and value in (0, 1):
            return bool(value)
        case timedelta():
            return value.total_seconds()
        case _:
            return value


def same(expected: object, actual: object, column: Column | None = None) -> bool:
    """
    True when two normal values are the same answer.

    Numbers may differ by the column's tolerance, by half a unit of its last asked decimal, or by
    floating-point noise; everything else must be equal.
    """
    if is_number(expected) and is_number(actual):
        return _close(expected, actual, column)  # type: ignore[arg-type]
    return type(expected) is type(actual) and expected == actual


def is_number(value: object) -> bool:
    """True for int and float, not for bool."""
    return isinstance(value, int | float) and not isinstance(value, bool)


def shown_decimals(values: Iterable[object], limit: int = 6) -> int:
    """How many decimals the numbers among *values* show at most, between 1 and *limit*."""
    most = 1
    for value in values:
        if isinstance(value, float) and math.isfinite(value):
            most = max(most, len(f"{value:.{limit}f}".rstrip("0").partition(".")[2]))
    return most


def _close(expected: float, actual: float, column: Column | None) -> bool:
    if expected == actual:
        return True
    try:
        finite = math.isfinite(actual) and math.isfinite(expected)
        return finite and abs(actual - expected) <= _tolerance(expected, column)
    except OverflowError:  # an integer beyond every float
        return False


def _tolerance(expected: float, column: Column | None) -> float:
    noise = FLOAT_NOISE * max(1.0, abs(expected))
    if column is None:
        return RELATIVE_TOLERANCE * abs(expected) + FLOAT_NOISE
    if column.tolerance_percent is not None:
        return column.tolerance_percent / 100 * abs(expected) + noise
    if column.decimals is not None:
        # The reference is exact, so a value rounded either way at a half is within half a unit.
        return 0.5 * 10.0**-column.decimals + noise
    if column.type == "integer":
        return 0.0 if abs(expected) >= EXACT_FLOAT_INTEGERS else noise
    return RELATIVE_TOLERANCE * abs(expected) + FLOAT_NOISE


def _number(value: Decimal) -> int | float:
    return int(value) if value.is_finite() and value == value.to_integral_value() else float(value)


def _moment(value: datetime) -> datetime | date:
    if value.tzinfo is not None:
        value = value.astimezone(UTC).replace(tzinfo=None)
    # A timestamp at midnight and its date are one value, whichever of them was asked for.
    return value.date() if value.time() == time.min else value


def _from_iso(text: str) -> object:
    try:
        return _moment(datetime.fromisoformat(text.strip()))
    except ValueError:
        return text
