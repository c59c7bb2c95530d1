"""A story told: everything wrong at once, everything off undone, and tables that show the frames."""

from __future__ import annotations

import math
import re
from pathlib import Path
from typing import Any

import pytest

from casekit.world import story as s
from casekit.world.blocks import Block, draw_block, draw_rows
from casekit.world.declare import Fact, World
from casekit.world.lint import lint_world
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


@pytest.mark.parametrize(("begins", "ends"), [("soon", ENDS), (BEGINS, "2025-03-01"), (None, ENDS)])
def test_unreadable_window_is_told_once(begins: Any, ends: str):
    """Without a window nothing lies outside it: a dated twist is not told as well."""
    dated = s.StepChange("broken", step="shop.pay", times=0.4, since="2025-04-01")

    told = problems(PEOPLE, funnel(), twists=[dated], begins=begins, ends=ends)

    assert 1 == len(told)


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ({"sizes": {"small": 100}}, "sizes › default: is not there; the sizes are: small"),
        ({"sizes": None}, "sizes: are None; write them by name"),
        ({"block": -1}, "block: is -1; write a whole number"),
        ({"block": 0.5}, "block: is 0.5; write a whole number"),
        ({"twists": TWISTS[0]}, "twists: are a StepChange, not a list or tuple"),
        ({"tables": None}, "tables: are a NoneType, not a list or tuple"),
        ({"twists": [PEOPLE]}, "twists: hold a Population, which does not belong there"),
        ({"twists": [None]}, "twists: hold None, which does not belong there"),
        ({"tables": ["users"]}, "tables: hold 'users', which does not belong there"),
        ({"tables": [s.Table("users", "g", None, of="people")]}, "users: cannot be read (AttributeError"),
        ({"facts": ["a"]}, "facts: hold 'a', which does not belong there"),
        ({"facts": [Fact("a", 2, 1, "", "")]}, "a: runs from 2 to 1; put the smaller one first"),
        ({"facts": [Fact("a", math.nan, 1, "", "")]}, "a: runs from nan to 1; write two numbers"),
        ({"facts": [Fact("a", "0", 1, "", "")]}, "a: runs from '0' to 1; write two numbers"),
        ({"facts": [Fact("a", 0, 1, "", "")] * 2}, "a: is the name of two facts"),
        ({"facts": [Fact("a", 0, 1, "", "", ("defualt",))]}, "a: holds at the size 'defualt', which WORLD"),
        ({"facts": [Fact("a", 0, 1, "", "", ())]}, "a: holds at no size"),
    ],
)  # fmt: skip
def test_bad_words_are_told(said: dict[str, Any], words: str):
    """What is handed to a story and is of the wrong kind is told with its name, never raised by Python."""
    told = problems(PEOPLE, funnel(), **said)

    assert [words in problem for problem in told] == [True]


@pytest.mark.parametrize(
    ("part", "words"),
    [
        (None, "parts: hold None, which does not belong there"),
        ("people", "parts: hold 'people', which does not belong there"),
        (s.Population, "parts: hold the class Population itself"),
        (TWISTS[2], "parts: hold a Duplicates, which does not belong there"),
        (s.Population(None), "parts: hold a Population with the name None"),
        (s.Population("others", None), "others: cannot be read (AttributeError: 'NoneType'"),
        (s.Population("others", {"a": 3}), "others: cannot be read (AttributeError: 'int'"),
        (s.Population("others", {"a": s.share("0.1")}), "others › a: is '0.1'; a share lies between"),
        (s.Population("others", {"a": s.share(None)}), "others › a: is None; a share lies between"),
        (s.Population("others", {"a": s.share(math.nan)}), "others › a: is nan; a share lies between"),
        (s.Population("others", {"a": s.spread(5, math.nan)}), "others › a: has the spread nan; write"),
        (s.Population("others", {"a": s.spread(math.inf, 1)}), "others › a: is inf; write a number"),
        (s.Population("others", {"a": s.mix(x=math.inf)}), "others › a: has the share inf; write a number"),
        (s.Population("others", {"a": s.mix(x="1")}), "others › a: has the share '1'; write a number"),
        (s.Population("others", {"a": s.wait(90)}), "others › a: is 90; write a span of time"),
        (s.Visits("visits", "people", math.inf, "by", s.mix(ad=1)), "visits › a_day: is inf; write a number"),
        (s.Visits("visits", "people", "1", "by", s.mix(ad=1)), "visits › a_day: is '1'; write a number"),
        (s.Daily("days", every=0.5), "days › every: is 0.5; write a whole number from 1 up"),
        (s.Schedule("plan", "people", every=0.5), "plan › every: is 0.5; write a whole number from 1 up"),
        (s.Schedule("plan", "people", every=None), "plan › every: is None; write a whole number"),
        (s.Schedule("plan", "people", 7, slips={0: math.inf}), "plan › slips: needs shares"),
        (s.Added("people", {"seats": s.whole(1, 2)}), "people › seats: there is a column of this name"),
    ],
)  # fmt: skip
def test_bad_kinds_are_told(part: Any, words: str):
    """A part that is none, and a number that is none, are told with their names, never raised by Python."""
    told = problems(PEOPLE, part)

    assert any(words in problem for problem in told), told


@pytest.mark.parametrize(
    ("twist", "words"),
    [
        (s.StepChange("odd", step=None, times=0.5), "odd: cannot be read (AttributeError"),
        (s.StepChange("odd", step="shop.pay", times="3"), "odd: cannot be read (TypeError: must be real"),
        (s.QueueDelay("odd", of="people", state="QA", times=math.inf), "odd › times: is inf; write a number"),
        (s.StepChange("is_new", step="shop.pay", times=0.5), "is_new: there is a column of this name"),
        (s.StepChange("shop", step="shop.pay", times=0.5), "shop: there is a column of this name"),
    ],
)  # fmt: skip
def test_bad_twist_is_told(twist: s.Twist, words: str):
    """A twist of the wrong kind, or called like a column it would write over, is told with its name."""
    told = problems(PEOPLE, funnel(), twists=[twist])

    assert any(words in problem for problem in told), told


def test_one_mistake_is_told_once():
    """What hangs on a part that cannot be read is not told as unknown."""
    parts = (PEOPLE, s.Added("people", None), s.Funnel("shop", "people", "joined_at", [None]), EVENTS)

    told = problems(*parts, s.Many("licences", "people", "n_licences"), twists=TWISTS[:1])

    assert 2 == len(told)
    assert told[0].startswith("world.py › people: cannot be read")
    assert told[1].startswith("world.py › shop: cannot be read")


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


PAGE = (Path(__file__).parents[1] / "docs" / "world.md").read_text("utf-8")


def test_page_tells_every_word():
    """``docs/world.md`` names whatever an author may import, and nothing that is not there."""
    said = {word for code in re.findall(r"`([^`\n]+)`", PAGE) for word in re.findall(r"\w+", code)}
    rows = re.findall(r"^\|([^|]*)\|", PAGE, re.MULTILINE)
    listed = {name for row in rows for name in re.findall(r"`(\w+)`", row)}

    assert set() == set(s.__all__) - said
    assert set() == listed - set(s.__all__)


def test_example_of_page_is_sound():
    """The world on the page can be told and drawn, and its twist be seen."""
    code = re.search(r"```python\n(.*?)```", PAGE, re.DOTALL)
    told: dict[str, Any] = {}
    exec(code[1], told)
    drawn = draw_block(told["WORLD"], "page", 7, Block(0, 1_000))

    assert ["covered_button"] == [line.twist for line in drawn.ledger]
    assert () == lint_world(told["WORLD"], "page")
