"""The tables of a case on screen: what a row is, the columns with type and unit, the first rows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from casekit.model import Table
from casekit.show.blocks import Block, escape, fold, heading, paragraph, styled_text
from casekit.show.grid import Head, grid
from casekit.show.panel import Panel
from casekit.show.table import rows_block

__all__ = ["ColumnSheet", "TableSheet", "dictionary_view"]


@dataclass(frozen=True)
class ColumnSheet:
    """One column: its type, its meaning, its unit, and its values where they are few."""

    name: str
    type: str
    what: str
    unit: str = ""
    values: tuple[str, ...] = ()


@dataclass(frozen=True)
class TableSheet:
    """
    One table of a case.

    Attributes:
        grain: What one row is, for example ``one row per session``.
        rows: How many there are.
        first: The first rows.
    """

    name: str
    grain: str
    rows: int
    columns: tuple[ColumnSheet, ...]
    first: Table


def dictionary_view(sheets: Sequence[TableSheet]) -> Panel:
    """Every table, folded; the line of each says its grain and size."""
    folds = tuple(fold(_line(sheet), _inside(sheet)) for sheet in sheets)
    noun = "table" if len(sheets) == 1 else "tables"
    how = paragraph(
        "Open a table for its columns and first rows. In `%%sql`, Tab completes the names.", quiet=True
    )
    return Panel(
        "note", "Tables", title=f"{len(sheets)} {noun}", blocks=(how, *folds), label="Tables of this case"
    )


def _line(sheet: TableSheet) -> str:
    return f"{sheet.name} – {sheet.grain}, {sheet.rows:,} {'row' if sheet.rows == 1 else 'rows'}"


def _inside(sheet: TableSheet) -> list[Block]:
    heads = [Head("Column"), Head("Type"), Head("Unit"), Head("What it is", wraps=True)]
    rows = [(column.name, column.type, column.unit, _what(column)) for column in sheet.columns]
    return [grid(heads, rows), heading("First rows"), rows_block(sheet.first, sheet.first.rows, {})]


def _what(column: ColumnSheet) -> str | Block:
    if not column.values:
        return column.what
    words, values = f"{column.what}. Values: ", ", ".join(column.values)
    return Block(styled_text(words) + escape(values), words + values)
