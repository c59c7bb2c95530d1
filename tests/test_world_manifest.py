"""The manifest: a case's rows never change unnoticed."""

from __future__ import annotations

import json
from copy import deepcopy
from pathlib import Path

import casekit
from casekit.world import build_manifest
from casekit.world.manifest import describe_cases, drift

ROOT = Path(casekit.__file__).parents[1]

TOLD = {
    "toy": {
        "seed": 7,
        "size": "default",
        "tables": {"visits": {"rows": 3, "columns": {"visit_id": "aa", "device": "bb"}}},
    }
}


def changed(**visits: object) -> dict[str, object]:
    found = deepcopy(TOLD)
    found["toy"]["tables"]["visits"].update(visits)
    return found


def test_committed_manifest_holds():
    """Every case draws the rows whose digests are committed; a change names table and column."""
    told = json.loads((ROOT / "data" / "manifest.json").read_text())

    assert () == drift(told, describe_cases(ROOT / "casekit" / "cases"))


def test_same_manifest_is_silent():
    """No difference, no line."""
    assert () == drift(TOLD, deepcopy(TOLD))


def test_drift_names_column():
    """A changed value is reported with its table and column."""
    found = changed(columns={"visit_id": "aa", "device": "cc"})

    assert ("toy › tables › visits › columns › device was bb, is cc",) == drift(TOLD, found)


def test_drift_names_rows():
    """More or fewer rows are reported with their table."""
    assert ("toy › tables › visits › rows was 3, is 4",) == drift(TOLD, changed(rows=4))


def test_drift_names_new_and_gone():
    """A table, column or case that came or went is reported."""
    renamed = changed(columns={"visit_id": "aa", "platform": "bb"})

    assert (
        "toy › tables › visits › columns › device is gone",
        "toy › tables › visits › columns › platform is new",
    ) == drift(TOLD, renamed)
    assert ("toy is new",) == drift({}, TOLD)


def test_manifest_is_written(tmp_path: Path):
    """A stale or missing manifest is named; it is rewritten only when that was asked for."""
    (tmp_path / "casekit" / "cases").mkdir(parents=True)
    path = tmp_path / "data" / "manifest.json"

    assert [path] == build_manifest(tmp_path, check=True)
    assert not path.exists()
    assert [path] == build_manifest(tmp_path, check=False)
    assert [] == build_manifest(tmp_path, check=True)
