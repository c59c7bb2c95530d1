"""Waiting for a team that has office hours: moments after others, answers, and the days they take longer."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import ClassVar

import numpy as np

from casekit.world.calendar import DAY_S, day, seconds_of, weekday
from casekit.world.declare import NULL
from casekit.world.quantiles import lognormal_nodes
from casekit.world.story.frames import Field, Frame, Mask, Whole
from casekit.world.story.parts import Twist, in_words
from casekit.world.story.scene import Scene
from casekit.world.story.scope import Scope
from casekit.world.story.where import matches

__all__ = ["Answer", "Later", "Office", "SlowAnswers", "answer", "later"]

HOUR_S = 3_600
LONGEST_WORK_S = 400 * DAY_S


@dataclass(frozen=True)
class Later:
    """A moment some time after another; NULL where that one is."""

    after: str
    median: str
    sigma: float

    def declare(self, scope: Scope, frame: str, where: str, name: str) -> Field:
        """A moment."""
        scope.field_of(frame, self.after, where, name)
        scope.check_span(self.median, where, name)
        if self.sigma < 0:
            scope.tell(where, name, f"has the spread {self.sigma!r}; it cannot be negative")
        return Field("timestamp")

    def draw(self, scene: Scene, frame: Frame, name: str) -> Whole:
        """The moment of each entity."""
        nodes = lognormal_nodes(seconds_of(self.median), self.sigma)
        gap = scene.draws.quantile(f"{frame.name}.{name}", frame.key, nodes)
        return np.where(frame[self.after] == NULL, NULL, frame[self.after] + gap)


def later(after: str, median: str, sigma: float = 0.0) -> Later:
    """A moment about *median* after the column *after*; *sigma* is the spread of the time's logarithm."""
    return Later(after, median, sigma)


