"""First visits: in the order of the people, as busy as the calendar says, within their window."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from casekit.errors import AuthorError
from casekit.world import story as s
from casekit.world.calendar import second
from casekit.world.declare import World
from casekit.world.draws import Draws
from casekit.world.story.frames import Whole

DAY_S = 86_400
NIGHT = (1,) * 8 + (3,) * 16
PEOPLE = 20_000


def told(*columns: s.Whole, **starts: object) -> World:
    """A world of people who only come once."""
    return s.tell(
        begins="2025-01-06",
        ends="2025-03-02",
        sizes={"default": PEOPLE},
        parts=(s.Population("people", dict(starts)),),
        tables=(s.Table("people", "one row per person", dict.fromkeys(starts, "when they came")),),
    )


def moments(world: World, people: int = PEOPLE, block: int = 0) -> Whole:
    """When each came."""
    return world.story.play(Draws("starts", 7, block), people).frames["people"]["came"]


def test_first_person_comes_first():
    """The people stand in the order of their start, in every block."""
    world = told(came=s.start())

    for block in (0, 5):
        assert (np.diff(moments(world, block=block)) >= 0).all()
    assert moments(world).tolist() != moments(world, block=5).tolist()


def test_nobody_comes_outside():
    """Everybody comes in the window of the world, or in their own, and both ends are reached."""
    whole = moments(told(came=s.start()))
    part = moments(told(came=s.start(since="2025-02-01", until="2025-02-03")))

    assert second("2025-01-06") <= whole.min() < second("2025-01-06") + 600
    assert second("2025-03-03") - 600 < whole.max() < second("2025-03-03")
    assert second("2025-02-01") <= part.min() < part.max() < second("2025-02-03")


def test_days_and_hours_have_their_share():
    """A weekend of half the traffic gets half of it; a busy hour gets three times a quiet one, or nearly."""
    came = moments(told(came=s.start(s.Season(hours=NIGHT, weekend=0.5))))
    weekday = np.bincount((came // DAY_S + 3) % 7)
    hour = np.bincount(came % DAY_S // 3_600)

    assert 0.5 == pytest.approx(weekday[5:].mean() / weekday[:5].mean(), abs=0.02)
    assert 2.5 < hour[8:].mean() / hour[:8].mean() < 3.1


def test_growth_brings_more_later():
    """With growth the last day has more first visits than the first, by the share told."""
    came = moments(told(came=s.start(s.Season(growth=1.0))))
    days = np.bincount((came - second("2025-01-06")) // DAY_S)

    assert 2 == pytest.approx(days[-7:].sum() / days[:7].sum(), rel=0.15)


def test_one_person_has_a_start():
    """A block of a single person, or of none, is no special case."""
    world = told(came=s.start())

    assert [1, 0] == [len(moments(world, people)) for people in (1, 0)]


def test_problems_are_told():
    """A window in the wrong order and hours that are not 24 come to light before a row is drawn."""
    with pytest.raises(AuthorError) as broken:
        told(came=replace(s.start(), season=s.Season(hours=(1, 2)), since="2025-02-03", until="2025-02-01"))

    assert {"hours", "until"} == {problem.field for problem in broken.value.problems}
