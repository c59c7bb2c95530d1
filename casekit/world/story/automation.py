"""Automation: work that is done by a machine from some moment on, in less time and without hands."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import ClassVar

import numpy as np

from casekit.world.story.codes import code_of
from casekit.world.story.frames import Frame, Mask
from casekit.world.story.row_twists import RowTwist
from casekit.world.story.scene import Scene
from casekit.world.story.scope import Scope

__all__ = ["Automation"]


@dataclass(frozen=True, kw_only=True)
class Automation(RowTwist):
    """
    Tasks that take a fixed effort from some moment on, instead of what they would have taken.

    The ledger counts the effort of all tasks it touches, without and with it.

    Attributes:
        effort: The column of whole numbers that says how much each takes, for example minutes.
        takes: How much each takes now.
        sets: By text column: what else they say now, for example ``{"mode": "automated"}``.
    """

    effort: str
    takes: int
    sets: Mapping[str, str]

    kind: ClassVar[str] = "automation"
    effect: ClassVar[str] = "automated"

    def declare(self, scope: Scope) -> None:
        """Tells what is wrong with it."""
        super().declare(scope)
        known = scope.field_of(self.of, self.effort, self.name, "effort")
        if known is not None and known.type not in {"integer", "money"}:
            scope.tell(self.name, "effort", f"{self.effort!r} holds {known.type}; name a column of numbers")
        if self.takes < 0:
            scope.tell(self.name, "takes", f"is {self.takes!r}; it cannot be negative")
        for column, value in self.sets.items():
            text = scope.field_of(self.of, column, self.name, "sets")
            if text is not None:
                scope.check_values(text, [value], self.name, "sets")

    def told(self) -> str:
        """For example ``release_tasks automated, minutes 4 where team=core, from 2025-06-01``."""
        return super().told().replace(self.effect, f"{self.effect}, {self.effort} {self.takes}", 1)

    def bend(self, _scene: Scene, frame: Frame, hit: Mask) -> Frame:
        """The tasks afterwards."""
        columns = {self.effort: np.where(hit, self.takes, frame[self.effort])}
        for column, value in self.sets.items():
            columns[column] = np.where(hit, code_of(frame.field_of(column), value), frame[column])
        return replace(frame, columns={**frame.columns, **columns})

    def write(self, scene: Scene, frame: Frame, hit: Mask) -> None:
        """The effort of those it touches, without and with it."""
        effort = frame[self.effort][hit].sum()
        scene.write(self, f"{self.effort} of {self.of}", hit.sum(), effort, hit.sum() * self.takes)
