"""
A case's own world bent towards a reference: rows moved onto its boundaries, rare things made common, a dip.

Databases built from the constraints alone seldom keep every rule of a case's world. These do, because whole
rows with all that belongs to them are moved, left out or chosen, and each move is held against the rules.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import sqlglot
from sqlglot import exp
from sqlglot.errors import SqlglotError

from casekit.judge.evidence.database import Database, Row, Rows, without_orphans
from casekit.judge.evidence.families import family_of
from casekit.judge.evidence.numbering import renumbered
from casekit.judge.evidence.schema import Schema, TableDef
from casekit.judge.hidden.lawbook import Lawbook
from casekit.judge.hidden.schema import CaseSchema

__all__ = ["bent_worlds"]

EACH_SHAPE = 120  # rows kept of each shape, that is of each number of rows that belong to one
NEAREST = 5
MOST_BOUNDARIES = 6
MOST_CHILDREN = 8
DIPS = (timedelta(days=3), timedelta(days=1))
STRETCH = 200
NO_TIME = timedelta(0)
FOREVER = datetime(9999, 1, 1)

Moves = dict[int, timedelta]  # by place of a row of the root: how much later it is to be


def bent_worlds(tables: CaseSchema, plenty: Database, reference: str) -> tuple[Database, ...]:
    """
    Lawful databases on which mistakes at the boundaries of *reference* show.

    Args:
        tables: The tables, and what their rows must keep.
        plenty: A large world.
        reference: The query whose dates are the boundaries.
    """
    schema = tables.schema.only(table.name for table in tables.schema.tables)
    kin = _Kin.of(schema, plenty)
    if kin is None:
        return ()
    boundaries = _boundaries(reference)
    with Lawbook(tables) as laws:
        evened = _part(schema, plenty, kin, _of_each_shape(kin))
        own = _Kin.of(schema, evened)
        bent = _stretched(schema, _moved(schema, evened, own, boundaries, laws)) if own else evened
        dips = [_dip(schema, plenty, kin, boundary) for boundary in boundaries[:1]]
        made = [renumbered(schema, database) for database in (bent, *dips)]
        return tuple(database for database in made if laws.are_kept(database))


@dataclass(frozen=True)
class _Kin:
    """
    The rows of the table that most others belong to, each with its family.

    Attributes:
        root: That table.
        owners: By table: for each row, the place of the root's row that it belongs to.
    """

    root: TableDef
    owners: dict[str, list[int | None]]
    shapes: list[tuple[int, ...]]

    @classmethod
    def of(cls, schema: Schema, database: Database) -> _Kin | None:
        """The kin of the largest table that refers to no other and is referred to; None without one."""
        parents = {key.parent.casefold() for table in schema.tables for key in table.foreign_keys}
        roots = [
            table for table in schema.tables if not table.foreign_keys and table.name.casefold() in parents
        ]
        if not roots:
            return None
        root = max(roots, key=lambda table: len(database[table.name]))
        owners: dict[str, list[int | None]] = {root.name: list(range(len(database[root.name])))}
        for table in schema.tables:
            for key in table.foreign_keys[:1]:
                parent = schema.table(key.parent)
                if parent is not None and parent.name in owners and table.name not in owners:
                    owners[table.name] = _owned(
                        table, parent, key.columns, key.parent_columns, database, owners
                    )
        return cls(root, owners, _shapes(owners, root, len(database[root.name])))


def _owned(  # noqa: PLR0913, PLR0917 - two tables, how they are tied, and what is known so far
    table: TableDef,
    parent: TableDef,
    columns: tuple[str, ...],
    theirs: tuple[str, ...],
    database: Database,
    owners: dict[str, list[int | None]],
) -> list[int | None]:
    own, other = table.places(columns), parent.places(theirs)
    known = {
        tuple(row[place] for place in other): owner
        for row, owner in zip(database[parent.name], owners[parent.name], strict=True)
    }
    return [known.get(tuple(row[place] for place in own)) for row in database[table.name]]


def _shapes(owners: dict[str, list[int | None]], root: TableDef, count: int) -> list[tuple[int, ...]]:
    counts = [[0] * count for _ in owners]
    for nth, (name, owned) in enumerate(owners.items()):
        for owner in owned if name != root.name else ():
            if owner is not None:
                counts[nth][owner] = min(counts[nth][owner] + 1, MOST_CHILDREN)
    return list(zip(*counts, strict=True))


def _boundaries(sql: str) -> list[datetime]:
    """The dates and moments that are written in *sql*, in order of appearance."""
    found: dict[datetime, None] = {}
    with suppress(SqlglotError):
        for literal in sqlglot.parse_one(sql, dialect="duckdb").find_all(exp.Literal, bfs=False):
            with suppress(ValueError):
                if literal.is_string:
                    found.setdefault(datetime.fromisoformat(literal.this))
    return list(found)[:MOST_BOUNDARIES]


def _of_each_shape(kin: _Kin) -> set[int]:
    places: dict[tuple[int, ...], list[int]] = defaultdict(list)
    for place, shape in enumerate(kin.shapes):
        places[shape].append(place)
    return {one for some in places.values() for one in some[:: max(1, len(some) // EACH_SHAPE)]}


def _part(schema: Schema, database: Database, kin: _Kin, kept: Iterable[int]) -> Database:
    """The rows of *kept* and all that belongs to them; tables that belong to nobody stay whole."""
    rows = database[kin.root.name]
    return without_orphans(schema, {**database, kin.root.name: [rows[place] for place in sorted(kept)]})


def _moved(
    schema: Schema, database: Database, kin: _Kin, boundaries: Sequence[datetime], laws: Lawbook
) -> Database:
    """*database* with a few families moved in time, so that their first row lies on a boundary."""
    clock = next((place for place, one in enumerate(kin.root.columns) if _is_time(one.type)), None)
    if clock is None:
        return database
    rows = database[kin.root.name]
    moves: Moves = {}
    for boundary in boundaries:
        for place in _nearest(rows, kin, clock, boundary):
            moves.setdefault(place, boundary - _moment(rows[place][clock]))

    def lawful(some: Moves) -> Moves:
        """Those of *some* moves that keep the rules; halves are tried alone where one move breaks one."""
        if not some or laws.are_kept(renumbered(schema, _after(schema, database, kin, some, alone=True))):
            return some
        items = list(some.items())
        half = len(items) // 2
        return {**lawful(dict(items[:half])), **lawful(dict(items[half:]))} if half else {}

    return _after(schema, database, kin, lawful(moves))


def _after(schema: Schema, database: Database, kin: _Kin, moves: Moves, *, alone: bool = False) -> Database:
    """*database* after *moves*; *alone*: only the families that moved, beside what belongs to nobody."""
    made: Database = {}
    for table in schema.tables:
        rows, owners = database[table.name], kin.owners.get(table.name)
        if owners is None:
            made[table.name] = rows
            continue
        made[table.name] = [
            _later(table, row, moves.get(owner, NO_TIME) if owner is not None else NO_TIME)
            for row, owner in zip(rows, owners, strict=True)
            if not alone or owner in moves
        ]
    return made


def _nearest(rows: Rows, kin: _Kin, clock: int, boundary: datetime) -> Iterator[int]:
    """The rows nearest to *boundary*: of those with something in every table, in some, and in none."""
    groups: dict[int, list[tuple[timedelta, int]]] = defaultdict(list)
    for place, (row, shape) in enumerate(zip(rows, kin.shapes, strict=True)):
        if row[clock] is not None:
            groups[sum(map(bool, shape))].append((abs(_moment(row[clock]) - boundary), place))
    for group in groups.values():
        yield from (place for _, place in sorted(group)[:NEAREST])


def _later(table: TableDef, row: Row, step: timedelta) -> Row:
    if not step:
        return row
    return tuple(
        value + step if _is_time(column.type) and value is not None else value  # type: ignore[operator]
        for value, column in zip(row, table.columns, strict=True)
    )


def _stretched(schema: Schema, database: Database) -> Database:
    """*database* with one amount made very large for the rarest value of each listed column beside it."""
    made = dict(database)
    for table in schema.tables:
        amounts = [
            place for place, one in enumerate(table.columns) if family_of(one.type) in {"decimal", "float"}
        ]
        listed = [place for place, one in enumerate(table.columns) if one.values]
        rows = list(made[table.name])
        for place in listed if amounts else ():
            nth = _rarest(rows, place)
            if nth is not None:
                rows[nth] = tuple(
                    _large(value) if at in amounts else value for at, value in enumerate(rows[nth])
                )
        made[table.name] = rows
    return made


def _rarest(rows: Rows, place: int) -> int | None:
    """The first row with the value that comes least often in a column; None when the column is empty."""
    counts: dict[Any, int] = defaultdict(int)
    for row in rows:
        counts[row[place]] += 1
    counts.pop(None, None)
    if not counts:
        return None
    rarest = min(counts, key=lambda value: counts[value])
    return next(nth for nth, row in enumerate(rows) if row[place] == rarest)


def _large(value: Any) -> Any:
    return value if value is None else value * STRETCH


def _dip(schema: Schema, database: Database, kin: _Kin, boundary: datetime) -> Database:
    """*database* less who has everything, in the days about *boundary*: a rate that falls just there."""
    clock = next((place for place, one in enumerate(kin.root.columns) if _is_time(one.type)), None)
    if clock is None:
        return database
    start, end = boundary - DIPS[0], boundary + DIPS[1]
    most = max(sum(map(bool, shape)) for shape in kin.shapes)
    whole = [sum(map(bool, shape)) == most for shape in kin.shapes]
    some = _of_each_shape(kin)
    kept = {
        place
        for place, row in enumerate(database[kin.root.name])
        if (start <= _moment(row[clock]) < end and kin.shapes[place] != (0,) * len(kin.shapes[place]))
        or place in some
        if not (whole[place] and start <= _moment(row[clock]) < end)
    }
    return _part(schema, database, kin, kept)


def _is_time(type_: str) -> bool:
    return family_of(type_) == "timestamp"


def _moment(value: object) -> datetime:
    if isinstance(value, datetime):
        return value
    return datetime.combine(value, datetime.min.time()) if isinstance(value, date) else FOREVER
