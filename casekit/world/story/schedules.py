"""What recurs: things planned every so many days that slip, and things that come now and then."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import ClassVar

import numpy as np

from casekit.world.calendar import DAY_S, day
from casekit.world.story.frames import Field, Frame, Mask, Whole
from casekit.world.story.measures import Columns, declare_columns, draw_columns
from casekit.world.story.parts import Twist, in_words
from casekit.world.story.people import KEY_BITS
from casekit.world.story.row_twists import bend_rows
from casekit.world.story.scene import Scene
from casekit.world.story.scope import Scope
from casekit.world.story.visits import EVEN_HOURS, Decoy, MixShift
from casekit.world.story.where import matches

__all__ = ["Replanned", "Schedule", "Sporadic"]

STRETCH_BITS = 6  # up to 64 stretches of days that twists cut the window into
MONTH_DAYS = 30


@dataclass(frozen=True)
class Schedule:
    """
    What each entity of another frame does every so many days: releases, invoices, reviews.

    The rows have ``nth`` (from 0 for each owner), the two dates, and the moment it really happened. What
    would happen after the window's end is not there.

    Attributes:
        of: The frame of the owners, for example the squads.
        every: Days from one to the next.
        first: The first planned day of all; the window's when empty.
        apart: The owners' first days lie up to so many days later, each its own.
        slips: How many days late, and the share of each: ``{0: .6, 2: .4}``. Dealt, so the shares are exact.
        hours: Whole-number weights of the 24 hours at which it happens.
        planned: Name of the column of the date first planned.
        plan: Name of the column of the date now planned; the same until somebody plans anew.
        at: Name of the column of the moment it happened.
        columns: What else each has.
    """

    name: str
    of: str
    every: int
    first: str = ""
    apart: int = 0
    slips: Mapping[int, float] = field(default_factory=lambda: {0: 1.0})
    hours: Sequence[int] = EVEN_HOURS
    planned: str = "original_planned_date"
    plan: str = "planned_date"
    at: str = "happened_at"
    columns: Columns = field(default_factory=dict)

    def declare(self, scope: Scope) -> None:
        """Adds the frame and its columns."""
        scope.check_over_nought(self.every, self.name, "every")
        scope.window(self.first, "", self.name)
        if self.apart < 0 or min(self.slips, default=0) < 0:
            scope.tell(self.name, "slips", "and apart are days from 0 up; nothing happens before its day")
        if any(share < 0 for share in self.slips.values()) or not math.fsum(self.slips.values()) > 0:
            scope.tell(self.name, "slips", "needs shares of 0 or more that do not sum to nothing")
        _check_hours(scope, self.name, self.hours)
        dates = {self.planned: Field("date"), self.plan: Field("date"), self.at: Field("timestamp")}
        scope.add_frame(self.name, self.of, {"nth": Field("integer"), **dates}, self.name)
        scope.schedules.append(self.name)
        declare_columns(scope, self.name, self.columns)

    def play(self, scene: Scene) -> None:
        """Lays out the plan owner by owner, and lets it slip."""
        owners = scene.frames[self.of]
        first = day(self.first) if self.first else scene.scope.begin_s // DAY_S
        lead = first + scene.draws.whole(f"{self.name}: first day", owners.key, 0, self.apart)
        end = scene.scope.end_s // DAY_S
        counts = np.maximum(-((lead - end) // self.every), 0)
        row = np.repeat(np.arange(len(owners)), counts)
        nth = np.arange(len(row)) - np.repeat(np.cumsum(counts) - counts, counts)
        key = (owners.key[row] << KEY_BITS) + nth
        due = lead[row] + nth * self.every
        self._happen(scene, row, key, nth, due)

    def _happen(self, scene: Scene, row: Whole, key: Whole, nth: Whole, due: Whole) -> None:
        slip = scene.draws.deal(f"{self.name}: slip", key, (), list(self.slips.values()))
        days = due + np.array(list(self.slips))[slip]
        at = days * DAY_S + scene.draws.second_of_day(f"{self.name}: hour", key, self.hours)
        seen = at < scene.scope.end_s
        frame = scene.children(self.name, self.of, row[seen], key[seen])
        frame.columns |= {"nth": nth[seen], self.planned: due[seen], self.plan: due[seen], self.at: at[seen]}
        for twist in scene.bending(Replanned, self.name):
            twist.bend(scene, frame, self)
        draw_columns(scene, frame, self.columns)
        scene.frames[self.name] = bend_rows(scene, frame)


@dataclass(frozen=True)
class Sporadic:
    """
    What happens to each entity of another frame now and then: hotfixes, incidents, complaints.

    Each owner has as many as *a_month* says, rounded, at moments of their own; ``MixShift`` and ``Decoy``
    make it more or fewer for a time. The rows have ``nth`` and the moment.

    Attributes:
        of: The frame of the owners.
        a_month: How many for each owner in 30 days.
        hours: Whole-number weights of the 24 hours at which it happens.
        at: Name of the column of the moment.
        columns: What else each has.
    """

    name: str
    of: str
    a_month: float
    hours: Sequence[int] = EVEN_HOURS
    at: str = "happened_at"
    columns: Columns = field(default_factory=dict)

    def declare(self, scope: Scope) -> None:
        """Adds the frame and its columns."""
        scope.check_over_nought(self.a_month, self.name, "a_month")
        _check_hours(scope, self.name, self.hours)
        own = {"nth": Field("integer"), self.at: Field("timestamp")}
        scope.add_frame(self.name, self.of, own, self.name)
        scope.sources[self.name] = ""
        declare_columns(scope, self.name, self.columns)

    def play(self, scene: Scene) -> None:
        """Draws them stretch by stretch: the days between two changes of how many there are."""
        owners = scene.frames[self.of]
        parts = [self._stretch(scene, owners, *one) for one in enumerate(self._stretches(scene))]
        row, key, nth, at = (np.concatenate(part) for part in zip(*parts, strict=True))
        frame = scene.children(self.name, self.of, row, key)
        frame.columns |= {"nth": nth, self.at: at}
        for twist in self._twists(scene):
            self._tell(scene, frame, twist, owners)
        draw_columns(scene, frame, self.columns)
        scene.frames[self.name] = bend_rows(scene, frame)

    def _twists(self, scene: Scene) -> Iterator[MixShift | Decoy]:
        yield from scene.bending(MixShift, self.name)
        yield from scene.bending(Decoy, self.name)

    def _stretches(self, scene: Scene) -> list[tuple[int, int]]:
        """First and last day of each stretch in which no twist begins or ends, on or off."""
        first, last = scene.scope.begin_s // DAY_S, scene.scope.end_s // DAY_S
        cuts = {first, last}
        for twist in self._twists(scene):
            cuts |= {one // DAY_S for one in scene.scope.window(twist.since, twist.until, twist.name)}
        inside = sorted(cut for cut in cuts if first <= cut <= last)
        return list(pairwise(inside))

    def _count(self, scene: Scene, days: tuple[int, int], off: frozenset[str]) -> int:
        """How many each owner has in a stretch without the twists in *off*."""
        expected = self.a_month * (days[1] - days[0]) / MONTH_DAYS
        for twist in self._twists(scene):
            if twist.name not in off:
                expected *= _factor(scene, twist, days[0])
        return round(expected)

    def _stretch(
        self, scene: Scene, owners: Frame, place: int, days: tuple[int, int]
    ) -> tuple[Whole, Whole, Whole, Whole]:
        count = self._count(scene, days, scene.off)
        row, nth = np.repeat(np.arange(len(owners)), count), np.tile(np.arange(count), len(owners))
        key = (((owners.key[row] << STRETCH_BITS) + place) << KEY_BITS) + nth
        on = scene.draws.whole(f"{self.name}: day", key, days[0], days[1] - 1)
        at = on * DAY_S + scene.draws.second_of_day(f"{self.name}: hour", key, self.hours)
        return row, key, nth, at

    def _tell(self, scene: Scene, frame: Frame, twist: MixShift | Decoy, owners: Frame) -> None:
        """Marks what is there because of a twist, the last of its stretch, and writes what it did."""
        others, touched, base, actual = scene.off - {twist.name}, 0, 0, 0
        marked = np.zeros(len(frame), np.bool_)
        for place, days in enumerate(self._stretches(scene)):
            without = self._count(scene, days, others | {twist.name})
            stretch = (frame.key >> KEY_BITS) & ((1 << STRETCH_BITS) - 1) == place
            marked |= stretch & (frame["nth"] >= min(without, self._count(scene, days, others)))
            if _factor(scene, twist, days[0]) != 1:
                touched += len(owners) * without
                base += len(owners) * without
                actual += len(owners) * self._count(scene, days, others)
        frame.columns[twist.name] = marked
        scene.write(twist, self.name, touched, base, actual)


@dataclass(frozen=True, kw_only=True)
class Replanned(Twist):
    """
    Plans that follow what happened: what is late gets the day it really happened as its planned date.

    The date first planned stays. Leaves a yes-or-no column of its name: whose plan was moved.

    Attributes:
        of: The schedule.
        share: Which share of the late ones, exactly.
        where: Condition on them; all when empty.
        since: The first day first planned, until: the day after the last; always when empty.
    """

    of: str
    share: float = 1.0
    where: str = ""
    since: str = ""
    until: str = ""

    kind: ClassVar[str] = "re-planned dates"

    @property
    def target(self) -> str:
        """The schedule."""
        return self.of

    def declare(self, scope: Scope) -> None:
        """Tells what is wrong with it, and adds its column."""
        scope.check_share(self.share, self.name, "share")
        scope.window(self.since, self.until, self.name)
        if self.of not in scope.schedules:
            scope.unknown(self.name, "of", "schedule", self.of, scope.schedules)
            return
        scope.check_where(self.of, self.where, self.name)
        scope.add_field(self.of, self.name, Field("boolean"), self.name)

    def told(self) -> str:
        """For example ``80 % of late scheduled re-planned to the day they happened``."""
        effect = f"{100 * self.share:g} % of late {self.of} re-planned to the day they happened"
        return in_words(effect, self.where, self.since, self.until, self.because)

    def bend(self, scene: Scene, frame: Frame, schedule: Schedule) -> None:
        """Moves the plans, marks whose, and writes how many."""
        late = self._late(scene, frame, schedule)
        moved = scene.draws.quota(self.name, frame.key, late, np.where(late, self.share, 0.0))
        frame.columns[self.name] = moved
        if scene.is_on(self):
            happened = frame[schedule.at] // DAY_S
            frame.columns[schedule.plan] = np.where(moved, happened, frame[schedule.plan])
        scene.write(self, f"{self.of} with a moved plan", late.sum(), 0, moved.sum())

    def _late(self, scene: Scene, frame: Frame, schedule: Schedule) -> Mask:
        begin, end = scene.scope.window(self.since, self.until, self.name)
        due = frame[schedule.planned]
        late = (frame[schedule.at] // DAY_S > due) & matches(frame, self.where)
        return np.asarray(late & (due * DAY_S >= begin) & (due * DAY_S < end))


def _factor(scene: Scene, twist: MixShift | Decoy, of_day: int) -> float:
    """By how much a twist makes a day's share more or fewer."""
    return float(twist.factors(scene.scope, np.array([of_day]), ("",))[0, 0])


def _check_hours(scope: Scope, where: str, hours: Sequence[int]) -> None:
    if len(hours) != len(EVEN_HOURS) or min(hours) < 0 or not sum(hours) > 0:
        scope.tell(where, "hours", "must be 24 weights of 0 or more that do not sum to nothing")
