"""
What a story is played on: frames of entities, block by block, and what the author's words may name.

A frame holds one kind of entity, for example sessions: a stable number for each, on which its draws hang,
named columns, and the row of each entity in the frame it belongs to. A name that a frame lacks is looked
up in the frame it belongs to, so a session knows its person's platform.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from casekit.world.declare import DataType

__all__ = ["Field", "Frame", "Mask", "Whole"]

Whole = NDArray[Any]
Mask = NDArray[np.bool_]


@dataclass(frozen=True)
class Field:
    """What a column of a frame holds: its type, and every value where it is text."""

    type: DataType
    values: tuple[str, ...] = ()


@dataclass
class Frame:
    """
    Entities of one kind in one block.

    Attributes:
        key: A number for each entity that stays its own whatever else is drawn.
        columns: Values by name: places in the field's values for text, else whole numbers.
        parent: The frame the entities belong to, and *row* the row of each one's owner in it.
        once: True for what is drawn with the first block only, and belongs to nobody.
    """

    name: str
    key: Whole
    fields: dict[str, Field]
    columns: dict[str, Whole] = field(default_factory=dict)
    parent: Frame | None = None
    row: Whole | None = None
    once: bool = False
    _lent: dict[str, Whole] = field(default_factory=dict, init=False, repr=False)  # what owners have, by name

    def __len__(self) -> int:
        return len(self.key)

    def __getitem__(self, name: str) -> Whole:
        """The values of a column, here or in the frame this one belongs to."""
        if name in self.columns:
            return self.columns[name]
        if name not in self._lent:
            if self.parent is None or self.row is None:
                raise KeyError(f"{self.name} has no column {name!r}")
            self._lent[name] = self.parent[name][self.row]
        return self._lent[name]

    def is_value(self, name: str, value: str) -> Mask:
        """Where a text column holds *value*."""
        return np.asarray(self[name] == self.field_of(name).values.index(value))

    def field_of(self, name: str) -> Field:
        """The field of a column, here or in the frame this one belongs to."""
        for frame in self.lineage():
            if name in frame.fields:
                return frame.fields[name]
        raise KeyError(f"{self.name} has no column {name!r}")

    def lineage(self) -> Iterator[Frame]:
        """The frame itself, the one it belongs to, and so on."""
        frame: Frame | None = self
        while frame is not None:
            yield frame
            frame = frame.parent

    def owner(self, name: str) -> Whole:
        """The row of each entity's owner in the frame *name*, however far up."""
        rows: Whole | None = None
        for frame in self.lineage():
            if frame.name == name:
                return np.arange(len(self)) if rows is None else rows
            if frame.row is None:
                break
            rows = frame.row if rows is None else frame.row[rows]
        raise KeyError(f"{self.name} does not belong to {name}")

    def taken(self, rows: Whole) -> Frame:
        """The entities of *rows* (places, or a mask), in that order."""
        columns = {name: values[rows] for name, values in self.columns.items()}
        row = None if self.row is None else self.row[rows]
        return Frame(self.name, self.key[rows], self.fields, columns, self.parent, row, self.once)
