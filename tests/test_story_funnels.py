"""Funnels: exact in their cells or by coin, cut off or hurried, and bent by twists that can be taken back."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from casekit.world import story as s
from casekit.world.calendar import second
from casekit.world.cells import SHARE_UNITS
from casekit.world.story.telling import Story
from story_world import (
    BEGINS,
    END_S,
    ENDS,
    EVENTS,
    PEOPLE,
    STEPS,
    differences,
    entry,
    funnel,
    played,
    problems,
    shop,
)

LIFT = s.StepChange("lift", step="shop.cart", where="platform=ios", odds=1.8, since="2025-03-17")
BREAK = s.StepChange("break", step="shop.pay", where="platform=android", times=0.5)
NO_ODDS = s.StepChange(
    "shut", step="shop.view", where="platform=web and seats>=250", odds=0, until="2025-04-01"
)
LATE_CLOCK = s.StepChange(
    "late", step="shop.pay", where="country=DE", times=0.6, since="2025-04-01", clock="step"
)
SAME_STEP = s.StepChange("again", step="shop.pay", where="seats<300", odds=1.5)
ALL = (LIFT, BREAK, NO_ODDS, LATE_CLOCK, SAME_STEP)
MODES = [(True, "censor"), (True, "hurry"), (False, "censor"), (False, "hurry")]


def each_mode() -> pytest.MarkDecorator:
    names = [f"{'exact' if exact else 'coin'}-{ends}" for exact, ends in MODES]
    return pytest.mark.parametrize(("exact", "ends"), MODES, ids=names)


def place_of(twist: s.StepChange) -> int:
    return [f"shop.{step.name}" for step in STEPS].index(twist.step)


@each_mode()
@pytest.mark.parametrize("company", [(), ALL], ids=["alone", "among others"])
@pytest.mark.parametrize("twist", ALL, ids=lambda twist: twist.name)
def test_step_change_is_undone(twist: s.StepChange, company: tuple[Any, ...], exact: bool, ends: str):
    """Without it just those it marked go another way, and its step counts what the ledger says."""
    story = shop(*(company or [twist]), exact=exact, ends=ends)
    told, other = played(story), played(story.without(twist.name))
    people, line, place = told.frames["people"], entry(told, twist.name), place_of(twist)

    changed = differences(story, twist.name)

    marked = set(people.key[people[twist.name]].tolist())
    marks_of_others = {one.name for one in story.twists} - {twist.name}
    assert {"shop", twist.name} == changed["people"].changed.keys() - marks_of_others
    assert marked == changed["people"].changed["shop"] == changed["people"].changed[twist.name]
    passed = [(one.frames["people"]["shop"] > place).sum() for one in (told, other)]
    assert line.actual - line.base == passed[0] - passed[1] != 0
    events = changed["events"]
    assert {} == events.changed
    assert marked == {key >> 5 for key in events.added | events.gone}


@each_mode()
def test_twist_is_within_its_window(exact: bool, ends: str):
    """Nobody outside the condition or the window is touched; a step's clock is the step before."""
    people = played(shop(LATE_CLOCK, exact=exact, ends=ends)).frames["people"]

    touched = people[LATE_CLOCK.name]
    assert touched.any()
    assert {0} == set(people["country"][touched].tolist())
    assert people["cart_at"][touched].min() >= second("2025-04-01")


def test_ledger_counts_shares():
    """In an exact funnel the declared odds or factor are met to within a cell's rounding."""
    told = played(shop(LIFT, BREAK, ends="hurry"))
    lift, broken = entry(told, "lift"), entry(told, "break")

    odds = [count / (lift.exposed - count) for count in (lift.base, lift.actual)]
    assert abs(odds[1] / odds[0] - 1.8) < 0.05
    assert abs(broken.actual / broken.base - 0.5) < 0.02


