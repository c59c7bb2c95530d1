"""Brightkettle's rows: sound keys and times, three exact numbers, an exact bridge, one flattering ratio."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import duckdb
import numpy as np
import pandas as pd
import pytest

import casekit
from casekit.world import Dataset, ensure_dataset
from casekit.world.blocks import draw_rows
from casekit.world.draws import Draws
from casekit.world.loading import load_world, read_source
from casekit.world.writing import fill

SLUG = "active-customers"
CASE = Path(casekit.__file__).parent / "cases" / SLUG
WORLD = load_world(read_source(CASE, SLUG), SLUG)
PARTS = 48_000  # what the story's numbers are told for
SIZES = tuple(WORLD.sizes)

NO_ROWS = {
    "customer_id is unique": "SELECT customer_id FROM customers GROUP BY ALL HAVING count(*) > 1",
    "customers are numbered by arrival": """
        SELECT customer_id FROM customers
        QUALIFY customer_id <> row_number() OVER (ORDER BY created_at, customer_id)""",
    "order_id is unique": "SELECT order_id FROM orders GROUP BY ALL HAVING count(*) > 1",
    "metric_id is unique": "SELECT metric_id FROM metric_catalog GROUP BY ALL HAVING count(*) > 1",
    "spells belong to customers": "FROM subscription_history ANTI JOIN customers USING (customer_id)",
    "customers have a history": "FROM customers ANTI JOIN subscription_history USING (customer_id)",
    "orders belong to customers": "FROM orders ANTI JOIN customers USING (customer_id)",
    "opens belong to customers": "FROM app_opens ANTI JOIN customers USING (customer_id)",
    "links belong to customers": "FROM id_links ANTI JOIN customers USING (customer_id)",
    "links lead to customers": """
        FROM id_links l ANTI JOIN customers c ON c.customer_id = l.linked_customer_id""",
    "an id is linked once": """
        SELECT id FROM (SELECT unnest([customer_id, linked_customer_id]) AS id FROM id_links)
        GROUP BY id HAVING count(*) > 1""",
    "spells lie end to end": """
        SELECT customer_id FROM subscription_history
        QUALIFY valid_to IS DISTINCT FROM
            lead(valid_from) OVER (PARTITION BY customer_id ORDER BY valid_from)""",
    "spells last": "FROM subscription_history WHERE valid_to <= valid_from",
    "a status does not follow itself": """
        SELECT customer_id FROM subscription_history
        QUALIFY status = lag(status) OVER (PARTITION BY customer_id ORDER BY valid_from)""",
    "history begins with the account": """
        SELECT customer_id FROM subscription_history JOIN customers USING (customer_id)
        GROUP BY customer_id, created_at HAVING min(valid_from) <> created_at::DATE""",
    "a trial comes first": """
        SELECT customer_id FROM subscription_history
        QUALIFY status = 'trial' AND row_number() OVER (PARTITION BY customer_id ORDER BY valid_from) > 1""",
    "cancelled is the end": "FROM subscription_history WHERE status = 'cancelled' AND valid_to IS NOT NULL",
    "nothing lies in the future": "FROM subscription_history WHERE valid_from > '2025-07-01'",
    "deliveries lie in the window": """
        FROM orders WHERE delivered_at < '2025-03-03' OR delivered_at >= '2025-07-02'""",
    "opens lie in the window": "FROM app_opens WHERE opened_at < '2025-03-04' OR opened_at >= '2025-07-01'",
    "links lie in the window": "FROM id_links WHERE linked_at < '2025-03-05' OR linked_at >= '2025-06-26'",
    "delivered boxes are numbered by time": """
        SELECT order_id FROM orders WHERE delivered_at IS NOT NULL
        QUALIFY delivered_at < lag(delivered_at) OVER (ORDER BY order_id)""",
    "no time for a cancelled box": "FROM orders WHERE (delivered_at IS NULL) <> (status = 'cancelled')",
    "no box before the account": """
        FROM orders JOIN customers USING (customer_id) WHERE delivered_at < created_at""",
    "no open before the account": """
        FROM app_opens JOIN customers USING (customer_id) WHERE opened_at < created_at""",
    "no box after the end": """
        FROM orders o JOIN subscription_history h USING (customer_id)
        WHERE h.status = 'cancelled' AND delivered_at >= valid_from + INTERVAL 1 DAY""",
    "no regular box during a trial": """
        FROM orders o JOIN subscription_history h USING (customer_id)
        WHERE h.status = 'trial' AND box_type <> 'trial'
        AND delivered_at::DATE BETWEEN valid_from AND valid_to""",
    "at most one trial box": """
        SELECT customer_id FROM orders WHERE box_type = 'trial' GROUP BY ALL HAVING count(*) > 1""",
    "tests pay nothing, others do": """
        FROM orders JOIN customers USING (customer_id) WHERE (amount_eur = 0) <> is_test OR amount_eur < 0""",
    "time zones fit countries": """
        FROM customers WHERE country <> CASE timezone WHEN 'Europe/London' THEN 'GB'
        WHEN 'Europe/Berlin' THEN 'DE' WHEN 'Australia/Sydney' THEN 'AU' ELSE 'US' END""",
    "boxes come at decent hours": """
        FROM orders JOIN customers USING (customer_id)
        WHERE hour((delivered_at AT TIME ZONE 'UTC') AT TIME ZONE timezone)
            NOT IN (7, 8, 9, 10, 17, 18, 19, 20, 21)""",
}  # fmt: skip

# The candidate's answers, in the tables' own words: the reference, and the traps that change the number.
ASOF = "valid_from <= DATE '2025-06-30' AND (valid_to IS NULL OR valid_to > DATE '2025-06-30')"
BETWEEN = "DATE '2025-06-30' BETWEEN valid_from AND coalesce(valid_to, DATE '9999-12-31')"
LAST_28 = "BETWEEN DATE '2025-06-03' AND DATE '2025-06-30'"
GROWTH = (
    f"""SELECT count(DISTINCT customer_id) FROM subscription_history WHERE {ASOF} AND status <> 'cancelled'"""
)
FINANCE = f"""
    SELECT count(DISTINCT customer_id) FROM subscription_history h JOIN customers c USING (customer_id)
    SEMI JOIN (SELECT customer_id FROM orders WHERE status = 'delivered' AND delivered_at::DATE {LAST_28}) o
        ON o.customer_id = h.customer_id
    WHERE {ASOF} AND h.status = 'active' AND NOT is_test"""
LOCAL_DAY = "((o.delivered_at AT TIME ZONE 'UTC') AT TIME ZONE c.timezone)::DATE"
WRONG_WAY = "((o.delivered_at AT TIME ZONE c.timezone) AT TIME ZONE 'UTC')::DATE"
PERSON = "coalesce(l.linked_customer_id, h.customer_id)"
OPS = f"""
    SELECT count(DISTINCT {PERSON})
    FROM subscription_history h JOIN customers c USING (customer_id) LEFT JOIN id_links l USING (customer_id)
    SEMI JOIN (SELECT o.customer_id FROM orders o JOIN customers c USING (customer_id)
               WHERE o.status = 'delivered' AND o.box_type <> 'trial' AND {LOCAL_DAY} {LAST_28}) o
        ON o.customer_id = h.customer_id
    WHERE {ASOF} AND h.status = 'active' AND NOT is_test"""
TOLD = {GROWTH: 41_200, FINANCE: 36_900, OPS: 29_400}
TRAPS = {
    "history without as-of": (GROWTH, GROWTH.replace(f"{ASOF} AND ", "").replace("DISTINCT ", ""), 1),
    "BETWEEN counts the switch day twice": (FINANCE, FINANCE.replace(ASOF, BETWEEN), 1),
    "rows with BETWEEN": (GROWTH, GROWTH.replace(ASOF, BETWEEN).replace("DISTINCT ", ""), 1),
    "the current status": (FINANCE, FINANCE.replace(ASOF, "valid_to IS NULL"), -1),
    "tests are in": (FINANCE, FINANCE.replace("AND NOT is_test", ""), 1),
    "paused are in": (FINANCE, FINANCE.replace("= 'active'", "IN ('active', 'paused')"), 1),
    "no semi join": (FINANCE, FINANCE.replace("SEMI JOIN", "JOIN").replace("DISTINCT customer_id", "*"), 1),
    "ids not merged": (OPS, OPS.replace(PERSON, "h.customer_id"), 1),
    "the day of UTC": (OPS, OPS.replace(LOCAL_DAY, "o.delivered_at::DATE"), 1),
    "the clock turned the wrong way": (OPS, OPS.replace(LOCAL_DAY, WRONG_WAY), 1),
    "trial boxes are in": (OPS, OPS.replace("AND o.box_type <> 'trial'", ""), 1),
}  # fmt: skip
KR = """
    SELECT d, count(*) AS active, count(o.customer_id) AS opened
    FROM (VALUES (DATE '2025-03-31'), (DATE '2025-06-30')) days(d)
    JOIN subscription_history h ON valid_from <= d AND (valid_to IS NULL OR valid_to > d)
    JOIN customers c USING (customer_id)
    LEFT JOIN (SELECT DISTINCT customer_id, d AS open_d FROM app_opens
               JOIN (VALUES (DATE '2025-03-31'), (DATE '2025-06-30')) days(d)
               ON opened_at::DATE BETWEEN d - 27 AND d) o ON o.customer_id = h.customer_id AND open_d = d
    WHERE h.status = 'active' AND NOT is_test GROUP BY d ORDER BY d"""


@pytest.fixture(scope="module", params=SIZES)
def dataset(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Dataset:
    """Seed 7 at each size."""
    return ensure_dataset(CASE, SLUG, size=request.param, data_dir=tmp_path_factory.mktemp("data"))


@pytest.fixture(scope="module")
def con(dataset: Dataset) -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect(dataset.path, read_only=True) as con:
        yield con


def number(con: duckdb.DuckDBPyConnection, sql: str) -> int:
    """The one number a query gives."""
    row = con.execute(sql).fetchone()
    assert row is not None
    return int(row[0])


@pytest.mark.parametrize("rule", NO_ROWS)
def test_rows_keep_rule(con: duckdb.DuckDBPyConnection, rule: str):
    """No row breaks the rule."""
    assert [] == con.execute(NO_ROWS[rule]).fetchmany(3)


def test_missing_only_where_told(con: duckdb.DuckDBPyConnection):
    """Only an end that is open, a box that did not come and an owner nobody named are NULL."""
    missing = {
        f"{table.name}.{column.name}"
        for table in WORLD.tables
        for column in table.columns
        if number(con, f"SELECT count(*) - count({column.name}) FROM {table.name}")
    }

    assert {"subscription_history.valid_to", "orders.delivered_at", "metric_catalog.owner"} == missing


def test_tables_are_as_large_as_told(dataset: Dataset):
    """The story's sizes, in proportion: 96k spells, 210k boxes, 300k opens, 1,900 links, 14 metrics."""
    rows = {table.name: table.rows for table in dataset.tables}
    part = WORLD.sizes[dataset.size] / PARTS

    assert (PARTS * part, 1_900 * part, 14) == (rows["customers"], rows["id_links"], rows["metric_catalog"])
    for name, told in {"subscription_history": 96_000, "orders": 210_000, "app_opens": 300_000}.items():
        assert abs(rows[name] / (told * part) - 1) < 0.04, name


