"""Whether two results are one answer: multisets of rows, numbers within a tolerance, NULL equal to NULL."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import starmap

from casekit.compare.values import is_number, normal, same
from casekit.judge.evidence.database import Row, Rows

__all__ = ["canonical", "canonical_rows", "close", "leftovers", "same_rows"]


def same_rows(expected: Rows, actual: Rows) -> bool:
    """True when both hold the same rows as often, in whatever order."""
    if expected == actual:
        return True
    if len(expected) != len(actual):
        return False
    missing, surplus = leftovers(expected, actual)
    return not missing and not surplus


def leftovers(expected: Rows, actual: Rows) -> tuple[Rows, Rows]:
    """The rows of *expected* that *actual* lacks, and the rows it has too many; in canonical form."""
    wanted, given = Counter(canonical_rows(expected)), Counter(canonical_rows(actual))
    missing, surplus = list((wanted - given).elements()), list((given - wanted).elements())
    left: Rows = []
    for row in missing:
        found = next((place for place, other in enumerate(surplus) if close(row, other)), None)
        if found is None:
            left.append(row)
        else:
            surplus.pop(found)
    return left, surplus


def canonical_rows(rows: Iterable[Row]) -> Rows:
    """*rows* with each value in the one form that equality works on."""
    return [tuple(map(canonical, row)) for row in rows]


def canonical(value: object) -> object:
    """*value* as equality sees it, with whole numbers as int and lists and structs as tuples."""
    if value is None or isinstance(value, (str, int)):
        return value
    if isinstance(value, dict):
        return tuple((str(key), canonical(item)) for key, item in value.items())
    if isinstance(value, (list, tuple)):
        return tuple(map(canonical, value))
    plain = normal(value)
    return int(plain) if isinstance(plain, float) and plain.is_integer() else plain


def close(expected: Sequence[object], actual: Sequence[object]) -> bool:
    """True when two canonical rows are equal but for floating-point noise."""
    return len(expected) == len(actual) and all(starmap(_near, zip(expected, actual, strict=True)))


def _near(one: object, other: object) -> bool:
    return one == other or (is_number(one) and is_number(other) and same(one, other))
