"""Who and what there is: the people of the world, what belongs to each, and what is history."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from casekit.world.calendar import day, second
from casekit.world.declare import NULL, DataType
from casekit.world.story.frames import Field, Frame, Whole
from casekit.world.story.measures import Columns, Measure, declare_columns, draw_columns
from casekit.world.story.row_twists import bend_rows
from casekit.world.story.scene import Scene
from casekit.world.story.scope import Scope
from casekit.world.story.where import matches
from casekit.world.timeline import order_by

__all__ = ["KEY_BITS", "Added", "Given", "Many", "Numbered", "Population", "keys_of", "numbers_of"]

KEY_BITS = 12  # up to 4,095 of one kind for each owner


@dataclass(frozen=True)
class Population:
    """
    The people (or accounts, or issues) of the world, as many as its size says.

    Attributes:
        columns: What belongs to each, in order; a later column may lean on an earlier one.
        number: Name of a column that numbers them from 1; empty for none.
        order: A column to put and number them in order by, for example ``created_at``; a column may lean
            on the number only when it is empty.
    """

    name: str
    columns: Columns = field(default_factory=dict)
    number: str = ""
    order: str = ""

    def declare(self, scope: Scope) -> None:
        """Adds the frame and its columns."""
        scope.add_frame(self.name, "", _number_field(self.number), self.name, fixed=True)
        declare_columns(scope, self.name, self.columns)
        if self.order:
            scope.field_of(self.name, self.order, self.name, "order")

    def play(self, scene: Scene) -> None:
        """Draws them, each by its place in the block."""
        frame = scene.frame(self.name, np.arange(scene.people))
        if self.order:
            draw_columns(scene, frame, self.columns)
            frame = scene.frames[self.name] = frame.taken(order_by(frame[self.order], frame.key))
        if self.number:
            frame.columns[self.number] = scene.number(len(frame))
        if not self.order:
            draw_columns(scene, frame, self.columns)


@dataclass(frozen=True)
class Many:
    """
    What belongs to each entity of another frame, none, one or several: users of an account, its invoices.

    Attributes:
        of: The frame they belong to.
        count: How many for each: a measure such as ``count(2.2)``, or the name of a column of *of*.
        where: Condition on the owners; the others have none.
        columns: What each has, in order. ``nth`` is there already: its place among its owner's, from 0.
        order: A column to put them in order by; they are in their owners' order otherwise.
        number: Name of a column that numbers them from 1, in that order; empty for none.
        at: A column of time: what would come outside the window never happens; all there when empty.
    """

    name: str
    of: str
    count: Measure | str
    columns: Columns = field(default_factory=dict)
    where: str = ""
    order: str = ""
    number: str = ""
    at: str = ""

    def declare(self, scope: Scope) -> None:
        """Adds the frame and its columns."""
        if isinstance(self.count, str):
            scope.field_of(self.of, self.count, self.name, "count")
        else:
            self.count.declare(scope, self.of, self.name, "count")
        scope.check_where(self.of, self.where, self.name)
        scope.add_frame(self.name, self.of, {"nth": Field("integer")}, self.name)
        declare_columns(scope, self.name, self.columns)
        for name, column in (("order", self.order), ("at", self.at)):
            if column:
                scope.field_of(self.name, column, self.name, name)
        for name, made in _number_field(self.number).items():
            scope.add_field(self.name, name, made, self.name)

    def play(self, scene: Scene) -> None:
        """Draws them owner by owner, then puts them in order."""
        owners = scene.frames[self.of]
        row, nth = numbers_of(scene, owners, self.count, self.where, self.name)
        frame = scene.children(self.name, self.of, row, keys_of(owners, row, nth))
        frame.columns["nth"] = nth
        draw_columns(scene, frame, self.columns)
        if self.at:
            at = frame[self.at]
            frame = frame.taken((at >= scene.scope.begin_s) & (at < scene.scope.end_s))
        if self.order:
            frame = frame.taken(order_by(frame[self.order], frame.key))
        frame = scene.frames[self.name] = bend_rows(scene, frame)
        if self.number:
            frame.columns[self.number] = scene.number(len(frame))


@dataclass(frozen=True)
class Given:
    """
    Rows that are history and the same in every world: releases, plans, targets.

    Attributes:
        columns: The type of each column.
        rows: One tuple a row; dates and moments as text, money in whole units of the currency, None for NULL.
        values: The values of a text column, where they are more than those that occur, or in another order.
        extra: Columns drawn for each row.
    """

    name: str
    columns: Mapping[str, DataType]
    rows: Sequence[tuple[Any, ...]]
    values: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    extra: Columns = field(default_factory=dict)

    def declare(self, scope: Scope) -> None:
        """Adds the frame and its columns."""
        fields = {name: Field(kind, self._texts(name, kind)) for name, kind in self.columns.items()}
        scope.add_frame(self.name, "", fields, self.name, once=True)
        for number, row in enumerate(self.rows, start=1):
            if len(row) != len(self.columns):
                scope.tell(
                    self.name, f"row {number}", f"has {len(row)} values for {len(self.columns)} columns"
                )
            for name, value in zip(self.columns, row, strict=False):
                self._check(scope, name, value, number)
        declare_columns(scope, self.name, self.extra)

    def play(self, scene: Scene) -> None:
        """Lays the rows out, and draws the extra columns."""
        frame = scene.frame(self.name, np.arange(len(self.rows)), once=True)
        for place, (name, kind) in enumerate(self.columns.items()):
            texts = self._texts(name, kind)
            frame.columns[name] = np.array([_stored(row[place], kind, texts) for row in self.rows])
        draw_columns(scene, frame, self.extra)
        scene.frames[self.name] = bend_rows(scene, frame)

    def _texts(self, name: str, kind: DataType) -> tuple[str, ...]:
        if kind != "text":
            return ()
        if name in self.values:
            return self.values[name]
        place = list(self.columns).index(name)
        return tuple(
            dict.fromkeys(row[place] for row in self.rows if len(row) > place and row[place] is not None)
        )

    def _check(self, scope: Scope, name: str, value: Any, number: int) -> None:
        kind = self.columns[name]
        try:
            _stored(value, kind, self._texts(name, kind))
        except (TypeError, ValueError):
            scope.tell(self.name, f"row {number}", f"has {value!r} in {name}, which holds {kind}")


@dataclass(frozen=True)
class Added:
    """
    More columns for a frame that is there already.

    Attributes:
        to: The frame.
        columns: What each of its entities gets, in order.
    """

    to: str
    columns: Columns

    def declare(self, scope: Scope) -> None:
        """Adds the columns."""
        if self.to not in scope.frames:
            scope.unknown(self.to, "to", "frame", self.to, scope.frames)
            return
        declare_columns(scope, self.to, self.columns)

    def play(self, scene: Scene) -> None:
        """Draws the columns."""
        draw_columns(scene, scene.frames[self.to], self.columns)


@dataclass(frozen=True)
class Numbered:
    """
    Numbers the entities of a frame from 1 in the order in which they first occur in another.

    Attributes:
        name: The column's name.
        of: The frame that is numbered; who never occurs gets 0.
        first_in: The frame whose order decides, for example the sessions.
    """

    name: str
    of: str
    first_in: str

    def declare(self, scope: Scope) -> None:
        """Adds the column."""
        scope.add_field(self.of, self.name, Field("integer"), self.name)
        if self.first_in not in scope.frames:
            scope.unknown(self.name, "first_in", "frame", self.first_in, scope.frames)

    def play(self, scene: Scene) -> None:
        """Gives the numbers."""
        frame = scene.frames[self.of]
        owners, first = np.unique(scene.frames[self.first_in].owner(self.of), return_index=True)
        numbers = np.zeros(len(frame), np.int64)
        numbers[owners[np.argsort(first)]] = scene.number(len(owners))
        frame.columns[self.name] = numbers


def numbers_of(
    scene: Scene, owners: Frame, count: Measure | str, where: str, name: str
) -> tuple[Whole, Whole]:
    """For everything the owners have: its owner's row, and its place among its owner's, from 0."""
    if isinstance(count, str):
        counts = owners[count].astype(np.int64)
    else:
        counts = count.draw(scene, owners, f"number of {name}").astype(np.int64)
    counts = np.where(matches(owners, where), counts, 0)
    if counts.max(initial=0) >= 1 << KEY_BITS:
        raise ValueError(f"one of {owners.name} has {counts.max():,} {name}; at most {(1 << KEY_BITS) - 1:,}")
    row = np.repeat(np.arange(len(owners)), counts)
    nth = np.arange(len(row))
    nth -= np.repeat(np.cumsum(counts) - counts, counts)
    return row, nth


def keys_of(owners: Frame, row: Whole, nth: Whole) -> Whole:
    """The key of each owner's *nth*."""
    key: Whole = owners.key[row]
    key <<= KEY_BITS
    key += nth
    return key


def _number_field(name: str) -> dict[str, Field]:
    return {name: Field("integer")} if name else {}


def _stored(value: Any, kind: DataType, texts: tuple[str, ...]) -> Any:
    """A value as the engine keeps it: a place, days, seconds or cents."""
    if kind == "text":
        return -1 if value is None else texts.index(value)
    if kind == "number":
        return float("nan") if value is None else float(value)
    if value is None:
        return NULL
    if kind == "timestamp":
        return second(value)
    if kind == "date":
        return day(value)
    return round(value * 100) if kind == "money" else int(value)
