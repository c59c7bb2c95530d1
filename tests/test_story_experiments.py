"""Experiments: splits, exposures, uplifts from the first exposure on, and samples that do not match."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

from casekit.world import story as s
from casekit.world.calendar import DAY_S, second
from casekit.world.declare import NULL
from casekit.world.story.telling import Story
from story_world import BEGIN_S, BEGINS, END_S, ENDS, PEOPLE, VISITS, differences, entry, played, problems

START, STOP = "2025-03-10", "2025-04-14"
TRIAL = s.Experiment(
    "freeze",
    of="people",
    variants={"control": 1, "treatment": 1},
    where="is_new",
    at="joined_at",
    since=START,
    until=STOP,
    cells=("platform",),
)
SEEN = s.Exposures("exposures", "freeze", at="onboarded_at", where="intro>=1", number="exposure_id")
DAYS = s.Many(
    "days",
    of="people",
    count=s.whole(21, 21),
    columns={"at": s.derived("timestamp", lambda days: days["joined_at"] + days["nth"] * DAY_S)},
    at="at",
)
LIFT = s.Uplift("lift", step="active.lesson", experiment="freeze", variant="treatment", odds=1.8,
                exposed_at="exposed_at")  # fmt: skip
NOVELTY = s.NoveltyDecay("novelty", step="active.lesson", experiment="freeze", variant="treatment", odds=3.0,
                         half_life="4d", exposed_at="exposed_at")  # fmt: skip
CRASH = s.SampleRatioMismatch("crash", of="exposures", variant="treatment", cause="crash",
                              where="platform=android", share=0.35)  # fmt: skip


def learning(*twists: s.Twist, exact: bool = True, trial: s.Experiment = TRIAL) -> Story:
    """People, half of them in a variant once they are new, and whether they learn on each of 21 days."""
    intro = s.Funnel("intro", "people", "joined_at", [s.Step("onboarded", 0.9, after="2h", sigma=1.0)])
    active = s.Funnel("active", "days", "at", [s.Step("lesson", 0.3)], exact=exact)
    return Story(BEGINS, ENDS, (PEOPLE, trial, intro, SEEN, DAYS, active), (), twists)


def chi2_p(counts: Any) -> float:
    """p of the chi-squared test that two counts are of the same size; one degree of freedom."""
    one, other = (int(count) for count in counts)
    return math.erfc(math.sqrt((one - other) ** 2 / (one + other) / 2))


@pytest.mark.parametrize("seed", [7, 11, 101])
def test_split_is_exact(seed: int):
    """Dealt within platforms, the variants of each platform's eligible differ by at most one."""
    people = played(learning(), seed=seed).frames["people"]

    counts = [np.bincount(people["freeze"][people["platform"] == place] + 1)[1:] for place in range(3)]
    assert max(abs(int(one) - int(other)) for one, other in counts) <= 1


def test_hash_split_is_fair():
    """By hash each falls by itself: uneven, but within 3 standard errors, and 90 to 10 where told."""
    trial = s.Experiment("freeze", of="people", variants={"a": 0.9, "b": 0.1}, exact=False)
    people = played(Story(BEGINS, ENDS, (PEOPLE, trial), ()), 20_000).frames["people"]

    assert abs((people["freeze"] == 1).mean() - 0.1) < 3 * math.sqrt(0.1 * 0.9 / 20_000)


def test_only_eligible_are_in_it():
    """Those who are not new, or enter outside the window, have no variant; all others have one."""
    people = played(learning()).frames["people"]

    entered = (people["joined_at"] >= second(START)) & (people["joined_at"] < second(STOP))
    assert ((people["freeze"] >= 0) == (people["is_new"] & entered)).all()


def test_exposed_are_those_who_reach_it():
    """One row for each who is in it and onboards in time, at that moment, in the order of time."""
    scene = played(learning())
    people, exposures = scene.frames["people"], scene.frames["exposures"]

    reached = (people["freeze"] >= 0) & (people["intro"] == 1) & (people["onboarded_at"] < second(STOP))
    assert reached.sum() == len(exposures) == len(np.unique(exposures.key))
    assert (exposures["exposed_at"] == people["onboarded_at"][exposures.owner("people")]).all()
    assert (np.diff(exposures["exposed_at"]) >= 0).all()
    assert ((people["exposed_at"] == NULL) == ~reached).all()
    assert [1, 2, 3] == exposures["exposure_id"][:3].tolist()


