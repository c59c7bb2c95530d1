"""What the rows of one table must keep, prepared for asking often."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from casekit.judge.evidence.checks import admits
from casekit.judge.evidence.database import Row
from casekit.judge.evidence.evaluating import expression
from casekit.judge.evidence.expressions import Expression
from casekit.judge.evidence.nodes import parsed
from casekit.judge.evidence.operations import UnreadError
from casekit.judge.evidence.schema import Schema, TableDef

__all__ = ["Key", "TableRules", "rules_of", "unread_checks"]


# A foreign key: its places, the parent's name and the parent's places.
Key = tuple[tuple[int, ...], str, tuple[int, ...]]


@dataclass(frozen=True)
class TableRules:
    """
    One table's constraints by the places of its columns.

    Attributes:
        table: The table.
        nullable: For each column whether it may be NULL.
        types: For each column its DuckDB type.
        uniques: Sets of places whose values never repeat.
        parents: The foreign keys.
        key_places: Places that belong to a foreign key.
        checks: Conditions on a row, as functions of its values.
        unread: Checks that only DuckDB can test, as SQL.
        runs: Columns without gaps, as place and first value.
    """

    table: TableDef
    nullable: tuple[bool, ...]
    types: tuple[str, ...]
    uniques: tuple[tuple[int, ...], ...]
    parents: tuple[Key, ...]
    key_places: frozenset[int]
    checks: tuple[Expression, ...]
    unread: tuple[str, ...]
    runs: tuple[tuple[int, int], ...]

    @property
    def width(self) -> int:
        """How many columns there are."""
        return len(self.types)

    def allows(self, row: Row) -> bool:
        """True when no check is false for *row* and no NULL stands where none may."""
        if any(value is None and not free for value, free in zip(row, self.nullable, strict=True)):
            return False
        if not self.checks:
            return True
        values = {(0, place): value for place, value in enumerate(row)}
        return all(check.holds(values) is not False for check in self.checks)

    def fits(self, row: Row) -> bool:
        """True when *row* keeps the checks and every value lies where its column's may."""
        columns = zip(row, self.table.columns, strict=True)
        return self.allows(row) and all(value is None or admits(column, value) for value, column in columns)

    def within(self, place: int, value: Any, otherwise: object) -> object:
        """*value* when the column at *place* allows it, else *otherwise*."""
        return value if value is not None and admits(self.table.columns[place], value) else otherwise


def rules_of(schema: Schema) -> dict[str, TableRules]:
    """The rules of each table of *schema*, by name."""
    return {table.name: _rules(table, schema) for table in schema.tables}


def unread_checks(rules: Mapping[str, TableRules]) -> list[str]:
    """Queries for the rows that break a check which only DuckDB can test."""
    return [
        f'SELECT 1 FROM "{name}" WHERE NOT ({check})' for name, own in rules.items() for check in own.unread
    ]


def _rules(table: TableDef, schema: Schema) -> TableRules:
    parents = []
    for key in table.foreign_keys:
        parent = schema.table(key.parent)
        if parent is not None:
            parents.append((table.places(key.columns), parent.name, parent.places(key.parent_columns)))
    read = [(text, _check(text, table)) for text in table.checks]
    starts = {name.lower(): value for name, value in reversed(table.required) if isinstance(value, int)}
    runs = tuple((table.place(name), starts.get(name.lower(), 1)) for name in table.consecutive)
    return TableRules(
        table,
        tuple(column.nullable for column in table.columns),
        tuple(column.type for column in table.columns),
        tuple(table.places(columns) for columns in table.uniques),
        tuple(parents),
        frozenset(place for places, _, _ in parents for place in places),
        tuple(check for _, check in read if check is not None),
        tuple(text for text, check in read if check is None),
        runs,
    )


def _check(text: str, table: TableDef) -> Expression | None:
    tree = parsed(f"SELECT {text}")
    if tree is None:
        return None
    try:
        return expression(tree.expressions[0].unalias(), lambda node: _leaf(node.name, table))
    except UnreadError:
        return None


def _leaf(name: str, table: TableDef) -> Expression:
    try:
        leaf = (0, table.place(name))
    except ValueError:
        raise UnreadError(name) from None
    return Expression(lambda values: values.get(leaf), frozenset({leaf}))
