"""Databases made from lawful worlds: what is moved, copied and kept together, and what a crowd confirms."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from casekit.judge.evidence import compare_queries
from casekit.judge.evidence.clues import Clues
from casekit.judge.evidence.database import Database, keeps_uniques, without_orphans
from casekit.judge.evidence.dice import Dice
from casekit.judge.evidence.halving import Halving
from casekit.judge.evidence.kin import Kin
from casekit.judge.evidence.moving import Moving
from casekit.judge.evidence.nodes import parsed
from casekit.judge.evidence.plans import Plans
from casekit.judge.evidence.pools import Pools
from casekit.judge.evidence.reading import clues_of
from casekit.judge.evidence.schema import ColumnDef, ForeignKey, Schema, TableDef
from casekit.judge.evidence.touching import Touching
from casekit.sandbox.locking import open_memory

VISITS = TableDef(
    "visits",
    (
        ColumnDef("visit_id", "BIGINT", nullable=False),
        ColumnDef("began_at", "TIMESTAMP", nullable=False),
        ColumnDef("device", "VARCHAR", nullable=False, values=("phone", "desk")),
    ),
    uniques=(("visit_id",),),
)
ORDERS = TableDef(
    "orders",
    (
        ColumnDef("order_id", "BIGINT", nullable=False),
        ColumnDef("visit_id", "BIGINT", nullable=False),
        ColumnDef("ordered_at", "TIMESTAMP", nullable=False),
        ColumnDef("voucher", "VARCHAR"),
    ),
    uniques=(("order_id",),),
    foreign_keys=(ForeignKey(("visit_id",), "visits", ("visit_id",)),),
)
SCHEMA = Schema((VISITS, ORDERS))
NOON = datetime(2025, 3, 10, 12)
BOUND = datetime(2025, 4, 1)
WORLD: Database = {
    "visits": [(n, NOON + timedelta(days=n), ("phone", "desk")[n % 2]) for n in range(1, 13)],
    "orders": [
        (n, n * 2, NOON + timedelta(days=n * 2, minutes=5), None if n % 2 else "SPRING") for n in range(1, 7)
    ],
}
DAILY = "SELECT began_at::DATE AS d, count(*) AS n FROM visits WHERE began_at >= '2025-04-01' GROUP BY 1"
TABLES = """
    CREATE TABLE visits (visit_id BIGINT PRIMARY KEY, began_at TIMESTAMP NOT NULL,
                         device VARCHAR NOT NULL CHECK (device IN ('phone', 'desk')));
