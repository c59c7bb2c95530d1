"""Those who begin: people who come one after another, and the bots among them."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import ClassVar

import numpy as np

from casekit.world.calendar import DAY_S, day
from casekit.world.story.frames import Field, Frame, Whole
from casekit.world.story.measures import Columns, declare_columns, draw_columns
from casekit.world.story.mixes import Mix
from casekit.world.story.parts import Twist, in_words
from casekit.world.story.row_twists import stacked
from casekit.world.story.scene import Scene
from casekit.world.story.scope import Scope
from casekit.world.story.visits import Season, Surge, Traffic, days_of
from casekit.world.timeline import ENTITY_BITS, arrive, order_by

__all__ = ["Arrivals", "Bots"]

BOT_BIT = 1 << (ENTITY_BITS - 1)  # keys from here on are bots': 8 million real arrivals a day and source
BOTS_BITS = 18  # up to 262,144 bots a day for each of 32 twists


@dataclass(frozen=True)
class Arrivals:
    """
    The people (or accounts) of the world, each with a moment of beginning that the calendar decides.

    In place of a ``Population``, where it matters when people come and what brings them. A size says about
    how many come within the window, everything that happened included. They stand in the order of their
    beginning. The frame has the column *begins*, ``day`` (days since 1970), the source's column, and one
    yes-or-no column for each ``MixShift``, ``Decoy`` and ``Bots`` on it, called as the twist: whether the
    arrival hangs on it.

    Attributes:
        source: Name of the column that says what brought each.
        sources: Its values and their shares.
        begins: Name of the column that says when.
        season: What days and hours bring.
        columns: What else belongs to each. All draw by themselves (``mix(...).each()``,
            ``share(x, exact=False)``), so that who comes because of a twist changes nobody else.
        number: Name of a column that numbers them from 1; empty for none.
    """

    name: str
    source: str
    sources: Mix
    begins: str = "began_at"
    season: Season = field(default_factory=Season)
    columns: Columns = field(default_factory=dict)
    number: str = ""

    def declare(self, scope: Scope) -> None:
        """Adds the frame and its columns."""
        self.season.check(scope, self.name)
        own = {
            self.begins: Field("timestamp"),
            "day": Field("integer"),
            self.source: self.sources.declare(scope, "", self.name, self.source),
        }
        if self.number:
            own[self.number] = Field("integer")
        scope.add_frame(self.name, "", own, self.name)
        scope.sources[self.name] = self.source
        declare_columns(scope, self.name, self.columns)
        for name in (name for name, measure in self.columns.items() if getattr(measure, "exact", False)):
            advice = "let each draw by itself: mix(...).each(), share(x, exact=False)"
            scope.tell(self.name, name, f"is dealt among arrivals, who may hang on a twist; {advice}")

    def play(self, scene: Scene) -> None:
        """Draws who comes when, the twists' own among them, and what belongs to each."""
        traffic = self._traffic(scene)
        frame = self._regular(scene, traffic)
        for twist in scene.bending(Surge, self.name):
            traffic.mark(scene, twist, frame, self.source)
        frame = scene.frames[self.name] = self._with_bots(scene, frame)
        if self.number:
            frame.columns[self.number] = scene.number(len(frame))
        draw_columns(scene, frame, self.columns)
        for twist in scene.bending(Bots, self.name):
            twist.dress(frame)

    def _traffic(self, scene: Scene) -> Traffic:
        """Traffic that brings as many as the size says when all twists are on, less the bots."""
        one_a_day = Traffic(self.name, self.sources, self.season, 1.0)
        people = scene.people * math.prod(1 - twist.share for twist in scene.bending(Bots, self.name))
        in_all = math.fsum(one_a_day.expected(scene, set()).ravel().tolist())
        return Traffic(self.name, self.sources, self.season, people / in_all, dithered=True)

    def _with_bots(self, scene: Scene, frame: Frame) -> Frame:
        """All in the order of time, each twist's bots a share of what those before it left."""
        bots, left = list(scene.bending(Bots, self.name)), float(scene.people)
        for nth, twist in enumerate(bots):
            frame = twist.join(scene, frame, self, nth, left * twist.share)
            left *= 1 - twist.share
        return frame.taken(order_by(frame[self.begins])) if bots else frame

    def _regular(self, scene: Scene, traffic: Traffic) -> Frame:
        first, stream = int(days_of(scene)[0]), f"{self.name}: second of the day"
        found = arrive(scene.draws, first, traffic.counts(scene, scene.off), self.season.hours, stream)
        frame = scene.frame(self.name, found.entity)
        frame.columns |= {self.begins: found.at, "day": found.day, self.source: found.group}
        return frame


