"""A compact table as a block: right-aligned numbers, dim NULLs, units under the names."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from casekit.show.blocks import Block, escape, styled_text

__all__ = ["Head", "grid"]

_TABLE = "border-collapse:collapse;margin:0;font-size:0.93em;line-height:1.35;width:auto;border:none"
_LINE = "#8884"  # grey, a quarter opaque: seen on white and on near black
_CAPTION = "caption-side:top;text-align:left;padding:2px 0.5em;font-weight:600;white-space:nowrap"
_NULL = '<span style="opacity:0.6;font-style:italic">NULL</span>'


@dataclass(frozen=True)
class Head:
    """
    The head of one column.

    Attributes:
        wraps: True when long text may take several lines.
    """

    name: str
    unit: str = ""
    numeric: bool = False
    wraps: bool = False


def grid(
    heads: Sequence[Head],
    rows: Sequence[Sequence[str | Block | None]],
    caption: str = "",
    grounds: Mapping[int, str] | None = None,
) -> Block:
    """
    A table of *rows* under *heads*; ``None`` is NULL, a wide table scrolls inside its own frame.

    Args:
        heads: One a column; one without a name is for remarks.
        rows: The cells.
        caption: What the table is; empty for none.
        grounds: The background of rows that stand out, as CSS, by their place from 0.
    """
    top = _row_html(_head_html(head) for head in heads)
    body = "".join(
        _row_html((_cell_html(head, cell) for head, cell in zip(heads, row, strict=True)), ground)
        for row, ground in zip(rows, map((grounds or {}).get, range(len(rows))), strict=True)
    )
    named = f'<caption style="{_CAPTION}">{escape(caption)}</caption>' if caption else ""
    table = (
        f'<table cellpadding="5" style="{_TABLE}">{named}<thead>{top}</thead><tbody>{body}</tbody></table>'
    )
    framed = f'<div style="overflow-x:auto;max-width:100%;margin:6px 0">{table}</div>'
    text = _grid_text(heads, rows)
    return Block(framed, f"{caption}\n{text}" if caption else text)


def _row_html(cells: Iterable[str], ground: str | None = None) -> str:
    # JupyterLab stripes rows; a plain ground keeps panels calm in both themes
    style = f"background:{ground or 'none'};border-bottom:1px solid {_LINE}"
    return f'<tr style="{style}">{"".join(cells)}</tr>'


def _head_html(head: Head) -> str:
    if not head.name:
        return "<td></td>"
    small = "font-weight:400;opacity:0.7;font-size:0.88em"
    unit = f'<br><span style="{small}">{escape(head.unit)}</span>' if head.unit else ""
    side = "right" if head.numeric else "left"
    style = f"text-align:{side};vertical-align:bottom"
    return f'<th scope="col" style="{style}">{escape(head.name)}{unit}</th>'


def _cell_html(head: Head, cell: str | Block | None) -> str:
    return f"<td{_place(head)}>{_cell_inside(head, cell)}</td>"


def _place(head: Head) -> str:
    # every byte is paid a cell: numbers need no style, JupyterLab sets cells to the right by itself
    if head.numeric:
        return ' align="right"'
    if head.wraps:
        return ' style="text-align:left;vertical-align:top"'
    return ' style="text-align:left;white-space:nowrap"'


def _cell_inside(head: Head, cell: str | Block | None) -> str:
    if cell is None:
        return _NULL
    if isinstance(cell, Block):
        return cell.html
    return styled_text(cell) if head.wraps else escape(cell)


def _grid_text(heads: Sequence[Head], rows: Sequence[Sequence[str | Block | None]]) -> str:
    names = [f"{head.name} ({head.unit})" if head.unit else head.name for head in heads]
    lines = [[_cell_text(cell) for cell in row] for row in rows]
    widths = [max(len(cell) for cell in column) for column in zip(names, *lines, strict=True)]
    ruled = [names, ["-" * width for width in widths], *lines]
    return "\n".join(_text_line(heads, widths, line) for line in ruled)


def _cell_text(cell: str | Block | None) -> str:
    text = "NULL" if cell is None else cell.text if isinstance(cell, Block) else cell
    return " ".join(text.split())


def _text_line(heads: Sequence[Head], widths: Sequence[int], cells: Sequence[str]) -> str:
    padded = [
        cell.rjust(width) if head.numeric else cell.ljust(width)
        for head, width, cell in zip(heads, widths, cells, strict=True)
    ]
    return "  ".join(padded).rstrip()
