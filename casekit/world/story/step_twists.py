"""Twists that bend a step of a funnel: it breaks, or it is taken more often."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from casekit.world.story.frames import Field, Frame, Mask, Whole
from casekit.world.story.parts import Twist, in_words
from casekit.world.story.rates import with_odds
from casekit.world.story.scene import Scene
from casekit.world.story.scope import Scope
from casekit.world.story.where import matches

__all__ = ["Shares", "StepChange", "StepTwist"]

Shares = NDArray[np.float64]


@dataclass(frozen=True, kw_only=True)
class StepTwist(Twist):
    """
    Something that changes the share of a funnel's step, for some of those who get there.

    The funnel adds a yes-or-no column of the twist's name to its frame: whether it decided how far each got.

    Attributes:
        step: ``funnel.step``.
        clock: The moment that a window is about: ``start``: when they enter the funnel; ``step``: when they
            take the step before.
    """

    step: str
    clock: str = "start"

    @property
    def target(self) -> str:
        """The funnel and its step."""
        return self.step

    @property
    def effect(self) -> str:
        """What it does to the step, in words."""
        raise NotImplementedError

    def declare(self, scope: Scope) -> None:
        """Tells what is wrong with it, and adds its column to the frame of the funnel."""
        if self.clock not in {"start", "step"}:
            scope.unknown(self.name, "clock", "clock", self.clock, ["start", "step"])
        known = [f"{name}.{one}" for name, steps in scope.steps.items() for one in steps]
        if self.step not in known:
            scope.unknown(self.name, "step", "step", self.step, known)
            return
        frame = scope.funnels[self.step.partition(".")[0]]
        self.check(scope, frame)
        scope.add_field(frame, self.name, Field("boolean"), self.name)

    def check(self, scope: Scope, frame: str) -> None:
        """Tells what is wrong with its words on the frame of the funnel."""

    def exposed(self, scene: Scene, frame: Frame, moment: Whole) -> Mask:
        """Who meets it at the *moment* of its clock, whether or not it is on."""
        raise NotImplementedError

    def ages(self, scene: Scene, frame: Frame, moment: Whole) -> Whole | None:
        """How far an effect has gone that changes with time, in whole steps; None for one that stays."""

    def bent(self, shares: Shares, ages: Whole | None) -> Shares:
        """The shares of those exposed."""
        raise NotImplementedError


@dataclass(frozen=True, kw_only=True)
class StepChange(StepTwist):
    """
    A step of a funnel is taken less often, or more often, by some people from some moment on.

    Attributes:
        where: Condition on those who enter the funnel; everybody when empty.
        times: Factor on the step's share; or
        odds: ratio of its odds.
        since: The first moment, until: the moment after the last; always when empty.
    """

    where: str = ""
    times: float = 1.0
    odds: float = 1.0
    since: str = ""
    until: str = ""

    @property
    def kind(self) -> str:  # type: ignore[override]
        """Broken step or lift."""
        return "broken step" if self.times * self.odds < 1 else "lift"

    @property
    def effect(self) -> str:
        """For example ``x 0.49``."""
        return f"x {self.times:g}" if self.odds == 1 else f"at {self.odds:g} times the odds"

    def declare(self, scope: Scope) -> None:
        """Tells what is wrong with it."""
        scope.window(self.since, self.until, self.name)
        is_factor = all(math.isfinite(factor) and factor >= 0 for factor in (self.times, self.odds))
        if (self.times == 1) == (self.odds == 1) or not is_factor:
            scope.tell(self.name, "times", "and odds: give one of them a factor of 0 or more that is not 1")
        super().declare(scope)

    def check(self, scope: Scope, frame: str) -> None:
        """Tells what is wrong with the condition."""
        scope.check_where(frame, self.where, self.name)

    def told(self) -> str:
        """For example ``checkout.order x 0.49 where method=card, from 2025-04-01``."""
        return in_words(f"{self.step} {self.effect}", self.where, self.since, self.until, self.because)

    def exposed(self, scene: Scene, frame: Frame, moment: Whole) -> Mask:
        """Who meets the condition in the window."""
        begin, end = scene.scope.window(self.since, self.until, self.name)
        return matches(frame, self.where) & (moment >= begin) & (moment < end)

    def bent(self, shares: Shares, _ages: Whole | None) -> Shares:
        """The shares times the factor, or at other odds."""
        return with_odds(np.minimum(shares * self.times, 1.0), self.odds)
