"""People in an order of their own: their numbers follow it, and their draws do not change."""

from __future__ import annotations

import numpy as np
import pytest

from casekit.errors import AuthorError
from casekit.world import World
from casekit.world import story as s
from casekit.world.draws import Draws

COLUMNS: dict[str, s.Measure] = {"plan": s.mix(basic=0.6, pro=0.4), "joined": s.whole(19_000, 19_400, "date")}


def world_of(order: str) -> World:
    people = s.Population("people", COLUMNS, number="person_id", order=order)
    users = s.Many("users", of="people", count=s.count(1.5), columns={"device": s.mix(ios=1, web=2).each()})
    table = s.Table("people", "one row per person", {"person_id": "key", "joined": "first day"})
    return s.tell(begins="2023-01-01", ends="2023-01-31", sizes={"default": 500},
                  parts=(people, users), tables=(table,))  # fmt: skip


def test_numbers_follow_the_order():
    """People stand and are numbered by the column told; without one they stand as they were drawn."""
    ordered, plain = (
        world_of(order).story.play(Draws("p", 7), 500).frames["people"] for order in ("joined", "")
    )

    assert (np.diff(ordered["joined"]) >= 0).all()
    assert not (np.diff(plain["joined"]) >= 0).all()
    for people in (ordered, plain):
        assert list(range(1, 501)) == people["person_id"].tolist()


def test_order_changes_nobody():
    """Whatever the order, each key has the same values and the same children."""
    scenes = [world_of(order).story.play(Draws("p", 7), 500) for order in ("joined", "")]
    people = [scene.frames["people"].taken(np.argsort(scene.frames["people"].key)) for scene in scenes]
    users = [scene.frames["users"].taken(np.argsort(scene.frames["users"].key)) for scene in scenes]

    for name in COLUMNS:
        assert people[0][name].tolist() == people[1][name].tolist()
    assert users[0].key.tolist() == users[1].key.tolist()
    assert users[0]["device"].tolist() == users[1]["device"].tolist()


def test_unknown_order_is_told():
    """A column that is not there is the author's mistake, with the near miss."""
    with pytest.raises(AuthorError, match="did you mean 'joined'"):
        world_of("joind")
