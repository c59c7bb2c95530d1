"""Rows bent on their way: a rebuild without a twist changes exactly what its ledger line says."""

from __future__ import annotations

import numpy as np
import pytest

from casekit.world import story as s
from casekit.world.calendar import second
from casekit.world.declare import NULL
from story_world import EVENTS, PEOPLE, differences, entry, funnel, played, problems, shop

WINDOW = {"clock": "event_at", "since": "2025-03-20", "until": "2025-04-05 12:00"}
LOSSES = [
    s.Outage("bent", of="events", where="event_name=pay", **WINDOW),
    s.PartialLoad("bent", of="events", clock="arrived_at", since="2025-03-20"),
    s.Lost("bent", of="events", where="platform=web", share=0.3),
]
CHANGES = [
    s.Late("bent", of="events", column="arrived_at", delay=("6h", "5d"), share=0.2, **WINDOW),
    s.WrongClock("bent", of="events", column="event_at", to="1970-01-01", where="platform=ios", share=0.1),
    s.Renamed("bent", of="events", column="event_name", to="pay_v2", where="event_name=pay", **WINDOW),
    s.Missing("bent", of="events", column="sent_by", where="platform=web", share=0.5),
]
DUPLICATES = [
    s.Duplicates("bent", of="events", share=0.05, **WINDOW),
    s.Duplicates("bent", of="events", where="sent_by=app", share=0.1, later={"arrived_at": "10m"},
                 sets={"sent_by": "server"}, fresh=("delivery",)),
]  # fmt: skip
COMPANY = [
    s.Duplicates("company_doubles", of="events", share=0.3),
    s.Lost("company_loses", of="events", where="sent_by=app", share=0.4),
    s.Missing("company_empties", of="events", column="sent_by", share=0.5),
]


def by_kind(twist: s.Twist) -> str:
    return twist.kind


@pytest.mark.parametrize("exact", [True, False], ids=["exact", "coin"])
@pytest.mark.parametrize("twist", LOSSES, ids=by_kind)
def test_loss_takes_its_rows(twist: s.Lost, exact: bool):
    """Without a loss exactly the rows it took come back; every other row keeps its key and values."""
    story = shop(twist, exact=exact)
    line = entry(played(story), "bent")

    changed = differences(story, "bent")

    assert {"events"} == changed.keys()
    assert (set(), {}) == (changed["events"].added, changed["events"].changed)
    assert line.base - line.actual == len(changed["events"].gone) > 0
    assert line.base == line.exposed


@pytest.mark.parametrize("twist", DUPLICATES, ids=["plain", "new values"])
def test_duplicates_add_copies(twist: s.Duplicates):
    """Without duplicates exactly the copies are gone; the originals stay as they are."""
    story = shop(twist)
    line = entry(played(story), "bent")

    changed = differences(story, "bent")

    assert {"events"} == changed.keys()
    assert (set(), {}) == (changed["events"].gone, changed["events"].changed)
    assert line.actual - line.base == len(changed["events"].added) > 0


def test_copy_has_new_values():
    """A copy comes later, says where it came from, and has a delivery of its own; the rest is the same."""
    events = played(shop(DUPLICATES[1])).frames["events"]
    is_copy = events.key >= 1 << 56
    original = events.taken(~is_copy)
    place = {key: row for row, key in enumerate(original.key.tolist())}
    rows = [place[key - (1 << 56)] for key in events.key[is_copy].tolist()]

    assert (events["arrived_at"][is_copy] > original["arrived_at"][rows]).all()
    assert {1} == set(events["sent_by"][is_copy].tolist())
    assert not (events["delivery"][is_copy] == original["delivery"][rows]).any()
    assert (events["event_at"][is_copy] == original["event_at"][rows]).all()


@pytest.mark.parametrize("twist", CHANGES, ids=by_kind)
def test_change_touches_one_column(
    twist: s.Late,
):
    """Without a change exactly the rows told have another value, in its column only."""
    story = shop(twist)
    line = entry(played(story), "bent")

    changed = differences(story, "bent")

    assert {"events"} == changed.keys()
    assert (set(), set()) == (changed["events"].added, changed["events"].gone)
    assert {twist.column} == changed["events"].changed.keys()
    assert (0, line.actual) == (line.base, len(changed["events"].changed[twist.column]))
    assert 0 < line.actual <= line.exposed


@pytest.mark.parametrize("first", [True, False], ids=["before others", "after others"])
@pytest.mark.parametrize("twist", [*LOSSES, *DUPLICATES, *CHANGES], ids=by_kind)
def test_ledger_holds_among_others(twist: s.Outage, first: bool):
    """With others on the same rows, before or after it, the ledger says what is there in the end."""
    story = shop(twist, *COMPANY) if first else shop(*COMPANY, twist)

    for one in story.twists:
        line, changed = entry(played(story), one.name), differences(story, one.name)["events"]
        if hasattr(one, "column"):
            values = changed.changed.get(one.column, set())
            assert line.actual == len(values | changed.added), one.name
        else:
            assert line.actual - line.base == len(changed.added) - len(changed.gone), one.name
        assert line.actual >= 0


def test_two_losses_share_rows():
    """Two losses of the same rows: without either one nothing comes back, and the ledger says so."""
    twice = [s.Outage(name, of="events", where="event_name=pay") for name in ("first", "second")]
    story = shop(*twice)

    assert {} == differences(story, "first") == differences(story, "second")
    lines = [entry(played(story), name) for name in ("first", "second")]
    assert [(0, 0), (0, 0)] == [(line.base, line.actual) for line in lines]
    assert 0 < lines[0].exposed


