"""What a variant does to a step, how the effect wears off, and exposures that go missing on one side."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from casekit.world.calendar import DAY_S, seconds_of
from casekit.world.declare import NULL
from casekit.world.story.frames import Frame, Mask, Whole
from casekit.world.story.funnels import Shares
from casekit.world.story.parts import in_words
from casekit.world.story.rates import with_odds
from casekit.world.story.row_twists import Lost
from casekit.world.story.scene import Scene
from casekit.world.story.scope import Scope
from casekit.world.story.step_twists import StepTwist
from casekit.world.story.where import matches

__all__ = ["NoveltyDecay", "SampleRatioMismatch", "Uplift"]

DIGITS = 9  # what is left of a power before it bends a share
OLDEST_DAYS = 400  # older effects stay as they are
CAUSES = ("bot filter", "crash", "redirect")


@dataclass(frozen=True, kw_only=True)
class Uplift(StepTwist):
    """
    A variant of an experiment changes the odds of a funnel's step, from each one's first exposure on.

    Works in exact funnels and in those that toss coins, on the frame of the experiment or on one that
    belongs to it: sessions of people, or days of people for what they do each day.

    Attributes:
        experiment: Which.
        variant: The variant that is not like the others.
        odds: Ratio of the step's odds: 1.2 turns 50 % into 54.5 %.
        exposed_at: The column that ``Exposures`` adds; empty: exposed from the experiment's start on.
        where: Condition on those it works on; everybody in the variant when empty.
    """

    experiment: str
    variant: str
    odds: float
    exposed_at: str = ""
    where: str = ""

    kind: ClassVar[str] = "uplift"

    @property
    def effect(self) -> str:
        """For example ``at 1.2 times the odds in treatment``."""
        return f"at {self.odds:g} times the odds in {self.variant}"

    def check(self, scope: Scope, frame: str) -> None:
        """Tells what is wrong with it on the frame of the funnel."""
        if self.experiment not in scope.trials:
            scope.unknown(self.name, "experiment", "experiment", self.experiment, scope.trials)
        elif (known := scope.field_of(frame, self.experiment, self.name, "experiment")) is not None:
            scope.check_values(known, [self.variant], self.name, "variant")
        if not (math.isfinite(self.odds) and self.odds > 0) or self.odds == 1:
            scope.tell(self.name, "odds", f"is {self.odds!r}; write a ratio above 0 that is not 1")
        if self.exposed_at:
            scope.field_of(frame, self.exposed_at, self.name, "exposed_at")
        scope.check_where(frame, self.where, self.name)

    def told(self) -> str:
        """For example ``onboarding.done at 1.2 times the odds in treatment of streak_freeze``."""
        return in_words(f"{self.step} {self.effect} of {self.experiment}", self.where, "", "", self.because)

    def exposed(self, scene: Scene, frame: Frame, moment: Whole) -> Mask:
        """Who is in the variant and has been exposed by then, while the experiment runs."""
        begin, end = self._begins(scene, frame), scene.scope.trials[self.experiment].end_s
        mine: Mask = frame.is_value(self.experiment, self.variant) & matches(frame, self.where)
        mine &= (begin != NULL) & (moment >= begin) & (moment < end)
        return mine

    def bent(self, shares: Shares, _ages: Whole | None) -> Shares:
        """The shares at other odds."""
        return with_odds(shares, self.odds)

    def _begins(self, scene: Scene, frame: Frame) -> Whole:
        start = np.full(len(frame), scene.scope.trials[self.experiment].begin_s)
        return frame[self.exposed_at] if self.exposed_at else start


@dataclass(frozen=True, kw_only=True)
class NoveltyDecay(Uplift):
    """
    An uplift that wears off: the logarithm of its odds ratio halves again and again since the exposure.

    It moves in whole days since each one's exposure, so that an exact funnel stays exact: each day makes
    cells of its own.

    Attributes:
        odds: Ratio on the day of the exposure.
        half_life: Time until half of its logarithm is left, for example ``4d``.
    """

    half_life: str

    kind: ClassVar[str] = "novelty"

    @property
    def effect(self) -> str:
        """For example ``at 1.4 times the odds, halved every 3d, in treatment``."""
        return f"at {self.odds:g} times the odds, halved every {self.half_life}, in {self.variant}"

    def check(self, scope: Scope, frame: str) -> None:
        """Tells what is wrong with it."""
        super().check(scope, frame)
        scope.check_span(self.half_life, self.name, "half_life", least=1)
        trial = scope.trials.get(self.experiment)
        if not self.exposed_at and trial is not None and not trial.begin_s:
            scope.tell(self.name, "exposed_at", "and the experiment's since are both empty; give one of them")

    def ages(self, scene: Scene, frame: Frame, moment: Whole) -> Whole | None:
        """Whole days since the exposure; 0 for those who are not exposed."""
        days = (moment - self._begins(scene, frame)) // DAY_S
        return np.where(self.exposed(scene, frame, moment), np.minimum(days, OLDEST_DAYS), 0)

    def bent(self, shares: Shares, ages: Whole | None) -> Shares:
        """The shares at the odds that are left of each age."""
        half_life_days = seconds_of(self.half_life) / DAY_S
        left = [
            round(math.exp(math.log(self.odds) * 0.5 ** (days / half_life_days)), DIGITS)
            for days in range(OLDEST_DAYS + 1)
        ]
        return with_odds(shares, np.array(left)[ages])


@dataclass(frozen=True, kw_only=True)
class SampleRatioMismatch(Lost):
    """
    Exposures of one variant that were never logged, so that the split seen is not the split planned.

    Attributes:
        of: The frame of exposures.
        variant: The variant that loses them.
        cause: ``redirect``, ``bot filter`` or ``crash``: what lost them.
        where: Condition on those it happens to, for example ``platform=android and app_version=8.2``.
        share: Which share of those is lost.
    """

    variant: str
    cause: str

    kind: ClassVar[str] = "sample ratio mismatch"

    def declare(self, scope: Scope) -> None:
        """Tells what is wrong with it."""
        super().declare(scope)
        if self.cause not in CAUSES:
            scope.unknown(self.name, "cause", "cause", self.cause, CAUSES)
        if self.of not in scope.frames:
            return
        if self.of not in scope.exposures:
            scope.unknown(self.name, "of", "frame of exposures", self.of, scope.exposures)
            return
        known = scope.field_of(self.of, scope.exposures[self.of], self.name, "variant")
        if known is not None:
            scope.check_values(known, [self.variant], self.name, "variant")

    def told(self) -> str:
        """For example ``12 % of exposures in treatment lost by a crash where platform=android``."""
        effect = f"{100 * self.share:g} % of {self.of} in {self.variant} {self.effect} by a {self.cause}"
        return in_words(effect, self.where, self.since, self.until, self.because)

    def exposed(self, scene: Scene, frame: Frame) -> Mask:
        """The variant's exposures that meet the condition."""
        mine = frame.is_value(scene.scope.exposures[self.of], self.variant)
        return mine & super().exposed(scene, frame)
