"""Workflows: who moves where, how long it takes, laps that are as long in any month, and slow queues."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from casekit.world import story as s
from casekit.world.calendar import DAY_S, second
from casekit.world.draws import Draws
from casekit.world.story.telling import Story
from story_world import BEGIN_S, BEGINS, CASE, END_S, ENDS, SEED, differences, played, problems

SLOW = "2025-03-31"
TICKETS = s.Population("tickets", {
    "team": s.mix(web=0.5, app=0.5),
    "size": s.mix(small=0.5, large=0.5).within("team"),
    "opened_at": s.start(),
})  # fmt: skip
STATES = {
    "New": (s.Move("Work", after="12h", sigma=0.5),),
    "Work": (
        s.Move("Dropped", 0.1, after="1d", sigma=0.5),
        s.Move("Check", after="2d", sigma=0.8, times={"size=large": 2.0}, again=0.5, longest="10d"),
    ),
    "Check": (
        s.Move("Work", s.by("team", {"web": 0.3}, other=0.1), after="1d", sigma=0.5, at_most=2),
        s.Move("Closed", within=("6h", "2d")),
    ),
    "Closed": (),
    "Dropped": (),
}
FLOW = s.Workflow(
    "moves",
    of="tickets",
    starts="opened_at",
    states=STATES,
    cells=("team",),
    lap=s.Lap("Work", "Closed", within="5d"),
    number="move_id",
)
DELAY = s.QueueDelay("slow_check", of="moves", state="Check", where="team=app", times=3.0, since=SLOW)


def desk(*twists: s.Twist, flow: s.Workflow = FLOW) -> Story:
    return Story(BEGINS, ENDS, (TICKETS, flow), (), twists)


def moves(*twists: s.Twist, flow: s.Workflow = FLOW, people: int = 4_000, seed: int = SEED) -> s.Frame:
    return played(desk(*twists, flow=flow), people, seed).frames["moves"]


def state(name: str) -> int:
    return list(STATES).index(name)


def stays(frame: s.Frame, name: str) -> tuple[Any, Any, Any]:
    """For every finished stay in a state: its ticket's row, when it was entered, and how long it took."""
    order = np.lexsort((frame["nth"], frame.row))
    row, at, came = frame.row[order], frame["changed_at"][order], frame["from_status"][order]
    first = np.diff(row, prepend=-1) != 0
    entered = np.where(first, frame.parent["opened_at"][row], np.roll(at, 1))
    here = came == state(name)
    return row[here], entered[here], (at - entered)[here]


def open_window(flow: s.Workflow = FLOW) -> s.Frame:
    """Moves of a story so long that hardly a ticket is cut off."""
    tickets = replace(TICKETS, columns={**TICKETS.columns, "opened_at": s.start(until="2025-05-01")})
    story = Story(BEGINS, "2026-12-31", (tickets, flow), ())
    return played(story, 4_000).frames["moves"]


# --- ways ----------------------------------------------------------------------------------


def test_moves_follow_each_other():
    """Everybody begins in the first state, and leaves the one entered by the move before."""
    frame = moves()
    order = np.lexsort((frame["nth"], frame.row))
    row, nth = frame.row[order], frame["nth"][order]
    came, goes = frame["from_status"][order], frame["to_status"][order]
    same = row[1:] == row[:-1]

    assert (came[nth == 0] == 0).all()
    assert (goes[:-1][same] == came[1:][same]).all()
    assert (np.diff(nth)[same] == 1).all()
    allowed = {(state(name), state(move.to)) for name, ways in STATES.items() for move in ways}
    assert allowed == set(zip(came.tolist(), goes.tolist(), strict=True))


def test_moves_stand_in_time():
    """They are numbered in the order of time, lie in the window, and come after their ticket was opened."""
    frame = moves()

    assert (np.diff(frame["changed_at"]) >= 0).all()
    assert np.arange(1, len(frame) + 1).tolist() == frame["move_id"].tolist()
    assert BEGIN_S <= frame["changed_at"].min()
    assert frame["changed_at"].max() < END_S
    assert (frame["changed_at"] > frame["opened_at"]).all()