def test_first_visit_exposes():
    """Exposed on visits: the first one in the window counts, whatever comes later."""
    trial = s.Experiment("freeze", of="people", variants={"a": 1, "b": 1}, since=START)
    seen = s.Exposures("exposures", "freeze", at="started_at", on="visits", where="channel=organic")
    scene = played(Story(BEGINS, ENDS, (PEOPLE, VISITS, trial, seen), ()), 800)
    visits, people = scene.frames["visits"], scene.frames["people"]

    met = (visits["channel"] == 0) & (visits["started_at"] >= second(START))
    first = {}
    for owner, at in zip(
        visits.owner("people")[met].tolist(), visits["started_at"][met].tolist(), strict=True
    ):
        first[owner] = min(at, first.get(owner, END_S))
    assert [first.get(row, NULL) for row in range(800)] == people["exposed_at"].tolist()


@pytest.mark.parametrize("exact", [True, False], ids=["exact", "coin"])
@pytest.mark.parametrize("twist", [LIFT, NOVELTY], ids=lambda twist: twist.name)
def test_uplift_is_undone(twist: s.Uplift, exact: bool):
    """Without it just the days it marked are active or not, all of exposed people in the variant."""
    story = learning(twist, exact=exact)
    told = played(story)
    days, line = told.frames["days"], entry(told, twist.name)

    changed = differences(story, twist.name)

    marked = days[twist.name]
    assert {"days"} == changed.keys()
    assert {"active", twist.name} == changed["days"].changed.keys()
    assert set(days.key[marked].tolist()) == changed["days"].changed["active"]
    assert line.actual - line.base == marked.sum() > 0
    assert {1} == set(days["freeze"][marked].tolist())
    assert (days["at"][marked] >= days["exposed_at"][marked]).all()
    assert days["at"][marked].max() < second(STOP)


@pytest.mark.parametrize("exact", [True, False], ids=["exact", "coin"])
def test_uplift_meets_odds(exact: bool):
    """The odds of the exposed are those declared: exactly when dealt, within 10 % by coin."""
    line = entry(played(learning(LIFT, exact=exact), 8_000), "lift")

    odds = [count / (line.exposed - count) for count in (line.base, line.actual)]
    assert abs(odds[1] / odds[0] / 1.8 - 1) < (0.002 if exact else 0.1)


@pytest.mark.parametrize("exact", [True, False], ids=["exact", "coin"])
def test_novelty_wears_off(exact: bool):
    """By the day since exposure the odds ratio falls from 3 by half its logarithm every four days."""
    story = learning(NOVELTY, exact=exact)
    told, other = (played(one, 20_000) for one in (story, story.without("novelty")))
    days = told.frames["days"]
    is_exposed = (days["freeze"] == 1) & (days["exposed_at"] != NULL) & (days["at"] >= days["exposed_at"])
    is_exposed &= days["at"] < second(STOP)
    age = (days["at"] - days["exposed_at"]) // DAY_S

    for since in (0, 4, 8, 16):
        here = is_exposed & (age == since)
        shares = [one.frames["days"]["active"][here].mean() for one in (told, other)]
        odds = [share / (1 - share) for share in shares]
        expected = math.log(3) * 0.5 ** (since / 4)
        assert abs(math.log(odds[0] / odds[1]) - expected) < (0.01 if exact else 0.12), since


def test_lost_exposures_mismatch():
    """A crash on one side shows at p < 1e-6, and away from the broken segment the split is even."""
    exposures = played(learning(CRASH), 12_000).frames["exposures"]
    is_broken = exposures.is_value("platform", "android")

    assert chi2_p(np.bincount(exposures["freeze"])) < 1e-6
    assert chi2_p(np.bincount(exposures["freeze"][~is_broken])) > 0.05


@pytest.mark.parametrize("cause", ["redirect", "bot filter", "crash"])
def test_mismatch_is_undone(cause: str):
    """Without it exactly the lost exposures of the variant come back, and nothing else changes."""
    twist = s.SampleRatioMismatch("crash", of="exposures", variant="treatment", cause=cause, share=0.3)
    story = learning(twist, LIFT)
    line = entry(played(story), "crash")

    changed = differences(story, "crash")

    assert {"exposures"} == changed.keys()
    assert (set(), {}) == (changed["exposures"].added, changed["exposures"].changed)
    assert line.base - line.actual == len(changed["exposures"].gone) > 0
    assert cause in line.declared
    people = played(story).frames["people"]
    assert {1} == {int(people["freeze"][key]) for key in changed["exposures"].gone}


