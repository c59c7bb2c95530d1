"""A case's tables as the evidence engine wants them: columns of its world, constraints of its rules."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

import sqlglot
from sqlglot.errors import SqlglotError
from sqlglot.optimizer.simplify import simplify

from casekit.judge.evidence.checks import narrowed
from casekit.judge.evidence.database import Rows
from casekit.judge.evidence.schema import ColumnDef, ForeignKey, Schema, TableDef
from casekit.world import ColumnSpec, TableSpec, World
from casekit.world.columns import SQL_TYPES
from casekit.world.rules import Rule

__all__ = ["CaseSchema", "as_seen", "case_schema"]

UNIQUE = re.compile(r"SELECT ([\w, ]+) FROM (\w+) GROUP BY ALL HAVING count\(\*\) > 1", re.IGNORECASE)
BELONGS = re.compile(
    r"FROM (\w+)(?: \w+)? ANTI JOIN (\w+)(?: \w+)? USING \(([\w, ]+)\)(?: WHERE (?:\w+\.)?\w+ IS NOT NULL)?",
    re.IGNORECASE,
)
ROW = re.compile(r"FROM (\w+) WHERE (.+)", re.IGNORECASE | re.DOTALL)
COUNTED_UP = re.compile(
    r"SELECT (\w+) FROM (\w+)(?: GROUP BY \1)? QUALIFY \1 <= "
    r"lag\(\1\) OVER \(ORDER BY (?:min\((\w+)\)|(\w+), \1)\)",
    re.IGNORECASE,
)
SEVERAL_ROWS = re.compile(r"\b(SELECT|FROM|QUALIFY|OVER|rowid)\b", re.IGNORECASE)


@dataclass(frozen=True)
class CaseSchema:
    """
    What hidden databases of a case look like.

    Attributes:
        schema: Every table with the constraints that rows can be built to keep.
        laws: The rules that can only be tried on a whole database: queries that give no row.
    """

    schema: Schema
    laws: tuple[str, ...]


@dataclass
class _Read:
    """The rules of one table, as they are read."""

    uniques: list[tuple[str, ...]] = field(default_factory=list)
    foreign_keys: list[ForeignKey] = field(default_factory=list)
    numbered: list[tuple[str, str]] = field(default_factory=list)
    checks: list[str] = field(default_factory=list)


def case_schema(world: World, rules: Iterable[Rule]) -> CaseSchema:
    """The schema of *world*'s tables, with *rules* in it as far as they can be read as constraints."""
    read = {table.name: _Read() for table in world.tables}
    laws = tuple(rule.sql for rule in rules if not _constraint(rule.sql, read))
    return CaseSchema(Schema(tuple(_table(table, read[table.name]) for table in world.tables)), laws)


def _constraint(sql: str, read: dict[str, _Read]) -> bool:
    """True when *sql* is a key, a reference, an order of numbers, or a condition on single rows."""
    text = " ".join(sql.split())
    if (found := UNIQUE.fullmatch(text)) and found[2] in read:
        read[found[2]].uniques.append(_names(found[1]))
        return True
    if (found := BELONGS.fullmatch(text)) and {found[1], found[2]} <= set(read):
        names = _names(found[3])
        read[found[1]].foreign_keys.append(ForeignKey(names, found[2], names))
        return True
    if (found := COUNTED_UP.fullmatch(text)) and found[2] in read:
        read[found[2]].numbered.append((found[1], found[3] or found[4]))
        return True
    found = ROW.fullmatch(text)
    if found and found[1] in read and not SEVERAL_ROWS.search(found[2]):
        check = _opposite(found[2])
        read[found[1]].checks += [check] * bool(check)
        return bool(check)
    return False


def _names(listed: str) -> tuple[str, ...]:
    return tuple(name.strip() for name in listed.split(","))


def _opposite(condition: str) -> str:
    """What holds for a row that *condition* does not catch; empty when sqlglot cannot read it."""
    try:
        tree = sqlglot.parse_one(f"SELECT NOT ({condition})", dialect="duckdb").expressions[0]
        return str(simplify(tree).sql(dialect="duckdb"))
    except SqlglotError:
        return ""


def _table(table: TableSpec, read: _Read) -> TableDef:
    keys = {name for columns in read.uniques for name in columns}
    columns = tuple(_column(column, is_key=column.name in keys) for column in table.columns)
    made = TableDef(table.name, columns, tuple(read.uniques), tuple(read.foreign_keys))
    made = replace(made, numbered=tuple(read.numbered))
    return narrowed(made, read.checks)


def _column(column: ColumnSpec, *, is_key: bool) -> ColumnDef:
    made = ColumnDef(column.name, SQL_TYPES[column.type], nullable=column.nullable and not is_key)
    if not column.values:
        return made
    # In text order, as the dataset stores them: max() and ORDER BY must see the same order here.
    listed = ", ".join("'" + value.replace("'", "''") + "'" for value in sorted(column.values))
    return replace(made, type=f"ENUM({listed})", values=column.values)


def as_seen(schema: Schema, databases: Sequence[Mapping[str, Rows]]) -> Schema:
    """*schema* with every column open to NULL that holds one in any of *databases*."""
    return Schema(tuple(_table_as_seen(table, databases) for table in schema.tables))


def _table_as_seen(table: TableDef, databases: Sequence[Mapping[str, Rows]]) -> TableDef:
    rows = [row for database in databases for row in database.get(table.name, ())]
    columns = tuple(
        replace(column, nullable=column.nullable or any(row[place] is None for row in rows))
        for place, column in enumerate(table.columns)
    )
    return replace(table, columns=columns)
