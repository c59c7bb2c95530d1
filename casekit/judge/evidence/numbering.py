"""Ids that count up in the order in which things happened, put right after rows came, went or changed."""

from __future__ import annotations

from typing import Any

from casekit.judge.evidence.database import Database, Rows
from casekit.judge.evidence.references import Place, links
from casekit.judge.evidence.schema import Schema

__all__ = ["linked", "renumbered"]


def renumbered(schema: Schema, database: Database) -> Database:
    """*database* with every numbered column in the order it is told to follow, and its references with it."""
    for table in schema.tables:
        for column, follows in table.numbered:
            place = table.place(column)
            moves = _moves(database[table.name], place, table.place(follows))
            if moves:
                database = _moved(schema, database, linked(schema, (table.name, place)), moves)
    return database


def _moves(rows: Rows, place: int, follows: int) -> dict[object, object]:
    """Which id becomes which, for ids that do not stand in the order of their first row."""
    first: dict[Any, Any] = {}
    for row in rows:
        number, moment = row[place], row[follows]
        if number is None or moment is None:
            return {}
        first[number] = min(first.get(number, (moment, number)), (moment, number))
    ordered = sorted(first, key=lambda number: first[number])
    return {old: new for old, new in zip(ordered, sorted(first), strict=True) if old != new}


def _moved(schema: Schema, database: Database, linked: set[Place], moves: dict[object, object]) -> Database:
    made: Database = {}
    for table in schema.tables:
        places = [place for name, place in linked if name == table.name]
        rows = database[table.name]
        made[table.name] = [_row(row, places, moves) for row in rows] if places else rows
    return made


def _row(row: tuple[object, ...], places: list[int], moves: dict[object, object]) -> tuple[object, ...]:
    values = list(row)
    for place in places:
        values[place] = moves.get(values[place], values[place])
    return tuple(values)


def linked(schema: Schema, start: Place) -> set[Place]:
    """*start* and every column that a foreign key ties to it."""
    pairs = [
        ((child, mine), (parent, other))
        for child, own, parent, theirs in links(schema)
        for mine, other in zip(own, theirs, strict=True)
    ]
    found = {start}
    while True:
        tied = {other for one, other in (*pairs, *(pair[::-1] for pair in pairs)) if one in found}
        if tied <= found:
            return found
        found |= tied
