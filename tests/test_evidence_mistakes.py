"""Classic mistakes are told from the right answer; what is the same answer never is."""

from __future__ import annotations

import pytest

from casekit.judge import compare_queries
from casekit.judge.evidence import Evidence

DDL = """
CREATE TABLE users (id INTEGER PRIMARY KEY, country VARCHAR, signup DATE);
CREATE TABLE events (
    id INTEGER PRIMARY KEY, user_id INTEGER REFERENCES users (id), kind VARCHAR, happened TIMESTAMP,
    amount DOUBLE, version VARCHAR
);
CREATE TABLE banned (user_id INTEGER);
"""


def compare(reference: str, submission: str, **options: bool) -> Evidence:
    """What the engine finds about two queries on the events."""
    return compare_queries(DDL, reference, submission, seconds=20.0, **options)


PAIRS = "SELECT a.user_id FROM events a JOIN events b ON a.user_id = b.user_id"
GAPS = """
    SELECT id FROM (
        SELECT id, date_diff('minute', lag(happened) OVER visits, happened) AS gap FROM events
        WINDOW visits AS (PARTITION BY user_id ORDER BY happened)
    )"""
MISTAKES = {
    "join kind": (
        "SELECT u.id, count(e.id) FROM users u LEFT JOIN events e ON e.user_id = u.id GROUP BY u.id",
        "SELECT u.id, count(e.id) FROM users u JOIN events e ON e.user_id = u.id GROUP BY u.id",
    ),
    "filter from ON to WHERE": (
        "SELECT u.id, e.id FROM users u LEFT JOIN events e ON e.user_id = u.id AND e.kind = 'pay'",
        "SELECT u.id, e.id FROM users u LEFT JOIN events e ON e.user_id = u.id WHERE e.kind = 'pay'",
    ),
    "join condition dropped": (
        "SELECT u.id FROM users u JOIN events e ON e.user_id = u.id AND e.happened::DATE = u.signup",
        "SELECT u.id FROM users u JOIN events e ON e.user_id = u.id",
    ),
    "DISTINCT": ("SELECT count(DISTINCT user_id) FROM events", "SELECT count(user_id) FROM events"),
    "COUNT of a column": ("SELECT count(*) FROM events", "SELECT count(amount) FROM events"),
    "boundary": (
        "SELECT count(*) FROM events WHERE amount >= 100",
        "SELECT count(*) FROM events WHERE amount > 100",
    ),
    "last day cut at midnight": (
        "SELECT count(*) FROM events WHERE happened >= '2024-05-01' AND happened < '2024-06-01'",
        "SELECT count(*) FROM events WHERE happened BETWEEN '2024-05-01' AND '2024-05-31'",
    ),
    "AND for OR": (
        "SELECT id FROM events WHERE kind = 'pay' OR amount > 5",
        "SELECT id FROM events WHERE kind = 'pay' AND amount > 5",
    ),
    "brackets around OR": (
        "SELECT id FROM events WHERE (kind = 'pay' OR kind = 'view') AND amount > 5",
        "SELECT id FROM events WHERE kind = 'pay' OR kind = 'view' AND amount > 5",
    ),
    "NOT IN with NULL": (
        "SELECT id FROM users u WHERE NOT EXISTS (SELECT 1 FROM banned b WHERE b.user_id = u.id)",
        "SELECT id FROM users WHERE id NOT IN (SELECT user_id FROM banned)",
    ),
    "NULL counts as different": (
        "SELECT id FROM events WHERE kind IS DISTINCT FROM 'pay'",
        "SELECT id FROM events WHERE kind <> 'pay'",
    ),
    "window frame": (
        "SELECT id, sum(amount) OVER (ORDER BY id ROWS BETWEEN 2 PRECEDING AND CURRENT ROW) FROM events",
        "SELECT id, sum(amount) OVER (ORDER BY id) FROM events",
    ),
    "frame of RANGE": (
        "SELECT id, sum(amount) OVER (ORDER BY happened, id ROWS UNBOUNDED PRECEDING) FROM events",
        "SELECT id, sum(amount) OVER (ORDER BY happened) FROM events",
    ),
    "PARTITION BY missing": (
        "SELECT id, row_number() OVER (PARTITION BY user_id ORDER BY id) FROM events",
        "SELECT id, row_number() OVER (ORDER BY id) FROM events",
    ),
    "rank and dense_rank": (
        "SELECT id, dense_rank() OVER (ORDER BY amount) FROM events",
        "SELECT id, rank() OVER (ORDER BY amount) FROM events",
    ),
    "UNION ALL": (
        "SELECT user_id FROM events UNION SELECT id FROM users",
        "SELECT user_id FROM events UNION ALL SELECT id FROM users",
    ),
    "HAVING for WHERE": (
        "SELECT user_id, sum(amount) FROM events GROUP BY user_id HAVING sum(amount) > 10",
        "SELECT user_id, sum(amount) FROM events WHERE amount > 10 GROUP BY user_id",
    ),
    "group threshold": (
        "SELECT user_id FROM events GROUP BY user_id HAVING count(*) >= 5",
        "SELECT user_id FROM events GROUP BY user_id HAVING count(*) > 5",
    ),
    "ties under LIMIT": (
        "SELECT id FROM events WHERE amount = (SELECT max(amount) FROM events)",
        "SELECT id FROM events WHERE amount IS NOT NULL ORDER BY amount DESC, id LIMIT 1",
    ),
    "second value or second row": (
        "SELECT max(amount) FROM events WHERE amount < (SELECT max(amount) FROM events)",
        "SELECT (SELECT amount FROM events WHERE amount IS NOT NULL ORDER BY amount DESC LIMIT 1 OFFSET 1)",
    ),
    "versions as text": (
        "SELECT max(CAST(version AS INTEGER)) FROM events",
        "SELECT CAST(max(version) AS INTEGER) FROM events",
    ),
    "case of text": (
        "SELECT count(*) FROM events WHERE lower(kind) = 'pay'",
        "SELECT count(*) FROM events WHERE kind = 'pay'",
    ),
    "ratio of means": (
        "SELECT sum(amount) / count(*) FROM events",
        "SELECT avg(m) FROM (SELECT avg(amount) AS m FROM events GROUP BY user_id)",
    ),
    "whole-number division": (
        "SELECT count(amount) / count(*) FROM events",
        "SELECT count(amount) // count(*) FROM events",
    ),
    "month without its year": (
        "SELECT date_trunc('month', happened), count(*) FROM events GROUP BY ALL",
        "SELECT make_date(2024, month(happened), 1), count(*) FROM events GROUP BY ALL",
    ),
    "fan-out": (
        "SELECT count(*) FROM users",
        "SELECT count(u.id) FROM users u LEFT JOIN events e ON e.user_id = u.id",
    ),
    "next day": (
        f"{PAIRS} AND b.happened::DATE = a.happened::DATE + 1",
        f"{PAIRS} AND b.happened::DATE > a.happened::DATE",
    ),
    "a month is not 30 days": (
        "SELECT count(*) FROM events WHERE happened >= TIMESTAMP '2024-06-30' - INTERVAL 30 DAY",
        "SELECT count(*) FROM events WHERE happened >= TIMESTAMP '2024-06-30' - INTERVAL 1 MONTH",
    ),
    "gap between visits": (f"{GAPS} WHERE gap > 30", f"{GAPS} WHERE gap >= 30"),
    "whole-number division in a filter": (
        "SELECT id FROM events WHERE CAST(amount AS INTEGER) // 100 = 5",
        "SELECT id FROM events WHERE CAST(amount AS INTEGER) / 100 = 5",
    ),
    "year of birth is not age": (
        "SELECT id FROM users WHERE signup <= DATE '2024-09-01' - INTERVAL 18 YEAR",
        "SELECT id FROM users WHERE 2024 - year(signup) >= 18",
    ),
    "pattern without its end": (
        "SELECT id FROM events WHERE regexp_matches(kind, '^/p/[0-9]+$')",
        "SELECT id FROM events WHERE regexp_matches(kind, '^/p/[0-9]+')",
    ),
    "hard-coded answer": ("SELECT count(*) AS sessions FROM events", "SELECT 7238 AS sessions"),
    "columns swapped": ("SELECT id, user_id FROM events", "SELECT user_id, id FROM events"),
    "column missing": ("SELECT id, user_id FROM events", "SELECT id FROM events"),
}


