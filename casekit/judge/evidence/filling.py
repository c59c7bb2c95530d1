"""Rows put into a database one by one, each with the parents it needs, so that every constraint is kept."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from casekit.judge.evidence.clues import BaseColumn
from casekit.judge.evidence.database import Database, Row, keeps_uniques, without_orphans
from casekit.judge.evidence.dice import Dice
from casekit.judge.evidence.families import family_of, fitted
from casekit.judge.evidence.pools import Pools
from casekit.judge.evidence.rules import Key, TableRules
from casekit.judge.evidence.schema import Schema

__all__ = ["Filler", "Profile"]

MOST_DEPTH = 6
TRIES = 4


@dataclass(frozen=True)
class Profile:
    """
    What kind of database is wanted.

    Attributes:
        values: How many different values a set of linked columns draws from.
        sharpness: How often, in percent, a value is a constant of the queries or beside one.
        nulls: How often, in percent, a value that may be NULL is.
        twins: How often, in percent, a row is an earlier one with a single column changed.
        runs: How often, in percent, a column of a table counts up from row to row.
    """

    values: int = 3
    sharpness: int = 60
    nulls: int = 10
    twins: int = 20
    runs: int = 10


class Filler:
    """
    One database in the making.

    Args:
        schema: Its tables, parents first.
        rules: What each table's rows must keep, by the table's name.
        pools: The values to draw from.
        profile: What kind of database it becomes.
        dice: Every choice.
    """

    def __init__(
        self, schema: Schema, rules: Mapping[str, TableRules], pools: Pools, profile: Profile, dice: Dice
    ) -> None:
        self.schema, self.rules, self.pools, self.profile, self.dice = schema, rules, pools, profile, dice
        self.rows: Database = {table.name: [] for table in schema.tables}
        self._taken: dict[tuple[str, int], set[Row]] = {}
        self._domains: dict[tuple[object, ...], list[object]] = {}
        self._runs: dict[tuple[str, int], bool] = {}

    def fill(self, table: str, count: int) -> None:
        """Up to *count* more rows of *table*."""
        rows = self.rows[table]
        for _ in range(count):
            twin = rows and self.dice.chance(self.profile.twins)
            self.add(table, self._twin(table) if twin else {})

    def twin(self, table: str) -> None:
        """One more row of *table*: an earlier one with a single column changed, its key apart."""
        if self.rows[table]:
            self.add(table, self._twin(table))

    def stack(self, table: str, height: int) -> None:
        """Rows of *table* that are alike but for their keys, until there are *height* of them."""
        for _ in range(TRIES * height):
            if len(self.rows[table]) >= height:
                return
            source = self.rows[table][0] if self.rows[table] else ()
            freed = self._freed(table) if source else ()
            self.add(table, {place: value for place, value in enumerate(source) if place not in freed})

    def add(self, table: str, fixed: Mapping[int, object], depth: int = 0) -> Row | None:
        """A new row of *table* with the values *fixed* by place, or None when no such row can stand."""
        rules = self.rules[table]
        for _ in range(TRIES):
            row = self._drawn(table, dict(fixed), rules, depth)
            if row is None:
                return None
            row = self._made_unique(row, fixed, rules)
            if row is not None and rules.allows(row):
                self._keep(row, rules)
                return row
        return None

    def finished(self) -> Database:
        """The database, with runs closed up and nothing left that breaks a constraint."""
        for name, rules in self.rules.items():
            for place, start in rules.runs:
                self.rows[name] = _closed_up(self.rows[name], place, start)
        if any(rules.runs for rules in self.rules.values()):
            self.rows = {name: self._unique_rows(name) for name in self.rows}
        return without_orphans(self.schema, self.rows)

    def _unique_rows(self, name: str) -> list[Row]:
        kept: list[Row] = []
        for row in self.rows[name]:
            if keeps_uniques(self.rules[name].table, [*kept, row]):
                kept.append(row)
        return kept

    def _twin(self, table: str) -> dict[int, object]:
        source = self.dice.pick(self.rows[table])
        changed = {self.dice.below(len(source)), *self._freed(table)}
        return {place: value for place, value in enumerate(source) if place not in changed}

    def _freed(self, table: str) -> list[int]:
        """A column of each unique set, so that a copy can stand beside the row it was made from."""
        uniques = self.rules[table].uniques
        own = self.rules[table].key_places
        return [self.dice.pick([place for place in key if place not in own] or key) for key in uniques]

    def _drawn(self, table: str, values: dict[int, object], rules: TableRules, depth: int) -> Row | None:
        for key in rules.parents:
            if not self._with_parent(table, values, key, depth):
                return None
        for place in range(rules.width):
            if place not in values:
                values[place] = self._value(table, place, rules)
        return tuple(values[place] for place in range(rules.width))

    def _with_parent(self, table: str, values: dict[int, object], key: Key, depth: int) -> bool:
        """Fill the foreign key from a row of its parent, made if need be; False when there is none."""
        places, parent, parent_places = key
        nullable = any(self.rules[table].nullable[place] for place in places)
        known = {place: values[place] for place in places if place in values}
        if any(value is None for value in known.values()):
            return True
        if nullable and not known and self.dice.chance(self.profile.nulls):
            values.update(dict.fromkeys(places))
            return True
        wanted = {
            other: known[place] for place, other in zip(places, parent_places, strict=True) if place in known
        }
        row = self._parent_row(table, parent, wanted, depth)
        if row is None:
            free = [place for place in places if self.rules[table].nullable[place] and place not in known]
            values.update(dict.fromkeys(free))
            own = parent == table and len(known) == len(places)
            return bool(free) or own
        values.update({place: row[other] for place, other in zip(places, parent_places, strict=True)})
        return True

    def _parent_row(self, table: str, parent: str, wanted: Mapping[int, object], depth: int) -> Row | None:
        fitting = [row for row in self.rows[parent] if all(row[p] == value for p, value in wanted.items())]
        if fitting:
            return self.dice.pick(fitting)
        if depth >= MOST_DEPTH or (parent == table and depth > 1):
            return None
        return self.add(parent, wanted, depth + 1)

    def _value(self, table: str, place: int, rules: TableRules) -> object:
        if rules.nullable[place] and self.dice.chance(self.profile.nulls):
            return None
        key = (table, place)
        domain = self._domain((table.lower(), place), rules, place)
        if key not in self._runs:
            self._runs[key] = self.dice.chance(self.profile.runs)
        if self._runs[key]:
            return rules.within(place, _later(domain[0], len(self.rows[table])), self.dice.pick(domain))
        return self.dice.pick(domain)

    def _domain(self, column: BaseColumn, rules: TableRules, place: int) -> list[object]:
        limits = rules.table.columns[place]
        # Linked columns draw from one domain, so that their rows meet, unless they allow different values.
        key = (self.pools.root(column), limits.type, limits.values, limits.low, limits.high)
        if key not in self._domains:
            size = self.dice.between(1, self.profile.values)
            self._domains[key] = self.pools.of(column).domain(self.dice, size, self.profile.sharpness)
        return self._domains[key]

    def _made_unique(self, row: Row, fixed: Mapping[int, object], rules: TableRules) -> Row | None:
        for number, places in enumerate(rules.uniques):
            taken = self._taken.setdefault((rules.table.name, number), set())
            key = tuple(row[place] for place in places)
            if None in key or key not in taken:
                continue
            free = [place for place in places if place not in fixed and place not in rules.key_places]
            if not free:
                return None
            row = self._renumbered(row, self.dice.pick(free), rules)
            if tuple(row[place] for place in places) in taken:
                return None
        return row

    def _renumbered(self, row: Row, place: int, rules: TableRules) -> Row:
        value = _fresh(rules.types[place], row[place], len(self.rows[rules.table.name]), self.dice)
        value = rules.within(
            place, value, self.dice.pick(self.pools.of((rules.table.name.lower(), place)).everything)
        )
        return (*row[:place], value, *row[place + 1 :])

    def _keep(self, row: Row, rules: TableRules) -> None:
        self.rows[rules.table.name].append(row)
        for number, places in enumerate(rules.uniques):
            key = tuple(row[place] for place in places)
            self._taken.setdefault((rules.table.name, number), set()).add(key)


def _later(value: Any, count: int) -> Any:
    if isinstance(value, bool) or value is None:
        return value
    if isinstance(value, date):
        return value + timedelta(days=count)
    if isinstance(value, str):
        return _later_text(value, count)
    return value + count


def _later_text(value: str, count: int) -> str:
    """*value* for the first row, then other texts: the next number, the next day, or the text numbered."""
    if not count:
        return value
    day = fitted(value, "date") if value[:4].isdigit() and len(value) == 10 else None
    if isinstance(day, date):
        return (day + timedelta(days=count)).isoformat()
    return str(int(value) + count) if value.isdigit() else f"{value}{count}"


def _fresh(type_: str, value: Any, count: int, dice: Dice) -> Any:
    family = family_of(type_)
    if family == "boolean":
        return not value
    return fitted(_later(value, count + dice.between(1, 3)), family)


def _closed_up(rows: list[Row], place: int, start: int) -> list[Row]:
    order = sorted(
        range(len(rows)), key=lambda number: (rows[number][place] is None, rows[number][place], number)
    )
    closed = list(rows)
    for step, number in enumerate(order):
        row = rows[number]
        closed[number] = (*row[:place], start + step, *row[place + 1 :])
    return closed
