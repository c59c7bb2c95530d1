"""
Worlds look like products: what an author declares is what an analyst finds, and public figures are in reach.

Every bound is told: three standard errors of the number measured, unless a line says more.
"""

from __future__ import annotations

import math
from statistics import NormalDist

import numpy as np
import pytest

from casekit.world import story as s
from casekit.world.calendar import DAY_S, weekday
from casekit.world.draws import Draws
from casekit.world.story.telling import Story
from story_world import BEGIN_S, BEGINS, CASE, END_S, ENDS, PEOPLE

N = 20_000
HOURS = (14, 8, 5, 4, 4, 7, 18, 31, 41, 47, 51, 57, 60, 54, 50, 50, 53, 59, 68, 78, 84, 76, 51, 30)
OFFICE_WEEK = (1.05, 1.08, 1.06, 1.03, 0.98, 0.4, 0.35)


def frames(*parts: s.Part, people: int = N, seed: int = 7, ends: str = ENDS) -> dict[str, s.Frame]:
    story = Story(BEGINS, ends, parts, ())
    assert [] == story.scope.problems
    return story.play(Draws(CASE, seed), people).frames


def three_errors(share: float, n: int) -> float:
    return 3 * math.sqrt(share * (1 - share) / n)


# --- funnels -------------------------------------------------------------------------------

# Source: SaleCycle 2017 (48 % of sessions see a product, 14.5 % fill a cart, 3.3 % buy) and eMarketer
# Q4 2021 (conversion: desktop 3.8, tablet 3.2, mobile 2.3 %), as quoted in blogs, read 2026.
SEES, FILLS = 0.48, 0.145
BUYS = {"phone": 0.023, "desktop": 0.038, "tablet": 0.032}
US_DEVICES = s.mix(phone=0.67, desktop=0.29, tablet=0.04)


@pytest.mark.parametrize("exact", [True, False], ids=["exact", "coin"])
def test_shop_converts_as_public(exact: bool):
    """Sessions see, fill and buy as public figures say, and a phone buys at 0.6 times a desktop's rate."""
    steps = (
        s.Step("see", SEES, after="40s", sigma=1.0),
        s.Step("fill", FILLS / SEES, after="3m", sigma=1.0),
        s.Step(
            "buy",
            s.by("device", {name: share / FILLS for name, share in BUYS.items()}),
            after="5m",
            sigma=1.0,
        ),
    )
    people = s.Population("people", {"device": US_DEVICES})
    visits = s.Visits("visits", "people", a_day=0.08, source="source", sources=s.mix(all=1))
    shop = s.Funnel("shop", "visits", "started_at", steps, cells=("device",), exact=exact, ends="hurry")

    found = frames(people, visits, shop)["visits"]

    rates = {}
    for device, share in BUYS.items():
        here = found["shop"][found.is_value("device", device)]
        rates[device] = (here == 3).mean()
        bound = 1.5 / len(here) if exact else 1.0
        assert abs((here >= 1).mean() - SEES) < min(bound, three_errors(SEES, len(here)))
        assert abs((here >= 2).mean() - FILLS) < min(bound, three_errors(FILLS, len(here)))
        assert abs(rates[device] - share) < min(bound, three_errors(share, len(here)))
    assert abs(rates["phone"] / rates["desktop"] - 0.6) < (0.01 if exact else 0.06)


def test_odds_ratio_is_found():
    """A segment's odds ratio on a step is what an analyst's two-by-two table gives, within 3 errors."""
    step = s.Step("activate", s.rate(0.61, odds={"platform=ios": 1.5}))
    way = s.Funnel("way", "people", "joined_at", [step], exact=False)
    people = frames(PEOPLE, way)["people"]
    ios, taken = people.is_value("platform", "ios"), people["way"] == 1

    cells = [(taken & ios).sum(), (~taken & ios).sum(), (taken & ~ios).sum(), (~taken & ~ios).sum()]

    log_odds = math.log(cells[0] * cells[3] / (cells[1] * cells[2]))
    assert abs(log_odds - math.log(1.5)) < 3 * math.sqrt(sum(1 / cell for cell in cells))


MEDIAN_S, SIGMA, CONVERTS = 3 * DAY_S, 1.2, 0.4


