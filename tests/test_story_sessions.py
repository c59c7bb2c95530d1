"""Sessions follow each other, and what is done in them follows its own order."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from casekit.errors import AuthorError
from casekit.world import story as s
from casekit.world.calendar import second
from casekit.world.draws import Draws
from casekit.world.story.scene import Scene
from casekit.world.story.telling import Story

BEGINS, ENDS = "2025-05-01", "2025-05-31"
BEGIN_S, END_S = second(BEGINS), second("2025-06-01")
NIGHT = (0,) * 6 + (1,) * 18
ACTS = (
    s.Act("open"),
    s.Act(s.mix(look=0.7, search=0.3), times="looks", after=s.wait("100s", least="5s")),
    s.Act("save", where="saves", after=s.wait("60s", least="1s")),
    s.Act("book", where="saves and books", after=s.wait("60s", least="1s")),
)
PEOPLE = s.Population("people", {
    "first_at": s.arrival(), "ahead_s": s.whole(-14_400, 7_200), "visits": s.whole(1, 5),
})  # fmt: skip


def sessions(**more: Any) -> s.Sessions:
    told: dict[str, Any] = {
        "of": "people",
        "starts": "first_at",
        "count": "visits",
        "pause": s.wait("30h", least="1h"),
        "acts": ACTS,
        "columns": {"looks": s.count(2.0), "saves": s.share(0.5), "books": s.share(0.4, exact=False)},
    }
    return s.Sessions("sessions", **(told | more))


def played(*parts: Any) -> Scene:
    story = Story(BEGINS, ENDS, (PEOPLE, *parts), ())
    assert [] == story.scope.problems
    return story.play(Draws("sessions", 7), 3_000)


def problems(*parts: Any) -> str:
    with pytest.raises(AuthorError) as caught:
        s.tell(begins=BEGINS, ends=ENDS, parts=(PEOPLE, *parts), tables=(), sizes={"default": 10})
    return "\n".join(map(str, caught.value.problems))


def by_session(scene: Scene) -> list[list[tuple[int, str]]]:
    """When and what was done in each session, in the order it stands in."""
    acts = scene.frames["acts"]
    names = acts.fields["event_name"].values
    found: list[list[tuple[int, str]]] = [[] for _ in range(len(scene.frames["sessions"]))]
    for row, at, what in zip(acts.row, acts["event_at"], acts["event_name"], strict=True):
        found[row].append((int(at), names[what]))
    return found


def test_acts_keep_their_order():
    """A session opens at its start; looks, save and book follow in this order, each later than the last."""
    scene = played(sessions())
    rank = {"open": 0, "look": 1, "search": 1, "save": 2, "book": 3}

    for started, done in zip(scene.frames["sessions"]["started_at"], by_session(scene), strict=True):
        assert (started, "open") == done[0]
        assert done == sorted(done, key=lambda act: (act[0], rank[act[1]]))
        assert [rank[what] for _, what in done] == sorted(rank[what] for _, what in done)


def test_acts_are_as_told():
    """As many looks as the column says; a save where it is told; a booking only after a save."""
    scene = played(sessions())
    frame = scene.frames["sessions"]
    looks, saves, books = frame["looks"].tolist(), frame["saves"].tolist(), frame["books"].tolist()

    for row, done in enumerate(by_session(scene)):
        if frame["started_at"][row] < END_S - 86_400:  # the window cuts nothing off
            names = [what for _, what in done]
            assert looks[row] == names.count("look") + names.count("search")
            assert (saves[row], saves[row] and books[row]) == ("save" in names, "book" in names)


def test_mix_draws_each_time():
    """Each look is drawn anew: 70 % are looks, and sessions of several hold both kinds."""
    scene = played(sessions())
    acts = scene.frames["acts"]
    looks = acts.is_value("event_name", "look").sum()
    searches = acts.is_value("event_name", "search").sum()

    assert 0.7 == pytest.approx(looks / (looks + searches), abs=0.01)
    assert any({"look", "search"} <= {what for _, what in done} for done in by_session(scene))


def test_next_session_waits():
    """The next session of a person starts at least the shortest pause after the last act before it."""
    scene = played(sessions())
    ends = [done[-1][0] for done in by_session(scene)]
    frame = scene.frames["sessions"]
    last: dict[int, int] = {}

    for row, person in enumerate(frame.row.tolist()):
        if person in last:
            assert frame["started_at"][row] - last[person] >= 3_600
        last[person] = ends[row]


def test_window_cuts_off():
    """Nothing starts or happens outside the window, and sessions at its end are cut, not moved."""
    scene = played(sessions(season=s.Season(hours=NIGHT), clock="ahead_s"))

    for frame, at in (("sessions", "started_at"), ("acts", "event_at")):
        moments = scene.frames[frame][at]
        assert BEGIN_S <= moments.min()
        assert moments.max() < END_S
    assert len(scene.frames["sessions"]) < scene.frames["people"]["visits"].sum()


def test_people_sleep_at_night():
    """Sessions start in the hours people are awake by their own clock."""
    scene = played(sessions(season=s.Season(hours=NIGHT), clock="ahead_s"))
    frame = scene.frames["sessions"]
    local_hour = (frame["started_at"] + frame["ahead_s"]) % 86_400 // 3_600

    assert 6 == local_hour.min()
    assert 23 == local_hour.max()


def test_act_keeps_its_key():
    """Without one act, the others of the sessions that are in both keep their keys and names."""
    told, other = (played(sessions(acts=acts)).frames["acts"] for acts in (ACTS, ACTS[:1] + ACTS[2:]))
    kept = ~told.is_value("event_name", "look") & ~told.is_value("event_name", "search")
    places = {0: 0, 2: 1, 3: 2}  # of the acts told, with and without the looks

    mine = {(key >> 12, places[key >> 7 & 31]) for key in told.key[kept].tolist()}
    theirs = {(key >> 12, key >> 7 & 31) for key in other.key.tolist()}
    both = {session for session, _ in mine} & {session for session, _ in theirs}

    assert len(both) > 3_000
    cut = {one for one in mine ^ theirs if one[0] in both}  # at the window's end looks took time
    assert len(cut) < 30


def test_acts_of_given_sessions():
    """Acts laid out in sessions that are there start when those start."""
    visits = s.Many("visits", of="people", count=s.count(1.0), columns={
        "at": s.whole(BEGIN_S, END_S - 1, "timestamp"), "looks": s.count(1.0),
    })  # fmt: skip
    scene = played(
        visits, s.Acts("deeds", of="visits", starts="at", acts=ACTS[:2], what="deed", at="done_at")
    )
    deeds = scene.frames["deeds"]

    opened = deeds.is_value("deed", "open")
    assert (deeds["done_at"][opened] == deeds["at"][opened]).all()
    assert len(scene.frames["visits"]) == opened.sum()
    assert (np.diff(deeds["done_at"]) >= 0).all()
    assert deeds["done_at"].max() < END_S


def test_sessions_tell_problems():
    """Unknown columns and conditions, and a pause that is none: all at once, with near misses."""
    told = problems(
        sessions(starts="first_a", clock="ahead", count="visit", pause=s.wait("long"), acts=(
            s.Act("open", where="savess"),
            s.Act("look", times="look", after=s.wait("a while")),
            s.Act(s.mix(one=0.0)),
        ))
    )  # fmt: skip

    for words in ("'first_at'", "'ahead_s'", "'visits'", "'long' is no span", "'saves'", "'looks'",
                  "'a while' is no span", "sum to nothing"):  # fmt: skip
        assert words in told, f"{words} is not in\n{told}"


def test_acts_tell_problems():
    """No acts, too many acts, and a frame that is not there are told."""
    told = problems(
        s.Acts("none", of="people", starts="first_at", acts=()),
        s.Acts("many", of="people", starts="first_at", acts=(s.Act("open"),) * 33),
        s.Acts("lost", of="peopel", starts="first_at", acts=(s.Act("open"),)),
    )

    for words in ("none › acts: are 0", "many › acts: are 33", "no frame 'peopel'; did you mean 'people'?"):
        assert words in told, told
