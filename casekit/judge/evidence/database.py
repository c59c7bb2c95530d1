"""A small database as plain rows, and whether it keeps its schema's keys."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from casekit.judge.evidence.schema import Schema, TableDef

__all__ = ["Database", "Row", "Rows", "keeps_uniques", "keys_of", "n_rows", "without_orphans"]

Row = tuple[object, ...]
Rows = list[Row]
Database = dict[str, Rows]  # by the table's name as the schema writes it


def n_rows(database: Mapping[str, Rows]) -> int:
    """Rows in all tables together."""
    return sum(map(len, database.values()))


def without_orphans(schema: Schema, database: Mapping[str, Rows]) -> Database:
    """*database* less every row whose parent is not there, and so on down."""
    kept = {table.name: list(database.get(table.name, [])) for table in schema.tables}
    while True:
        before = sum(map(len, kept.values()))
        for table in schema.tables:
            if table.foreign_keys:
                kept[table.name] = _fostered(schema, table, kept)
        if sum(map(len, kept.values())) == before:
            return kept


def keeps_uniques(table: TableDef, rows: Rows) -> bool:
    """True when no unique set of columns repeats a value without NULL."""
    for columns in table.uniques:
        key = _key_of(table, columns)
        keys = [key(row) for row in rows]
        whole = [item for item in keys if None not in item]
        if len(set(whole)) < len(whole):
            return False
    return True


def keys_of(table: TableDef) -> list[Callable[[Row], Row]]:
    """For each unique set of columns a function from a row to its values there."""
    return [_key_of(table, columns) for columns in table.uniques]


def _fostered(schema: Schema, table: TableDef, database: Database) -> Rows:
    rows = database[table.name]
    for key in table.foreign_keys:
        parent = schema.table(key.parent)
        if parent is None:
            continue
        own, theirs = _key_of(table, key.columns), _key_of(parent, key.parent_columns)
        known = {theirs(row) for row in database[parent.name]}
        rows = [row for row in rows if None in own(row) or own(row) in known]
        database[table.name] = rows
    return rows


def _key_of(table: TableDef, columns: tuple[str, ...]) -> Callable[[Row], Row]:
    places = table.places(columns)
    return lambda row: tuple(row[place] for place in places)
