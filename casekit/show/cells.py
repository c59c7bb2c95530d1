"""Values of a result as short strings: aligned decimals, readable thousands, NULL told from empty."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Sequence
from datetime import datetime, time
from decimal import Decimal

__all__ = ["column_texts", "is_numeric"]

_MOST_DECIMALS = 4
_LONGEST_TEXT = 120  # characters; the rest of a long value is cut with an ellipsis
_THOUSANDS_FROM = 10_000
# numbers that name things are read digit by digit
_NAMES_A_THING = re.compile(r"(^|_)(id|ids|year|code|number|zip|key)$", re.IGNORECASE)


def is_numeric(values: Iterable[object]) -> bool:
    """True when every value that is there is a number (truth values are not)."""
    present = [value for value in values if value is not None]
    return bool(present) and all(
        isinstance(value, int | float | Decimal) and type(value) is not bool for value in present
    )


def column_texts(name: str, values: Sequence[object], *, days: bool = False) -> list[str | None]:
    """
    The values of column *name* as they are shown; ``None`` stays for NULL.

    With *days*, timestamps that are all at midnight are written as the days they stand for.
    """
    if is_numeric(values):
        grouped = not _NAMES_A_THING.search(name) and any(_is_large(value) for value in values)
        decimals = max((_decimals(value) for value in values), default=0)
        return [None if value is None else _number(value, decimals, grouped=grouped) for value in values]
    whole_days = days and _are_whole_days(values)
    return [
        None
        if value is None
        else _other(value.date() if whole_days and isinstance(value, datetime) else value)
        for value in values
    ]


def _are_whole_days(values: Iterable[object]) -> bool:
    """True for timestamps that are all at midnight: they are days, and are written as days."""
    present = [value for value in values if value is not None]
    return bool(present) and all(
        isinstance(value, datetime) and value.tzinfo is None and value.time() == time.min for value in present
    )


def _is_large(value: object) -> bool:
    return isinstance(value, int | float | Decimal) and math.fabs(value) >= _THOUSANDS_FROM


def _decimals(value: object) -> int:
    """Decimals needed to show *value* with at most four, more only for very small numbers."""
    if not isinstance(value, float | Decimal) or not math.isfinite(value):
        return 0
    if isinstance(value, Decimal):  # money keeps its cents
        return min(max(-int(value.as_tuple().exponent), 0), _MOST_DECIMALS)
    if value and abs(value) < 10**-_MOST_DECIMALS:
        return _MOST_DECIMALS
    digits = f"{value:.{_MOST_DECIMALS}f}".rstrip("0")
    return len(digits.partition(".")[2])


def _number(value: object, decimals: int, *, grouped: bool) -> str:
    if not isinstance(value, int | float | Decimal):
        return _other(value)
    if isinstance(value, float | Decimal) and not math.isfinite(value):
        return str(value)
    if isinstance(value, float | Decimal) and value and abs(value) < 10**-_MOST_DECIMALS:
        return f"{value:.3g}"
    comma = "," if grouped else ""
    return f"{value:{comma}.{decimals}f}" if decimals else f"{round(value):{comma}d}"


def _other(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, datetime):
        return value.isoformat(sep=" ", timespec="auto" if value.microsecond else "seconds")
    text = str(value)
    return text if len(text) <= _LONGEST_TEXT else text[: _LONGEST_TEXT - 1] + "…"
