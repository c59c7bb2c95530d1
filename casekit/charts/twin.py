"""The data of a chart as a plain HTML table and as text, for readers who do not see it drawn."""

from __future__ import annotations

import html
import math

from casekit.model import Table

__all__ = ["escape", "table_html", "table_text"]

_TABLE = "border-collapse:collapse;margin:6px 0;font-size:0.93em;line-height:1.35;width:auto;border:none"
_ROW = "background:none;border-bottom:1px solid #8884"


def escape(text: str) -> str:
    """*text* as it may stand in HTML; control characters are replaced."""
    return html.escape("".join(char if char.isprintable() else "\N{REPLACEMENT CHARACTER}" for char in text))


def table_html(table: Table, max_rows: int) -> str:
    """The first rows as a table in a frame that scrolls on its own, with a line on how many there are."""
    head = "".join(f'<th scope="col" style="text-align:left">{escape(name)}</th>' for name in table.columns)
    rows = [f'<tr style="{_ROW}">{head}</tr>']
    rows += [
        f'<tr style="{_ROW}">{"".join(_cell(value) for value in row)}</tr>' for row in table.rows[:max_rows]
    ]
    shown = f'<table cellpadding="5" style="{_TABLE}">{"".join(rows)}</table>'
    size = f'<p style="margin:6px 0;opacity:0.78">{_size(table, max_rows)}</p>'
    return f'<div style="overflow-x:auto;max-width:100%">{shown}</div>{size}'


def table_text(table: Table, max_rows: int) -> str:
    """The first rows in columns, with a line on how many there are."""
    lines = [table.columns, *(tuple(map(_shown, row)) for row in table.rows[:max_rows])]
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    padded = [
        "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)) for line in lines
    ]
    return "\n".join([*(line.rstrip() for line in padded), _size(table, max_rows)])


def _cell(value: object) -> str:
    place = (
        ' align="right"' if isinstance(value, int | float) else ' style="text-align:left;white-space:nowrap"'
    )
    return f"<td{place}>{escape(_shown(value))}</td>"


def _shown(value: object) -> str:
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return "–"
    return f"{round(value, 4):g}" if isinstance(value, float) and abs(value) < 10_000 else str(value)


def _size(table: Table, max_rows: int) -> str:
    count = len(table.rows)
    rows = "1 row" if count == 1 else f"{count:,} rows"
    return rows if count <= max_rows else f"{rows}; the first {max_rows} are shown"
