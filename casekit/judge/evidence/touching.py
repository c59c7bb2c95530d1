"""A few rows of a lawful database touched here and there: most of what comes out is lawful still."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from casekit.judge.evidence.database import Database, Row, without_orphans
from casekit.judge.evidence.dice import Dice
from casekit.judge.evidence.families import family_of
from casekit.judge.evidence.kin import Kin
from casekit.judge.evidence.neighbours import beside
from casekit.judge.evidence.numbering import linked, renumbered
from casekit.judge.evidence.pools import Pools
from casekit.judge.evidence.rules import TableRules
from casekit.judge.evidence.schema import Schema

__all__ = ["Touching"]

MOMENT = re.compile(r"'(\d{4}-\d\d-\d\d(?: \d\d:\d\d(?::\d\d)?)?)'")
KEPT = (1, 1, 1, 2, 3)
COPIES = (0, 0, 0, 0, 1, 2, 4)
STEP = 100_000  # between the ids of a row and those of its copy


@dataclass
class Touching:
    """
    Lawful rows and what may be changed in them.

    Laws over several tables (an order has its payment, a step has the one before it) are kept by no row that
    is made up alone. So whole families of rows are taken over, moved in time together, copied and thinned.

    Attributes:
        schema: The tables the queries read, parents first.
        pools: The values that tell something.
        rules: What single rows must keep.
        laws: Queries that give no row on a lawful database; their moments are worth a visit.
    """

    schema: Schema
    pools: Pools
    rules: dict[str, TableRules]
    laws: Sequence[str] = ()

    def __post_init__(self) -> None:
        told = dict.fromkeys(text for law in self.laws for text in MOMENT.findall(law))
        self._moments = [value for text in told for value in beside(text, "timestamp")]
        self._times = {
            table.name: [
                place for place, column in enumerate(table.columns) if family_of(column.type) == "timestamp"
            ]
            for table in self.schema.tables
        }
        self._ids = self._id_places()

    def touched(self, kin: Kin, number: int) -> Database:
        """Database *number* made from the rows of *kin*; the same one every time."""
        dice = Dice("touched", number)
        made = kin.some(dice.pick(KEPT), dice)
        if dice.chance(70):
            made = self._moved(made, dice)
        made = self._copied(made, dice.pick(COPIES))
        for _ in range(dice.pick((0, 1, 1, 2, 3))):
            made = dice.pick((self._changed, self._changed, self._dropped, self._moved))(made, dice)
        return renumbered(self.schema, without_orphans(self.schema, made))

    def _moved(self, database: Database, dice: Dice) -> Database:
        """*database* with all its times moved alike, so that one of them is a telling moment."""
        places = [(name, place) for name, places in self._times.items() if database[name] for place in places]
        if not places:
            return database
        sharp = [(name, place) for name, place in places if self.pools.of((name.lower(), place)).sharp]
        name, place = dice.pick(sharp if sharp and dice.chance(60) else places)
        pool = self.pools.of((name.lower(), place))
        told = [pool.sharp, pool.sharp, pool.near, tuple(self._moments)]
        moment, now = dice.pick(dice.pick([values for values in told if values] or [pool.plain])), None
        now = dice.pick(database[name])[place]
        if not isinstance(moment, datetime) or not isinstance(now, datetime):
            return database
        return self._shifted(database, moment - now)

    def _shifted(self, database: Database, step: timedelta) -> Database:
        made = {
            name: [self._later(row, self._times[name], step) for row in rows]
            for name, rows in database.items()
        }
        fits = all(self.rules[name].fits(row) for name, rows in made.items() for row in rows)
        return made if fits else database

    def _later(self, row: Row, places: Iterable[int], step: timedelta) -> Row:
        values: list[Any] = list(row)
        for place in places:
            if values[place] is not None:
                values[place] += step
        return tuple(values)

    def _copied(self, database: Database, copies: int) -> Database:
        """*database* and *copies* of it, all under ids of their own."""
        made = {
            table.name: [] if table.name in self._ids else list(database[table.name])
            for table in self.schema.tables
        }
        for copy in range(1, copies + 2):
            for table in self.schema.tables:
                ids = self._ids.get(table.name, set())
                for row in database[table.name] if ids else ():
                    made[table.name].append(
                        tuple(
                            value + copy * STEP if place in ids and isinstance(value, int) else value
                            for place, value in enumerate(row)
                        )
                    )
        return made

    def _dropped(self, database: Database, dice: Dice) -> Database:
        """*database* less a row of a table that refers to another."""
        names = [table.name for table in self.schema.tables if table.foreign_keys and database[table.name]]
        if not names:
            return database
        name = dice.pick(names)
        gone = dice.below(len(database[name]))
        return {**database, name: database[name][:gone] + database[name][gone + 1 :]}

    def _changed(self, database: Database, dice: Dice) -> Database:
        """*database* with one value another one, mostly one of those that the queries speak of."""
        places = [
            (table.name, place)
            for table in self.schema.tables
            if database[table.name]
            for place in range(len(table.columns))
            if place not in self._ids.get(table.name, ()) and place not in self.rules[table.name].key_places
        ]
        sharp = [(name, place) for name, place in places if self.pools.of((name.lower(), place)).sharp]
        if not places:
            return database
        name, place = dice.pick(sharp if sharp and dice.chance(60) else places)
        value = dice.pick(self.pools.of((name.lower(), place)).everything)
        at = dice.below(len(database[name]))
        row = database[name][at]
        row = (*row[:place], value, *row[place + 1 :])
        if not self.rules[name].fits(row):
            return database
        return {**database, name: [*database[name][:at], row, *database[name][at + 1 :]]}

    def _id_places(self) -> dict[str, set[int]]:
        """The places of whole numbers that are keys, and of those that refer to them."""
        found: dict[str, set[int]] = {}
        for table in self.schema.tables:
            for columns in table.uniques:
                places = table.places(columns)
                if len(places) == 1 and family_of(table.columns[places[0]].type) == "integer":
                    for name, place in linked(self.schema, (table.name, places[0])):
                        found.setdefault(name, set()).add(place)
        return found
