"""
Small worlds with something moved to where mistakes show: to a boundary, to NULL, to another value.

What is moved may break a rule of the case; whoever finds a difference on such rows has to ask.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from itertools import chain

from casekit.judge.evidence.database import Database, Row, Rows
from casekit.judge.evidence.schema import ColumnDef, Schema, TableDef

__all__ = ["variations"]

SECOND = timedelta(seconds=1)
DAY = timedelta(days=1)
MOST = 1_000_000
MOST_NUMBERS = 12


def variations(worlds: Sequence[Database], schema: Schema, literals: set[object]) -> Iterator[Database]:
    """
    Variations of *worlds*, the most telling first, each made in one column.

    Only columns that *literals*, what both answers are written with, name are varied; the other
    literals are boundaries.
    """
    makers = (_midnights, _moments, _nulls, _numbers, _twins, _values)
    for make in makers:
        for table in schema.tables:
            for place, column in enumerate(table.columns):
                if column.name in literals:
                    yield from _in_column(make, worlds, table, place, literals)


Maker = Callable[[Rows, int, ColumnDef, set[object]], Iterator[Rows]]


def _in_column(
    make: Maker, worlds: Sequence[Database], table: TableDef, place: int, literals: set[object]
) -> Iterator[Database]:
    for world in worlds:
        for rows in make(list(world[table.name]), place, table.columns[place], literals):
            if rows != world[table.name]:
                yield {**world, table.name: rows}


def _midnights(rows: Rows, place: int, column: ColumnDef, literals: set[object]) -> Iterator[Rows]:  # noqa: ARG001
    """The first row of each day at midnight; the last one a second before midnight."""
    if not column.type.startswith("TIMESTAMP"):
        return
    firsts: dict[date, int] = {}
    lasts: dict[date, int] = {}
    for number in _in_order(rows, place):
        day = _moment(rows[number][place]).date()
        firsts.setdefault(day, number)
        lasts[day] = number
    yield _moved(rows, place, {number: datetime.combine(day, time.min) for day, number in firsts.items()})
    ends = {number: datetime.combine(day + DAY, time.min) - SECOND for day, number in lasts.items()}
    yield _moved(rows, place, ends)
    for number, end in ends.items():
        yield _moved(rows, place, {number: end})


def _moments(rows: Rows, place: int, column: ColumnDef, literals: set[object]) -> Iterator[Rows]:
    """The first row from a boundary on moved onto it, and the last row before it to just before it."""
    if column.type not in ("TIMESTAMP", "DATE"):
        return
    whole_days = column.type == "DATE"
    step = DAY if whole_days else SECOND
    order = _in_order(rows, place)
    for bound in _bounds(literals):
        after = next((number for number in order if _moment(rows[number][place]) >= bound), None)
        before = next((number for number in reversed(order) if _moment(rows[number][place]) < bound), None)
        for number, moment in ((after, bound), (before, bound - step), (before, bound)):
            if number is not None:
                yield _moved(rows, place, {number: moment.date() if whole_days else moment})


def _nulls(rows: Rows, place: int, column: ColumnDef, literals: set[object]) -> Iterator[Rows]:  # noqa: ARG001
    """Every third row without a value, and one row alone."""
    if not (column.nullable or any(row[place] is None for row in rows)):
        return
    yield _moved(rows, place, dict.fromkeys(range(0, len(rows), 3)))
    if rows:
        yield _moved(rows, place, {len(rows) // 2: None})


def _numbers(rows: Rows, place: int, column: ColumnDef, literals: set[object]) -> Iterator[Rows]:
    """Rows on a number the answers name, and on either side of it."""
    is_id = any(isinstance(row[place], int) for row in rows) and column.name.endswith("id")
    numbers = sorted(item for item in literals if isinstance(item, int | float) and abs(item) < MOST)
    if is_id or not rows or not all(_is_number(row[place]) or row[place] is None for row in rows):
        return
    for number in numbers[:MOST_NUMBERS]:
        near = [_like(rows[0][place], number + step) for step in (-1, 0, 1)]
        yield _moved(rows, place, {place_: near[place_ % 3] for place_ in range(0, len(rows), 2)})


def _twins(rows: Rows, place: int, column: ColumnDef, literals: set[object]) -> Iterator[Rows]:  # noqa: ARG001
    """One more row: the last one again, with the next number for its id."""
    if rows and column.name.endswith("id") and isinstance(rows[-1][place], int) and place == 0:
        last = max(row[place] for row in rows)  # type: ignore[type-var]
        for source in (rows[-1], rows[len(rows) // 2]):
            yield [*rows, (last + 1, *source[1:])]  # type: ignore[operator]


def _values(rows: Rows, place: int, column: ColumnDef, literals: set[object]) -> Iterator[Rows]:  # noqa: ARG001
    """One row, then every third, with each value the column knows."""
    if rows:
        for value in column.values:
            yield _moved(rows, place, {len(rows) // 2: value})
            yield _moved(rows, place, dict.fromkeys(range(0, len(rows), 3), value))


def _moved(rows: Rows, place: int, values: Mapping[int, object]) -> Rows:
    def changed(number: int, row: Row) -> Row:
        return (*row[:place], values[number], *row[place + 1 :]) if number in values else row

    return [changed(number, row) for number, row in enumerate(rows)]


def _in_order(rows: Rows, place: int) -> list[int]:
    filled = [number for number, row in enumerate(rows) if row[place] is not None]
    return sorted(filled, key=lambda number: (_moment(rows[number][place]), number))


def _moment(value: object) -> datetime:
    if isinstance(value, datetime):
        return value.replace(tzinfo=None)
    return datetime.combine(value if isinstance(value, date) else date.min, time.min)


def _bounds(literals: set[object]) -> list[datetime]:
    texts = sorted(item for item in literals if isinstance(item, str))
    return list(dict.fromkeys(chain.from_iterable(map(_read, texts))))


def _read(text: str) -> Iterator[datetime]:
    try:
        moment = datetime.fromisoformat(text.strip()).replace(tzinfo=None)
    except ValueError:
        return
    yield from (moment, moment + DAY)


def _is_number(value: object) -> bool:
    return isinstance(value, int | float | Decimal) and not isinstance(value, bool)


def _like(value: object, number: float) -> object:
    return type(value)(number) if value is not None else number  # type: ignore[call-arg]
