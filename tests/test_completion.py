"""What Tab offers inside ``%%sql`` cells."""

from __future__ import annotations

import pytest

from casekit.notebook.sql_names import suggest

SCHEMA = {
    "sessions": [("session_id", "integer"), ("started_at", "timestamp"), ("platform", "text")],
    "orders": [("order_id", "integer"), ("session_id", "integer"), ("status", "text")],
}
EXERCISES = ["weekly-conversion", "step-funnel"]


def _offered(cell: str) -> list[str]:
    """The texts offered where ``|`` stands."""
    before, _, after = cell.partition("|")
    return [one.text for one in suggest(before, before + after, SCHEMA, EXERCISES)[1]]


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("%%sql |", EXERCISES),
        ("%%sql week|", ["weekly-conversion"]),
        ("%%sql step-f|", ["step-funnel"]),
        ("%%sql nothing|", []),
        ("%%sql\nSELECT * FROM |", ["sessions", "orders"]),
        ("%%sql\nSELECT * FROM sess|", ["sessions"]),
        ("%%sql\nSELECT * FROM sessions s JOIN ord|", ["orders"]),
        ("%%sql\nSELECT s.st| FROM sessions s", ["started_at"]),
        ("%%sql\nSELECT s.| FROM sessions AS s", ["session_id", "started_at", "platform"]),
        ("%%sql\nSELECT sessions.p| FROM sessions", ["platform"]),
        ("%%sql\nSELECT * FROM sessions s, orders o WHERE o.st|", ["status"]),
        ("%%sql\nSELECT S.PL| FROM SESSIONS S", ["platform"]),
        ("%%sql\nSELECT nobody.| FROM sessions s", []),
        ("%%sql\nSELECT order_i|", ["order_id"]),
        ("%%sql\nSELECT started_| FROM orders", []),
        ("%%sql\nSELECT date_tr|", ["date_trunc("]),
        ("%%sql\nSELECT 1 QUAL|", ["QUALIFY"]),
        ("%%sql\nselect 1 qual|", ["qualify"]),
        ("%%sql\nSELECT 'sess|", []),
        ("%%sql\n-- sess|", []),
        ("%%sql\nWITH paid AS (SELECT order_id FROM orders) SELECT * FROM pai|", ["paid"]),
        (
            "%%sql\nWITH paid AS (SELECT o.status, count(*) AS n FROM orders o) SELECT p.| FROM paid p",
            ["status", "n"],
        ),
        (
            "%%sql\nWITH a AS (SELECT 1 AS x FROM orders), b_two AS (SELECT 2 AS y FROM a) SELECT * FROM b_|",
            ["b_two"],
        ),
    ],
)
def test_offer_fits_the_place(cell: str, expected: list[str]) -> None:
    """Each place offers what can stand there, and nothing else."""
    assert expected == _offered(cell)


def test_columns_come_before_keywords() -> None:
    """Names of the case stand above the words of the language."""
    offered = _offered("%%sql\nSELECT s| FROM sessions")

    assert offered[:3] == ["session_id", "started_at", "sessions"]
    assert "SELECT" not in offered
    assert "select" in offered


def test_types_are_shown() -> None:
    """A column is offered with its type."""
    found = suggest("%%sql\nSELECT platf", "%%sql\nSELECT platf", SCHEMA, EXERCISES)[1]

    assert [("platform", "text")] == [(one.text, one.kind) for one in found]
