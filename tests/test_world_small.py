"""Small worlds: a few people, whole, with both sides of every twist."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import duckdb
import numpy as np
import pytest

import casekit
from casekit.errors import UsageError
from casekit.world.blocks import Block, draw_block
from casekit.world.declare import Drawn, World
from casekit.world.loading import load_world, read_source
from casekit.world.small import SmallDrawn, draw_small
from casekit.world.writing import digest_table, fill

SLUG = "checkout-drop"
CASES = Path(casekit.__file__).parent / "cases"
CASE = CASES / SLUG
SLUGS = sorted(place.parent.name for place in CASES.glob("*/world.py"))
WORLD: World = load_world(read_source(CASE, SLUG), SLUG)

NO_ROWS = {
    "session_id is unique": "SELECT session_id FROM sessions GROUP BY ALL HAVING count(*) > 1",
    "event_id is unique": "SELECT event_id FROM checkout_events GROUP BY ALL HAVING count(*) > 1",
    "order_id is unique": "SELECT order_id FROM orders GROUP BY ALL HAVING count(*) > 1",
    "events belong to sessions": "FROM checkout_events ANTI JOIN sessions USING (session_id)",
    "orders belong to sessions": "FROM orders ANTI JOIN sessions USING (session_id, user_id)",
    "versions were released": """
        FROM sessions s ANTI JOIN app_releases r ON s.platform = r.platform AND s.app_version = r.app_version
        WHERE s.platform <> 'web' AND s.app_version NOT IN ('5.0.3', '5.9.1')""",
    "a failed payment has no order": """
        FROM checkout_events JOIN orders USING (session_id) WHERE event_name = 'payment_error'""",
    "an order had a payment attempt": """
        FROM orders WHERE session_id NOT IN
        (SELECT session_id FROM checkout_events WHERE event_name = 'add_payment')""",
}

SOME_ROWS = {  # both sides of every twist
    "campaign": "FROM sessions WHERE channel = 'paid_social' AND started_at {} '2025-03-31'",
    "ios_rise": "FROM sessions WHERE platform = 'ios' AND started_at {} '2025-03-31'",
    "easter": "FROM sessions WHERE (started_at BETWEEN '2025-04-18' AND '2025-04-22') = (1 {} 2)",
    "payment_sdk": """
        FROM checkout_events JOIN sessions USING (session_id)
        WHERE event_name = 'add_payment' AND payment_method = 'card'
        AND if(app_version = '5.2.0', 1, 2) {} 2""",
    "tag_manager": """
        FROM orders JOIN sessions USING (session_id) WHERE platform = 'web'
        AND (SELECT count(*) FROM checkout_events e
             WHERE e.session_id = orders.session_id AND event_name = 'purchase') {} 1""",
}


@pytest.fixture(scope="module", params=[(people, seed) for people in (20, 60, 200) for seed in (7, 11, 101)])
def drawn(request: pytest.FixtureRequest) -> SmallDrawn:
    people, seed = request.param
    return draw_small(WORLD, SLUG, seed, people)


@pytest.fixture(scope="module")
def con(drawn: SmallDrawn) -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as con:
        fill(con, WORLD, drawn.rows)
        yield con


@pytest.mark.parametrize("slug", SLUGS)
@pytest.mark.parametrize("people", [20, 200])
def test_every_case_has_small_worlds(slug: str, people: int):
    """Whatever the case: both sides of every twist, and no table that is empty."""
    world = load_world(read_source(CASES / slug, slug), slug)

    drawn = draw_small(world, slug, 7, people)

    assert () == drawn.uncovered
    assert [] == [name for name, columns in drawn.rows.items() if not len(next(iter(columns.values())))]


def digests(drawn: Drawn) -> list[str]:
    return [digest_table(table, drawn.rows[table.name]).sha256 for table in WORLD.tables]


@pytest.mark.parametrize("rule", NO_ROWS)
def test_rows_keep_rule(con: duckdb.DuckDBPyConnection, rule: str):
    """What belongs to a person comes whole: no reference points to nothing."""
    assert [] == con.execute(NO_ROWS[rule]).fetchmany(3)


@pytest.mark.parametrize("twist", SOME_ROWS)
def test_both_sides_are_there(con: duckdb.DuckDBPyConnection, drawn: SmallDrawn, twist: str):
    """Every twist has rows it bent and rows it left alone."""
    assert () == drawn.uncovered
    for side in ("<", ">="):
        assert con.execute(SOME_ROWS[twist].format(side)).fetchmany(1), side


@pytest.mark.parametrize("people", [20, 60, 200])
def test_people_are_as_asked(people: int):
    """As many people as asked for have sessions."""
    rows = draw_small(WORLD, SLUG, 7, people).rows

    assert people == len(np.unique(rows["sessions"]["user_id"]))


def test_same_arguments_same_rows():
    """A small world is the same again; with another seed it has other people."""
    assert digests(draw_small(WORLD, SLUG, 7)) == digests(draw_small(WORLD, SLUG, 7))
    assert digests(draw_small(WORLD, SLUG, 7)) != digests(draw_small(WORLD, SLUG, 8))


def test_rows_are_block_rows():
    """A small world's rows are rows of the world itself, unchanged."""
    block = draw_block(WORLD, SLUG, 7, Block(0, WORLD.sizes["tiny"])).rows["sessions"]
    small = draw_small(WORLD, SLUG, 7).rows["sessions"]
    places = np.searchsorted(block["session_id"], small["session_id"])

    assert all(np.array_equal(block[name][places], small[name]) for name in block)


def test_twist_that_meets_nobody_is_told():
    """A twist too rare for the largest block there is to choose from is named."""
    rare = replace(WORLD, sizes={"default": 40, "tiny": 30})

    assert "tag_manager" in draw_small(rare, SLUG, 7, people=20).uncovered


def test_rare_twist_is_looked_for():
    """Where a few people do not meet a twist, more are played."""
    thin = replace(WORLD, sizes={"default": 4_000, "tiny": 30})

    assert () == draw_small(thin, SLUG, 7, people=20).uncovered


def test_world_without_story_is_built():
    """A world with a build of its own is drawn with so many people."""

    plain = replace(WORLD, story=None)

    assert digests(draw_block(plain, SLUG, 7, Block(0, 200))) == digests(draw_small(plain, SLUG, 7, 200))


def test_nobody_is_no_world():
    """Fewer than one person is refused with what to type."""
    with pytest.raises(UsageError, match="ask for 1 or more"):
        draw_small(WORLD, SLUG, 7, people=0)
