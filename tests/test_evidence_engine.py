"""The evidence engine as a whole: broken queries, errors at run time, shrinking, time, and never a crash."""

from __future__ import annotations

import json
import subprocess
import sys
import time

import pytest
import sqlglot
from hypothesis import given, settings
from hypothesis import strategies as st

from casekit.judge import compare_queries
from casekit.judge.evidence import Schema
from casekit.judge.evidence.arena import Arena, Failed, Result
from casekit.judge.evidence.sameness import same_rows

DDL = """
CREATE TABLE shops (id INTEGER PRIMARY KEY, city VARCHAR NOT NULL, opened DATE);
CREATE TABLE sales (id INTEGER PRIMARY KEY, shop_id INTEGER REFERENCES shops (id), amount INTEGER, day DATE);
"""
SCHEMA = Schema.from_ddl(DDL)
RIGHT = "SELECT shop_id, sum(amount) AS total FROM sales WHERE amount >= 10 GROUP BY shop_id"
WRONG = "SELECT shop_id, sum(amount) AS total FROM sales WHERE amount > 10 GROUP BY shop_id"


def test_counterexample_is_small():
    """The database shown is down to what the difference needs, with plain values in what it does not need."""
    shown = compare_queries(SCHEMA, RIGHT, WRONG).counterexample

    assert shown is not None
    assert ["sales"] == list(shown.tables)
    ((_, _, amount, _),) = shown.tables["sales"].rows
    assert 10 == amount
    assert ((), 1) == (shown.actual.rows if shown.actual else None, len(shown.expected.rows))


def test_shown_results_are_real():
    """The results shown are what the queries give on the database shown, and they differ."""
    shown = compare_queries(SCHEMA, RIGHT, WRONG).counterexample

    assert shown is not None
    with Arena(SCHEMA, 5.0) as arena:
        (number,) = arena.load([{name: list(grid.rows) for name, grid in shown.tables.items()}])
        expected, actual = arena.run(RIGHT, number), arena.run(WRONG, number)
    assert isinstance(expected, Result)
    assert isinstance(actual, Result)
    assert shown.actual is not None
    assert (list(shown.expected.rows), list(shown.actual.rows)) == (expected.rows, actual.rows)
    assert not same_rows(expected.rows, actual.rows)


def test_same_call_same_evidence():
    """Twice the same arguments give the same evidence to the last word."""
    first, second = (compare_queries(DDL, RIGHT, WRONG, seconds=30.0).to_dict() for _ in range(2))

    assert first == second


def test_evidence_becomes_json():
    """Dates and all, evidence can be written as JSON."""
    evidence = compare_queries(
        DDL, "SELECT opened FROM shops", "SELECT opened FROM shops WHERE opened > '2024-01-31'"
    )

    assert "different" == json.loads(json.dumps(evidence.to_dict()))["outcome"]


@pytest.mark.parametrize(
    ("reference", "submission", "outcome"),
    [
        ("SELECT nothing FROM shops", RIGHT, "reference fails"),
        (RIGHT, "SELEC 1", "submission fails"),
        (RIGHT, "SELECT x.id FROM shops", "submission fails"),
        (RIGHT, "SELECT 1; SELECT 2", "submission fails"),
        (RIGHT, "DROP TABLE sales", "submission fails"),
        (RIGHT, "", "submission fails"),
        (RIGHT, "-- nothing", "submission fails"),
        (RIGHT, "SELECT * FROM read_csv('/etc/passwd')", "submission fails"),
        (RIGHT, "\x00", "submission fails"),
    ],
)
def test_broken_query_is_named(reference: str, submission: str, outcome: str):
    """Which of the two queries does not run is the outcome."""
    assert outcome == compare_queries(SCHEMA, reference, submission).outcome


def test_error_on_some_rows_counts():
    """A submission that fails on rows where the reference does not is different, and the error is shown."""
    evidence = compare_queries(SCHEMA, "SELECT city FROM shops", "SELECT CAST(city AS INTEGER) FROM shops")

    assert evidence.counterexample is not None
    assert evidence.counterexample.actual is None
    assert "Could not convert string" in evidence.counterexample.error


def test_error_of_both_is_no_difference():
    """Rows on which the reference fails say nothing about the submission."""
    evidence = compare_queries(
        SCHEMA, "SELECT CAST(city AS INTEGER) FROM shops", "SELECT CAST(city AS INTEGER) + 0 FROM shops"
    )

    assert "no difference found" == evidence.outcome


