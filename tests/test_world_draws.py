"""Draws: the same id draws the same everywhere, and quotas are exact."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from casekit.world.draws import Draws
from casekit.world.quantiles import even_nodes

DRAWS = Draws("a-case", 7)
IDS = np.arange(100_000)


def test_bits_are_pinned():
    """The draws of an id are part of the format: no release, machine or numpy changes them."""
    expected = [16597579506537302743, 8567895628586136079, 1755766083156251980]

    assert expected == DRAWS.bits("a stream", [0, 1, 1_000_000_007]).tolist()


def test_draws_ignore_company():
    """An id draws the same alone, in any order and among any others."""
    everyone = DRAWS.lognormal("gap", IDS, 60, 0.8)

    assert everyone[::-7].tolist() == DRAWS.lognormal("gap", IDS[::-7], 60, 0.8).tolist()


@pytest.mark.parametrize("other", [Draws("a-case", 8), Draws("b-case", 7)], ids=["seed", "case"])
def test_seed_changes_draws(other: Draws):
    """Another seed, or another case with the same seed, draws unrelated values."""
    correlation = np.corrcoef(DRAWS.uniform("u", IDS), other.uniform("u", IDS))[0, 1]

    assert abs(correlation) < 0.02


def test_streams_are_independent():
    """Two streams of the same ids are unrelated, also when their names are nearly the same."""
    correlation = np.corrcoef(DRAWS.uniform("step 1", IDS), DRAWS.uniform("step 2", IDS))[0, 1]

    assert abs(correlation) < 0.02


def test_neighbours_are_independent():
    """Ids next to each other draw unrelated values."""
    drawn = DRAWS.uniform("u", IDS)

    assert abs(np.corrcoef(drawn[1:], drawn[:-1])[0, 1]) < 0.02


def test_whole_covers_range():
    """Whole numbers reach both ends, stay inside, and are equally likely."""
    counts = np.bincount(DRAWS.whole("die", IDS, 1, 6))

    assert 0 == counts[0]
    assert 7 == len(counts)
    assert np.abs(counts[1:] / len(IDS) - 1 / 6).max() < 0.01


def test_pick_follows_weights():
    """Each place comes up as often as its weight says; a weight of zero never."""
    counts = np.bincount(DRAWS.pick("channel", IDS, (5, 0, 3, 2)), minlength=4) / len(IDS)

    assert np.abs(counts - [0.5, 0.0, 0.3, 0.2]).max() < 0.01


def test_owner_follows_weights():
    """Who weighs more owns more, and places are those of the weights."""
    counts = np.bincount(DRAWS.owner("visitor", IDS, np.array([100, 300, 600])), minlength=3) / len(IDS)

    assert np.abs(counts - [0.1, 0.3, 0.6]).max() < 0.01


@pytest.mark.parametrize("share", [0.0, 0.03, 0.5, 1.0])
def test_coin_lands_on_share(share: float):
    """A coin is true about as often as its share, and always or never at the ends."""
    seen = DRAWS.coin("coin", IDS, share).mean()

    assert abs(seen - share) < (0.005 if 0 < share < 1 else 1e-12)


def test_lognormal_has_median():
    """Half the draws lie on either side of the median, and the spread is sigma."""
    drawn = DRAWS.lognormal("amount", IDS, 5_400, 0.45)

    assert abs(np.median(drawn) - 5_400) < 30
    assert abs(np.log(drawn).std() - 0.45) < 0.01


def test_seconds_follow_hours():
    """Seconds of the day fall into the hours as often as the weights say."""
    seconds = DRAWS.second_of_day("hour", IDS, [0] * 12 + [3] + [0] * 10 + [1])

    assert {12, 23} == set(np.unique(seconds // 3600).tolist())
    assert abs((seconds // 3600 == 12).mean() - 0.75) < 0.01
    assert abs((seconds % 3600).mean() - 1_800) < 20


@settings(max_examples=60, deadline=None)
@given(
    sizes=st.lists(st.integers(1, 60), min_size=1, max_size=8),
    shares=st.lists(st.integers(0, 100), min_size=8, max_size=8),
    seed=st.integers(0, 2**31),
)
def test_quota_is_exact(sizes: list[int], shares: list[int], seed: int):
    """In every cell exactly round(n * share) are true, a half counting up."""
    cell = np.repeat(np.arange(len(sizes)), sizes)
    share = np.array(shares)[cell] / 100

    chosen = Draws("quota", seed).quota("q", np.arange(len(cell)), cell, share)

    expected = [(2 * n * percent + 100) // 200 for n, percent in zip(sizes, shares, strict=False)]
    assert expected == np.bincount(cell, chosen).astype(int).tolist()


def test_quota_is_fair():
    """Over many streams each id of a cell is chosen equally often."""
    times = sum(DRAWS.quota(f"round {k}", np.arange(20), (), 0.25).astype(int) for k in range(2_000))

    assert np.abs(times / 2_000 - 0.25).max() < 0.05


@settings(max_examples=60, deadline=None)
@given(
    outer=st.lists(st.integers(0, 3), min_size=1, max_size=300),
    shares=st.lists(st.integers(0, 100), min_size=1, max_size=4),
    seed=st.integers(0, 2**31),
)
def test_funnel_is_exact(outer: list[int], shares: list[int], seed: int):
    """The passers of every step are off by less than one in each cell; nobody skips a step."""
    wide, inner = np.array(outer), np.arange(len(outer)) % 3
    steps = [percent / 100 for percent in shares]

    passed = Draws("funnel", seed).funnel("f", np.arange(len(wide)), (wide, inner), steps)

    for step, left in enumerate(np.cumprod(steps), start=1):
        due = np.bincount(wide * 3 + inner) * left
        assert np.abs(np.bincount(wide * 3 + inner, passed >= step) - due).max() < 1 + 1e-3


@settings(max_examples=60, deadline=None)
@given(
    outer=st.lists(st.integers(0, 3), min_size=1, max_size=300),
    percent=st.integers(0, 100),
    seed=st.integers(0, 2**31),
)
def test_funnel_carries_rounding(outer: list[int], percent: int, seed: int):
    """The cells' roundings do not add up: a wide cell's step is off by at most a half."""
    wide, inner = np.array(outer), np.arange(len(outer)) % 3

    passed = Draws("funnel", seed).funnel("f", np.arange(len(wide)), (wide, inner), (percent / 100,))

    assert np.abs(np.bincount(wide, passed) - np.bincount(wide) * percent / 100).max() <= 0.5 + 1e-9


@settings(max_examples=40, deadline=None)
@given(sizes=st.lists(st.integers(1, 80), min_size=1, max_size=6), seed=st.integers(0, 2**31))
def test_deal_is_exact(sizes: list[int], seed: int):
    """Every cell holds every share to within one id."""
    cell, shares = np.repeat(np.arange(len(sizes)), sizes), (0.42, 0.33, 0.25)

    dealt = Draws("deal", seed).deal("platform", np.arange(len(cell)), cell, shares)

    for place, share in enumerate(shares):
        assert np.abs(np.bincount(cell, dealt == place) - np.array(sizes) * share).max() <= 1


def test_rank_numbers_each_cell():
    """Ranks run from 0 to n - 1 in every cell, and each id learns its cell's size."""
    cell = np.array([3, 1, 3, 3, 1])

    rank, size = DRAWS.rank("line", np.arange(5), cell)

    assert [0, 1, 2] == sorted(rank[cell == 3].tolist())
    assert [0, 1] == sorted(rank[cell == 1].tolist())
    assert [3, 2, 3, 3, 2] == size.tolist()


