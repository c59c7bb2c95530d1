"""Where a condition turns: the values of one column on either side of a comparison's boundary."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

__all__ = ["turning_points"]

DOUBLINGS = 34  # in whole numbers past four bytes, in seconds past five centuries
LONGEST_TEXT = 64
FIRST_YEAR, LAST_YEAR = 1900, 2100

Gap = Callable[[Any], float | None]
Side = Callable[[int], int | None]  # from a number of steps to -1, 0 or 1


def turning_points(gap: Gap, start: Any) -> Iterator[Any]:
    """
    Values at which *gap* is 0 or changes its sign, and the last ones before: the exact boundary.

    Steps of 1, a day, a second or a letter away from *start* are doubled until the sign is another, and
    the stretch is then halved; a gap that goes up and down again may be stepped over.
    """

    def side(steps: int) -> int | None:
        value = _moved(start, steps)
        found = gap(value) if value is not None else None
        return None if found is None else (found > 0) - (found < 0)

    if side(0) is None:
        return
    for direction in (1, -1):
        turn = _turn(side, 0, direction)
        if turn is None:
            continue
        yield from (_moved(start, turn), _moved(start, turn - direction))
        beyond = _turn(side, turn, direction) if side(turn) == 0 else None
        if beyond is not None:
            yield from (_moved(start, beyond - direction), _moved(start, beyond))


def _turn(side: Side, start: int, direction: int) -> int | None:
    """The first number of steps from *start* on another side than *start*; None when there is none."""
    here, near = side(start), start
    for power in range(DOUBLINGS):
        far = start + (direction << power)
        there = side(far)
        if there is None:
            return None
        if there != here:
            return _halved(side, here, near, far)
        near = far
    return None


def _halved(side: Side, here: int | None, near: int, far: int) -> int:
    while abs(far - near) > 1:
        middle = (near + far) // 2
        near, far = (middle, far) if side(middle) == here else (near, middle)
    return far


def _moved(value: Any, steps: int) -> Any:
    """*value* so many steps on; None where there is no such value."""
    if isinstance(value, date):
        span = timedelta(seconds=steps) if isinstance(value, datetime) else timedelta(days=steps)
        with suppress(OverflowError):
            moved = value + span
            return moved if FIRST_YEAR <= moved.year <= LAST_YEAR else None
        return None
    if isinstance(value, str):
        fits = -len(value) <= steps <= LONGEST_TEXT
        return (value + "a" * steps if steps >= 0 else value[:steps]) if fits else None
    is_number = isinstance(value, (int, float, Decimal)) and not isinstance(value, bool)
    return value + steps if is_number else None
