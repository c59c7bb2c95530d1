"""What happens to rows on their way: lost, doubled, late, misdated, renamed, emptied."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, ClassVar

import numpy as np

from casekit.world.calendar import second, seconds_of
from casekit.world.declare import NULL
from casekit.world.quantiles import lognormal_nodes
from casekit.world.story.frames import Field, Frame, Mask, Whole
from casekit.world.story.parts import Twist, in_words
from casekit.world.story.scene import Scene
from casekit.world.story.scope import Scope
from casekit.world.story.where import matches

__all__ = [
    "Duplicates",
    "Late",
    "Lost",
    "Missing",
    "Outage",
    "PartialLoad",
    "Renamed",
    "WrongClock",
    "bend_rows",
]

COPY_BITS = 56  # the copies of a row have keys of their own, far from all others
ORIGINAL = (1 << COPY_BITS) - 1


def bend_rows(scene: Scene, frame: Frame) -> Frame:
    """The rows of a frame after every twist on it, in the order in which the story tells them."""
    for twist in scene.bending(RowTwist, frame.name):
        hit = twist.hit(scene, frame)
        scene.watch(twist, frame, hit)
        twist.write(scene, frame, hit)
        frame = twist.bend(scene, frame, hit) if hit.any() and scene.is_on(twist) else frame
    return frame


@dataclass(frozen=True, kw_only=True)
class RowTwist(Twist):
    """
    A share of the rows that meet a condition is touched, each by a coin of its own.

    Attributes:
        of: The frame of the rows, for example the events.
        where: Condition on them; all when empty.
        share: Which share of those is touched.
        by: A frame the rows belong to, however far up: exactly the share of its entities that meet the
            condition is touched, with all their rows: some phones rather than some events.
        clock: The column *since* and *until* are about.
        since: The first moment, until: the moment after the last; always when empty.
    """

    of: str
    where: str = ""
    share: float = 1.0
    by: str = ""
    clock: str = ""
    since: str = ""
    until: str = ""

    effect: ClassVar[str] = "touched"
    is_content: ClassVar[bool] = False  # about what a row says, so a copy says what its original says

    @property
    def target(self) -> str:
        """The frame."""
        return self.of

    def declare(self, scope: Scope) -> None:
        """Tells what is wrong with it."""
        scope.check_where(self.of, self.where, self.name)
        scope.check_share(self.share, self.name, "share")
        scope.window(self.since, self.until, self.name)
        if self.by and self.of in scope.frames and self.by not in scope.lineage(self.of):
            scope.unknown(self.name, "by", f"frame {self.of!r} belongs to", self.by, scope.lineage(self.of))
        elif self.by:
            scope.check_where(self.by, self.where, self.name)
        if self.clock:
            scope.field_of(self.of, self.clock, self.name, "clock")
        elif self.since or self.until:
            scope.tell(self.name, "clock", "name the column that since and until are about")

    def told(self) -> str:
        """For example ``40 % of events lost where platform=web, from 2025-04-15 12:00``."""
        rows = f"{self.of} of {100 * self.share:g} % of {self.by}" if self.by else ""
        effect = f"{rows or f'{100 * self.share:g} % of {self.of}'} {self.effect}"
        return in_words(effect, self.where, self.since, self.until, self.because)

    def exposed(self, scene: Scene, frame: Frame) -> Mask:
        """The rows it may touch."""
        met = matches(frame, self.where)
        if self.clock:
            begin, end = scene.scope.window(self.since, self.until, self.name)
            met &= (frame[self.clock] >= begin) & (frame[self.clock] < end)
        return met

    def hit(self, scene: Scene, frame: Frame) -> Mask:
        """The rows it touches."""
        met = self.exposed(scene, frame)
        if self.by:
            met &= self._chosen(scene, scene.frames[self.by])[frame.owner(self.by)]
        elif self.share < 1:
            keys = frame.key & ORIGINAL if self.is_content else frame.key
            met = scene.draws.coin_where(self.name, keys, self.share, met)
        return met

    def _chosen(self, scene: Scene, owners: Frame) -> Mask:
        """The owners it touches."""
        met = matches(owners, self.where)
        chosen: Mask = met & scene.draws.quota(self.name, owners.key, met, np.where(met, self.share, 0.0))
        return chosen

    def bend(self, scene: Scene, frame: Frame, hit: Mask) -> Frame:
        """The frame afterwards."""
        raise NotImplementedError

    def write(self, scene: Scene, frame: Frame, hit: Mask) -> None:
        """Its line of the ledger: how many rows were touched of those exposed."""
        exposed = self.exposed(scene, frame).sum()
        scene.write(self, f"{self.of} {self.effect}", exposed, 0, hit.sum())


@dataclass(frozen=True, kw_only=True)
class Lost(RowTwist):
    """Rows that never arrive."""

    kind: ClassVar[str] = "loss"
    effect: ClassVar[str] = "lost"

    def bend(self, _scene: Scene, frame: Frame, hit: Mask) -> Frame:
        """The rows that are left."""
        return frame.taken(~hit)

    def write(self, scene: Scene, frame: Frame, hit: Mask) -> None:
        """How many rows there would be, and are, of those exposed."""
        exposed = self.exposed(scene, frame).sum()
        scene.write(self, self.of, exposed, exposed, exposed - hit.sum())


@dataclass(frozen=True, kw_only=True)
class Outage(Lost):
    """Tracking that is down: what happened in the window left no event, everything else goes on."""

    kind: ClassVar[str] = "outage"


@dataclass(frozen=True, kw_only=True)
class PartialLoad(Lost):
    """A load that broke off: what arrived in the window is not in the table."""

    kind: ClassVar[str] = "partial load"


@dataclass(frozen=True, kw_only=True)
class Duplicates(RowTwist):
    """
    Rows that are there twice.

    Attributes:
        later: By column: the copy comes later by a median time, for example ``{"server_ts": "10m"}``.
        sets: By column: what the copy has instead, for example ``{"source": "backfill"}``.
        fresh: Columns of numbers that are new for the copy, such as the id of a delivery.
    """

    later: Mapping[str, str] = field(default_factory=dict)
    sets: Mapping[str, str] = field(default_factory=dict)
    fresh: tuple[str, ...] = ()

    kind: ClassVar[str] = "duplicates"
    effect: ClassVar[str] = "doubled"
    sigma: ClassVar[float] = 1.0
    fresh_from: ClassVar[int] = 5_000_000

    def declare(self, scope: Scope) -> None:
        """Tells what is wrong with it."""
        super().declare(scope)
        for column, span in self.later.items():
            scope.field_of(self.of, column, self.name, "later")
            scope.check_span(span, self.name, "later")
        for column, value in self.sets.items():
            known = scope.field_of(self.of, column, self.name, "sets")
            if known is not None and known.type == "text":
                scope.check_values(known, [value], self.name, "sets")
        for column in self.fresh:
            scope.field_of(self.of, column, self.name, "fresh")

    def bend(self, scene: Scene, frame: Frame, hit: Mask) -> Frame:
        """All rows, then the copies."""
        copies = frame.taken(hit)
        copies.key = copies.key + (1 << COPY_BITS)
        for column, span in self.later.items():
            nodes = lognormal_nodes(seconds_of(span), self.sigma)
            delay = scene.draws.quantile(f"{self.name}: {column}", copies.key, nodes)
            copies.columns[column] = copies[column] + delay
        for column, value in self.sets.items():
            copies.columns[column] = np.full(len(copies), code_of(frame.field_of(column), value))
        for column in self.fresh:
            copies.columns[column] = copies[column] + self.fresh_from
        return stacked(frame, copies)

    def write(self, scene: Scene, frame: Frame, hit: Mask) -> None:
        """How many rows there would be, and are, of those exposed."""
        exposed = self.exposed(scene, frame).sum()
        scene.write(self, self.of, exposed, exposed, exposed + hit.sum())


@dataclass(frozen=True, kw_only=True)
class Late(RowTwist):
    """
    Rows that arrive long after they were sent, out of order.

    Attributes:
        column: The time of arrival.
        delay: Least and greatest delay, all equally likely, for example ``("6h", "5d")``.
    """

    column: str
    delay: tuple[str, str]

    kind: ClassVar[str] = "late arrival"
    effect: ClassVar[str] = "late"

    def declare(self, scope: Scope) -> None:
        """Tells what is wrong with it."""
        super().declare(scope)
        scope.field_of(self.of, self.column, self.name, "column")
        for span in self.delay:
            scope.check_span(span, self.name, "delay")

    def bend(self, scene: Scene, frame: Frame, hit: Mask) -> Frame:
        """The rows with their new times of arrival."""
        low, high = (seconds_of(span) for span in self.delay)
        return changed(frame, self.column, hit, lambda rows, key: rows + self._delay(scene, key, low, high))

    def _delay(self, scene: Scene, key: Whole, low: int, high: int) -> Whole:
        return scene.draws.whole(f"{self.name}: delay", key, low, high)


@dataclass(frozen=True, kw_only=True)
class Overwritten(RowTwist):
    """
    Rows in which one column holds something else.

    Attributes:
        column: Which.
        to: What it holds instead; empty for NULL.
    """

    column: str
    to: str = ""

    effect: ClassVar[str] = "overwritten"
    is_content: ClassVar[bool] = True

    def declare(self, scope: Scope) -> None:
        """Tells what is wrong with it."""
        super().declare(scope)
        known = scope.field_of(self.of, self.column, self.name, "column")
        if known is not None and known.type == "text" and known.values and self.to:
            scope.check_values(known, [self.to], self.name, "to")

    def bend(self, _scene: Scene, frame: Frame, hit: Mask) -> Frame:
        """The rows afterwards."""
        value = code_of(frame.field_of(self.column), self.to)
        return changed(frame, self.column, hit, lambda rows, _key: np.full(len(rows), value))


@dataclass(frozen=True, kw_only=True)
class WrongClock(Overwritten):
    """Devices whose clock shows another time, for example 1970."""

    kind: ClassVar[str] = "wrong clock"
    effect: ClassVar[str] = "misdated"


@dataclass(frozen=True, kw_only=True)
class Renamed(Overwritten):
    """Events that are sent under another name, for example from a release on."""

    kind: ClassVar[str] = "renamed event"
    effect: ClassVar[str] = "renamed"


@dataclass(frozen=True, kw_only=True)
class Missing(Overwritten):
    """Rows in which a column is NULL that should not be."""

    kind: ClassVar[str] = "missing value"
    effect: ClassVar[str] = "without a value"


def changed(frame: Frame, column: str, hit: Mask, of: Any) -> Frame:
    """The frame with other values of one column in the rows hit."""
    values = frame[column].copy()
    values[hit] = of(values[hit], frame.key[hit])
    return replace(frame, columns={**frame.columns, column: values})


def code_of(known: Field, value: str) -> int:
    """How the engine keeps a value: its place, or its second; NULL for an empty one."""
    if known.type == "text" and known.values:
        return known.values.index(value) if value else -1
    return second(value) if value else NULL


def stacked(first: Frame, second_one: Frame) -> Frame:
    """The rows of one frame, then those of another of the same kind."""
    names = first.columns.keys() | second_one.columns.keys()
    columns = {name: np.concatenate([first[name], second_one[name]]) for name in sorted(names)}
    row = None if first.row is None else np.concatenate([first.row, second_one.row])
    key = np.concatenate([first.key, second_one.key])
    return replace(first, key=key, columns=columns, row=row)
