"""
A world in blocks: each holds its own people and everything they do, and is drawn alone.

A world of default size is one block. A larger one is a row of such blocks, and a block depends on nothing
but the case, the seed and its own number: any process on any machine draws the same rows for it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from casekit.errors import AuthorError, CasekitError, Problem
from casekit.world.declare import Columns, Drawn, Rows, TableSpec, World
from casekit.world.loading import WORLD_FILE, broken_world

__all__ = ["Block", "blocks_of", "draw_block", "draw_rows", "join_rows"]


@dataclass(frozen=True)
class Block:
    """Which block, from 0, and how many people it holds."""

    number: int
    people: int


def blocks_of(world: World, people: int) -> tuple[Block, ...]:
    """The blocks of a world of so many people; the last one takes what is left."""
    each = world.block or people
    whole, rest = divmod(people, each)
    sizes = [each] * whole + ([rest] if rest else [])
    return tuple(Block(number, size) for number, size in enumerate(sizes))


def draw_block(world: World, slug: str, seed: int, block: Block) -> Drawn:
    """
    The rows of one block, checked against their declaration; tables drawn once come with block 0 only.

    Raises:
        AuthorError: ``build`` fails, or its rows do not fit the declared tables.
    """
    from casekit.world.draws import Draws

    try:
        drawn = world.build(Draws(slug, seed, block.number), block.people)
    except CasekitError:
        raise
    except Exception as error:
        raise broken_world(slug, f"build fails: {type(error).__name__}: {error}") from error
    if not isinstance(drawn, Drawn):
        drawn = Drawn(drawn)
    tables = [table for table in world.tables if not table.rollup]
    problems = [problem for table in tables for problem in _misfits(table, drawn.rows.get(table.name, {}))]
    if problems:
        raise AuthorError(slug, problems)
    kept = {table.name: drawn.rows[table.name] for table in tables if block.number == 0 or not table.once}
    return Drawn(kept, drawn.ledger)


def draw_rows(world: World, slug: str, seed: int, size: str) -> Rows:
    """
    The rows of every table that is not a rollup, checked against their declaration.

    Raises:
        AuthorError: ``build`` fails, or its rows do not fit the declared tables.
    """
    drawn = [draw_block(world, slug, seed, block).rows for block in blocks_of(world, world.sizes[size])]
    return drawn[0] if len(drawn) == 1 else join_rows(world, drawn)


def join_rows(world: World, drawn: Sequence[Rows]) -> Rows:
    """The rows of several blocks one after the other; tables drawn once are those of the first."""
    import numpy as np

    def joined(table: TableSpec) -> Columns:
        parts = [rows[table.name] for rows in drawn if table.name in rows]
        names = [column.name for column in table.columns]
        return {name: np.concatenate([np.asarray(part[name]) for part in parts]) for name in names}

    return {table.name: joined(table) for table in world.tables if not table.rollup}


def _misfits(table: TableSpec, columns: Mapping[str, Any]) -> Iterator[Problem]:
    """Columns that are missing, undeclared, too short or outside their declared values."""
    import numpy as np

    declared = {column.name: column for column in table.columns}
    for name in sorted(declared.keys() ^ columns.keys()):
        said = "is declared but not built" if name in declared else "is built but not declared"
        yield Problem(WORLD_FILE, table.name, name, f"{said}; make the table and build agree")
    lengths = {name: len(values) for name, values in columns.items()}
    if len(set(lengths.values())) > 1:
        yield Problem(WORLD_FILE, table.name, "", f"columns differ in length: {lengths}")
    for name in sorted(declared.keys() & columns.keys()):
        places, values = len(declared[name].values), np.asarray(columns[name])
        if places and not _fit(values, places):
            yield Problem(WORLD_FILE, table.name, name, f"holds places outside its {places} values")


def _fit(values: Any, places: int) -> bool:
    """True when every value is a place, or -1."""
    if not len(values):
        return True
    is_whole = values.dtype.kind in "iub" or bool((values == values.astype(int)).all())
    return is_whole and bool(values.min() >= -1 and values.max() < places)