@pytest.mark.parametrize("sql", TOLD, ids=["growth", "finance", "ops"])
def test_counts_are_exact(con: duckdb.DuckDBPyConnection, dataset: Dataset, sql: str):
    """Each reference gives the story's number, in proportion to the size, to the customer."""
    assert TOLD[sql] * WORLD.sizes[dataset.size] == PARTS * number(con, sql)


@pytest.mark.parametrize("trap", TRAPS)
def test_traps_change_the_number(con: duckdb.DuckDBPyConnection, trap: str):
    """Each trap gives another number than its reference, too high or too low as told, at every size."""
    reference, wrong, sign = TRAPS[trap]

    assert sign == np.sign(number(con, wrong) - number(con, reference))


def test_wrong_clocks_differ(con: duckdb.DuckDBPyConnection, dataset: Dataset):
    """Taking UTC for local is not the same mistake as turning the clock the wrong way."""
    days = ("o.delivered_at::DATE", WRONG_WAY)
    utc, wrong_way = (number(con, OPS.replace(LOCAL_DAY, day)) for day in days)

    assert utc >= wrong_way
    assert utc > wrong_way or dataset.size == "tiny"


def test_bridge_adds_up(con: duckdb.DuckDBPyConnection, dataset: Dataset):
    """In pandas: exclusions in order, each only of who is still there, lead from 41,200 to 29,400 (±0)."""
    part = WORLD.sizes[dataset.size] / PARTS
    left, steps = asof_customers(con), {}
    for name, out in {
        "tests": lambda f: f.is_test,
        "paused": lambda f: f.status.eq("paused"),
        "on_trial": lambda f: f.status.eq("trial"),
        "without_box": lambda f: ~f.utc_box & ~f.local_regular,
        "trial_box_only": lambda f: ~f.utc_regular & ~f.local_regular,
        "edge_out": lambda f: ~f.local_regular,
        "second_ids": lambda f: f.duplicated("person"),
    }.items():
        gone = out(left)
        left, steps[name] = left[~gone], int(gone.sum()) / part

    assert {
        "tests": 600, "paused": 2_900, "on_trial": 400, "without_box": 200, "trial_box_only": 5_400,
        "edge_out": 600, "second_ids": 1_700,
    } == steps  # fmt: skip
    assert 41_200 - sum(steps.values()) == 29_400 == len(left) / part


