"""People, what belongs to each, what is history, and numbers that count."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from casekit.errors import AuthorError
from casekit.world import story as s
from casekit.world.calendar import DAY_S, day, second
from casekit.world.declare import NULL
from casekit.world.draws import Draws
from casekit.world.story.telling import Story
from story_world import BEGIN_S, BEGINS, END_S, ENDS, PEOPLE, VISITS, played, problems

KINDS = {"plan": "text", "eur": "money", "since": "date", "at": "timestamp", "rank": "number"}
PLANS = s.Given("plans", KINDS, [
    ("free", 0, "2025-01-01", "2025-01-01 08:00", 0.5),
    ("pro", 9.99, "2025-02-01", None, None),
    (None, None, None, "2025-03-01 00:00:01", 2),
])  # fmt: skip


def story(*parts: Any) -> Story:
    return Story(BEGINS, ENDS, (PEOPLE, *parts), ())


def test_many_belong_to_owners():
    """As many for each as its column says, numbered from 0 in their owner, none for others."""
    many = s.Many("users", "people", "seats", {"a": s.mix(x=1, y=1).each()}, where="is_new", number="user_id")
    scene = played(story(many), 300)
    people, users = scene.frames["people"], scene.frames["users"]

    counts = np.bincount(users.row, minlength=300)
    assert np.where(people["is_new"], people["seats"], 0).tolist() == counts.tolist()
    assert len(users) == len(np.unique(users.key))
    assert [*range(counts[users.row[0]])] == users["nth"][: counts[users.row[0]]].tolist()
    assert [*range(1, len(users) + 1)] == users["user_id"].tolist()


def test_many_stand_in_order():
    """Sorted by a column, numbered in that order, and only what lies in the window."""
    many = s.Many("notes", "people", s.count(2), {"at": s.later("joined_at", "10d", 1.0)}, order="at",
                  number="note_id", at="at")  # fmt: skip
    scene = played(story(many))
    at = scene.frames["notes"]["at"]

    assert (np.diff(at) >= 0).all()
    assert BEGIN_S <= at[0] <= at[-1] < END_S
    assert len(at) < 2 * 4_000 * 0.9


def test_too_many_are_refused():
    """More of one kind than keys can tell apart is an error, not two with one key."""
    huge = s.Added("people", {"n": s.whole(5_000, 5_000)})

    with pytest.raises(ValueError, match="5,000 users; at most 4,095"):
        played(story(huge, s.Many("users", "people", "n")), 3)


def test_given_rows_are_kept():
    """Text, money, days, moments and fractions are stored as told, and nothing as NULL."""
    plans = played(story(PLANS)).frames["plans"]

    assert [0, 1, -1] == plans["plan"].tolist()
    assert [0, 999, NULL] == plans["eur"].tolist()
    assert [day("2025-01-01"), day("2025-02-01"), NULL] == plans["since"].tolist()
    assert [second("2025-01-01 08:00"), NULL, second("2025-03-01 00:00:01")] == plans["at"].tolist()
    assert [0.5, 2.0] == plans["rank"][[0, 2]].tolist()
    assert np.isnan(plans["rank"][1])


def test_history_ignores_seed():
    """Given rows are the same for every seed and size."""
    seen = [
        played(story(PLANS), people, seed).frames["plans"]["eur"].tolist()
        for people, seed in ((10, 1), (90, 2))
    ]

    assert seen[0] == seen[1]


def test_daily_covers_window():
    """One row a day and value, from the first day to the last; every seventh for weeks."""
    daily = s.Daily("spend", per="by", values=("ads", "mail"), columns={"eur": s.price(100, 0.1)})
    weekly = s.Daily("weeks", every=7)
    frames = played(story(daily, weekly)).frames

    days = np.arange(day(BEGINS), day(ENDS) + 1)
    assert [*days, *days] == frames["spend"]["day"].tolist()
    assert [0] * 56 + [1] * 56 == frames["spend"]["by"].tolist()
    assert days[::7].tolist() == frames["weeks"]["day"].tolist()


def test_numbered_by_first_visit():
    """Numbers go up in the order in which people come first; who never comes has 0."""
    scene = played(story(VISITS, s.Numbered("user_id", of="people", first_in="visits")), 400)
    users, people = scene.frames["visits"]["user_id"], scene.frames["people"]["user_id"]

    _, first = np.unique(users, return_index=True)
    assert (np.diff(first) > 0).all()
    assert [*range(1, len(first) + 1)] == np.unique(users).tolist()
    assert 400 - len(first) == (people == 0).sum()


def test_blocks_have_own_numbers():
    """The numbers of another block are other numbers, and its people other people."""
    story_of = story(s.Many("users", "people", s.count(2), number="user_id"))
    one, other = (story_of.play(Draws("a-story", 7, block), 500).frames for block in (0, 1))

    assert set() == set(one["users"]["user_id"].tolist()) & set(other["users"]["user_id"].tolist())
    assert one["people"]["seats"].tolist() != other["people"]["seats"].tolist()


def test_returns_stay_in_window():
    """Nobody comes back before the beginning of their own, or after the window; the steeper, the sooner."""
    medians = []
    for retention in ((0.3, 0.2), (0.3, 0.02)):
        returns = s.Returns(
            "back", "people", "joined_at", s.count(5), retention, where="is_new", number="back_id"
        )
        scene = played(story(returns))
        back = scene.frames["back"]
        waits = back["started_at"] - back["joined_at"]
        medians.append(np.median(waits))
        assert waits.min() >= 600
        assert back["started_at"].max() < END_S
        assert back["is_new"].all()
        assert (np.diff(back["started_at"]) >= 0).all()
    assert medians[1] < medians[0] - DAY_S


@pytest.mark.parametrize(
    ("part", "words"),
    [
        (s.Population("people"), "two frames called 'people'"),
        (s.Many("users", "peple", s.count(2)), "did you mean 'people'"),
        (s.Many("users", "people", "setas"), "did you mean 'seats'"),
        (s.Many("users", "people", s.count(0)), "must be greater than 0"),
        (s.Many("users", "people", s.count(2), where="is_nwe"), "did you mean 'is_new'"),
        (s.Many("users", "people", s.count(2), order="joind_at"), "did you mean 'joined_at'"),
        (s.Many("users", "people", s.count(2), at="joind_at"), "did you mean 'joined_at'"),
        (s.Given("plans", {"plan": "text", "eur": "money"}, [("free",)]), "has 1 values for 2 columns"),
        (s.Given("plans", {"eur": "money"}, [("free",)]), "'free' in eur, which holds money"),
        (s.Given("plans", {"since": "date"}, [("2025-02-30",)]), "which holds date"),
        (s.Given("plans", {"plan": "text"}, [("free",)], values={"plan": ("pro",)}), "which holds text"),
        (s.Added("peple", {}), "did you mean 'people'"),
        (s.Numbered("user_id", of="peple", first_in="people"), "did you mean 'people'"),
        (s.Numbered("user_id", of="people", first_in="vists"), "no frame 'vists'"),
        (s.Daily("spend", every=0), "must be greater than 0"),
        (s.Returns("back", "people", "joind_at", s.count(2)), "did you mean 'joined_at'"),
        (s.Returns("back", "people", "joined_at", s.count(2), (0.1, 0.3)), "write day 1, then day 30"),
        (s.Returns("back", "people", "joined_at", retention=(0.95, 0.3)), "write day 1, then day 30"),
        (s.Returns("back", "people", "joined_at", s.count(2), (0.3, 0)), "write day 1, then day 30"),
    ],
)
def test_bad_part_is_told(part: Any, words: str):
    """What an author gets wrong about who and what there is is told, with the near misses."""
    told = problems(PEOPLE, part)

    assert any(words in problem for problem in told)


def test_sizes_are_whole_numbers():
    """A world has at least one person; every bad size is told."""
    told = problems(PEOPLE, sizes={"default": -5, "small": 0, "tiny": 2.5})

    assert ["default", "small", "tiny"] == [problem.split(" › ")[2].split(":")[0] for problem in told]
    assert AuthorError("", []).problems == ()


def test_history_is_told_once():
    """A twist on what is drawn once has its line in the first block's ledger only."""
    twist = s.Lost("bent", of="plans", where="plan=pro")
    told = Story(BEGINS, ENDS, (PEOPLE, PLANS), (), (twist,))

    lines = [told.play(Draws("a-story", 7, block), 50).ledger for block in (0, 1)]

    assert [1, 0] == [len(ledger) for ledger in lines]