def test_some_are_on_their_way():
    """The window's end cuts ways short: some tickets have not come to an end."""
    frame = moves()
    ended = np.isin(frame["to_status"], [state("Closed"), state("Dropped")])

    assert 0.01 < 1 - len(np.unique(frame.row[ended])) / 4_000 < 0.3


def test_shares_are_exact():
    """A tenth of first stays ends in Dropped, to within one ticket in every team."""
    frame = open_window()
    for team in (0, 1):
        mine = frame["team"] == team
        first = mine & (frame["from_status"] == state("Work")) & (frame["nth"] == 1)
        dropped = (first & (frame["to_status"] == state("Dropped"))).sum()

        assert abs(dropped - 0.1 * first.sum()) <= 1


def test_loops_differ_and_end():
    """Three in ten of web's first checks fail, one in ten elsewhere; nobody goes back more than twice."""
    frame = open_window()
    back = (frame["from_status"] == state("Check")) & (frame["to_status"] == state("Work"))
    for team, share in ((0, 0.3), (1, 0.1)):
        first = (frame["from_status"] == state("Check")) & (frame["nth"] == 2) & (frame["team"] == team)

        assert share == pytest.approx(back[first].mean(), abs=0.002)
    assert 2 == np.bincount(frame.row[back]).max()


def test_times_scale_and_are_cut():
    """Large tickets take twice as long, half of it after going back, and none beyond the longest."""
    frame = open_window()
    row, _, took = stays(frame, "Work")
    first = np.diff(row, prepend=-1) != 0
    is_large = frame.parent["size"][row] == 1
    checked = np.isin(row, frame.row[frame["to_status"] == state("Check")])
    medians = [float(np.median(took[checked & is_large & one])) for one in (first, ~first)]
    small = float(np.median(took[checked & ~is_large & first]))

    assert 2 * DAY_S == pytest.approx(small, rel=0.02)
    assert 2 * small == pytest.approx(medians[0], rel=0.02)
    assert medians[0] == pytest.approx(2 * medians[1], rel=0.15)
    assert took[~is_large].max() <= 10 * DAY_S
    assert took.max() <= 20 * DAY_S


def test_even_times_lie_within():
    """A time told by its bounds lies evenly between them."""
    frame = open_window()
    row, _, took = stays(frame, "Check")
    is_closed = np.isin(row, frame.row[frame["to_status"] == state("Closed")])
    closing = took[is_closed & (np.diff(row, append=-1) != 0)]

    assert 6 * 3_600 <= closing.min()
    assert closing.max() <= 2 * DAY_S
    assert 27 * 3_600 == pytest.approx(closing.mean(), rel=0.02)


def test_blocks_differ():
    """Another block has other tickets, and numbers of its own."""
    story = desk()
    first, second_one = (story.play(Draws(CASE, SEED, number), 500).frames["moves"] for number in (0, 1))

    assert first["changed_at"].tolist() != second_one["changed_at"].tolist()
    assert not set(first["move_id"].tolist()) & set(second_one["move_id"].tolist())


@pytest.mark.parametrize("people", [1, 2, 3, 10])
def test_few_are_enough(people: int):
    """A handful of entities goes through the workflow as well."""
    assert 1 <= len(moves(DELAY, people=people)) <= 9 * people


# --- laps ----------------------------------------------------------------------------------


def laps(frame: s.Frame) -> tuple[Any, Any]:
    """When each lap began, and how long it was; for ever, when it never came to its end."""
    n_rows = len(frame.parent)
    begun, done = np.full(n_rows, 1 << 60), np.full(n_rows, 1 << 60)
    for name, at in (("Work", begun), ("Closed", done)):
        here = frame["to_status"] == state(name)
        np.minimum.at(at, frame.row[here], frame["changed_at"][here])
    began = begun < 1 << 60
    return begun[began], (done - begun)[began]


