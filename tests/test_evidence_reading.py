"""Queries read for their clues: conditions as functions, boundaries, patterns, the second row of a window."""

from __future__ import annotations

import re
from datetime import date, datetime

import duckdb
import pytest

from casekit.judge.evidence import Schema
from casekit.judge.evidence.clues import Clues
from casekit.judge.evidence.evaluating import expression
from casekit.judge.evidence.expressions import Expression
from casekit.judge.evidence.nodes import parsed
from casekit.judge.evidence.operations import UnreadError
from casekit.judge.evidence.patterns import delimited, matching
from casekit.judge.evidence.reading import clues_of
from casekit.judge.evidence.turning import turning_points

SCHEMA = Schema.from_ddl("CREATE TABLE visits (person INTEGER, seen TIMESTAMP, page VARCHAR, n INTEGER)")
ROW = {
    "i": 7,
    "z": 0,
    "x": 2.5,
    "t": "Ab-c 1",
    "d": date(2024, 2, 29),
    "m": datetime(2024, 5, 15, 13, 45, 30),
    "b": True,
    "u": None,
}
TYPES = {
    "i": "INTEGER",
    "z": "INTEGER",
    "x": "DOUBLE",
    "t": "VARCHAR",
    "d": "DATE",
    "m": "TIMESTAMP",
    "b": "BOOLEAN",
    "u": "INTEGER",
}
EXPRESSIONS = [
    "i + x * 2 - z", "i / 2", "i // 2", "i % 4", "-i", "u + 1", "i > 3 AND u > 1", "i > 3 OR u > 1",
    "NOT (u > 1)", "i BETWEEN 7 AND 9", "i IN (1, 7)", "u IN (1, 7)", "i IN (1, NULL)", "u IS NULL",
    "u IS DISTINCT FROM i", "coalesce(u, i)", "nullif(i, 7)", "greatest(i, u, z)", "least(i, z)", "abs(-i)",
    "round(x)", "floor(x)", "ceil(x)", "CASE WHEN u > 1 THEN 1 WHEN i > 1 THEN 2 ELSE 3 END",
    "CASE WHEN z = 1 THEN 1 END", "lower(t)", "upper(t)", "length(t)", "left(t, 2)", "right(t, 3)",
    "substring(t, 2, 3)", "t LIKE 'A_-%'", "t ILIKE 'ab%'", "starts_with(t, 'A')", "ends_with(t, '1')",
    "contains(t, '-c')", "regexp_matches(t, '^[A-Z]b')", "split_part(t, '-', 2)", "split_part(t, '-', 9)",
    "t || '!'", "year(d)", "month(m)", "day(d)", "quarter(m)", "dayofweek(d)", "isodow(DATE '2024-05-19')",
    "hour(m)", "d + 1", "d - DATE '2024-01-01'", "d + INTERVAL 1 MONTH = DATE '2024-03-29'",
    "d > '2024-02-28'", "m - INTERVAL 2 HOUR", "m - TIMESTAMP '2024-05-15 00:00:00' > INTERVAL 13 HOUR",
    "date_trunc('month', m) < m", "date_trunc('week', m) = TIMESTAMP '2024-05-13'",
    "date_trunc('quarter', d) = DATE '2024-01-01'",
    "date_trunc('hour', m) = TIMESTAMP '2024-05-15 13:00:00'", "date_diff('day', d, m::DATE)",
    "last_day(d)", "CAST(m AS DATE)", "CAST(x AS INTEGER)", "TRY_CAST(t AS INTEGER)",
    "strftime(d, '%Y-%m')", "extract(month FROM d)",
]  # fmt: skip


def read(sql: str) -> Expression:
    """The expression *sql* over the columns of ROW, each a leaf of its own."""

    def leaf(node: object) -> Expression:
        place = (0, list(ROW).index(node.name))  # type: ignore[attr-defined]
        return Expression(lambda values: values[place], frozenset({place}))

    return expression(parsed(f"SELECT {sql}").expressions[0], leaf)