def test_empty_draws_stay_empty():
    """No ids, no draws, no error."""
    nobody = np.arange(0)

    assert 0 == len(DRAWS.quota("q", nobody, nobody, 0.5))
    assert 0 == len(DRAWS.deal("d", nobody, (), (1, 2)))
    assert 0 == len(DRAWS.funnel("f", nobody, (nobody, nobody), (0.5, 0.5)))


def test_coin_where_tosses_for_some():
    """Whoever is asked tosses the same coin as in company, and nobody else is chosen."""
    everyone = DRAWS.coin("c", IDS, 0.3)

    for asked in (np.ones(len(IDS), bool), IDS % 3 == 0, np.zeros(len(IDS), bool)):
        assert np.array_equal(everyone & asked, DRAWS.coin_where("c", IDS, 0.3, asked))


@pytest.mark.parametrize(
    "weights", [[1] * 24, [0, 0, 3, 0, 1], [5], [1, 0, 0], [1, 10**6, 1, 1], [*range(3_000)]]
)
def test_pick_finds_its_weight(weights: list[int]):
    """A pick is the first place whose weights sum to more than the point drawn."""
    ids = np.arange(5_000)
    point = (DRAWS.uniform("p", ids) * 2**32).astype(np.int64) * sum(weights)

    expected = np.searchsorted(np.cumsum(weights) << 32, point, side="right")

    assert np.array_equal(expected, DRAWS.pick("p", ids, weights))


def test_pieces_are_seamless():
    """Ids drawn in pieces draw what each draws alone."""
    ids = np.arange(2**15 - 2, 2**16 + 2)

    assert DRAWS.bits("s", ids).tolist() == DRAWS.bits("s", np.arange(2**16 + 2))[ids].tolist()
    assert DRAWS.bits("s", ids[:1]) == DRAWS.bits("s", ids)[0]
    assert int(DRAWS.bits("s", ids[0])) == int(DRAWS.bits("s", ids)[0])


@pytest.mark.parametrize("size", [1, 7, 1_000])
def test_strata_share_out_evenly(size: int):
    """The ids of each cell get one value from each of as many even strata, in random order."""
    ids, cells = np.arange(2 * size), np.arange(2 * size) % 2
    drawn = DRAWS.strata("strata", ids, cells, even_nodes(0, size * 1_024))

    for cell in (0, 1):
        values = drawn[cells == cell] // 1_024
        assert list(range(size)) == sorted(values.tolist())
    assert size < 3 or drawn.tolist() != sorted(drawn.tolist())
