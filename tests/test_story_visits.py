"""Visits: as many as the calendar says, by those who come often, and surges that can be taken back."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from casekit.world import story as s
from casekit.world.calendar import day, second
from casekit.world.story.telling import Story
from story_world import BEGINS, ENDS, PEOPLE, VISITS, differences, entry, played, problems

CAMPAIGN = s.MixShift("campaign", of="visits", sources=("ads",), times=3.2, since="2025-03-31")
PAUSE = s.MixShift("pause", of="visits", sources=("ads",), times=0, since="2025-04-07", until="2025-04-10")
EASTER = s.Decoy("easter", of="visits", times=0.7, since="2025-04-05", until="2025-04-09")
BUYS = s.Funnel(
    "shop", "visits", "started_at", [s.Step("view", 0.6), s.Step("buy", 0.2)], cells=("platform",)
)
BREAK = s.StepChange("break", step="shop.buy", times=0.4, where="channel=ads", since="2025-04-01")


def traffic(*twists: s.Twist, **more: Any) -> Story:
    visits = s.Visits("visits", of="people", a_day=0.1, source="channel", sources=s.mix(organic=0.6, ads=0.4),
                      number="visit_id", columns={"slow": s.share(0.1, exact=False)}, **more)  # fmt: skip
    orders = s.Events(
        "orders", of="visits", moments=s.taken("shop", "buy"), at="ordered_at", number="order_id"
    )
    return Story(BEGINS, ENDS, (PEOPLE, visits, BUYS, orders), (), twists)


@pytest.mark.parametrize("company", [(), (CAMPAIGN, PAUSE, EASTER, BREAK)], ids=["alone", "among others"])
@pytest.mark.parametrize("twist", [CAMPAIGN, PAUSE, EASTER], ids=lambda twist: twist.name)
def test_surge_is_undone(twist: s.MixShift, company: tuple[Any, ...]):
    """Without it just the visits it brought are gone, or those it kept away are back, with what they did."""
    story = traffic(*(company or [twist]))
    line = entry(played(story), twist.name)

    changed = differences(story, twist.name)

    visits = changed["visits"]
    assert {} == {name: keys for name, keys in visits.changed.items() if name not in {"break"}}
    assert line.actual - line.base == len(visits.added) - len(visits.gone) != 0
    assert not (visits.added and visits.gone)
    assert changed.keys() <= {"visits", "orders"}
    orders = changed.get("orders")
    assert orders is None or (
        {} == orders.changed
        and {key >> 5 for key in orders.added | orders.gone} <= visits.added | visits.gone
    )


@pytest.mark.parametrize("exact", [True, False], ids=["exact", "coin"])
def test_break_is_undone_in_surge(exact: bool):
    """A broken step in the middle of a campaign changes only the visits it marked."""
    story = traffic(CAMPAIGN, EASTER, BREAK)
    parts = tuple(
        s.Funnel(**{**vars(part), "exact": exact}) if part is BUYS else part for part in story.parts
    )
    story = Story(BEGINS, ENDS, parts, (), story.twists)
    visits = played(story).frames["visits"]

    changed = differences(story, "break")

    assert {"visits", "orders"} == changed.keys()
    assert {"shop", "break"} == changed["visits"].changed.keys()
    assert set(visits.key[visits["break"]].tolist()) == changed["visits"].changed["shop"]


def test_surge_keeps_to_its_days():
    """A factor moves its sources on its days, to within one visit a day, and nothing else."""
    story = traffic(CAMPAIGN)
    told, plain = (played(one).frames["visits"] for one in (story, story.without("campaign")))
    counts = []
    for frame in (told, plain):
        cell = (frame["day"] - day(BEGINS)) * 2 + frame["channel"]
        counts.append(np.bincount(cell, minlength=112).reshape(56, 2))

    since = day("2025-03-31") - day(BEGINS)
    assert (counts[0][:, 0] == counts[1][:, 0]).all()
    assert (counts[0][:since] == counts[1][:since]).all()
    assert np.abs(counts[0][since:, 1] - 3.2 * counts[1][since:, 1]).max() <= 0.5 + 3.2 * 0.5


def test_visits_are_numbered_by_start():
    """In the order of time, numbered from 1, all in the window, each on its day."""
    frame = played(traffic(season=s.Season(weekend=0.5, swing=0.1))).frames["visits"]

    assert list(range(1, len(frame) + 1)) == frame["visit_id"].tolist()
    assert (np.diff(frame["started_at"]) >= 0).all()
    assert (frame["started_at"] // 86_400 == frame["day"]).all()
    assert second(BEGINS) <= frame["started_at"][0] <= frame["started_at"][-1] < second("2025-04-28")
    assert abs(len(frame) - 4_000 * 0.1 * (40 + 16 * 0.5)) < 0.02 * len(frame)


def test_frequent_come_more_often():
    """Visits follow the people's weight, and newcomers' sources reach anybody."""
    frame = played(traffic(weight="seats", newcomers=("ads",))).frames["visits"]
    seats = frame["seats"]

    assert abs(seats[frame["channel"] == 0].mean() - 334) < 8  # mean of seats weighted by seats
    assert abs(seats[frame["channel"] == 1].mean() - 250) < 8


@pytest.mark.parametrize(
    ("season", "words"),
    [
        (s.Season(hours=(1,) * 23), "24 weights"),
        (s.Season(hours=(0,) * 24), "24 weights"),
        (s.Season(hours=(-1,) * 24), "24 weights"),
        (s.Season(weekdays=(1, 1, 1)), "7 factors"),
        (s.Season(weekdays=(0,) * 7), "do not sum to nothing"),
        (s.Season(weekdays=(1, 1, 1, 1, 1, 1, -1)), "do not sum to nothing"),
        (s.Season(weekend=0), "must be greater than 0"),
        (s.Season(swing=1), "lies between 0 and 1"),
        (s.Season(growth=-1), "must be greater than 0"),
    ],
)
def test_bad_season_is_told(season: s.Season, words: str):
    """Hours, weekdays, swing and growth outside their range are told."""
    (problem,) = problems(PEOPLE, s.Visits("visits", "people", 0.1, "by", s.mix(all=1), season=season))

    assert words in problem


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"of": "people"}, "no frame with sources 'people'"),
        ({"of": "vists"}, "did you mean 'visits'"),
        ({"times": -1}, "factor of 0 or more"),
        ({"times": 1}, "factor of 0 or more"),
        ({"times": float("inf")}, "factor of 0 or more"),
        ({"sources": ("adds",)}, "did you mean 'ads'"),
        ({"since": "2025-04-09", "until": "2025-04-01"}, "put the dates in order"),
        ({"until": "2025-01-01"}, "outside the world's window"),
    ],
)
@pytest.mark.parametrize("kind", [s.MixShift, s.Decoy])
def test_bad_surge_is_told(kind: type[s.MixShift], more: dict[str, Any], words: str):
    """What an author gets wrong about a surge is told, with the near misses."""
    (problem,) = problems(PEOPLE, VISITS, twists=[kind("bent", **{"of": "visits", "times": 2, **more})])

    assert words in problem


def test_bad_visits_are_told():
    """Every name and number of the visits is checked."""
    told = problems(
        PEOPLE, s.Visits("visits", "people", 0, "by", s.mix(ads=0), weight="setas", newcomers=("abs",))
    )

    for words in ("a_day", "sum to nothing", "did you mean 'seats'", "did you mean 'ads'"):
        assert any(words in problem for problem in told), words
