"""One pool of values for all columns that are compared with each other, so that their rows can meet."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from casekit.judge.evidence.checks import admits
from casekit.judge.evidence.clues import BaseColumn, Clues
from casekit.judge.evidence.dice import Dice
from casekit.judge.evidence.families import family_of, fitted
from casekit.judge.evidence.neighbours import beside, plain_values
from casekit.judge.evidence.schema import ColumnDef, Schema

__all__ = ["Pool", "Pools"]


@dataclass(frozen=True)
class Pool:
    """
    Values for one family of one set of linked columns.

    Attributes:
        sharp: The constants themselves.
        near: Their neighbours.
        plain: Ordinary values, simplest first.
    """

    sharp: tuple[object, ...]
    near: tuple[object, ...]
    plain: tuple[object, ...]

    @property
    def everything(self) -> tuple[object, ...]:
        """All values, the most telling first."""
        return self.sharp + self.near + self.plain

    def domain(self, dice: Dice, size: int, sharpness: int) -> list[object]:
        """*size* different values, each a constant or its neighbour *sharpness* times in a hundred."""
        chosen: list[object] = []
        for _ in range(size * 3):
            part = self.plain
            if dice.chance(sharpness) and self.sharp:
                part = self.near if self.near and dice.chance(40) else self.sharp
            value = dice.pick(part or self.everything)
            if value not in chosen:
                chosen.append(value)
            if len(chosen) == size:
                break
        return chosen


class Pools:
    """The pools of a schema's columns, and which columns share one."""

    def __init__(self, schema: Schema, clues: Clues) -> None:
        self._root: dict[BaseColumn, BaseColumn] = {}
        self._columns = {
            (table.name.lower(), place): column
            for table in schema.tables
            for place, column in enumerate(table.columns)
        }
        self._link(schema, clues)
        self._cast = {self.root(column): kind for column, kind in clues.casts.items()}
        self._constants: dict[BaseColumn, list[object]] = defaultdict(list)
        for column, values in clues.constants.items():
            self._constants[self.root(column)] += values
        self._made: dict[BaseColumn, Pool] = {}

    def root(self, column: BaseColumn) -> BaseColumn:
        """The column that stands for all columns linked with *column*."""
        while (above := self._root.get(column, column)) != column:
            column = above
        return column

    def of(self, column: BaseColumn) -> Pool:
        """The pool for *column*: its own family's form of what its linked columns share."""
        if column not in self._made:
            self._made[column] = self._pool(column)
        return self._made[column]

    def _link(self, schema: Schema, clues: Clues) -> None:
        for group in clues.links:
            self._union(group)
        for table in schema.tables:
            for key in table.foreign_keys:
                parent = schema.table(key.parent)
                if parent is None:
                    continue
                own, theirs = table.places(key.columns), parent.places(key.parent_columns)
                for one, other in zip(own, theirs, strict=False):
                    self._union([(table.name.lower(), one), (parent.name.lower(), other)])

    def _union(self, columns: Iterable[BaseColumn]) -> None:
        roots = sorted({self.root(column) for column in columns})
        for other in roots[1:]:
            self._root[other] = roots[0]

    def _pool(self, column: BaseColumn) -> Pool:
        definition = self._columns[column]
        family = family_of(definition.type)
        constants = self._constants[self.root(column)]
        ringed = [list(beside(constant, family)) for constant in constants]
        sharp = _allowed((ring[0] for ring in ringed if ring), definition)
        near = _allowed((value for ring in ringed for value in ring[1:]), definition)
        plain = definition.values or plain_values(family, self._cast.get(self.root(column), ""))
        ordinary = _allowed([*plain, *_bounds(definition)], definition)
        return Pool(sharp, _without(near, sharp), _without(ordinary, ()) or _forced(definition))


def _allowed(values: Iterable[object], column: ColumnDef) -> tuple[object, ...]:
    kept: list[object] = []
    for value in values:
        if value is not None and value not in kept and admits(column, value):
            kept.append(value)
    return tuple(kept)


def _bounds(column: ColumnDef) -> list[object]:
    bounds = [bound for bound in (column.low, column.high) if bound is not None]
    family = family_of(column.type)
    return [value for bound in bounds for value in beside(bound, family)]


def _forced(column: ColumnDef) -> tuple[object, ...]:
    bound = column.low if column.low is not None else column.high
    return (fitted(bound, family_of(column.type)),) if bound is not None else (None,)


def _without(values: tuple[object, ...], others: tuple[object, ...]) -> tuple[object, ...]:
    return tuple(value for value in values if value not in others)
