"""Datasets under fire: two builders at once, a crash in the middle, a full disk."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import duckdb
import pytest

import casekit
from casekit.world import ensure_dataset

SLUG = "checkout-drop"
CASE = Path(casekit.__file__).parent / "cases" / SLUG

BUILDER = """
import resource, signal, sys, time
from pathlib import Path
from casekit.errors import DataError
from casekit.world import ensure_dataset

case, data, mode = Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3]
if mode == "full":
    resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[4]), resource.RLIM_INFINITY))

def slowly(share, what):
    if mode == "hang" and what == sys.argv[4]:
        print(what, flush=True)
        time.sleep(600)

try:
    found = ensure_dataset(case, "checkout-drop", size="tiny", data_dir=data, on_progress=slowly)
    print(found.rebuilt, found.digest)
except DataError as error:
    print("DataError", error)
"""


def start(data: Path, *mode: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", BUILDER, str(CASE), str(data), *mode]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=CASE.parents[2])


def test_two_builders_build_once(tmp_path: Path):
    """Processes that open the same missing dataset at once build it once and see the same rows."""
    processes = [start(tmp_path, "plain") for _ in range(3)]
    said = sorted(process.communicate()[0].split() for process in processes)

    assert ["False", "False", "True"] == [rebuilt for rebuilt, _ in said]
    assert 1 == len({digest for _, digest in said})


@pytest.mark.parametrize("moment", ["writing sessions", "writing marketing_spend"])
def test_crash_leaves_no_file(tmp_path: Path, moment: str):
    """A builder killed in the middle leaves nothing that is taken for a dataset; the next one cleans up."""
    process = start(tmp_path, "hang", moment)
    assert moment == process.stdout.readline().strip()
    process.kill()
    process.communicate()
    left = {path.name for path in tmp_path.iterdir()}

    assert f"{SLUG}-7-tiny.duckdb" not in left
    assert any(".tmp" in name for name in left)
    assert ensure_dataset(CASE, SLUG, size="tiny", data_dir=tmp_path).rebuilt
    assert {f"{SLUG}-7-tiny.{end}" for end in ("duckdb", "json", "lock", "truth.json")} >= {
        path.name for path in tmp_path.iterdir()
    }


def test_crash_keeps_old_file(tmp_path: Path):
    """A builder killed while it replaces an outdated dataset leaves the old one whole."""
    old = ensure_dataset(CASE, SLUG, size="tiny", data_dir=tmp_path)
    before = old.path.read_bytes()
    old.path.with_suffix(".json").unlink()
    process = start(tmp_path, "hang", "writing orders")
    process.stdout.readline()
    process.kill()
    process.communicate()

    assert before == old.path.read_bytes()
    with duckdb.connect(old.path, read_only=True) as con:
        assert con.execute("SELECT count(*) > 0 FROM orders").fetchone()[0]


@pytest.mark.parametrize("limit_bytes", [0, 1_000, 100_000, 400_000])
def test_full_disk_is_told(tmp_path: Path, limit_bytes: int):
    """When the disk is full the error says what to do, and nothing half-written stays."""
    process = start(tmp_path, "full", str(limit_bytes))
    said = process.communicate()[0]

    assert 0 == process.returncode
    assert said.startswith("DataError the dataset ")
    assert "Free some space, or set CASEKIT_DATA" in said
    assert {f"{SLUG}-7-tiny.lock"} >= {path.name for path in tmp_path.iterdir()}