def conversions(seed: int = 7) -> s.Frame:
    step = s.Step("paid", CONVERTS, after="3d", sigma=SIGMA)
    return frames(PEOPLE, s.Funnel("way", "people", "joined_at", [step], exact=False), seed=seed)["people"]


def test_time_to_convert_is_lognormal():
    """The curve of the early ones gives back the median, the spread and those who never convert."""
    people = conversions()
    early = people["joined_at"] < BEGIN_S + 16 * DAY_S  # 40 days to be seen in
    waits = np.where(people["way"] == 1, people["paid_at"] - people["joined_at"], END_S)[early]
    curve = np.sort(waits)

    median = curve[round(len(curve) * CONVERTS * NormalDist().cdf(0))]
    one_sigma = curve[round(len(curve) * CONVERTS * NormalDist().cdf(1))]

    n = len(curve) * CONVERTS
    assert abs(math.log(median / MEDIAN_S)) < 3 * SIGMA * math.sqrt(math.pi / 2 / n)
    assert abs(math.log(one_sigma / median) - SIGMA) < 0.12
    rest = 1 - CONVERTS * NormalDist(math.log(MEDIAN_S), SIGMA).cdf(math.log(40 * DAY_S))
    assert abs((curve >= 40 * DAY_S).mean() - rest) < 0.02


def test_window_censors_as_expected():
    """Conversions are cut off at the window's end as often as the distribution says, never later."""
    people = conversions()
    left = np.maximum(END_S - people["joined_at"], 1)
    chances = [CONVERTS * NormalDist(math.log(MEDIAN_S), SIGMA).cdf(math.log(one)) for one in left]

    expected, seen = sum(chances), int((people["way"] == 1).sum())

    assert abs(seen - expected) < 3 * math.sqrt(expected)
    assert 0.10 < 1 - expected / (CONVERTS * N) < 0.25
    assert people["paid_at"][people["way"] == 1].max() < END_S


# --- coming back ---------------------------------------------------------------------------


def retention(returns: s.Returns, seed: int = 7) -> dict[int, float]:
    """The share of the people of the first days who come back on a day after they began."""
    joined = s.whole(BEGIN_S, BEGIN_S + 20 * DAY_S - 1, "timestamp")
    found = frames(s.Population("people", {"joined_at": joined}), returns, seed=seed)
    people, back = found["people"], found["returns"]
    days = back["started_at"] // DAY_S - people["joined_at"][back.row] // DAY_S
    return {day: len(np.unique(back.row[days == day])) / len(people) for day in (1, 7, 30)}


@pytest.mark.parametrize("seed", [7, 11, 101])
def test_retention_is_that_of_apps(seed: int):
    """Day 1 lies at 25 to 33 %, day 7 at 10 to 13 %, day 30 at 4 to 7 %, as AppsFlyer and Adjust publish."""
    seen = retention(s.Returns("returns", "people", "joined_at", retention=(0.30, 0.05)), seed)

    assert 0.25 < seen[1] < 0.33
    assert 0.10 < seen[7] < 0.13
    assert 0.04 < seen[30] < 0.07


@pytest.mark.parametrize("told", [(0.30, 0.05), (0.45, 0.12), (0.2, 0.02)])
def test_retention_is_as_told(told: tuple[float, float]):
    """The shares of people told for day 1 and day 30 are those measured, within errors and 4 % of them."""
    seen = retention(s.Returns("returns", "people", "joined_at", retention=told))

    for day, share in zip((1, 30), told, strict=True):
        assert abs(seen[day] - share) < three_errors(share, N) + 0.04 * share


def test_retention_survives_weekends():
    """Quiet weekends move returns to other days; the average over starting days is as told."""
    season = s.Season(hours=HOURS, weekdays=OFFICE_WEEK)

    seen = retention(s.Returns("returns", "people", "joined_at", retention=(0.30, 0.05), season=season))

    assert abs(seen[1] - 0.30) < 0.03
    assert abs(seen[30] - 0.05) < 0.012