def test_planned_split_comes_back():
    """With the mismatch told as if it had not happened, the split is even."""
    exposures = played(learning(CRASH).without("crash"), 12_000).frames["exposures"]

    assert chi2_p(np.bincount(exposures["freeze"])) > 0.05


def lift(**more: Any) -> s.Uplift:
    told = {"step": "active.lesson", "experiment": "freeze", "variant": "treatment", "odds": 2.0, **more}
    return s.Uplift("bent", **told)


def fading(**more: Any) -> s.NoveltyDecay:
    told = {"experiment": "freeze", "variant": "treatment", "odds": 2.0, "half_life": "4d", **more}
    return s.NoveltyDecay("bent", step="active.lesson", **told)


def mismatch(**more: Any) -> s.SampleRatioMismatch:
    return s.SampleRatioMismatch(
        "bent", **{"of": "exposures", "variant": "treatment", "cause": "crash", **more}
    )


@pytest.mark.parametrize(
    ("twist", "words"),
    [
        (lift(step="active.leson"), "did you mean 'active.lesson'"),
        (lift(experiment="freze"), "did you mean 'freeze'"),
        (lift(variant="treatmnt"), "did you mean 'treatment'"),
        (lift(odds=-1), "write a ratio above 0 that is not 1"),
        (lift(odds=1), "write a ratio above 0 that is not 1"),
        (lift(odds=float("nan")), "write a ratio above 0 that is not 1"),
        (lift(exposed_at="exposd_at"), "did you mean 'exposed_at'"),
        (lift(where="platform=ois"), "did you mean 'ios'"),
        (lift(clock="begin"), "no clock 'begin'"),
        (fading(half_life="25x"), "'25x' is no span of time"),
        (fading(half_life="0d"), "at least 1 s"),
        (mismatch(of="exposure"), "did you mean 'exposures'"),
        (mismatch(of="days"), "no frame of exposures 'days'"),
        (mismatch(variant="control2"), "did you mean 'control'"),
        (mismatch(cause="crsh"), "did you mean 'crash'"),
        (mismatch(share=1.01), "a share lies between 0 and 1"),
    ],
)
def test_bad_twist_is_told(twist: s.Twist, words: str):
    """What an author gets wrong about an experiment's twists is told, with the near misses."""
    (problem,) = problems(*learning().parts, twists=[twist])

    assert "bent" in problem
    assert words in problem


def trial(**more: Any) -> s.Experiment:
    return s.Experiment("freeze", **{"of": "people", "variants": {"a": 1, "b": 1}, **more})


@pytest.mark.parametrize(
    ("parts", "words"),
    [
        ([trial(of="peple")], "did you mean 'people'"),
        ([trial(variants={"a": 1})], "fewer than two"),
        ([trial(variants={"a": 1, "b": -1})], "negative share"),
        ([trial(variants={"a": 0, "b": 0})], "sum to nothing"),
        ([trial(where="is_nw")], "did you mean 'is_new'"),
        ([trial(at="joined")], "did you mean 'joined_at'"),
        ([trial(cells=("platfrm",))], "did you mean 'platform'"),
        ([trial(since=STOP, until=START)], "put the dates in order"),
        ([trial(), s.Exposures("seen", "freez", at="joined_at")], "did you mean 'freeze'"),
        ([trial(), s.Exposures("seen", "freeze", at="joind_at")], "did you mean 'joined_at'"),
        ([trial(), s.Exposures("seen", "freeze", at="joined_at", on="peeple")], "did you mean 'people'"),
        ([trial(), s.Exposures("seen", "freeze", at="joined_at", where="seats>x")], "holds numbers"),
        ([trial(), s.Exposures("seen", "freeze", at="joined_at", exposed_at="joined_at")], "rename one"),
        ([trial(), s.Daily("spend"), s.Exposures("seen", "freeze", at="day", on="spend")], "not belong to"),
    ],
)
def test_bad_experiment_is_told(parts: list[Any], words: str):
    """What an author gets wrong about an experiment is told, with the near misses."""
    assert any(words in problem for problem in problems(PEOPLE, *parts))


def test_novelty_needs_a_start():
    """An effect that wears off needs a moment since when."""
    parts = (PEOPLE, trial(), DAYS, s.Funnel("active", "days", "at", [s.Step("lesson", 0.3)]))

    (problem,) = problems(*parts, twists=[fading(variant="b")])

    assert "since are both empty" in problem
    assert BEGIN_S == second(BEGINS)