@pytest.mark.parametrize("name", MISTAKES)
def test_mistake_is_shown(name: str):
    """A classic mistake is told from the right answer on a handful of rows."""
    evidence = compare(*MISTAKES[name])

    assert "different" == evidence.outcome
    assert evidence.counterexample is not None
    assert 1 <= evidence.counterexample.n_rows <= 12
    assert evidence.words == evidence.counterexample.words


FIRSTS = "SELECT user_id, happened FROM events WHERE happened IS NOT NULL"
SAME = {
    "aliases": (
        "SELECT u.id AS a FROM users u WHERE u.id > 1",
        "SELECT x.id AS b FROM users x WHERE x.id > 1",
    ),
    "order of CTEs": (
        "WITH a AS (SELECT 1 AS n), b AS (SELECT count(*) AS m FROM users) SELECT n, m FROM a, b",
        "WITH b AS (SELECT count(*) AS m FROM users), a AS (SELECT 1 AS n) SELECT n, m FROM b, a",
    ),
    "joins commuted": (
        "SELECT u.id, e.id FROM users u JOIN events e ON u.id = e.user_id",
        "SELECT u.id, e.id FROM events e JOIN users u ON e.user_id = u.id",
    ),
    "left as right": (
        "SELECT u.id, e.id FROM users u LEFT JOIN events e ON u.id = e.user_id",
        "SELECT u.id, e.id FROM events e RIGHT JOIN users u ON e.user_id = u.id",
    ),
    "predicates commuted": (
        "SELECT id FROM events WHERE amount > 3 AND kind = 'pay'",
        "SELECT id FROM events WHERE 'pay' = kind AND 3 < amount",
    ),
    "De Morgan": (
        "SELECT id FROM events WHERE NOT (amount > 3 OR kind = 'pay')",
        "SELECT id FROM events WHERE amount <= 3 AND kind <> 'pay'",
    ),
    "BETWEEN": (
        "SELECT id FROM events WHERE amount BETWEEN 2 AND 4",
        "SELECT id FROM events WHERE amount >= 2 AND amount <= 4",
    ),
    "DISTINCT as GROUP BY": ("SELECT DISTINCT kind FROM events", "SELECT kind FROM events GROUP BY kind"),
    "IN as semi-join": (
        "SELECT id FROM users WHERE id IN (SELECT user_id FROM events)",
        "SELECT u.id FROM users u WHERE EXISTS (SELECT 1 FROM events e WHERE e.user_id = u.id)",
    ),
    "average as ratio": (
        "SELECT user_id, avg(amount) FROM events GROUP BY user_id",
        "SELECT user_id, sum(amount) / count(amount) FROM events GROUP BY user_id",
    ),
    "date or midnight": ("SELECT signup FROM users", "SELECT CAST(signup AS TIMESTAMP) FROM users"),
    "integer or float": ("SELECT count(*) FROM users", "SELECT CAST(count(*) AS DOUBLE) FROM users"),
    "count of a key": ("SELECT count(*) FROM users", "SELECT count(DISTINCT id) FROM users"),
    "join to a parent": (
        "SELECT count(*) FROM events WHERE user_id IS NOT NULL",
        "SELECT count(*) FROM events e JOIN users u ON u.id = e.user_id",
    ),
    "half-open month": (
        "SELECT count(*) FROM events WHERE happened >= '2024-05-01' AND happened < '2024-06-01'",
        "SELECT count(*) FROM events WHERE date_trunc('month', happened) = '2024-05-01'",
    ),
    "first row by window": (
        "SELECT user_id, min(happened) FROM events WHERE happened IS NOT NULL GROUP BY user_id",
        f"{FIRSTS} QUALIFY row_number() OVER (PARTITION BY user_id ORDER BY happened) = 1",
    ),
}