def test_overlaps_would_count_twice(con: duckdb.DuckDBPyConnection):
    """Subtracting every exclusion from the whole takes some customers away more than once."""
    flags = asof_customers(con)
    outs = [flags.is_test, flags.status.eq("paused"), flags.status.eq("trial"), ~flags.utc_box]

    assert sum(int(out.sum()) for out in outs) > int(np.logical_or.reduce(outs).sum())


def test_edge_cuts_both_ways(con: duckdb.DuckDBPyConnection):
    """Some boxes fall out by the local day and some come in, and both edges of the 28 days have them."""
    days = con.execute(
        f"""SELECT DISTINCT o.delivered_at::DATE, {LOCAL_DAY}
        FROM orders o JOIN customers c USING (customer_id)
        WHERE o.status = 'delivered' AND ((o.delivered_at::DATE {LAST_28}) <> ({LOCAL_DAY} {LAST_28}))"""
    ).df()
    told = {("2025-06-03", "2025-06-02"), ("2025-06-02", "2025-06-03"), ("2025-07-01", "2025-06-30")}

    assert told == {tuple(str(day.date()) for day in pair) for pair in days.itertuples(index=False)}


def test_ratio_rises_by_its_denominator(con: duckdb.DuckDBPyConnection, dataset: Dataset):
    """The share of active customers who opened the app rises, the number of openers stays exactly."""
    (_, active_0, opened_0), (_, active_1, opened_1) = con.execute(KR).fetchall()
    numerator_pp = 100 * (opened_1 - opened_0) / active_0
    denominator_pp = 100 * (opened_1 / active_1 - opened_1 / active_0)
    part = WORLD.sizes[dataset.size] / PARTS

    assert (40_620 * part, 37_300 * part) == (active_0, active_1)
    assert 22_380 * part == opened_0 == opened_1
    assert (0.0, 4.9) == (numerator_pp, round(denominator_pp, 1))


