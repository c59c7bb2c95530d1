"""What is kept once a day, for the company as a whole: budgets, spend, targets."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from casekit.world.calendar import DAY_S
from casekit.world.story.frames import Field
from casekit.world.story.measures import Columns, declare_columns, draw_columns
from casekit.world.story.row_twists import bend_rows
from casekit.world.story.scene import Scene
from casekit.world.story.scope import Scope

__all__ = ["Daily"]


@dataclass(frozen=True)
class Daily:
    """
    One row a day, or a day and value of one column, over the whole window; the same for every size.

    Attributes:
        day: Name of the column of days.
        every: Days from one row to the next: 7 for weeks.
        per: Name of a text column, with *values*: one row for each; none when empty.
        columns: What each row has, in order.
    """

    name: str
    day: str = "day"
    every: int = 1
    per: str = ""
    values: tuple[str, ...] = ()
    columns: Columns = field(default_factory=dict)

    def declare(self, scope: Scope) -> None:
        """Adds the frame and its columns."""
        scope.check_over_nought(self.every, self.name, "every")
        own = {self.day: Field("date")} | ({self.per: Field("text", self.values)} if self.per else {})
        scope.add_frame(self.name, "", own, self.name, once=True)
        declare_columns(scope, self.name, self.columns)

    def play(self, scene: Scene) -> None:
        """Lays out the days, value by value, and draws the columns."""
        days = np.arange(scene.scope.begin_s // DAY_S, scene.scope.end_s // DAY_S, self.every)
        n_values = max(len(self.values), 1)
        place, day = (grid.ravel() for grid in np.meshgrid(np.arange(n_values), days, indexing="ij"))
        frame = scene.frame(self.name, day * n_values + place, once=True)
        frame.columns[self.day] = day
        if self.per:
            frame.columns[self.per] = place
        draw_columns(scene, frame, self.columns)
        scene.frames[self.name] = bend_rows(scene, frame)
