"""Sessions one after another, and what is done in each: a row of acts, with time between them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from casekit.world.calendar import DAY_S
from casekit.world.story.frames import Field, Frame, Whole
from casekit.world.story.measures import Columns, Measure, declare_columns, draw_columns
from casekit.world.story.mixes import Mix
from casekit.world.story.people import KEY_BITS, numbers_of
from casekit.world.story.scene import Scene
from casekit.world.story.scope import Scope
from casekit.world.story.visits import Season
from casekit.world.story.waits import at_hours
from casekit.world.story.where import matches
from casekit.world.timeline import order_by

__all__ = ["Act", "Acts", "Sessions"]

TIMES_BITS, ACTS_BITS = 7, 5  # up to 128 times in a row, up to 32 acts


@dataclass(frozen=True)
class Act:
    """
    Something done in a session, after the acts told before it.

    Attributes:
        event: What it is called; or a ``mix`` of several, each time drawn anew.
        after: Time since the act before, in seconds: a measure such as ``wait("150s")``; at once when None.
        times: Column of the sessions that says how often in a row; once when empty.
        where: Condition on the sessions; in the others it is not done.
    """

    event: str | Mix
    after: Measure | None = None
    times: str = ""
    where: str = ""

    @property
    def events(self) -> Mix:
        """Everything it may be called."""
        return self.event.each() if isinstance(self.event, Mix) else Mix({self.event: 1.0})


@dataclass(frozen=True)
class Acts:
    """
    What is done in sessions that are there already: one row an act, in the order of time.

    What would come after the window never happens.

    Attributes:
        of: The frame of the sessions.
        starts: Their column that says when they start.
        acts: What is done in each, in order.
        what: Name of the column that says what was done.
        at: Name of the column that says when.
    """

    name: str
    of: str
    starts: str
    acts: Sequence[Act]
    what: str = "event_name"
    at: str = "event_at"

    def declare(self, scope: Scope) -> None:
        """Adds the frame and its columns."""
        scope.field_of(self.of, self.starts, self.name, "starts")
        names = tuple(dict.fromkeys(value for act in self.acts for value in act.events.values))
        scope.add_frame(
            self.name, self.of, {self.what: Field("text", names), self.at: Field("timestamp")}, self.name
        )
        if not 0 < len(self.acts) <= 1 << ACTS_BITS:
            scope.tell(self.name, "acts", f"are {len(self.acts)}; write 1 to {1 << ACTS_BITS}")
        for act in self.acts:
            self._check(scope, act)

    def play(self, scene: Scene) -> None:
        """Lays the acts out, and drops those after the window."""
        laid, offset = lay_out(scene, self.name, scene.frames[self.of], self.acts, self.what)
        laid.columns[self.at] = laid[self.starts] + offset
        laid = laid.taken(laid[self.at] < scene.scope.end_s)
        scene.frames[self.name] = laid.taken(order_by(laid[self.at], laid.key))

    def _check(self, scope: Scope, act: Act) -> None:
        said = "|".join(act.events.values)
        act.events.declare(scope, self.of, self.name, said)
        scope.check_where(self.of, act.where, self.name, said)
        if act.times:
            scope.field_of(self.of, act.times, self.name, said)
        if act.after is not None:
            act.after.declare(scope, self.of, self.name, said)


@dataclass(frozen=True)
class Sessions:
    """
    The sessions of each, one after another, and what is done in them.

    Gives two frames in the order of time: the sessions, with ``nth`` (from 0 for each person) and the
    column *at*; and the acts, which belong to them, with *what* and *when*. A session starts a pause
    after the last act of the one before. What would come after the window never happens.

    Attributes:
        of: The people.
        starts: Their column that says when the first session starts.
        count: How many sessions each would have without an end of the window: a measure, or a column.
        pause: Time from the last act of a session to the next session, in seconds.
        acts: What is done in each, in order.
        did: Name of the frame of acts.
        columns: What else each session has; the acts' conditions may be about it.
        season: The hours people are awake; starts move within their day, in order.
        clock: Column of the people: seconds their clock is ahead of UTC; empty when it shows UTC.
        at: Name of the column that says when a session starts.
        what: Name of the column that says what was done.
        when: Name of the column that says when it was done.
    """

    name: str
    of: str
    starts: str
    count: Measure | str
    pause: Measure
    acts: Sequence[Act]
    did: str = "acts"
    columns: Columns = field(default_factory=dict)
    season: Season = field(default_factory=Season)
    clock: str = ""
    at: str = "started_at"
    what: str = "event_name"
    when: str = "event_at"

    def declare(self, scope: Scope) -> None:
        """Adds both frames and their columns."""
        for column in filter(None, (self.starts, self.clock)):
            scope.field_of(self.of, column, self.name, "starts" if column == self.starts else "clock")
        if isinstance(self.count, str):
            scope.field_of(self.of, self.count, self.name, "count")
        else:
            self.count.declare(scope, self.of, self.name, "count")
        self.season.check(scope, self.name)
        scope.add_frame(self.name, self.of, {"nth": Field("integer"), self.at: Field("timestamp")}, self.name)
        self.pause.declare(scope, self.name, self.name, "pause")
        declare_columns(scope, self.name, self.columns)
        Acts(self.did, self.name, self.at, self.acts, self.what, self.when).declare(scope)

    def play(self, scene: Scene) -> None:
        """Draws the sessions and their acts, and drops what comes after the window."""
        people = scene.frames[self.of]
        row, nth = numbers_of(scene, people, self.count, "", self.name)
        sessions = scene.children(self.name, self.of, row, (people.key[row] << KEY_BITS) + nth)
        sessions.columns["nth"] = nth
        draw_columns(scene, sessions, self.columns)
        acts, offset = lay_out(scene, self.did, sessions, self.acts, self.what)
        sessions.columns[self.at] = self._starts(scene, sessions, acts, offset)
        acts.columns[self.when] = acts[self.at] + offset
        self._settle(scene, sessions, acts)

    def _starts(self, scene: Scene, sessions: Frame, acts: Frame, offset: Whole) -> Whole:
        """When each session starts: the first one with its person, the next a pause after the last act."""
        takes = self.pause.draw(scene, sessions, "pause")
        last = np.flatnonzero(np.diff(_rows(acts), append=-1))
        takes[_rows(acts)[last]] += offset[last]
        before = np.cumsum(takes) - takes
        first = np.flatnonzero(sessions["nth"] == 0)
        firsts = np.repeat(first, np.diff(first, append=len(sessions)))
        even = sessions[self.starts] + before - before[firsts]
        too_early = self._awake(sessions, even)[firsts] < scene.scope.begin_s
        return self._awake(sessions, even + DAY_S * too_early)

    def _awake(self, sessions: Frame, even: Whole) -> Whole:
        """Moments spread evenly over their days, moved to the hours people are awake where they live."""
        ahead = sessions[self.clock] if self.clock else 0
        return at_hours(even + ahead, self.season.hours) - ahead

    def _settle(self, scene: Scene, sessions: Frame, acts: Frame) -> None:
        """Keeps what lies in the window, in the order of time."""
        kept = np.flatnonzero(sessions[self.at] < scene.scope.end_s)
        kept = kept[order_by(sessions[self.at][kept], sessions.key[kept])]
        place = np.full(len(sessions), -1)
        place[kept] = np.arange(len(kept))
        scene.frames[self.name] = sessions.taken(kept)
        acts = replace(acts, parent=scene.frames[self.name], row=place[_rows(acts)])
        acts = acts.taken(acts[self.when] < scene.scope.end_s)
        scene.frames[self.did] = acts.taken(order_by(acts[self.when], acts.key))


def lay_out(scene: Scene, name: str, sessions: Frame, acts: Sequence[Act], what: str) -> tuple[Frame, Whole]:
    """
    What is done in each session, session by session, and how many seconds after its start.

    An act's key is made of its session, its place among the acts told and its number among its kind, so
    that it stays its own when another act is done more often or not at all.
    """
    times = np.stack(list(_times(sessions, acts)), axis=1)
    row = np.repeat(np.arange(len(sessions)), times.sum(axis=1))
    place = np.repeat(np.tile(np.arange(len(acts)), len(sessions)), times.ravel())
    nth = np.arange(len(row)) - np.repeat(np.cumsum(times) - times.ravel(), times.ravel())
    key = (((sessions.key[row] << ACTS_BITS) + place) << TIMES_BITS) + nth
    frame = scene.children(name, sessions.name, row, key)
    frame.columns[what] = np.zeros(len(row), np.int64)
    gap = np.zeros(len(row), np.int64)
    for number, act in enumerate(acts):
        mine = np.flatnonzero(place == number)
        frame.columns[what][mine] = _done(scene, frame, act, mine, what)
        if act.after is not None:
            gap[mine] = act.after.draw(scene, frame.taken(mine), f"{number} after")
    passed = np.cumsum(gap)
    starts = np.flatnonzero(np.diff(row, prepend=-1))
    return frame, passed - np.repeat(passed[starts] - gap[starts], np.diff(starts, append=len(row)))


def _times(sessions: Frame, acts: Sequence[Act]) -> Iterator[Whole]:
    """How often each session does each act, at most as often as a key can tell apart."""
    for act in acts:
        often = sessions[act.times] if act.times else np.ones(len(sessions), np.int64)
        yield np.where(matches(sessions, act.where), np.clip(often, 0, (1 << TIMES_BITS) - 1), 0)


def _done(scene: Scene, frame: Frame, act: Act, mine: Whole, what: str) -> Whole:
    """The places, among the frame's values, of what these acts are called."""
    named = act.events
    places = np.array([frame.fields[what].values.index(value) for value in named.values])
    if len(places) == 1:
        return np.full(len(mine), places[0])
    found: Whole = places[named.draw(scene, frame.taken(mine), f"{'|'.join(named.values)} {what}")]
    return found


def _rows(frame: Frame) -> Whole:
    """The row of each entity's owner; only what belongs to something is asked."""
    if frame.row is None:
        raise ValueError(f"{frame.name} belongs to nobody")
    return frame.row
