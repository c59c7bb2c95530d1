"""The ways entities take through states: who makes which move, and how long each stays before it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from casekit.world.calendar import seconds_of
from casekit.world.cells import Cells, units_of
from casekit.world.quantiles import even_nodes, lognormal_nodes
from casekit.world.story.frames import Frame, Mask, Whole
from casekit.world.story.rates import Rate, Ratio
from casekit.world.story.scene import Scene
from casekit.world.story.scope import Scope
from casekit.world.story.where import matches
from casekit.world.timeline import order_by

if TYPE_CHECKING:
    from casekit.world.story.workflows import Workflow

__all__ = ["Move", "Step", "Walk"]

SHORTEST_STAY_S = 60
STRETCH = 32  # entities that begin one after the other, and so share a time of the year
FEW_BITS = 3  # levels of length are so fine that each is left with 4 to 8 entities


@dataclass(frozen=True)
class Move:
    """
    One way out of a state.

    Attributes:
        to: The state it leads to.
        share: Who takes it, of those who took none of the moves told before it; who takes none stays.
        after: Median time in the state before the move, for example ``9d``.
        sigma: Spread of that time, of its logarithm; 0: always the same.
        within: Least and greatest time, all equally likely, in place of *after*.
        times: Factor on the time, by condition on the entities; all that are met apply.
        again: Factor on the time of entities that have gone back before.
        at_most: Only entities that have gone back fewer times than this take it; 0: all. A move back,
            to the same state or to one told earlier, needs it.
    """

    to: str
    share: Ratio = 1.0
    after: str = "0s"
    sigma: float = 0.0
    within: tuple[str, str] | None = None
    times: Mapping[str, float] = field(default_factory=dict)
    again: float = 1.0
    at_most: int = 0

    @property
    def rate(self) -> Rate:
        """The share as a rate."""
        return self.share if isinstance(self.share, Rate) else Rate(self.share)

    @property
    def nodes(self) -> tuple[int, ...]:
        """Quantiles of the time, in seconds."""
        if self.within is not None:
            return even_nodes(*map(seconds_of, self.within))
        return lognormal_nodes(seconds_of(self.after), self.sigma)

    def factor(self, frame: Frame) -> NDArray[np.float64]:
        """The factor on each entity's time."""
        factor = np.ones(len(frame))
        for condition, times in self.times.items():
            factor = np.where(matches(frame, condition), factor * times, factor)
        return factor

    def check(self, scope: Scope, frame: str, where: str, name: str) -> None:
        """Tells what is wrong with it."""
        self.rate.check(scope, frame, where, name)
        for span in (self.after, *(self.within or ())):
            scope.check_span(span, where, name)
        if self.sigma < 0:
            scope.tell(where, name, f"has the spread {self.sigma!r}; it cannot be negative")
        for condition, factor in self.times.items():
            scope.check_where(frame, condition, where, name)
            scope.check_over_nought(factor, where, name)
        scope.check_over_nought(self.again, where, name)
        if self.at_most < 0:
            scope.tell(where, name, f"has at_most={self.at_most!r}; write a whole number from 1 up")


@dataclass(frozen=True)
class Step:
    """Moves of different entities, at most one each: who, from where, where to, after how long."""

    row: Whole
    came: Whole
    goes: Whole
    seconds: Whole


class Walk:
    """
    The way of every entity through the states, as if the window never ended and no twist ever happened.

    That makes it the same whatever twists are on: they only stretch the times of the steps.
    """

    def __init__(self, scene: Scene, workflow: Workflow, owners: Frame) -> None:
        self.scene, self.workflow, self.owners = scene, workflow, owners
        self.order = list(workflow.states)
        self.state = np.zeros(len(owners), np.int64)
        self.backs = np.zeros(len(owners), np.int64)
        self.at = owners[workflow.starts].astype(np.int64)
        self.lap = _Lap(self.order, workflow.lap, len(owners))
        self.cell = Cells.of(tuple(owners[column] for column in workflow.cells), len(owners)).place
        self.alike = self._alike()

    def steps(self) -> list[Step]:
        """One step after the other until nobody moves any more."""
        steps: list[Step] = []
        going = np.arange(len(self.owners))
        while len(going):
            step = self._step(going, len(steps))
            self.at[step.row] += step.seconds
            self.state[step.row] = step.goes
            self.backs[step.row] += step.goes <= step.came
            self.lap.note(len(steps), step, self.at)
            steps.append(step)
            going = np.sort(step.row)
        return self.lap.evened(steps, self.alike) if self.workflow.lap else steps

    def _step(self, going: Whole, nth: int) -> Step:
        parts = [Step(going[:0], going[:0], going[:0], going[:0])]
        for place, state in enumerate(self.order):
            left = going[self.state[going] == place]
            for move in self.workflow.states[state]:
                stream = f"{self.workflow.name}.{state}.{move.to} {nth}"
                takes = self._takes(left, move, stream)
                row, left = left[takes], left[~takes]
                goes = np.full(len(row), self.order.index(move.to))
                seconds = self._seconds(row, move, stream)
                parts.append(Step(row, np.full(len(row), place), goes, seconds))
        names = [one.name for one in fields(Step)]
        return Step(*(np.concatenate([getattr(part, name) for part in parts]) for name in names))

    def _takes(self, row: Whole, move: Move, stream: str) -> Mask:
        """Who of *row* takes the move: exactly the share in every cell, and about so among those alike."""
        may = np.ones(len(row), np.bool_) if not move.at_most else self.backs[row] < move.at_most
        units = units_of(move.rate.of(self.owners))[row[may]]
        cells = Cells.of((units, self.cell[row[may]], self.alike[row[may]]), len(units))
        rank, _ = self.scene.draws.rank(f"{stream}: takes", self.owners.key[row[may]], cells)
        may[may] = rank < cells.passers(cells.value(units).astype(np.int64))[cells.place]
        return may

    def _seconds(self, row: Whole, move: Move, stream: str) -> Whole:
        """How long each of *row* stays before the move."""
        drawn = self.scene.draws.strata(stream, self.owners.key[row], self.alike[row], move.nodes)
        factor = np.where(self.backs[row] > 0, move.again, 1.0) * move.factor(self.owners)[row]
        return np.maximum(np.rint(drawn * factor).astype(np.int64), SHORTEST_STAY_S)

    def _alike(self) -> Whole:
        """The number of each one's kind: the same cell, and the same shares and factors everywhere."""
        moves = [move for moves in self.workflow.states.values() for move in moves]
        shares = [units_of(move.rate.of(self.owners)) for move in moves]
        factors = [move.factor(self.owners) for move in moves]
        return Cells.of((self.cell, *shares, *factors), len(self.owners)).place


