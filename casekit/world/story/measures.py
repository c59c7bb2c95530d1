"""What a column of a frame may be: a share, a spread, a count, a number, or derived from others."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Protocol

import numpy as np

from casekit.world.calendar import seconds_of
from casekit.world.cells import Cells
from casekit.world.declare import DataType
from casekit.world.quantiles import geometric_slots, lognormal_nodes, poisson_slots
from casekit.world.story.frames import Field, Frame, Whole
from casekit.world.story.marks import marks_of
from casekit.world.story.rates import Rate, Ratio
from casekit.world.story.scene import Scene
from casekit.world.story.scope import Scope

__all__ = [
    "Columns",
    "Measure",
    "count",
    "derived",
    "draw_columns",
    "price",
    "serial",
    "share",
    "spread",
    "whole",
]


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
        own = (*marks_of(scene, frame), *(frame[column] for column in self.cells))
        cells = Cells.of((shares, *own), len(frame))
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
        if self.least > self.most:
            scope.tell(where, name, f"lies between {self.least} and {self.most}; put the smaller one first")
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


MOST = 255  # counts are kept in one byte


@dataclass(frozen=True)
class Count:
    """How many: 0, 1, 2 and so on, with a mean."""

    mean: float
    heavy: bool
    most: int

    def declare(self, scope: Scope, _frame: str, where: str, name: str) -> Field:
        """Whole numbers from 0."""
        scope.check_over_nought(self.mean, where, name)
        if not self.mean < self.most <= MOST:
            scope.tell(where, name, f"has mean {self.mean:g} and most {self.most}: mean < most <= {MOST}")
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
