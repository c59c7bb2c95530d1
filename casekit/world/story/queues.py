"""Queues: how long entities stay in each state on the clock, and the twist that makes one state slow."""

from __future__ import annotations

from collections.abc import Sequence, Set
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from casekit.world.story.frames import Field, Frame, Mask, Whole
from casekit.world.story.parts import Twist, in_words
from casekit.world.story.scene import Scene
from casekit.world.story.scope import Scope
from casekit.world.story.where import matches

__all__ = ["FROM", "SIDES", "Delay", "Moved", "QueueDelay", "Stay", "clocked", "slowed"]

FROM = "from_status"  # the column that makes a frame a workflow
HOUR_S = 3_600
IN_WINDOW, WHOSE, SIDES = 1, 2, 4  # the four sides of a twist: in its window or not, whose or not


@dataclass(frozen=True)
class Moved:
    """Moves of different entities, at most one each: who, from where, where to, after how long."""

    row: Whole
    came: Whole
    goes: Whole
    seconds: Whole


@dataclass(frozen=True)
class Stay:
    """A step on the clock: when each of its entities entered the state and when it left."""

    nth: int
    step: Moved
    entered: Whole
    left: Whole


@dataclass(frozen=True, kw_only=True)
class QueueDelay(Twist):
    """
    A state takes longer, or less long, for some entities that enter it from some moment on.

    All their later moves come later by as much; some fall past the window's end and are never seen.
    Leaves a yes-or-no column of its name on the entities: whether it meets one of their stays.

    Attributes:
        of: The workflow.
        state: The state that is slow.
        times: Factor on the time in it.
        where: Condition on the entities; all when empty.
        since: The first moment of entering, until: the moment after the last; always when empty.
    """

    of: str
    state: str
    times: float
    where: str = ""
    since: str = ""
    until: str = ""

    kind: ClassVar[str] = "queue delay"

    @property
    def target(self) -> str:
        """The workflow."""
        return self.of

    def declare(self, scope: Scope) -> None:
        """Tells what is wrong with it, and adds its column."""
        scope.window(self.since, self.until, self.name)
        scope.check_over_nought(self.times, self.name, "times")
        if self.times == 1:
            scope.tell(self.name, "times", "is 1; write a factor that changes something")
        known = scope.frames.get(self.of)
        if known is None:
            scope.unknown(self.name, "of", "workflow", self.of, scope.frames)
            return
        if FROM not in known.fields:
            scope.tell(self.name, "of", f"is {self.of!r}, which has no states; name a workflow")
            return
        scope.check_values(known.fields[FROM], [self.state], self.name, "state")
        scope.check_where(known.parent, self.where, self.name)
        scope.add_field(known.parent, self.name, Field("boolean"), self.name)

    def told(self) -> str:
        """For example ``QA takes 2.9 times as long where team=mobile, from 2025-05-01``."""
        effect = f"{self.state} takes {self.times:g} times as long"
        return in_words(effect, self.where, self.since, self.until, self.because)


@dataclass(frozen=True)
class Delay:
    """A twist on one workflow: which state, whose, and in which window."""

    twist: QueueDelay
    place: int
    whose: Mask
    begin: int
    end: int

    @classmethod
    def of(cls, scene: Scene, twist: QueueDelay, owners: Frame, states: Sequence[str]) -> Delay:
        """The twist with its words looked up."""
        begin, end = scene.scope.window(twist.since, twist.until, twist.name)
        return cls(twist, states.index(twist.state), matches(owners, twist.where), begin, end)

    def meets(self, step: Moved, entered: Whole) -> Mask:
        """Which moves of a step come out of a stay that it makes longer."""
        return np.asarray((step.came == self.place) & self.touches(step.row, entered))

    def touches(self, row: Whole, at: Whole) -> Mask:
        """Which entities it would make slower in its state if they entered it then."""
        return np.asarray(self.side(row, at) == WHOSE + IN_WINDOW)

    def side(self, row: Whole, at: Whole) -> Whole:
        """On which side of it each entity is then: in its window or not, one of those it is about or not."""
        in_window = (at >= self.begin) & (at < self.end)
        return np.asarray(WHOSE * self.whose[row] + IN_WINDOW * in_window)

    def tell(self, scene: Scene, owners: Frame, without: Sequence[Stay], with_it: Sequence[Stay]) -> None:
        """
        Marks whom it meets, on or off, and writes what it did to the stays it meets.

        A stay that lasts past the window's end counts up to there.
        """
        end = scene.scope.end_s
        marked = np.zeros(len(owners), np.bool_)
        exposed, moves, seconds = 0, np.zeros(2, np.int64), np.zeros(2, np.int64)
        for pair in zip(without, with_it, strict=True):
            met = self.meets(pair[0].step, pair[0].entered)
            seen = met & (pair[0].entered < end)
            marked[pair[0].step.row[seen]] = True
            exposed += seen.sum()
            met |= self.meets(pair[1].step, pair[1].entered)
            moves += [(stay.left[met] < end).sum() for stay in pair]
            seconds += [_seen_s(stay, met, end) for stay in pair]
        owners.columns[self.twist.name] = marked
        scene.write(self.twist, f"moves out of {self.twist.state}", exposed, *moves)
        scene.write(self.twist, f"hours in {self.twist.state}", exposed, *(seconds // HOUR_S))


def _seen_s(stay: Stay, met: Mask, end: int) -> int:
    """Seconds of the stays that lie before the window's end."""
    return int((np.minimum(stay.left, end) - np.minimum(stay.entered, end))[met].sum())


def clocked(starts: Whole, steps: Sequence[Moved], delays: Sequence[Delay], off: Set[str]) -> list[Stay]:
    """The steps on the clock, when the twists in *off* never happened."""
    at, stays = starts.astype(np.int64), []
    met = [delay for delay in delays if delay.twist.name not in off]
    for nth, step in enumerate(steps):
        entered = at[step.row]
        at[step.row] = left = entered + slowed(step, entered, met)
        stays.append(Stay(nth, step, entered, left))
    return stays


def slowed(step: Moved, entered: Whole, delays: Sequence[Delay]) -> Whole:
    """How long the stays before a step's moves last, with the delays."""
    seconds = step.seconds
    for delay in delays:
        longer = np.rint(seconds * delay.twist.times).astype(np.int64)
        seconds = np.where(delay.meets(step, entered), longer, seconds)
    return seconds
