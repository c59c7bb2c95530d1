"""Failures explained: what happened, where, and what to type instead."""

from __future__ import annotations

from collections.abc import Iterator

import duckdb
import pytest

from casekit.sandbox import Failure, explain, open_explorer, run_query
from casekit.sandbox.advice import MISSING_FUNCTIONS

SCHEMA = {
    "sessions": ["session_id", "platform", "started_at", "bought"],
    "orders": ["order_id", "session_id", "status", "amount_eur"],
}


@pytest.fixture(scope="module")
def con(tmp_path_factory: pytest.TempPathFactory) -> Iterator[duckdb.DuckDBPyConnection]:
    path = tmp_path_factory.mktemp("explain") / "shop.duckdb"
    with duckdb.connect(str(path)) as build:
        build.execute(
            "CREATE TABLE sessions(session_id INT, platform VARCHAR, started_at TIMESTAMP, bought BOOLEAN)"
        )
        build.execute("CREATE TABLE orders(order_id INT, session_id INT, status VARCHAR, amount_eur DOUBLE)")
    with open_explorer(path) as connection:
        yield connection


def lines(con: duckdb.DuckDBPyConnection, sql: str, own: tuple[str, ...] = ()) -> tuple[str, ...]:
    failure = run_query(con, sql).failure
    assert failure is not None
    return explain(failure, sql, SCHEMA, own)


@pytest.mark.parametrize(
    ("sql", "advice"),
    [
        ("SELECT platfrm FROM sessions", "Did you mean platform (in sessions)?"),
        ("SELECT s.platfrm FROM sessions s", "Did you mean platform (in sessions)?"),
        ("SELECT amount_eur FROM sessions", "amount_eur is a column of orders"),
        (
            "SELECT s.session_id AS sid FROM sessions s JOIN orders o ON o.session_id = sid",
            "sid is a name given in SELECT",
        ),
        ('SELECT * FROM sessions WHERE platform = "ios"', "Text takes single quotes: 'ios'"),
        ("SELECT zzz FROM sessions", "No table of the case has a column zzz"),
        ("SELECT * FROM session", "Did you mean sessions?"),
        ("SELECT * FROM ds.session", "Did you mean sessions?"),
        ("SELECT * FROM paid_first", "put it into a WITH"),
        ("SELECT s.platform FROM sessions AS x", "No table here goes by s. Known here: x."),
        ("SELECT sessions.platform FROM sessions s", "only the alias works. Known here: s."),
        ("SELECT * FROM sessions JOIN orders USING (order_id)", "not in the left one"),
        ("SELECT avg(bought) FROM sessions", "avg(flag::INT)"),
        ("SELECT avg(platform) FROM sessions", "column::DOUBLE"),
        ("SELECT list_transform([1], x -> x + 1)", "lambda x: x + 1"),
        ("SELECT erf(0.5)", "math.erf"),
        ("SELECT NVL(platform, 'a') FROM sessions", "coalesce(a, b)"),
        ("SELECT DATE_FORMAT(started_at, '%Y') FROM sessions", "strftime(moment, '%Y-%m')"),
        ("SELECT DATEADD(day, 1, started_at) FROM sessions", "INTERVAL 7 DAY"),
        ("SELECT rond(1.5)", "Did you mean round()?"),
        ("SELECT platform, count(*) FROM sessions", "GROUP BY ALL"),
        ("SELECT platform FROM sessions WHERE count(*) > 3 GROUP BY 1", "HAVING"),
        ("SELECT 1 FROM sessions WHERE row_number() OVER () = 1", "QUALIFY"),
        ("SELECT max(count(*)) FROM sessions GROUP BY platform", "Take two steps"),
        ("SELECT session_id FROM sessions, orders", "USING (column)"),
        ("SELECT (SELECT 6) AS n, n * 2 AS twice", "compute it in a WITH"),
        ("SELECT DATE '31.03.2025'", "year first"),
        ("SELECT 1 FROM sessions WHERE started_at > 31-03-2025", "year first"),
        ("SELECT platform", "platform needs a table to come from"),
        ("SELECT 1 UNION SELECT 1, 2", "same columns"),
        ("SELECT (SELECT range FROM range(3))", "one value gave several rows"),
        ("SELECT (SELECT 1, 2)", "exactly one column"),
        ("SELECT date_trunc(started_at, 'week') FROM sessions", "date_trunc('week', started_at)"),
        ("SELECT datediff(started_at, started_at) FROM sessions", "date_diff('day', first, last)"),
        ("SELECT started_at - 7 FROM sessions", "INTERVAL 7 DAY"),
        ("SELECT date_trunc('wek', DATE '2025-01-01')", "'week'"),
        ("SELECT 'x'::INT", "TRY_CAST"),
        ("SELECT TOP 5 * FROM sessions", "LIMIT 5"),
        ("SELECT * FROM sessions LIMIT 5, 10", "LIMIT 10 OFFSET 5"),
        ("SELECT ‘ios’ FRM sessions", "typographic quotes"),
        ("SELECT 'abc", "A quote is never closed"),
        ("SELECT ?", "stand for values"),
        ("SELECT SYSDATE", "current_timestamp"),
        ("SELEC 1", "Did you mean SELECT where it says SELEC?"),
        ("SELECT * FORM sessions", "Did you mean FROM where it says FORM?"),
        ("SELECT count(* FROM sessions", "1 opening bracket is never closed"),
        ("SELECT CASE WHEN true THEN 2 FROM sessions", "Every CASE needs an END."),
        ("SELECT * FROM sessions WHERE", "stops too early"),
    ],
)
def test_mistake_gets_its_advice(con: duckdb.DuckDBPyConnection, sql: str, advice: str) -> None:
    """A common mistake is answered with what to type instead."""
    said = lines(con, sql)

    assert any(advice in line for line in said[1:])
    assert len(said) <= 5


