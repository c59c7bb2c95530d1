"""Workflows: entities that move from state to state, at times that suit the story in every month."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np

from casekit.world.story.events import settle
from casekit.world.story.frames import Field, Frame, Whole
from casekit.world.story.laps import Lap
from casekit.world.story.measures import Columns, declare_columns
from casekit.world.story.people import KEY_BITS
from casekit.world.story.queues import FROM, Delay, QueueDelay, Stay, clocked
from casekit.world.story.scene import Scene
from casekit.world.story.scope import Scope
from casekit.world.story.walks import Move, Walk
from casekit.world.timeline import order_by

__all__ = ["Workflow"]

NTH, TO, AT = "nth", "to_status", "changed_at"


@dataclass(frozen=True)
class Workflow:
    """
    One row for each move of an entity from state to state, in the order of time.

    Everybody begins in the first state. What would come after the window's end never happens, so some are
    still on their way. The rows have ``nth`` (from 0 for each entity), ``from_status``, ``to_status`` and
    ``changed_at``.

    Shares are dealt exactly in *cells*, and entities alike share out the times evenly: those in one cell,
    with the same shares and factors, and on the same side of every twist. With a *lap* they also swap ways
    so that one month differs from another for a reason, even where it has few entities.

    Attributes:
        of: The frame of the entities: issues, tickets, applications.
        starts: Their column that says when each is there.
        states: The moves out of each state, in order; none for an end.
        cells: Columns within whose values shares are exact.
        lap: What is as long in any month as in any other, for example from the start of work until done.
        columns: What else each row has.
        number: Name of a column that numbers them in the order of time; empty for none.
    """

    name: str
    of: str
    starts: str
    states: Mapping[str, Sequence[Move]]
    cells: tuple[str, ...] = ()
    lap: Lap | None = None
    columns: Columns = field(default_factory=dict)
    number: str = ""

    def declare(self, scope: Scope) -> None:
        """Adds the frame and its columns."""
        scope.field_of(self.of, self.starts, self.name, "starts")
        for column in self.cells:
            scope.field_of(self.of, column, self.name, "cells")
        if self.lap is not None:
            self.lap.check(scope, self.name, list(self.states))
        for state, moves in self.states.items():
            self._check(scope, state, moves)
        status = Field("text", tuple(self.states))
        own = {NTH: Field("integer"), FROM: status, TO: status, AT: Field("timestamp")}
        scope.add_frame(self.name, self.of, own | self._number_field(), self.name)
        declare_columns(scope, self.name, self.columns)

    def play(self, scene: Scene) -> None:
        """Draws everybody's way, then tells it with and without each twist."""
        owners = scene.frames[self.of]
        twists = scene.bending(QueueDelay, self.name)
        delays = [Delay.of(scene, twist, owners, list(self.states)) for twist in twists]
        steps = Walk(scene, self, owners, delays).steps()
        for delay in delays:
            others = scene.off - {delay.twist.name}
            without = clocked(owners[self.starts], steps, delays, others | {delay.twist.name})
            delay.tell(scene, owners, without, clocked(owners[self.starts], steps, delays, others))
        self._lay_out(scene, owners, clocked(owners[self.starts], steps, delays, scene.off))

    def _lay_out(self, scene: Scene, owners: Frame, stays: Sequence[Stay]) -> None:
        """The moves that fall into the window, as a frame in the order of time."""
        row, nth, came, goes, at = (np.concatenate(part) for part in zip(*map(_moves, stays), strict=True))
        kept = np.flatnonzero(at < scene.scope.end_s)
        kept = kept[order_by(at[kept], row[kept], nth[kept])]
        key = (owners.key[row[kept]] << KEY_BITS) + nth[kept]
        frame = scene.children(self.name, self.of, row[kept], key)
        frame.columns |= {NTH: nth[kept], FROM: came[kept], TO: goes[kept], AT: at[kept]}
        settle(scene, frame, self.columns, AT, self.number)

    def _number_field(self) -> dict[str, Field]:
        return {self.number: Field("integer")} if self.number else {}

    def _check(self, scope: Scope, state: str, moves: Sequence[Move]) -> None:
        order = list(self.states)
        if state != order[0] and all(one.to != state for ways in self.states.values() for one in ways):
            scope.tell(self.name, state, "is a state that no move leads to")
        for move in moves:
            name = f"{state} to {move.to}"
            move.check(scope, self.of, self.name, name)
            if move.to not in order:
                scope.unknown(self.name, name, "state", move.to, order)
            elif order.index(move.to) <= order.index(state) and not move.at_most:
                scope.tell(self.name, name, "goes back; say how often at most, for example at_most=2")
        for move, after in pairwise(moves):
            if move.share == 1 and not move.at_most:
                scope.tell(self.name, f"{state} to {after.to}", f"is never taken: all move to {move.to}")


def _moves(stay: Stay) -> tuple[Whole, Whole, Whole, Whole, Whole]:
    """Whose, the how manieth, from where, where to, and when."""
    nth = np.full(len(stay.step.row), stay.nth)
    return stay.step.row, nth, stay.step.came, stay.step.goes, stay.left
