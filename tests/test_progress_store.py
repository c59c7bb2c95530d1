"""Progress: what is recorded is there again, whatever state the disk is in."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from casekit.progress import CaseSummary, Store
from casekit.progress.schema import VERSION

START = datetime(2025, 3, 3, 9, tzinfo=UTC)


class Clock:
    """A clock that stands still until it is moved."""

    def __init__(self) -> None:
        self.now = START

    def __call__(self) -> datetime:
        return self.now

    def wait(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def store(tmp_path: Path, clock: Clock) -> Iterator[Store]:
    with Store(tmp_path / "deep" / "progress.sqlite3", clock=clock) as opened:
        yield opened


def test_attempt_is_kept_whole(store: Store, clock: Clock) -> None:
    """An attempt has the same fields when it is read from the file again."""
    row = store.record_attempt(
        "c04", "weekly", "trap", trap="fan-out", tag="fanout", score=3, score_of=8, submission="SELECT 1"
    )
    with Store(store.path, clock=clock) as again:
        assert (row,) == again.attempts("c04") == again.attempts()

    assert ("trap", "fan-out", "fanout", 3, 8) == (row.status, row.trap, row.tag, row.score, row.score_of)
    assert "2025-03-03T09:00:00+00:00" == row.at
    assert "" == store.warning


def test_attempts_are_apart_by_case(store: Store) -> None:
    """One case's attempts do not show up in another's."""
    store.record_attempt("c04", "weekly", "wrong")
    store.record_attempt("c08", "rice", "correct")

    assert ["weekly"] == [row.exercise for row in store.attempts("c04")]
    assert ["weekly", "rice"] == [row.exercise for row in store.attempts()]


def test_duration_counts_from_last_record(store: Store, clock: Clock) -> None:
    """A duration runs from the case's record before, event or attempt, and an hour at most."""
    durations = [store.record_attempt("c04", "a", "wrong").duration_s]
    for wait in (90.5, 7_200.0, -5.0):
        clock.wait(wait)
        durations.append(store.record_attempt("c04", "a", "wrong").duration_s)
    store.record_event("c04", "a", "hint", {"number": 1})
    clock.wait(10)
    durations.append(store.record_attempt("c04", "a", "wrong").duration_s)

    assert [0.0, 90.5, 3_600.0, 0.0] == durations[:4]
    assert 10.0 >= durations[4] > 0
    assert 0.0 == store.record_attempt("c08", "b", "wrong").duration_s


def test_hints_count_once_each(store: Store) -> None:
    """Seeing the same hint twice counts once; an attempt notes how many came before it."""
    for number in (1, 1, 2):
        store.record_event("c04", "weekly", "hint", {"number": number})
    store.record_event("c04", "other", "hint", {"number": 1})

    assert 2 == store.hints_used("c04", "weekly")
    assert 2 == store.record_attempt("c04", "weekly", "correct").hints_used
    assert 0 == store.record_attempt("c08", "weekly", "correct").hints_used


def test_events_keep_their_payload(store: Store) -> None:
    """An event's payload comes back as it was given, by kind if asked."""
    payload = {"direction": "down", "low": -3.5, "asked": ["ä", None]}
    store.record_event("c04", "", "prediction", payload)
    store.record_event("c04", "weekly", "hint")

    assert [payload] == [event.payload for event in store.events("c04", "prediction")]
    assert ["prediction", "hint"] == [event.kind for event in store.events("c04")]
    assert () == store.events("c08")


def test_draft_keeps_last_text(store: Store) -> None:
    """A draft is the last text saved for the exercise."""
    store.save_draft("c04", "memo", "first")
    store.save_draft("c04", "memo", "second")

    assert ("second", "") == (store.draft("c04", "memo"), store.draft("c04", "other"))


