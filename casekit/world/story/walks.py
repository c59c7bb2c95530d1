"""The ways entities take through states: who makes which move, and how long each stays before it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from casekit.world.calendar import seconds_of
from casekit.world.cells import Cells, units_of
from casekit.world.quantiles import even_nodes, lognormal_nodes
from casekit.world.story.frames import Frame, Mask, Whole
from casekit.world.story.laps import Laps
from casekit.world.story.queues import SIDES, Delay, Moved
from casekit.world.story.rates import Rate, Ratio
from casekit.world.story.scene import Scene
from casekit.world.story.scope import Scope
from casekit.world.story.where import matches

if TYPE_CHECKING:
    from casekit.world.story.workflows import Workflow

__all__ = ["Move", "Walk"]

SHORTEST_STAY_S = 60


@dataclass(frozen=True)
class Move:
    """
    One way out of a state.

    Attributes:
        to: The state it leads to.
        share: Who takes it, of those who took none of the moves told before it; who takes none stays.
        after: Median time in the state before the move, for example ``9d``.
        sigma: Spread of that time, of its logarithm; 0: always the same.
        longest: The longest such time, before factors; none when empty.
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
    longest: str = ""
    within: tuple[str, str] | None = None
    times: Mapping[str, float] = field(default_factory=dict)
    again: float = 1.0
    at_most: int = 0

    @property
    def rate(self) -> Rate:
        """The share as a rate."""
        return self.share if isinstance(self.share, Rate) else Rate(self.share)

    @cached_property
    def nodes(self) -> NDArray[np.int64]:
        """Quantiles of the time, in seconds."""
        if self.within is not None:
            return np.array(even_nodes(*map(seconds_of, self.within)))
        nodes = np.array(lognormal_nodes(seconds_of(self.after), self.sigma))
        return np.minimum(nodes, seconds_of(self.longest)) if self.longest else nodes

    def factor(self, frame: Frame) -> NDArray[np.float64]:
        """The factor on each entity's time."""
        factor = np.ones(len(frame))
        for condition, times in self.times.items():
            factor = np.where(matches(frame, condition), factor * times, factor)
        return factor

    def check(self, scope: Scope, frame: str, where: str, name: str) -> None:
        """Tells what is wrong with it."""
        self.rate.check(scope, frame, where, name)
        spans = (self.after, *([self.longest] if self.longest else []), *(self.within or ()))
        for span in spans:
            scope.check_span(span, where, name)
        if self.within is not None and _is_reversed(*self.within):
            scope.tell(where, name, f"runs from {' to '.join(self.within)}; put the shorter one first")
        if self.sigma < 0:
            scope.tell(where, name, f"has the spread {self.sigma!r}; it cannot be negative")
        for condition, factor in self.times.items():
            scope.check_where(frame, condition, where, name)
            scope.check_over_nought(factor, where, name)
        scope.check_over_nought(self.again, where, name)
        if self.at_most < 0:
            scope.tell(where, name, f"has at_most={self.at_most!r}; write a whole number from 1 up")


def _is_reversed(least: str, most: str) -> bool:
    try:
        return seconds_of(least) > seconds_of(most)
    except ValueError:  # told already
        return False


class Walk:
    """
    The way of every entity through the states, as if the window never ended and no twist ever happened.

    That makes it the same whatever twists are on: they only stretch the times of the steps.
    """

    def __init__(self, scene: Scene, workflow: Workflow, owners: Frame, delays: Sequence[Delay] = ()) -> None:
        self.scene, self.workflow, self.owners = scene, workflow, owners
        self.order = list(workflow.states)
        self.state = np.zeros(len(owners), np.int64)
        self.backs = np.zeros(len(owners), np.int64)
        self.at = owners[workflow.starts].astype(np.int64)
        self.delays = delays
        self.laps = Laps(workflow.lap, self.order, len(owners), delays) if workflow.lap else None
        self.cell = Cells.of(tuple(owners[column] for column in workflow.cells), len(owners)).place
        self.alike = self._alike()

    def steps(self) -> list[Moved]:
        """One step after the other until nobody moves any more; laps are evened out."""
        steps: list[Moved] = []
        going = np.arange(len(self.owners))
        while len(going):
            step = self._step(going, len(steps))
            self.at[step.row] += step.seconds
            self.state[step.row] = step.goes
            self.backs[step.row] += step.goes <= step.came
            if self.laps is not None:
                self._divide(self.laps.note(len(steps), step, self.at))
            steps.append(step)
            going = np.sort(step.row)
        return steps if self.laps is None else self.laps.evened(steps, self.cell, self.alike)

    def _divide(self, row: Whole) -> None:
        """Those whose laps begin on another side of a twist, on or off, are from now on of another kind."""
        for delay in self.delays:
            self.alike[row] = SIDES * self.alike[row] + delay.side(row, self.at[row])

    def _step(self, going: Whole, nth: int) -> Moved:
        parts = [Moved(going[:0], going[:0], going[:0], going[:0])]
        for place, state in enumerate(self.order):
            left = going[self.state[going] == place]
            for move in self.workflow.states[state] if len(left) else ():
                stream = f"{self.workflow.name}.{state}.{move.to} {nth}"
                takes = self._takes(left, move, stream)
                row, left = left[takes], left[~takes]
                if not len(row):
                    continue
                goes = np.full(len(row), self.order.index(move.to))
                seconds = self._seconds(row, move, stream)
                parts.append(Moved(row, np.full(len(row), place), goes, seconds))
        names = [one.name for one in fields(Moved)]
        return Moved(*(np.concatenate([getattr(part, name) for part in parts]) for name in names))

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
