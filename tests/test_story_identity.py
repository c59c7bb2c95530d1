"""Devices, first moments and guests: who it was, and what a rebuild without shared devices changes."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from casekit.errors import AuthorError
from casekit.world import story as s
from casekit.world.calendar import DAY_S, second
from casekit.world.declare import NULL
from casekit.world.draws import Draws
from casekit.world.story.scene import Scene
from casekit.world.story.telling import Story

BEGINS, ENDS = "2025-05-01", "2025-05-31"
END_S = second("2025-06-01")
ORIGINAL = (1 << 56) - 1
VISITS = s.Sessions(
    "visits", of="people", starts="first_at", count=s.count(2.0), pause=s.wait("1d"),
    columns={"on": s.whole(0, 2), "signs": s.share(0.3, exact=False)},
    acts=(s.Act("open"), s.Act("sign", where="signs", after=s.wait("60s", least="1s"))),
)  # fmt: skip
PARTS = (
    s.Population("people", {"first_at": s.arrival(), "n": s.whole(1, 2)}, number="user_no"),
    s.Many("devices", of="people", count="n", number="device_no", columns={
        "kind": s.mix(phone=0.5, web=0.5),
    }),
    VISITS,
    s.Through("visits", via="devices", nth="on"),
    s.First("signed_at", of="people", first_in="acts", at="event_at", where="event_name=sign"),
    s.First("known_at", of="devices", first_in="acts", at="event_at", where="event_name=sign"),
    s.Guests("guests", of="devices", people="people", since="known_at", signed="signed_at",
             takes=("user_no",), columns={"looks": s.count(1.0)}),
    s.Acts("guest_acts", of="guests", starts="linked_at", acts=(s.Act("open"),)),
    s.Merged("events", of="devices", frames=("acts", "guest_acts"), at="event_at", keeps=("event_name",),
             values={"event_name": ("opened",)}, columns={"source": s.mix(sdk=1.0, copy=0.0)}),
)  # fmt: skip
SHARED = s.Shared("shared", of="guests", share=0.1, after="9d", sigma=0.05)


def story(*twists: s.Shared | Any) -> Story:
    made = Story(BEGINS, ENDS, PARTS, (), twists)
    assert [] == made.scope.problems
    return made


def played(*twists: Any, off: str = "") -> Scene:
    told = story(*twists)
    return (told.without(off) if off else told).play(Draws("identity", 7), 2_000)


def problems(*parts: Any, twists: tuple[Any, ...] = ()) -> str:
    with pytest.raises(AuthorError) as caught:
        s.tell(begins=BEGINS, ends=ENDS, parts=parts, twists=twists, tables=(), sizes={"default": 10})
    return "\n".join(map(str, caught.value.problems))


def rows(frame: s.Frame) -> dict[int, tuple[int, ...]]:
    columns = [frame[name].tolist() for name in sorted(frame.fields) if name in frame.columns]
    return dict(zip(frame.key.tolist(), zip(*columns, strict=True), strict=True))


def test_visits_belong_to_devices():
    """A visit belongs to the device of its person that its column tells, or to the last one there is."""
    scene = played(SHARED)
    visits, devices = scene.frames["visits"], scene.frames["devices"]

    assert (visits.owner("people") == devices.row[visits.row]).all()
    assert (devices["nth"][visits.row] == np.minimum(visits["on"], visits["n"] - 1)).all()
    assert (visits["kind"] == devices["kind"][visits.row]).all()


def test_first_moment_is_found():
    """The first row that meets the condition gives the moment, and NULL stands where there is none."""
    scene = played(SHARED)
    acts = scene.frames["acts"]
    signed = acts.is_value("event_name", "sign")

    for of, name in (("people", "signed_at"), ("devices", "known_at")):
        found: dict[int, int] = {}
        for row, at in zip(acts.owner(of)[signed].tolist(), acts["event_at"][signed].tolist(), strict=True):
            found[row] = min(found.get(row, at), at)
        expected = [found.get(row, NULL) for row in range(len(scene.frames[of]))]
        assert expected == scene.frames[of][name].tolist()


def test_guest_is_somebody_else():
    """A guest is another person who signed up before, about nine days after the owner was known."""
    scene = played(SHARED)
    guests, people = scene.frames["guests"], scene.frames["people"]

    assert len(guests) > 30
    assert (guests["guest"] != guests.owner("people")).all()
    assert (people["signed_at"][guests["guest"]] != NULL).all()
    assert (people["signed_at"][guests["guest"]] <= guests["linked_at"]).all()
    assert (people["user_no"][guests["guest"]] == guests["user_no"]).all()
    assert (np.abs((guests["linked_at"] - guests["known_at"]) / DAY_S - 9) < 2).all()
    assert guests["linked_at"].max() < END_S


def test_share_of_devices_is_exact():
    """Exactly the share of known devices is touched; those whose guest comes after the window have none."""
    everyone, line = played(s.Shared("shared", of="guests", share=1.0, after="1m")), played(SHARED).ledger[0]
    known = (everyone.frames["devices"]["known_at"] != NULL).sum()

    assert known - 5 < len(everyone.frames["guests"]) <= known
    assert 0.1 == pytest.approx(line.actual / line.exposed, abs=0.03)


def test_without_shared_devices_guests_are_gone():
    """A rebuild without the twist takes the guests told and their acts away, and changes nothing else."""
    told, other = played(SHARED), played(SHARED, off="shared")
    (line,) = told.ledger
    assert (0, len(told.frames["guests"])) == (line.base, line.actual)
    assert 0 == other.ledger[0].actual == len(other.frames["guests"]) == len(other.frames["guest_acts"])

    events, fewer = rows(told.frames["events"]), rows(other.frames["events"])
    assert line.actual == len(events) - len(fewer)
    assert fewer.items() <= events.items()
    for name in ("people", "visits", "acts"):
        assert rows(told.frames[name]) == rows(other.frames[name])
    marks = told.frames["devices"]["shared"]
    assert (line.actual, 0) == (marks.sum(), other.frames["devices"]["shared"].sum())


def test_guest_needs_a_second_person():
    """Where only one person signed up there is no guest."""
    lonely = story(s.Shared("shared", of="guests", share=1.0, after="1m")).play(Draws("identity", 7), 1)

    assert 0 == len(lonely.frames["guests"])


def test_whole_devices_are_touched():
    """By device, exactly the share of those that meet the condition is touched, with all their rows."""
    twist = s.WrongClock("stuck", of="events", column="event_at", to="1970-01-01", share=0.05, by="devices",
                         where="kind=phone")  # fmt: skip
    told, other = played(SHARED, twist), played(SHARED, twist, off="stuck")
    events, devices = told.frames["events"], told.frames["devices"]
    stuck = events["event_at"] == 0
    touched = set(events.row[stuck].tolist())
    phones = devices.is_value("kind", "phone")

    changed = {key for key, row in rows(events).items() if rows(other.frames["events"])[key] != row}
    assert set(events.key[stuck].tolist()) == changed
    assert stuck.sum() == told.ledger[-1].actual
    assert not set(events.row[~stuck].tolist()) & touched
    assert phones[sorted(touched)].all()
    assert round(0.05 * phones.sum()) >= len(touched) > 0.5 * 0.05 * phones.sum()


def test_some_rows_of_whole_devices():
    """Chosen by device, only the rows that meet the other condition are touched, and all of those."""
    twist = s.Renamed("renamed", of="events", column="event_name", to="opened", share=0.2, by="devices",
                      where="event_name=open", whose="kind=web and nth=0")  # fmt: skip
    events = played(twist).frames["events"]
    renamed, kept = events.is_value("event_name", "opened"), events.is_value("event_name", "open")
    touched = np.unique(events.row[renamed])

    assert events.is_value("kind", "web")[renamed].all()
    assert not np.isin(events.row[kept], touched).any()
    assert events.is_value("event_name", "sign")[np.isin(events.row, touched)].any()


def test_copies_say_what_originals_say():
    """A row that is renamed or emptied is so in its copies too: both are deliveries of one event."""
    double = s.Duplicates("twice", of="events", share=0.5)
    renamed = s.Renamed("renamed", of="events", column="event_name", to="opened", share=0.3,
                        where="event_name=open")  # fmt: skip
    events = played(SHARED, double, renamed).frames["events"]
    said: dict[int, set[int]] = {}
    for key, name in zip((events.key & ORIGINAL).tolist(), events["event_name"].tolist(), strict=True):
        said.setdefault(key, set()).add(name)

    assert len(said) < len(events)
    assert {1} == {len(names) for names in said.values()}


def test_identity_tells_problems():
    """Unknown frames and columns, and frames that do not belong together: all at once, with near misses."""
    told = problems(
        *PARTS[:3],
        s.Through("visits", via="device", nth="onn"),
        s.Through("acts", via="devices", nth="on"),
        s.First("first_at", of="devices", first_in="visits", at="start", where="signss"),
        s.Guests("guests", of="devices", people="visits", since="known", signed="sign", takes=("user",)),
        s.Through("nobody", via="devices", nth="on"),
    )

    for words in (
        "did you mean 'devices'?", "column of visits 'onn'", "must belong to the same frame",
        "'visits' does not belong to 'devices'", "column of visits 'start'", "column of visits 'signss'",
        "'devices' do not belong to 'visits'", "column of devices 'known'", "column of visits 'user'",
        "no frame 'nobody'",
    ):  # fmt: skip
        assert words in told, f"{words} is not in\n{told}"


def test_twists_tell_problems():
    """A share above 1, a span that is none, a negative spread, unknown frames: the author is told."""
    told = problems(
        *PARTS,
        twists=(
            s.Shared("one", of="guest", share=1.5, after="later", sigma=-1.0),
            s.Renamed("two", of="events", column="event_name", to="opened", by="visits"),
            s.Renamed("three", of="events", column="event_name", to="opened", by="devices",
                      where="event_name=open"),
            s.Renamed("four", of="events", column="event_name", to="opened", by="devices", whose="kind=tv"),
        ),
    )  # fmt: skip

    for words in (
        "'guest'; did you mean 'guests'",
        "one › share: is 1.5",
        "'later' is no span",
        "spread -1.0",
        "no frame 'events' belongs to 'visits'",
        "column of devices 'event_name'",
        "four › whose: there is no value 'tv'",
    ):
        assert words in told, f"{words} is not in\n{told}"
