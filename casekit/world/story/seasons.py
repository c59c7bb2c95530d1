"""Seasons: how much of what is usual a day and an hour bring."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from casekit.world.calendar import weekday
from casekit.world.story.scope import Scope

__all__ = ["EVEN_HOURS", "Season", "check_hours"]

EVEN_HOURS = (1,) * 24


@dataclass(frozen=True)
class Season:
    """
    How much of what is usual a day and an hour bring.

    Attributes:
        hours: Whole-number weights of the day's 24 hours.
        weekend: Factor on Saturdays and Sundays.
        weekdays: Factors from Monday to Sunday, in place of *weekend*; empty for none.
        swing: Each day and group goes up or down by up to this share, by chance.
        growth: By how much the last day exceeds the first, as a share of the first.
    """

    hours: Sequence[int] = EVEN_HOURS
    weekend: float = 1.0
    weekdays: Sequence[float] = ()
    swing: float = 0.0
    growth: float = 0.0

    def check(self, scope: Scope, where: str) -> None:
        """Tells what is wrong with it."""
        check_hours(scope, where, self.hours)
        if self.weekdays and len(self.weekdays) != 7:
            scope.tell(where, "weekdays", "must be 7 factors, from Monday to Sunday")
        if self.weekdays and not (min(self.weekdays) >= 0 and 0 < sum(self.weekdays) < math.inf):
            scope.tell(where, "weekdays", "must be factors of 0 or more that do not sum to nothing")
        if not 0 <= self.swing < 1:
            scope.tell(where, "swing", f"is {self.swing!r}; it lies between 0 and 1")
        scope.check_over_nought(self.weekend, where, "weekend")
        scope.check_over_nought(1 + self.growth, where, "growth")

    def of_weekdays(self) -> NDArray[np.float64]:
        """The factor of each weekday, from Monday to Sunday."""
        if len(self.weekdays):
            return np.array(self.weekdays, np.float64)
        return np.array([1.0] * 5 + [self.weekend] * 2)

    def of_days(self, days: NDArray[np.int64]) -> NDArray[np.float64]:
        """The factor of each day, counted from 1970."""
        mood = self.of_weekdays()[weekday(days)]
        factors: NDArray[np.float64] = mood * (1 + self.growth * (days - days[0]) / max(len(days) - 1, 1))
        return factors


def check_hours(scope: Scope, where: str, hours: Sequence[int]) -> None:
    """Tells when *hours* are no weights of the day's 24 hours."""
    if len(hours) != len(EVEN_HOURS) or min(hours) < 0 or not 0 < sum(hours) < math.inf:
        scope.tell(where, "hours", "must be 24 weights of 0 or more that do not sum to nothing")
