"""Releases: staged, late, never, and only forward in time."""

from __future__ import annotations

import numpy as np
import pytest

from casekit.world import story as s
from casekit.world.calendar import second
from casekit.world.story.telling import Story
from story_world import BEGINS, ENDS, PEOPLE, VISITS, played, problems

STAGES = {"2025-03-10": 0.10, "2025-03-17": 0.50, "2025-03-24": 1.0}
ANDROID = (s.Release("1.0"), s.Release("2.0", stages=STAGES))
IOS = (s.Release("1.5"), s.Release("2.5", on="2025-03-20", lag="2d", never=0.2, latest="2025-04-10"))
TRACKS = {"platform=android": ANDROID, "platform=ios": IOS, "platform=web": (s.Release("web"),)}


def rollout(tracks=TRACKS) -> s.Rollout:
    return s.Rollout("version", of="visits", at="started_at", people="people", tracks=tracks)


def visits(people: int = 4_000) -> s.Frame:
    return played(Story(BEGINS, ENDS, (PEOPLE, VISITS, rollout()), ()), people).frames["visits"]


def test_stages_reach_their_share():
    """Between two stages the visits on the new version are its share, within 3 errors."""
    frame = visits()
    android, at = frame.is_value("platform", "android"), frame["started_at"]
    bounds = [*map(second, STAGES), second(ENDS)]

    assert not frame.is_value("version", "2.0")[at < bounds[0]].any()
    for share, since, until in zip(STAGES.values(), bounds, bounds[1:], strict=False):
        here = android & (at >= since) & (at < until)
        expected = 3 * np.sqrt(share * (1 - share) / here.sum()) * 2  # a person's visits hang together
        assert abs(frame.is_value("version", "2.0")[here].mean() - share) <= expected


def test_nobody_goes_back():
    """Each person's versions only go up with time."""
    frame = visits()
    order = np.lexsort((frame["started_at"], frame.row))
    same = np.diff(frame.row[order]) == 0

    assert (np.diff(frame["version"][order])[same] >= 0).all()


def test_never_and_latest_hold():
    """A fifth never updates, and everybody else has by the latest moment."""
    frame = visits()
    late = frame.is_value("platform", "ios") & (frame["started_at"] >= second("2025-04-10"))
    owners = np.unique(frame.row[late])

    on_old = np.unique(frame.row[late & frame.is_value("version", "1.5")])
    assert abs(len(on_old) / len(owners) - 0.2) < 0.03
    assert not np.isin(on_old, frame.row[late & frame.is_value("version", "2.5")]).any()


def test_tracks_stay_apart():
    """A platform runs only the versions of its own track."""
    frame = visits()

    seen = {(frame["platform"][row], frame["version"][row]) for row in range(len(frame))}
    names = frame.field_of("version").values
    assert {(0, "1.0"), (0, "2.0"), (1, "1.5"), (1, "2.5"), (2, "web")} == {(p, names[v]) for p, v in seen}


@pytest.mark.parametrize(
    ("release", "words"),
    [
        (s.Release("2", on="2025-13-01"), "no date or moment"),
        (s.Release("2", on="2025-05-01"), "outside the world's window"),
        (s.Release("2", on="2025-04-01", latest="2025-03-20"), "put the dates in order"),
        (s.Release("2", on="2025-04-01", lag="25x"), "'25x' is no span of time"),
        (s.Release("2", never=1.4), "a share lies between 0 and 1"),
        (s.Release("2", stages={"2025-04-01": 0.1, "2025-03-20": 0.5}), "put the earliest first"),
        (s.Release("2", stages={"2025-03-20": 0.5, "2025-04-01": 0.1}), "which only grows"),
        (s.Release("2", stages={"2025-03-20": 1.5}), "a share lies between 0 and 1"),
    ],
)
def test_bad_release_is_told(release: s.Release, words: str):
    """What an author gets wrong about a release is told."""
    (problem,) = problems(PEOPLE, VISITS, rollout({"platform=ios": (release,)}))

    assert words in problem


def test_bad_track_is_told():
    """A track for a platform that is not there, and a moment that is none."""
    told = problems(
        PEOPLE,
        VISITS,
        s.Rollout("version", of="visits", at="strted_at", people="people", tracks={"platform=ois": ()}),
    )

    assert ["did you mean 'started_at'" in told[0], "did you mean 'ios'" in told[1]] == [True, True]
