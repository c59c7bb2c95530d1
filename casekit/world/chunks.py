"""
Chunks: runs of consecutive blocks, the unit in which a world of any size is drawn and written.

A chunk of a large world has about a million rows: enough for DuckDB to pack them well, and few enough
for two chunks to fit in memory beside it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, Any, TypeVar

from casekit.errors import UsageError
from casekit.world.blocks import Block, blocks_of, draw_block
from casekit.world.declare import Columns, ColumnSpec, Entry, Rows, World
from casekit.world.ledger import join_ledgers

if TYPE_CHECKING:
    from casekit.world.digests import TableDigest

__all__ = [
    "Chunk",
    "DrawnChunk",
    "WorldKey",
    "blocks_a_chunk",
    "chunks_of",
    "draw_ahead",
    "draw_chunk",
    "part_of",
]

CHUNK_ROWS = 1_000_000

T = TypeVar("T")


@dataclass(frozen=True)
class WorldKey:
    """What decides every row of a world: the case's slug, the seed, and how many people it has."""

    slug: str
    seed: int
    people: int


@dataclass(frozen=True)
class Chunk:
    """Which chunk, from 0, and the blocks it is made of."""

    number: int
    blocks: tuple[Block, ...]

    @property
    def people(self) -> int:
        """How many people it holds."""
        return sum(block.people for block in self.blocks)


@dataclass(frozen=True)
class DrawnChunk:
    """
    The rows of one chunk.

    Attributes:
        digests: For each of its blocks, the digests of the tables that come with the block.
        ledger: What the twists did in it.
    """

    chunk: Chunk
    rows: Rows
    digests: tuple[tuple[TableDigest, ...], ...]
    ledger: tuple[Entry, ...]


def chunks_of(world: World, people: int, each: int = 1) -> tuple[Chunk, ...]:
    """The chunks of a world of so many people, of *each* blocks; the last takes what is left."""
    blocks = blocks_of(world, people)
    return tuple(
        Chunk(number, blocks[first : first + each])
        for number, first in enumerate(range(0, len(blocks), each))
    )


def blocks_a_chunk(world: World, key: WorldKey) -> int:
    """
    How many blocks make about a million rows, going by the first: the same on every machine.

    Raises:
        AuthorError: ``build`` fails, or its rows do not fit the declared tables.
    """
    first, *others = blocks_of(world, key.people)
    if not others:
        return 1
    rows = draw_block(world, key.slug, key.seed, first).rows
    counts = [len(rows[table.name][table.columns[0].name]) for table in world.tables if table.name in rows]
    return max(1, round(CHUNK_ROWS / max(1, sum(counts))))


def part_of(chunks: Sequence[Chunk], part: tuple[int, int] | None) -> Sequence[Chunk]:
    """
    The chunks of part *i* of *n*, counted from 1.

    A part's chunks are neighbours, and as many as any other part's, give or take one.

    Raises:
        UsageError: There is no such part.
    """
    number, count = part or (1, 1)
    if not 1 <= number <= count:
        told = f"there is no part {number} of {count}: parts count from 1 up to how many there are"
        raise UsageError(f"{told}. Type for example --part 1/4")
    return chunks[len(chunks) * (number - 1) // count : len(chunks) * number // count]


def draw_chunk(world: World, key: WorldKey, chunk: Chunk) -> DrawnChunk:
    """
    The rows of a chunk, block after block, with each block's digests.

    Raises:
        AuthorError: ``build`` fails, or its rows do not fit the declared tables.
    """
    drawn = [draw_block(world, key.slug, key.seed, block) for block in chunk.blocks]
    digests = tuple(_digests(world, block.rows) for block in drawn)
    ledger = join_ledgers(block.ledger for block in drawn)
    return DrawnChunk(chunk, _joined(world, [block.rows for block in drawn]), digests, ledger)


def draw_ahead(
    draw: Callable[[Chunk], DrawnChunk], write: Callable[[DrawnChunk], T], chunks: Iterable[Chunk]
) -> Iterator[T]:
    """
    What *write* gives for each chunk, in order; the next one is drawn meanwhile, in a thread of its own.

    Two chunks are in memory at any time, never three.
    """
    from concurrent.futures import ThreadPoolExecutor

    with ThreadPoolExecutor(1, "casekit-draws") as pool:
        waiting = iter(chunks)
        following = [pool.submit(draw, chunk) for chunk in islice(waiting, 1)]
        while following:
            drawn = following.pop().result()
            following = [pool.submit(draw, chunk) for chunk in islice(waiting, 1)]
            written = write(drawn)
            del drawn
            yield written


def _digests(world: World, rows: Rows) -> tuple[TableDigest, ...]:
    from casekit.world.digests import digest_table

    return tuple(digest_table(table, rows[table.name]) for table in world.tables if table.name in rows)


def _joined(world: World, blocks: Sequence[Rows]) -> Rows:
    if len(blocks) == 1:
        return blocks[0]
    tables = [table for table in world.tables if any(table.name in rows for rows in blocks)]
    return {
        table.name: {
            column.name: _end_to_end(column, [rows[table.name] for rows in blocks if table.name in rows])
            for column in table.columns
        }
        for table in tables
    }


def _end_to_end(column: ColumnSpec, parts: Sequence[Columns]) -> Any:
    import numpy as np

    kind = object if column.type == "text" and not column.values else None
    return np.concatenate([np.asarray(part[column.name], kind) for part in parts])
