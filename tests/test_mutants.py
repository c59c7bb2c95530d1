"""Mutants of a query: each makes one typical mistake, runs or is refused, and says what the mistake is."""

from __future__ import annotations

import hashlib

import duckdb
import pytest

from casekit.judge.mutants import mutants_of
from casekit.judge.mutants.tags import CATALOGUE, SLIPS

SHOP = """
CREATE TABLE visits AS SELECT * FROM (VALUES (1, 'web', DATE '2025-03-01'), (2, 'app', DATE '2025-03-02'),
    (3, 'app', DATE '2025-03-09'), (4, NULL, DATE '2025-03-10')) AS t(visit_id, device, day);
CREATE TABLE orders AS
    SELECT * FROM (VALUES (1, 1, 10.0), (2, 1, 20.0), (3, 3, 5.0)) AS t(order_id, visit_id, eur);
CREATE TABLE seen AS SELECT * FROM (VALUES ('web', 8), (NULL, NULL)) AS t(device, seconds);
CREATE VIEW days AS FROM visits;
CREATE TABLE moments AS SELECT TIMESTAMP '2025-03-01 08:00' + to_hours(range) AS moment FROM range(20);
"""
MISTAKES = {
    "join kind": "SELECT v.visit_id, o.eur FROM visits v LEFT JOIN orders o USING (visit_id)",
    "join condition dropped": "SELECT count(*) AS n FROM visits v JOIN orders o ON v.visit_id = o.visit_id",
    "filter moved from WHERE to ON": """
        SELECT v.visit_id, o.eur FROM visits v LEFT JOIN orders o ON v.visit_id = o.visit_id
        WHERE o.eur > 6""",
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
    "DISTINCT put into a count": "SELECT count(visit_id) AS n FROM orders",
    "DISTINCT put in": "SELECT visit_id FROM orders",
    "filter of a count dropped": "SELECT count(*) FILTER (WHERE eur > 6) AS n FROM orders",
    "filter on ranked rows dropped": """
        SELECT order_id FROM orders QUALIFY row_number() OVER (PARTITION BY visit_id ORDER BY eur) = 1""",
    "between taken half open": "SELECT visit_id FROM visits WHERE visit_id BETWEEN 2 AND 4",
    "condition turned round": "SELECT visit_id FROM visits WHERE device = 'app'",
    "value missing from a list": "SELECT visit_id FROM visits WHERE device IN ('web', 'app')",
    "nullif left out": "SELECT 100 / nullif(visit_id - 1, 0) AS x FROM visits",
    "cast left out": "SELECT count(DISTINCT moment::DATE) AS n FROM moments",
    "share for percent": "SELECT 100.0 * count(*) FILTER (WHERE device = 'app') / count(*) AS p FROM visits",
    "whole-number division": "SELECT count(device) / count(*) AS share FROM visits",
    "another statistic": "SELECT median(eur) AS eur FROM orders",
    "lag and lead confused": "SELECT order_id, lag(eur) OVER (ORDER BY order_id) AS before FROM orders",
    "ties ranked otherwise": "SELECT order_id, rank() OVER (ORDER BY visit_id) AS place FROM orders",
    "window frame missing": """
        SELECT order_id, sum(eur) OVER (ORDER BY order_id ROWS BETWEEN 1 PRECEDING AND CURRENT ROW) AS s
        FROM orders""",
    "ROWS and RANGE confused": """
        SELECT order_id, sum(eur) OVER (ORDER BY visit_id ROWS UNBOUNDED PRECEDING) AS s FROM orders""",
    "span off by one": "SELECT visit_id FROM visits WHERE day < DATE '2025-03-01' + INTERVAL 8 DAY",
    "test for NULL turned round": "SELECT visit_id FROM visits WHERE device IS NULL",
    "test for a match turned round": "SELECT visit_id FROM visits SEMI JOIN orders USING (visit_id)",
    "NOT IN for NOT EXISTS": "SELECT visit_id FROM visits ANTI JOIN seen USING (device)",
    "count() for count_if()": "SELECT count_if(eur > 6) AS n FROM orders",
    "DISTINCT put into a sum": "SELECT sum(visit_id) AS s FROM orders",
    "mean of ratios": "SELECT avg(eur / order_id) AS eur FROM orders",
    "alternative left out": "SELECT visit_id FROM visits WHERE device = 'app' OR device IS NULL",
    "missing values compared": "SELECT visit_id FROM visits WHERE device IS DISTINCT FROM 'app'",
    "filter on rows put on groups": "SELECT visit_id, count(*) AS n FROM orders WHERE eur > 12 GROUP BY 1",
    "filter on groups put on rows": "SELECT visit_id FROM orders GROUP BY 1 HAVING sum(eur) > 25",
    "ORDER BY of a window missing": "SELECT order_id, sum(eur) OVER (ORDER BY order_id) AS s FROM orders",
    "first and last confused": """
        SELECT order_id, first_value(eur) OVER (PARTITION BY visit_id ORDER BY order_id) AS f FROM orders""",
    "LIMIT left out": "SELECT order_id FROM orders ORDER BY order_id LIMIT 1",
    "ties kept at a LIMIT": "SELECT order_id FROM orders ORDER BY visit_id LIMIT 1",
    "LIMIT cuts through equals": "SELECT order_id FROM orders QUALIFY rank() OVER (ORDER BY visit_id) <= 1",
    "missing value taken as 0": "SELECT avg(length(device)) AS l, avg(seconds) AS s FROM seen",
    "date_diff for date_sub": """
        SELECT date_diff('day', TIMESTAMP '2025-02-28 12:00', moment) AS days FROM moments""",
}
# Mistakes that can be made at several places or in several ways: the kind, a query, and one of its mutants.
VARIANTS = [
    ("join kind", "SELECT * FROM visits LEFT OUTER JOIN orders USING (visit_id)", "visits JOIN orders"),
    ("join kind", "SELECT * FROM visits FULL OUTER JOIN orders USING (visit_id)", "visits JOIN orders"),
    ("join kind", "SELECT * FROM visits INNER JOIN orders USING (visit_id)", "visits LEFT JOIN orders"),
    ("join kind", "SELECT visit_id FROM visits SEMI JOIN orders USING (visit_id)", "visits JOIN orders"),
    ("join condition dropped", "SELECT count(*) FROM visits JOIN orders USING (visit_id)", "orders ON TRUE"),
    (
        "join condition dropped",
        "SELECT count(*) FROM visits v JOIN orders o ON v.visit_id = o.visit_id AND o.eur > 6",
        "ON o.eur > 6",
    ),
    ("filter dropped", "SELECT 1 FROM orders WHERE eur > 6 AND (eur < 9 OR visit_id = 1)", "WHERE eur > 6"),
    (
        "filter dropped",
        "SELECT 1 FROM orders WHERE eur > 6 AND (eur < 9 OR visit_id = 1)",
        "WHERE eur < 9 OR visit_id = 1",
    ),
    (
        "between taken half open",
        "SELECT 1 FROM orders WHERE NOT eur BETWEEN 1 AND 5",
        "NOT (eur >= 1 AND eur < 5)",
    ),
    ("value missing from a list", "SELECT 1 FROM orders WHERE eur NOT IN (5, 10)", "NOT eur IN (5)"),
    ("value missing from a list", "SELECT 1 FROM orders WHERE eur NOT IN (5, 10)", "NOT eur IN (10)"),
    (
        "AND and OR confused",
        "SELECT 1 FROM orders WHERE eur = 5 OR eur = 10 OR visit_id = 1",
        "(eur = 5 OR eur = 10) AND visit_id = 1",
    ),
    ("AND and OR confused", "SELECT 1 FROM orders WHERE eur > 5 AND eur < 9", "(eur > 5 OR eur < 9)"),
    ("test for NULL turned round", "SELECT 1 FROM visits WHERE device IS NOT NULL", "WHERE device IS NULL"),
    ("test for NULL turned round", "SELECT 1 FROM visits WHERE device IS NULL", "WHERE NOT device IS NULL"),
    (
        "share for percent",
        "SELECT sum(eur) / count(*) * 100 AS p FROM orders",
        "SELECT SUM(eur) / COUNT(*) AS p",
    ),
    ("another statistic", "SELECT min(eur) FROM orders", "MAX(eur)"),
    ("another statistic", "SELECT max(eur) FROM orders", "MIN(eur)"),
    ("another statistic", "SELECT avg(eur) FROM orders", "MEDIAN(eur)"),
    ("another statistic", "SELECT stddev_samp(eur) FROM orders", "STDDEV_POP(eur)"),
    (
        "lag and lead confused",
        "SELECT lead(eur, 2, 0) OVER (ORDER BY order_id) FROM orders",
        "LAG(eur, 2, 0)",
    ),
    (
        "lag and lead confused",
        "SELECT lag(eur IGNORE NULLS) OVER (ORDER BY eur) FROM orders",
        "LEAD(eur IGNORE",
    ),
    ("ties ranked otherwise", "SELECT row_number() OVER (ORDER BY eur) FROM orders", "RANK() OVER"),
    ("ties ranked otherwise", "SELECT dense_rank() OVER (ORDER BY eur) FROM orders", "SELECT RANK() OVER"),
    ("span off by one", "SELECT day + INTERVAL '7 days' FROM visits", "INTERVAL '8' DAYS"),
    ("span off by one", "SELECT day + INTERVAL '7 days' FROM visits", "INTERVAL '6' DAYS"),
    ("date off by one", "SELECT 1 FROM moments WHERE moment < '2025-03-01 12:00'", "'2025-02-28 12:00'"),
    ("cast left out", "SELECT try_cast(device AS INTEGER) FROM visits", "SELECT device"),
    ("LIMIT off by one", "SELECT order_id FROM orders ORDER BY eur LIMIT 2", "LIMIT 3"),
    ("LIMIT off by one", "SELECT order_id FROM orders ORDER BY eur LIMIT 2", "LIMIT 1"),
    ("join kind", "SELECT * FROM visits FULL JOIN orders USING (visit_id)", "visits LEFT JOIN orders"),
    ("join kind", "SELECT * FROM visits FULL JOIN orders USING (visit_id)", "visits RIGHT JOIN orders"),
    (
        "filter moved from WHERE to ON",
        "SELECT v.visit_id FROM visits v LEFT JOIN orders o USING (visit_id) WHERE o.eur > 6",
        "LEFT JOIN (SELECT * FROM orders AS o WHERE o.eur > 6) AS o USING (visit_id)",
    ),
    (
        "test for a match turned round",
        "SELECT 1 FROM visits v WHERE EXISTS (FROM orders o WHERE o.visit_id = v.visit_id)",
        "NOT EXISTS(",
    ),
    (
        "test for a match turned round",
        "SELECT 1 FROM visits WHERE visit_id NOT IN (SELECT visit_id FROM orders)",
        "WHERE visit_id IN (SELECT",
    ),
    (
        "NOT IN for NOT EXISTS",
        "SELECT 1 FROM visits v WHERE NOT EXISTS (FROM seen s WHERE s.device = v.device AND s.seconds > 1)",
        "NOT v.device IN (SELECT s.device FROM seen AS s WHERE s.seconds > 1)",
    ),
    (
        "NOT IN for NOT EXISTS",
        "SELECT 1 FROM visits v ANTI JOIN seen s ON s.device = v.device",
        "FROM visits AS v WHERE NOT v.device IN (SELECT s.device FROM seen AS s)",
    ),
    (
        "count() for count_if()",
        "SELECT count(CASE WHEN eur > 6 THEN 1 END) FROM orders",
        "COUNT(CASE WHEN eur > 6 THEN 1 ELSE 0 END)",
    ),
    ("DISTINCT put into a count", "SELECT count(*), max(visit_id) FROM orders", "COUNT(DISTINCT visit_id)"),
    (
        "filter of a count dropped",
        "SELECT count_if(eur > 6 AND visit_id = 1) FROM orders",
        "COUNT_IF(eur > 6)",
    ),
    (
        "filter of a count dropped",
        "SELECT sum(CASE WHEN eur > 6 AND visit_id = 1 THEN eur END) FROM orders",
        "SUM(CASE WHEN visit_id = 1 THEN eur END)",
    ),
    ("another statistic", "SELECT arg_max(order_id, eur) FROM orders", "ARG_MIN(order_id, eur)"),
    ("another statistic", "SELECT bool_or(eur > 6) FROM orders", "BOOL_AND("),
    ("another statistic", "SELECT median(eur) FROM orders", "AVG(eur)"),
    (
        "ratio of means",
        "SELECT 100.0 * sum(eur) / sum(order_id + 1) FROM orders",
        "100.0 * AVG(eur / (order_id + 1))",
    ),
    (
        "whole-number division",
        "SELECT 100 * count(device) / count(*) FROM visits",
        "100 * (COUNT(device) // COUNT(*))",
    ),
    ("alternative left out", "SELECT 1 FROM orders WHERE eur < 6 OR eur > 12", "WHERE eur > 12"),
    ("ties ranked otherwise", "SELECT rank() OVER (ORDER BY eur) FROM orders", "ROW_NUMBER() OVER"),
    (
        "PARTITION BY missing",
        "SELECT count(*) OVER (PARTITION BY visit_id, eur) FROM orders",
        "OVER (PARTITION BY eur)",
    ),
    (
        "ROWS and RANGE confused",
        "SELECT sum(eur) OVER (ORDER BY visit_id) FROM orders",
        "ROWS BETWEEN UNBOUNDED",
    ),
    (
        "ROWS and RANGE confused",
        "SELECT sum(1) OVER (ORDER BY day RANGE BETWEEN INTERVAL 2 DAY PRECEDING AND CURRENT ROW) FROM days",
        "ROWS BETWEEN 2 PRECEDING",
    ),
    ("first and last confused", "SELECT last_value(eur) OVER (ORDER BY eur) FROM orders", "FIRST_VALUE(eur)"),
    (
        "ties kept at a LIMIT",
        "SELECT order_id FROM orders ORDER BY eur DESC LIMIT 2",
        "QUALIFY RANK() OVER (ORDER BY eur DESC) <= 2",
    ),
    (
        "LIMIT cuts through equals",
        "SELECT order_id FROM orders QUALIFY rank() OVER (ORDER BY eur DESC) < 3",
        "ORDER BY eur DESC LIMIT 2",
    ),
    ("date cut to another length", "SELECT extract(month FROM day) FROM visits", "EXTRACT(WEEK FROM day)"),
    ("date cut to another length", "SELECT week(day) FROM visits", "MONTH(day)"),
    ("coalesce left out", "SELECT coalesce(eur - 1, 0) * 2 FROM orders", "(eur - 1) * 2"),
]
# What leaving a cast out means, by what is cast to what and what for: a query and the tag.
CASTS = [
    ("SELECT count(DISTINCT moment::DATE) FROM moments", "wrong_clock"),
    ("SELECT device FROM visits ORDER BY device::INTEGER LIMIT 1", "text_order"),
    ("SELECT max(device::INTEGER) FROM visits", "text_order"),
    ("SELECT device FROM visits WHERE device::DOUBLE > 5", "text_order"),
    ("SELECT (eur / 3)::INTEGER FROM orders", "integer_division"),
    ("SELECT sum(eur)::BIGINT FROM orders", "integer_division"),
    ("SELECT device::INTEGER FROM visits", "wrong_type"),
    ("SELECT device::VARCHAR FROM visits ORDER BY device::VARCHAR", "wrong_type"),
]


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
    assert all(mutant.say.endswith(".") for mutant in made)
    assert set() == {mutant.tag for mutant in made} - set(CATALOGUE) - set(SLIPS)


