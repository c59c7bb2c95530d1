"""Histories: the state somebody is in, from one moment to the next, as a row each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from casekit.world.calendar import DAY_S
from casekit.world.declare import NULL
from casekit.world.story.events import MOMENT_BITS, settle
from casekit.world.story.frames import Field, Frame, Whole
from casekit.world.story.measures import Columns, declare_columns
from casekit.world.story.scene import Scene
from casekit.world.story.scope import Scope
from casekit.world.timeline import order_by

__all__ = ["Spells"]


@dataclass(frozen=True)
class Spells:
    """
    One row for each stretch of time that an entity of another frame spends in one state, in order of start.

    A spell lasts up to the moment before the next one begins: *since* is in it, *until* is not. What would
    begin after the window never happens, and the last spell has no end. Of two states that begin at the
    same moment only the later one told is there.

    Attributes:
        of: The frame whose entities have a history.
        stages: ``(state, column)`` in the usual order: what state begins at the moment in that column of
            *of*; NULL: never. A state may come back: ``("active", "resumed_at")``. All moments are
            timestamps, or all are dates.
        state: Name of the column that says which state.
        since: Name of the column of the first moment, and *until* that of the moment after the last.
        columns: What else each has, in order.
        number: Name of a column that numbers them from 1; empty for none.
    """

    name: str
    of: str
    stages: Sequence[tuple[str, str]]
    state: str = "status"
    since: str = "valid_from"
    until: str = "valid_to"
    columns: Columns = field(default_factory=dict)
    number: str = ""

    @property
    def states(self) -> tuple[str, ...]:
        """Every state, in the order told."""
        return tuple(dict.fromkeys(state for state, _ in self.stages))

    def declare(self, scope: Scope) -> None:
        """Adds the frame and its columns."""
        if not self.stages or len(self.stages) >> MOMENT_BITS:
            scope.tell(
                self.name, "stages", f"are {len(self.stages)}; tell 1 to {(1 << MOMENT_BITS) - 1} stages"
            )
        found = [scope.field_of(self.of, column, self.name, "stages") for _, column in self.stages]
        kinds = {known.type for known in found if known is not None}
        if kinds - {"timestamp", "date"} or len(kinds) > 1:
            said = " and ".join(f"{kind}s" for kind in sorted(kinds))
            scope.tell(self.name, "stages", f"begin at {said}; use timestamps only or dates only")
        moment = Field("date" if kinds == {"date"} else "timestamp")
        own = {self.state: Field("text", self.states), self.since: moment, self.until: moment}
        if self.number:
            own[self.number] = Field("integer")
        scope.add_frame(self.name, self.of, own, self.name)
        declare_columns(scope, self.name, self.columns)

    def play(self, scene: Scene) -> None:
        """Lays the spells end to end, bends them, and puts them in order."""
        owners = scene.frames[self.of]
        row, stage, since, until = self._laid(scene, owners)
        frame = scene.children(self.name, self.of, row, (owners.key[row] << MOMENT_BITS) + stage)
        places = np.array([self.states.index(state) for state, _ in self.stages], np.int64)
        frame.columns |= {self.state: places[stage], self.since: since, self.until: until}
        settle(scene, frame, self.columns, self.since, self.number)

    def _laid(self, scene: Scene, owners: Frame) -> tuple[Whole, Whole, Whole, Whole]:
        """Row, stage, beginning and end of each spell, owner by owner."""
        unit = DAY_S if owners.field_of(self.stages[0][1]).type == "date" else 1
        moments = np.stack([owners[column] for _, column in self.stages])
        stage, row = np.nonzero((moments != NULL) & (moments < scene.scope.end_s // unit))
        since = moments[stage, row]
        order = order_by(row, since, stage)
        row, stage, since = row[order], stage[order], since[order]
        next_one = np.where(np.append(row[1:], -1) == row, np.append(since[1:], NULL), NULL)
        lasts = since != next_one
        return row[lasts], stage[lasts], since[lasts], next_one[lasts]
