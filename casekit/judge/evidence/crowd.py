"""A tiny database among plenty: whether what it shows is a mistake, or only what emptiness does."""

from __future__ import annotations

from dataclasses import dataclass

from casekit.judge.evidence.database import Database, n_rows
from casekit.judge.evidence.families import family_of
from casekit.judge.evidence.references import id_places
from casekit.judge.evidence.schema import Schema, TableDef
from casekit.judge.evidence.table_sql import quoted
from casekit.judge.evidence.trial import Trial

__all__ = ["Crowd"]

COPIES = (1, 500)
MOST_ROWS = 20_000  # with all copies
MOST_IN_VAIN = 20  # databases; so many differences that emptiness makes are enough to know its kind
OFFSET = 1_000_000_000  # above every id there is


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
        self._identifying = id_places(self.schema)
        self._copies: tuple[int, ...] = COPIES
        self._in_vain = 0

    def confirms(self, database: Database) -> bool:
        """
        True when the queries still differ on *database* with the crowd beside it.

        One stray row can drown in a share of many or in a tolerance, so it is copied until it cannot.
        """
        if self._in_vain >= MOST_IN_VAIN:
            return False
        for copies in self._copies:
            if copies * n_rows(database) <= MOST_ROWS and self._differ(database, copies):
                # What told them apart once will do so again on the way to a smaller database.
                self._copies = (copies, *(other for other in COPIES if other != copies))
                return True
        self._in_vain += 1
        return False

    def _differ(self, database: Database, copies: int) -> bool:
        arena, keys = self.trial.arena, self._shared_keys()
        with arena.beside(self.place, database, keys, self._copied(copies)) as number:
            return self.trial.once(number).tells_apart

    def _copied(self, copies: int) -> dict[str, str]:
        """
        For each table the SELECT list and FROM of its rows, as often as *copies*.

        Each copy has ids of its own, so that its rows meet nobody of the crowd by accident.
        """
        return {table.name: self._select(table, copies) for table in self.schema.tables}

    def _select(self, table: TableDef, copies: int) -> str:
        names = [(quoted(column.name), (table.name, place)) for place, column in enumerate(table.columns)]
        # Rows without an id cannot be copied: they would be the same row twice.
        known = any(place in self._identifying for _, place in names)
        listed = ", ".join(
            _own(name, table.columns[place[1]].type) if place in self._identifying else name
            for name, place in names
        )
        return f"{listed} FROM range(1, {copies if known else 1} + 1) AS casekit_c(copy), "

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


def _own(name: str, type_: str) -> str:
    """The id *name* as the copy has it: u17 becomes u1000000017, so that what reads its number still can."""
    if family_of(type_) == "integer":
        return f"{name} + casekit_c.copy * {OFFSET} AS {name}"
    number = f"coalesce(try_cast(regexp_extract({name}, '[0-9]*$') AS BIGINT), 0) + casekit_c.copy * {OFFSET}"
    return f"regexp_replace({name}, '[0-9]*$', '') || ({number}) AS {name}"
