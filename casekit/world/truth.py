"""The truth of a world at one seed and size: what each twist did, and every planted fact's number."""

from __future__ import annotations

from dataclasses import dataclass

from casekit.world.blocks import blocks_of, draw_block, join_rows
from casekit.world.declare import Entry, World
from casekit.world.facts import Measured, measure
from casekit.world.ledger import join_ledgers

__all__ = ["Truth", "truth_of"]


@dataclass(frozen=True)
class Truth:
    """The ledger, and the facts that are to hold at the size."""

    ledger: tuple[Entry, ...]
    facts: tuple[Measured, ...]


def truth_of(world: World, slug: str, seed: int, size: str) -> Truth:
    """
    The world drawn in memory and measured; nothing is written.

    Raises:
        AuthorError: The world cannot be drawn.
    """
    import duckdb

    from casekit.world.writing import fill

    drawn = [draw_block(world, slug, seed, block) for block in blocks_of(world, world.sizes[size])]
    rows = drawn[0].rows if len(drawn) == 1 else join_rows(world, [one.rows for one in drawn])
    with duckdb.connect(config={"threads": 1}) as con:
        fill(con, world, rows)
        facts = measure(con, [fact for fact in world.facts if size in fact.sizes])
    return Truth(join_ledgers([one.ledger for one in drawn]), facts)