def test_stayers_open_less(con: duckdb.DuckDBPyConnection):
    """Among those active on both days fewer opened the app in June: the ratio hides it."""
    shares = con.execute(
        """WITH stayed AS (
            SELECT customer_id FROM customers WHERE NOT is_test AND 2 = (
                SELECT count(*)
                FROM subscription_history h, (VALUES (DATE '2025-03-31'), (DATE '2025-06-30')) days(d)
                WHERE h.customer_id = customers.customer_id AND status = 'active'
                AND valid_from <= d AND (valid_to IS NULL OR valid_to > d)))
        SELECT d, count(DISTINCT customer_id) / (SELECT count(*) FROM stayed)
        FROM app_opens SEMI JOIN stayed USING (customer_id)
        JOIN (VALUES (DATE '2025-03-31'), (DATE '2025-06-30')) days(d) ON opened_at::DATE BETWEEN d - 27 AND d
        GROUP BY d ORDER BY d"""
    ).fetchall()

    assert [0.618, 0.575] == [round(share, 3) for _, share in shares]


def test_metrics_lack_owners(con: duckdb.DuckDBPyConnection):
    """Four of fourteen have none; the three numbers have one each, and only operations use local days."""
    owners = con.execute(
        """SELECT owner, timezone FROM metric_catalog
        WHERE starts_with(metric_id, 'active_customers') ORDER BY owner"""
    ).fetchall()

    assert 4 == number(con, "SELECT count(*) FROM metric_catalog WHERE owner IS NULL")
    assert [("finance", "UTC"), ("growth", "UTC"), ("operations", "local")] == owners


