"""When somebody comes for the first time: a moment of the window, as busy days and hours have it."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from casekit.world.calendar import DAY_S
from casekit.world.quantiles import curve_nodes
from casekit.world.story.frames import Field, Frame, Whole
from casekit.world.story.scene import Scene
from casekit.world.story.scope import Scope
from casekit.world.story.visits import Season

__all__ = ["start"]

HOUR_S = 3_600


@dataclass(frozen=True)
class Start:
    """A moment for each entity, in the order in which they stand: the first one comes first."""

    season: Season = field(default_factory=Season)
    since: str = ""
    until: str = ""

    def declare(self, scope: Scope, _frame: str, where: str, name: str) -> Field:
        """Seconds since 1970."""
        self.season.check(scope, where)
        scope.window(self.since, self.until, f"{where}.{name}")
        return Field("timestamp")

    def draw(self, scene: Scene, frame: Frame, name: str) -> Whole:
        """The moment of each entity, from 1,024 even quantiles of the window, straight between them."""
        begin, end = scene.scope.window(self.since, self.until, name)
        first, last = (max(begin, scene.scope.begin_s) // DAY_S, min(end, scene.scope.end_s) // DAY_S)
        weights = np.outer(self.season.of_days(np.arange(first, last)), self.season.hours).ravel()
        nodes = curve_nodes(weights.tolist(), first * DAY_S, HOUR_S)
        return scene.draws.stratified(f"{frame.name}.{name}", frame.key, nodes, max(len(frame), 1))


def start(season: Season | None = None, since: str = "", until: str = "") -> Start:
    """
    When each of a population comes first, within the window or from one day up to another.

    Days and hours are as busy as *season* says (its ``swing`` is not used), hours of a long window a
    little less sharply. Whoever stands first comes first: the people's numbers are in the order of their
    start.
    """
    return Start(season or Season(), since, until)
