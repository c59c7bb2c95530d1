"""A tiny database among plenty: whether what it shows is a mistake, or only what emptiness does."""

from __future__ import annotations

import re
from dataclasses import dataclass

from casekit.judge.evidence.database import Database, n_rows
from casekit.judge.evidence.families import family_of
from casekit.judge.evidence.schema import Schema, TableDef
from casekit.judge.evidence.trial import Trial

__all__ = ["Crowd"]

COPIES = (1, 6)
MOST_COPIED = 200  # rows; more of them are not copied
OFFSET = 1_000_000_000  # above every id there is
NUMBERED = re.compile(r"\d*$", re.ASCII)


@dataclass
class Crowd:
    """
    A database in which every group has somebody, and the two queries.

    Attributes:
        trial: Both queries in their arena.
        schema: The tables they read.
        place: The database and schema on the arena's connection where the crowd's tables are.
    """

    trial: Trial
    schema: Schema
    place: str

    def __post_init__(self) -> None:
        self._identifying = _identifying(self.schema)

    def confirms(self, database: Database) -> bool:
        """
        True when the queries still differ on *database* with the crowd beside it.

        One stray row can drown in a rounded share of many, so several copies of it are tried too.
        """
        few = n_rows(database) <= MOST_COPIED
        return any(self._differ(database, copies) for copies in COPIES if copies == 1 or few)

    def _differ(self, database: Database, copies: int) -> bool:
        moved = [self._moved(database, copy) for copy in range(copies)]
        rows = {table.name: [row for own in moved for row in own[table.name]] for table in self.schema.tables}
        with self.trial.arena.beside(self.place, rows, self._shared_keys()) as number:
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
        if isinstance(value, str):  # u17 becomes u1000000017, so that what reads the number in it still can
            return NUMBERED.sub(lambda number: str(int(number[0] or 0) + step), value, count=1)
        return value + step if isinstance(value, int) and not isinstance(value, bool) else value

    def _shared_keys(self) -> dict[str, list[tuple[str, ...]]]:
        """The keys that hold no id of their own, so that the crowd may have their values already."""
        return {
            table.name: [
                columns
                for columns in table.uniques
                if not any((table.name, place) in self._identifying for place in table.places(columns))
            ]
            for table in self.schema.tables
        }


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
