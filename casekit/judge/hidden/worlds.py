"""The case's own world at other seeds and sizes: small databases in which all is as the case has it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from casekit.judge.evidence.database import Database
from casekit.judge.hidden.schema import CaseSchema, as_seen, case_schema
from casekit.model import Case
from casekit.world import World
from casekit.world.loading import load_world, read_source
from casekit.world.rules import read_rules

__all__ = ["HiddenWorlds", "hidden_worlds"]

SEEDS = (1_000_033, 1_000_037, 1_000_039)  # far from every seed that a candidate's data is built from
PEOPLE = (24, 40, 120)


@dataclass(frozen=True)
class HiddenWorlds:
    """
    What the hidden databases of a case are made from.

    Attributes:
        tables: The tables and what their rows must keep.
        worlds: Worlds of some dozen people each, with both sides of every twist among them.
    """

    tables: CaseSchema
    worlds: tuple[Database, ...]


def hidden_worlds(case: Case) -> HiddenWorlds:
    """
    The hidden worlds of *case*; the same ones every time.

    Raises:
        AuthorError: The world cannot be drawn, or ``rules.sql`` cannot be read.
    """
    from casekit.world.small import draw_small

    folder = Path(case.folder)
    world = load_world(read_source(folder, case.slug), case.slug)
    tables = case_schema(world, read_rules(folder))
    drawn = [
        draw_small(world, case.slug, seed, people).rows for seed, people in zip(SEEDS, PEOPLE, strict=True)
    ]
    worlds = tuple(_database(world, rows) for rows in drawn)
    # A story leaves a text NULL without declaring it, so what may be NULL is read off the rows.
    return HiddenWorlds(replace(tables, schema=as_seen(tables.schema, worlds)), worlds)


def _database(world: World, rows: Any) -> Database:
    """The rows of every table as plain values; those that are summed up from others are worked out."""
    from casekit.sandbox.locking import open_memory
    from casekit.world.writing import fill

    con = open_memory("256MB", threads="1")
    try:
        fill(con, world, rows)
        return {table.name: con.execute(f'FROM "{table.name}"').fetchall() for table in world.tables}
    finally:
        con.close()
