"""A schema read from CREATE TABLE text: DuckDB parses it, so whatever DuckDB accepts is understood."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from casekit.errors import UsageError
from casekit.judge.evidence.checks import narrowed
from casekit.judge.evidence.schema import ColumnDef, ForeignKey, Schema, TableDef

__all__ = ["schema_from_ddl"]

_ENUM = re.compile(r"ENUM\((.*)\)$", re.DOTALL)
_ENUM_VALUE = re.compile(r"'((?:[^']|'')*)'")

COLUMNS = """
    SELECT table_name, column_name, data_type, is_nullable FROM duckdb_columns()
    WHERE NOT internal ORDER BY table_oid, column_index
"""
CONSTRAINTS = """
    SELECT table_name, constraint_type, expression, constraint_column_names, referenced_table,
           referenced_column_names
    FROM duckdb_constraints() ORDER BY table_oid, constraint_index
"""


@dataclass
class _Found:
    """What the catalog says of one table, as it is read."""

    columns: list[ColumnDef] = field(default_factory=list)
    uniques: list[tuple[str, ...]] = field(default_factory=list)
    foreign_keys: list[ForeignKey] = field(default_factory=list)
    checks: list[str] = field(default_factory=list)
    not_null: set[str] = field(default_factory=set)

    def add(self, kind: str, expression: str, columns: list[str], parent: str, others: list[str]) -> None:
        if kind in ("PRIMARY KEY", "UNIQUE"):
            self.uniques.append(tuple(columns))
        if kind in ("PRIMARY KEY", "NOT NULL"):
            self.not_null.update(columns)
        if kind == "FOREIGN KEY":
            self.foreign_keys.append(ForeignKey(tuple(columns), parent, tuple(others)))
        if kind == "CHECK":
            self.checks.append(expression)

    def table(self, name: str) -> TableDef:
        columns = [replace(column, nullable=column.name not in self.not_null) for column in self.columns]
        made = TableDef(name, tuple(columns), tuple(self.uniques), tuple(self.foreign_keys))
        return narrowed(made, self.checks)


def schema_from_ddl(text: str) -> Schema:
    """
    The tables that *text* creates.

    Raises:
        UsageError: DuckDB cannot run the text.
    """
    import duckdb

    from casekit.sandbox.locking import lock, open_memory

    con = open_memory("128MB", threads="1")
    try:
        lock(con)
        con.execute(text)
        columns, constraints = con.execute(COLUMNS).fetchall(), con.execute(CONSTRAINTS).fetchall()
    except duckdb.Error as error:
        raise UsageError(f"the schema cannot be read: {error}") from error
    finally:
        con.close()
    return Schema(tuple(_tables(columns, constraints)))


def _tables(columns: list[tuple[str, ...]], constraints: list[tuple[object, ...]]) -> Iterator[TableDef]:
    found: dict[str, _Found] = defaultdict(_Found)
    for table, name, type_, _ in columns:
        values = _ENUM.match(type_)
        allowed = [text.replace("''", "'") for text in _ENUM_VALUE.findall(values[1])] if values else []
        found[table].columns.append(ColumnDef(name, type_, values=tuple(allowed)))
    for constraint in constraints:
        found[str(constraint[0])].add(*constraint[1:])  # type: ignore[arg-type]
    return (parts.table(name) for name, parts in found.items())
