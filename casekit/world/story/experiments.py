"""Experiments: who is in which variant, and when each was first exposed to it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from casekit.world.cells import SHARE_UNITS
from casekit.world.declare import NULL
from casekit.world.story.frames import Field, Frame, Mask, Whole
from casekit.world.story.marks import marks_of
from casekit.world.story.measures import Columns, declare_columns, draw_columns
from casekit.world.story.mixes import Mix
from casekit.world.story.row_twists import bend_rows
from casekit.world.story.scene import Scene
from casekit.world.story.scope import FOREVER_S, Scope, Trial
from casekit.world.story.where import matches
from casekit.world.timeline import order_by

__all__ = ["Experiment", "Exposures"]


@dataclass(frozen=True)
class Experiment:
    """
    Assigns the entities of a frame to variants: adds a text column, NULL for those who are not in it.

    Attributes:
        name: The column's name.
        of: The frame, for example the people.
        variants: Their planned shares; they need not sum to 1.
        where: Condition on those who are eligible; everybody when empty.
        at: Column of the moment at which one enters, for example ``signed_up_at``: only those who enter
            from *since* up to *until* are in it. Empty: everybody eligible is, from *since* on.
        since: The first moment, until: the moment after the last; always when empty.
        cells: Columns within whose values the split is exact as well.
        exact: The split is dealt, to within one in each cell. With False it is by hash: each entity falls
            by itself, as assignment services do. Let it be False where a twist decides who is eligible.
    """

    name: str
    of: str
    variants: Mapping[str, float]
    where: str = ""
    at: str = ""
    since: str = ""
    until: str = ""
    cells: tuple[str, ...] = ()
    exact: bool = True

    def declare(self, scope: Scope) -> None:
        """Adds the column."""
        begin, end = scope.window(self.since, self.until, self.name)
        scope.check_where(self.of, self.where, self.name)
        if self.at:
            scope.field_of(self.of, self.at, self.name, "at")
        for column in self.cells:
            scope.field_of(self.of, column, self.name, "cells")
        if len(self.variants) < 2:
            scope.tell(self.name, "variants", "are fewer than two; an experiment compares at least two")
        made = Mix(self.variants).declare(scope, self.of, self.name, "variants")
        scope.add_field(self.of, self.name, made, self.name)
        scope.trials[self.name] = Trial(self.of, begin, end)

    def play(self, scene: Scene) -> None:
        """Deals the variants, or lets each fall by itself."""
        frame = scene.frames[self.of]
        eligible = np.flatnonzero(self._is_eligible(scene, frame))
        key, shares, stream = frame.key[eligible], self._shares(), f"{self.of}.{self.name}"
        variant = np.full(len(frame), -1)
        if self.exact:
            own = [*marks_of(scene, frame), *(frame[column] for column in self.cells)]
            variant[eligible] = scene.draws.deal(stream, key, tuple(one[eligible] for one in own), shares)
        else:
            ends = np.rint(np.cumsum(shares) * SHARE_UNITS)
            point = scene.draws.whole(stream, key, 0, SHARE_UNITS - 1)
            variant[eligible] = np.searchsorted(ends[:-1], point, side="right")
        frame.columns[self.name] = variant

    def _is_eligible(self, scene: Scene, frame: Frame) -> Mask:
        met = matches(frame, self.where)
        trial = scene.scope.trials[self.name]
        return met & (frame[self.at] >= trial.begin_s) & (frame[self.at] < trial.end_s) if self.at else met

    def _shares(self) -> NDArray[np.float64]:
        shares: NDArray[np.float64] = np.array([*self.variants.values()], np.float64)
        shares /= shares.sum()
        return shares


@dataclass(frozen=True)
class Exposures:
    """
    One row for each entity of an experiment that reaches what is tried, in the order of time.

    Also adds the moment, *exposed_at*, to the frame of the experiment: NULL for those who never reach it.

    Attributes:
        experiment: Which.
        at: The column of the moment, for example ``started_at``.
        on: The frame that has it, for example the sessions: the first one counts that begins in the
            experiment's window. Empty: the frame of the experiment.
        where: Condition on those moments, for example ``onboarding>=2`` or ``platform=ios``.
        exposed_at: What the column of the moment is called.
        columns: What else each exposure has, in order.
        number: Name of a column that numbers them from 1; empty for none.
    """

    name: str
    experiment: str
    at: str
    on: str = ""
    where: str = ""
    exposed_at: str = "exposed_at"
    columns: Columns = field(default_factory=dict)
    number: str = ""

    def declare(self, scope: Scope) -> None:
        """Adds the frame, and the moment to the frame of the experiment."""
        if self.experiment not in scope.trials:
            scope.unknown(self.name, "experiment", "experiment", self.experiment, scope.trials)
            return
        of = scope.trials[self.experiment].frame
        on = self.on or of
        scope.field_of(on, self.at, self.name, "at")
        scope.check_where(on, self.where, self.name)
        if on in scope.frames and of not in scope.lineage(on):
            scope.tell(self.name, "on", f"is {on!r}, which does not belong to {of!r}")
        if self.exposed_at in scope.fields_of(of):
            scope.tell(self.name, "exposed_at", f"{of} has a column {self.exposed_at!r} already; rename one")
        scope.add_field(of, self.exposed_at, Field("timestamp"), self.name)
        own = {self.number: Field("integer")} if self.number else {}
        scope.add_frame(self.name, of, {self.exposed_at: Field("timestamp"), **own}, self.name)
        scope.exposures[self.name] = self.experiment
        declare_columns(scope, self.name, self.columns)

    def play(self, scene: Scene) -> None:
        """Finds the first moment of each, and bends the rows."""
        trial = scene.scope.trials[self.experiment]
        people = scene.frames[trial.frame]
        first = self._first(scene, people, trial)
        people.columns[self.exposed_at] = first
        there = np.flatnonzero(first != NULL)
        row = there[order_by(first[there], people.key[there])]
        frame = scene.children(self.name, trial.frame, row, people.key[row])
        frame.columns[self.exposed_at] = first[row]
        draw_columns(scene, frame, self.columns)
        frame = scene.frames[self.name] = bend_rows(scene, frame)
        if self.number:
            frame.columns[self.number] = scene.number(len(frame))

    def _first(self, scene: Scene, people: Frame, trial: Trial) -> Whole:
        """The first moment of each who is in the experiment; NULL for none."""
        rows = scene.frames[self.on or people.name]
        at, end = rows[self.at], min(trial.end_s, scene.scope.end_s)
        met = matches(rows, self.where) & (at >= trial.begin_s) & (at < end)
        first = np.full(len(people), FOREVER_S)
        np.minimum.at(first, rows.owner(people.name)[met], at[met])
        return np.where((people[self.experiment] >= 0) & (first < FOREVER_S), first, NULL)
