"""Events: what those who do something leave behind, in the order of time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from casekit.world.story.frames import Field, Frame, Mask
from casekit.world.story.measures import Columns, declare_columns, draw_columns
from casekit.world.story.row_twists import bend_rows
from casekit.world.story.scene import Scene
from casekit.world.story.scope import Scope
from casekit.world.story.where import matches
from casekit.world.timeline import moments_of, order_by

__all__ = ["Events", "Merged", "Moment", "taken"]

MOMENT_BITS = 5  # up to 32 moments for each entity
FRAME_BITS = 3  # up to 8 frames in one


@dataclass(frozen=True)
class Moment:
    """
    Something that happens at most once to each entity.

    Attributes:
        event: What it is called.
        at: The column that says when; for a step of a funnel it is known already.
        where: Condition on the entities; for a step: that it was taken.
        step: ``funnel.step``; empty for none.
    """

    event: str
    at: str = ""
    where: str = ""
    step: str = ""


def taken(funnel: str, *steps: str, **renamed: str) -> tuple[Moment, ...]:
    """A moment for each step of a funnel, called as the step, or ``step="event"``."""
    names = {step: step for step in steps} | renamed
    return tuple(Moment(event, step=f"{funnel}.{step}") for step, event in names.items())


@dataclass(frozen=True)
class Events:
    """
    One row for each moment that happened to an entity of another frame, in the order of time.

    Attributes:
        of: The frame whose entities do it.
        moments: What may happen to each.
        what: Name of the column that says what happened; empty for none.
        at: Name of the column that says when.
        number: Name of the column that numbers them from 1; empty for none.
        values: Names of events that only twists bring, for example ``tripViewed``.
        columns: What else each has, in order.
        order: Another column to put them in order by, for example the time of arrival.
        in_time: In that order; with False, which is faster, moment by moment, as the entities stand.
    """

    name: str
    of: str
    moments: Sequence[Moment]
    what: str = "event_name"
    at: str = "event_at"
    number: str = "event_id"
    values: tuple[str, ...] = ()
    columns: Columns = field(default_factory=dict)
    order: str = ""
    in_time: bool = True

    def declare(self, scope: Scope) -> None:
        """Adds the frame and its columns."""
        names = tuple(dict.fromkeys([*(moment.event for moment in self.moments), *self.values]))
        own = {self.at: Field("timestamp")}
        if self.what:
            own[self.what] = Field("text", names)
        if self.number:
            own[self.number] = Field("integer")
        for moment in self.moments:
            self._check(scope, moment)
        if len(self.moments) > 1 << MOMENT_BITS:
            scope.tell(self.name, "moments", f"are {len(self.moments)}; at most {1 << MOMENT_BITS} fit")
        scope.add_frame(self.name, self.of, own, self.name)
        declare_columns(scope, self.name, self.columns)

    def play(self, scene: Scene) -> None:
        """Puts the moments in order, and bends them."""
        owners = scene.frames[self.of]
        steps = [(nth, *self._happened(scene, owners, moment)) for nth, moment in enumerate(self.moments)]
        found = moments_of([(nth, mask, owners[at]) for nth, mask, at in steps], self.in_time)
        frame = scene.children(
            self.name, self.of, found.row, (owners.key[found.row] << MOMENT_BITS) + found.what
        )
        frame.columns[self.at] = found.at
        if self.what:
            names = frame.fields[self.what].values
            frame.columns[self.what] = np.array([names.index(one.event) for one in self.moments])[found.what]
        settle(scene, frame, self.columns, (self.order or self.at) if self.in_time else "", self.number)

    def _check(self, scope: Scope, moment: Moment) -> None:
        funnel, _, step = moment.step.partition(".")
        if moment.step and step not in scope.steps.get(funnel, ()):
            known = [f"{name}.{one}" for name, steps in scope.steps.items() for one in steps]
            scope.unknown(self.name, moment.event, "step", moment.step, known)
        if not moment.step:
            scope.field_of(self.of, moment.at, self.name, moment.event)
        scope.check_where(self.of, moment.where, self.name, moment.event)

    def _happened(self, scene: Scene, owners: Frame, moment: Moment) -> tuple[Mask, str]:
        """To whom it happened, and the column that says when."""
        met = matches(owners, moment.where)
        if not moment.step:
            return met, moment.at
        funnel, _, step = moment.step.partition(".")
        return met & (owners[funnel] > scene.scope.steps[funnel].index(step)), f"{step}_at"


@dataclass(frozen=True)
class Merged:
    """
    The rows of several frames as one, in the order of time.

    Attributes:
        of: The frame all of them belong to, however far down.
        frames: Whose rows they are.
        at: The column of time, the same in all.
        keeps: The columns to keep; text columns get the values of all frames.
        number: Name of the column that numbers them from 1; empty for none.
        values: By column: values that only twists bring.
        columns: What else each has, in order.
        order: Another column to put them in order by.
        in_time: In that order; with False, which is faster, frame by frame.
    """

    name: str
    of: str
    frames: tuple[str, ...]
    at: str
    keeps: tuple[str, ...]
    number: str = ""
    values: dict[str, tuple[str, ...]] = field(default_factory=dict)
    columns: Columns = field(default_factory=dict)
    order: str = ""
    in_time: bool = True

    def declare(self, scope: Scope) -> None:
        """Adds the frame and its columns."""
        if len(self.frames) > 1 << FRAME_BITS:
            scope.tell(self.name, "frames", f"are {len(self.frames)}; at most {1 << FRAME_BITS} fit")
        own = {name: self._field(scope, name) for name in (self.at, *self.keeps)}
        if self.number:
            own[self.number] = Field("integer")
        scope.add_frame(self.name, self.of, own, self.name)
        declare_columns(scope, self.name, self.columns)

    def play(self, scene: Scene) -> None:
        """Puts the rows together, and bends them."""
        parts = [scene.frames[name] for name in self.frames]
        row = np.concatenate([part.owner(self.of) for part in parts])
        key = np.concatenate([(part.key << FRAME_BITS) + nth for nth, part in enumerate(parts)])
        frame = scene.children(self.name, self.of, row, key)
        for name in (self.at, *self.keeps):
            frame.columns[name] = np.concatenate([self._values(frame, part, name) for part in parts])
        settle(scene, frame, self.columns, (self.order or self.at) if self.in_time else "", self.number)

    def _field(self, scope: Scope, name: str) -> Field:
        found = [scope.field_of(frame, name, self.name, "keeps") for frame in self.frames]
        known = [one for one in found if one is not None]
        texts = dict.fromkeys(value for one in known for value in one.values)
        texts |= dict.fromkeys(self.values.get(name, ()))
        return Field(known[0].type if known else "integer", tuple(texts))

    def _values(self, frame: Frame, part: Frame, name: str) -> np.ndarray:
        own, theirs = frame.fields[name], part.field_of(name)
        if not own.values:
            return part[name]
        places = np.array([*(own.values.index(value) for value in theirs.values), -1])
        moved: np.ndarray = places[part[name]]
        return moved


def settle(scene: Scene, frame: Frame, columns: Columns, order: str, number: str) -> None:
    """Draws what else the rows have, bends them, puts them in order (if any) and numbers them."""
    frame = in_order(frame, order) if order in frame.columns else frame
    draw_columns(scene, frame, columns)
    bent = bend_rows(scene, frame)
    bent = in_order(bent, order) if order else bent
    if number:
        bent.columns[number] = scene.number(len(bent))
    scene.frames[frame.name] = bent


def in_order(frame: Frame, column: str) -> Frame:
    """The frame in the order of a column; as it is where it is in that order already."""
    values = frame[column]
    return frame.taken(order_by(values)) if (values[1:] < values[:-1]).any() else frame
