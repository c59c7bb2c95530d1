"""Columns: shares exact where dealt, spreads around their median, counts with their mean, NULLs kept."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from casekit.world import story as s
from casekit.world.declare import NULL
from story_world import PEOPLE, played, problems, shop


def drawn(people: int = 4_000, **columns: Any) -> s.Frame:
    """The people, with more columns."""
    return played(shop(parts=[s.Added("people", columns)]), people).frames["people"]


@settings(max_examples=30, deadline=None)
@given(st.lists(st.integers(0, 9), min_size=2, max_size=6).filter(sum), st.integers(1, 300))
def test_mix_is_exact(weights: list[int], people: int):
    """Dealt values hold their shares to within one, in all and in every cell."""
    shares = {f"v{nth}": weight for nth, weight in enumerate(weights)}
    frame = drawn(people, all=s.mix(shares), cell=s.mix(shares).within("platform"))

    for column, cells in (("all", np.zeros(people, int)), ("cell", frame["platform"])):
        for cell in np.unique(cells):
            counts = np.bincount(frame[column][cells == cell], minlength=len(weights))
            assert np.abs(counts - counts.sum() * np.array(weights) / sum(weights)).max() <= 1


def test_each_ignores_company():
    """Drawn each by itself, a value does not depend on who else is there."""
    orders = s.Many("orders", "people", s.count(2), {"status": s.mix(paid=0.9, open=0.1).each()})
    fewer = s.Many("orders", "people", s.count(2), orders.columns, where="is_new")
    all_of, some = (played(shop(parts=[one])).frames["orders"] for one in (orders, fewer))

    known = dict(zip(all_of.key.tolist(), all_of["status"].tolist(), strict=True))
    assert [known[key] for key in some.key.tolist()] == some["status"].tolist()
    assert abs((all_of["status"] == 1).mean() - 0.1) < 0.015


def test_share_is_exact():
    """A dealt share is exact for every rate and cell; by coin it is about right."""
    frame = drawn(a=s.share(s.rate(0.3, odds={"is_new": 2})).within("platform"), b=s.share(0.3, exact=False))

    for place in range(3):
        for is_new, share in ((False, 0.3), (True, 6 / 13)):
            here = (frame["platform"] == place) & (frame["is_new"] == is_new)
            assert abs(frame["a"][here].sum() - here.sum() * share) <= 0.5 + 1e-6 * here.sum()
    assert abs(frame["b"].mean() - 0.3) < 3 * np.sqrt(0.21 / 4_000)


def test_numbers_keep_bounds():
    """Spreads, prices, whole numbers and counts lie where they are told to."""
    frame = drawn(
        20_000,
        wait=s.spread("20h", 1.2, least=60, most=10**6),
        cost=s.price(54.0, 0.45),
        rolls=s.whole(1, 6),
        calls=s.count(3.0),
    )

    assert abs(np.median(frame["wait"]) / 72_000 - 1) < 0.04
    assert 60 <= frame["wait"].min() <= frame["wait"].max() <= 10**6
    assert abs(np.median(frame["cost"]) / 5_400 - 1) < 0.02
    assert [1, 2, 3, 4, 5, 6] == np.unique(frame["rolls"]).tolist()
    assert abs(frame["calls"].mean() - 3) < 3 * np.sqrt(3 / 20_000)


def test_lookup_reads_table():
    """Whole numbers, texts and fractions come out of the table as they stand there; NULL stays NULL."""
    frame = drawn(
        plan=s.derived("text", lambda f: np.where(f["is_new"], f["platform"] % 2, -1), ("free", "pro")),
        seats_free=s.lookup("plan", {"free": 3, "pro": 10}),
        tier=s.lookup("plan", {"free": "low", "pro": "high"}, "text"),
        weight=s.lookup("plan", {"free": 0.5, "pro": 1.25}, "number"),
    )

    new, pro = frame["is_new"], frame["plan"] == 1
    assert {10} == set(frame["seats_free"][pro].tolist())
    assert {1} == set(frame["tier"][pro].tolist())
    assert {1.25} == set(frame["weight"][pro].tolist())
    assert {NULL} == set(frame["seats_free"][~new].tolist())
    assert {-1} == set(frame["tier"][~new].tolist())
    assert np.isnan(frame["weight"][~new]).all()


def test_serial_counts_up():
    """Numbers go from 1 in the order in which the rows stand."""
    assert list(range(1, 4_001)) == drawn(nth=s.serial())["nth"].tolist()


def test_derived_fits_its_type():
    """What a function computes in floats becomes whole, except in columns of fractions."""
    frame = drawn(
        half=s.derived("integer", lambda f: f["seats"] / 2),
        part=s.derived("number", lambda f: f["seats"] / 2),
    )

    assert "i" == frame["half"].dtype.kind
    assert (frame["seats"] / 2).tolist() == frame["part"].tolist()


def test_zipf_falls_by_rank():
    """The n-th value has the n-th part of the first one's share; flat at 0."""
    assert {"a": 1.0, "b": 0.5, "c": 0.333333333} == dict(s.zipf(["a", "b", "c"]).shares)
    assert {1.0} == set(s.zipf("a b c", 0).shares.values())


@pytest.mark.parametrize(
    ("measure", "words"),
    [
        (s.mix(a=0, b=0), "sum to nothing"),
        (s.mix(), "sum to nothing"),
        (s.mix(a=1, b=-0.1), "negative share"),
        (s.mix(a=1).within("platfrom"), "did you mean 'platform'"),
        (s.mix(a=1).per("platform", {"isos": {"a": 1}}), "did you mean 'ios'"),
        (s.mix(a=1).per("platform", {"ios": {"a": 0}}), "sum to nothing"),
        (s.mix(a=1).per("seats", {"3": {"a": 1}}), "holds no text"),
        (s.share(-0.1), "a share lies between 0 and 1"),
        (s.share(0.5).within("platfrom"), "did you mean 'platform'"),
        (s.spread("25x", 1), "'25x' is no span of time"),
        (s.spread(5, -1), "cannot be negative"),
        (s.spread(5, 1, least=9, most=3), "put the smaller one first"),
        (s.price(0), "must be greater than 0"),
        (s.whole(6, 1), "put the smaller one first"),
        (s.count(-2), "must be greater than 0"),
        (s.count(90), "mean < most"),
        (s.count(3, most=400), "mean < most"),
        (s.lookup("platfrom", {}), "did you mean 'platform'"),
        (s.lookup("platform", {"ios": 1, "web": 2}), "says nothing about platform=android"),
        (s.lookup("platform", {"ios": 1, "web": 2, "android": 3, "webb": 4}), "did you mean 'web'"),
        (s.lookup("seats", {"3": 1}), "holds no text"),
    ],
)
def test_bad_measure_is_told(measure: Any, words: str):
    """What an author gets wrong about a column is told, with the near misses."""
    told = problems(PEOPLE, s.Added("people", {"made": measure}))

    assert any(words in problem for problem in told)
    assert all("people › made" in problem for problem in told)
