"""
Lawful rows with something moved to where mistakes show: onto a boundary, to NULL, twice, to another value.

A row moves in time with its whole family, so that what came after it still does.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import partial
from typing import Any

from casekit.judge.evidence.database import Database
from casekit.judge.evidence.dice import Dice
from casekit.judge.evidence.families import family_of
from casekit.judge.evidence.kin import Kin, Member
from casekit.judge.evidence.numbering import renumbered
from casekit.judge.evidence.pools import Pools
from casekit.judge.evidence.references import naming_places
from casekit.judge.evidence.schema import Schema, TableDef

__all__ = ["Moving"]

BASES_A_CONSTANT = 3
ROWS = (1, 3, 8, 99)  # that one move may take
TIMES = ("date", "timestamp")
GAP_STEPS = (timedelta(0), timedelta(days=-1), timedelta(days=-2), timedelta(days=-3), timedelta(days=1))

Move = Callable[[Database, Dice], Database]


@dataclass
class Moving:
    """
    Moves rows of databases of one schema.

    Args:
        schema: The tables, parents first.
        pools: The values that both queries speak of.
    """

    schema: Schema
    pools: Pools

    def __post_init__(self) -> None:
        self._columns = {table.name: table.columns for table in self.schema.tables}
        self._sharp = list(self._to_constants())
        self._others = [*self._to_gaps(), *self._to_roundings(), *self._to_odd()]

    def sharpened(self, bases: Sequence[Database]) -> list[Database]:
        """
        *bases* with rows on each constant of the queries; then with rows on midnights, tied, twice, NULL.

        Each has one thing moved, so that few of them break a law.
        """
        pairs = [(move, base) for move in self._sharp for base in bases[:BASES_A_CONSTANT]]
        pairs += [(move, bases[place % len(bases)]) for place, move in enumerate(self._others) if bases]
        return [
            renumbered(self.schema, move(base, Dice("moving", place)))
            for place, (move, base) in enumerate(pairs)
        ]

    def _to_constants(self) -> Iterator[Move]:
        """To each constant of the queries, and to the last second or day before it."""
        for table, place in self._places():
            for value in self.pools.of((table.name.lower(), place)).sharp:
                yield self._to(table, place, value)
                if isinstance(value, date):
                    step = timedelta(seconds=1) if isinstance(value, datetime) else timedelta(days=1)
                    yield self._to(table, place, value - step)

    def _to_gaps(self) -> Iterator[Move]:
        """All that came from a constant on, earlier together, so that one of its days meets the constant."""
        for table, place in self._places():
            if family_of(table.columns[place].type) in TIMES:
                for value in self.pools.of((table.name.lower(), place)).sharp:
                    for step in GAP_STEPS:
                        yield partial(self._gap, table=table, place=place, bound=value, step=step)

    def _gap(  # noqa: PLR0913, PLR0917 - what is moved, whither
        self, database: Database, dice: Dice, table: TableDef, place: int, bound: Any, step: timedelta
    ) -> Database:
        rows = database[table.name]
        start = _at_midnight(bound)
        later = [
            number
            for number, row in enumerate(rows)
            if row[place] is not None and _at_midnight(row[place]) >= start
        ]
        if not later:
            return database
        kin = Kin(self.schema, database)
        delta = start - _to_day(_at_midnight(rows[dice.pick(later)][place])) + step
        moved = {member for number in later for member in kin.family((table.name, number))}
        return self._in_time(database, sorted(moved), delta)

    def _to_roundings(self) -> Iterator[Move]:
        """To where days, weeks and months begin, and to the last moment of a day."""
        for table, place in self._places():
            if family_of(table.columns[place].type) == "timestamp":
                for rounding in ROUNDINGS:
                    yield self._to(table, place, rounding)

    def _places(self) -> list[tuple[TableDef, int]]:
        """Every column but those that name rows: to move these would part what belongs together."""
        naming = naming_places(self.schema)
        return [
            (table, place)
            for table in self.schema.tables
            for place in range(len(table.columns))
            if (table.name, place) not in naming
        ]

    def _to_odd(self) -> Iterator[Move]:
        """To where it is gone, twice, tied with another, or without a value."""
        for table in self.schema.tables:
            if table.foreign_keys:
                yield partial(_without_one, name=table.name)
            if table.uniques:
                yield partial(_twin, table=table)
        for table, place in self._places():
            if table.columns[place].nullable:
                yield self._to(table, place, None)
            if not table.columns[place].values:
                yield partial(_tied, name=table.name, place=place)

    def _to(self, table: TableDef, place: int, value: Any) -> Move:
        is_time = family_of(table.columns[place].type) in TIMES and value is not None

        def move(database: Database, dice: Dice) -> Database:
            rows = database[table.name]
            kin = Kin(self.schema, database)
            for number in dice.some(range(len(rows)), dice.pick(ROWS)):
                old = database[table.name][number][place]
                if is_time and old is not None:
                    moment = value(old) if callable(value) else value
                    delta = _at_midnight(moment) - _at_midnight(old)
                    database = self._in_time(database, kin.family((table.name, number)), delta)
                if not callable(value):
                    database = _with_value(database, (table.name, number), place, value)
            return database

        return move

    def _in_time(self, database: Database, family: Sequence[Member], delta: timedelta) -> Database:
        """Every moment in the rows of *family* moved by *delta*."""
        for name, number in family:
            for place, column in enumerate(self._columns[name]):
                value = database[name][number][place]
                if family_of(column.type) in TIMES and isinstance(value, date):
                    database = _with_value(database, (name, number), place, value + delta)
        return database


def _with_value(database: Database, member: Member, place: int, value: object) -> Database:
    name, number = member
    rows = list(database[name])
    rows[number] = (*rows[number][:place], value, *rows[number][place + 1 :])
    return {**database, name: rows}


def _without_one(database: Database, dice: Dice, name: str) -> Database:
    rows = database[name]
    if not rows:
        return database
    gone = dice.below(len(rows))
    return {**database, name: [*rows[:gone], *rows[gone + 1 :]]}


def _twin(database: Database, dice: Dice, table: TableDef) -> Database:
    """One more row that is another in all but its key."""
    rows = database[table.name]
    keys = [place for columns in table.uniques for place in table.places(columns)]
    whole = [place for place in keys if all(isinstance(row[place], int) for row in rows)]
    if not rows or not whole:
        return database
    source = list(dice.pick(rows))
    for place in whole:
        source[place] = 1 + max(int(row[place]) for row in rows)  # type: ignore[call-overload]
    return {**database, table.name: [*rows, tuple(source)]}


def _tied(database: Database, dice: Dice, name: str, place: int) -> Database:
    """One row with the value of another."""
    rows = database[name]
    if len(rows) < 2:
        return database
    value = dice.pick(rows)[place]
    return _with_value(database, (name, dice.below(len(rows))), place, value)


def _to_day(moment: datetime) -> datetime:
    return datetime.combine(moment, time.min)


def _to_week(moment: datetime) -> datetime:
    return _to_day(moment) - timedelta(days=moment.weekday())


def _to_month(moment: datetime) -> datetime:
    return _to_day(moment.replace(day=1))


def _to_end_of_day(moment: datetime) -> datetime:
    return _to_day(moment) + timedelta(days=1, seconds=-1)


ROUNDINGS = (_to_day, _to_week, _to_month, _to_end_of_day)


def _at_midnight(value: Any) -> datetime:
    if isinstance(value, datetime):
        return value
    return datetime(value.year, value.month, value.day)