def test_place_stands_under_message(con: duckdb.DuckDBPyConnection) -> None:
    """The second line shows the query's line with carets under the place."""
    said = lines(con, "SELECT session_id,\n  platfrm\nFROM sessions")

    assert 'Binder Error: Referenced column "platfrm" not found in FROM clause!' == said[0]
    assert "LINE 2:   platfrm\n          ^^^^^^^" == said[1]


def test_place_survives_long_candidates(con: duckdb.DuckDBPyConnection) -> None:
    """DuckDB's page of candidate functions neither shows nor pushes the place away."""
    said = lines(con, "SELECT started_at - 7 FROM sessions")

    assert not any("Candidate" in line for line in said)
    assert said[1].startswith("LINE 1: SELECT started_at - 7")


def test_own_view_belongs_into_with(con: duckdb.DuckDBPyConnection) -> None:
    """A view made while exploring is named as such when an answer uses it."""
    said = lines(con, "SELECT * FROM session", own=("Session",))

    assert "An answer stands alone: put your view or table session into a WITH in front of it." == said[-1]


def test_own_words_pass_through() -> None:
    """A failure in our words is shown as it is; a slow query gets one piece of advice."""
    none_yet = Failure("empty", "There is no query here yet.")
    slow = Failure("timeout", "Stopped after 3 seconds, the limit for one answer.")

    assert (none_yet.message,) == explain(none_yet, "", {})
    assert slow.message == explain(slow, "SELECT 1", SCHEMA)[0]
    assert "join without ON" in explain(slow, "SELECT 1", SCHEMA)[1]


@pytest.mark.parametrize(
    ("sql", "advice"),
    [
        ("SELECT * FROM orders WHERE status = NULL", "IS NULL"),
        ("SELECT * FROM orders WHERE session_id NOT IN (SELECT session_id FROM sessions)", "NOT EXISTS"),
    ],
)
def test_silent_mistakes_are_noted(sql: str, advice: str) -> None:
    """What runs but seldom means what it says is named even without a failure."""
    assert [True] == [advice in line for line in explain(None, sql, SCHEMA)]


def test_clean_query_gets_silence() -> None:
    """A query without a known mistake gets no line, whatever its texts and comments hold."""
    assert () == explain(None, "SELECT '= NULL' -- NOT IN (SELECT 1)\nFROM orders", SCHEMA)


def test_missing_functions_are_missing(con: duckdb.DuckDBPyConnection) -> None:
    """Every function said to be missing is indeed not in DuckDB."""
    known = run_query(con, "SELECT DISTINCT function_name FROM duckdb_functions()").table

    assert known is not None
    assert set() == set(MISSING_FUNCTIONS) & {str(name).lower() for (name,) in known.rows}
