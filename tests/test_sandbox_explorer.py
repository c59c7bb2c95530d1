"""Exploring: everything a candidate may do on the data, and nothing that could harm it."""

from __future__ import annotations

import datetime as dt
import os
import signal
import threading
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest

from casekit.sandbox import Failure, fetch, open_explorer, open_trusted, run_query

ENDLESS = "SELECT count(*) FROM range(100000000000) WHERE range % 3 = 1"


@pytest.fixture(scope="module")
def dataset(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("o'brien's data") / "shop.duckdb"
    with duckdb.connect(str(path)) as con:
        con.execute("CREATE TABLE orders AS SELECT range AS order_id, range * 2.5 AS eur FROM range(100)")
    return path


@pytest.fixture
def con(dataset: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    with open_explorer(dataset) as connection:
        yield connection


def kind(con: duckdb.DuckDBPyConnection, sql: str) -> str:
    failure = run_query(con, sql).failure
    return failure.kind if failure else ""


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT count(*) FROM orders",
        "FROM ds.orders LIMIT 2",
        "WITH o AS (SELECT 1 AS a) SELECT * FROM o; -- the end",
        "DESCRIBE orders",
        "SUMMARIZE orders",
        "SHOW TABLES",
        "PIVOT (SELECT order_id % 2 AS side, eur FROM orders) ON side USING sum(eur)",
        "EXPLAIN SELECT * FROM orders",
        "EXPLAIN ANALYZE SELECT * FROM orders",
        "VALUES (1), (2)",
    ],
)
def test_reading_statements_give_tables(con: duckdb.DuckDBPyConnection, sql: str) -> None:
    """Everything that only reads gives a table with rows."""
    ran = run_query(con, sql)

    assert None is ran.failure
    assert ran.table is not None
    assert ran.table.rows


def test_own_views_and_tables_live(con: duckdb.DuckDBPyConnection) -> None:
    """Views, tables and macros of one's own can be made, used and dropped again."""
    made = [
        run_query(con, "CREATE VIEW big AS SELECT * FROM orders WHERE eur > 200"),
        run_query(con, "/* mine */ CREATE OR REPLACE TEMP TABLE few AS FROM big LIMIT 3"),
        run_query(con, "CREATE MACRO double(x) AS 2 * x"),
    ]
    ran = run_query(con, "SELECT double(count(*)) FROM few")

    assert [(None, None)] * 3 == [(each.table, each.failure) for each in made]
    assert ran.table is not None
    assert ((6,),) == ran.table.rows
    assert "" == kind(con, "DROP VIEW big")


@pytest.mark.parametrize(
    "sql",
    [
        "INSERT INTO orders VALUES (1, 2)",
        "DELETE FROM orders",
        "UPDATE orders SET eur = 0",
        "ALTER TABLE orders DROP eur",
    ],
)
def test_changing_statements_are_refused(con: duckdb.DuckDBPyConnection, sql: str) -> None:
    """A statement that changes rows is not allowed, and the words name the way out."""
    failure = run_query(con, sql).failure

    assert failure is not None
    assert "not-select" == failure.kind
    assert "CREATE TABLE name AS SELECT" in failure.message


@pytest.mark.parametrize(
    "sql",
    [
        "DROP TABLE orders",
        "DROP TABLE ds.orders",
        "CREATE TABLE ds.mine AS SELECT 1",
        "WITH d AS (DELETE FROM ds.orders RETURNING *) FROM d",
    ],
)
def test_dataset_is_read_only(con: duckdb.DuckDBPyConnection, sql: str) -> None:
    """The case's tables cannot be changed by any statement that is allowed at all."""
    failure = run_query(con, sql).failure

    assert failure is not None
    assert "refused" == failure.kind
    assert "read-only" in failure.message


@pytest.mark.parametrize(
    "sql",
    [
        "COPY orders TO 'out.csv'",
        "ATTACH 'other.duckdb'",
        "ATTACH ':memory:' AS m",
        "DETACH ds",
        "INSTALL httpfs",
        "LOAD httpfs",
        "SET threads = 1",
        "PRAGMA memory_limit = '9GB'",
        "USE ds",
        "CALL range(3)",
        "EXPORT DATABASE 'out'",
        "CREATE SECRET s (TYPE http, BEARER_TOKEN 'x')",
        "CREATE SCHEMA mine",
        "DROP SCHEMA main CASCADE",
        "EXPLAIN ANALYZE DELETE FROM orders",
        "BEGIN",
        "CHECKPOINT",
        "PREPARE p AS SELECT 1",
    ],
)
def test_other_statements_are_refused(con: duckdb.DuckDBPyConnection, sql: str) -> None:
    """Files, settings, extensions and sessions are none of a query's business."""
    assert "not-select" == kind(con, sql)
    assert "" == kind(con, "SELECT 1")


def test_files_cannot_be_read(con: duckdb.DuckDBPyConnection, dataset: Path) -> None:
    """A SELECT cannot read a file, not even the dataset's own."""
    for place in ("/etc/passwd", str(dataset).replace("'", "''")):
        assert "refused" == kind(con, f"SELECT * FROM read_text('{place}')")
    assert "refused" == kind(con, "FROM 'orders.parquet'")


