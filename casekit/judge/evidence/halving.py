"""A large database brought down to the few rows, and what belongs to them, that tell queries apart."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TypeVar

from casekit.judge.evidence.database import Database, Row, without_orphans
from casekit.judge.evidence.numbering import renumbered
from casekit.judge.evidence.schema import Schema

__all__ = ["Halving"]

Item = TypeVar("Item")
Root = tuple[str, int]


@dataclass
class Halving:
    """
    Delta debugging over the rows that refer to no others; what belongs to a row comes and goes with it.

    Attributes:
        schema: The tables, parents first.
        keeps: Says whether a smaller database still tells the queries apart.
        has_time: False when it is time to stop.
    """

    schema: Schema
    keeps: Callable[[Database], bool]
    has_time: Callable[[], bool]

    def halved(self, database: Database) -> Database:
        """The smallest database found from *database*; *database* itself when nothing can be left out."""
        roots = [
            (table.name, place)
            for table in self.schema.tables
            if not table.foreign_keys
            for place in range(len(database[table.name]))
        ]
        return self._part(database, self._fewest(database, roots))

    def _fewest(self, database: Database, roots: list[Root]) -> list[Root]:
        parts = 2
        while len(roots) > 1 and self.has_time():
            chunks = _chunks(roots, parts)
            rests = [[root for root in roots if root not in chunk] for chunk in map(set, chunks)]
            smaller = self._first(database, chunks)
            if smaller is not None:
                roots, parts = smaller, 2
                continue
            smaller = self._first(database, rests) if parts > 2 else None
            if smaller is not None:
                roots, parts = smaller, max(parts - 1, 2)
            elif parts >= len(roots):
                break
            else:
                parts = min(len(roots), parts * 2)
        return roots

    def _first(self, database: Database, choices: Sequence[list[Root]]) -> list[Root] | None:
        return next(
            (
                roots
                for roots in choices
                if roots and self.has_time() and self.keeps(self._part(database, roots))
            ),
            None,
        )

    def _part(self, database: Database, roots: Sequence[Root]) -> Database:
        kept = set(roots)
        made: Database = {}
        for table in self.schema.tables:
            rows: list[Row] = database[table.name]
            if not table.foreign_keys:
                rows = [row for place, row in enumerate(rows) if (table.name, place) in kept]
            made[table.name] = list(rows)
        return renumbered(self.schema, without_orphans(self.schema, made))


def _chunks(items: list[Item], parts: int) -> list[list[Item]]:
    ends = [len(items) * part // parts for part in range(parts + 1)]
    return [items[start:end] for start, end in pairwise(ends)]