@dataclass(frozen=True, kw_only=True)
class Bots(Twist):
    """
    Arrivals that are nobody: a script that signs up on some days, at any hour.

    Attributes:
        of: The arrivals.
        share: Which share of all arrivals they are; of several twists, of what those told before leave.
        days: How they spread over days: a weight for each, for example ``{"2025-10-07": 3}``.
        source: What they seem to be brought by.
        sets: What they have in text columns, for example ``{"email_type": "disposable"}``.
    """

    of: str
    share: float
    days: Mapping[str, float]
    source: str
    sets: Mapping[str, str] = field(default_factory=dict)

    kind: ClassVar[str] = "bots"

    @property
    def target(self) -> str:
        """The arrivals."""
        return self.of

    def declare(self, scope: Scope) -> None:
        """Adds a column of its name to the arrivals."""
        if not 0 < self.share < 1:
            scope.tell(self.name, "share", f"is {self.share!r}; it lies between 0 and 1")
        if not math.fsum(self.days.values()) > 0 or min(self.days.values(), default=0) < 0:
            scope.tell(self.name, "days", "needs weights of 0 or more that do not sum to nothing")
        for one in self.days:
            begin, _ = scope.window(one, "", f"{self.name} {one}")
            if 0 < begin < scope.begin_s:
                scope.tell(self.name, "days", f"{one!r} lies before the world's window")
        arrivals = [frame for frame in scope.sources if not scope.frames[frame].parent]
        if self.of not in arrivals:
            scope.unknown(self.name, "of", "frame of arrivals", self.of, arrivals)
            return
        scope.add_field(self.of, self.name, Field("boolean"), self.name)
        known = scope.frames[self.of].fields[scope.sources[self.of]]
        scope.check_values(known, [self.source], self.name, "source")
        for column, value in self.sets.items():
            self._check(scope, column, value)

    def told(self) -> str:
        """For example ``9 % of accounts are bots by ads, on 2025-10-07 where country=NL``."""
        place = " and ".join(f"{column}={value}" for column, value in self.sets.items())
        effect = f"{100 * self.share:.3g} % of {self.of} are bots by {self.source}, on {', '.join(self.days)}"
        return in_words(effect, place, "", "", self.because)

    def join(self, scene: Scene, frame: Frame, arrivals: Arrivals, nth: int, count: float) -> Frame:
        """All arrivals, then the bots when they are on; writes how many come on their days."""
        frame.columns[self.name] = np.zeros(len(frame), np.bool_)
        bots = self._bots(scene, frame, arrivals, nth, count)
        here = np.isin(frame["day"], [day(one) for one in self.days]).sum()
        scene.write(self, self.of, here, here, here + len(bots))
        return stacked(frame, bots) if scene.is_on(self) else frame

    def dress(self, frame: Frame) -> None:
        """Gives the bots what they have in the columns drawn for everybody."""
        for column, value in self.sets.items():
            place = frame.field_of(column).values.index(value)
            frame.columns[column] = np.where(frame[self.name], place, frame[column])

    def _check(self, scope: Scope, column: str, value: str) -> None:
        known = scope.field_of(self.of, column, self.name, "sets")
        if known is not None and not known.values:
            scope.tell(self.name, "sets", f"{column!r} holds no text; bots have values of text columns")
        elif known is not None:
            scope.check_values(known, [value], self.name, "sets")

    def _bots(self, scene: Scene, frame: Frame, arrivals: Arrivals, nth: int, count: float) -> Frame:
        """The bots alone, day by day, with every column the arrivals have so far."""
        days, within = self._spread(count)
        place = arrivals.sources.values.index(self.source)
        cell = days * len(arrivals.sources.values) + place
        made = Frame(self.of, (cell << ENTITY_BITS) + BOT_BIT + (nth << BOTS_BITS) + within, frame.fields)
        made.columns = {name: np.zeros(len(days), values.dtype) for name, values in frame.columns.items()}
        second = scene.draws.whole(f"{self.name}: second", made.key, 0, DAY_S - 1)
        made.columns |= {arrivals.begins: days * DAY_S + second, "day": days}
        made.columns |= {arrivals.source: np.full(len(days), place), self.name: np.ones(len(days), np.bool_)}
        return made

    def _spread(self, count: float) -> tuple[Whole, Whole]:
        """The day of each bot, and its place among the bots of that day."""
        whole = math.fsum(self.days.values())
        counts = [round(count * weight / whole) for weight in self.days.values()]
        days = np.repeat([day(one) for one in self.days], counts)
        return days, np.concatenate([np.arange(count) for count in counts])