@pytest.mark.parametrize("name", SAME)
def test_same_answer_passes(name: str):
    """Another way to write the same answer is never refused, whichever of the two is the reference."""
    one, other = SAME[name]

    assert "no difference found" == compare(one, other).outcome
    assert "no difference found" == compare(other, one).outcome


def test_any_tied_row_passes():
    """LIMIT through a tie is right with any of the tied rows, unless the reference says which."""
    any_row = "SELECT id FROM events ORDER BY amount LIMIT 1"
    one_row = "SELECT id FROM events ORDER BY amount, id DESC LIMIT 1"

    assert "no difference found" == compare(any_row, one_row).outcome
    assert "not deterministic" == compare(one_row, any_row).outcome


def test_unordered_is_wrong_where_order_is_asked():
    """Where the order is asked for, rows in another one are a difference, and ties may fall as they like."""
    reference = "SELECT id, amount FROM events ORDER BY amount"

    assert "different" == compare(reference, "SELECT id, amount FROM events", ordered=True).outcome
    tied = compare(reference, "SELECT id, amount FROM events ORDER BY amount, id DESC", ordered=True)
    assert "no difference found" == tied.outcome
    assert "no difference found" == compare(reference, "SELECT id, amount FROM events").outcome


def test_hidden_order_key_counts():
    """A column that is ordered by and not shown decides the order all the same."""
    reference = "SELECT id FROM events ORDER BY happened DESC"
    evidence = compare(reference, "SELECT id FROM events ORDER BY happened", ordered=True)

    assert "different" == evidence.outcome
    assert "The rows are right, but they come in the wrong order." == evidence.words


def test_columns_go_by_name():
    """Columns in another order pass when they go by name, and only then."""
    one, other = "SELECT id, user_id FROM events", "SELECT user_id, id FROM events"

    assert "no difference found" == compare(one, other, by_name=True).outcome
    assert "different" == compare(one, other).outcome


@pytest.mark.parametrize("call", ["random()", "now()", "CURRENT_DATE", "uuid()"])
def test_answer_by_lot_is_named(call: str):
    """A query that answers by the clock or by lot is named as such."""
    evidence = compare("SELECT id FROM events", f"SELECT id FROM events WHERE {call} IS NOT NULL")

    assert "not deterministic" == evidence.outcome
    assert call.lower() in evidence.words


def test_row_order_is_no_evidence():
    """A query that leans on the order the rows lie in is told so, and is not shown a chance difference."""
    evidence = compare(
        "SELECT id, lag(id) OVER (ORDER BY id) FROM events", "SELECT id, lag(id) OVER () FROM events"
    )

    assert "not deterministic" == evidence.outcome
    assert "order in which the rows happen to lie" in evidence.words
