"""Shares by segment: a base, a table, odds and factors, always between 0 and 1."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from casekit.world import story as s
from casekit.world.story.rates import Rate, with_odds
from story_world import PEOPLE, played, problems, shop


@given(st.floats(0, 1), st.floats(0, 1e6))
def test_odds_stay_shares(share: float, ratio: float):
    """Whatever the odds ratio, a share stays a share: also one of 1 at no odds at all."""
    bent = with_odds(np.array([share, 0.0, 1.0]), ratio)

    assert ((bent >= 0) & (bent <= 1)).all()
    assert 0 == bent[1]
    assert (1.0 if ratio else 0.0) == bent[2]


@given(st.floats(0.01, 0.99), st.floats(0.01, 100))
def test_odds_are_undone(share: float, ratio: float):
    """A ratio and its inverse give the share back."""
    there = with_odds(np.array([share]), ratio)

    assert abs(with_odds(there, 1 / ratio)[0] - share) < 1e-9


def test_rate_follows_conditions():
    """The table first, then odds in order, then factors, never more than 1."""
    people = played(shop()).frames["people"]
    made = s.by(
        "platform", {"android": 0.5, "ios": 0.8}, other=0.1, odds={"is_new": 2}, times={"seats>250": 3}
    )

    shares = made.of(people)

    base = np.array([0.5, 0.8, 0.1])[people["platform"]]
    odds = np.where(people["is_new"], base / (1 - base) * 2, base / (1 - base))
    expected = np.minimum(odds / (1 + odds) * np.where(people["seats"] > 250, 3, 1), 1)
    assert np.abs(shares - expected).max() < 1e-12
    assert 1 == shares.max()


def test_null_takes_base():
    """An entity whose text is NULL has the base, not the share of some value."""
    columns = {"plan": s.derived("text", lambda f: np.where(f["is_new"], 0, -1), ("free", "pro"))}
    people = played(shop(parts=[s.Added("people", columns)])).frames["people"]

    shares = Rate(0.25, "plan", {"free": 0.5, "pro": 0.9}).of(people)

    assert {0.25} == set(shares[~people["is_new"]].tolist())
    assert {0.5} == set(shares[people["is_new"]].tolist())


@pytest.mark.parametrize(
    ("made", "words"),
    [
        (s.rate(1.2), "a share lies between 0 and 1"),
        (s.rate(float("nan")), "a share lies between 0 and 1"),
        (s.rate(0.5, odds={"platform=ios": -1}), "write a number of 0 or more"),
        (s.rate(0.5, odds={"platform=ios": float("inf")}), "write a number of 0 or more"),
        (s.rate(0.5, times={"platform=ios": float("nan")}), "write a number of 0 or more"),
        (s.rate(0.5, odds={"platform=oss": 2}), "did you mean 'ios'"),
        (s.by("platfrom", {"ios": 0.5}), "did you mean 'platform'"),
        (s.by("platform", {"isos": 0.5}), "did you mean 'ios'"),
        (s.by("platform", {"ios": -0.5}), "a share lies between 0 and 1"),
    ],
)
def test_bad_rate_is_told(made: Rate, words: str):
    """Shares and odds outside their range, and names that are not there, are told."""
    (problem,) = problems(PEOPLE, s.Added("people", {"pays": s.share(made)}))

    assert words in problem
