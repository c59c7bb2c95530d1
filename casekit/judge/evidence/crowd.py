"""A tiny database among plenty: whether what it shows is a mistake, or only what emptiness does."""

from __future__ import annotations

import re
from dataclasses import dataclass

from casekit.judge.evidence.database import Database, Row, Rows, keys_of
from casekit.judge.evidence.families import family_of
from casekit.judge.evidence.schema import Schema, TableDef
from casekit.judge.evidence.trial import Trial

__all__ = ["Crowd"]

COPIES = (1, 6)
NUMBERED = re.compile(r"\d*$", re.ASCII)
OFFSET = 1_000_000  # above every id of a small database


@dataclass
class Crowd:
    """
    The rows of a database in which every group has somebody, and the two queries.

    Attributes:
        trial: Both queries in their arena.
        schema: The tables they read.
        rows: The crowd, by table.
    """

    trial: Trial
    schema: Schema
    rows: Database

    def __post_init__(self) -> None:
        self._identifying = _identifying(self.schema)
        self._taken = {table.name: _keys_taken(table, self.rows[table.name]) for table in self.schema.tables}
        self.trial.arena.keep(self.rows)

    def confirms(self, database: Database) -> bool:
        """
        True when the queries still differ on *database* with the crowd beside it.

        One stray row can drown in a rounded share of many, so several copies of it are tried too.
        """
        return any(self._differ(database, copies) for copies in COPIES)

    def _differ(self, database: Database, copies: int) -> bool:
        beside = {table.name: list[Row]() for table in self.schema.tables}
        for copy in range(copies):
            for name, rows in self._moved(database, copy).items():
                beside[name] += rows
        free = {
            table.name: _free(table, beside[table.name], self._taken[table.name])
            for table in self.schema.tables
        }
        with self.trial.arena.joined(free) as number:
            return self.trial.once(number).tells_apart

    def _moved(self, database: Database, copy: int) -> Database:
        """*database* under ids of its own, so that its rows meet nobody of the crowd by accident."""
        return {
            table.name: [
                tuple(self._own(table, place, value, copy) for place, value in enumerate(row))
                for row in database[table.name]
            ]
            for table in self.schema.tables
        }

    def _own(self, table: TableDef, place: int, value: object, copy: int) -> object:
        if (table.name, place) not in self._identifying or value is None:
            return value
        step = OFFSET * (copy + 1)
        if isinstance(value, str):  # u17 becomes u1000017, so that what reads the number in it still can
            return NUMBERED.sub(lambda number: str(int(number[0] or 0) + step), value, count=1)
        return value + step if isinstance(value, int) and not isinstance(value, bool) else value


def _identifying(schema: Schema) -> set[tuple[str, int]]:
    """Columns whose values are ids: free numbers and texts that are part of a key."""
    named: set[tuple[str, str]] = set()
    for table in schema.tables:
        for columns in table.uniques:
            named |= {(table.name, column.casefold()) for column in columns}
        for key in table.foreign_keys:
            named |= {(table.name, column.casefold()) for column in key.columns}
            named |= {(key.parent, column.casefold()) for column in key.parent_columns}
    return {
        (table.name, place)
        for table in schema.tables
        for place, column in enumerate(table.columns)
        if (table.name, column.name.casefold()) in named
        and family_of(column.type) in ("integer", "text")
        and not column.values
    }


def _keys_taken(table: TableDef, rows: Rows) -> list[set[Row]]:
    return [{key(row) for row in rows} for key in keys_of(table)]


def _free(table: TableDef, rows: Rows, taken: list[set[Row]]) -> Rows:
    """Those of *rows* whose keys are neither *taken* nor those of a row before."""
    seen = [set(keys) for keys in taken] if rows else []
    kept: list[Row] = []
    for row in rows:
        own = [key(row) for key in keys_of(table)]
        if any(key in others for key, others in zip(own, seen, strict=True)):
            continue
        kept.append(row)
        for key, others in zip(own, seen, strict=True):
            others.add(key)
    return kept
