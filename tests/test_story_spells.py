"""Spells: a state begins where the one before ends, and the last one is open."""

from __future__ import annotations

import numpy as np
import pytest

from casekit.errors import AuthorError
from casekit.world import World
from casekit.world import story as s
from casekit.world.calendar import day, second
from casekit.world.declare import NULL
from casekit.world.draws import Draws

BEGIN = day("2025-01-01")
STAGES = (
    ("trial", "joined"),
    ("active", "paid"),
    ("paused", "rested"),
    ("active", "resumed"),
    ("gone", "left"),
)


def world_of(**columns: list[int]) -> World:
    """People whose moments are given, one each, and their history."""
    made = {
        name: s.derived("date", lambda _, values=values: np.array(values)) for name, values in columns.items()
    }
    people = s.Population("people", {name: made.get(name, never()) for _, name in STAGES}, number="person")
    history = s.Spells("history", of="people", stages=STAGES)
    table = s.Table("history", "one row per spell", {
        "person": "who", "status": "state", "valid_from": "first day",
        "valid_to": s.column("day after the last", nullable=True)})  # fmt: skip
    size = len(next(iter(columns.values())))
    return s.tell(begins="2025-01-01", ends="2025-03-31", sizes={"default": size},
                  parts=(people, history), tables=(table,))  # fmt: skip


def never() -> s.Measure:
    return s.derived("date", lambda frame: np.full(len(frame), NULL))


def rows_of(world: World) -> list[tuple[int, str, int, int | None]]:
    """Person, state, first day and day after the last, counted from the window's begin."""
    frame = world.story.play(Draws("spells", 7), world.sizes["default"]).frames["history"]
    states = frame.fields["status"].values
    until = [None if value == NULL else value - BEGIN for value in frame["valid_to"].tolist()]
    since = (frame["valid_from"] - BEGIN).tolist()
    person = (frame.owner("people") + 1).tolist()
    return list(zip(person, [states[place] for place in frame["status"]], since, until, strict=True))


def test_spells_lie_end_to_end():
    """Each spell ends where the next begins; the last has no end."""
    world = world_of(
        joined=[BEGIN], paid=[BEGIN + 7], rested=[BEGIN + 30], resumed=[BEGIN + 40], left=[BEGIN + 60]
    )

    assert [
        (1, "trial", 0, 7),
        (1, "active", 7, 30),
        (1, "paused", 30, 40),
        (1, "active", 40, 60),
        (1, "gone", 60, None),
    ] == rows_of(world)


def test_rows_are_in_order_of_start():
    """Spells of all stand in the order in which they begin."""
    world = world_of(joined=[BEGIN + 5, BEGIN], paid=[BEGIN + 12, BEGIN + 7])

    assert [
        (2, "trial", 0, 7),
        (1, "trial", 5, 12),
        (2, "active", 7, None),
        (1, "active", 12, None),
    ] == rows_of(world)


def test_future_does_not_happen():
    """What begins after the window leaves the spell before it open."""
    assert [(1, "trial", 0, None)] == rows_of(world_of(joined=[BEGIN], paid=[BEGIN + 90]))


def test_empty_spell_is_skipped():
    """Of two states that begin at the same moment the later one told is there."""
    assert [(1, "active", 3, None)] == rows_of(world_of(joined=[BEGIN + 3], paid=[BEGIN + 3]))


def test_history_may_begin_before_the_window():
    """Who joined earlier has the spells of then."""
    assert [(1, "trial", -400, -390), (1, "active", -390, None)] == rows_of(
        world_of(joined=[BEGIN - 400], paid=[BEGIN - 390])
    )


def test_problems_are_told():
    """An unknown column, moments of two kinds and a column that is no moment come out at once."""
    people = s.Population("people", {
        "joined": s.whole(BEGIN, BEGIN + 9, "date"),
        "paid_at": s.whole(second("2025-01-05"), second("2025-02-05"), "timestamp"),
        "seats": s.whole(1, 9),
    })  # fmt: skip
    parts = (
        people,
        s.Spells("one", of="people", stages=(("trial", "joined"), ("active", "paid"))),
        s.Spells("two", of="people", stages=(("trial", "joined"), ("active", "paid_at"))),
        s.Spells("three", of="people", stages=(("trial", "seats"),)),
        s.Spells("four", of="people", stages=()),
    )
    with pytest.raises(AuthorError) as caught:
        s.tell(begins="2025-01-01", ends="2025-03-31", sizes={"default": 9}, parts=parts, tables=())

    told = [(problem.where, problem.message) for problem in caught.value.problems]
    assert 4 == len(told)
    assert ("one", "there is no column of people 'paid'; did you mean 'paid_at'?") in told
    assert ("two", "begin at dates and timestamps; use timestamps only or dates only") in told
    assert ("three", "begin at integers; use timestamps only or dates only") in told
    assert ("four", "are 0; tell 1 to 31 stages") in told
