"""Waiting for a team: office hours only, longer in bad weeks, and cut off at the window's end."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from casekit.world import story as s
from casekit.world.calendar import DAY_S, second, weekday
from casekit.world.declare import NULL
from casekit.world.story.telling import Story
from story_world import BEGINS, END_S, ENDS, PEOPLE, differences, entry, played, problems

OFFICE = s.Office(opens=9, closes=17, closed=("2025-04-18", "2025-04-21"))
TICKETS = s.Many(
    "tickets",
    of="people",
    count=s.share(s.rate(0.05, times={"is_new": 10}), exact=False),
    columns={
        "topic": s.mix(billing=0.5, bug=0.3, other=0.2)
        .per("platform", {"web": {"billing": 0.8, "bug": 0.2}})
        .each(),
        "opened_at": s.later("joined_at", "20h", 1.2),
        "first_response_at": s.answer("opened_at", "6h", 0.8, office=OFFICE, times={"topic=billing": 2}),
    },
    at="opened_at",
    order="opened_at",
    number="ticket_id",
)
SLOW = s.SlowAnswers("slow", of="tickets", column="first_response_at", times=4, where="topic=billing",
                    since="2025-03-24", until="2025-04-07")  # fmt: skip


def support(*twists: s.Twist) -> Story:
    return Story(BEGINS, ENDS, (PEOPLE, TICKETS), (), twists)


def answered(office: s.Office, asked: str, work: str) -> int:
    from casekit.world.calendar import seconds_of

    return int(office.after(np.array([second(asked)]), np.array([seconds_of(work)]), END_S)[0])


@pytest.mark.parametrize(
    ("asked", "work", "answer"),
    [
        ("2025-04-15 10:00", "2h", "2025-04-15 12:00"),  # a Tuesday
        ("2025-04-15 06:00", "2h", "2025-04-15 11:00"),  # before it opens
        ("2025-04-15 16:00", "2h", "2025-04-16 10:00"),  # over night
        ("2025-04-15 23:30", "8h", "2025-04-16 17:00"),  # to the last minute
        ("2025-04-11 16:30", "1h", "2025-04-14 09:30"),  # over the weekend
        ("2025-04-12 12:00", "1m", "2025-04-14 09:01"),  # asked on a Saturday
        ("2025-04-17 16:30", "1h", "2025-04-22 09:30"),  # over Easter
    ],
)
def test_only_office_hours_count(asked: str, work: str, answer: str):
    """Nights, weekends and holidays do not count as work."""
    assert second(answer) == answered(OFFICE, asked, work)


def test_answer_after_window_is_missing():
    """What is answered after the window's end is not answered in the data."""
    assert NULL == answered(OFFICE, "2025-04-25 16:00", "2h")
    assert NULL == answered(OFFICE, "2025-04-25 16:00", "2000h")


