"""A whole world, drawn chunk by chunk into DuckDB tables, with its digests and its ledger."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb

from casekit.world.chunks import DrawnChunk, WorldKey, chunks_of, draw_chunk
from casekit.world.columns import sql_name
from casekit.world.declare import Entry, World
from casekit.world.digests import TableDigest, join_digests
from casekit.world.ledger import join_ledgers
from casekit.world.rollups import digest_relation, fill_rollups
from casekit.world.writing import attached, create_tables, insert_rows

__all__ = ["DrawnWorld", "digest_drawn", "digest_rollups", "draw_into", "insert_chunk", "join_world"]

DRAWING_SHARE = 0.3  # of the time a chunk takes

Progress = Callable[[float, str], None]


@dataclass(frozen=True)
class DrawnWorld:
    """
    What is known of a world once all its rows are there.

    Attributes:
        digests: One for each table, in the world's order.
        ledger: What its twists did.
    """

    digests: tuple[TableDigest, ...]
    ledger: tuple[Entry, ...]


def draw_into(path: Path, world: World, key: WorldKey, on_progress: Progress) -> DrawnWorld:
    """
    Draws a world into a new DuckDB file.

    Raises:
        AuthorError: ``build`` or a rollup fails, or gives what is not declared.
    """
    with attached(path) as con:
        return _draw_tables(con, world, key, on_progress)


def digest_drawn(world: World, key: WorldKey) -> tuple[TableDigest, ...]:
    """
    The digests of a world's tables, freshly drawn and kept nowhere.

    Raises:
        AuthorError: ``build`` or a rollup fails, or gives what is not declared.
    """
    with duckdb.connect(config={"threads": 1}) as con:
        return _draw_tables(con, world, key, lambda _share, _what: None).digests


def insert_chunk(
    con: duckdb.DuckDBPyConnection,
    world: World,
    drawn: DrawnChunk,
    on_table: Callable[[str], None] = lambda _: None,
) -> None:
    """Appends the rows of a chunk to their tables."""
    for table in world.tables:
        if table.name in drawn.rows:
            on_table(table.name)
            insert_rows(con, table, drawn.rows[table.name])


def digest_rollups(con: duckdb.DuckDBPyConnection, world: World) -> Iterator[TableDigest]:
    """The digests of the rollups that stand in the connection's current database."""
    for table in world.tables:
        if table.rollup:
            yield digest_relation(con, table, sql_name(table.name), "rowid")


def join_world(
    world: World,
    blocks: Iterable[Iterable[TableDigest]],
    ledgers: Iterable[Sequence[Entry]],
    rollups: Iterable[TableDigest],
) -> DrawnWorld:
    """What is known of the whole, from its blocks in order and its rollups."""
    found: dict[str, list[TableDigest]] = {table.name: [] for table in world.tables}
    for digest in (digest for block in [*blocks, rollups] for digest in block):
        found[digest.name].append(digest)
    return DrawnWorld(tuple(join_digests(digests) for digests in found.values()), join_ledgers(ledgers))


def _draw_tables(
    con: duckdb.DuckDBPyConnection, world: World, key: WorldKey, on_progress: Progress
) -> DrawnWorld:
    chunks = chunks_of(world, key.people)
    place = {table.name: place / len(world.tables) for place, table in enumerate(world.tables)}
    digests: list[tuple[TableDigest, ...]] = []
    ledgers: list[tuple[Entry, ...]] = []
    first = 0.0

    def tell(name: str) -> None:
        share = DRAWING_SHARE + (1 - DRAWING_SHARE) * place[name]
        on_progress(first + share / len(chunks), f"writing {name}")

    create_tables(con, world)
    for chunk in chunks:
        first = chunk.number / len(chunks)
        on_progress(first, f"drawing {key.slug}")
        drawn = draw_chunk(world, key, chunk)
        insert_chunk(con, world, drawn, tell)
        digests += drawn.digests
        ledgers.append(drawn.ledger)
    fill_rollups(con, world, key.slug, tell)
    return join_world(world, digests, ledgers, digest_rollups(con, world))
