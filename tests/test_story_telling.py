"""A story told: everything wrong at once, everything off undone, and tables that show the frames."""

from __future__ import annotations

from typing import Any

import pytest

from casekit.world import story as s
from casekit.world.blocks import Block, draw_block, draw_rows
from casekit.world.declare import World
from story_world import BEGINS, ENDS, EVENTS, PEOPLE, VISITS, funnel, played, problems, shop

TABLES = (
    s.Table("users", "one row per user", {"seats": "seats bought", "platform": "device"}, of="people"),
    s.Table("news", "one row per new user", {"joined_on": s.column("day", "joined_at", type="date")},
            of="people", where="is_new"),
    s.Table("events", "one row per event", {"event_id": "key", "event_name": "what", "event_at": "when"}),
)  # fmt: skip
TWISTS = (
    s.StepChange("broken", step="shop.pay", where="platform=web", times=0.4),
    s.Outage("blind", of="events", where="event_name=view", share=0.2),
    s.Duplicates("doubled", of="events", share=0.1),
)


def world(**more: Any) -> World:
    told = {"begins": BEGINS, "ends": ENDS, "parts": (PEOPLE, funnel(), EVENTS), "tables": TABLES}
    sizes = {"default": 600, "double": 1_200}
    return s.tell(**{**told, "twists": TWISTS, "sizes": sizes, **more})


def test_everything_is_told_at_once():
    """One error holds every problem of a story, wherever it lies."""
    told = problems(
        s.Population("people", {"platform": s.mix(ios=0, web=0), "a": s.mix(x=1, y=-1), "b": s.share(1.5)}),
        s.Funnel(
            "shop", "people", "joined_at", [s.Step("pay", s.rate(0.5, odds={"plat=ios": -2}), after="25x")]
        ),
        s.Events("events", "people", [s.Moment("hi", at="nowhere")]),
        s.Population("people"),
        twists=[
            s.StepChange("one", step="shop.pya", times=0.5),
            s.Outage("two", of="evnts"),
            s.Lost("three", of="events", since="2025-04-02", until="2025-04-01"),
            s.Missing("four", of="events", column="event_nme"),
            s.Decoy("five", of="visits", times=2),
            s.Lost("five", of="events", share=2),
        ],
        tables=[s.Table("t", "g", {"x": "?"}, of="peeple"), s.Table("t", "g", {"seatz": "?"}, of="people")],
        sizes={"default": -1},
    )

    expected = [
        "sum to nothing",
        "negative share",
        "is 1.5; a share lies",
        "no column of people 'plat'",
        "write a number of 0 or more",
        "'25x' is no span",
        "no column of people 'nowhere'",
        "two frames called 'people'",
        "did you mean 'shop.pay'",
        "did you mean 'events'",
        "name the column that since and until",
        "put the dates in order",
        "did you mean 'event_name'",
        "no frame with sources 'visits'",
        "name of two twists",
        "is 2; a share lies",
        "name of two tables",
        "did you mean 'people'",
        "no column of people 'seatz'",
        "is -1; a size",
    ]
    for words in expected:
        assert any(words in problem for problem in told), words


@pytest.mark.parametrize(
    ("begins", "ends", "words"),
    [
        ("2025-03-32", ENDS, "are no dates"),
        (BEGINS, "in May", "are no dates"),
        (BEGINS, "2025-03-02", "put the dates in order"),
    ],
)
def test_bad_window_is_told(begins: str, ends: str, words: str):
    """The world's own dates are checked first."""
    assert any(words in problem for problem in problems(PEOPLE, begins=begins, ends=ends))


def test_one_day_is_a_window():
    """A world may last a day."""
    day_of = world(begins="2025-03-03", ends="2025-03-03", parts=(PEOPLE,), tables=TABLES[:1], twists=())

    assert 600 == len(draw_rows(day_of, "a-story", 7, "default")["users"]["seats"])


def test_tables_show_frames():
    """Every entity of a frame is a row, or those of a condition; dates of moments are days."""
    told = world()
    scene, rows = told.story.play(*drawn(600)), draw_block(told, "a-story", 7, Block(0, 600)).rows
    people = scene.frames["people"]

    assert people["seats"].tolist() == rows["users"]["seats"].tolist()
    assert (people["joined_at"][people["is_new"]] // 86_400).tolist() == rows["news"]["joined_on"].tolist()
    assert scene.frames["events"]["event_at"].tolist() == rows["events"]["event_at"].tolist()


def drawn(people: int) -> tuple[Any, int]:
    from casekit.world.draws import Draws

    return Draws("a-story", 7), people


def test_ledger_names_every_twist():
    """Each twist has its line, with what the author said in words."""
    told = world()

    lines = told.story.play(*drawn(600)).ledger

    assert ["broken", "blind", "doubled"] == [line.twist for line in lines]
    assert "shop.pay x 0.4 where platform=web" == lines[0].declared
    assert "20 % of events lost where event_name=view" == lines[1].declared
    assert ["broken step", "outage", "duplicates"] == [line.kind for line in lines]


def test_without_leaves_the_story():
    """Telling a story without a twist gives another story; the first one stays as it is."""
    told = world().story

    other = told.without("broken", "blind")

    assert frozenset() == told.off
    assert {"broken", "blind"} == other.off == other.without("broken").off
    assert [0, 0] == [line.actual - line.base for line in other.play(*drawn(600)).ledger[:2]]


def test_twists_wait_for_their_parts():
    """A twist may be told in any order, and bend a part that comes late."""
    late = s.Events(**{**vars(EVENTS), "name": "log"})
    twists = [s.Lost("gone", of="log"), s.MixShift("more", of="visits", times=2)]

    scene = played(shop(*twists, parts=[late, VISITS]))

    assert 0 == len(scene.frames["log"])
    assert {"gone", "more"} == {line.twist for line in scene.ledger}


def test_larger_world_keeps_first_block():
    """A world of twice the people begins with the same block."""
    one, two = (draw_rows(world(), "a-story", 7, size)["users"]["seats"] for size in ("default", "double"))

    assert one.tolist() == two[:600].tolist()
    assert 1_200 == len(two)
