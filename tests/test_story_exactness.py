"""A twist can be taken back whatever is dealt below it: those who do not hang on it stay as they are."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from casekit.world import story as s
from casekit.world.calendar import second
from casekit.world.declare import NULL
from story_world import differences, entry, played

BEGINS, ENDS = "2025-01-06", "2025-03-02"
PEOPLE = 2_000
SHIFT = s.MixShift("shift", of="accounts", sources=("b",), times=3.0, since="2025-02-03")
BOTS = s.Bots("bots", of="accounts", share=0.1, days={"2025-02-03": 2, "2025-02-12": 1}, source="b")
BROKEN = s.StepChange("broken", step="onboarding.two", times=0.5, since="2025-02-01")

STAGES = {"2025-01-20": 0.1, "2025-02-10": 0.5}
SECOND = {"second": "is_second", "first": "not is_second"}

# What is dealt among accounts, who come and go with a twist: its parts, and twists of its own.
BELOW: dict[str, tuple[tuple[Any, ...], tuple[s.Twist, ...]]] = {
    "rollout by source": (
        (
            s.Rollout(
                "version",
                of="accounts",
                at="signup_at",
                people="accounts",
                tracks={
                    "source=a": (
                        s.Release("1"),
                        s.Release("2", stages={"2025-01-20": 0.1, "2025-02-10": 0.5}),
                    ),
                    "source=b": (s.Release("1"), s.Release("2", on="2025-01-20", never=0.3)),
                },
            ),
        ),
        (),
    ),
    "a share of owners": (
        (s.Many("things", of="accounts", count=s.count(3.0), columns={"n": s.whole(1, 9)}),),
        tuple(s.Lost(f"gone_{n}", of="things", by="accounts", share=n / 100) for n in (10, 20, 35, 50)),
    ),
    "dealt columns": (
        (
            s.Added(
                "accounts",
                {
                    "kind": s.mix(x=0.3, y=0.7),
                    "size": s.mix(small=0.6, large=0.4).within("kind"),
                    "is_new": s.share(0.4),
                    "runs": s.evenly(s.spread(10, 1.0)),
                },
            ),
        ),
        (),
    ),
    "funnel": (
        (
            s.Funnel(
                "onboarding",
                of="accounts",
                starts="signup_at",
                cells=("source",),
                steps=(s.Step("one", 0.5, after="5m", sigma=0.5), s.Step("two", 0.5, after="1d", sigma=0.5)),
            ),
        ),
        (BROKEN,),
    ),
    "experiment": ((s.Experiment("trial", of="accounts", variants={"control": 1, "treatment": 1}),), ()),
    "links": (
        (
            s.Added("accounts", {"is_second": s.share(0.1, exact=False)}),
            s.Links(
                "links", of="accounts", second="is_second", first="not is_second", shows="day", partner="p"
            ),
        ),
        (s.DoubleIds("doubled", of="links"),),
    ),
    "workflow": (
        (
            s.Workflow(
                "moves",
                of="accounts",
                starts="signup_at",
                states={
                    "A": (s.Move("B", 0.5, after="2d", sigma=0.5), s.Move("C", 0.5, after="3d", sigma=0.5)),
                    "B": (s.Move("C", after="1d", sigma=0.5),),
                    "C": (),
                },
            ),
        ),
        (),
    ),
    "rows that come and go": (
        (
            s.Many("things", of="accounts", count=s.count(3.0), columns={"n": s.mix(x=0.5, y=0.5).each()}),
            s.Many("parts", of="things", count=s.count(2.0), columns={"m": s.whole(1, 9)}),
        ),
        (
            s.Lost("lost", of="things", where="n=x", share=0.3),
            s.Duplicates("doubled", of="parts", share=0.2),
            s.Missing("blank", of="parts", column="m", by="things", share=0.25),
        ),
    ),
}


def told(parts: tuple[Any, ...], *twists: s.Twist) -> s.Story:
    accounts = s.Arrivals(
        "accounts", source="source", sources=s.mix(a=0.6, b=0.4), begins="signup_at", number="account_id"
    )
    return s.Story(BEGINS, ENDS, (accounts, *parts), (), twists)


@pytest.mark.parametrize("bends", [SHIFT, BOTS], ids=lambda twist: twist.name)
@pytest.mark.parametrize("below", BELOW)
def test_arrivals_of_a_twist_change_nobody_else(below: str, bends: s.Twist):
    """Without those a twist brings, all that the others are, have and do is what it was."""
    parts, own = BELOW[below]
    story = told(parts, bends, *own)
    line = entry(played(story, PEOPLE), bends.name)

    found = differences(story, bends.name, PEOPLE)

    assert line.actual - line.base == len(found["accounts"].added) > 0
    for name, change in found.items():
        assert (set(), {}) == (change.gone, change.changed), name


@pytest.mark.parametrize("below", [name for name, (_, twists) in BELOW.items() if twists])
def test_ledger_holds_below_arrivals(below: str):
    """Twists below say what a rebuild without them changes, whether arrivals are bent or not."""
    parts, own = BELOW[below]
    for above in ((), (SHIFT, BOTS)):
        story = told(parts, *above, *own)
        for twist in own:
            line, found = entry(played(story, PEOPLE), twist.name), differences(story, twist.name, PEOPLE)
            if isinstance(twist, s.Missing):
                assert line.actual == len(found[twist.of].changed[twist.column]), twist.name
            elif isinstance(twist, s.StepChange):
                assert {"accounts"} == found.keys()
                assert line.actual < line.base
            else:
                rows = found[twist.of]
                assert line.actual - line.base == len(rows.added) - len(rows.gone) != 0, twist.name


def marked(story: s.Story, twist: str, frame: str) -> set[int]:
    """Keys of those who hang on a twist."""
    made = played(story, PEOPLE).frames[frame]
    marks = [made.columns[name] for name in (twist, f"{twist}: hangs") if name in made.columns]
    return set(made.key[np.logical_or.reduce(marks)].tolist())


def test_first_moments_carry_marks_on():
    """Who is exposed by a step that a twist broke hangs on it: the trial's others are dealt apart."""
    parts = (
        s.Population("people", {"group": s.mix(x=1, y=1)}),
        s.Visits("visits", of="people", a_day=0.02, source="src", sources=s.mix(a=1, b=1)),
        s.Funnel(
            "onboarding",
            of="visits",
            starts="started_at",
            steps=(s.Step("one", 0.5, after="5m", sigma=0.5), s.Step("two", 0.5, after="5m", sigma=0.5)),
        ),
        s.Experiment("trial", of="people", variants={"control": 1, "treatment": 1}),
        s.Exposures("exposures", experiment="trial", on="visits", at="started_at", where="onboarding>=2"),
        s.Added("people", {"joined": s.start()}),
        s.Funnel(
            "pay",
            of="people",
            starts="joined",
            where="trial=control|treatment",
            steps=(s.Step("paid", 0.4, after="1d", sigma=0.5),),
        ),
    )
    uplift = s.Uplift(
        "up", step="pay.paid", experiment="trial", variant="treatment", odds=1.5, exposed_at="exposed_at"
    )
    story = s.Story(BEGINS, ENDS, parts, (), (BROKEN, uplift))

    found = differences(story, "broken", PEOPLE)

    touched = marked(story, "broken", "people")
    assert 0 < len(touched) < PEOPLE / 2
    assert set().union(*found["people"].changed.values()) <= touched
    assert "exposed_at" in found["people"].changed