"""


def clues(sql: str) -> Clues:
    return clues_of([parsed(sql)], SCHEMA)


def is_whole(database: Database) -> bool:
    """Every key once, and nothing without what it belongs to."""
    uniques = all(keeps_uniques(table, database[table.name]) for table in SCHEMA.tables)
    return uniques and database == without_orphans(SCHEMA, database)


def waits(database: Database) -> set[timedelta]:
    """How long after its visit each order came."""
    began = {row[0]: row[1] for row in database["visits"]}
    return {row[2] - began[row[1]] for row in database["orders"]}  # type: ignore[operator]


def test_families_stay_together():
    """Some visits come with all their orders, and no order without its visit."""
    for number in range(20):
        part = Kin(SCHEMA, WORLD).some(2, Dice("kin", number))
        visits = {row[0] for row in part["visits"]}
        assert 1 <= len(visits) <= 2
        assert [row for row in WORLD["orders"] if row[1] in visits] == part["orders"]


def test_rows_land_on_constants():
    """Every constant of a query, and the second before it, is met by a row."""
    made = Moving(SCHEMA, Pools(SCHEMA, clues(DAILY))).sharpened([WORLD])
    moments = {row[1] for database in made for row in database["visits"]}
    assert {BOUND, BOUND - timedelta(seconds=1)} <= moments


def test_moves_in_time_keep_intervals():
    """What is moved in time takes its family along, so orders come as long after their visits as before."""
    only_time = Moving(SCHEMA, Pools(SCHEMA, clues(DAILY)))
    for move in only_time._sharp:
        assert waits(WORLD) == waits(move(WORLD, Dice("waits")))


def test_moves_leave_keys_alone():
    """No visit and no order gets another id, and no order another visit."""
    for database in Moving(SCHEMA, Pools(SCHEMA, clues(DAILY))).sharpened([WORLD]):
        assert without_orphans(SCHEMA, database) == database
        assert {row[0] for row in WORLD["visits"]} <= {row[0] for row in database["visits"]} or len(
            database["visits"]
        ) < len(WORLD["visits"])


def test_touched_worlds_are_whole():
    """What is touched keeps keys and references, and is the same every time."""
    plans = Plans(SCHEMA, clues(DAILY))
    touching = Touching(SCHEMA, plans.pools, plans.rules, ["FROM visits WHERE began_at < '2025-03-01'"])
    kin = Kin(SCHEMA, WORLD)
    made = [touching.touched(kin, number) for number in range(60)]
    assert all(map(is_whole, made))
    assert made == [touching.touched(kin, number) for number in range(60)]
    assert len({str(database) for database in made}) > 30


def test_halving_finds_the_few():
    """Of many rows those are left that the difference needs, with all that belongs to them."""

    def keeps(database: Database) -> bool:
        return {4, 10} <= {row[0] for row in database["visits"]}

    small = Halving(SCHEMA, keeps, lambda: True).halved(WORLD)
    assert [4, 10] == [row[0] for row in small["visits"]]
    assert [2, 5] == [row[0] for row in small["orders"]]


@pytest.fixture
def crowded():
    """A connection that sees visits on every day of April, on both devices."""
    con = open_memory("200MB", threads="1")
    con.execute("ATTACH ':memory:' AS ds")
    con.execute(
        "CREATE TABLE ds.main.visits AS SELECT range AS visit_id, "
        "TIMESTAMP '2025-04-01' + to_hours(range::INT) AS began_at, "
        "CASE WHEN range % 2 = 0 THEN 'phone' ELSE 'desk' END AS device FROM range(720)"
    )
    yield con
    con.close()


def compared(con, submission: str, *, crowd: str) -> str:
    """The outcome for *submission* against the visits of each day of April."""
    reference = (
        "SELECT began_at::DATE AS d, count(*) AS n FROM visits "
        "WHERE began_at >= '2025-04-01' AND began_at < '2025-05-01' GROUP BY 1"
    )
    from casekit.judge.evidence import Schema as Tables

    tables = Tables.from_ddl(TABLES)
    return compare_queries(tables, reference, submission, crowd=crowd, connection=con, seconds=10.0).outcome


CALENDAR = """
    SELECT d, count(v.visit_id) AS n
    FROM (SELECT unnest(generate_series(DATE '2025-04-01', DATE '2025-04-30', INTERVAL 1 DAY))::DATE AS d)
    LEFT JOIN visits v ON v.began_at::DATE = d GROUP BY 1
"""
OFF_BY_ONE = (
    "SELECT began_at::DATE AS d, count(*) AS n FROM visits "
    "WHERE began_at > '2025-04-01' AND began_at < '2025-05-01' GROUP BY 1"
)
TYPED_IN = "SELECT DATE '2025-04-01' + range::INT AS d, 24 AS n FROM range(30)"


@pytest.mark.parametrize(
    ("submission", "alone", "beside"),
    [
        (CALENDAR, "different", "no difference found"),
        (OFF_BY_ONE, "different", "different"),
        (TYPED_IN, "different", "different"),
    ],
    ids=["calendar", "off by one", "typed in"],
)
def test_crowd_tells_emptiness_from_mistakes(crowded, submission: str, alone: str, beside: str):
    """Days without a visit are no mistake where every day has one; a boundary and a typed-in answer are."""
    assert beside == compared(crowded, submission, crowd="ds.main")
    with open_memory("200MB", threads="1") as con:
        assert alone == compared(con, submission, crowd="")
