"""Worlds bent towards a reference keep every rule, lie on its boundaries, and make rare things common."""

from __future__ import annotations

from collections import Counter
from datetime import datetime, timedelta

import pytest

from casekit.judge.evidence.database import Database
from casekit.judge.hidden.bending import bent_worlds
from casekit.judge.hidden.lawbook import Lawbook
from casekit.judge.hidden.schema import CaseSchema
from casekit.judge.hidden.worlds import hidden_worlds, plenty_of
from casekit.library import load_case

BOUNDARY = datetime(2025, 4, 1)
REFERENCE = "SELECT platform FROM sessions WHERE started_at >= '2025-04-01'"
STARTED_AT, STATUS, AMOUNT = 2, 5, 4


@pytest.fixture(scope="module")
def tables() -> CaseSchema:
    return hidden_worlds(load_case("checkout-drop")).tables


@pytest.fixture(scope="module")
def plenty() -> Database:
    return plenty_of(load_case("checkout-drop"))


@pytest.fixture(scope="module")
def bent(tables: CaseSchema, plenty: Database) -> tuple[Database, ...]:
    return bent_worlds(tables, plenty, REFERENCE)


def orders_a_session(database: Database) -> Counter[int]:
    """How many sessions have one order, two orders, and so on."""
    return Counter(Counter(row[1] for row in database["orders"]).values())


def test_rules_are_kept(tables: CaseSchema, bent: tuple[Database, ...]):
    """Nothing in a bent world could not happen in the case's own."""
    with Lawbook(tables) as laws:
        assert [True, True] == [laws.are_kept(database) for database in bent]


def test_broken_rule_is_seen(tables: CaseSchema, bent: tuple[Database, ...]):
    """The book of rules does tell a broken one: here an event before its session."""
    broken = {**bent[0], "sessions": [_later(row) for row in bent[0]["sessions"]]}

    with Lawbook(tables) as laws:
        assert not laws.are_kept(broken)


def _later(row: tuple[object, ...]) -> tuple[object, ...]:
    started = row[STARTED_AT]
    moved = started + timedelta(minutes=5) if isinstance(started, datetime) else started
    return (*row[:STARTED_AT], moved, *row[STARTED_AT + 1 :])


def test_rows_lie_on_boundary(plenty: Database, bent: tuple[Database, ...]):
    """Some sessions start at the very moment the reference names, which nobody does by chance."""
    started = [[row[STARTED_AT] for row in one["sessions"]].count(BOUNDARY) for one in (plenty, bent[0])]

    assert 0 == started[0]
    assert 5 <= started[1]


def test_rare_shapes_are_common(plenty: Database, bent: tuple[Database, ...]):
    """Sessions with two orders are rare in the world, and a good part of a bent one."""
    usual, common = orders_a_session(plenty), orders_a_session(bent[0])

    assert usual[2] / usual[1] < 0.05
    assert common[2] / common[1] > 0.3


def test_rare_value_weighs_much(bent: tuple[Database, ...]):
    """One order of the rarest status is worth more than any other: a mean shows whether it was left in."""
    dearest = max(bent[0]["orders"], key=lambda row: float(str(row[AMOUNT])))

    assert "cancelled" == dearest[STATUS]


def test_rate_dips_at_boundary(bent: tuple[Database, ...]):
    """In another bent world nobody buys in the days about the boundary, and there are still visits."""
    days = [BOUNDARY + timedelta(days=step) for step in (-3, -2, -1, 0)]
    start, end = days[0], days[-1] + timedelta(days=1)
    there = {
        row[0]
        for row in bent[1]["sessions"]
        if isinstance(row[STARTED_AT], datetime) and start <= row[2] < end
    }

    assert len(there) > 100
    assert set() == there & {row[1] for row in bent[1]["orders"]}


def test_same_arguments_same_worlds(tables: CaseSchema, plenty: Database, bent: tuple[Database, ...]):
    """Bent worlds are the same every time."""
    assert bent == bent_worlds(tables, plenty, REFERENCE)


def test_unrelated_tables_bend_nothing(tables: CaseSchema, plenty: Database):
    """Without a table that others belong to there is nothing to bend."""
    alone = CaseSchema(tables.schema.only(["sessions"]), ())

    assert () == bent_worlds(alone, {"sessions": plenty["sessions"]}, REFERENCE)
