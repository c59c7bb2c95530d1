"""Schedules that slip and are re-planned, things that come now and then, and tasks done by a machine."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from casekit.world import story as s
from casekit.world.calendar import DAY_S, day, second
from casekit.world.draws import Draws
from casekit.world.story.telling import Story
from story_world import BEGINS, CASE, END_S, ENDS, SEED, differences, entry, played, problems

NOON = (0,) * 12 + (1,) + (0,) * 11
SQUADS = s.Given("squads", {"team": "text"}, tuple((name,) for name in ("red", "blue", "green", "grey")))
PLAN = s.Schedule(
    "releases", of="squads", every=7, first="2025-03-05", apart=3, slips={0: 0.5, 2: 0.3, 5: 0.2}, hours=NOON
)
BURSTS = s.Sporadic("hotfixes", of="squads", a_month=3, hours=NOON)
TASKS = s.Many("tasks", of="releases", count="n_tasks", columns={
    "mode": s.mix(manual=1, automated=0),
    "minutes": s.whole(10, 20),
})  # fmt: skip
COUNTED = s.Added("releases", {"n_tasks": s.derived("integer", lambda rows: np.full(len(rows), 3))})
REPLANNED = s.Replanned("moved", of="releases", share=0.8)
WAVE = s.MixShift("wave", of="hotfixes", times=4.0, since="2025-04-01")
BOT = s.Automation(
    "bot", of="tasks", where="team=red|blue and nth=0", clock="happened_at", since="2025-04-01",
    effort="minutes", takes=4, sets={"mode": "automated"},
)  # fmt: skip


def company(*twists: s.Twist, plan: s.Schedule = PLAN, bursts: s.Sporadic = BURSTS) -> Story:
    return Story(BEGINS, ENDS, (SQUADS, plan, bursts, COUNTED, TASKS), (), twists)


def frame(name: str, *twists: s.Twist, seed: int = SEED, **more: Any) -> s.Frame:
    return played(company(*twists, **more), 10, seed).frames[name]


# --- schedules -----------------------------------------------------------------------------


def test_days_recur():
    """Each owner's days lie a week apart, and the first ones up to three days."""
    releases = frame("releases")
    for squad in range(4):
        due = np.sort(releases["original_planned_date"][releases.row == squad])
        assert {7} == set(np.diff(due).tolist())
        assert day("2025-03-05") <= due[0] <= day("2025-03-08")
    assert (releases["happened_at"] < END_S).all()


def test_slips_are_exact():
    """Half are on time: the shares hold over all that were planned, to within one."""
    plan = replace(PLAN, first="2025-03-03", apart=0)
    story = Story(BEGINS, "2026-03-01", (SQUADS, plan), ())
    releases = played(story, 10).frames["releases"]
    late = releases["happened_at"] // DAY_S - releases["original_planned_date"]

    assert {0, 2, 5} == set(late.tolist())
    assert 0.5 == pytest.approx((late == 0).mean(), abs=0.01)
    assert 0.2 == pytest.approx((late == 5).mean(), abs=0.01)


