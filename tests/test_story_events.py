"""Events: one row for each moment that happened, in the order of time, and frames merged into one."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from casekit.world import story as s
from story_world import EVENTS, PEOPLE, differences, funnel, played, problems, shop

CALLS = s.Many("calls", "people", s.count(1.0), {"event_at": s.later("joined_at", "2d", 1.0),
               "what": s.mix(call=1, fax=1).each()})  # fmt: skip
MAILS = s.Many("mails", "people", s.count(1.0), {"event_at": s.later("joined_at", "1d", 1.0),
               "what": s.mix(mail=1).each()})  # fmt: skip
CONTACTS = s.Merged("contacts", of="people", frames=("calls", "mails"), at="event_at", keeps=("what",),
                    number="contact_id", values={"what": ("visit",)})  # fmt: skip


def test_each_step_leaves_one():
    """Every step taken leaves one event at its moment; what was not taken leaves none."""
    scene = played(shop())
    people, events = scene.frames["people"], scene.frames["events"]

    for place, name in enumerate(("view", "cart", "pay")):
        here = events.is_value("event_name", name)
        taken = people["shop"] > place
        assert sorted(np.flatnonzero(taken).tolist()) == sorted(events.row[here].tolist())
        assert people[f"{name}_at"][events.row[here]].tolist() == events["event_at"][here].tolist()


def test_events_are_numbered_by_time():
    """In the order of time, or of another column, and numbered in that order from 1."""
    by_arrival = s.Events(**{**vars(EVENTS), "order": "arrived_at"})
    for part, column in ((EVENTS, "event_at"), (by_arrival, "arrived_at")):
        events = played(shop(parts=[s.Events(**{**vars(part), "name": "log"})])).frames["log"]

        assert (np.diff(events[column]) >= 0).all()
        assert [*range(1, len(events) + 1)] == events["event_id"].tolist()


def test_moments_have_conditions():
    """A moment that is no step happens at its column's time to those who meet its condition."""
    moments = [*s.taken("shop", view="seen"), s.Moment("joined", at="joined_at", where="is_new")]
    log = s.Events("log", of="people", moments=moments)
    scene = played(shop(parts=[log]))
    people, events = scene.frames["people"], scene.frames["log"]

    joined = events.is_value("event_name", "joined")
    assert people["is_new"].sum() == joined.sum()
    assert (events["event_at"][joined] == events["joined_at"][joined]).all()
    assert ("seen", "joined") == events.field_of("event_name").values


def test_merged_keeps_every_row():
    """All rows of all frames, with the values of all, in the order of time; a twist may bend them."""
    scene = played(shop(parts=[CALLS, MAILS, CONTACTS]))
    calls, mails, contacts = (scene.frames[name] for name in ("calls", "mails", "contacts"))

    assert len(calls) + len(mails) == len(contacts) == len(np.unique(contacts.key))
    assert ("call", "fax", "mail", "visit") == contacts.field_of("what").values
    assert len(mails) == contacts.is_value("what", "mail").sum()
    assert (np.diff(contacts["event_at"]) >= 0).all()


def test_merged_rows_bend():
    """A loss on the merged rows leaves the frames they come from as they are."""
    story = shop(s.Lost("bent", of="contacts", where="what=fax", share=0.5), parts=[CALLS, MAILS, CONTACTS])

    changed = differences(story, "bent")

    assert {"contacts"} == changed.keys()
    assert 0 < len(changed["contacts"].gone)


def test_upstream_twist_reaches_merged():
    """Calls that are lost are lost among the contacts too, and no other contact changes."""
    story = shop(s.Lost("bent", of="calls", share=0.2), parts=[CALLS, MAILS, CONTACTS])

    changed = differences(story, "bent")

    assert {"calls", "contacts"} == changed.keys()
    assert {key << 3 for key in changed["calls"].gone} == changed["contacts"].gone
    assert {} == changed["contacts"].changed


@pytest.mark.parametrize(
    ("part", "words"),
    [
        (s.Events("log", of="peple", moments=s.taken("shop", "view")), "did you mean 'people'"),
        (s.Events("log", of="people", moments=s.taken("shop", "veiw")), "did you mean 'shop.view'"),
        (s.Events("log", of="people", moments=s.taken("shp", "view")), "did you mean 'shop.view'"),
        (s.Events("log", of="people", moments=[s.Moment("a", at="joind_at")]), "did you mean 'joined_at'"),
        (s.Events("log", of="people", moments=[s.Moment("a", at="joined_at", where="sets>1")]), "'seats'"),
        (
            s.Events("log", of="people", moments=[s.Moment(f"a{n}", at="joined_at") for n in range(33)]),
            "at most 32",
        ),
        (s.Merged("log", "people", ("calls", "mials"), "event_at", ("what",)), "did you mean 'mails'"),
        (s.Merged("log", "people", ("calls", "mails"), "evnt_at", ("what",)), "did you mean 'event_at'"),
        (s.Merged("log", "people", ("calls",) * 9, "event_at", ("what",)), "at most 8"),
    ],
)
def test_bad_events_are_told(part: Any, words: str):
    """What an author gets wrong about events is told, with the near misses."""
    told = problems(PEOPLE, funnel(), CALLS, MAILS, part)

    assert any(words in problem for problem in told)
