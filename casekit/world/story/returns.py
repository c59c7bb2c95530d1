"""How people come back: often at first, then less and less, as a power of the days since they began."""

from __future__ import annotations

import math
from dataclasses import dataclass, field

import numpy as np

from casekit.world.calendar import DAY_S, weekday
from casekit.world.quantiles import power_nodes
from casekit.world.story.frames import Field, Mask, Whole
from casekit.world.story.measures import MOST, Columns, Count, Measure, declare_columns, draw_columns
from casekit.world.story.people import keys_of, numbers_of
from casekit.world.story.row_twists import bend_rows
from casekit.world.story.scene import Scene
from casekit.world.story.scope import Scope
from casekit.world.story.visits import Season
from casekit.world.timeline import order_by

__all__ = ["Returns"]

SHORTEST_BREAK_S = 600
MOST_AT_DAY_1 = 0.9  # beyond, nobody would come back so often at random
DIGITS = 9  # what is left of a float before it decides anything


@dataclass(frozen=True)
class Returns:
    """
    The times people come back after a moment of their own, for example after they signed up.

    The frame has ``nth`` (from 0 for each person) and the column *at*. What would come after the
    window never happens.

    Attributes:
        of: The people.
        starts: Their column that says when they began.
        count: How often each would come back in a window that begins with them: a measure, or a column.
            None: as often as *retention* asks for.
        retention: With a count: the share of returns still going on at day 1 and at day 30, relative to
            each other: how steep the curve falls. Without: the shares of people who come back on those days.
        where: Condition on the people; the others never come back.
        season: Hours of the day, and quieter weekdays: a return that falls on one is dropped by chance.
        at: Name of the column that says when.
        columns: What else each return has.
        number: Name of the column that numbers them; empty for none.
        in_time: In the order of time; with False, which is faster, person by person.
    """

    name: str
    of: str
    starts: str
    count: Measure | str | None = None
    retention: tuple[float, float] = (0.30, 0.05)
    where: str = ""
    season: Season = field(default_factory=Season)
    at: str = "started_at"
    columns: Columns = field(default_factory=dict)
    number: str = ""
    in_time: bool = True

    def declare(self, scope: Scope) -> None:
        """Adds the frame and its columns."""
        scope.field_of(self.of, self.starts, self.name, "starts")
        if isinstance(self.count, str):
            scope.field_of(self.of, self.count, self.name, "count")
        elif self.count is not None:
            self.count.declare(scope, self.of, self.name, "count")
        scope.check_where(self.of, self.where, self.name)
        self.season.check(scope, self.name)
        day_1, day_30 = self.retention
        if not 0 < day_30 <= day_1 <= 1 or (self.count is None and day_1 > MOST_AT_DAY_1):
            scope.tell(
                self.name,
                "retention",
                f"is {self.retention!r}; write day 1, then day 30, from {MOST_AT_DAY_1} to 0",
            )
        own = {"nth": Field("integer"), self.at: Field("timestamp")}
        if self.number:
            own[self.number] = Field("integer")
        scope.add_frame(self.name, self.of, own, self.name)
        declare_columns(scope, self.name, self.columns)

    def play(self, scene: Scene) -> None:
        """Draws the returns of each, and drops what the calendar does not allow."""
        people = scene.frames[self.of]
        row, nth = numbers_of(scene, people, self._count(scene), self.where, self.name)
        key = keys_of(people, row, nth)
        at = self._moments(scene, key, people[self.starts][row])
        kept = (at < scene.scope.end_s) & self._is_open(scene, key, at)
        frame = scene.children(self.name, self.of, row[kept], key[kept])
        frame.columns |= {"nth": nth[kept], self.at: at[kept]}
        if self.in_time:
            frame = scene.frames[self.name] = frame.taken(order_by(frame[self.at], frame.key))
        draw_columns(scene, frame, self.columns)
        frame = scene.frames[self.name] = bend_rows(scene, frame)
        if self.number:
            frame.columns[self.number] = scene.number(len(frame))

    def _count(self, scene: Scene) -> Measure | str:
        """How often each comes back; what the calendar will drop is added beforehand."""
        if self.count is not None:
            return self.count
        factors = self.season.of_weekdays()
        late = np.array(self._curve(scene)) / DAY_S
        on_day_1 = round(
            float(np.clip(1 - abs(late - 1), 0, 1).mean() * (factors / factors.max()).mean()), DIGITS
        )
        return Count(round(_visits(self.retention[0]) / on_day_1, DIGITS), heavy=False, most=MOST)

    def _curve(self, scene: Scene) -> tuple[int, ...]:
        """Quantiles of the time from a start to a return."""
        days = (scene.scope.end_s - scene.scope.begin_s) // DAY_S
        if self.count is not None:
            return power_nodes(*self.retention, days, DAY_S)
        fall = _visits(self.retention[1]) / _visits(self.retention[0])
        return power_nodes(1.0, round(fall ** (math.log(30) / math.log(31 / 2)), DIGITS), days, DAY_S)

    def _moments(self, scene: Scene, key: Whole, started: Whole) -> Whole:
        later = scene.draws.quantile(f"{self.name}: days", key, self._curve(scene))
        of_day = scene.draws.second_of_day(f"{self.name}: hour", key, self.season.hours)
        moments: Whole = np.maximum((started + later) // DAY_S * DAY_S + of_day, started + SHORTEST_BREAK_S)
        return moments

    def _is_open(self, scene: Scene, key: Whole, at: Whole) -> Mask:
        factors = self.season.of_weekdays()
        return scene.draws.coin(f"{self.name}: weekday", key, (factors / factors.max())[weekday(at // DAY_S)])


def _visits(share: float) -> float:
    """Mean of a Poisson count that is not nought for this share of people."""
    return -math.log(1 - share)
