"""Visits in the order of time: traffic that follows the calendar, each visit by one of the people."""

from __future__ import annotations

import math
from collections.abc import Sequence, Set
from dataclasses import dataclass, field
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from casekit.world.calendar import DAY_S, weekday
from casekit.world.story.frames import Field, Frame, Whole
from casekit.world.story.measures import Columns, declare_columns, draw_columns
from casekit.world.story.mixes import Mix
from casekit.world.story.parts import Twist, in_words
from casekit.world.story.scene import Scene
from casekit.world.story.scope import Scope
from casekit.world.timeline import ENTITY_BITS, arrive

__all__ = ["Decoy", "MixShift", "Season", "Surge", "Traffic", "Visits"]

Expected = NDArray[np.float64]

EVEN_HOURS = (1,) * 24


@dataclass(frozen=True)
class Season:
    """
    How much of what is usual a day and an hour bring.

    Attributes:
        hours: Whole-number weights of the day's 24 hours.
        weekend: Factor on Saturdays and Sundays.
        weekdays: Factors from Monday to Sunday, in place of *weekend*; empty for none.
        swing: Each day and group goes up or down by up to this share, by chance.
        growth: By how much the last day exceeds the first, as a share of the first.
    """

    hours: Sequence[int] = EVEN_HOURS
    weekend: float = 1.0
    weekdays: Sequence[float] = ()
    swing: float = 0.0
    growth: float = 0.0

    def check(self, scope: Scope, where: str) -> None:
        """Tells what is wrong with it."""
        if len(self.hours) != len(EVEN_HOURS) or not sum(self.hours) > 0 or min(self.hours) < 0:
            scope.tell(where, "hours", "must be 24 weights of 0 or more that do not sum to nothing")
        if self.weekdays and len(self.weekdays) != 7:
            scope.tell(where, "weekdays", "must be 7 factors, from Monday to Sunday")
        if self.weekdays and not (min(self.weekdays) >= 0 and sum(self.weekdays) > 0):
            scope.tell(where, "weekdays", "must be factors of 0 or more that do not sum to nothing")
        if not 0 <= self.swing < 1:
            scope.tell(where, "swing", f"is {self.swing!r}; it lies between 0 and 1")
        scope.check_over_nought(self.weekend, where, "weekend")
        scope.check_over_nought(1 + self.growth, where, "growth")

    def of_weekdays(self) -> NDArray[np.float64]:
        """The factor of each weekday, from Monday to Sunday."""
        if len(self.weekdays):
            return np.array(self.weekdays, np.float64)
        return np.array([1.0] * 5 + [self.weekend] * 2)

    def of_days(self, days: NDArray[np.int64]) -> NDArray[np.float64]:
        """The factor of each day, counted from 1970."""
        mood = self.of_weekdays()[weekday(days)]
        factors: NDArray[np.float64] = mood * (1 + self.growth * (days - days[0]) / max(len(days) - 1, 1))
        return factors


@dataclass(frozen=True)
class Visits:
    """
    Visits to the product, as many a day as the calendar brings, numbered in the order of their start.

    The frame has ``started_at``, ``day`` (days since 1970), the source's column, and one yes-or-no column
    for each ``MixShift`` and ``Decoy`` on it, called as the twist: whether the visit hangs on it.

    Attributes:
        of: The people who visit.
        a_day: Visits a day for each person, before the calendar.
        source: Name of the column that says what brought the visit.
        sources: Its values and their shares.
        season: What days and hours bring.
        weight: A column of the people: how often each comes; empty when all come alike.
        newcomers: Sources that reach anybody, whatever their weight.
        columns: What else each visit has.
        number: Name of the column that numbers them.
    """

    name: str
    of: str
    a_day: float
    source: str
    sources: Mix
    season: Season = field(default_factory=Season)
    weight: str = ""
    newcomers: tuple[str, ...] = ()
    columns: Columns = field(default_factory=dict)
    number: str = "visit_id"

    def declare(self, scope: Scope) -> None:
        """Adds the frame and its columns."""
        scope.check_over_nought(self.a_day, self.name, "a_day")
        self.season.check(scope, self.name)
        own = {
            self.number: Field("integer"),
            "started_at": Field("timestamp"),
            "day": Field("integer"),
            self.source: self.sources.declare(scope, self.of, self.name, self.source),
        }
        scope.add_frame(self.name, self.of, own, self.name, fixed=True)
        scope.sources[self.name] = self.source
        scope.check_values(own[self.source], self.newcomers, self.name, "newcomers")
        if self.weight:
            scope.field_of(self.of, self.weight, self.name, "weight")
        declare_columns(scope, self.name, self.columns)

    def play(self, scene: Scene) -> None:
        """Draws the visits in order of start, and who each is by."""
        traffic = Traffic(self.name, self.sources, self.season, scene.people * self.a_day)
        days = days_of(scene)
        arrivals = arrive(scene.draws, int(days[0]), traffic.counts(scene, scene.off), self.season.hours)
        visitors = self._visitors(scene, arrivals.entity, arrivals.group)
        frame = scene.children(self.name, self.of, visitors, arrivals.entity)
        frame.columns |= {
            self.number: scene.number(len(frame)),
            "started_at": arrivals.at,
            "day": arrivals.day,
            self.source: arrivals.group,
        }
        for twist in scene.bending(Surge, self.name):
            traffic.mark(scene, twist, frame, self.source)
        draw_columns(scene, frame, self.columns)

    def _visitors(self, scene: Scene, visits: Whole, sources: Whole) -> Whole:
        """The place of each visit's person: the frequent ones come more often, newcomers are anybody."""
        people = scene.frames[self.of]
        anyone = scene.draws.whole(f"{self.name}: anyone", visits, 0, len(people) - 1)
        if not self.weight:
            return anyone
        regular = scene.draws.owner(f"{self.name}: visitor", visits, people[self.weight])
        new = [self.sources.values.index(value) for value in self.newcomers]
        return np.where(np.isin(sources, new), anyone, regular)


