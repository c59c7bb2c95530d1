"""What wrong values have in common: shares for percents, cut decimals, empty columns."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence, Set
from datetime import date

from casekit.compare.values import is_number, same
from casekit.model import Column

__all__ = ["PATTERNS", "direction_of", "key_pattern", "pattern_of"]

Pair = tuple[object, object]
Row = tuple[object, ...]
PERCENT = 100.0


def direction_of(expected: object, actual: object) -> str:
    """Which way *actual* is off: high, low, early, late, null, filled, kind (its type) or other."""
    if actual is None:
        return "null"
    if expected is None:
        return "filled"
    if is_number(expected) and is_number(actual):
        return "high" if actual > expected else "low"  # type: ignore[operator]
    if type(expected) is type(actual) and isinstance(expected, date):
        return "late" if actual > expected else "early"  # type: ignore[operator]
    return "kind" if type(expected) is not type(actual) else "other"


def pattern_of(pairs: Sequence[Pair], column: Column) -> str:
    """The name of the first pattern that all *pairs* of (expected, actual) follow; empty for none."""
    return next((name for name, follows in PATTERNS.items() if pairs and follows(pairs, column)), "")


def key_pattern(expected: Set[Row], actual: Set[Row]) -> str:
    """What sets two sets of keys apart: ``key-case``, ``key-type``, or empty for different rows."""
    if not expected or not actual:
        return ""
    if {_folded(key) for key in actual} == {_folded(key) for key in expected}:
        return "key-case"
    kinds = [{tuple(type(part) for part in key) for key in keys} for keys in (expected, actual)]
    return "key-type" if not kinds[0] & kinds[1] else ""


def _folded(key: Row) -> Row:
    return tuple(part.strip().casefold() if isinstance(part, str) else part for part in key)


def _all_null(pairs: Sequence[Pair], _: Column) -> bool:
    return all(actual is None for _, actual in pairs)


def _numbers_as_text(pairs: Sequence[Pair], _: Column) -> bool:
    return all(is_number(expected) and _reads_as_number(actual) for expected, actual in pairs)


def _scaled(factor: float) -> Callable[[Sequence[Pair], Column], bool]:
    def follows(pairs: Sequence[Pair], column: Column) -> bool:
        numbers = _numbers(pairs)
        scaled = [(expected, actual * factor) for expected, actual in numbers]
        return _explains(numbers, pairs) and all(_near(e, a, column, factor) for e, a in scaled)

    return follows


def _negated(pairs: Sequence[Pair], column: Column) -> bool:
    numbers = _numbers(pairs)
    return _explains(numbers, pairs) and all(same(expected, -actual, column) for expected, actual in numbers)


def _coarse(pairs: Sequence[Pair], column: Column) -> bool:
    """Rounded to fewer decimals than asked."""
    if not column.decimals:
        return False
    numbers = _numbers(pairs)
    fewer = range(column.decimals)
    return _explains(numbers, pairs) and any(
        all(abs(actual - expected) <= 0.5 * 10.0**-places * 1.000001 for expected, actual in numbers)
        and all(math.isclose(round(actual, places), actual, abs_tol=1e-9) for _, actual in numbers)
        for places in fewer
    )


def _cut(pairs: Sequence[Pair], column: Column) -> bool:
    """Decimals cut off instead of rounded."""
    if column.decimals is None:
        return False
    numbers = _numbers(pairs)
    units = [10.0**places for places in range(column.decimals + 1)]
    return _explains(numbers, pairs) and any(
        all(math.isclose(_trunc(e, unit), a, abs_tol=1e-9) for e, a in numbers) for unit in units
    )


def _trunc(value: float, unit: float) -> float:
    return math.trunc(value * unit) / unit if math.isfinite(value) else value


def _case_or_blanks(pairs: Sequence[Pair], _: Column) -> bool:
    return all(
        isinstance(e, str) and isinstance(a, str) and e.strip().casefold() == a.strip().casefold()
        for e, a in pairs
    )


PATTERNS: dict[str, Callable[[Sequence[Pair], Column], bool]] = {
    "all-null": _all_null,
    "number-as-text": _numbers_as_text,
    "share-for-percent": _scaled(PERCENT),
    "percent-for-share": _scaled(1 / PERCENT),
    "sign": _negated,
    "coarse-rounding": _coarse,
    "cut-decimals": _cut,
    "case-or-blanks": _case_or_blanks,
}


def _numbers(pairs: Sequence[Pair]) -> list[tuple[float, float]]:
    return [
        (float(expected), float(actual))  # type: ignore[arg-type]
        for expected, actual in pairs
        if is_number(expected) and is_number(actual)
    ]


def _explains(numbers: Sequence[tuple[float, float]], pairs: Sequence[Pair]) -> bool:
    """All filled pairs are numbers, and not all of them are zero, which any factor would explain."""
    filled = [pair for pair in pairs if pair != (None, None)]
    return len(numbers) == len(filled) and any(expected for expected, _ in numbers)


def _near(expected: float, scaled: float, column: Column, factor: float) -> bool:
    """Equal up to the decimals a share shows: 0.13 stands for 13.4 percent."""
    if same(expected, scaled, column):
        return True
    return factor > 1 and abs(expected - scaled) <= 0.5 and math.isclose(scaled, round(scaled), abs_tol=1e-6)


def _reads_as_number(value: object) -> bool:
    if not isinstance(value, str):
        return False
    try:
        float(value.replace(",", "").rstrip("%"))
    except ValueError:
        return False
    return True
