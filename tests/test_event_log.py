"""The benchmarks' world is a world like any other: the order of its rows is all it does without."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import duckdb
import pytest

from casekit.world.blocks import Block, draw_block
from casekit.world.declare import World
from casekit.world.loading import load_world, read_source
from casekit.world.small import draw_small
from casekit.world.story import Events, Merged, Returns
from casekit.world.writing import fill

SLUG = "event-log"
FOLDER = Path(__file__).parents[1] / "benchmarks" / "worlds" / SLUG
WORLD = load_world(read_source(FOLDER, SLUG), SLUG)
PEOPLE = 6_000
COLUMNS = "user_id, session_id, ts, received_at, event, platform, country, app_version, variant"


def drawn(world: World, people: int = PEOPLE) -> duckdb.DuckDBPyConnection:
    """One block, in DuckDB."""
    con = duckdb.connect(config={"threads": 1})
    fill(con, world, draw_block(world, SLUG, 7, Block(0, people)).rows)
    return con


def test_order_is_all_that_differs():
    """Rows that are not put in the order of time are the rows that would be, and numbered without a gap."""
    parts = tuple(
        replace(part, in_time=True) if isinstance(part, Events | Merged | Returns) else part
        for part in WORLD.story.parts
    )
    story = replace(WORLD.story, parts=parts)
    with drawn(WORLD) as con, drawn(replace(WORLD, story=story, build=story.build)) as other:
        query = f"SELECT {COLUMNS} FROM events ORDER BY ALL"

        assert con.execute(query).fetchall() == other.execute(query).fetchall()
        assert (
            []
            == other.execute("SELECT 1 FROM events QUALIFY ts < lag(ts) OVER (ORDER BY event_id)").fetchall()
        )
        numbers = (
            "SELECT min(event_id), max(event_id) - count(*), count(DISTINCT event_id) - count(*) FROM events"
        )
        assert (1, 0, 0) == con.execute(numbers).fetchone()


def test_log_is_as_large_as_told():
    """About 14 events a person, so that the benchmark counts what it says it counts."""
    with drawn(WORLD) as con:
        (events,) = con.execute("SELECT count(*) FROM events").fetchone()

    assert 14.3 == pytest.approx(events / PEOPLE, rel=0.05)


def test_references_hold():
    """Every event, session, exposure and subscription belongs to a user, every action to a session."""
    with drawn(WORLD) as con:
        for table in ("sessions", "events", "exposures", "subscriptions"):
            assert [] == con.execute(f"FROM {table} ANTI JOIN users USING (user_id)").fetchmany(1)
        strangers = "FROM events ANTI JOIN sessions USING (session_id) WHERE session_id % 64 <> 0"
        assert [] == con.execute(strangers).fetchmany(1)


@pytest.mark.parametrize("seed", [7, 8, 9])
def test_small_log_covers_twists(seed: int):
    """Sixty people are enough for both sides of all seven twists."""
    assert () == draw_small(WORLD, SLUG, seed).uncovered
