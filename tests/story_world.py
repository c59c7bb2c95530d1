"""A small world for the tests of the story engine, and what a rebuild without a twist changes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pytest

from casekit.errors import AuthorError
from casekit.world import story as s
from casekit.world.calendar import second
from casekit.world.declare import Entry
from casekit.world.draws import Draws
from casekit.world.story.scene import Scene
from casekit.world.story.telling import Story

BEGINS, ENDS = "2025-03-03", "2025-04-27"
BEGIN_S, END_S = second(BEGINS), second("2025-04-28")
CASE, SEED = "a-story", 7

PEOPLE = s.Population("people", {
    "platform": s.mix(android=0.5, ios=0.3, web=0.2),
    "country": s.mix(DE=0.6, FR=0.4).within("platform"),
    "seats": s.whole(1, 500),
    "joined_at": s.whole(BEGIN_S, END_S - 1, "timestamp"),
    "is_new": s.share(0.4),
})  # fmt: skip
VISITS = s.Visits(
    "visits", of="people", a_day=0.1, source="channel", sources=s.mix(organic=0.6, ads=0.4), number="visit_id"
)
STEPS = (
    s.Step("view", 0.8, after="1m", sigma=0.7),
    s.Step("cart", s.by("platform", {"android": 0.5, "ios": 0.6, "web": 0.4}), after="30m", sigma=1.0),
    s.Step("pay", 0.6, after="6h", sigma=1.0),
)
EVENTS = s.Events(
    "events",
    of="people",
    moments=s.taken("shop", "view", "cart", "pay"),
    values=("pay_v2",),
    columns={
        "sent_by": s.mix(app=0.7, server=0.3).each(),
        "arrived_at": s.later("event_at", "5s", 0.5),
        "delivery": s.whole(1, 1_000_000),
    },
)


def funnel(exact: bool = True, ends: str = "censor", **more: Any) -> s.Funnel:
    """The shop's funnel, dealt or by coin."""
    return s.Funnel(
        "shop",
        of="people",
        starts="joined_at",
        steps=STEPS,
        cells=("platform",),
        exact=exact,
        ends=ends,
        **more,
    )


def shop(*twists: s.Twist, exact: bool = True, ends: str = "censor", parts: Sequence[Any] = ()) -> Story:
    """People, how far they get in the shop, the events of it, and more parts."""
    return Story(BEGINS, ENDS, (PEOPLE, funnel(exact, ends), EVENTS, *parts), (), twists)


def played(story: Story, people: int = 4_000, seed: int = SEED) -> Scene:
    """One block of a story that is sound."""
    assert [] == story.scope.problems
    return story.play(Draws(CASE, seed), people)


def problems(*parts: Any, twists: Sequence[s.Twist] = (), **more: Any) -> list[str]:
    """Everything the author is told about a story, at once."""
    told = {"begins": BEGINS, "ends": ENDS, "tables": (), "sizes": {"default": 100}, **more}
    with pytest.raises(AuthorError) as caught:
        s.tell(parts=parts, twists=twists, **told)
    return [str(problem) for problem in caught.value.problems]


@dataclass
class Difference:
    """
    What a rebuild without a twist changes in one frame.

    Attributes:
        added: Keys that are there because of the twist.
        gone: Keys that are not there because of it.
        changed: By column: keys of the rows that hold another value because of it.
    """

    added: set[int] = field(default_factory=set)
    gone: set[int] = field(default_factory=set)
    changed: dict[str, set[int]] = field(default_factory=dict)


def entry(scene: Scene, twist: str) -> Entry:
    """The ledger's one line about a twist."""
    (line,) = [line for line in scene.ledger if line.twist == twist]
    return line


def differences(story: Story, twist: str, people: int = 4_000, seed: int = SEED) -> dict[str, Difference]:
    """What a rebuild without *twist* changes, by frame; numbers that only count rows are left out."""
    told, other = (played(one, people, seed) for one in (story, story.without(twist)))
    found = {name: _difference(told.frames[name], other.frames[name]) for name in told.frames}
    return {name: one for name, one in found.items() if one != Difference()}


def _difference(told: s.Frame, other: s.Frame) -> Difference:
    keys, others = (frame.key.tolist() for frame in (told, other))
    assert len(set(keys)) == len(keys), f"{told.name} has a key twice"
    mine, theirs = ({key: row for row, key in enumerate(one)} for one in (keys, others))
    same = sorted(mine.keys() & theirs.keys())
    rows, other_rows = [mine[key] for key in same], [theirs[key] for key in same]
    names = [name for name in told.fields if name in told.columns and not name.endswith("_id")]
    changed = {name: np.asarray(told[name])[rows] != np.asarray(other[name])[other_rows] for name in names}
    moved = {
        name: {same[row] for row in np.flatnonzero(mask)} for name, mask in changed.items() if mask.any()
    }
    return Difference(mine.keys() - theirs.keys(), theirs.keys() - mine.keys(), moved)
