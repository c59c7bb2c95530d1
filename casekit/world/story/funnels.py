"""Funnels: how far each one gets, when, and the twists that break or lift a step."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from casekit.world.calendar import seconds_of
from casekit.world.cells import SHARE_UNITS, Cells, units_of
from casekit.world.quantiles import lognormal_nodes
from casekit.world.story.frames import Field, Frame, Mask, Whole
from casekit.world.story.parts import Twist, in_words
from casekit.world.story.rates import Rate, Ratio, with_odds
from casekit.world.story.scene import Scene
from casekit.world.story.scope import Scope
from casekit.world.story.where import matches
from casekit.world.timeline import hurry

__all__ = ["Funnel", "Step", "StepChange"]

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
    ``StepChange``: whether the twist decided how far it got.

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
        for column in (*self.cells, *self.along):
            scope.field_of(self.of, column, self.name, "cells")
        for step in self.steps:
            step.rate.check(scope, self.of, self.name, step.name)
            scope.check_span(step.after, self.name, step.name)
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
        frame.columns[self.name] = play.passed(scene.off)
        for bend in bends:
            self._tell(scene, frame, play, bend)

    def _twists(self, scene: Scene) -> Iterator[StepChange]:
        for step in self.steps:
            yield from scene.bending(StepChange, f"{self.name}.{step.name}")

    def _bend(self, scene: Scene, frame: Frame, twist: StepChange, times: Sequence[Whole]) -> _Bend:
        """Who meets the twist's condition in its window, whether or not it is on."""
        begin, end = scene.scope.window(twist.since, twist.until, twist.name)
        place = [f"{self.name}.{step.name}" for step in self.steps].index(twist.step)
        clock = times[place - 1] if place and twist.clock == "step" else frame[self.starts]
        return _Bend(twist, place, matches(frame, twist.where) & (clock >= begin) & (clock < end))

    def _tell(self, scene: Scene, frame: Frame, play: _Play, bend: _Bend) -> None:
        """Marks whom the twist decided about, and writes what it did."""
        twist, others = bend.twist, scene.off - {bend.twist.name}
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

    twist: StepChange
    place: int
    exposed: Mask


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
        if funnel.exact:
            self.cells = self._cells(scene, frame)
            self.chances = [scene.draws.rank(funnel.name, frame.key, self.cells)[0]]
        else:
            streams = (f"{funnel.name}.{step.name}" for step in funnel.steps)
            self.chances = [scene.draws.whole(one, frame.key, 0, SHARE_UNITS - 1) for one in streams]

    def passed(self, off: frozenset[str]) -> Whole:
        """How many steps each takes when the twists in *off* never happened."""
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
                shares = np.where(bend.exposed, bend.twist.bent(shares), shares)
        return shares

    def _cells(self, scene: Scene, frame: Frame) -> Cells:
        marks = [frame[twist.name] for twist in scene.twists if _is_marked(frame, twist.name)]
        along = [frame[column] for column in self.funnel.along]
        inner = Cells.of((*along, *(units_of(shares) for shares in self.rates)), self.n_rows).place
        own = [frame[column] for column in self.funnel.cells]
        outer = (self.entered, *(bend.exposed for bend in self.bends), *marks, *own)
        return Cells.of((*outer, inner), self.n_rows)


def _is_marked(frame: Frame, name: str) -> bool:
    return any(name in one.columns for one in frame.lineage())


@dataclass(frozen=True, kw_only=True)
class StepChange(Twist):
    """
    A step of a funnel is taken less often, or more often, by some people from some moment on.

    Attributes:
        step: ``funnel.step``.
        where: Condition on those who enter the funnel; everybody when empty.
        times: Factor on the step's share; or
        odds: ratio of its odds.
        since: The first moment, until: the moment after the last; always when empty.
        clock: ``start``: the window is about when they enter; ``step``: about when they take the step before.
    """

    step: str
    where: str = ""
    times: float = 1.0
    odds: float = 1.0
    since: str = ""
    until: str = ""
    clock: str = "start"

    @property
    def kind(self) -> str:  # type: ignore[override]
        """Broken step or lift."""
        return "broken step" if self.times * self.odds < 1 else "lift"

    @property
    def target(self) -> str:
        """The funnel and its step."""
        return self.step

    def declare(self, scope: Scope) -> None:
        """Tells what is wrong with it; the funnel adds the column."""
        scope.window(self.since, self.until, self.name)
        if (self.times == 1) == (self.odds == 1) or min(self.times, self.odds) < 0:
            scope.tell(self.name, "times", "and odds: give one of them a factor of 0 or more that is not 1")
        if self.clock not in {"start", "step"}:
            scope.unknown(self.name, "clock", "clock", self.clock, ["start", "step"])
        funnel = self.step.partition(".")[0]
        known = [f"{name}.{one}" for name, steps in scope.steps.items() for one in steps]
        if self.step not in known:
            scope.unknown(self.name, "step", "step", self.step, known)
            return
        frame = scope.funnels[funnel]
        scope.check_where(frame, self.where, self.name)
        scope.add_field(frame, self.name, Field("boolean"), self.name)

    def told(self) -> str:
        """For example ``checkout.order x 0.49 where method=card, from 2025-04-01``."""
        effect = f"x {self.times:g}" if self.odds == 1 else f"at {self.odds:g} times the odds"
        return in_words(f"{self.step} {effect}", self.where, self.since, self.until, self.because)

    def bent(self, shares: Shares) -> Shares:
        """The shares of those exposed."""
        return with_odds(np.minimum(shares * self.times, 1.0), self.odds)