@pytest.mark.parametrize(("kind", "sql", "part"), VARIANTS)
def test_mistake_has_this_form(kind: str, sql: str, part: str):
    """The mistake is made as a person would make it, and the query that makes it runs."""
    made = [mutant.sql for mutant in mutants_of(sql) if mutant.kind == kind and part in mutant.sql]

    assert made
    with duckdb.connect() as con:
        con.execute(SHOP)
        assert all(con.execute(mutant).description for mutant in made)


def test_every_kind_is_tried():
    """Each kind of mistake a family makes has its query here."""
    made = {
        mutant.kind
        for sql in [*MISTAKES.values(), *(sql for _, sql, _ in VARIANTS)]
        for mutant in mutants_of(sql)
    }

    assert set(MISTAKES) == made


@pytest.mark.parametrize(("sql", "tag"), CASTS)
def test_cast_has_own_tag(sql: str, tag: str):
    """Text order is told only where text is put in order; another cast left out is another mistake."""
    assert {tag} == {mutant.tag for mutant in mutants_of(sql) if mutant.kind == "cast left out"}


def test_words_give_nothing_away():
    """What a learner is told names no table, column or value of the reference."""
    secret = "SELECT qqa, count(*) FROM qqt JOIN qqu USING (qqk) WHERE qqb = 'qqv' AND qqd > 7351 GROUP BY 1"
    words = " ".join(mutant.say for mutant in mutants_of(secret))

    assert words
    assert "qq" not in words
    assert "7351" not in words


