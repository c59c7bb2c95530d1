"""Rows that belong together: one that refers to no other, all that refer to it, and what these refer to."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field

from casekit.judge.evidence.database import Database, Row
from casekit.judge.evidence.dice import Dice
from casekit.judge.evidence.references import Link, links
from casekit.judge.evidence.schema import Schema, TableDef

__all__ = ["Kin", "Member"]

Member = tuple[str, int]  # a table and the place of a row in it


@dataclass
class Kin:
    """
    The families of a database.

    Attributes:
        schema: Its tables, parents first.
        database: Its rows.
    """

    schema: Schema
    database: Database
    _up: dict[Link, dict[Row, list[int]]] = field(default_factory=dict)
    _down: dict[Link, dict[Row, list[int]]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for link in links(self.schema):
            child, own, parent, theirs = link
            self._down[link] = _index(self.database[child], own)
            self._up[link] = _index(self.database[parent], theirs)

    def family(self, member: Member) -> list[Member]:
        """*member*, what it belongs to, all that belongs to these, and so on."""
        return sorted(_closed({member}, lambda one: (*self._children(one), *self._parents_of(one))))

    def some(self, count: int, dice: Dice) -> Database:
        """Up to *count* families of each table that refers to no other; three in four have children."""
        members: set[Member] = set()
        for table in self.schema.tables:
            places = range(len(self.database[table.name]))
            if table.foreign_keys or not places:
                continue
            rich = self._parents(table, dice) if dice.chance(75) else ()
            members |= {(table.name, place) for place in dice.some(rich or places, count)}
        members = _closed(_closed(members, self._children), self._parents_of)
        kept: Database = {table.name: [] for table in self.schema.tables}
        for name, place in sorted(members):
            kept[name].append(self.database[name][place])
        return kept

    def _parents(self, table: TableDef, dice: Dice) -> list[int]:
        """The places of the rows of *table* that one of the tables that refer to it has rows for."""
        below = [link for link in self._down if link[2] == table.name]
        if not below:
            return []
        link = dice.pick(below)
        return sorted(place for key in self._down[link] for place in self._up[link].get(key, ()))

    def _children(self, member: Member) -> Iterator[Member]:
        name, place = member
        for link, index in self._down.items():
            if link[2] == name:
                key = _key(self.database[name][place], link[3])
                yield from ((link[0], other) for other in index.get(key, ()))

    def _parents_of(self, member: Member) -> Iterator[Member]:
        name, place = member
        for link, index in self._up.items():
            if link[0] == name:
                key = _key(self.database[name][place], link[1])
                yield from ((link[2], other) for other in index.get(key, ()))


def _closed(members: set[Member], step: Callable[[Member], Iterable[Member]]) -> set[Member]:
    """*members* and all that *step* leads to from them."""
    found, left = set(members), list(members)
    while left:
        new = set(step(left.pop())) - found
        found |= new
        left += new
    return found


def _index(rows: Iterable[Row], places: tuple[int, ...]) -> dict[Row, list[int]]:
    found: dict[Row, list[int]] = defaultdict(list)
    for number, row in enumerate(rows):
        key = _key(row, places)
        if None not in key:  # refers to nothing
            found[key].append(number)
    return found


def _key(row: Row, places: tuple[int, ...]) -> Row:
    return tuple(row[place] for place in places)