@dataclass(frozen=True)
class Traffic:
    """
    How many come each day from each source, and who of them hangs on a twist.

    Attributes:
        frame: Those who come.
        a_day: How many a day, before the calendar.
        dithered: Rounded up or down by chance, so that a long row of small numbers keeps its sum.
    """

    frame: str
    sources: Mix
    season: Season
    a_day: float
    dithered: bool = False

    def expected(self, scene: Scene, off: Set[str]) -> Expected:
        """How many to expect without the twists in *off*: one row a day, one column a source."""
        values, shares = self.sources.values, self.sources.shares
        days = days_of(scene)
        of_all = np.array([shares[value] for value in values]) / sum(shares.values())
        swing = 1 + self.season.swing * (2 * self._chance(scene, "traffic") - 1)
        expected: Expected = self.a_day * self.season.of_days(days)[:, None] * of_all * swing
        for twist in scene.bending(Surge, self.frame):
            if twist.name not in off:
                expected *= twist.factors(scene.scope, days, values)
        return expected

    def counts(self, scene: Scene, off: Set[str]) -> Whole:
        """How many there are, one row a day and one column a source."""
        expected = self.expected(scene, off)
        if self.dithered:
            return np.floor(expected + self._chance(scene, "rounding")).astype(np.int64)
        return np.rint(expected).astype(np.int64)

    def mark(self, scene: Scene, twist: Surge, frame: Frame, source: str) -> None:
        """
        Marks those who hang on a twist, and writes what it did.

        They stand last among those of their day and source, so that all others stay as they are
        without it. Who hangs on it does not depend on which twists are on: marks make cells.
        """
        all_on, without = self.counts(scene, set()), self.counts(scene, {twist.name})
        days = days_of(scene)
        place = (frame["day"] - days[0]) * without.shape[1] + frame[source]
        nth = frame.key & ((1 << ENTITY_BITS) - 1)
        frame.columns[twist.name] = nth >= np.minimum(without, all_on).ravel()[place]
        others = scene.off - {twist.name}
        touched = twist.factors(scene.scope, days, self.sources.values) != 1
        here, added = touched.ravel()[place], frame.columns[twist.name]
        scene.watch(twist, frame, added if added.any() else here, here)
        base = self.counts(scene, others | {twist.name})[touched].sum()
        scene.write(twist, self.frame, base, base, self.counts(scene, others)[touched].sum())

    def _chance(self, scene: Scene, what: str) -> Expected:
        """A number from 0 to 1 for each day and source."""
        n_sources = len(self.sources.values)
        cell = days_of(scene)[:, None] * n_sources + np.arange(n_sources)
        return scene.draws.uniform(f"{self.frame}: {what}", cell)


def days_of(scene: Scene) -> Whole:
    """The days of the window, counted from 1970."""
    return np.arange(scene.scope.begin_s // DAY_S, scene.scope.end_s // DAY_S)


@dataclass(frozen=True, kw_only=True)
class Surge(Twist):
    """More or fewer who come than usual, for some sources and some time."""

    of: str
    times: float
    sources: tuple[str, ...] = ()
    since: str = ""
    until: str = ""

    @property
    def target(self) -> str:
        """The visits."""
        return self.of

    def declare(self, scope: Scope) -> None:
        """Adds a column of its name to the visits."""
        scope.window(self.since, self.until, self.name)
        if not 0 <= self.times < math.inf or self.times == 1:
            scope.tell(self.name, "times", f"is {self.times!r}; write a factor of 0 or more that is not 1")
        if self.of not in scope.sources:
            scope.unknown(self.name, "of", "frame with sources", self.of, scope.sources)
            return
        scope.add_field(self.of, self.name, Field("boolean"), self.name)
        known = scope.frames[self.of].fields.get(scope.sources[self.of], Field("text"))
        scope.check_values(known, self.sources, self.name, "sources")

    def told(self) -> str:
        """For example ``visits x 3.2 where source is paid_social, from 2025-03-31``."""
        place = f"source is {' or '.join(self.sources)}" if self.sources else ""
        return in_words(f"{self.of} x {self.times:g}", place, self.since, self.until, self.because)

    def factors(self, scope: Scope, days: Whole, values: Sequence[str]) -> Expected:
        """The factor of each day and source."""
        begin, end = scope.window(self.since, self.until, self.name)
        here = (days * DAY_S >= begin) & (days * DAY_S < end)
        meant = np.array([not self.sources or value in self.sources for value in values])
        return np.where(here[:, None] & meant, self.times, 1.0)


@dataclass(frozen=True, kw_only=True)
class MixShift(Surge):
    """
    Some sources bring more or fewer visits from a day on: the rates stay, the mix moves.

    Attributes:
        of: The visits.
        times: The factor, for example 3.2.
        sources: The sources it is about; all when empty.
        since: The first day, until: the day after the last; always when empty.
    """

    kind: ClassVar[str] = "mix shift"


@dataclass(frozen=True, kw_only=True)
class Decoy(Surge):
    """
    A true pattern that causes nothing: a holiday empties the shop and leaves the rates alone.

    Attributes:
        of, times, sources, since, until: As for ``MixShift``.
    """

    kind: ClassVar[str] = "decoy"
