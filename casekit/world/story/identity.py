"""Who was it: the devices people use, when each was first known, and tablets that two people share."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import ClassVar

import numpy as np

from casekit.world.calendar import seconds_of
from casekit.world.declare import NULL
from casekit.world.quantiles import lognormal_nodes
from casekit.world.story.frames import Field, Frame, Mask, Whole
from casekit.world.story.measures import Columns, declare_columns, draw_columns
from casekit.world.story.parts import Twist, in_words
from casekit.world.story.scene import Scene
from casekit.world.story.scope import Scope
from casekit.world.story.where import matches
from casekit.world.timeline import order_by

__all__ = ["First", "Guests", "Shared", "Through"]

TWISTS_BITS = 3  # up to 8 kinds of guests on one device


@dataclass(frozen=True)
class Through:
    """
    Lets each entity of a frame belong to one of the things its owner has: a session to a device.

    From then on the entity knows the columns of the device, and through it those of the owner.

    Attributes:
        of: The frame, for example the sessions of people.
        via: A frame of the same owners, for example their devices.
        nth: The column of *of* that says which of them, from 0; one beyond the last is the last.
    """

    of: str
    via: str
    nth: str

    def declare(self, scope: Scope) -> None:
        """Moves the frame below *via*."""
        scope.field_of(self.of, self.nth, self.of, "nth")
        if self.of not in scope.frames:
            return
        if self.via not in scope.frames:
            scope.unknown(self.of, "via", "frame", self.via, scope.frames)
            return
        known = scope.frames[self.of]
        if scope.frames[self.via].parent != known.parent:
            scope.tell(self.of, "via", f"{self.via!r} and {self.of!r} must belong to the same frame")
            return
        scope.frames[self.of] = replace(known, parent=self.via)

    def play(self, scene: Scene) -> None:
        """Finds the thing each entity belongs to."""
        frame, via = scene.frames[self.of], scene.frames[self.via]
        owners, theirs = _rows(via), _rows(frame)
        order = np.argsort(owners, kind="stable")
        first = np.searchsorted(owners[order], theirs, side="left")
        last = np.searchsorted(owners[order], theirs, side="right") - 1
        if (last < first).any():
            raise ValueError(f"an owner of {self.of} has none of {self.via}")
        frame.row = order[np.minimum(first + frame[self.nth], last)]
        frame.parent = via


@dataclass(frozen=True)
class First:
    """
    Adds a moment to a frame: that of the first of its rows in another frame; NULL where there is none.

    Attributes:
        name: The column's name.
        of: The frame that gets it, for example the people.
        first_in: The frame whose rows belong to it, however far down, for example what they do.
        at: The column of *first_in* that says when.
        where: Condition on those rows.
    """

    name: str
    of: str
    first_in: str
    at: str
    where: str = ""

    def declare(self, scope: Scope) -> None:
        """Adds the column."""
        scope.field_of(self.first_in, self.at, self.name, "at")
        scope.check_where(self.first_in, self.where, self.name)
        scope.add_field(self.of, self.name, Field("timestamp"), self.name)
        if self.of not in scope.lineage(self.first_in):
            scope.tell(self.name, "first_in", f"{self.first_in!r} does not belong to {self.of!r}")

    def play(self, scene: Scene) -> None:
        """Finds the first row of each."""
        frame, rows = scene.frames[self.of], scene.frames[self.first_in]
        met = matches(rows, self.where)
        never = np.iinfo(np.int64).max
        first = np.full(len(frame), never)
        np.minimum.at(first, rows.owner(self.of)[met], rows[self.at][met])
        frame.columns[self.name] = np.where(first == never, NULL, first)


@dataclass(frozen=True)
class Guests:
    """
    Sessions of other people on the devices of a frame, one for each device a ``Shared`` twist touches.

    A guest is somebody who signed up before. The frame belongs to the devices, so platform and versions
    are the device's; the columns it *takes* are the guest's, and ``guest`` is the guest's row among the
    people. The devices get a yes-or-no column called as the twist.

    Attributes:
        of: The devices.
        people: The frame of those who own them, and of those who are guests.
        since: The devices' column that says when their owner was known there first.
        signed: The people's column that says when each signed up; NULL: never.
        takes: Columns of the people a guest brings along, for example the number of the user.
        columns: What else each session has.
        at: Name of the column that says when the guest logs in.
    """

    name: str
    of: str
    people: str
    since: str
    signed: str
    takes: tuple[str, ...]
    columns: Columns = field(default_factory=dict)
    at: str = "linked_at"

    def declare(self, scope: Scope) -> None:
        """Adds the frame and its columns."""
        scope.field_of(self.of, self.since, self.name, "since")
        scope.field_of(self.people, self.signed, self.name, "signed")
        taken = {column: scope.field_of(self.people, column, self.name, "takes") for column in self.takes}
        own = {column: known for column, known in taken.items() if known is not None}
        fields = {self.at: Field("timestamp"), "guest": Field("integer"), **own}
        scope.add_frame(self.name, self.of, fields, self.name)
        declare_columns(scope, self.name, self.columns)
        if self.of in scope.frames and self.people not in scope.lineage(self.of):
            scope.tell(self.name, "people", f"{self.of!r} do not belong to {self.people!r}")

    def play(self, scene: Scene) -> None:
        """Draws the guests of every twist, in the order of time."""
        devices = scene.frames[self.of]
        found = [
            self._visits(scene, devices, nth, twist)
            for nth, twist in enumerate(scene.bending(Shared, self.name))
        ]
        row, key, at, guest = (np.concatenate(parts) for parts in zip(_NOBODY, *found, strict=True))
        order = order_by(at, key)
        frame = scene.children(self.name, self.of, row[order], key[order])
        frame.columns |= {self.at: at[order], "guest": guest[order]}
        for column in self.takes:
            frame.columns[column] = scene.frames[self.people][column][guest[order]]
        draw_columns(scene, frame, self.columns)

    def _visits(self, scene: Scene, devices: Frame, nth: int, twist: Shared) -> tuple[Whole, ...]:
        """Device, key, moment and guest of each visit a twist brings; none when it is off."""
        known = devices[self.since] != NULL
        at = devices[self.since] + twist.delay(scene, devices)
        guest = self._guest(scene, devices, twist, at)
        chosen = known & twist.touched(scene, devices, known)
        chosen &= (guest >= 0) & (at < scene.scope.end_s)
        scene.write(twist, self.name, (known & (at < scene.scope.end_s)).sum(), 0, chosen.sum())
        devices.columns[twist.name] = chosen & scene.is_on(twist)
        row = np.flatnonzero(devices.columns[twist.name])
        return row, (devices.key[row] << TWISTS_BITS) + nth, at[row], guest[row]

    def _guest(self, scene: Scene, devices: Frame, twist: Shared, at: Whole) -> Whole:
        """For each device the row of somebody else who has signed up by then; -1 when there is nobody."""
        signed = scene.frames[self.people][self.signed]
        by_sign_up = np.flatnonzero(signed != NULL)
        by_sign_up = by_sign_up[order_by(signed[by_sign_up])]
        among = np.searchsorted(signed[by_sign_up], at, side="right")
        owner = devices.owner(self.people)
        place = scene.draws.whole(f"{twist.name}: guest", devices.key, 0, (1 << 31) - 1)
        guest = _at(by_sign_up, place % np.maximum(among, 1))
        other = _at(by_sign_up, (place + 1) % np.maximum(among, 1))
        guest = np.where(guest == owner, other, guest)
        return np.where((among > 0) & (guest != owner), guest, -1)


@dataclass(frozen=True, kw_only=True)
class Shared(Twist):
    """
    Devices that two people use: some time after its owner, somebody else logs in on it.

    Attributes:
        of: The frame of ``Guests``.
        share: Which share of the devices whose owner is known.
        after: How long after its owner, at the median, and *sigma* the spread of that.
    """

    of: str
    share: float
    after: str = "9d"
    sigma: float = 0.0

    kind: ClassVar[str] = "shared device"

    @property
    def target(self) -> str:
        """The frame of guests."""
        return self.of

    def declare(self, scope: Scope) -> None:
        """Tells what is wrong with it."""
        scope.check_share(self.share, self.name, "share")
        scope.check_span(self.after, self.name, "after")
        if self.sigma < 0:
            scope.tell(self.name, "sigma", f"has the spread {self.sigma!r}; it cannot be negative")
        if self.of not in scope.frames:
            scope.unknown(self.name, "of", "frame", self.of, scope.frames)
        elif scope.frames[self.of].parent in scope.frames:
            scope.add_field(scope.frames[self.of].parent, self.name, Field("boolean"), self.name)

    def told(self) -> str:
        """For example ``4 % of known devices get a second user 9d later``."""
        effect = f"{100 * self.share:g} % of known devices get a second user {self.after} later"
        return in_words(effect, "", "", "", self.because)

    def delay(self, scene: Scene, devices: Frame) -> Whole:
        """Seconds from the owner's log-in to the guest's, of each device."""
        nodes = lognormal_nodes(seconds_of(self.after), self.sigma)
        return scene.draws.quantile(f"{self.name}: after", devices.key, nodes)

    def touched(self, scene: Scene, devices: Frame, known: Mask) -> Mask:
        """Which devices it touches: exactly the share of those known."""
        return scene.draws.quota(self.name, devices.key, known, np.where(known, self.share, 0.0))


_NOBODY = (np.zeros(0, np.int64),) * 4


def _at(rows: Whole, place: Whole) -> Whole:
    """What stands at each place; -1 where there is nothing to choose from."""
    return rows[place] if len(rows) else np.full(len(place), -1)


def _rows(frame: Frame) -> Whole:
    if frame.row is None:
        raise ValueError(f"{frame.name} belongs to nobody")
    return frame.row
