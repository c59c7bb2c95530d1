"""What happens to rows on their way: they are lost, or there twice."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import ClassVar

import numpy as np

from casekit.world.calendar import seconds_of
from casekit.world.quantiles import lognormal_nodes
from casekit.world.story.codes import check_code, code_of
from casekit.world.story.frames import Frame, Mask
from casekit.world.story.marks import hanging
from casekit.world.story.parts import Twist, in_words
from casekit.world.story.scene import Scene
from casekit.world.story.scope import Scope
from casekit.world.story.where import matches

__all__ = [
    "Duplicates",
    "Lost",
    "Outage",
    "PartialLoad",
    "RowTwist",
    "bend_rows",
]

COPY_BITS = 56  # the copies of a row have keys of their own, far from all others
ORIGINAL = (1 << COPY_BITS) - 1
MOST_COPIES = 7  # and so have those of each of up to seven twists


def bend_rows(scene: Scene, frame: Frame) -> Frame:
    """The rows of a frame after every twist on it, in the order in which the story tells them."""
    for twist in scene.bending(RowTwist, frame.name):
        hit = twist.hit(scene, frame)
        frame.columns[hanging(twist.name)] = twist.hangs(hit)
        scene.watch(twist, frame, hit)
        twist.write(scene, frame, hit)
        frame = twist.bend(scene, frame, hit) if scene.is_on(twist) and hit.any() else frame
    return frame


@dataclass(frozen=True, kw_only=True)
class RowTwist(Twist):
    """
    A share of the rows that meet a condition is touched, each by a coin of its own.

    Attributes:
        of: The frame of the rows, for example the events.
        where: Condition on them; all when empty.
        share: Which share of those is touched.
        by: A frame the rows belong to, however far up: exactly the share of its entities that meet *whose*
            is touched, with all their rows that meet *where*: some phones rather than some events.
        whose: Condition on those; *where* when empty.
        clock: The column *since* and *until* are about.
        since: The first moment, until: the moment after the last; always when empty.
    """

    of: str
    where: str = ""
    share: float = 1.0
    by: str = ""
    whose: str = ""
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
        if self.of not in scope.frames:
            scope.unknown(self.name, "of", "frame", self.of, scope.frames)
        elif scope.frames[self.of].fixed:
            scope.tell(
                self.name, "of", f"is {self.of!r}; others hang on its rows, so bend what belongs to it"
            )
        else:
            self.check(scope)
        scope.check_share(self.share, self.name, "share")
        scope.window(self.since, self.until, self.name)
        if not self.clock and (self.since or self.until):
            scope.tell(self.name, "clock", "name the column that since and until are about")

    def check(self, scope: Scope) -> None:
        """Tells what is wrong with its words on the frame, which is there."""
        scope.check_where(self.of, self.where, self.name)
        if self.by and self.by not in scope.lineage(self.of):
            scope.unknown(self.name, "by", f"frame {self.of!r} belongs to", self.by, scope.lineage(self.of))
        elif self.by:
            scope.check_where(
                self.by, self.whose or self.where, self.name, "whose" if self.whose else "where"
            )
        if self.clock:
            scope.field_of(self.of, self.clock, self.name, "clock")

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
            return met & self._chosen(scene, scene.frames[self.by])[frame.owner(self.by)]
        if self.share == 1:
            return met
        keys = frame.key & ORIGINAL if self.is_content else frame.key
        return scene.draws.coin_where(self.name, keys, self.share, met)

    def _chosen(self, scene: Scene, owners: Frame) -> Mask:
        """The owners it touches."""
        met = matches(owners, self.whose or self.where)
        chosen: Mask = met & scene.draws.quota(self.name, owners.key, met, np.where(met, self.share, 0.0))
        return chosen

    def bend(self, scene: Scene, frame: Frame, hit: Mask) -> Frame:
        """The frame afterwards."""
        raise NotImplementedError

    def hangs(self, hit: Mask) -> Mask:
        """The rows that are there, or are what they are, because of it."""
        return hit

    def write(self, scene: Scene, frame: Frame, hit: Mask) -> None:
        """Its line of the ledger: how many rows were touched of those exposed."""
        scene.write(self, f"{self.of} {self.effect}", self.exposed(scene, frame).sum(), 0, hit.sum())

    def touched(self, scene: Scene, frame: Frame) -> Frame:
        """The frame when every row of it is touched."""
        return self.bend(scene, frame, np.ones(len(frame), np.bool_))

    def followed(self, scene: Scene, frame: Frame) -> Frame:
        """
        What the twists that come later make of some rows.

        Each touches a row by its key and its values alone, never by its company. So some rows can be
        followed to the end without the others, and the ledger counts what is there then.
        """
        twists = list(scene.bending(RowTwist, self.of))
        for twist in filter(scene.is_on, twists[twists.index(self) + 1 :]):
            hit = twist.hit(scene, frame)
            frame = twist.bend(scene, frame, hit) if hit.any() else frame
        return frame


@dataclass(frozen=True, kw_only=True)
class Counted(RowTwist):
    """A twist after which there are fewer rows, or more."""

    def write(self, scene: Scene, frame: Frame, hit: Mask) -> None:
        """
        Its line of the ledger: how many rows there would be, and are, of those exposed.

        Both are counted after the twists that come later, which may take or double the same rows.
        """
        exposed, rows = self.exposed(scene, frame), frame.taken(hit)
        base = len(self.followed(scene, frame.taken(exposed)))
        moved = len(self.followed(scene, self.touched(scene, rows))) - len(self.followed(scene, rows))
        scene.write(self, self.of, exposed.sum(), base, base + moved)


@dataclass(frozen=True, kw_only=True)
class Lost(Counted):
    """Rows that never arrive."""

    kind: ClassVar[str] = "loss"
    effect: ClassVar[str] = "lost"

    def bend(self, _scene: Scene, frame: Frame, hit: Mask) -> Frame:
        """The rows that are left."""
        return frame.taken(~hit)


@dataclass(frozen=True, kw_only=True)
class Outage(Lost):
    """Tracking that is down: what happened in the window left no event, everything else goes on."""

    kind: ClassVar[str] = "outage"


@dataclass(frozen=True, kw_only=True)
class PartialLoad(Lost):
    """A load that broke off: what arrived in the window is not in the table."""

    kind: ClassVar[str] = "partial load"


@dataclass(frozen=True, kw_only=True)
class Duplicates(Counted):
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

    def check(self, scope: Scope) -> None:
        """Tells what is wrong with it."""
        super().check(scope)
        for column, span in self.later.items():
            scope.field_of(self.of, column, self.name, "later")
            scope.check_span(span, self.name, "later")
        for column, value in self.sets.items():
            check_code(scope, scope.field_of(self.of, column, self.name, "sets"), value, self.name, "sets")
        for column in self.fresh:
            scope.field_of(self.of, column, self.name, "fresh")

    def hangs(self, hit: Mask) -> Mask:
        """None yet: the copies do, when they are made."""
        return np.zeros_like(hit)

    def bend(self, scene: Scene, frame: Frame, hit: Mask) -> Frame:
        """All rows, then the copies."""
        frame.columns.setdefault(hanging(self.name), self.hangs(hit))
        copies = frame.taken(hit)
        copies.columns[hanging(self.name)] = np.ones(len(copies), np.bool_)
        nth = [one.name for one in scene.bending(Duplicates, self.of)].index(self.name)
        copies.key = copies.key + (1 << COPY_BITS + nth % MOST_COPIES)
        for column, span in self.later.items():
            nodes = lognormal_nodes(seconds_of(span), self.sigma)
            delay = scene.draws.quantile(f"{self.name}: {column}", copies.key, nodes)
            copies.columns[column] = copies[column] + delay
        for column, value in self.sets.items():
            copies.columns[column] = np.full(len(copies), code_of(frame.field_of(column), value))
        for column in self.fresh:
            copies.columns[column] = copies[column] + self.fresh_from * (1 + nth)
        return stacked(frame, copies)


def stacked(first: Frame, second_one: Frame) -> Frame:
    """The rows of one frame, then those of another of the same kind."""
    names = first.columns.keys() | second_one.columns.keys()
    columns = {name: np.concatenate([first[name], second_one[name]]) for name in sorted(names)}
    row = None if first.row is None else np.concatenate([first.row, second_one.row])
    key = np.concatenate([first.key, second_one.key])
    return replace(first, key=key, columns=columns, row=row)