@pytest.mark.parametrize(("heavy", "spread"), [(True, 1 + 6.0), (False, 1.0)], ids=["geometric", "poisson"])
def test_sessions_per_user(heavy: bool, spread: float):
    """Heavy counts have the many noughts and the long tail of a geometric one; others are Poisson."""
    found = frames(PEOPLE, s.Many("sessions", "people", s.count(6.0, heavy=heavy, most=120)))
    counts = np.bincount(found["sessions"].row, minlength=N)

    nought = 1 / 7 if heavy else math.exp(-6)
    assert abs(counts.mean() - 6) < 3 * math.sqrt(6 * spread / N)
    assert abs(counts.var() / counts.mean() / spread - 1) < 0.06
    assert abs((counts == 0).mean() - nought) < three_errors(nought, N)


# --- versions ------------------------------------------------------------------------------


def adoption(release: s.Release) -> dict[int, float]:
    """The share of people who run the release so many days after it came out."""
    days = s.Many("days", "people", s.whole(40, 40), {
        "at": s.derived("timestamp", lambda f: BEGIN_S + f["nth"] * DAY_S),
    })  # fmt: skip
    tracks = {"seats>=1": (s.Release("1.0"), release)}
    found = frames(PEOPLE, days, s.Rollout("version", "days", "at", "people", tracks), people=8_000)["days"]
    runs = found.is_value("version", release.version)
    return {day: float(runs[found["nth"] == day].mean()) for day in (1, 7, 14, 30)}


def test_adoption_is_that_of_apps():
    """About 15 % after a day, 42 after a week, 48 after two, 57 after thirty days; some never update."""
    seen = adoption(s.Release("2.0", on=BEGINS, lag="3.3d", sigma=1.65, never=0.38))

    for day, share in {1: 0.15, 7: 0.42, 14: 0.49, 30: 0.57}.items():
        assert abs(seen[day] - share) < 0.02, day


def test_adoption_can_be_quick():
    """Another public app: 80 to 90 % within eight days."""
    seen = adoption(s.Release("2.0", on=BEGINS, lag="2d", sigma=1.0, never=0.05))

    assert 0.78 < seen[7] < 0.90


# --- the calendar --------------------------------------------------------------------------


def chi2_per_cell(seen: np.ndarray, expected: np.ndarray) -> float:
    return float(((seen - expected) ** 2 / expected).sum() / len(seen))


def traffic(kind: str) -> np.ndarray:
    season = s.Season(hours=HOURS, weekdays=OFFICE_WEEK)
    if kind == "visits":
        visits = s.Visits("back", "people", a_day=0.1, source="by", sources=s.mix(all=1), season=season)
        return frames(PEOPLE, visits)["back"]["started_at"]
    everybody = s.Population("people", {"joined_at": s.whole(BEGIN_S, BEGIN_S, "timestamp")})
    flat = s.Returns("back", "people", "joined_at", s.count(8.0), retention=(0.3, 0.3), season=season)
    return frames(everybody, flat)["back"]["started_at"]