def test_python_variables_stay_unseen(con: duckdb.DuckDBPyConnection) -> None:
    """A Python object is not a table, whatever its name."""
    assert "catalog" == kind(con, "FROM dataset_frame")


@pytest.mark.parametrize(
    ("sql", "expected"),
    [
        ("", "empty"),
        ("  -- only a comment\n", "empty"),
        (";;;", "empty"),
        ("SELECT 1; SELECT 2", "several"),
        ("SELECT 1\0; DROP TABLE orders", "syntax"),
        ("SELECT '\ud800'", "syntax"),
        ("SELECT " + "(" * 60_000, "too-large"),
        ("SELECT '" + "x" * 200_000 + "'", "too-large"),
        ("SELEC 1", "syntax"),
        ("SELECT nothing FROM orders", "binder"),
        ("SELECT * FROM nowhere", "catalog"),
        ("SELECT 'x'::INT", "runtime"),
        ("SELECT ?", "runtime"),
    ],
)
def test_failures_have_kinds(con: duckdb.DuckDBPyConnection, sql: str, expected: str) -> None:
    """Every way to fail has its kind, and the connection goes on working."""
    assert expected == kind(con, sql)
    assert "" == kind(con, "SELECT 1")


def test_rows_stop_at_cap(con: duckdb.DuckDBPyConnection) -> None:
    """Only so many rows are fetched, and the table says that there were more."""
    ran = run_query(con, "SELECT * FROM range(1000000000)", max_rows=7)

    assert ran.table is not None
    assert (7, True) == (len(ran.table.rows), ran.table.truncated)


def test_exact_rows_are_complete(con: duckdb.DuckDBPyConnection) -> None:
    """A result of exactly the cap is not called truncated."""
    ran = run_query(con, "SELECT * FROM range(7)", max_rows=7)

    assert ran.table is not None
    assert (7, False) == (len(ran.table.rows), ran.table.truncated)


def test_long_query_stops_itself(con: duckdb.DuckDBPyConnection) -> None:
    """A query past its time gives a timeout, and the next one works."""
    assert "timeout" == getattr(run_query(con, ENDLESS, seconds=0.3).failure, "kind", "")
    assert "" == kind(con, "SELECT 1")


def test_interrupt_stops_query(con: duckdb.DuckDBPyConnection) -> None:
    """Interrupting the kernel stops the query without an exception."""
    threading.Timer(0.3, os.kill, (os.getpid(), signal.SIGINT)).start()
    failure = run_query(con, ENDLESS, seconds=30).failure

    assert Failure("interrupted", "Stopped, as you asked. Nothing was lost.") == failure
    assert "" == kind(con, "SELECT 1")


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("TIMESTAMPTZ '2025-03-03 12:00+02'", dt.datetime(2025, 3, 3, 10)),
        ("[TIMESTAMPTZ '2025-03-03 12:00+00']", [dt.datetime(2025, 3, 3, 12)]),
        ("DATE '2025-03-03'", dt.date(2025, 3, 3)),
        ("1.50::DECIMAL(6,2)", Decimal("1.50")),
        ("170141183460469231731687303715884105727::HUGEINT", 2**127 - 1),
        ("'b'::ENUM('a', 'b')", "b"),
        ("[1, NULL]", [1, None]),
        ("{'a': [1]}", {"a": [1]}),
        ("'\\x00\\xFF'::BLOB", b"\x00\xff"),
        ("INTERVAL 36 HOUR", dt.timedelta(days=1, hours=12)),
        ("'8a9b3f04-0000-4000-8000-000000000000'::UUID", "8a9b3f04-0000-4000-8000-000000000000"),
        ("TIME '10:30'", dt.time(10, 30)),
        ("1 / 0", float("inf")),
        ("NULL", None),
    ],
)
def test_values_are_plain_python(con: duckdb.DuckDBPyConnection, expression: str, expected: object) -> None:
    """Every DuckDB type arrives as a plain Python value, without pandas or pytz."""
    ran = run_query(con, f"SELECT {expression} AS a, 1 AS a -- twice")

    assert ran.table is not None
    assert (("a", "a"), ((expected, 1),)) == (ran.table.columns, ran.table.rows)


def test_many_explorers_share_dataset(dataset: Path) -> None:
    """Two notebooks and the judge can have one dataset open at once."""
    with open_explorer(dataset) as one, open_explorer(dataset) as two, open_trusted(dataset) as judge:
        counts = [fetch(con, "SELECT count(*) FROM orders").rows for con in (one, two, judge)]

    assert [((100,),)] * 3 == counts


def test_fetch_raises_for_authors(dataset: Path) -> None:
    """An author's SQL that fails raises, since no learner may be charged for it."""
    with open_trusted(dataset) as con:
        with pytest.raises(duckdb.BinderException):
            fetch(con, "SELECT nothing FROM orders")
        with pytest.raises(ValueError, match="exactly one statement, got 2"):
            fetch(con, "SELECT 1; SELECT 2")
