"""Releases and who runs which: staged rollouts, people who update late, and people who never do."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from casekit.world.calendar import second, seconds_of
from casekit.world.story.frames import Field, Frame, Whole
from casekit.world.story.scene import Scene
from casekit.world.story.scope import FOREVER_S, Scope
from casekit.world.story.where import matches

__all__ = ["Release", "Rollout"]


@dataclass(frozen=True)
class Release:
    """
    One version, and when people get it.

    Attributes:
        on: Moment it is offered to all; empty: it was there before the window.
        stages: Share of people who have got it from each moment on, in place of *on*.
        lag: Median time until a person updates after *on*, and *sigma* its spread.
        never: Share of people who never update to it.
        latest: Moment by which everybody else has it.
    """

    version: str
    on: str = ""
    stages: Mapping[str, float] = field(default_factory=dict)
    lag: str = "0s"
    sigma: float = 1.0
    never: float = 0.0
    latest: str = ""


@dataclass(frozen=True)
class Rollout:
    """
    Adds a text column: the version that runs at a moment.

    Attributes:
        name: The column's name.
        of: The frame that gets it, for example the sessions.
        at: Its column of time.
        people: The frame of those who update.
        tracks: The releases, oldest first, by condition on the people, for example by platform.
    """

    name: str
    of: str
    at: str
    people: str
    tracks: Mapping[str, Sequence[Release]]

    @property
    def versions(self) -> tuple[str, ...]:
        """Every version, in the order told."""
        return tuple(dict.fromkeys(one.version for track in self.tracks.values() for one in track))

    def declare(self, scope: Scope) -> None:
        """Adds the column."""
        scope.add_field(self.of, self.name, Field("text", self.versions), self.name)
        scope.field_of(self.of, self.at, self.name, "at")
        for where, track in self.tracks.items():
            scope.check_where(self.people, where, self.name, "tracks")
            for release in track:
                self._check(scope, release)

    def play(self, scene: Scene) -> None:
        """Draws when each person gets each version, and reads off what runs."""
        people, frame = scene.frames[self.people], scene.frames[self.of]
        owner, at = frame.owner(self.people), frame[self.at]
        runs, first = np.full(len(frame), -1), at.min(initial=FOREVER_S)
        for where, track in self.tracks.items():
            mine = matches(people, where)
            for release in track:
                gets = np.where(mine, self._moments(scene, people, mine, release), FOREVER_S)
                version = self.versions.index(release.version)
                runs[gets[owner] <= at if gets.max() > first else ...] = version
        frame.columns[self.name] = runs

    def _moments(self, scene: Scene, people: Frame, mine: Whole, release: Release) -> Whole:
        """When each person would get a release."""
        name = f"{self.name} {release.version}"
        if release.stages:
            place, of = scene.draws.rank(f"{name}: place", people.key, mine)
            shares = np.array([*release.stages.values()])
            stage = np.searchsorted(np.rint(shares * 100), place * 100 // of, side="right")
            return np.array([*map(second, release.stages), FOREVER_S])[stage]
        moment = np.full(len(people), second(release.on) if release.on else 0)
        if release.lag != "0s":
            moment = moment + scene.draws.lognormal(
                f"{name}: lag", people.key, seconds_of(release.lag), release.sigma
            )
        if release.latest:
            moment = np.minimum(moment, second(release.latest))
        if not release.never:
            return moment
        never = scene.draws.quota(f"{name}: never", people.key, mine, release.never)
        return np.where(never, FOREVER_S, moment)

    def _check(self, scope: Scope, release: Release) -> None:
        where = f"{self.name} {release.version}"
        scope.check_share(release.never, where, "never")
        scope.check_span(release.lag, where, "lag")
        for moment, share in release.stages.items():
            scope.check_share(share, where, "stages")
            scope.window(moment, "", where)
        shares = list(release.stages.values())
        if shares != sorted(shares):
            scope.tell(where, "stages", "go down; write the share that has it by then, which only grows")
        if list(release.stages) != sorted(release.stages):
            scope.tell(where, "stages", "are not in order of time; put the earliest first")
        scope.window(release.on, release.latest, where)