def test_plain_order_may_stay():
    """Where no order is asked for, an ORDER BY that decides nothing else is nothing to get wrong."""
    plain = "SELECT order_id FROM orders ORDER BY eur"
    limited = "SELECT order_id FROM orders ORDER BY eur LIMIT 1"

    assert "order turned round" in {mutant.kind for mutant in mutants_of(plain)}
    assert "order turned round" not in {mutant.kind for mutant in mutants_of(plain, ordered=False)}
    assert "order turned round" in {mutant.kind for mutant in mutants_of(limited, ordered=False)}


def test_id_names_kind_and_query():
    """A mutant is named by its kind and its query: the same today and tomorrow, and no two alike."""
    made = mutants_of("SELECT count(*) AS n FROM visits v JOIN orders o ON v.visit_id = o.visit_id")
    (kind,) = [mutant for mutant in made if mutant.kind == "join kind"]

    assert f"join-kind-{hashlib.sha256(kind.sql.encode()).hexdigest()[:8]}" == kind.id
    assert len(made) == len({mutant.id for mutant in made})


@pytest.mark.parametrize(
    "sql", ["SELECT 1 LIMIT (SELECT 2)", "SELECT 1 LIMIT 1.5", "SELECT DATE '2025-03-01'"]
)
def test_strange_values_stay(sql: str):
    """A LIMIT that is no whole number, and the type of a written date, are nothing to get wrong."""
    kinds = {mutant.kind for mutant in mutants_of(sql)}

    assert kinds.isdisjoint({"LIMIT off by one", "cast left out"})


def test_unreadable_has_none():
    """What cannot be parsed has no mutants, and is no error."""
    assert () == mutants_of("SELEC nonsense FROM (")