def test_answers_fall_into_office_hours():
    """Every answer comes on an open day between opening and closing, after the question."""
    tickets = played(support(), 8_000).frames["tickets"]
    is_answered = tickets["first_response_at"] != NULL
    at = tickets["first_response_at"][is_answered]

    assert (at > tickets["opened_at"][is_answered]).all()
    assert at.max() < END_S
    assert set(range(5)) == set(weekday(at // DAY_S).tolist())
    assert (at % DAY_S > 9 * 3600).all()
    assert (at % DAY_S <= 17 * 3600).all()
    assert not np.isin(at // DAY_S, [second("2025-04-18") // DAY_S, second("2025-04-21") // DAY_S]).any()
    assert 0.02 < 1 - is_answered.mean() < 0.2


def test_tickets_follow_reasons():
    """New people open ten times as many, topics depend on the platform, and none comes after the window."""
    scene = played(support(), 20_000)
    tickets, people = scene.frames["tickets"], scene.frames["people"]

    early = people["joined_at"] < END_S - 30 * DAY_S
    opened = np.bincount(tickets.owner("people"), minlength=len(people)) > 0
    rates = [opened[early & (people["is_new"] == is_new)].mean() for is_new in (False, True)]
    assert abs(rates[0] - 0.05) < 0.007
    assert abs(rates[1] - 0.50) < 0.02
    assert tickets["opened_at"].max() < END_S
    web = tickets.is_value("platform", "web")
    assert abs(tickets.is_value("topic", "billing")[web].mean() - 0.8) < 0.04
    assert abs(tickets.is_value("topic", "billing")[~web].mean() - 0.5) < 0.03
    assert (np.diff(tickets["opened_at"]) >= 0).all()


def test_delay_is_undone():
    """Without it exactly the answers told come at another time, all of its topic and window."""
    story = support(SLOW)
    told = played(story)
    tickets, line = told.frames["tickets"], entry(told, "slow")

    changed = differences(story, "slow")

    assert {"tickets"} == changed.keys()
    assert {"first_response_at"} == changed["tickets"].changed.keys()
    keys = changed["tickets"].changed["first_response_at"]
    assert 0 < line.actual == len(keys) <= line.exposed
    hit = np.isin(tickets.key, list(keys))
    assert {0} == set(tickets["topic"][hit].tolist())
    assert second("2025-03-24") <= tickets["opened_at"][hit].min()
    assert tickets["opened_at"][hit].max() < second("2025-04-07")


def test_later_keeps_nulls():
    """What never happened has nothing after it, and waits for no answer."""
    columns = {
        "asked_at": s.derived("timestamp", lambda f: np.where(f["is_new"], f["joined_at"], NULL)),
        "seen_at": s.later("asked_at", "5m", 0.5),
        "answered_at": s.answer("asked_at", "1h"),
    }
    people = played(Story(BEGINS, ENDS, (PEOPLE, s.Added("people", columns)), ())).frames["people"]

    for name in ("seen_at", "answered_at"):
        assert (people[name][~people["is_new"]] == NULL).all()
        assert (people[name][people["is_new"]] != NULL).any()


def waiting(**more: Any) -> s.Added:
    return s.Added("people", {"answered_at": s.answer(**{"after": "joined_at", "work": "2h", **more})})


@pytest.mark.parametrize(
    ("part", "words"),
    [
        (waiting(after="joind_at"), "did you mean 'joined_at'"),
        (waiting(work="25x"), "'25x' is no span of time"),
        (waiting(sigma=-1), "cannot be negative"),
        (waiting(times={"platform=wbe": 2}), "did you mean 'web'"),
        (waiting(times={"platform=web": 0}), "must be greater than 0"),
        (waiting(office=s.Office(opens=17, closes=9)), "hours go up from 0 to 24"),
        (waiting(office=s.Office(weekdays=(7,))), "write some from 0 to 6"),
        (waiting(office=s.Office(closed=("Easter",))), "is no date"),
        (s.Added("people", {"seen_at": s.later("joind_at", "5m")}), "did you mean 'joined_at'"),
        (s.Added("people", {"seen_at": s.later("joined_at", "5 q")}), "no span of time"),
        (s.Added("people", {"seen_at": s.later("joined_at", "5m", -1)}), "cannot be negative"),
    ],
)
def test_bad_answer_is_told(part: s.Added, words: str):
    """What an author gets wrong about answers is told, with the near misses."""
    (problem,) = problems(PEOPLE, part)

    assert words in problem


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"column": "first_respons_at"}, "did you mean 'tickets.first_response_at'"),
        ({"times": 0}, "write a factor above 0"),
        ({"times": 1}, "write a factor above 0"),
        ({"where": "topic=biling"}, "did you mean 'billing'"),
        ({"since": "2025-06-01"}, "outside the world's window"),
    ],
)
def test_bad_delay_is_told(more: dict[str, Any], words: str):
    """What an author gets wrong about a delay is told, with the near misses."""
    told = {"of": "tickets", "column": "first_response_at", "times": 2, **more}

    (problem,) = problems(PEOPLE, TICKETS, twists=[s.SlowAnswers("bent", **told)])

    assert words in problem
