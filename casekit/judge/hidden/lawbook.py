"""The rules of a case's world as a judge of databases, and databases that stand in a DuckDB of their own."""

from __future__ import annotations

from types import TracebackType
from typing import TYPE_CHECKING

from casekit.judge.evidence.database import Database
from casekit.judge.evidence.schema import Schema, TableDef
from casekit.judge.hidden.schema import CaseSchema

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

__all__ = ["Lawbook", "stored"]


class Lawbook:
    """
    The rules, and a place to hold rows against them.

    Args:
        tables: The tables and their rules.
    """

    def __init__(self, tables: CaseSchema) -> None:
        self._schema = tables.schema
        self._con = stored(tables.schema, {})
        checks = [
            f'SELECT 1 FROM "{table.name}" WHERE NOT ({check})'
            for table in tables.schema.tables
            for check in table.checks
        ]
        self._breaches = (*checks, *tables.laws)

    def __enter__(self) -> Lawbook:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._con.close()

    def are_kept(self, database: Database) -> bool:
        """True when *database* breaks none of them."""
        for table in self._schema.tables:
            self._con.execute(f'DELETE FROM "{table.name}"')
            _fill(self._con, table, database)
        return not any(self._con.execute(sql).fetchone() for sql in self._breaches)


def stored(schema: Schema, database: Database) -> DuckDBPyConnection:
    """A connection to *database* in memory; constraints are not enforced there."""
    from casekit.sandbox.locking import open_memory

    con = open_memory("512MB", threads="1")
    for table in schema.tables:
        columns = ", ".join(f'"{column.name}" {column.type}' for column in table.columns)
        con.execute(f'CREATE TABLE "{table.name}" ({columns})')
        _fill(con, table, database)
    return con


def _fill(con: DuckDBPyConnection, table: TableDef, database: Database) -> None:
    rows = database.get(table.name, [])
    if rows:
        columns = ", ".join(f"unnest(?::{_storable(column.type)}[])" for column in table.columns)
        values = [list(column) for column in zip(*rows, strict=True)]
        con.execute(f'INSERT INTO "{table.name}" SELECT {columns}', values)


def _storable(type_: str) -> str:
    return "VARCHAR" if type_.startswith("ENUM") else type_
