"""People with two ids: pairs of entities that are one and the same, and the table that says so."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import ClassVar

import numpy as np

from casekit.world.cells import Cells
from casekit.world.story.frames import Field, Frame, Whole
from casekit.world.story.measures import Columns, declare_columns, draw_columns
from casekit.world.story.parts import Twist, in_words
from casekit.world.story.row_twists import bend_rows
from casekit.world.story.scene import Scene
from casekit.world.story.scope import Scope
from casekit.world.story.where import matches

__all__ = ["DoubleIds", "Links"]


@dataclass(frozen=True)
class Links:
    """
    One row for each entity that is the second id of another one of its frame.

    Each second id gets a partner of its own, at random among those like it; who finds no partner left
    has no row. A row belongs to the second id.

    Attributes:
        of: The frame of both.
        second: Condition on the second ids.
        first: Condition on their partners; nobody may meet both.
        shows: The column of *of* by which a partner is known, for example ``customer_id``.
        partner: Name of the column that holds it.
        within: Columns in which both are alike, for example the time zone.
        columns: What else each link has, in order.
    """

    name: str
    of: str
    second: str
    first: str
    shows: str
    partner: str
    within: tuple[str, ...] = ()
    columns: Columns = field(default_factory=dict)

    def declare(self, scope: Scope) -> None:
        """Adds the frame and its columns."""
        for label in ("second", "first"):
            scope.check_where(self.of, getattr(self, label), self.name, label)
        for column in self.within:
            scope.field_of(self.of, column, self.name, "within")
        shown = scope.field_of(self.of, self.shows, self.name, "shows") or Field("integer")
        scope.add_frame(self.name, self.of, {self.partner: shown}, self.name)
        declare_columns(scope, self.name, self.columns)

    def play(self, scene: Scene) -> None:
        """Pairs them off, cell by cell; without ``DoubleIds`` they are strangers."""
        owners = scene.frames[self.of]
        row, partner = self._pairs(scene, owners)
        for twist in scene.bending(DoubleIds, self.name):
            scene.write(twist, self.name, len(row), 0, len(row))
            if not scene.is_on(twist):
                row, partner = row[:0], partner[:0]
        frame = scene.children(self.name, self.of, row, owners.key[row])
        frame.columns[self.partner] = owners[self.shows][partner]
        draw_columns(scene, frame, self.columns)
        scene.frames[self.name] = bend_rows(scene, frame)

    def _pairs(self, scene: Scene, owners: Frame) -> tuple[Whole, Whole]:
        """The rows of the second ids that have a partner, and the partners' rows."""
        cell = Cells.of(tuple(owners[column] for column in self.within), len(owners)).place
        row, row_seat = self._seats(scene, owners, cell, "second")
        other, other_seat = self._seats(scene, owners, cell, "first")
        order = np.argsort(other_seat)
        place = np.searchsorted(other_seat[order], row_seat)
        partner = order[np.minimum(place, len(order) - 1)] if len(order) else place
        found = np.isin(row_seat, other_seat)
        return row[found], other[partner[found]]

    def _seats(self, scene: Scene, owners: Frame, cell: Whole, label: str) -> tuple[Whole, Whole]:
        """Who meets a condition, and a number that a second id and its partner share."""
        rows = np.flatnonzero(matches(owners, getattr(self, label)))
        rank, _ = scene.draws.rank(f"{self.name}: {label}", owners.key[rows], cell[rows])
        return rows, cell[rows] * len(owners) + rank


@dataclass(frozen=True, kw_only=True)
class DoubleIds(Twist):
    """
    Some people have two ids; a table of ``Links`` tells which. Without it, they are strangers.

    Attributes:
        of: The links.
    """

    of: str

    kind: ClassVar[str] = "double ids"

    @property
    def target(self) -> str:
        """The links."""
        return self.of

    def declare(self, scope: Scope) -> None:
        """Tells when there are no such links."""
        if self.of not in scope.frames:
            scope.unknown(self.name, "of", "frame", self.of, scope.frames)

    def told(self) -> str:
        """For example ``people with two ids in id_links: two brands became one``."""
        return in_words(f"people with two ids in {self.of}", "", "", "", self.because)