@settings(max_examples=40, deadline=None)
@given(
    sizes=st.lists(st.integers(1, 80), min_size=1, max_size=4),
    shares=st.lists(st.integers(0, 100), min_size=1, max_size=4),
    seed=st.integers(0, 2**31),
)
def test_exact_funnel_is_exact(sizes: list[int], shares: list[int], seed: int):
    """In every cell each step is passed by the share of all who entered, to within one."""
    texts = tuple(f"v{nth}" for nth in range(len(sizes)))
    cell = np.repeat(np.arange(len(sizes)), sizes)
    parts = (
        s.Population("people", {"cell": s.derived("text", lambda _: cell, texts),
                                "at": s.whole(0, 0, "timestamp")}),
        s.Funnel("way", "people", "at", [s.Step(f"s{nth}", share / 100) for nth, share in enumerate(shares)],
                 cells=("cell",)),
    )  # fmt: skip
    people = played(Story("1970-01-01", "1970-01-02", parts, ()), len(cell), seed).frames["people"]

    left = SHARE_UNITS
    for place, share in enumerate(shares):
        left = left * (share * SHARE_UNITS // 100) // SHARE_UNITS
        passed = np.bincount(cell, people["way"] > place)
        assert np.abs(passed - np.array(sizes) * left / SHARE_UNITS).max() < 1


def test_coin_funnel_is_about_right():
    """By coin each step is passed by its share of those who took the one before, within 3 errors."""
    people = played(shop(exact=False, ends="hurry"), 20_000).frames["people"]
    for platform, share in {"android": 0.5, "ios": 0.6, "web": 0.4}.items():
        viewed = people.is_value("platform", platform) & (people["shop"] >= 1)
        n = viewed.sum()

        assert abs((people["shop"][viewed] >= 2).mean() - share) < 3 * np.sqrt(share * (1 - share) / n)


def test_censor_cuts_at_end():
    """What would come after the window never happens; in a hurry everything fits in."""
    cut, quick = (played(shop(ends=ends)).frames for ends in ("censor", "hurry"))

    assert cut["events"]["event_at"].max() < END_S
    assert quick["events"]["event_at"].max() < END_S
    assert (cut["people"]["shop"] >= 3).sum() < (quick["people"]["shop"] >= 3).sum()


def test_steps_come_in_order():
    """Whoever takes a step took all before it, each later than the last."""
    for ends in ("censor", "hurry"):
        people = played(shop(ends=ends)).frames["people"]
        moments = [people["joined_at"], people["view_at"], people["cart_at"], people["pay_at"]]
        for place in range(3):
            taken = people["shop"] > place
            assert (moments[place + 1][taken] >= moments[place][taken]).all()


def test_where_keeps_others_out():
    """Who does not meet the condition takes no step."""
    parts = (PEOPLE, funnel(where="is_new"))
    people = played(Story(BEGINS, ENDS, parts, ())).frames["people"]

    assert 0 == people["shop"][~people["is_new"]].sum()
    assert people["shop"][people["is_new"]].sum() > 0


@pytest.mark.parametrize("twist", [LIFT, BREAK], ids=["lift", "break"])
def test_second_funnel_stays_put(twist: s.StepChange):
    """A later exact funnel on the same people, or on their payments, changes only for those marked."""
    plan = s.Funnel(
        "plan", of="people", starts="joined_at", steps=[s.Step("trial", 0.5), s.Step("paid", 0.4)]
    )
    orders = s.Events(
        "orders", of="people", moments=s.taken("shop", "pay"), at="ordered_at", number="order_id"
    )
    ship = s.Funnel(
        "ship", of="orders", starts="ordered_at", steps=[s.Step("sent", 0.9), s.Step("kept", 0.6)]
    )
    story = shop(twist, parts=(plan, orders, ship))

    changed = differences(story, twist.name)

    marked = changed["people"].changed["shop"]
    assert "plan" not in changed["people"].changed
    assert {} == changed["orders"].changed
    assert {key >> 5 for key in changed["orders"].added | changed["orders"].gone} <= marked


STEP = {"step": "shop.pay", "times": 0.5}


@pytest.mark.parametrize(
    ("twist", "words"),
    [
        (s.StepChange("bent", step="shop.pya", times=0.5), "did you mean 'shop.pay'"),
        (s.StepChange("bent", step="pay", times=0.5), "no step 'pay'"),
        (s.StepChange("bent", step="shop.pay"), "give one of them a factor"),
        (s.StepChange("bent", step="shop.pay", times=0.5, odds=0.5), "give one of them a factor"),
        (s.StepChange("bent", step="shop.pay", odds=-2), "factor of 0 or more"),
        (s.StepChange("bent", step="shop.pay", odds=float("inf")), "factor of 0 or more"),
        (s.StepChange("bent", step="shop.pay", times=float("nan")), "factor of 0 or more"),
        (s.StepChange("bent", **STEP, where="platform=andriod"), "did you mean 'android'"),
        (s.StepChange("bent", **STEP, where="platform"), "holds text; write platform="),
        (s.StepChange("bent", **STEP, where="seats=many"), "holds numbers, not 'many'"),
        (s.StepChange("bent", **STEP, where="seats>"), "is no condition"),
        (s.StepChange("bent", **STEP, clock="stop"), "did you mean 'step'"),
        (s.StepChange("bent", **STEP, since="2025-05-03"), "outside the world's window"),
        (s.StepChange("bent", **STEP, until="2025-03-03"), "outside the world's window"),
        (s.StepChange("bent", **STEP, since="2025-04-02", until="2025-04-02"), "put the dates in order"),
    ],
)
def test_bad_twist_is_told(twist: s.StepChange, words: str):
    """What an author gets wrong about a twist on a step is told, with the near misses."""
    (problem,) = problems(PEOPLE, funnel(), EVENTS, twists=[twist])

    assert "bent" in problem
    assert words in problem


@pytest.mark.parametrize(
    ("part", "words"),
    [
        (s.Funnel("way", "people", "joind_at", STEPS), "did you mean 'joined_at'"),
        (s.Funnel("way", "peple", "joined_at", STEPS), "did you mean 'people'"),
        (s.Funnel("way", "people", "joined_at", ()), "a funnel has at least one"),
        (s.Funnel("way", "people", "joined_at", [s.Step("a", 1.2)]), "a share lies between 0 and 1"),
        (s.Funnel("way", "people", "joined_at", [s.Step("a", after="25x")]), "'25x' is no span of time"),
        (s.Funnel("way", "people", "joined_at", [s.Step("a"), s.Step("a")]), "rename one"),
        (s.Funnel("way", "people", "joined_at", [s.Step("a", sigma=-1)]), "cannot be negative"),
        (s.Funnel("way", "people", "joined_at", STEPS, ends="cut"), "no way to end 'cut'"),
        (s.Funnel("way", "people", "joined_at", STEPS, cells=("plattform",)), "did you mean 'platform'"),
        (s.Funnel("way", "people", "joined_at", STEPS, where="is_nwe"), "did you mean 'is_new'"),
    ],
)
def test_bad_funnel_is_told(part: s.Funnel, words: str):
    """What an author gets wrong about a funnel is told, with the near misses."""
    assert any(words in problem for problem in problems(PEOPLE, part))