def clues(sql: str) -> Clues:
    """What one query on the visits gives away."""
    return clues_of([parsed(sql)], SCHEMA)


@pytest.mark.parametrize("sql", EXPRESSIONS)
def test_expression_is_worth_what_duckdb_says(sql: str):
    """An expression read is worth the same in Python as in DuckDB, NULL and all."""
    columns = ", ".join(f"CAST(? AS {TYPES[name]}) AS {name}" for name in ROW)
    row = duckdb.connect().execute(f"SELECT {sql} FROM (SELECT {columns})", list(ROW.values())).fetchone()

    worth = read(sql).value({(0, place): value for place, value in enumerate(ROW.values())})

    assert row is not None
    assert row[0] == worth


def test_unknown_function_is_left_unread():
    """What is not understood is left out, and never guessed at."""
    with pytest.raises(UnreadError):
        read("levenshtein(t, 'x') > 1")


def test_text_times_number_stays_small():
    """A text multiplied is nothing: Python would make a text of gigabytes of it."""
    assert read("t * 1000000000000").value({(0, list(ROW).index("t")): "ab"}) is None


@pytest.mark.parametrize(
    ("gap", "start", "expected"),
    [
        (lambda x: x // 100 - 5, 1, {499, 500, 599, 600}),
        (lambda x: 3 - x, 1_000_000, {2, 3, 4}),
        (
            lambda x: float((x - date(2024, 3, 1)).days),
            date(2024, 1, 1),
            {date(2024, 2, 29), date(2024, 3, 1)},
        ),
        (lambda x: len(x) - 20, "a", {"a" * 19, "a" * 20}),
    ],
)
def test_turning_points_are_exact(gap, start, expected):
    """Both ends of the stretch where two sides are equal are found, and the values just outside."""
    assert expected <= set(turning_points(gap, start))


def test_flat_gap_has_no_turn():
    """A gap that never changes its sign, or cannot be told, has no turning point."""
    assert [] == list(turning_points(lambda _: 1.0, 5))
    assert [] == list(turning_points(lambda _: None, 5))


@pytest.mark.parametrize(
    "pattern", ["^/p/[0-9]+$", "(a|bc)+d?", r"\d{3,5}-[a-z]*", "x(?:y|z){2}", "[^a]+", r"a\.b", ".*shop.*"]
)
def test_made_texts_match_their_pattern(pattern: str):
    """Every text made for a regular expression matches it."""
    texts = matching(pattern)

    assert len(texts) == 2
    assert all(re.search(pattern, text) for text in texts)


@pytest.mark.parametrize("pattern", ["(((", "[abc", "a{", "a\\"])
def test_broken_pattern_makes_no_text(pattern: str):
    """A pattern that is no pattern gives no texts and no exception."""
    assert [] == matching(pattern)


def test_delimiter_makes_versions():
    """Texts for a delimiter hold it, and sort otherwise as text than as numbers."""
    assert "1.10" in list(delimited("."))
    assert "1.9" in list(delimited("."))


def test_constant_expression_is_worked_out():
    """A bound that is computed counts as the date it comes to."""
    found = clues("SELECT 1 FROM visits WHERE seen >= TIMESTAMP '2024-06-30' - INTERVAL 1 MONTH")

    assert datetime(2024, 5, 30) in found.constants["visits", 1]


def test_window_brings_a_second_row():
    """``lag`` is a value of another row of the same partition, which is then built beside the first."""
    (system,) = clues(
        "SELECT n FROM visits QUALIFY n - lag(n) OVER (PARTITION BY person ORDER BY seen) >= 10"
    ).systems

    assert ["visits", "visits"] == [table.name for table in system.occurrences]
    assert any({(0, 0), (1, 0)} == set(pair) for pair in system.equal)
    assert {(0, 3), (1, 3)} == system.edges[0].leaves


def test_scalar_subquery_is_another_row():
    """A comparison with the mean of a subquery is one between two rows."""
    (system,) = clues("SELECT n FROM visits WHERE n > (SELECT avg(n) FROM visits)").systems

    assert {(0, 3), (1, 3)} == system.probes[0].leaves
