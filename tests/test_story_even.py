"""Even spreads: the numbers are the same on every seed, in every cell, and who has which is chance."""

from __future__ import annotations

import numpy as np
import pytest

from casekit.errors import AuthorError
from casekit.world import story as s
from casekit.world.draws import Draws
from casekit.world.story.frames import Frame
from casekit.world.story.measures import Measure


def firms(runs: Measure, seed: int = 7, people: int = 900) -> Frame:
    story = s.tell(
        begins="2025-05-01",
        ends="2025-05-31",
        parts=(s.Population("firms", {"plan": s.mix(small=2, large=1), "runs": runs}),),
        tables=(s.Table("firms", "one row per firm", {"plan": "its plan", "runs": "how many"}),),
        sizes={"default": people},
    ).story
    return story.play(Draws("somewhere", seed), people).frames["firms"]


def top_share(runs: np.ndarray) -> float:
    ordered = np.sort(runs)
    return float(ordered[-len(ordered) // 20 :].sum() / ordered.sum())


def test_numbers_do_not_move():
    """Another seed deals the same numbers to others."""
    one, two = (firms(s.evenly(s.spread(100, 1.9)), seed)["runs"] for seed in (7, 8))

    assert np.sort(one).tolist() == np.sort(two).tolist()
    assert one.tolist() != two.tolist()


def test_median_and_top_are_as_told():
    """Half lie below the median, and the top 5 % hold the share a log-normal gives them."""
    runs = firms(s.evenly(s.spread(1_000, 1.5)), people=20_000)["runs"]

    assert 1_000 == pytest.approx(np.median(runs), rel=0.01)
    assert 0.44 == pytest.approx(top_share(runs), abs=0.02)  # normal(1.5 - 1.645), less the cut tail


def test_chance_moves_more():
    """The same spread by chance gives other top shares from seed to seed."""
    dealt = [top_share(firms(s.evenly(s.spread(100, 1.9)), seed)["runs"]) for seed in range(5)]
    drawn = [top_share(firms(s.spread(100, 1.9), seed)["runs"]) for seed in range(5)]

    assert 0 == np.ptp(dealt)
    assert np.ptp(drawn) > 0.03


def test_cells_are_alike():
    """Every cell has its low, middle and high numbers; bounds are kept."""
    made = firms(s.evenly(s.spread(100, 1.0, least=30, most=400), "plan"))
    small, large = (made["runs"][made.is_value("plan", plan)] for plan in ("small", "large"))

    assert 100 == pytest.approx(np.median(small), rel=0.02)
    assert 100 == pytest.approx(np.median(large), rel=0.02)
    assert (30, 400) == (made["runs"].min(), made["runs"].max())


def test_one_is_in_the_middle():
    """Alone in its cell, an entity has the median; a span is counted in seconds."""
    assert [3_600] == firms(s.evenly(s.spread("1h", 1.0)), people=1)["runs"].tolist()


def test_bad_spreads_are_told():
    """A cell that is no column, a median or a spread that cannot be."""
    with pytest.raises(AuthorError, match=r"no column of firms 'plam'; did you mean 'plan'"):
        firms(s.evenly(s.spread(10, 1.0), "plam"))
    with pytest.raises(AuthorError, match=r"it must be greater than 0"):
        firms(s.evenly(s.spread(0, 1.0)))
    with pytest.raises(AuthorError, match=r"cannot be negative"):
        firms(s.evenly(s.spread(10, -1.0)))