def test_shared_devices_carry_marks_on():
    """Whom a broken sign-up keeps from being known shares no device; all other guests stay the same."""
    parts = (
        s.Population("people", {"begins": s.start()}),
        s.Many("devices", of="people", count=s.whole(1, 2)),
        s.Funnel(
            "onboarding",
            of="people",
            starts="begins",
            steps=(s.Step("one", 0.9, after="1h", sigma=0.5), s.Step("two", 0.6, after="1h", sigma=0.5)),
        ),
        s.Added(
            "people",
            {"signed": s.derived("timestamp", lambda p: np.where(p["onboarding"] > 1, p["two_at"], NULL))},
        ),
        s.Added("devices", {"known": s.derived("timestamp", lambda devices: devices["signed"])}),
        s.Guests("guests", of="devices", people="people", since="known", signed="signed", takes=()),
    )
    story = s.Story(BEGINS, ENDS, parts, (), (BROKEN, s.Shared("shared", of="guests", share=0.2, after="1d")))

    guests = differences(story, "broken", PEOPLE)["guests"]

    devices = played(story, PEOPLE).frames["devices"]
    owners = played(story, PEOPLE).frames["people"].key[devices.owner("people")]
    hanging = set(devices.key[np.isin(owners, list(marked(story, "broken", "people")))].tolist())
    others = {key >> 3 for key in guests.added | guests.gone} - hanging
    assert 0 < len(guests.gone)
    assert len(others) < 0.2 * len(guests.gone)  # those whose guest was kept from signing up in time


MODES = s.mix(manual=1, auto=0)
DONE = s.whole(second(BEGINS), second(ENDS), "timestamp")
AUTOMATED = [
    s.Automation("bot", of="tasks", effort="minutes", takes=5, sets={"mode": "auto"}),
    s.Automation("better_bot", of="tasks", effort="minutes", takes=2, sets={"mode": "auto"}),
    s.Lost("lost", of="tasks", share=0.5),
]
PRICED = [
    s.PriceChange("dearer", of="tasks", column="minutes", times=1.2, clock="done_at", since="2025-02-01"),
    s.PriceChange("cheaper", of="tasks", column="minutes", times=0.9, clock="done_at", since="2025-02-10"),
    s.Lost("lost", of="tasks", share=0.5),
]


@pytest.mark.parametrize("backwards", [False, True])
@pytest.mark.parametrize("twists", [AUTOMATED, PRICED], ids=["automation", "price change"])
def test_effort_and_cents_are_what_is_there(twists: list[s.Twist], backwards: bool):
    """With later twists on the same rows, a ledger of sums says what the rows add up to in the end."""
    columns = {"mode": MODES, "minutes": s.whole(100, 200), "done_at": DONE}
    parts = (s.Population("people", {}), s.Many("tasks", of="people", count=s.count(3.0), columns=columns))
    story = s.Story(BEGINS, ENDS, parts, (), tuple(reversed(twists) if backwards else twists))

    moved = 0
    for twist in twists[:2]:
        line = entry(played(story, PEOPLE), twist.name)
        with_it, without = (
            int(played(one, PEOPLE).frames["tasks"]["minutes"].sum())
            for one in (story, story.without(twist.name))
        )
        assert line.actual - line.base == with_it - without
        moved += with_it - without
    assert moved