def test_endless_query_is_stopped():
    """A query without end is stopped when the time box is over, and told so."""
    endless = "WITH RECURSIVE n AS (SELECT 1 AS i UNION ALL SELECT i FROM n) SELECT count(*) AS c FROM n"
    started = time.monotonic()
    evidence = compare_queries(SCHEMA, "SELECT count(*) AS c FROM shops", endless, seconds=0.5)

    assert "submission fails" == evidence.outcome
    assert time.monotonic() - started < 10


def test_given_databases_come_first():
    """Databases that come with the call are tried before any other."""
    rows = [(number, number % 3, 100, None) for number in range(30)]
    shops = [(number, "x", None) for number in range(3)]
    limit = "SELECT count(*) FROM (SELECT * FROM sales LIMIT 25)"
    evidence = compare_queries(
        SCHEMA, "SELECT count(*) FROM sales", limit, databases=[{"sales": rows, "shops": shops}]
    )

    assert evidence.counterexample is not None
    assert 26 == len(evidence.counterexample.tables["sales"].rows)


def test_screening_agrees_with_running():
    """What a query gives on many databases at once is what it gives on each of them alone."""
    databases = [{"sales": [(n, None, n, None) for n in range(count)]} for count in range(6)]
    with Arena(SCHEMA, 10.0) as arena:
        numbers = arena.load(databases)
        for sql in ("SELECT count(*) FROM sales", "SELECT id, lag(id) OVER (ORDER BY id) FROM sales", RIGHT):
            screened = arena.screen(sql, numbers)
            assert screened is not None
            for number in numbers:
                alone = arena.run(sql, number)
                assert isinstance(alone, Result)
                assert same_rows(alone.rows, screened.get(number, []))


def test_numbers_are_compared_with_tolerance():
    """Numbers of any type are equal up to noise; NaN is NULL, and text is never a number."""
    assert same_rows([(0.1 + 0.2, 1)], [(0.3, 1.0)])
    assert same_rows([(float("nan"),)], [(None,)])
    assert not same_rows([(1,)], [("1",)])
    assert not same_rows([(float("inf"),)], [(5,)])
    assert not same_rows([(5.5,)], [(float("-inf"),)])
    assert not same_rows([(1,), (1,)], [(1,)])


def test_files_stay_closed():
    """Neither query can read the machine's files."""
    with Arena(SCHEMA, 5.0) as arena:
        assert isinstance(arena.run("SELECT * FROM read_text('/etc/hostname')", 0), Failed)


CONFINED = """
import os, sys
import sqlglot
from casekit.judge import compare_queries
from casekit.judge.evidence import Schema
from casekit.sandbox.answering import open_single_threaded
from casekit.sandbox.confinement import confine
from casekit.sandbox.limits import Limits

ddl, right, wrong = sys.argv[1:]
schema, connection = Schema.from_ddl(ddl), open_single_threaded(Limits())
compare_queries(schema, right, wrong, most=5)
if os.fork() == 0:
    confine(Limits())
    print(compare_queries(schema, right, wrong, connection=connection).outcome, flush=True)
    os._exit(0)
os.wait()
"""


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="only Linux confines a process for good")
def test_confined_process_can_compare():
    """With its modules imported and a connection open, a process without files or threads can compare."""
    command = [sys.executable, "-c", CONFINED, DDL, RIGHT, WRONG]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)

    assert "different\n" == done.stdout


COLUMNS = st.sampled_from(["s.id", "s.amount", "s.day", "h.id", "h.city", "s.shop_id"])
SIGNS = st.sampled_from(["=", "<>", "<", ">=", "IS DISTINCT FROM"])
NUMBERS = st.sampled_from(["0", "1", "NULL", "2.5", "-3", "10"])


@st.composite
def conditions(draw: st.DrawFn) -> str:
    """A condition on the sales and their shops."""
    kind = draw(st.integers(0, 4))
    number = f"s.amount {draw(SIGNS)} {draw(NUMBERS)}"
    return {
        0: number,
        1: f"(s.id {draw(SIGNS)} h.id OR {number})",
        2: "h.city LIKE 'a%'",
        3: f"s.shop_id IN (SELECT id FROM shops WHERE id {draw(SIGNS)} {draw(NUMBERS)})",
        4: "s.day BETWEEN '2024-01-01' AND '2024-02-01'",
    }[kind]