def test_summary_counts_best_attempts(store: Store, clock: Clock) -> None:
    """A case's summary counts each exercise once, at its best, newest case first."""
    store.record_attempt("c04", "a", "wrong", score=2, score_of=8)
    store.record_attempt("c04", "a", "correct", score=8, score_of=8)
    store.record_attempt("c04", "b", "wrong")
    clock.wait(60)
    store.record_event("c08", "", "opened")

    assert {"a"} == store.solved("c04")
    assert {
        "c08": CaseSummary("c08", 0, 0, 0, 0, "2025-03-03T09:01:00+00:00"),
        "c04": CaseSummary("c04", 2, 1, 8, 8, "2025-03-03T09:00:00+00:00"),
    } == store.summary()
    assert ["c08", "c04"] == list(store.summary())


def test_long_and_odd_text_is_kept(store: Store) -> None:
    """A submission is cut at 20,000 characters, and half a character does no harm."""
    assert 20_000 == len(store.record_attempt("c04", "memo", "wrong", submission="x" * 50_000).submission)
    store.record_attempt("c04", "memo", "wrong", submission="a\ud800\0'; DROP TABLE attempts; --")

    assert "a?\0'; DROP TABLE attempts; --" == store.attempts()[-1].submission


def test_default_place_is_casekit_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without a path the file is in $CASEKIT_HOME, which is made if need be."""
    monkeypatch.setenv("CASEKIT_HOME", str(tmp_path / "a home"))
    with Store() as opened:
        assert tmp_path / "a home" / "progress.sqlite3" == opened.path
        assert opened.path.exists()


def test_damaged_file_is_kept_aside(tmp_path: Path) -> None:
    """A file that is no database is kept under another name, and a new one begins."""
    path = tmp_path / "progress.sqlite3"
    for number in (1, 2):
        path.write_bytes(b"not a database" * 1_000)
        with Store(path) as opened:
            opened.record_attempt("c04", "a", "correct")
            assert f"progress.sqlite3.corrupt-{number}" in opened.warning
        assert b"not a database" * 1_000 == path.with_name(f"progress.sqlite3.corrupt-{number}").read_bytes()
    with Store(path) as opened:
        assert ("", {"a"}) == (opened.warning, opened.solved("c04"))


def test_torn_pages_are_noticed(tmp_path: Path) -> None:
    """A file with its header intact and its pages overwritten is replaced as well."""
    path = tmp_path / "progress.sqlite3"
    with Store(path) as opened:
        for number in range(200):
            opened.record_attempt("c04", f"e{number}", "wrong", submission="x" * 500)
    with path.open("r+b") as file:
        file.seek(4_096)
        file.write(b"\xa5" * 40_000)
    with Store(path) as opened:
        assert "was damaged" in opened.warning
        assert () == opened.attempts()


def test_unwritable_place_falls_back(tmp_path: Path) -> None:
    """Where no file can be made, progress lives in memory and the warning says so."""
    (tmp_path / "file").write_text("in the way")
    with Store(tmp_path / "file" / "progress.sqlite3") as opened:
        opened.record_attempt("c04", "a", "correct")

        assert {"a"} == opened.solved("c04")
        assert "cannot be saved" in opened.warning
        assert "CASEKIT_HOME" in opened.warning


def test_newer_file_is_left_alone(tmp_path: Path) -> None:
    """A file of a newer casekit is neither changed nor moved; the warning says to update."""
    path = tmp_path / "progress.sqlite3"
    Store(path).close()
    with sqlite3.connect(path) as con:
        con.execute("UPDATE schema_version SET version = ?", (VERSION + 1,))
    con.close()
    with Store(path) as opened:
        opened.record_attempt("c04", "a", "correct")
        assert "newer casekit" in opened.warning

    assert ["progress.sqlite3"] == sorted(p.name for p in tmp_path.iterdir() if p.suffix == ".sqlite3")


def test_closed_store_raises(tmp_path: Path) -> None:
    """A store used after closing is a mistake of the caller, not a full disk."""
    opened = Store(tmp_path / "progress.sqlite3")
    opened.close()

    with pytest.raises(sqlite3.ProgrammingError):
        opened.record_attempt("c04", "a", "correct")
