"""A handful of rows out of a database that is known to be lawful, each with all that belongs to it."""

from __future__ import annotations

from casekit.judge.evidence.database import Database, Row, without_orphans
from casekit.judge.evidence.dice import Dice
from casekit.judge.evidence.numbering import renumbered
from casekit.judge.evidence.schema import Schema, TableDef

__all__ = ["thinned"]

KEPT = (1, 2, 3, 4, 6, 9, 14, 20)


def thinned(schema: Schema, database: Database, *name: object) -> Database:
    """Some rows of each table that refers to no other, in their order, and the rows that belong to them."""
    dice = Dice("thinned", *name)
    kept = dice.pick(KEPT)
    made = {table.name: _some(table, database[table.name], kept, dice) for table in schema.tables}
    return renumbered(schema, without_orphans(schema, made))


def _some(table: TableDef, rows: list[Row], kept: int, dice: Dice) -> list[Row]:
    if table.foreign_keys or len(rows) <= kept:
        return list(rows)
    places = sorted({dice.below(len(rows)) for _ in range(kept)})
    return [rows[place] for place in places]