@dataclass(frozen=True)
class Office:
    """
    When a team works.

    Attributes:
        opens: Hour of the day, UTC.
        closes: Hour at which it leaves.
        weekdays: Days of the week it works, Monday is 0.
        closed: Days on which it does not, for example ``2025-04-18``.
    """

    opens: int = 9
    closes: int = 17
    weekdays: Sequence[int] = (0, 1, 2, 3, 4)
    closed: Sequence[str] = ()

    def check(self, scope: Scope, where: str, name: str) -> None:
        """Tells what is wrong with it."""
        if not 0 <= self.opens < self.closes <= 24:
            scope.tell(where, name, f"is open from {self.opens} to {self.closes}; hours go up from 0 to 24")
        if not self.weekdays or not set(self.weekdays) <= set(range(7)):
            scope.tell(where, name, f"works on weekdays {tuple(self.weekdays)}; write some from 0 to 6")
        for one in self.closed:
            try:
                day(one)
            except ValueError:
                scope.tell(where, name, f"is closed on {one!r}, which is no date; write it as '2025-04-18'")

    def after(self, moments: Whole, work_s: Whole, end_s: int) -> Whole:
        """The moments at which so many seconds of work are done; NULL for those at *end_s* or later."""
        if not len(moments):
            return moments
        first = int(moments.min()) // DAY_S
        days = np.arange(first, max(end_s // DAY_S, int(moments.max()) // DAY_S) + 2)
        is_open = np.isin(weekday(days), self.weekdays) & ~np.isin(days, [day(one) for one in self.closed])
        each = np.where(is_open, (self.closes - self.opens) * HOUR_S, 0)
        done = np.cumsum(each)
        place = moments // DAY_S - first
        worked = np.clip(moments % DAY_S - self.opens * HOUR_S, 0, each[place])
        due = (done - each)[place] + worked + np.maximum(work_s, 1)
        on = np.minimum(np.searchsorted(done, due), len(days) - 1)
        at = days[on] * DAY_S + self.opens * HOUR_S + due - (done - each)[on]
        return np.where((due > done[-1]) | (at >= end_s), NULL, at)


@dataclass(frozen=True)
class Answer:
    """The moment at which a team has got round to something; NULL when that is after the window."""

    after: str
    work: str
    sigma: float
    office: Office
    times: Mapping[str, float] = field(default_factory=dict)

    def declare(self, scope: Scope, frame: str, where: str, name: str) -> Field:
        """A moment."""
        scope.field_of(frame, self.after, where, name)
        scope.check_span(self.work, where, name)
        self.office.check(scope, where, name)
        for condition, factor in self.times.items():
            scope.check_where(frame, condition, where, name)
            scope.check_over_nought(factor, where, name)
        if self.sigma < 0:
            scope.tell(where, name, f"has the spread {self.sigma!r}; it cannot be negative")
        scope.answers[f"{frame}.{name}"] = frame
        return Field("timestamp")

    def draw(self, scene: Scene, frame: Frame, name: str) -> Whole:
        """The answer of each entity, with the delays that are on; and the ledger of all."""
        delays = list(scene.bending(SlowAnswers, f"{frame.name}.{name}"))
        answers = self._answers(scene, frame, name, [one for one in delays if scene.is_on(one)])
        for delay in delays:
            others = [one for one in delays if one is not delay and scene.is_on(one)]
            base = self._answers(scene, frame, name, others)
            actual = self._answers(scene, frame, name, [*others, delay])
            meets = delay.exposed(scene, frame, frame[self.after]).sum()
            scene.write(delay, f"{frame.name} answered later", meets, 0, (base != actual).sum())
        return answers

    def _answers(self, scene: Scene, frame: Frame, name: str, delays: Sequence[SlowAnswers]) -> Whole:
        nodes = lognormal_nodes(seconds_of(self.work), self.sigma)
        work = scene.draws.quantile(f"{frame.name}.{name}", frame.key, nodes).astype(np.float64)
        for condition, factor in self.times.items():
            work = np.where(matches(frame, condition), work * factor, work)
        asked = frame[self.after]
        for delay in delays:
            work = np.where(delay.exposed(scene, frame, asked), work * delay.times, work)
        is_asked = asked != NULL
        answers = np.full(len(frame), NULL)
        whole = np.rint(np.minimum(work, LONGEST_WORK_S)).astype(np.int64)
        answers[is_asked] = self.office.after(asked[is_asked], whole[is_asked], scene.scope.end_s)
        return answers


def answer(
    after: str,
    work: str,
    sigma: float = 0.0,
    *,
    office: Office | None = None,
    times: Mapping[str, float] | None = None,
) -> Answer:
    """
    When a team gets round to something: the table's column says ``nullable=True``.

    Args:
        after: The column that says since when it waits.
        work: Median of the office time until then, for example ``6h``: nights and weekends do not count.
        sigma: Spread of the logarithm of that time.
        office: When the team works; 9 to 17 h on weekdays when None.
        times: Factor on the time by condition, for example ``{"topic=billing": 2}``.
    """
    return Answer(after, work, sigma, office or Office(), times or {})


@dataclass(frozen=True, kw_only=True)
class SlowAnswers(Twist):
    """
    A team takes longer than usual over what arrives in a window.

    Attributes:
        of: The frame, for example the tickets.
        column: The column of its ``answer``.
        times: Factor on the time it takes.
        where: Condition on what arrives.
        since: The first moment, until: the moment after the last; about the column that answers wait for.
    """

    of: str
    column: str
    times: float
    where: str = ""
    since: str = ""
    until: str = ""

    kind: ClassVar[str] = "slow answers"

    @property
    def target(self) -> str:
        """The frame and its column."""
        return f"{self.of}.{self.column}"

    def declare(self, scope: Scope) -> None:
        """Tells what is wrong with it."""
        scope.window(self.since, self.until, self.name)
        if not 0 < self.times < math.inf or self.times == 1:
            scope.tell(self.name, "times", f"is {self.times!r}; write a factor above 0 that is not 1")
        if self.target not in scope.answers:
            scope.unknown(self.name, "column", "answer", self.target, scope.answers)
            return
        scope.check_where(self.of, self.where, self.name)

    def told(self) -> str:
        """For example ``tickets.answered_at takes x 3, from 2025-04-01``."""
        return in_words(
            f"{self.target} takes x {self.times:g}", self.where, self.since, self.until, self.because
        )

    def exposed(self, scene: Scene, frame: Frame, asked: Whole) -> Mask:
        """What arrives in the window and meets the condition."""
        begin, end = scene.scope.window(self.since, self.until, self.name)
        return matches(frame, self.where) & (asked >= begin) & (asked < end)