@pytest.mark.parametrize("kind", ["visits", "returns"])
def test_weekdays_are_as_told(kind: str):
    """Each weekday has its share of eight whole weeks, within 3 errors."""
    days = weekday(traffic(kind) // DAY_S)

    shares = np.array(OFFICE_WEEK) / sum(OFFICE_WEEK)
    for day, share in enumerate(shares):
        assert abs((days == day).mean() - share) < three_errors(share, len(days)), day


@pytest.mark.parametrize("kind", ["visits", "returns"])
def test_hours_are_as_told(kind: str):
    """The hours fit the told curve: chi-squared per hour below 2, where 1 is pure chance."""
    at = traffic(kind)
    at = at[at >= BEGIN_S + DAY_S]  # the first day of returns begins with everybody

    counts = np.bincount(at % DAY_S // 3600, minlength=24)

    assert chi2_per_cell(counts, len(at) * np.array(HOURS) / sum(HOURS)) < 2


def test_growth_is_as_told():
    """The last week brings as much more than the first as the growth says."""
    season = s.Season(growth=0.6, swing=0.05)
    visits = s.Visits("visits", "people", a_day=0.1, source="by", sources=s.mix(all=1), season=season)
    days = frames(PEOPLE, visits)["visits"]["day"]

    weeks = np.bincount((days - days.min()) // 7)

    expected = (1 + 0.6 * 52 / 55) / (1 + 0.6 * 3 / 55)
    assert abs(weeks[-1] / weeks[0] / expected - 1) < 0.04


# --- mixes ---------------------------------------------------------------------------------


@pytest.mark.parametrize("steepness", [0.9, 1.0, 1.2])
@pytest.mark.parametrize("exact", [True, False], ids=["dealt", "each"])
def test_countries_have_heavy_tail(steepness: float, exact: bool):
    """Country shares fall as the rank to the power told: the line through their logarithms has that slope."""
    countries = s.zipf("US DE GB FR BR IN PL ES IT JP", steepness)
    people = frames(s.Population("people", {"country": countries if exact else countries.each()}))["people"]

    counts = np.bincount(people["country"])

    slope = np.polyfit(np.log(np.arange(1, 11)), np.log(counts), 1)[0]
    assert abs(slope + steepness) < (0.01 if exact else 0.05)
    assert (np.diff(counts) < 0).all()


# Source: StatCounter, as quoted in blogs, read 2026: mobile OS world Android 72 and iOS 27 %; US iOS 57 %.
BY_COUNTRY = {"US": {"ios": 0.57, "android": 0.43}, "IN": {"ios": 0.05, "android": 0.95}}


def cramers_v(one: np.ndarray, other: np.ndarray) -> float:
    """How much two text columns have to do with each other, from 0 to 1."""
    table = np.zeros((one.max() + 1, other.max() + 1))
    np.add.at(table, (one, other), 1)
    expected = table.sum(1, keepdims=True) * table.sum(0) / table.sum()
    return math.sqrt(((table - expected) ** 2 / expected).sum() / table.sum() / (min(table.shape) - 1))


@pytest.mark.parametrize("exact", [True, False], ids=["dealt", "each"])
def test_joint_mix_is_joint(exact: bool):
    """Platforms by country hold in each country, so the two columns have much to do with each other."""
    platform = s.mix(android=0.72, ios=0.27, other=0.01).per("country", BY_COUNTRY)
    columns = {"country": s.mix(US=0.3, IN=0.3, DE=0.4), "platform": platform if exact else platform.each()}
    people = frames(s.Population("people", columns))["people"]

    for country, shares in {**BY_COUNTRY, "DE": {"android": 0.72, "ios": 0.27}}.items():
        here = people.is_value("country", country)
        for value, share in shares.items():
            bound = 1 / here.sum() if exact else three_errors(share, here.sum())
            assert abs(people.is_value("platform", value)[here].mean() - share) < bound
    assert cramers_v(people["country"], people["platform"]) > 0.3


def test_separate_mixes_are_apart():
    """Two mixes that say nothing of each other have nothing to do with each other."""
    people = frames(s.Population("people", {"a": s.mix(x=1, y=1), "b": s.mix(x=1, y=1)}))["people"]

    assert cramers_v(people["a"], people["b"]) < 3 / math.sqrt(N)


# --- experiments ---------------------------------------------------------------------------


def split_p(seed: int, *twists: s.Twist) -> float:
    """p of the planned split of an experiment by hash, from the exposures logged."""
    trial = s.Experiment("trial", "people", {"control": 1, "treatment": 1}, exact=False)
    seen = s.Exposures("exposures", "trial", at="joined_at")
    found = Story(BEGINS, ENDS, (PEOPLE, trial, seen), (), twists).play(Draws(CASE, seed), 4_000).frames
    control, treatment = np.bincount(found["exposures"]["trial"]).tolist()
    return math.erfc(abs(control - treatment) / math.sqrt(2 * (control + treatment)))


def test_sound_tests_seldom_mismatch():
    """Of 300 sound experiments about 1 % fall below p = 0.01: at most 3 errors more."""
    flagged = sum(split_p(seed) < 0.01 for seed in range(300))

    assert flagged <= 3 + 3 * math.sqrt(3)


def test_planted_mismatch_is_seen():
    """Where 30 % of one side's Android exposures crash, the split is off at p < 0.001 on every seed."""
    crash = s.SampleRatioMismatch(
        "crash", of="exposures", variant="treatment", cause="crash", where="platform=android", share=0.3
    )

    assert max(split_p(seed, crash) for seed in (7, 11, 12, 21, *range(101, 117))) < 1e-3
