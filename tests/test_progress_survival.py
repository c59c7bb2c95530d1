"""Progress survives kill -9, two notebooks at once and a disk that fills up."""

from __future__ import annotations

import signal
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from casekit.progress import Store

WRITER = """
import sys, pathlib
from casekit.progress import Store
store = Store(pathlib.Path(sys.argv[1]))
for number in range(int(sys.argv[3])):
    store.record_attempt("c04", f"{sys.argv[2]}-{number}", "wrong", submission="x" * 2000)
    store.record_event("c04", "", "tick", {"number": number})
    print(number, flush=True)
print(store.warning, flush=True)
"""

FULL_DISK = """
import resource, signal, sys, pathlib
from casekit.progress import Store
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
store = Store(pathlib.Path(sys.argv[1]))
store.record_attempt("c04", "before", "correct")
resource.setrlimit(resource.RLIMIT_FSIZE, (60_000, 60_000))
for number in range(100):
    store.record_attempt("c04", f"e{number}", "correct", submission="x" * 2000)
print(len(store.solved("c04")), store.warning)
"""


def start(path: Path, name: str, count: int) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", WRITER, str(path), name, str(count)], stdout=subprocess.PIPE, text=True
    )


def integrity(path: Path) -> str:
    con = sqlite3.connect(path)
    try:
        return str(con.execute("PRAGMA integrity_check").fetchone()[0])
    finally:
        con.close()


def test_kill_loses_nothing_acknowledged(tmp_path: Path) -> None:
    """After kill -9 in mid-write the file is sound and every acknowledged attempt is there."""
    path = tmp_path / "progress.sqlite3"
    acknowledged = set()
    for name in ("one", "two", "three"):
        writer = start(path, name, 1_000_000)
        assert writer.stdout is not None
        heard = [writer.stdout.readline() for _ in range(40)]
        writer.kill()
        heard += writer.communicate()[0].splitlines()[:-1]
        acknowledged |= {f"{name}-{int(number)}" for number in heard}

    assert "ok" == integrity(path)
    with Store(path) as store:
        assert "" == store.warning
        assert set() == acknowledged - {row.exercise for row in store.attempts("c04")}


def test_two_notebooks_write_at_once(tmp_path: Path) -> None:
    """Two processes that begin and write at the same time lose nothing."""
    path = tmp_path / "progress.sqlite3"
    writers = [start(path, name, 60) for name in ("left", "right")]
    said = [writer.communicate()[0].splitlines()[-1] for writer in writers]

    assert ["", ""] == said
    with Store(path) as store:
        names = {row.exercise for row in store.attempts("c04")}
        assert {f"{name}-{number}" for name in ("left", "right") for number in range(60)} == names
        assert 120 == len(store.events("c04", "tick"))


@pytest.mark.skipif(not hasattr(signal, "SIGXFSZ"), reason="Windows has no limit on file sizes")
def test_full_disk_keeps_session(tmp_path: Path) -> None:
    """When the disk fills up, the session goes on in memory with everything recorded so far."""
    path = tmp_path / "progress.sqlite3"
    done = subprocess.run(
        [sys.executable, "-c", FULL_DISK, str(path)], capture_output=True, text=True, check=True
    )

    assert done.stdout.startswith("101 Your progress can no longer be saved")
    with Store(path) as store:
        assert "before" in store.solved("c04")
