"""Mutants of a query: each makes one typical mistake, runs or is refused, and says what the mistake is."""

from __future__ import annotations

import duckdb
import pytest

from casekit.judge.mutants import mutants_of

SHOP = """
CREATE TABLE visits AS SELECT * FROM (VALUES (1, 'web', DATE '2025-03-01'), (2, 'app', DATE '2025-03-02'),
    (3, 'app', DATE '2025-03-09'), (4, NULL, DATE '2025-03-10')) AS t(visit_id, device, day);
CREATE TABLE orders AS
    SELECT * FROM (VALUES (1, 1, 10.0), (2, 1, 20.0), (3, 3, 5.0)) AS t(order_id, visit_id, eur);
"""
MISTAKES = {
    "join kind": "SELECT v.visit_id, o.eur FROM visits v LEFT JOIN orders o USING (visit_id)",
    "join condition dropped": "SELECT count(*) AS n FROM visits v JOIN orders o ON v.visit_id = o.visit_id",
    "filter moved from ON to WHERE": """
        SELECT v.visit_id, o.eur FROM visits v LEFT JOIN orders o ON v.visit_id = o.visit_id AND o.eur > 6""",
    "DISTINCT left out of a count": "SELECT count(DISTINCT visit_id) AS n FROM orders",
    "count(*) for count(column)": "SELECT count(device) AS n FROM visits",
    "count(column) for count(*)": "SELECT device, count(*) AS n FROM visits GROUP BY device",
    "DISTINCT left out": "SELECT DISTINCT visit_id FROM orders",
    "filter dropped": "SELECT visit_id FROM visits WHERE device = 'app' AND day > DATE '2025-03-02'",
    "filter on groups dropped": "SELECT visit_id FROM orders GROUP BY visit_id HAVING count(*) > 1",
    "comparison off by one boundary": "SELECT visit_id FROM visits WHERE day > DATE '2025-03-02'",
    "AND and OR confused": "SELECT visit_id FROM visits WHERE device = 'app' AND visit_id = 1",
    "PARTITION BY missing": """
        SELECT order_id, row_number() OVER (PARTITION BY visit_id ORDER BY order_id) AS nth FROM orders""",
    "window frame off by one": """
        SELECT order_id, sum(eur) OVER (ORDER BY order_id ROWS BETWEEN 1 PRECEDING AND CURRENT ROW) AS s
        FROM orders""",
    "order turned round": "SELECT order_id FROM orders QUALIFY row_number() OVER (ORDER BY eur DESC) = 1",
    "date cut to another length": "SELECT DISTINCT date_trunc('week', day) AS d FROM visits",
    "coalesce left out": "SELECT visit_id, coalesce(device, 'none') AS device FROM visits",
    "ratio of means": "SELECT sum(eur) / sum(order_id) AS eur_per_order FROM orders",
    "UNION and UNION ALL confused": "SELECT visit_id FROM visits UNION SELECT visit_id FROM orders",
    "LIMIT off by one": "SELECT order_id FROM orders ORDER BY order_id LIMIT 1",
    "date off by one": "SELECT visit_id FROM visits WHERE day >= '2025-03-09'",
}


def result(con: duckdb.DuckDBPyConnection, sql: str) -> list[str]:
    return sorted(map(repr, con.execute(sql).fetchall()))


@pytest.mark.parametrize("kind", MISTAKES)
def test_mistake_changes_result(kind: str):
    """A query that can be got wrong in this way has a mutant of this kind with another result."""
    sql = MISTAKES[kind]
    with duckdb.connect() as con:
        con.execute(SHOP)
        right = result(con, sql)
        made = [mutant for mutant in mutants_of(sql) if mutant.kind == kind]

        assert made
        assert any(right != result(con, mutant.sql) for mutant in made)


@pytest.mark.parametrize("sql", MISTAKES.values())
def test_mutants_are_apart(sql: str):
    """No two mutants are the same text, none is the query itself, and each has its words and its tag."""
    made = mutants_of(sql)

    assert len(made) == len({mutant.sql for mutant in made})
    assert all(mutant.say.endswith(".") and mutant.tag for mutant in made)


def test_unreadable_has_none():
    """What cannot be parsed has no mutants, and is no error."""
    assert () == mutants_of("SELEC nonsense FROM (")
