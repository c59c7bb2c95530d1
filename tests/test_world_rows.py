"""Marrowby's rows: keys, references and times are sound, and the same seed gives the same rows."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import duckdb
import numpy as np
import pytest

import casekit
from casekit.world import Dataset, ensure_dataset
from casekit.world.blocks import draw_rows
from casekit.world.loading import load_world, read_source
from casekit.world.rules import read_rules
from casekit.world.writing import digest_table, fill

SLUG = "checkout-drop"
CASE = Path(casekit.__file__).parent / "cases" / SLUG
WORLD = load_world(read_source(CASE, SLUG), SLUG)

RULES = {rule.name: rule.sql for rule in read_rules(CASE)}


@pytest.fixture(scope="module", params=["default", "small", "tiny"])
def dataset(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Dataset:
    """Seed 7 at each size."""
    return ensure_dataset(CASE, SLUG, size=request.param, data_dir=tmp_path_factory.mktemp("data"))


@pytest.fixture(scope="module")
def con(dataset: Dataset) -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect(dataset.path, read_only=True) as con:
        yield con


@pytest.mark.parametrize("rule", RULES)
def test_rows_keep_rule(con: duckdb.DuckDBPyConnection, rule: str):
    """No row breaks the rule."""
    assert [] == con.execute(RULES[rule]).fetchmany(3)


def test_nothing_is_missing(con: duckdb.DuckDBPyConnection):
    """Only payment methods and error codes may be NULL."""
    for table in ("sessions", "orders", "app_releases", "marketing_spend"):
        counts = con.execute(f"SELECT count(*), count(COLUMNS(*)) FROM {table}").fetchone()
        assert 1 == len(set(counts)), table


def test_both_sides_have_rows(con: duckdb.DuckDBPyConnection):
    """Every platform and channel has sessions and orders before and after 31 March, at any size."""
    cells = con.execute(
        """SELECT count(DISTINCT (platform, is_after)), count(DISTINCT (channel, is_after))
        FROM (SELECT *, started_at >= '2025-03-31' AS is_after FROM sessions)
        SEMI JOIN orders USING (session_id)"""
    ).fetchone()

    assert (6, 10) == cells


def test_stored_rows_are_drawn_rows(dataset: Dataset, con: duckdb.DuckDBPyConnection):
    """What the file holds is what was drawn: every value, in order."""
    rows = draw_rows(WORLD, SLUG, dataset.seed, dataset.size)
    read = {
        "integer": '"{}"',
        "timestamp": 'epoch("{}")::BIGINT',
        "date": """("{}" - DATE '1970-01-01')::BIGINT""",
        "money": '("{}" * 100)::BIGINT',
        "text": '"{}"::VARCHAR',
    }
    for table in WORLD.tables:
        for column in table.columns:
            stored = con.execute(
                f"SELECT {read[column.type].format(column.name)} FROM {table.name}"
            ).fetchall()
            drawn = np.asarray(rows[table.name][column.name])
            if column.values:
                drawn = np.array([*column.values, None], object)[drawn]
            assert drawn.tolist() == [value for (value,) in stored], f"{table.name}.{column.name}"


def test_sizes_are_as_told(dataset: Dataset, con: duckdb.DuckDBPyConnection):
    """The description counts the rows and columns that are there."""
    for table in dataset.tables:
        relation = con.execute(f"FROM {table.name}")
        assert [column.name for column in table.columns] == [entry[0] for entry in relation.description]
        assert table.rows == len(relation.fetchall())


def test_text_sorts_as_text(con: duckdb.DuckDBPyConnection):
    """Text columns are ENUMs that sort and compare as text, so '5.10.0' comes before '5.9.1'."""
    versions = con.execute("SELECT DISTINCT app_version FROM sessions ORDER BY app_version").fetchall()

    assert sorted(versions) == versions
    assert ("5.9.1",) == con.execute(
        "SELECT max(app_version) FROM sessions WHERE platform = 'ios'"
    ).fetchone()


def digests(seed: int) -> list[str]:
    rows = draw_rows(WORLD, SLUG, seed, "small")
    return [digest_table(table, rows[table.name]).sha256 for table in WORLD.tables]


def test_same_seed_same_rows():
    """A seed gives the same rows again, and in a fresh process with another hash seed."""
    script = "import sys; sys.path.insert(0, 'tests'); import test_world_rows as t; print(*t.digests(7))"
    env = {**os.environ, "PYTHONHASHSEED": "4242", "OMP_NUM_THREADS": "1"}

    fresh = subprocess.run(
        [sys.executable, "-c", script],
        env=env,
        cwd=CASE.parents[2],
        capture_output=True,
        text=True,
        check=True,
    )

    assert digests(7) == digests(7)
    assert digests(7) == fresh.stdout.split()


def test_other_seed_other_rows():
    """Another seed changes sessions, events, orders and spend; the releases are history."""
    same = [old == new for old, new in zip(digests(7), digests(8), strict=True)]

    assert [False, False, False, True, False] == same


def test_threads_change_nothing():
    """One or two threads of DuckDB: the same rows in the same order."""
    rows = draw_rows(WORLD, SLUG, 7, "default")
    stored = []
    for threads in (1, 2):
        with duckdb.connect(config={"threads": threads}) as con:
            fill(con, WORLD, rows)
            stored.append([con.execute(f"FROM {table.name}").fetchall() for table in WORLD.tables])

    assert stored[0] == stored[1]