def test_two_duplicates_differ():
    """The copies of two twists are different rows, also those of the same original."""
    story = shop(*(s.Duplicates(name, of="events", fresh=("delivery",)) for name in ("first", "second")))
    events, plain = played(story).frames["events"], played(shop()).frames["events"]

    assert 4 * len(plain) == len(events) == len(np.unique(events.key))


def test_off_twist_changes_nothing():
    """Told as if it had never happened, a twist writes what there would be on both sides."""
    for twist in (LOSSES[0], DUPLICATES[0], CHANGES[0]):
        line = entry(played(shop(twist).without("bent")), "bent")

        assert line.base == line.actual


def test_window_bounds_are_half_open():
    """The first moment is in, the last one is out."""
    events = played(shop()).frames["events"]["event_at"]
    begin, end = second(WINDOW["since"]), second(WINDOW["until"])

    line = entry(played(shop(s.Outage("bent", of="events", **WINDOW))), "bent")

    assert ((events >= begin) & (events < end)).sum() == line.exposed


def test_missing_fits_type():
    """An emptied number is NULL, an emptied text is no value."""
    parts = (s.Daily("spend", columns={"eur": s.price(50), "note": s.mix(a=1, b=1)}),)
    twists = [s.Missing(f"no_{name}", of="spend", column=name, share=0.5) for name in ("eur", "note")]

    spend = played(shop(*twists, parts=parts)).frames["spend"]

    assert 0 < (spend["eur"] == NULL).sum() < len(spend)
    assert 0 < (spend["note"] == -1).sum() < len(spend)


def test_history_bends_as_well():
    """Rows that are the same in every world can be lost and doubled too."""
    parts = (s.Given("plans", {"plan": "text"}, [("a",), ("b",), ("c",)]),)

    story = shop(s.Lost("bent", of="plans", where="plan=b"), parts=parts)

    assert 1 == len(differences(story, "bent")["plans"].gone)


@pytest.mark.parametrize(
    ("twist", "words"),
    [
        (s.Lost("bent", of="evnts"), "no frame 'evnts'; did you mean 'events'"),
        (s.Lost("bent", of="people"), "others hang on its rows"),
        (s.Lost("bent", of="events", share=1.2), "share lies between 0 and 1"),
        (s.Lost("bent", of="events", where="platfrom=web"), "did you mean 'platform'"),
        (s.Lost("bent", of="events", where="platform=wbe"), "did you mean 'web'"),
        (s.Lost("bent", of="events", since="2025-03-20"), "name the column that since and until are about"),
        (s.Lost("bent", of="events", clock="evnt_at"), "did you mean 'event_at'"),
        (s.Lost("bent", of="events", clock="event_at", since="2026-01-01"), "outside the world's window"),
        (s.Lost("bent", of="events", clock="event_at", since="2025-04-02", until="2025-04-01"), "in order"),
        (s.Lost("bent", of="events", clock="event_at", since="in May"), "no date or moment"),
        (s.Lost("bent", of="events", clock="event_at", since="2025-04-01T00:00Z"), "no date or moment"),
        (s.Late("bent", of="events", column="arrived_at", delay=("5x", "2d")), "no span of time"),
        (s.Late("bent", of="events", column="arrived_at", delay=("5d", "2h")), "put the least one first"),
        (s.Late("bent", of="events", column="arived_at", delay=("5m", "2d")), "did you mean 'arrived_at'"),
        (s.Renamed("bent", of="events", column="event_name", to="pay_v3"), "did you mean 'pay_v2'"),
        (s.Renamed("bent", of="events", column="event_name"), "say what 'event_name' holds instead"),
        (s.WrongClock("bent", of="events", column="event_at", to="noon"), "type timestamp cannot hold"),
        (s.WrongClock("bent", of="events", column="event_at"), "say what 'event_at' holds instead"),
        (s.Missing("bent", of="people", column="seats"), "others hang on its rows"),
        (s.Duplicates("bent", of="events", later={"arrived_at": "25x"}), "no span of time"),
        (s.Duplicates("bent", of="events", sets={"sent_by": "srver"}), "did you mean 'server'"),
        (s.Duplicates("bent", of="events", sets={"delivery": "many"}), "type integer cannot hold"),
        (s.Duplicates("bent", of="events", fresh=("delivry",)), "did you mean 'delivery'"),
    ],
)  # fmt: skip
def test_bad_twist_is_told(twist: s.Lost, words: str):
    """What an author gets wrong about a twist on rows is told, with the near misses."""
    (problem,) = problems(PEOPLE, funnel(), EVENTS, twists=[twist])

    assert "bent" in problem
    assert words in problem


DEALT = (
    s.Many("orders", "people", s.count(2.0), {"status": s.mix(paid=0.8, open=0.2).each()}),
    s.Added("orders", {"gift": s.share(0.3), "box": s.mix(small=2, large=1).within("status")}),
    s.Funnel("way", "orders", "joined_at", [s.Step("sent", 0.8), s.Step("kept", 0.5)], cells=("platform",)),
    s.Experiment("trial", "orders", {"a": 1, "b": 1}),
)


@pytest.mark.parametrize(
    "twist",
    [
        s.Lost("bent", of="orders", share=0.2),
        s.Duplicates("bent", of="orders", where="platform=ios", share=0.4),
        s.Missing("bent", of="orders", column="status", share=0.3),
    ],
    ids=by_kind,
)
def test_dealing_ignores_twist(twist: s.Lost):
    """What is dealt to bent rows afterwards stays what it is for every row the twist leaves alone."""
    story = shop(twist, parts=DEALT)
    orders = played(story).frames["orders"]
    touched = set(orders.key[orders["bent: hangs"]].tolist())

    changed = differences(story, "bent")

    assert {"orders"} == changed.keys()
    assert set().union(*changed["orders"].changed.values()) <= touched
    assert len(touched) < 0.5 * len(orders)
