"""Waits without a memory, arrivals spread over the window, and hours in which people are awake."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from casekit.errors import AuthorError
from casekit.world import story as s
from casekit.world.calendar import DAY_S, second
from casekit.world.draws import Draws
from casekit.world.story.scene import Scene
from casekit.world.story.telling import Story
from casekit.world.story.waits import at_hours

BEGINS, ENDS = "2025-05-01", "2025-05-31"
OFFICE = (0,) * 9 + (1,) * 8 + (0,) * 7


def people(**columns: Any) -> s.Frame:
    story = Story(BEGINS, ENDS, (s.Population("people", columns),), ())
    assert [] == story.scope.problems
    return story.play(Draws("waits", 7), 20_000).frames["people"]


def test_wait_has_its_mean():
    """A wait is at least its least, on average its mean on top, and longer than the mean for 37 %."""
    waited = people(pause_s=s.wait("10h", least="1h"))["pause_s"]

    assert 3_600 <= waited.min() < 3_700
    assert 36_000 == pytest.approx(waited.mean() - 3_600, rel=0.03)
    assert 0.368 == pytest.approx((waited > 39_600).mean(), abs=0.01)


def test_wait_forgets_its_past():
    """Who has waited for a mean waits for another one, as if it began now."""
    waited = people(pause_s=s.wait("10h"))["pause_s"]
    rest = waited[waited > 36_000] - 36_000

    assert 36_000 == pytest.approx(rest.mean(), rel=0.04)


def test_arrivals_fill_every_day():
    """Every day has its share of people to within one, in the order of their places."""
    first_at = people(first_at=s.arrival())["first_at"]
    a_day = np.bincount(first_at // DAY_S - second(BEGINS) // DAY_S, minlength=31)

    assert (np.diff(first_at) >= 0).all()
    assert a_day.max() - a_day.min() <= 2


def test_arrivals_follow_the_season():
    """A weekend that is half as busy has half as many arrivals a day."""
    first_at = people(first_at=s.arrival(s.Season(weekend=0.5)))["first_at"]
    weekend = (first_at // DAY_S + 3) % 7 >= 5

    assert 9 * 0.5 / (22 + 9 * 0.5) == pytest.approx(weekend.mean(), abs=0.01)


def test_hours_keep_day_and_order():
    """Moved to office hours, each moment stays on its day and behind those before it."""
    even = np.arange(second(BEGINS), second(BEGINS) + 3 * DAY_S, 60)

    moved = at_hours(even, OFFICE)

    assert (even // DAY_S == moved // DAY_S).all()
    assert (np.diff(moved) >= 0).all()
    assert set(range(9, 17)) == set((moved % DAY_S // 3_600).tolist())


def test_even_hours_change_nothing():
    """Where all hours are alike, no moment moves."""
    even = np.arange(0, DAY_S, 7)

    assert (even == at_hours(even, (1,) * 24)).all()
    assert np.abs(even - at_hours(even, (2,) * 24)).max() <= 1


def test_problems_are_told_at_once():
    """Spans that are none, a season that cannot be, and arrivals of what belongs to somebody: all told."""
    parts = (
        s.Population("people", {
            "pause_s": s.wait("soon", least="never"),
            "first_at": s.arrival(s.Season(swing=2.0)),
        }),
        s.Many("devices", of="people", count=s.count(1.0), columns={"at": s.arrival()}),
    )  # fmt: skip

    with pytest.raises(AuthorError) as caught:
        s.tell(begins=BEGINS, ends=ENDS, parts=parts, tables=(), sizes={"default": 10})

    told = "\n".join(map(str, caught.value.problems))
    for words in (
        "'soon' is no span",
        "'never' is no span",
        "swing: is 2.0",
        "only people who belong to nobody",
    ):
        assert words in told, told


def test_scene_needs_no_numpy_stream():
    """The same draws give the same waits, whatever was drawn before."""
    scene = Scene(Draws("waits", 7), 10, Story(BEGINS, ENDS, (), ()).scope)
    frame = s.Frame("people", np.arange(10), {})
    first = s.wait("1h").draw(scene, frame, "pause_s")
    s.wait("1h").draw(scene, frame, "another")

    assert first.tolist() == s.wait("1h").draw(scene, frame, "pause_s").tolist()
