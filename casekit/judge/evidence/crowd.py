"""A tiny database among plenty: whether what it shows is a mistake, or only what emptiness does."""

from __future__ import annotations

from dataclasses import dataclass

from casekit.judge.evidence.database import Database, Row, Rows, keys_of
from casekit.judge.evidence.families import family_of
from casekit.judge.evidence.schema import Schema, TableDef
from casekit.judge.evidence.trial import Trial

__all__ = ["Crowd"]

COPIES = (1, 6)
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

    def confirms(self, database: Database) -> bool:
        """
        True when the queries still differ on *database* with the crowd beside it.

        One stray row can drown in a rounded share of many, so several copies of it are tried too.
        """
        joined = [self._beside(database, copies) for copies in COPIES]
        numbers = self.trial.arena.load(joined)
        return any(self.trial.once(number).tells_apart for number in numbers)

    def _beside(self, database: Database, copies: int) -> Database:
        made = {table.name: list(self.rows.get(table.name, ())) for table in self.schema.tables}
        for copy in range(copies):
            moved = self._moved(database, copy)
            for table in self.schema.tables:
                made[table.name] += _fitting(table, made[table.name], moved[table.name])
        return made

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
        if isinstance(value, int) and not isinstance(value, bool):
            return value + OFFSET * (copy + 1)
        return f"{value}~{copy + 1}" if isinstance(value, str) else value


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


def _fitting(table: TableDef, there: Rows, rows: Rows) -> Rows:
    """Those of *rows* whose keys are not taken by the rows that are *there*."""
    taken = [{key(row) for row in there} for key in keys_of(table)]
    kept: list[Row] = []
    for row in rows:
        own = [key(row) for key in keys_of(table)]
        if not any(key in others for key, others in zip(own, taken, strict=True)):
            kept.append(row)
            for key, others in zip(own, taken, strict=True):
                others.add(key)
    return kept
