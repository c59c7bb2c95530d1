"""Tables as the evidence engine needs them: columns with types, and the constraints every database keeps."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

__all__ = ["ColumnDef", "ForeignKey", "Schema", "TableDef"]


@dataclass(frozen=True)
class ColumnDef:
    """
    One column.

    Attributes:
        name: As it is written in the schema.
        type: The DuckDB type, for example ``INTEGER`` or ``DECIMAL(10,2)``.
        nullable: False for NOT NULL columns and columns of the primary key.
        values: The only values allowed besides NULL; empty when any will do.
        low: The smallest value allowed, as a Python value; None when there is no such bound.
        high: The largest value allowed.
    """

    name: str
    type: str
    nullable: bool = True
    values: tuple[object, ...] = ()
    low: object = None
    high: object = None


@dataclass(frozen=True)
class ForeignKey:
    """Columns whose values, unless one is NULL, are found together in a row of the parent table."""

    columns: tuple[str, ...]
    parent: str
    parent_columns: tuple[str, ...]


@dataclass(frozen=True)
class TableDef:
    """
    One table.

    Attributes:
        name: As it is written in the schema.
        columns: In order.
        uniques: Sets of columns whose values never repeat, NULLs apart; the primary key is one of them.
        foreign_keys: References to other tables, or to this one.
        checks: SQL conditions that are never false for a row.
        consecutive: Columns whose values are a run without gaps.
        required: Values that a table with any row holds, as column and value.
        numbered: Columns of ids that count up in the order of another column, as id and that column.
    """

    name: str
    columns: tuple[ColumnDef, ...]
    uniques: tuple[tuple[str, ...], ...] = ()
    foreign_keys: tuple[ForeignKey, ...] = ()
    checks: tuple[str, ...] = ()
    consecutive: tuple[str, ...] = ()
    required: tuple[tuple[str, object], ...] = ()
    numbered: tuple[tuple[str, str], ...] = ()

    def place(self, column: str) -> int:
        """The index of *column*, whatever its case."""
        return [item.name.casefold() for item in self.columns].index(column.casefold())

    def places(self, columns: Iterable[str]) -> tuple[int, ...]:
        """The indices of *columns*."""
        return tuple(self.place(name) for name in columns)


@dataclass(frozen=True)
class Schema:
    """All tables, found by name whatever its case."""

    tables: tuple[TableDef, ...]

    @classmethod
    def from_ddl(cls, text: str) -> Schema:
        """
        The schema that the CREATE TABLE statements in *text* make.

        Raises:
            UsageError: DuckDB cannot run the text; the message is DuckDB's own.
        """
        from casekit.judge.evidence.ddl import schema_from_ddl

        return schema_from_ddl(text)

    def table(self, name: str) -> TableDef | None:
        """The table called *name*, or None."""
        wanted = name.casefold()
        return next((table for table in self.tables if table.name.casefold() == wanted), None)

    def only(self, names: Iterable[str]) -> Schema:
        """
        The tables called *names*, parents first.

        References to tables left out are dropped, but what limits the parent's column limits the child's.
        """
        wanted = {name.casefold() for name in names}
        limited: dict[str, TableDef] = {}
        for table in _parents_first(list(self.tables)):
            limited[table.name.casefold()] = _limited(table, limited)
        kept = [table for name, table in limited.items() if name in wanted]
        return Schema(tuple(_parents_first([_cut(table, wanted) for table in kept])))


def _cut(table: TableDef, known: set[str]) -> TableDef:
    keys = tuple(key for key in table.foreign_keys if key.parent.casefold() in known)
    return replace(table, foreign_keys=keys)


def _limited(table: TableDef, parents: Mapping[str, TableDef]) -> TableDef:
    """*table* with the value sets and bounds of the columns its foreign keys refer to."""
    columns = list(table.columns)
    for key in table.foreign_keys:
        parent = parents.get(key.parent.casefold())
        if parent is None:
            continue
        places = zip(table.places(key.columns), parent.places(key.parent_columns), strict=False)
        for own, theirs in places:
            columns[own] = _within(columns[own], parent.columns[theirs])
    return replace(table, columns=tuple(columns))


def _within(column: ColumnDef, parent: ColumnDef) -> ColumnDef:
    """*column* with the limits of *parent* where it has none of its own."""
    return replace(
        column,
        values=column.values or parent.values,
        low=parent.low if column.low is None else column.low,
        high=parent.high if column.high is None else column.high,
    )


def _parents_first(tables: list[TableDef]) -> list[TableDef]:
    """Topological order; in a cycle the table with the fewest open references goes first."""
    left, done = list(tables), list[TableDef]()
    while left:
        placed = {table.name.casefold() for table in done}
        chosen = min(left, key=lambda table: _open_references(table, placed))
        left.remove(chosen)
        done.append(chosen)
    return done


def _open_references(table: TableDef, placed: set[str]) -> int:
    own = table.name.casefold()
    return sum(
        key.parent.casefold() not in placed and key.parent.casefold() != own for key in table.foreign_keys
    )