def test_it_happens_at_its_hours():
    """What has one hour of the day happens in it."""
    assert {12} == set((frame("releases")["happened_at"] % DAY_S // 3_600).tolist())
    assert {12} == set((frame("hotfixes")["happened_at"] % DAY_S // 3_600).tolist())


def test_first_day_after_the_end_is_none():
    """A schedule that begins too late to happen has no rows."""
    assert 0 == len(frame("releases", plan=replace(PLAN, first="2025-04-27", apart=0, slips={3: 1.0})))


def test_plan_stays_without_twist():
    """Nobody moves a plan by itself."""
    releases = frame("releases")

    assert releases["planned_date"].tolist() == releases["original_planned_date"].tolist()


# --- re-planned dates ----------------------------------------------------------------------


def test_late_plans_are_moved():
    """Eight in ten of those late get their day as their plan, exactly; all others keep it."""
    releases = frame("releases", REPLANNED)
    happened, first = releases["happened_at"] // DAY_S, releases["original_planned_date"]
    moved = releases["planned_date"] != first

    assert releases["moved"].tolist() == moved.tolist()
    assert (releases["planned_date"][moved] == happened[moved]).all()
    assert abs(moved.sum() - 0.8 * (happened > first).sum()) <= 0.5


def test_moved_plans_are_taken_back():
    """Without it only the plans differ, as many as the ledger says."""
    found = differences(company(REPLANNED), "moved")
    line = entry(played(company(REPLANNED)), "moved")

    assert {"releases"} == found.keys()
    assert {"planned_date"} == found["releases"].changed.keys()
    assert line.actual == len(found["releases"].changed["planned_date"])
    assert (0, "80 % of late releases re-planned to the day they happened") == (line.base, line.declared)


def test_moved_plans_keep_their_place():
    """A condition and a window say whose plans are moved."""
    twist = s.Replanned("moved", of="releases", where="team=red", since="2025-04-01", until="2025-04-20")
    releases = frame("releases", twist)
    moved = releases["planned_date"] != releases["original_planned_date"]

    assert moved.any()
    assert {0} == set(releases["team"][moved].tolist())
    assert releases["original_planned_date"][moved].min() >= day("2025-04-01")
    assert releases["original_planned_date"][moved].max() < day("2025-04-20")


# --- now and then --------------------------------------------------------------------------


def test_each_owner_has_as_many():
    """Three a month are six in eight weeks, for each owner, within the window."""
    hotfixes = frame("hotfixes")

    assert [6] * 4 == np.bincount(hotfixes.row).tolist()
    assert (hotfixes["happened_at"] >= second(BEGINS)).all()
    assert (hotfixes["happened_at"] < END_S).all()


def test_wave_is_taken_back():
    """A wave adds rows that are marked; without it all others are as they were."""
    story = company(WAVE)
    found, line = differences(story, "wave"), entry(played(story), "wave")
    hotfixes = frame("hotfixes", WAVE)

    assert {"hotfixes"} == found.keys()
    assert line.actual - line.base == len(found["hotfixes"].added)
    assert {} == {name: keys for name, keys in found["hotfixes"].changed.items() if name != "wave"}
    assert found["hotfixes"].added == set(hotfixes.key[hotfixes["wave"]].tolist())
    assert (hotfixes["happened_at"][hotfixes["wave"]] >= second("2025-04-01")).all()
    assert line.actual == pytest.approx(4 * line.base, rel=0.1)


def test_calm_takes_rows_away():
    """A factor below one leaves fewer, and those left are the ones of the story without it."""
    calm = s.Decoy("calm", of="hotfixes", times=0.4, since="2025-03-17", until="2025-04-14")
    found = differences(company(calm), "calm")

    assert not found["hotfixes"].added
    assert len(found["hotfixes"].gone) >= 4


def test_two_waves_stay_apart():
    """One wave taken back leaves the rows of the other."""
    late = s.MixShift("late", of="hotfixes", times=2.0, since="2025-04-14")
    story = company(WAVE, late)
    line = entry(played(story), "late")

    found = differences(story, "late")["hotfixes"]
    assert not found.gone
    assert line.actual - line.base == len(found.added) > 0


# --- automation ----------------------------------------------------------------------------


def test_bot_does_its_tasks():
    """From its day on the tasks are automated and take four minutes; all others stay by hand."""
    tasks = frame("tasks", BOT)
    done = tasks["mode"] == 1
    met = (tasks["team"] <= 1) & (tasks["nth"] == 0) & (tasks["happened_at"] >= second("2025-04-01"))

    assert 0 < done.sum() < len(tasks)
    assert {4} == set(tasks["minutes"][done].tolist())
    assert (tasks["minutes"][~done] >= 10).all()
    assert done.tolist() == met.tolist()


def test_bot_is_taken_back():
    """Without it the tasks it did take their minutes again, the sum of which the ledger holds."""
    story = company(BOT)
    found, line = differences(story, "bot"), entry(played(story), "bot")
    other = played(story.without("bot")).frames["tasks"]
    changed = found["tasks"].changed

    assert {"tasks"} == found.keys()
    assert {"minutes", "mode"} == changed.keys()
    assert line.exposed == len(changed["mode"])
    assert line.base == other["minutes"][np.isin(other.key, list(changed["mode"]))].sum()
    assert 4 * line.exposed == line.actual
    assert line.declared.startswith("100 % of tasks automated, minutes 4 where team=red|blue and nth=0, from")


# --- drawn once ----------------------------------------------------------------------------


def test_once_is_told_once():
    """What belongs to given rows does not scale, and its twists are in the first block's ledger only."""
    story = company(REPLANNED, WAVE, BOT)
    first, second_one = (story.play(Draws(CASE, SEED, block), 10) for block in (0, 1))

    assert all(story.scope.frames[name].once for name in ("releases", "hotfixes", "tasks"))
    assert {"moved", "wave", "bot"} == {line.twist for line in first.ledger}
    assert [] == second_one.ledger


# --- what is told --------------------------------------------------------------------------


def test_schedule_problems_are_told():
    """Days, shares and hours that cannot be, and unknown frames: all told at once."""
    parts = (
        SQUADS,
        replace(PLAN, every=0, apart=-1, slips={0: 0.0}, hours=(1, 2)),
        replace(PLAN, name="later", of="sqads", first="2025-13-01", slips={-2: 1.0}),
        replace(BURSTS, a_month=0, hours=(0,) * 24),
    )

    told = "\n".join(problems(*parts))

    for words in (
        "releases › every: is 0; it must be greater than 0",
        "releases › slips: and apart are days from 0 up",
        "releases › slips: needs shares of 0 or more that do not sum to nothing",
        "releases › hours: must be 24 weights",
        "there is no frame 'sqads'; did you mean 'squads'",
        "'2025-13-01' is no date",
        "later › slips: and apart are days from 0 up",
        "hotfixes › a_month: is 0; it must be greater than 0",
        "hotfixes › hours: must be 24 weights",
    ):
        assert words in told, f"{words}\n---\n{told}"


def test_twist_problems_are_told():
    """Shares, conditions, columns and values that are none: all told at once."""
    twists = (
        s.Replanned("a", of="releses", share=2.0),
        s.Replanned("b", of="hotfixes"),
        s.Replanned("c", of="releases", where="team=rde", since="2025-04-02", until="2025-04-01"),
        s.Automation("d", of="tasks", effort="minuts", takes=-1, sets={"mode": "atomated", "mod": "manual"}),
        s.Automation("e", of="tasks", effort="mode", takes=1, sets={}),
    )

    told = "\n".join(problems(SQUADS, PLAN, BURSTS, COUNTED, TASKS, twists=twists))

    for words in (
        "a › of: there is no schedule 'releses'; did you mean 'releases'",
        "a › share: is 2.0; a share lies between 0 and 1",
        "b › of: there is no schedule 'hotfixes'; there is: releases",
        "there is no value 'rde'; did you mean 'red'",
        "does not lie after '2025-04-02'",
        "d › effort: there is no column of tasks 'minuts'; did you mean 'minutes'",
        "d › takes: is -1; it cannot be negative",
        "there is no value 'atomated'; did you mean 'automated'",
        "d › sets: there is no column of tasks 'mod'; did you mean 'mode'",
        "e › effort: 'mode' holds text; name a column of numbers",
    ):
        assert words in told, f"{words}\n---\n{told}"
