"""Turns expectations into arrivals, and steps taken into events in the order of time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from casekit.world.calendar import DAY_S
from casekit.world.draws import Draws

__all__ = [
    "ENTITY_BITS",
    "Arrivals",
    "Moments",
    "arrive",
    "hurry",
    "moments_of",
    "number_by_first",
    "order_by",
]

Whole = NDArray[np.int64]

SORTABLE_BITS = 63
ENTITY_BITS = 24  # up to 16 million arrivals a day and group


@dataclass(frozen=True)
class Arrivals:
    """
    Arrivals in the order of time.

    Attributes:
        entity: A number for each arrival that stays its own when other days or groups change.
        day: Days since 1970.
        group: Place of the arrival's group, for example its channel.
        at: Seconds since 1970.
    """

    entity: Whole
    day: Whole
    group: Whole
    at: Whole


@dataclass(frozen=True)
class Moments:
    """Things that happened, in the order of time: whose row, what, and when."""

    row: Whole
    what: Whole
    at: Whole


def arrive(
    draws: Draws,
    first_day: int,
    expected: NDArray[np.float64] | Whole,
    hours: Sequence[int],
    stream: str = "second of the day",
) -> Arrivals:
    """
    As many arrivals as *expected* says, each at its own second of the day.

    Args:
        draws: Where the hours come from.
        first_day: Days from 1970 to the first row of *expected*.
        expected: How many arrive, one row a day and one column a group; rounded to whole arrivals.
        hours: Whole-number weights of the day's 24 hours.
        stream: The draw's name.
    """
    counts = np.rint(expected).astype(np.int64).ravel()
    n_groups = expected.shape[1]
    cell = np.repeat(np.arange(len(counts)) + first_day * n_groups, counts)
    within = np.arange(len(cell)) - np.repeat(np.cumsum(counts) - counts, counts)
    entity = (cell << ENTITY_BITS) + within
    days = cell // n_groups
    at = days * DAY_S + draws.second_of_day(stream, entity, hours)
    order = np.argsort(at, kind="stable")
    return Arrivals(entity[order], days[order], (cell % n_groups)[order], at[order])


def number_by_first(labels: Whole) -> Whole:
    """Numbers from 1 for the labels, in the order in which each is seen first."""
    _, first, place = np.unique(labels, return_index=True, return_inverse=True)
    return (np.argsort(np.argsort(first))[place] + 1).astype(np.int64)


def hurry(started: Whole, gaps: Sequence[Whole], end: int) -> list[Whole]:
    """
    The moments that follow each start after the *gaps*, none of them at *end* or later.

    Whoever starts too close to the end goes through the steps faster, so that nothing is cut off.
    """
    offsets = np.cumsum(gaps, axis=0)
    room = np.maximum(end - 1 - started, 0)
    return list(started + offsets * room // np.maximum(offsets[-1], room))


def moments_of(steps: Sequence[tuple[int, NDArray[np.bool_], Whole]], in_time: bool = True) -> Moments:
    """
    One moment for each row of each step where it happened; a tie goes by row, then by step.

    They are in the order of time, or step by step.
    """
    rows = [np.flatnonzero(happened) for _, happened, _ in steps]
    row = np.concatenate(rows)
    what = np.repeat([what for what, _, _ in steps], [len(found) for found in rows])
    at = np.concatenate([moment[found] for found, (_, _, moment) in zip(rows, steps, strict=True)])
    if not in_time:
        return Moments(row, what, at)
    order = order_by(at, row, what)
    return Moments(row[order], what[order], at[order])


def order_by(*keys: Whole) -> Whole:
    """
    The rows in the order of *keys*, the outer key first, then as they stand.

    Where the keys and the row fit into one whole number, sorting that is several times faster.
    """
    columns = [key.astype(np.int64) - (key.min() if len(key) else 0) for key in keys]
    columns.append(np.arange(len(columns[0])))
    bits = [int(column.max(initial=0)).bit_length() for column in columns]
    if sum(bits) > SORTABLE_BITS:
        return np.lexsort(columns[::-1]).astype(np.int64)
    packed = columns[0]
    for column, width in zip(columns[1:], bits[1:], strict=True):
        packed = packed << width | column
    packed.sort()
    rows: Whole = packed & ((1 << bits[-1]) - 1)
    return rows
