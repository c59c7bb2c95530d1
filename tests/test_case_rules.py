"""The rules of every case hold on its rows, at any size and seed, and on its small worlds."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

import casekit
from casekit.world import ensure_dataset
from casekit.world.declare import World
from casekit.world.loading import load_world, read_source
from casekit.world.rules import Rule, broken_rules, read_rules
from casekit.world.small import draw_small
from casekit.world.writing import fill

CASES = Path(casekit.__file__).parent / "cases"
SLUGS = sorted(place.parent.name for place in CASES.glob("*/world.py"))
SIZES = ("default", "small", "tiny")
NUMBERED = {  # ids that count their rows from 1, without a gap
    "activation-funnel": {"accounts": "account_id", "product_events": "event_id"},
    "active-customers": {"customers": "customer_id", "orders": "order_id"},
    "checkout-drop": {"sessions": "session_id", "checkout_events": "event_id", "orders": "order_id"},
    "event-pipeline": {"users": "user_id[2:]::INT"},
    "feature-launch": {"feature_events": "event_id", "tickets": "ticket_id", "users": "user_id"},
    "release-backlog": {"issues": "issue_id", "issue_transitions": "transition_id"},
}


def world_of(slug: str) -> World:
    return load_world(read_source(CASES / slug, slug), slug)


def broken(con: duckdb.DuckDBPyConnection, slug: str) -> list[str]:
    return [rule.name for rule in broken_rules(con, read_rules(CASES / slug), slug)]


@pytest.fixture(scope="module", params=SLUGS)
def slug(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="module", params=[(size, seed) for size in SIZES for seed in (7, 11)])
def con(
    request: pytest.FixtureRequest, slug: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[duckdb.DuckDBPyConnection]:
    """The dataset of each case at each size, on two seeds."""
    size, seed = request.param
    dataset = ensure_dataset(CASES / slug, slug, seed=seed, size=size, data_dir=tmp_path_factory.mktemp("d"))
    with duckdb.connect(dataset.path, read_only=True) as con:
        yield con


def test_rows_keep_rules(con: duckdb.DuckDBPyConnection, slug: str):
    """No row breaks a rule."""
    assert [] == broken(con, slug)


def test_numbers_have_no_gap(con: duckdb.DuckDBPyConnection, slug: str):
    """What is numbered is numbered from 1, one number a row."""
    for table, number in NUMBERED[slug].items():
        rows, last = con.execute(f"SELECT count(*), max({number}) FROM {table}").fetchone()
        assert rows == last, table


@pytest.mark.parametrize("people", [20, 60, 200])
def test_small_worlds_keep_rules(slug: str, people: int):
    """What is kept of a person is kept whole, and both sides of every twist are there."""
    world = world_of(slug)
    for seed in (1, 2, 3, 7, 11):
        drawn = draw_small(world, slug, seed, people)
        with duckdb.connect() as con:
            fill(con, world, drawn.rows)
            assert [] == broken(con, slug)
        assert () == drawn.uncovered
        assert [] == [name for name, columns in drawn.rows.items() if not len(next(iter(columns.values())))]


def test_rules_can_be_broken(slug: str):
    """Rows that are there twice break each rule about being unique, rows that are gone each reference."""
    world, rules = world_of(slug), read_rules(CASES / slug)
    found: set[str] = set()
    for table in world.tables:
        for change in (f"INSERT INTO {table.name} FROM {table.name}", f"DELETE FROM {table.name}"):
            with duckdb.connect() as con:
                fill(con, world, draw_small(world, slug, 7).rows)
                con.execute(change)
                found |= {rule.name for rule in broken_rules(con, rules, slug)}

    assert [] == [rule.name for rule in rules if is_about_keys(rule) and rule.name not in found]


def is_about_keys(rule: Rule) -> bool:
    return bool(re.search(r"\bis unique|\bbelongs? to|(?<!at) once$", rule.name))
