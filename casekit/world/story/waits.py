"""Times without a rhythm of their own, and the hours people are awake."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from casekit.world.calendar import DAY_S, HOUR_S, seconds_of
from casekit.world.quantiles import exponential_nodes
from casekit.world.story.frames import Field, Frame, Whole
from casekit.world.story.scene import Scene
from casekit.world.story.scope import Scope
from casekit.world.story.seasons import EVEN_HOURS

__all__ = ["at_hours", "wait"]


@dataclass(frozen=True)
class Wait:
    """A time in seconds: the least, and on top of it a wait without a memory."""

    mean: str
    least: str

    def declare(self, scope: Scope, _frame: str, where: str, name: str) -> Field:
        """Whole seconds."""
        for span in (self.mean, self.least):
            scope.check_span(span, where, name)
        return Field("integer")

    def draw(self, scene: Scene, frame: Frame, name: str) -> Whole:
        """The seconds of each entity."""
        nodes = exponential_nodes(seconds_of(self.mean))
        return seconds_of(self.least) + scene.draws.quantile(f"{frame.name}.{name}", frame.key, nodes)


def wait(mean: str, least: str = "0s") -> Wait:
    """Seconds to wait: at least *least*, and then *mean* on average, often short and seldom long."""
    return Wait(mean, least)


def at_hours(moments: Whole, hours: Sequence[int]) -> Whole:
    """
    Moments of even days moved to the hours people are awake, on the same day and in the same order.

    Args:
        moments: Seconds since 1970 in local time, as likely at any time of the day.
        hours: Whole-number weights of the day's 24 hours.
    """
    if tuple(hours) == EVEN_HOURS:
        return moments
    width = np.array(hours, np.int64)
    ends = np.cumsum(width)
    days, second = moments // DAY_S, moments % DAY_S
    point = second * ends[-1]
    hour = np.searchsorted(ends * DAY_S, point, side="right")
    within = (point - (ends - width)[hour] * DAY_S) * HOUR_S // (width[hour] * DAY_S)
    moved: Whole = days * DAY_S + hour * HOUR_S + within
    return moved
