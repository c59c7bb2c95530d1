"""The rules of a case's world as a judge of databases: does a database keep them all?"""

from __future__ import annotations

from types import TracebackType
from typing import Any

from casekit.judge.evidence.database import Database
from casekit.judge.evidence.schema import TableDef
from casekit.judge.hidden.schema import CaseSchema

__all__ = ["Lawbook"]


class Lawbook:
    """
    The rules, and a database to hold rows against them.

    Args:
        tables: The tables and their rules.
    """

    def __init__(self, tables: CaseSchema) -> None:
        from casekit.sandbox.locking import open_memory

        self._tables = tables
        self._con: Any = open_memory("512MB", threads="1")
        self._con.execute("".join(map(_made, tables.schema.tables)))
        self._breaches = [
            *(
                f'SELECT 1 FROM "{one.name}" WHERE NOT ({check})'
                for one in tables.schema.tables
                for check in one.checks
            ),
            *tables.laws,
        ]

    def __enter__(self) -> Lawbook:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._con.close()

    def are_kept(self, database: Database) -> bool:
        """True when *database* breaks none of them."""
        for table in self._tables.schema.tables:
            self._fill(table, database)
        return not any(self._con.execute(sql).fetchone() for sql in self._breaches)

    def _fill(self, table: TableDef, database: Database) -> None:
        rows = database.get(table.name, [])
        self._con.execute(f'DELETE FROM "{table.name}"')
        if rows:
            columns = ", ".join(f"unnest(?::{_storable(column.type)}[])" for column in table.columns)
            self._con.execute(
                f'INSERT INTO "{table.name}" SELECT {columns}', [list(one) for one in zip(*rows, strict=True)]
            )


def _made(table: TableDef) -> str:
    columns = ", ".join(f'"{column.name}" {column.type}' for column in table.columns)
    return f'CREATE TABLE "{table.name}" ({columns});'


def _storable(type_: str) -> str:
    return "VARCHAR" if type_.startswith("ENUM") else type_
