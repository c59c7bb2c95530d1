"""A query's result on screen: its first rows, its size, its caption."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from casekit.model import Table
from casekit.show.blocks import Block, paragraph, styled_text
from casekit.show.cells import column_texts, is_numeric
from casekit.show.grid import Head, grid
from casekit.show.panel import View

__all__ = ["TableView", "rows_block", "table_block"]


@dataclass(frozen=True)
class TableView(View):
    """
    A result as a compact table; the same table always looks the same.

    Attributes:
        caption: What the table is; empty for none.
        max_rows: How many rows are shown at most.
        units: Unit by column name, shown under the name.
    """

    table: Table
    caption: str = ""
    max_rows: int = 20
    units: Mapping[str, str] = field(default_factory=dict)

    def html(self) -> str:
        """The table in a frame that scrolls on its own when it is wide."""
        label = (
            f'<div style="font-weight:600;margin:4px 0">{styled_text(self.caption)}</div>'
            if self.caption
            else ""
        )
        block = table_block(self.table, self.max_rows, self.units)
        frame = "margin:6px 0 10px;max-width:100%"
        return f'<div class="casekit" lang="en" style="{frame}">{label}{block.html}</div>'

    def text(self) -> str:
        """The table in fixed-width columns."""
        block = table_block(self.table, self.max_rows, self.units)
        return "\n".join(part for part in (self.caption, block.text) if part)


def table_block(table: Table, max_rows: int = 20, units: Mapping[str, str] | None = None) -> Block:
    """The first rows of *table* with a line that says how many there are."""
    shown = table.rows[:max_rows]
    body = rows_block(table, shown, units or {})
    size = paragraph(_size(table, len(shown)), quiet=True)
    return Block(body.html + size.html, "\n".join(part for part in (body.text, size.text) if part))


def rows_block(table: Table, shown: Sequence[tuple[object, ...]], units: Mapping[str, str]) -> Block:
    """The rows *shown*, of *table*, with no word about its size."""
    if not table.columns:
        return Block("", "")
    columns = list(zip(*shown, strict=True)) if shown else [()] * len(table.columns)
    heads = [
        Head(name, _unit(name, units), numeric=is_numeric(values))
        for name, values in zip(table.columns, columns, strict=True)
    ]
    texts = [column_texts(name, values) for name, values in zip(table.columns, columns, strict=True)]
    return grid(heads, list(zip(*texts, strict=True)) if shown else [])


def _unit(name: str, units: Mapping[str, str]) -> str:
    """The unit to write under *name*; none where the name says it already."""
    by_fold = {column.casefold(): unit for column, unit in units.items()}
    unit = by_fold.get(name.casefold(), "")
    return "" if name.casefold().split("_")[-1] == unit.casefold() else unit


def _size(table: Table, shown: int) -> str:
    count = len(table.rows)
    if not count:
        return "No rows: nothing passed the filters and joins."
    rows = "1 row" if count == 1 else f"{count:,} rows"
    if table.truncated:
        rows = f"more than {rows}"
    columns = "1 column" if len(table.columns) == 1 else f"{len(table.columns)} columns"
    return f"{rows}, {columns}" + (
        f"; the first {shown} are shown" if shown < count or table.truncated else ""
    )
