"""Laps: from one state of a workflow to another, spread so that each month has its share of long ones."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from casekit.world.calendar import seconds_of
from casekit.world.cells import SHARE_UNITS, Cells
from casekit.world.story.frames import Whole
from casekit.world.story.queues import Delay, Moved, slowed
from casekit.world.story.scope import Scope
from casekit.world.timeline import order_by

__all__ = ["Lap", "Laps"]

FEW_BITS = 3  # laps are cut until each part is left with 4 to 8 of them
ENOUGH = 3 * SHARE_UNITS // 2  # half an entity owed by all, by the cell and by the kind


@dataclass(frozen=True)
class Lap:
    """
    What an entity's clock measures, and what is as long in any month as in any other.

    Attributes:
        first: The state whose first entry begins it.
        last: The state whose first entry after that ends it.
        within: A time: of each kind the share of laps done within it is the same, to within one or two laps,
            whenever they begin.
    """

    first: str
    last: str
    within: str = ""

    def check(self, scope: Scope, where: str, states: Sequence[str]) -> None:
        """Tells what is wrong with it."""
        for state in (self.first, self.last):
            if state not in states:
                scope.unknown(where, "lap", "state", state, states)
        if self.within:
            scope.check_span(self.within, where, "lap")


class Laps:
    """The laps of all entities: when each began, how long it was, and how long its first stay."""

    def __init__(self, lap: Lap, order: Sequence[str], n_rows: int, delays: Sequence[Delay]) -> None:
        self.first, self.last = order.index(lap.first), order.index(lap.last)
        self.within_s = seconds_of(lap.within) if lap.within else 0
        self.delays = delays
        self.begun, self.done = np.full(n_rows, -1), np.zeros(n_rows, np.bool_)
        self.begins, self.length, self.stay = np.zeros((3, n_rows), np.int64)

    def note(self, nth: int, step: Moved, at: Whole) -> Whole:
        """
        Notes whose lap a step goes on with, and gives whose it begins.

        Lengths count the delays of the time a lap begins in, whether they are on or off. A lap that never
        ends is as long as the way, and not done within any time.
        """
        row = step.row
        going = (self.begun[row] >= 0) & ~self.done[row]
        fresh = row[going & (self.length[row] == 0)]
        self.length[row[going]] += slowed(step, self.begins[row], self.delays)[going]
        self.stay[fresh] = self.length[fresh]
        self.done[row[going]] = step.goes[going] == self.last
        begin = row[(step.goes == self.first) & (self.begun[row] < 0)]
        self.begun[begin], self.begins[begin] = nth, at[begin]
        return np.asarray(begin)

    def evened(self, steps: Sequence[Moved], cell: Whole, alike: Whole) -> list[Moved]:
        """
        The steps, when entities of a kind swap what comes after their laps begin.

        Laps are cut in two, those within the time told and those beyond, then each part by the median of
        their lengths, of their first stays, and so on. In the order of time, each entity gets a part, so
        that every part comes evenly over time and each kind has of it what it had.
        """
        row = np.flatnonzero(self.begun >= 0)
        row = row[order_by(self.begins[row])]
        kind = Cells.of((self.begun[row], alike[row]), len(row)).place
        parts = self._parts(row)
        given = np.zeros(len(row), np.int64)
        for part in parts:
            given = _dealt(cell[row], kind, given, part)
        goes_to = np.arange(len(alike))
        goes_to[row[order_by(kind, parts[-1])]] = row[order_by(kind, given)]
        return [self._swapped(nth, step, goes_to) for nth, step in enumerate(steps)]

    def _parts(self, row: Whole) -> list[Whole]:
        """The number of each lap's part after one cut, two cuts, and so on."""
        length, stay = self.length[row], self.stay[row]
        is_beyond = ~self.done[row] | (length > self.within_s)
        parts = [is_beyond.astype(np.int64) if self.within_s else np.zeros(len(row), np.int64)]
        for cut in range(len(row).bit_length() - FEW_BITS):
            parts.append(_halved(parts[-1], stay if cut % 2 else length))
        return parts

    def _swapped(self, nth: int, step: Moved, goes_to: Whole) -> Moved:
        later = (self.begun[step.row] >= 0) & (self.begun[step.row] < nth)
        return replace(step, row=np.where(later, goes_to[step.row], step.row))


def _halved(part: Whole, value: Whole) -> Whole:
    """The new parts when each is cut by the median of *value*."""
    order = order_by(part, value)
    sizes = np.bincount(part)
    rank = np.empty(len(part), np.int64)
    rank[order] = np.arange(len(part)) - np.repeat(np.cumsum(sizes) - sizes, sizes)
    halves: Whole = 2 * part + (2 * rank >= sizes[part])
    return halves


def _dealt(cell: Whole, kind: Whole, given: Whole, part: Whole) -> Whole:
    """
    Parts for entities in the order of time, after one more cut of those they have been *given*.

    Each kind gets as many of each *part* as it has. An entity goes up when the share of its kind that
    goes up, summed over those before it, has run ahead of those who went: in all, in its cell, in its kind.
    """
    n_parts, n_kinds = 2 * (int(given.max(initial=0)) + 1), int(kind.max(initial=0)) + 1
    left = np.bincount(kind * n_parts + part, minlength=n_kinds * n_parts).reshape(n_kinds, -1).tolist()
    owed = [[0] * n_parts]
    owed_cell = [[0] * n_parts for _ in range(int(cell.max(initial=0)) + 1)]
    owed_kind = [[0] * n_parts for _ in range(n_kinds)]
    dealt = []
    for where, what, old in zip(cell.tolist(), kind.tolist(), given.tolist(), strict=True):
        low, high, mine = 2 * old, 2 * old + 1, left[what]
        debts = (owed[0], owed_cell[where], owed_kind[what])
        share = SHARE_UNITS * mine[high] // (mine[low] + mine[high])
        goes_up = not mine[low] or (mine[high] > 0 and sum(debt[old] for debt in debts) + 3 * share >= ENOUGH)
        for debt in debts:
            debt[old] += share - SHARE_UNITS * goes_up
        dealt.append(high if goes_up else low)
        mine[dealt[-1]] -= 1
    return np.array(dealt, np.int64)