def spread_of_weeks(flow: s.Workflow, what: Any) -> float:
    """How much a figure of laps differs from one stretch of 200 laps to another, on average."""
    found = []
    for seed in range(12):
        tickets = replace(TICKETS, columns={**TICKETS.columns, "opened_at": s.start(until="2025-05-01")})
        story = Story(BEGINS, "2025-12-31", (tickets, flow), ())
        begun, length = laps(played(story, 1_600, seed).frames["moves"])
        length = length[np.argsort(begun)]
        found.append(np.std([what(part) for part in np.array_split(length, len(length) // 200)]))
    return float(np.mean(found))


def alike() -> s.Workflow:
    """The workflow when all tickets are of one kind."""
    plain, again = STATES["Work"][1], STATES["Check"][0]
    states = STATES | {
        "Work": (STATES["Work"][0], replace(plain, times={})),
        "Check": (replace(again, share=0.2), STATES["Check"][1]),
    }
    return replace(FLOW, states=states, cells=())


def test_share_in_time_is_flat():
    """Of those of one kind, in any stretch the same share is done in time: without laps, by chance."""

    def share(length: Any) -> float:
        return float((length <= 5 * DAY_S).mean())

    assert spread_of_weeks(alike(), share) < spread_of_weeks(replace(alike(), lap=None), share) / 5


def test_mean_length_is_flat():
    """The mean length of those that end differs by a third less, at least."""

    def mean(length: Any) -> float:
        return float(length[length < 365 * DAY_S].mean())

    assert spread_of_weeks(FLOW, mean) < spread_of_weeks(replace(FLOW, lap=None), mean) / 1.6


def test_laps_change_no_total():
    """Swapping ways within a kind leaves every kind its own lengths, and every share as it is."""
    frames = [open_window(flow) for flow in (FLOW, replace(FLOW, lap=None))]
    for team in (0, 1):
        for size in (0, 1):
            here = [
                sorted(took[(frame.parent["team"][row] == team) & (frame.parent["size"][row] == size)])
                for frame in frames
                for row, _, took in (stays(frame, "Work"),)
            ]
            assert here[0] == here[1]


# --- the twist -----------------------------------------------------------------------------


def test_delay_is_taken_back():
    """Without it only those it meets change, each later move by as much as the stays it made longer."""
    story = desk(DELAY)
    scene = played(story)
    found = differences(story, "slow_check")
    met = set(scene.frames["tickets"].key[scene.frames["tickets"]["slow_check"]].tolist())

    assert {"moves"} == found.keys()
    assert not found["moves"].added
    assert {"changed_at"} == found["moves"].changed.keys()
    assert {key >> 12 for key in found["moves"].gone | found["moves"].changed["changed_at"]} <= met


def test_delay_makes_stays_longer():
    """Stays of the app team's checks begun since take three times as long, all others as long."""
    without, with_it = moves(), moves(DELAY)
    for team in (0, 1):
        for late in (False, True):
            took = []
            for frame in (without, with_it):
                row, entered, seconds = stays(frame, "Check")
                mine = (frame.parent["team"][row] == team) & ((entered >= second(SLOW)) == late)
                took.append(float(np.median(seconds[mine & (entered < second("2025-04-17"))])))
            factor = 3 if team == 1 and late else 1
            assert took[1] == pytest.approx(factor * took[0], rel=0.05)


def test_delay_is_in_the_ledger():
    """Two lines: moves out of the state, and hours in it up to the window's end; off, nothing changed."""
    story = desk(DELAY)
    scene, off = (played(one) for one in (story, story.without("slow_check")))
    moved, hours = scene.ledger
    told, other = scene.frames["moves"], off.frames["moves"]

    gone = [(frame["from_status"] == state("Check")).sum() for frame in (told, other)]
    assert moved.actual - moved.base == gone[0] - gone[1] < 0
    assert 2 * hours.base < hours.actual < 3 * hours.base + 1
    assert [(line.base, line.base) for line in scene.ledger] == [(x.base, x.actual) for x in off.ledger]
    assert [line.exposed for line in scene.ledger] == [line.exposed for line in off.ledger]
    assert "Check takes 3 times as long where team=app, from 2025-03-31" == moved.declared


def test_delay_may_end():
    """With an end, stays entered later are as they were; with a factor below 1 they are shorter."""
    quick = s.QueueDelay(
        "quick", of="moves", state="Check", times=0.5, since="2025-03-10", until="2025-03-17"
    )
    scene = played(desk(quick))
    row, entered, _ = stays(scene.frames["moves"], "Check")
    inside = (entered >= second("2025-03-10")) & (entered < second("2025-03-17"))

    assert set(row[inside].tolist()) <= set(np.flatnonzero(scene.frames["tickets"]["quick"]).tolist())
    assert scene.ledger[1].actual == pytest.approx(scene.ledger[1].base / 2, rel=0.01)


def test_two_delays_stay_apart():
    """Taking one of two delays back leaves the moves of those who only met the other."""
    other = s.QueueDelay("slow_work", of="moves", state="Work", where="team=web", times=2.0, since=SLOW)
    story = desk(DELAY, other)
    tickets = played(story).frames["tickets"]

    changed = differences(story, "slow_work")["moves"]
    whose = {key >> 12 for key in changed.gone | changed.changed["changed_at"]}
    assert whose <= set(tickets.key[tickets["slow_work"]].tolist())
    assert not whose & set(tickets.key[tickets["team"] == 1].tolist())


# --- what is told --------------------------------------------------------------------------


def test_workflow_problems_are_told():
    """Unknown states, endless loops, moves nobody takes, states nobody enters: all at once."""
    states = {
        "New": (s.Move("Wrok", 1.2, after="soon"), s.Move("Work", sigma=-1)),
        "Work": (s.Move("New"), s.Move("Done", times={"teem=web": 0.0}, again=0, at_most=-1)),
        "Done": (s.Move("New", within=("1d", "later"), longest="ever", at_most=1),),
        "Lost": (),
    }
    flow = s.Workflow(
        "moves",
        of="tickets",
        starts="opend_at",
        states=states,
        cells=("taem",),
        lap=s.Lap("Work", "Doen", "x"),
    )

    told = "\n".join(problems(TICKETS, flow))

    for words in (
        "there is no column of tickets 'opend_at'; did you mean 'opened_at'",
        "there is no column of tickets 'taem'; did you mean 'team'",
        "there is no state 'Doen'; did you mean 'Done'",
        "'x' is no span",
        "there is no state 'Wrok'; did you mean 'Work'",
        "New to Wrok: is 1.2; a share lies between 0 and 1",
        "'soon' is no span",
        "has the spread -1",
        "Work to New: goes back; say how often at most",
        "Work to Done: is never taken: all move to New",
        "there is no column of tickets 'teem'; did you mean 'team'",
        "Work to Done: is 0; it must be greater than 0",
        "has at_most=-1",
        "'later' is no span",
        "'ever' is no span",
        "Lost: is a state that no move leads to",
    ):
        assert words in told, f"{words}\n---\n{told}"


def test_bounds_out_of_order_are_told():
    """A least time above the greatest is told."""
    states = {"New": (s.Move("Done", within=("2d", "1d")),), "Done": ()}

    (told,) = problems(TICKETS, s.Workflow("moves", of="tickets", starts="opened_at", states=states))

    assert "runs from 2d to 1d; put the shorter one first" in told


def test_delay_problems_are_told():
    """An unknown workflow or state, a factor of 1 or 0, a window out of order: all told."""
    flow = replace(FLOW, lap=None)
    twists = (
        s.QueueDelay("a", of="movs", state="Check", times=1.0),
        s.QueueDelay("b", of="tickets", state="Check", times=0.0),
        s.QueueDelay("c", of="moves", state="Chekc", times=2.0, where="team=wbe"),
        s.QueueDelay("d", of="moves", state="Check", times=2.0, since="2025-04-02", until="2025-04-01"),
    )

    told = "\n".join(problems(TICKETS, flow, twists=twists))

    for words in (
        "there is no workflow 'movs'; did you mean 'moves'",
        "a › times: is 1; write a factor that changes something",
        "b › of: is 'tickets', which has no states; name a workflow",
        "b › times: is 0.0; it must be greater than 0",
        "there is no value 'Chekc'; did you mean 'Check'",
        "there is no value 'wbe'; did you mean 'web'",
        "does not lie after '2025-04-02'",
    ):
        assert words in told, f"{words}\n---\n{told}"
