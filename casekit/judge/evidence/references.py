"""What refers to what in a schema, and the columns that name rows."""

from __future__ import annotations

from collections.abc import Iterator

from casekit.judge.evidence.families import family_of
from casekit.judge.evidence.schema import Schema

__all__ = ["Link", "Place", "id_places", "links", "naming_places"]

Place = tuple[str, int]  # a table's name and the place of a column
Link = tuple[str, tuple[int, ...], str, tuple[int, ...]]  # child, its places, parent, the parent's places


def links(schema: Schema) -> Iterator[Link]:
    """Every foreign key whose parent is there."""
    for table in schema.tables:
        for key in table.foreign_keys:
            parent = schema.table(key.parent)
            if parent is not None:
                yield table.name, table.places(key.columns), parent.name, parent.places(key.parent_columns)


def naming_places(schema: Schema) -> set[Place]:
    """The columns that are part of a key, or of a reference on either side."""
    uniques = {
        (table.name, place)
        for table in schema.tables
        for columns in table.uniques
        for place in table.places(columns)
    }
    owns = {(child, place) for child, places, _, _ in links(schema) for place in places}
    return uniques | owns | {(parent, place) for _, _, parent, places in links(schema) for place in places}


def id_places(schema: Schema) -> set[Place]:
    """Those of them that hold ids: numbers and texts without a set of values to be one of."""
    columns = {
        (table.name, place): column for table in schema.tables for place, column in enumerate(table.columns)
    }
    return {
        place
        for place in naming_places(schema)
        if family_of(columns[place].type) in ("integer", "text") and not columns[place].values
    }
