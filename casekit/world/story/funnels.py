"""Funnels: how far each one gets, and when."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from casekit.world.calendar import seconds_of
from casekit.world.cells import SHARE_UNITS, Cells, units_of
from casekit.world.quantiles import lognormal_nodes
from casekit.world.story.frames import Field, Frame, Mask, Whole
from casekit.world.story.marks import hanging, marks_of
from casekit.world.story.rates import Rate, Ratio
from casekit.world.story.scene import Scene
from casekit.world.story.scope import Scope
from casekit.world.story.step_twists import StepTwist
from casekit.world.story.where import matches
from casekit.world.timeline import hurry

__all__ = ["Funnel", "Step"]

Shares = NDArray[np.float64]


@dataclass(frozen=True)
class Step:
    """
    One step of a funnel.

    Attributes:
        share: Who takes it, of those who took the step before: a number, or ``rate`` or ``by``.
        after: Median time since the step before, for example ``25m``.
        sigma: Spread of that time, of its logarithm; 0: always the same.
    """

    name: str
    share: Ratio = 1.0
    after: str = "0s"
    sigma: float = 0.0

    @property
    def rate(self) -> Rate:
        """The share as a rate."""
        return self.share if isinstance(self.share, Rate) else Rate(self.share)


@dataclass(frozen=True)
class Funnel:
    """
    How many steps each entity takes, and when.

    Adds to the frame *of* a column of the funnel's name (steps taken, from 0), one ``<step>_at`` a step
    (seconds since 1970; meant only where the step was taken), and a yes-or-no column for each
    twist on a step: whether the twist alone decided how far it got.

    Attributes:
        of: The frame of those who enter: every one of them.
        starts: The column that says when.
        steps: In order.
        cells: Columns within whose values every step's share is exact, to within one.
        along: More of them, that may be off by one each; their roundings even out within a cell of *cells*.
        exact: Passers are dealt in fixed numbers a cell; with False each tosses a coin a step.
        ends: ``censor``: what would come after the window never happens. ``hurry``: whoever starts
            close to the window's end goes faster, so that nothing is cut off.
        where: Condition on those who enter; the others take no step.
    """

    name: str
    of: str
    starts: str
    steps: Sequence[Step]
    cells: tuple[str, ...] = ()
    along: tuple[str, ...] = ()
    exact: bool = True
    ends: str = "censor"
    where: str = ""

    def declare(self, scope: Scope) -> None:
        """Adds the columns."""
        scope.field_of(self.of, self.starts, self.name, "starts")
        scope.check_where(self.of, self.where, self.name)
        if self.ends not in {"censor", "hurry"}:
            scope.unknown(self.name, "ends", "way to end", self.ends, ["censor", "hurry"])
        if not self.steps:
            scope.tell(self.name, "steps", "are none; a funnel has at least one")
        for column in (*self.cells, *self.along):
            scope.field_of(self.of, column, self.name, "cells")
        for step in self.steps:
            step.rate.check(scope, self.of, self.name, step.name)
            scope.check_span(step.after, self.name, step.name)
            if step.sigma < 0:
                scope.tell(self.name, step.name, f"has the spread {step.sigma!r}; it cannot be negative")
            if f"{step.name}_at" in (scope.frames[self.of].fields if self.of in scope.frames else ()):
                scope.tell(self.name, step.name, f"{self.of} has a step or column of this name; rename one")
            scope.add_field(self.of, f"{step.name}_at", Field("timestamp"), self.name)
        scope.add_field(self.of, self.name, Field("integer"), self.name)
        scope.steps[self.name] = tuple(step.name for step in self.steps)
        scope.funnels[self.name] = self.of

    def play(self, scene: Scene) -> None:
        """Draws how far each gets and when, once with and once without each twist."""
        frame = scene.frames[self.of]
        times = self._times(scene, frame)
        bends = [self._bend(scene, frame, twist, times) for twist in self._twists(scene)]
        play = _Play(scene, self, frame, times, bends)
        frame.columns[self.name] = play.passed(scene.off).copy()
        for bend in bends:
            self._tell(scene, frame, play, bend)

    def _twists(self, scene: Scene) -> Iterator[StepTwist]:
        for step in self.steps:
            yield from scene.bending(StepTwist, f"{self.name}.{step.name}")

    def _bend(self, scene: Scene, frame: Frame, twist: StepTwist, times: Sequence[Whole]) -> _Bend:
        """Who is exposed to the twist, whether or not it is on."""
        place = [f"{self.name}.{step.name}" for step in self.steps].index(twist.step)
        moment = times[place - 1] if place and twist.clock == "step" else frame[self.starts]
        exposed = twist.exposed(scene, frame, moment)
        return _Bend(twist, place, exposed, twist.ages(scene, frame, moment))

    def _tell(self, scene: Scene, frame: Frame, play: _Play, bend: _Bend) -> None:
        """
        Marks whom the twist decided about, and writes what it did.

        What makes cells further on must not hang on which twists are on, so that mark is made with all on.
        """
        twist, others = bend.twist, scene.off - {bend.twist.name}
        hangs = play.passed(frozenset()) != play.passed(frozenset({twist.name}))
        frame.columns[hanging(twist.name)] = hangs
        base, actual = play.passed(others | {twist.name}), play.passed(others)
        frame.columns[twist.name] = (base != actual) & scene.is_on(twist)
        reach = bend.exposed & (np.minimum(base, actual) >= bend.place)
        scene.watch(twist, frame, reach & (base != actual), reach)
        took, takes = (reach & (base > bend.place)).sum(), (reach & (actual > bend.place)).sum()
        scene.write(twist, f"{self.steps[bend.place].name} of {self.of}", reach.sum(), took, takes)

    def _times(self, scene: Scene, frame: Frame) -> list[Whole]:
        """When each would take each step."""
        started = frame[self.starts]
        gaps = [self._gap(scene, frame, step) for step in self.steps]
        late = self.ends == "hurry"
        at = hurry(started, gaps, scene.scope.end_s) if late else list(started + np.cumsum(gaps, axis=0))
        for step, moments in zip(self.steps, at, strict=True):
            frame.columns[f"{step.name}_at"] = moments
        return at

    def _gap(self, scene: Scene, frame: Frame, step: Step) -> Whole:
        nodes = lognormal_nodes(seconds_of(step.after), step.sigma)
        return scene.draws.quantile(f"{self.name}.{step.name}: time", frame.key, nodes)


@dataclass(frozen=True)
class _Bend:
    """A twist on one funnel: which step it bends, and who is exposed to it."""

    twist: StepTwist
    place: int
    exposed: Mask
    ages: Whole | None


class _Play:
    """
    One playing of a funnel: the same chances, whatever twists are on.

    Who is exposed to a twist makes cells of its own, also when the twist is off. So switching it changes
    how many pass in its own cells, and who passes anywhere else stays as it is.
    """

    def __init__(
        self, scene: Scene, funnel: Funnel, frame: Frame, times: Sequence[Whole], bends: Sequence[_Bend]
    ) -> None:
        self.funnel, self.bends, self.n_rows = funnel, bends, len(frame)
        self.entered = matches(frame, funnel.where)
        self.rates = [step.rate.of(frame) for step in funnel.steps]
        self.in_time = [moments < scene.scope.end_s for moments in times]
        self.cells, self.chances = None, []
        self.played: dict[frozenset[str], Whole] = {}
        if funnel.exact:
            self.cells = self._cells(scene, frame)
            self.chances = [scene.draws.rank(funnel.name, frame.key, self.cells)[0]]
        else:
            streams = (f"{funnel.name}.{step.name}" for step in funnel.steps)
            self.chances = [scene.draws.whole(one, frame.key, 0, SHARE_UNITS - 1) for one in streams]

    def passed(self, off: frozenset[str]) -> Whole:
        """How many steps each takes when the twists in *off* never happened."""
        mine = off & {bend.twist.name for bend in self.bends}
        if mine not in self.played:
            self.played[mine] = self._passed(mine)
        return self.played[mine]

    def _passed(self, off: frozenset[str]) -> Whole:
        going, passed = self.entered.copy(), np.zeros(self.n_rows, np.int64)
        left = None if self.cells is None else np.full(len(self.cells.sizes), SHARE_UNITS)
        for place in range(len(self.rates)):
            shares = self._shares(place, off)
            if self.cells is None or left is None:
                going &= self.chances[place] < units_of(shares)
            else:
                left = left * units_of(self.cells.value(shares)) // SHARE_UNITS
                going &= self.chances[0] < self.cells.passers(left)[self.cells.place]
            if self.funnel.ends == "censor":
                going &= self.in_time[place]
            passed += going
        return passed

    def _shares(self, place: int, off: frozenset[str]) -> Shares:
        shares = self.rates[place]
        for bend in self.bends:
            if bend.place == place and bend.twist.name not in off:
                shares = np.where(bend.exposed, bend.twist.bent(shares, bend.ages), shares)
        return shares

    def _cells(self, scene: Scene, frame: Frame) -> Cells:
        marks = marks_of(scene, frame)
        along = [frame[column] for column in self.funnel.along]
        ages = [bend.ages for bend in self.bends if bend.ages is not None]
        inner = Cells.of((*along, *(units_of(shares) for shares in self.rates), *ages), self.n_rows).place
        own = [frame[column] for column in self.funnel.cells]
        outer = (self.entered, *(bend.exposed for bend in self.bends), *marks, *own)
        return Cells.of((*outer, inner), self.n_rows)
