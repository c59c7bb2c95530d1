"""A counterexample on screen: a few rows, your result, the expected result."""

from __future__ import annotations

from collections.abc import Sequence

from casekit.model import Table
from casekit.model.results import Counterexample
from casekit.show.blocks import Block, code, escape, heading, paragraph
from casekit.show.table import rows_block

__all__ = ["counterexample_blocks"]

MOST_ROWS = 12
_ROW = "display:flex;flex-wrap:wrap;gap:4px 32px;align-items:flex-start"
_CAPTION = "font-weight:600;font-size:0.92em;margin:6px 0 0"


def counterexample_blocks(found: Counterexample) -> list[Block]:
    """A heading, one sentence, the tables side by side, and below them the two results."""
    tables = [_captioned(name, _table(table)) for name, table in found.tables]
    yours = code(found.yours) if isinstance(found.yours, str) else _table(found.yours)
    results = [_captioned("Your result", yours), _captioned("Expected result", _table(found.expected))]
    return [
        heading("A tiny database that shows it"),
        paragraph(found.says),
        _side_by_side(tables),
        _side_by_side(results),
    ]


def _captioned(caption: str, body: Block) -> Block:
    head = f'<div style="{_CAPTION}">{escape(caption)}</div>'
    return Block(f"<div>{head}{body.html}</div>", f"{caption}\n{body.text}")


def _table(table: Table) -> Block:
    shown = table.rows[:MOST_ROWS]
    body = rows_block(table, shown, {})
    if not table.rows:
        none = paragraph("no rows", quiet=True)
        return Block(body.html + none.html, f"{body.text}\n{none.text}".strip())
    if len(table.rows) > len(shown):
        more = paragraph(f"and {len(table.rows) - len(shown)} more rows", quiet=True)
        return Block(body.html + more.html, f"{body.text}\n{more.text}")
    return body


def _side_by_side(blocks: Sequence[Block]) -> Block:
    inside = "".join(block.html for block in blocks)
    return Block(f'<div style="{_ROW}">{inside}</div>', "\n\n".join(block.text for block in blocks))
