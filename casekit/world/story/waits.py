"""Times without a rhythm of their own: how long until the next thing, and when somebody turns up first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from casekit.world.calendar import DAY_S, seconds_of
from casekit.world.quantiles import curve_nodes, exponential_nodes
from casekit.world.story.frames import Field, Frame, Whole
from casekit.world.story.scene import Scene
from casekit.world.story.scope import Scope
from casekit.world.story.visits import EVEN_HOURS, Season

__all__ = ["arrival", "at_hours", "wait"]

HOUR_S = 3_600


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


@dataclass(frozen=True)
class Arrival:
    """A moment of the window for each of the people, in order: person 0 comes first."""

    season: Season

    def declare(self, scope: Scope, frame: str, where: str, name: str) -> Field:
        """A moment."""
        self.season.check(scope, where)
        if frame in scope.frames and scope.frames[frame].parent:
            scope.tell(where, name, "is an arrival; only people who belong to nobody arrive")
        return Field("timestamp")

    def draw(self, scene: Scene, frame: Frame, name: str) -> Whole:
        """The moment of each; every day has its share of people, to within one."""
        days = np.arange(scene.scope.begin_s // DAY_S, scene.scope.end_s // DAY_S)
        weights = np.round(self.season.of_days(days), 9).tolist()
        nodes = curve_nodes(weights, scene.scope.begin_s, DAY_S)
        return scene.draws.stratified(f"{frame.name}.{name}", frame.key, nodes, len(frame))


def arrival(season: Season | None = None) -> Arrival:
    """
    When each of the people turns up first, spread over the window as the season's days say.

    Within a day they are spread evenly: the hours are those of what they do, as ``Sessions`` tells.
    """
    return Arrival(season or Season())


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