@st.composite
def queries(draw: st.DrawFn) -> str:
    """A SELECT over the sales and their shops."""
    join = draw(st.sampled_from(["JOIN", "LEFT JOIN", "FULL JOIN"]))
    start = f"FROM sales s {join} shops h ON s.shop_id = h.id WHERE " + " AND ".join(
        draw(st.lists(conditions(), min_size=1, max_size=3))
    )
    column, other = draw(COLUMNS), draw(COLUMNS)
    return draw(
        st.sampled_from(
            [
                f"SELECT {column} AS a, {other} AS b {start}",
                f"SELECT DISTINCT {column} AS a {start}",
                f"SELECT {column} AS a, count({other}) AS b, sum(s.amount) AS c {start} GROUP BY {column}",
                f"SELECT {column} AS a, rank() OVER (PARTITION BY {other} ORDER BY s.amount) AS b {start}",
                f"SELECT max({column}) AS a {start} HAVING count(*) > 2",
                f"WITH x AS (SELECT {column} AS a {start}) SELECT a, 1 FROM x UNION ALL SELECT a, 0 FROM x",
            ]
        )
    )


@settings(max_examples=15, deadline=None)
@given(queries())
def test_query_equals_itself(sql: str):
    """A query is the same answer as itself, pretty-printed by sqlglot, and with its joined tables swapped."""
    swapped = sql.replace("s.shop_id = h.id", "h.id = s.shop_id").replace("sales s", 'sales AS "s"')

    pretty = sqlglot.parse_one(swapped, dialect="duckdb").sql(dialect="duckdb", pretty=True)

    assert "no difference found" == compare_queries(SCHEMA, sql, pretty, seconds=20.0).outcome


@settings(max_examples=40, deadline=None)
@given(queries(), st.data())
def test_mangled_query_never_crashes(sql: str, data: st.DataObject):
    """Whatever is cut out of a query or doubled in it, there is an outcome and no exception."""
    words = sql.split(" ")
    place = data.draw(st.integers(0, len(words) - 1))
    count = data.draw(st.integers(0, 3))
    filler = data.draw(
        st.sampled_from(["", "NOT", "(", "NULL", "DISTINCT", "s.*", "'", "CAST(", "ORDER BY 1"])
    )
    mangled = " ".join([*words[:place], filler, *words[place + count :]])

    evidence = compare_queries(SCHEMA, sql, mangled, seconds=20.0)

    assert evidence.outcome != "reference fails"
    assert (evidence.outcome == "different") == (evidence.counterexample is not None)


@settings(max_examples=25, deadline=None)
@given(queries(), queries())
def test_shrinking_keeps_difference(one: str, other: str):
    """Whenever two queries differ, they differ on the database that is shown."""
    shown = compare_queries(SCHEMA, one, other, seconds=20.0).counterexample
    if shown is None or shown.actual is None or len(shown.actual.columns) != len(shown.expected.columns):
        return

    assert not same_rows(list(shown.expected.rows), list(shown.actual.rows))
    assert shown.n_rows <= 14


@pytest.mark.parametrize(
    "sql",
    [
        "FROM sales",
        "SELECT * EXCLUDE (day) REPLACE (amount + 1 AS amount) FROM sales",
        "PIVOT sales ON shop_id USING sum(amount)",
        "SELECT unnest([1, 2, 3])",
        "SELECT {'a': id, 'b': [amount]} FROM sales",
        "SELECT * FROM sales ASOF JOIN shops ON sales.shop_id = shops.id AND sales.day >= shops.opened",
        "SELECT * FROM sales POSITIONAL JOIN shops",
        "SELECT now() AT TIME ZONE 'UTC' > '2000-01-01', TIMESTAMPTZ '2024-01-01 00:00:00+00' FROM sales",
        "VALUES (1, 2), (3, 4)",
        "SELECT list(amount ORDER BY id), histogram(amount), quantile_cont(amount, 0.5) FROM sales",
        "SELECT id FROM sales QUALIFY row_number() OVER (PARTITION BY shop_id ORDER BY amount, id) = 1",
        'SELECT * FROM (SELECT id AS "odd "" name" FROM sales)',
        "SELECT (SELECT max(amount) FROM sales s WHERE s.shop_id = shops.id) FROM shops",
        "SELECT s.id FROM sales s, LATERAL (SELECT s.amount + 1 AS x) t WHERE x > 3",
        "WITH RECURSIVE r AS (SELECT 1 AS n UNION ALL SELECT n + 1 FROM r WHERE n < 4) SELECT n FROM r",
        "SELECT id FROM sales WHERE amount IN (SELECT amount FROM sales INTERSECT SELECT id FROM shops)",
        "SELECT sum(amount) FILTER (WHERE day > '2024-01-01') FROM sales GROUP BY ROLLUP (shop_id, day)",
        "SELECT interval 1 day, DATE '2024-01-01', 1e400::DOUBLE, 'nan'::DOUBLE",
        "SELECT count(*) FROM sales WHERE id = 99999999999999999999",
    ],
)
def test_odd_query_equals_itself(sql: str):
    """DuckDB's own ways of writing are compared like any other, read or not."""
    assert "no difference found" == compare_queries(SCHEMA, sql, sql, seconds=20.0).outcome
