"""Schemas read from CREATE TABLE text and from JSON, and databases that keep every constraint in them."""

from __future__ import annotations

from datetime import date
from itertools import islice

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from casekit.errors import UsageError
from casekit.judge.evidence import Schema
from casekit.judge.evidence.nodes import parsed
from casekit.judge.evidence.plans import Plans
from casekit.judge.evidence.reading import clues_of
from casekit.judge.evidence.records import schema_from_record

SHOP = """
CREATE TABLE customers (
    id INTEGER PRIMARY KEY, email VARCHAR UNIQUE, country VARCHAR NOT NULL CHECK (country IN ('DE', 'FR')),
    age INTEGER CHECK (age BETWEEN 18 AND 99)
);
CREATE TABLE orders (
    id INTEGER PRIMARY KEY, customer_id INTEGER NOT NULL REFERENCES customers (id),
    ordered DATE NOT NULL, shipped DATE, amount DECIMAL(10, 2) CHECK (amount > 0),
    CHECK (shipped >= ordered)
);
CREATE TABLE lines (
    order_id INTEGER REFERENCES orders (id), line INTEGER, sku VARCHAR, PRIMARY KEY (order_id, line)
);
CREATE TABLE staff (
    id INTEGER PRIMARY KEY, boss INTEGER REFERENCES staff (id), level ENUM('junior', 'senior')
);
"""
ORDERS = """
    SELECT c.id FROM customers c JOIN orders o ON o.customer_id = c.id JOIN lines l ON l.order_id = o.id
    WHERE o.ordered >= '2024-03-01' AND o.amount > 20 AND c.age < 30 AND c.email LIKE '%@x.org'
"""
STAFF = "SELECT s.id FROM staff s JOIN staff b ON s.boss = b.id WHERE s.level <> b.level AND s.id > 5"


def plans_of(schema: Schema) -> Plans:
    """The databases for the shop's queries."""
    return Plans(
        schema.only(table.name for table in schema.tables), clues_of([parsed(ORDERS), parsed(STAFF)], schema)
    )


def test_ddl_gives_columns():
    """Types, NOT NULL, value sets and ranges of columns are read from the text."""
    customers = Schema.from_ddl(SHOP).table("CUSTOMERS")

    assert customers is not None
    assert ["INTEGER", "VARCHAR", "VARCHAR", "INTEGER"] == [column.type for column in customers.columns]
    assert [False, True, False, True] == [column.nullable for column in customers.columns]
    assert ("DE", "FR") == customers.columns[2].values
    assert (18, 99) == (customers.columns[3].low, customers.columns[3].high)


def test_ddl_gives_keys():
    """Primary keys, unique columns and foreign keys are read, those of several columns too."""
    schema = Schema.from_ddl(SHOP)
    lines, customers = schema.table("lines"), schema.table("customers")

    assert lines is not None
    assert customers is not None
    assert (("order_id", "line"),) == lines.uniques
    assert {("id",), ("email",)} == set(customers.uniques)
    assert ("orders", ("id",)) == (lines.foreign_keys[0].parent, lines.foreign_keys[0].parent_columns)


def test_parents_come_first():
    """Tables are put in an order in which every parent stands before its children."""
    chosen = Schema.from_ddl(SHOP).only(["lines", "orders", "customers"])

    assert ["customers", "orders", "lines"] == [table.name for table in chosen.tables]


def test_unreadable_ddl_is_told():
    """Text that DuckDB cannot run is the caller's mistake, in DuckDB's words."""
    with pytest.raises(UsageError, match="the schema cannot be read"):
        Schema.from_ddl("CREATE TABLE t (a INTEGR")


def test_record_gives_constraints():
    """The JSON form gives keys, value sets, bounds, runs and values that must be there."""
    tables = [{"name": "seats", "columns": [{"name": n, "type": "INTEGER"} for n in ("id", "free", "price")]}]
    constraints = {
        "pk": {"seats": ["id"]},
        "enum": [["seats", "free", [0, 1]]],
        "check": [["seats", "price", "gt", {"value": 0}]],
        "must_contain": [["seats", "id", [1]]],
        "consecutive": [["seats", "id"]],
        "unsupported": ["what nobody can read"],
    }
    schema = schema_from_record({"tables": tables}, constraints)
    clues = clues_of([parsed("SELECT id FROM seats WHERE free = 1 AND price > 0")], schema)

    for database in islice(Plans(schema, clues).databases(), 60):
        rows = database["seats"]
        assert {row[1] for row in rows} <= {0, 1, None}
        assert all(row[2] is None or row[2] > 0 for row in rows)
        assert sorted(row[0] for row in rows) == list(range(1, len(rows) + 1))


@settings(max_examples=12, deadline=None)
@given(st.integers(0, 300))
def test_databases_keep_constraints(start: int):
    """DuckDB takes every generated database into the constrained tables without complaint."""
    plans = plans_of(Schema.from_ddl(SHOP))

    for database in islice(plans.databases(), start, start + 12):
        con = duckdb.connect()
        con.execute(SHOP)
        for table in plans.schema.tables:
            for row in _bosses_first(database[table.name]) if table.name == "staff" else database[table.name]:
                marks = ", ".join("?" for _ in row)
                con.execute(f"INSERT INTO {table.name} VALUES ({marks})", list(row))
        con.close()


def _bosses_first(rows: list[tuple[object, ...]]) -> list[tuple[object, ...]]:
    """The staff in an order in which each boss is hired before those below; own bosses stay."""
    done, left = list[tuple[object, ...]](), list(rows)
    while left:
        hired = {row[0] for row in done} | {None}
        ready = [row for row in left if row[1] in hired or row[1] == row[0]] or left
        done += ready
        left = [row for row in left if row not in ready]
    return done


def test_databases_stay_the_same():
    """The same schema and queries give the same databases, whoever asks."""
    schema = Schema.from_ddl(SHOP)

    first, second = (list(islice(plans_of(schema).databases(), 50)) for _ in range(2))

    assert first == second


def test_boundaries_are_hit():
    """For each comparison with a constant there are rows on it and on either side of it."""
    rows = [
        row
        for database in islice(plans_of(Schema.from_ddl(SHOP)).databases(), 80)
        for row in database["orders"]
    ]

    assert {date(2024, 2, 29), date(2024, 3, 1), date(2024, 3, 2)} <= {row[2] for row in rows}
    assert {19, 20, 21} <= {int(row[4]) for row in rows if row[4] is not None}
