"""A difference brought down to a few rows with plain values, each step tried before it is taken."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from casekit.judge.evidence.clues import BaseColumn
from casekit.judge.evidence.database import Database, Row, keeps_uniques, n_rows, without_orphans
from casekit.judge.evidence.families import family_of
from casekit.judge.evidence.neighbours import plain_values
from casekit.judge.evidence.numbering import renumbered
from casekit.judge.evidence.pools import Pools
from casekit.judge.evidence.rules import TableRules
from casekit.judge.evidence.schema import Schema

__all__ = ["Shrinker"]

MOST_ROUNDS = 12
SINGLES_UP_TO = 24
MOST_CANDIDATES = 60
MOST_SURE = 12
SIMPLIFIED_UP_TO = 60  # rows; nobody reads more of them, whatever their values

# From candidate databases to the ones that still tell the queries apart, by their place.
Sieve = Callable[[list[Database]], list[int]]
Sure = Callable[[Database], bool]


@dataclass
class Shrinker:
    """
    Shrinks databases of one schema.

    Args:
        schema: The tables, parents first.
        rules: What their rows must keep.
        pools: Which columns share values.
        sieve: Says quickly which of many databases seem to keep the difference.
        sure: Says for certain whether one does.
        lawful: Gives those of many databases that break no law.
        has_time: False when it is time to stop.
    """

    schema: Schema
    rules: Mapping[str, TableRules]
    pools: Pools
    sieve: Sieve
    sure: Sure
    lawful: Callable[[list[Database]], list[Database]]
    has_time: Callable[[], bool]

    def shrunk(self, database: Database) -> Database:
        """The smallest database found from *database* that keeps the difference."""
        small = self._fewer(database)
        return self._simpler(small) if n_rows(small) <= SIMPLIFIED_UP_TO else small

    def _fewer(self, database: Database) -> Database:
        for _ in range(MOST_ROUNDS):
            candidates = list(self._cuts(database)) if self.has_time() else []
            kept = [candidates[place] for place in self.sieve(candidates)] if candidates else []
            better = self._first_sure(self._merged(database, kept))
            if better is None:
                return database
            database = better
        return database

    def _merged(self, database: Database, kept: list[Database]) -> Iterator[Database]:
        """First what all the cuts leave in common, then each cut, smallest first."""
        kept = sorted(kept, key=n_rows)
        if len(kept) > 2:
            common = {
                name: [row for row in rows if all(row in other[name] for other in kept)]
                for name, rows in database.items()
            }
            common = without_orphans(self.schema, common)
            if n_rows(common) and self.sieve([common]):
                yield from self.lawful([common])
        yield from self.lawful(kept[:MOST_SURE])

    def _cuts(self, database: Database) -> Iterator[Database]:
        """Databases with fewer rows, but never none at all."""
        cuts = (renumbered(self.schema, cut) for cut in self._smaller(database))
        return (cut for cut in cuts if 0 < n_rows(cut) < n_rows(database))

    def _smaller(self, database: Database) -> Iterator[Database]:
        for name, rows in database.items():
            if self.rules[name].runs:
                ends: list[list[Row]] = [rows[: len(rows) // 2], rows[:-1], rows[1:]]
                yield from (self._valid({**database, name: end}) for end in ends if len(end) < len(rows))
                continue
            for start, stop in _spans(len(rows)):
                yield without_orphans(self.schema, {**database, name: rows[:start] + rows[stop:]})

    def _valid(self, database: Database) -> Database:
        return without_orphans(self.schema, database)

    def _first_sure(self, candidates: Iterator[Database]) -> Database | None:
        return next((item for item in candidates if self.has_time() and self.sure(item)), None)

    def _simpler(self, database: Database) -> Database:
        for _ in range(2):
            swaps = list(self._swaps(database))[:MOST_CANDIDATES]
            made = [_swapped(database, *swap, self.pools) for swap in swaps]
            allowed = [place for place, item in enumerate(made) if self._keeps_rules(item)]
            if not allowed or not self.has_time():
                return database
            hits = [allowed[hit] for hit in self.sieve([made[place] for place in allowed])]
            changed = self._all_swaps(database, [swaps[hit] for hit in hits])
            if changed is None:
                return database
            database = changed
        return database

    def _all_swaps(self, database: Database, swaps: list[tuple[BaseColumn, Any, Any]]) -> Database | None:
        """As many of *swaps* together as keep the difference; halves are tried when the whole does not."""
        if not swaps:
            return None
        together = _one_each(swaps)
        while together and self.has_time():
            made = database
            for swap in together:
                made = _swapped(made, *swap, self.pools)
            if self._keeps_rules(made) and self.sieve([made]) and self.lawful([made]) and self.sure(made):
                return made
            together = together[: len(together) // 2]
        return None

    def _swaps(self, database: Database) -> Iterator[tuple[BaseColumn, Any, Any]]:
        """Each set of linked columns, each of its values, and plainer values to put in its place."""
        for (root, type_), present in _values_by_root(database, self.schema, self.pools).items():
            plain = plain_values(family_of(type_))
            for value in present:
                rank = plain.index(value) if value in plain else len(plain)
                for other in plain[: 1 if value is None else min(rank, 3)]:
                    if value is None or other not in present:
                        yield root, value, other

    def _keeps_rules(self, database: Database) -> bool:
        for table in self.schema.tables:
            rules, rows = self.rules[table.name], database[table.name]
            if not keeps_uniques(table, rows) or not all(rules.allows(row) for row in rows):
                return False
            if not all(_in_range(rules, row) for row in rows) or rules.unread or rules.runs:
                return False
        return sum(map(len, without_orphans(self.schema, database).values())) == n_rows(database)


def _in_range(rules: TableRules, row: Row) -> bool:
    outside = object()
    return all(
        value is None or rules.within(place, value, outside) is not outside for place, value in enumerate(row)
    )


def _spans(count: int) -> Iterator[tuple[int, int]]:
    """Parts to leave out: everything, halves, quarters and, of short tables, single rows."""
    seen = set()
    widths = [count, count // 2, count // 4] + ([1] if count <= SINGLES_UP_TO else [max(1, count // 16)])
    for width in widths:
        for start in range(0, count, width) if width else ():
            span = (start, min(start + width, count))
            if span not in seen:
                seen.add(span)
                yield span


def _one_each(swaps: list[tuple[BaseColumn, Any, Any]]) -> list[tuple[BaseColumn, Any, Any]]:
    """At most one swap for each value, and no two towards the same value."""
    chosen: list[tuple[BaseColumn, Any, Any]] = []
    for root, value, other in swaps:
        clash = any(root == r and (value == v or other == o) for r, v, o in chosen)
        if not clash:
            chosen.append((root, value, other))
    return chosen


def _values_by_root(
    database: Database, schema: Schema, pools: Pools
) -> dict[tuple[BaseColumn, str], list[Any]]:
    found: dict[tuple[BaseColumn, str], list[Any]] = {}
    for table in schema.tables:
        for place, column in enumerate(table.columns):
            values = found.setdefault((pools.root((table.name.lower(), place)), column.type), [])
            for row in database[table.name]:
                if row[place] not in values:
                    values.append(row[place])
    return found


def _swapped(database: Database, root: BaseColumn, value: Any, other: Any, pools: Pools) -> Database:
    """*database* with *other* for *value* in all columns linked with *root*."""

    def swapped(name: str, place: int, item: object) -> object:
        is_meant = item == value and type(item) is type(value)
        return other if is_meant and pools.root((name.lower(), place)) == root else item

    return {
        name: [tuple(swapped(name, place, item) for place, item in enumerate(row)) for row in rows]
        for name, rows in database.items()
    }
