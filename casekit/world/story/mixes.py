"""Columns of text: mixes of values, alone or joint, heavy-tailed ones, and what depends on a value."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from casekit.world.cells import SHARE_UNITS, units_of
from casekit.world.declare import NULL, DataType
from casekit.world.quantiles import places_below
from casekit.world.story.frames import Field, Frame, Whole
from casekit.world.story.marks import marks_of
from casekit.world.story.scene import Scene
from casekit.world.story.scope import Scope

__all__ = ["Lookup", "Mix", "lookup", "mix", "zipf"]

DIGITS = 9  # what is left of a power before it becomes a share

FEW = 50_000  # draws; for more of them a table of all places is faster


@dataclass(frozen=True)
class Mix:
    """
    Values dealt in fixed shares, exactly to within one entity.

    Attributes:
        shares: By value; they need not sum to 1.
        cells: Columns within whose values the shares hold as well, outer first.
        tables: Other shares by value of the last of *cells*: a joint mix.
        exact: Dealt; with False each entity draws by itself.
    """

    shares: Mapping[str, float]
    cells: tuple[str, ...] = ()
    tables: Mapping[str, Mapping[str, float]] = field(default_factory=dict)
    exact: bool = True

    def within(self, *columns: str) -> Mix:
        """The same shares inside every value of *columns*."""
        return replace(self, cells=columns)

    def per(self, column: str, tables: Mapping[str, Mapping[str, float]]) -> Mix:
        """Other shares for some values of *column*, for example platforms by country."""
        return replace(self, cells=(column,), tables=tables)

    def each(self) -> Mix:
        """
        Every entity draws by itself, and the shares hold about.

        For what only exists because of something else, such as an order: a twist that takes some of them
        away leaves the others as they are.
        """
        return replace(self, exact=False)

    @property
    def values(self) -> tuple[str, ...]:
        """Every value, in the order told."""
        seen = dict.fromkeys(self.shares)
        for table in self.tables.values():
            seen |= dict.fromkeys(table)
        return tuple(seen)

    def declare(self, scope: Scope, frame: str, where: str, name: str) -> Field:
        """Text with these values."""
        for table in (self.shares, *self.tables.values()):
            if any(share < 0 for share in table.values()):
                scope.tell(where, name, "has a negative share; give each value a share of 0 or more")
            elif not math.fsum(table.values()) > 0:
                scope.tell(where, name, "has shares that sum to nothing; give one value a share above 0")
        known = [scope.field_of(frame, column, where, name) for column in self.cells]
        if self.tables and known and known[-1] is not None:
            scope.check_values(known[-1], self.tables, where, name)
        return Field("text", self.values)

    def draw(self, scene: Scene, frame: Frame, name: str) -> Whole:
        """The place of each entity's value."""
        if not self.cells and len(self.shares) == 1:
            return np.zeros(len(frame), np.int64)
        if not self.exact:
            return self._drawn(
                scene.draws.whole(f"{frame.name}.{name}", frame.key, 0, SHARE_UNITS - 1), frame
            )
        cells = (*marks_of(scene, frame), *(frame[column] for column in self.cells))
        return scene.draws.deal(f"{frame.name}.{name}", frame.key, cells, self._rows(frame))

    def _drawn(self, point: Whole, frame: Frame) -> Whole:
        """The place on which each point, in millionths, falls."""
        ends = np.cumsum(units_of(self._rows(frame)), axis=-1)[..., :-1]
        if ends.ndim == 1 and len(point) > FEW:
            return places_below(tuple(ends.tolist()), SHARE_UNITS)[point].astype(np.int64)
        drawn = np.zeros(len(point), np.int64)
        for end in np.moveaxis(ends, -1, 0):
            drawn += point >= end
        return drawn

    def _rows(self, frame: Frame) -> NDArray[np.float64]:
        if not self.tables:
            return self._row(self.shares)
        given = frame.field_of(self.cells[-1]).values
        table = np.array([self._row(self.tables.get(value, self.shares)) for value in given])
        rows: NDArray[np.float64] = table[frame[self.cells[-1]]]
        return rows

    def _row(self, shares: Mapping[str, float]) -> NDArray[np.float64]:
        whole = math.fsum(shares.values())
        return np.array([shares.get(value, 0.0) / whole for value in self.values])


def mix(shares: Mapping[str, float] | None = None, /, **named: float) -> Mix:
    """Values and their shares, for example ``mix(web=.45, ios=.30, android=.25)``."""
    return Mix({**(shares or {}), **named})


def zipf(values: Sequence[str] | str, s: float = 1.0) -> Mix:
    """
    A heavy tail: the value of rank n has a share in proportion to ``n ** -s``.

    Args:
        values: The values from the most to the least frequent, or one text of them with blanks between.
        s: How steep; countries of a product have about 0.9 to 1.2, and 0 makes all alike.
    """
    names = values.split() if isinstance(values, str) else values
    return Mix({name: round(rank**-s, DIGITS) for rank, name in enumerate(names, start=1)})


@dataclass(frozen=True)
class Lookup:
    """A number, or another text, for each value of a text column."""

    column: str
    table: Mapping[str, Any]
    type: DataType

    def declare(self, scope: Scope, frame: str, where: str, name: str) -> Field:
        """The numbers' type, or text with the values of the table."""
        known = scope.field_of(frame, self.column, where, name)
        if known is not None:
            scope.check_values(known, self.table, where, name)
            for value in set(known.values) - set(self.table):
                scope.tell(where, name, f"says nothing about {self.column}={value}; add it")
        return Field(self.type, self._texts())

    def draw(self, _scene: Scene, frame: Frame, _name: str) -> Whole:
        """The value of each entity."""
        texts, values = self._texts(), frame.field_of(self.column).values
        table = [texts.index(self.table[value]) if texts else self.table[value] for value in values]
        if self.type == "number":
            return np.array([*table, math.nan], np.float64)[frame[self.column]]  # -1, for NULL: the last
        found: Whole = np.array([*table, -1 if texts else NULL], np.int64)[frame[self.column]]
        return found

    def _texts(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(self.table.values())) if self.type == "text" else ()


def lookup(column: str, table: Mapping[str, Any], type: DataType = "integer") -> Lookup:  # noqa: A002
    """For each value of *column* what *table* says; money in cents."""
    return Lookup(column, table, type)