class _Lap:
    """The part of each way whose length is evened out: from one state first entered to another."""

    def __init__(self, order: Sequence[str], lap: tuple[str, str] | None, n_rows: int) -> None:
        self.first, self.last = (order.index(state) for state in lap) if lap else (-1, -1)
        self.begun, self.done = np.full(n_rows, -1), np.zeros(n_rows, np.bool_)
        self.begins, self.length = np.zeros(n_rows, np.int64), np.zeros(n_rows, np.int64)

    def note(self, nth: int, step: Step, at: Whole) -> None:
        """Notes whose lap a step begins, and goes on with; one that never ends is as long as the way."""
        going = step.row[(self.begun[step.row] >= 0) & ~self.done[step.row]]
        self.length[going] = at[going] - self.begins[going]
        self.done[step.row] |= (self.begun[step.row] >= 0) & (step.goes == self.last)
        begin = step.row[(step.goes == self.first) & (self.begun[step.row] < 0)]
        self.begun[begin], self.begins[begin] = nth, at[begin]

    def evened(self, steps: Sequence[Step], alike: Whole) -> list[Step]:
        """
        The steps, when entities alike swap what comes after their laps begin.

        They swap so that laps of every length come evenly over time: see ``_levels``.
        """
        row = np.flatnonzero(self.begun >= 0)
        kind = Cells.of((self.begun[row], alike[row]), len(row)).place
        level = _levels(self.begins[row], kind, self.length[row])
        goes_to = np.arange(len(alike))
        goes_to[row[order_by(kind, self.length[row])]] = row[order_by(kind, level)]
        return [self._swapped(nth, step, goes_to) for nth, step in enumerate(steps)]

    def _swapped(self, nth: int, step: Step, goes_to: Whole) -> Step:
        later = (self.begun[step.row] >= 0) & (self.begun[step.row] < nth)
        return replace(step, row=np.where(later, goes_to[step.row], step.row))


def _levels(begins: Whole, kind: Whole, length: Whole) -> Whole:
    """
    For each lap one of many levels of length, so that every level comes evenly over time.

    Laps are cut in two at the median of all, again and again. Who of a half goes up depends on how many of
    each one's kind do; going through them in the order of time, one goes up whenever these shares have
    added up to one more. So kinds keep their own lengths, and no month gets more long laps than its kinds.
    """
    depth = max(len(length).bit_length() - FEW_BITS, 1)
    table = np.bincount((kind << depth) + _rank(length) * (1 << depth) // max(len(length), 1))
    counts = np.zeros((int(kind.max(initial=0)) + 1) << depth, np.int64)
    counts[: len(table)] = table
    counts = counts.reshape(-1, 1 << depth)
    order = order_by(begins)
    order = order[order_by(np.arange(len(order)) // STRETCH, kind[order])]
    level = np.zeros(len(length), np.int64)
    for halvings in range(depth):
        of_half = counts.reshape(len(counts), 2 << halvings, -1).sum(axis=2)
        up, down = of_half[kind, 2 * level + 1], of_half[kind, 2 * level]
        order = order[order_by(level[order])]
        units = units_of(up / np.maximum(up + down, 1))[order]
        each = Cells(np.arange(len(order)), np.ones(len(order), np.int64), level[order])
        level = 2 * level
        level[order] += each.passers(units)
    return level


def _rank(values: Whole) -> Whole:
    """Each value's place in their order."""
    rank = np.empty(len(values), np.int64)
    rank[order_by(values)] = np.arange(len(values))
    return rank