def test_both_sides_have_rows(con: duckdb.DuckDBPyConnection):
    """Boxes before and after the new price, of every type, ids with and without a link, at any size."""
    sides = con.execute(
        """SELECT count(DISTINCT (delivered_at >= '2025-06-02', box_type)),
        count(DISTINCT l.customer_id IS NULL),
        count(DISTINCT (timezone, brand)) FROM orders o JOIN customers USING (customer_id)
        LEFT JOIN id_links l ON l.customer_id = o.customer_id WHERE status = 'delivered'"""
    ).fetchone()

    assert (8, 2, 10) == sides


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("twist", [twist.name for twist in WORLD.story.twists])
def test_ledger_is_the_difference(twist: str, size: str):
    """Rebuilt without a twist, the world lacks what the ledger says and nothing else."""
    people = WORLD.sizes[size]
    told = WORLD.story.build(Draws(SLUG, 7), people)
    bare = WORLD.story.without(twist).build(Draws(SLUG, 7), people)
    (entry,) = (entry for entry in told.ledger if entry.twist == twist)
    changed = {
        table: [
            name
            for name in told.rows[table]
            if not np.array_equal(told.rows[table][name], bare.rows[table][name])
        ]
        for table in told.rows
    }

    if twist == "double_ids":
        assert {"id_links": ["customer_id", "linked_customer_id", "linked_at"]} == {
            k: v for k, v in changed.items() if v
        }
        counts = [len(rows["id_links"]["customer_id"]) for rows in (bare.rows, told.rows)]
    else:
        assert {"orders": ["amount_eur"]} == {k: v for k, v in changed.items() if v}
        both = [np.asarray(rows["orders"]["amount_eur"]) for rows in (bare.rows, told.rows)]
        counts = [int(cents[both[0] != both[1]].sum()) for cents in both]
    assert [entry.base, entry.actual] == counts
    assert entry.base < entry.actual


def test_several_blocks_stay_exact():
    """A world of two blocks tells the same story: its counts are those of two worlds."""
    world = replace(WORLD, block=2_400, sizes={"default": 4_800})
    with duckdb.connect() as con:
        fill(con, world, draw_rows(world, SLUG, 7, "default"))
        counts = [number(con, sql) for sql in TOLD]

    assert [told // 10 for told in TOLD.values()] == counts


def asof_customers(con: duckdb.DuckDBPyConnection) -> pd.DataFrame:
    """Growth's customers with what the other definitions ask; a person's own id first."""
    return con.execute(
        f"""WITH boxes AS (
            SELECT customer_id, bool_or(o.delivered_at::DATE {LAST_28}) AS utc_box,
                bool_or(o.delivered_at::DATE {LAST_28} AND box_type <> 'trial') AS utc_regular,
                bool_or({LOCAL_DAY} {LAST_28} AND box_type <> 'trial') AS local_regular
            FROM orders o JOIN customers c USING (customer_id) WHERE status = 'delivered' GROUP BY ALL)
        SELECT h.customer_id, h.status::VARCHAR AS status, is_test, {PERSON} AS person,
            coalesce(utc_box, false) AS utc_box, coalesce(utc_regular, false) AS utc_regular,
            coalesce(local_regular, false) AS local_regular
        FROM subscription_history h JOIN customers USING (customer_id) LEFT JOIN boxes USING (customer_id)
        LEFT JOIN id_links l USING (customer_id) WHERE {ASOF} AND h.status <> 'cancelled'
        ORDER BY l.linked_customer_id IS NOT NULL, h.customer_id"""
    ).df()
