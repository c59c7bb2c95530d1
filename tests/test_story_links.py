"""Links: a second id and its partner are alike, each is linked once, and without the twist nobody is."""

from __future__ import annotations

import numpy as np
import pytest

from casekit.errors import AuthorError
from casekit.world import story as s
from casekit.world.blocks import draw_rows
from casekit.world.declare import World
from casekit.world.draws import Draws

PEOPLE = s.Population("people", {
    "zone": s.mix(east=0.5, west=0.5),
    "kind": s.mix(first=0.9, second=0.1).within("zone"),
}, number="person_id")  # fmt: skip
LINKS = s.Links("links", of="people", second="kind=second", first="kind=first", within=("zone",),
                shows="person_id", partner="linked_id")  # fmt: skip
TWIST = s.DoubleIds("two_ids", of="links", because="two shops became one")
TABLES = (
    s.Table("people", "one row per id", {"person_id": "key", "zone": "where", "kind": "which"}),
    s.Table("links", "one row per second id", {"person_id": "second id", "linked_id": "first id"}),
)


def world_of(links: s.Links = LINKS, people: int = 1_000) -> World:
    return s.tell(begins="2025-01-01", ends="2025-01-31", sizes={"default": people},
                  parts=(PEOPLE, links), twists=(TWIST,), tables=TABLES)  # fmt: skip


def test_everyone_finds_a_partner():
    """Each second id has a first one of the same zone, and no id is in two pairs."""
    rows = draw_rows(world_of(), "links", 7, "default")
    people = {name: np.asarray(values) for name, values in rows["people"].items()}
    second, first = (np.asarray(rows["links"][name]) - 1 for name in ("person_id", "linked_id"))

    assert 100 == len(second) == len(np.unique(second)) == len(np.unique(first))
    assert (people["kind"][second] == 1).all()
    assert (people["kind"][first] == 0).all()
    assert (people["zone"][second] == people["zone"][first]).all()


def test_partners_are_drawn():
    """Another seed pairs others."""
    one, other = (draw_rows(world_of(), "links", seed, "default")["links"] for seed in (7, 8))

    assert one["linked_id"].tolist() != other["linked_id"].tolist()


def test_nobody_left_means_no_link():
    """Where there are more second ids than partners, the rest have no row."""
    links = s.Links(
        "links", of="people", second="kind=first", first="kind=second", shows="person_id", partner="linked_id"
    )

    assert 100 == len(draw_rows(world_of(links), "links", 7, "default")["links"]["linked_id"])


def test_without_twist_nobody_is_linked():
    """Rebuilt without it the links are gone, as many as the ledger says, and the people are the same."""
    world = world_of()
    told, bare = (
        story.play(Draws("links", 7), 1_000) for story in (world.story, world.story.without("two_ids"))
    )
    (entry,) = told.ledger

    assert (100, 0, 100) == (entry.exposed, entry.base, entry.actual)
    assert "people with two ids in links: two shops became one" == entry.declared
    assert [entry.base, entry.base] == [len(bare.frames["links"]), bare.ledger[0].actual]
    for name, values in told.frames["people"].columns.items():
        assert values.tolist() == bare.frames["people"].columns[name].tolist()


def test_problems_are_told():
    """Unknown conditions, columns and links come out at once, with the near misses."""
    links = s.Links("links", of="people", second="kind=secnd", first="sort=first", within=("zones",),
                    shows="person", partner="linked_id")  # fmt: skip
    twist = s.DoubleIds("two_ids", of="link")
    with pytest.raises(AuthorError) as caught:
        s.tell(begins="2025-01-01", ends="2025-01-31", sizes={"default": 9}, parts=(PEOPLE, links),
               twists=(twist,), tables=())  # fmt: skip

    told = " ".join(problem.message for problem in caught.value.problems)
    assert 5 == len(caught.value.problems)
    assert "did you mean 'second'?" in told
    assert "no column of people 'sort'" in told
    assert "did you mean 'zone'?" in told
    assert "did you mean 'person_id'?" in told
    assert "did you mean 'links'?" in told
