"""What a column of a frame may be: a mix of values, a share, a spread, a count, a lookup, or derived."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from casekit.world.calendar import seconds_of
from casekit.world.cells import SHARE_UNITS, Cells, units_of
from casekit.world.declare import DataType
from casekit.world.quantiles import geometric_slots, lognormal_nodes, places_below, poisson_slots
from casekit.world.story.frames import Field, Frame, Whole
from casekit.world.story.rates import Rate, Ratio
from casekit.world.story.scene import Scene
from casekit.world.story.scope import Scope

__all__ = [
    "Columns",
    "Measure",
    "count",
    "derived",
    "draw_columns",
    "lookup",
    "mix",
    "price",
    "serial",
    "share",
    "spread",
    "whole",
]

FEW = 50_000  # draws; for more of them a table of all places is faster


class Measure(Protocol):
    """How a column gets its values."""

    def declare(self, scope: Scope, frame: str, where: str, name: str) -> Field:
        """What the column will hold; tells what is wrong with the measure."""

    def draw(self, scene: Scene, frame: Frame, name: str) -> Whole:
        """The values, one for each entity."""


Columns = Mapping[str, Measure]


def declare_columns(scope: Scope, frame: str, columns: Columns) -> None:
    """Adds each column to a frame that is declared, in order: a later one may lean on an earlier one."""
    for name, measure in columns.items():
        scope.add_field(frame, name, measure.declare(scope, frame, frame, name), frame)


def draw_columns(scene: Scene, frame: Frame, columns: Columns) -> None:
    """Draws each column of a frame, in order."""
    for name, measure in columns.items():
        frame.columns[name] = measure.draw(scene, frame, name)


# --- text ----------------------------------------------------------------------------------


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
        cells = tuple(frame[column] for column in self.cells)
        if not self.exact:
            return self._drawn(
                scene.draws.whole(f"{frame.name}.{name}", frame.key, 0, SHARE_UNITS - 1), frame
            )
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
        found: Whole = np.array(table, np.int64)[frame[self.column]]
        return found

    def _texts(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(self.table.values())) if self.type == "text" else ()


def lookup(column: str, table: Mapping[str, Any], type: DataType = "integer") -> Lookup:  # noqa: A002
    """For each value of *column* what *table* says; money in cents."""
    return Lookup(column, table, type)


# --- yes or no -----------------------------------------------------------------------------


@dataclass(frozen=True)
class Share:
    """True for a share of the entities: exactly in every cell, or by a coin each."""

    of: Rate
    cells: tuple[str, ...] = ()
    exact: bool = True

    def within(self, *columns: str) -> Share:
        """The same share inside every value of *columns*."""
        return replace(self, cells=columns)

    def declare(self, scope: Scope, frame: str, where: str, name: str) -> Field:
        """Yes or no."""
        self.of.check(scope, frame, where, name)
        for column in self.cells:
            scope.field_of(frame, column, where, name)
        return Field("boolean")

    def draw(self, scene: Scene, frame: Frame, name: str) -> Whole:
        """Who it is true for."""
        shares, stream = self.of.of(frame), f"{frame.name}.{name}"
        if not self.exact:
            return scene.draws.coin(stream, frame.key, shares)
        cells = Cells.of((shares, *(frame[column] for column in self.cells)), len(frame))
        chosen: Whole = scene.draws.quota(stream, frame.key, cells, shares)
        return chosen


def share(of: Ratio, exact: bool = True) -> Share:
    """True for this share, a number or a ``rate``; exactly, or with *exact* off by a coin each."""
    return Share(of if isinstance(of, Rate) else Rate(of), exact=exact)


# --- numbers -------------------------------------------------------------------------------


@dataclass(frozen=True)
class Spread:
    """A whole number spread log-normally around a median, within bounds."""

    median: float | str
    sigma: float
    least: int
    most: int
    type: DataType = "integer"

    def declare(self, scope: Scope, _frame: str, where: str, name: str) -> Field:
        """Whole numbers of the type told."""
        if isinstance(self.median, str):
            scope.check_span(self.median, where, name)
        else:
            scope.check_over_nought(self.median, where, name)
        if self.sigma < 0:
            scope.tell(where, name, f"has the spread {self.sigma!r}; it cannot be negative")
        return Field(self.type)

    def draw(self, scene: Scene, frame: Frame, name: str) -> Whole:
        """The number of each entity."""
        median = seconds_of(self.median) if isinstance(self.median, str) else round(self.median)
        nodes = lognormal_nodes(median, self.sigma)
        drawn = scene.draws.quantile(f"{frame.name}.{name}", frame.key, nodes)
        return np.clip(drawn, self.least, self.most)


def spread(median: float | str, sigma: float, least: int = 0, most: int = 1 << 40) -> Spread:
    """Whole numbers around *median*, or seconds around a span such as ``20h``; *sigma* is that of the log."""
    return Spread(median, sigma, least, most)


def price(median: float, sigma: float = 0.0) -> Spread:
    """Amounts of money around *median*, in whole cents; *sigma* is that of the log."""
    return Spread(round(median * 100), sigma, 1, 1 << 40, "money")


@dataclass(frozen=True)
class Between:
    """A whole number between two others, all equally likely."""

    low: int
    high: int
    type: DataType = "integer"

    def declare(self, scope: Scope, _frame: str, where: str, name: str) -> Field:
        """Whole numbers."""
        if self.low > self.high:
            scope.tell(where, name, f"runs from {self.low} to {self.high}; put the smaller one first")
        return Field(self.type)

    def draw(self, scene: Scene, frame: Frame, name: str) -> Whole:
        """The number of each entity."""
        return scene.draws.whole(f"{frame.name}.{name}", frame.key, self.low, self.high)


def whole(low: int, high: int, type: DataType = "integer") -> Between:  # noqa: A002
    """A whole number from *low* to *high*, both included."""
    return Between(low, high, type)


@dataclass(frozen=True)
class Count:
    """How many: 0, 1, 2 and so on, with a mean."""

    mean: float
    heavy: bool
    most: int

    def declare(self, scope: Scope, _frame: str, where: str, name: str) -> Field:
        """Whole numbers from 0."""
        scope.check_over_nought(self.mean, where, name)
        return Field("integer")

    def draw(self, scene: Scene, frame: Frame, name: str) -> Whole:
        """The count of each entity."""
        made = geometric_slots if self.heavy else poisson_slots
        slots = made(self.mean, self.most)
        drawn: Whole = scene.draws.slot(f"{frame.name}.{name}", frame.key, slots).astype(np.int64)
        return drawn


def count(mean: float, *, heavy: bool = False, most: int = 60) -> Count:
    """A Poisson count with this mean; *heavy*: a geometric one, with many noughts and a long tail."""
    return Count(mean, heavy, most)


@dataclass(frozen=True)
class Serial:
    """A number from 1, in the order in which the entities stand when it is drawn."""

    def declare(self, _scope: Scope, _frame: str, _where: str, _name: str) -> Field:
        """Whole numbers from 1."""
        return Field("integer")

    def draw(self, scene: Scene, frame: Frame, _name: str) -> Whole:
        """The number of each entity, unique over all blocks."""
        return scene.number(len(frame))


def serial() -> Serial:
    """A number from 1 for each, in order; a copy of a row keeps its number."""
    return Serial()


@dataclass(frozen=True)
class Derived:
    """What a function of the frame says, for whatever no other measure can."""

    type: DataType
    of: Callable[[Frame], Any]
    values: tuple[str, ...]

    def declare(self, _scope: Scope, _frame: str, _where: str, _name: str) -> Field:
        """What the author says it is."""
        return Field(self.type, self.values)

    def draw(self, _scene: Scene, frame: Frame, _name: str) -> Whole:
        """The function's answer."""
        made: Whole = np.asarray(self.of(frame))
        is_float = made.dtype.kind == "f" and self.type != "number"
        return made.astype(np.int64) if is_float else made


def derived(type: DataType, of: Callable[[Frame], Any], values: Sequence[str] = ()) -> Derived:  # noqa: A002
    """
    A column computed from others of the frame: ``derived("money", lambda f: f["seats"] * 900)``.

    Text gives places in *values* (or strings, when there are none); money is in cents, times in seconds.
    """
    return Derived(type, of, tuple(values))
