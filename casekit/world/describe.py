"""The data dictionary of a world, measured on its rows: tables, grain, columns, units, how many are NULL."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from casekit.world.blocks import draw_rows
from casekit.world.declare import ColumnSpec, TableSpec, World
from casekit.world.loading import DEFAULT_SEED, DEFAULT_SIZE

if TYPE_CHECKING:
    import duckdb

__all__ = ["ColumnPage", "TablePage", "describe_world"]


@dataclass(frozen=True)
class ColumnPage:
    """
    One column of the dictionary.

    Attributes:
        spec: What the author declared.
        null_share: Share of the rows in which it is NULL, 0 to 1.
    """

    spec: ColumnSpec
    null_share: float


@dataclass(frozen=True)
class TablePage:
    """One table of the dictionary: what was declared, how many rows there are, and its columns."""

    spec: TableSpec
    rows: int
    columns: tuple[ColumnPage, ...]


def describe_world(
    world: World, slug: str, seed: int = DEFAULT_SEED, size: str = DEFAULT_SIZE
) -> tuple[TablePage, ...]:
    """
    Every table of a world as it is at one seed and size, in the author's order.

    Raises:
        AuthorError: The world cannot be drawn.
    """
    import duckdb

    from casekit.world.writing import fill

    with duckdb.connect(config={"threads": 1}) as con:
        fill(con, world, draw_rows(world, slug, seed, size))
        return tuple(_page(con, table) for table in world.tables)


def _page(con: duckdb.DuckDBPyConnection, table: TableSpec) -> TablePage:
    counts = ", ".join(f'count("{column.name}")' for column in table.columns)
    row = con.execute(f'SELECT count(*), {counts} FROM "{table.name}"').fetchone()
    rows, *filled = row or ()
    shares = [1 - known / rows if rows else 0.0 for known in filled]
    pages = [ColumnPage(spec, share) for spec, share in zip(table.columns, shares, strict=True)]
    return TablePage(table, rows, tuple(pages))
