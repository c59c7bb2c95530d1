"""A counterexample on screen: a few rows, your result, the expected result, and where the two differ."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from casekit.compare import Contract, mark_differences
from casekit.compare.marks import LOOSE, RowMark
from casekit.model import Table
from casekit.model.results import Counterexample
from casekit.show.blocks import Block, code, escape, heading, paragraph
from casekit.show.cells import column_texts, is_numeric
from casekit.show.grid import Head, grid
from casekit.show.panel import TONES

__all__ = ["counterexample_blocks"]

MOST_ROWS = 12
_ROW = "display:flex;flex-wrap:wrap;gap:2px 36px;align-items:flex-start"
_REMARKS = {
    "surplus": "should not be there",
    "again": "once too often",
    "missing": "missing in yours",
    "order": "out of order from here",
}

Cell = str | Block | None


def counterexample_blocks(found: Counterexample, contract: Contract = LOOSE) -> list[Block]:
    """
    A heading, one sentence, the tables side by side, and below them the two results.

    Rows and cells that set the results apart are marked, by words and by a frame as well as by colour.
    *contract* says what counts as a difference; without one it is any but floating-point noise.
    """
    return [
        heading("A tiny database that shows it"),
        paragraph(found.says),
        _side_by_side([_table(name, table) for name, table in found.tables]),
        _apart(_side_by_side(_results(found, contract))),
    ]


def _results(found: Counterexample, contract: Contract) -> list[Block]:
    if isinstance(found.yours, str):
        return [_stopped(found.yours), _Marked(found.expected, {}, found.expected).block("Expected result")]
    marks = mark_differences(found.expected, found.yours, contract)
    yours = _Marked(found.yours, marks.actual, found.expected)
    expected = _Marked(found.expected, marks.expected, found.yours, marks.columns, is_expected=True)
    return [yours.block("Your result"), expected.block("Expected result")]


def _stopped(words: str) -> Block:
    caption = '<div style="font-weight:600;font-size:0.93em;padding:2px 0.5em">Your result</div>'
    said = code(words)
    return Block(f"{caption}{said.html}", f"Your result\n{said.text}")


def _table(caption: str, table: Table) -> Block:
    return _Marked(table, {}).block(caption)


class _Marked:
    """One table with marks on what differs from *other*."""

    def __init__(
        self,
        table: Table,
        marks: Mapping[int, RowMark],
        other: Table | None = None,
        columns: frozenset[int] = frozenset(),
        *,
        is_expected: bool = False,
    ) -> None:
        self._table = table
        self._marks = marks
        self._other = other
        self._is_expected = is_expected
        self._tone = TONES["good" if is_expected else "bad"]
        self._columns = columns

    def block(self, caption: str) -> Block:
        """The table under its caption, with a line for the rows that are not shown."""
        shown = _most_telling(len(self._table.rows), self._marks)
        body = grid(self._heads(shown), self._rows(shown), caption, self._grounds(shown))
        rest = _rest(len(self._table.rows), len(shown))
        return Block(body.html + rest.html, "\n".join(part for part in (body.text, rest.text) if part))

    def _heads(self, shown: Sequence[int]) -> list[Head]:
        values = [
            [self._table.rows[row][place] for row in shown] for place in range(len(self._table.columns))
        ]
        heads = [
            Head(f"{name} (missing in yours)" if place in self._columns else name, numeric=is_numeric(column))
            for place, (name, column) in enumerate(zip(self._table.columns, values, strict=True))
        ]
        return [*heads, Head("")] if self._has_remarks() else heads

    def _rows(self, shown: Sequence[int]) -> list[list[Cell]]:
        columns = [
            _with_blanks(name, [self._table.rows[row][place] for row in shown], days=self._other is not None)
            for place, name in enumerate(self._table.columns)
        ]
        rows: list[list[Cell]] = [list(cells) for cells in zip(*columns, strict=True)] if shown else []
        for cells, row in zip(rows, shown, strict=True):
            mark = self._marks.get(row)
            for place in mark.places if mark else ():
                cells[place] = self._marked(cells[place], row, place)
            if self._has_remarks():
                cells.append(self._remark(mark))
        return rows

    def _marked(self, cell: Cell, row: int, place: int) -> Block:
        text = "NULL" if cell is None else str(cell)
        if self._looks_alike(row, place):
            text = _exactly(self._table.rows[row][place], text)
        return Block(f'<mark style="{self._frame()}">{escape(text)}</mark>', text)

    def _looks_alike(self, row: int, place: int) -> bool:
        """True when a value and the one it differs from would be written in the same way."""
        if self._other is None:
            return False
        mark = self._marks[row]
        pair = (self._table.rows[row][place], self._other.rows[mark.partner][mark.places[place]])
        mine, theirs = (column_texts(self._table.columns[place], [value]) for value in pair)
        return mine == theirs

    def _frame(self) -> str:
        tone = self._tone
        return (
            f"color:inherit;font-weight:700;padding:1px 5px;border-radius:3px;background:{tone.tint(0.16)};"
            f"border:1px solid {tone.colour};{tone.declared('border-color')}"
        )

    def _has_remarks(self) -> bool:
        """True for a result that is told what to mend, and for rows that the other result lacks."""
        return any(self._remarked(mark) for mark in self._marks.values())

    def _remarked(self, mark: RowMark | None) -> bool:
        return mark is not None and (mark.kind != "cells" or not self._is_expected)

    def _remark(self, mark: RowMark | None) -> Block:
        if mark is None or not self._remarked(mark):
            return Block("", "")
        names = [self._table.columns[place] for place in sorted(mark.places)]
        words = _REMARKS.get(mark.kind) or "differs in " + ", ".join(names)
        arrow = "\N{LEFTWARDS ARROW} "
        style = f"font-weight:600;{self._tone.declared('color')}"
        return Block(f'<span style="{style}">{arrow}</span><em>{escape(words)}</em>', arrow + words)

    def _grounds(self, shown: Sequence[int]) -> dict[int, str]:
        kinds = [self._marks[row].kind if row in self._marks else "cells" for row in shown]
        return {place: self._tone.tint(0.16) for place, kind in enumerate(kinds) if kind != "cells"}


def _most_telling(count: int, marks: Mapping[int, RowMark]) -> list[int]:
    """The rows to show, in their order: those with a mark before any other."""
    by_worth = sorted(range(count), key=lambda row: (row not in marks, row))
    return sorted(by_worth[:MOST_ROWS])


def _rest(count: int, shown: int) -> Block:
    if not count:
        return paragraph("no rows", quiet=True)
    left = count - shown
    if not left:
        return Block("", "")
    return paragraph("and 1 more row" if left == 1 else f"and {left:,} more rows", quiet=True)


def _with_blanks(name: str, values: Sequence[object], *, days: bool) -> list[str | None]:
    """
    The values as elsewhere, but text that is empty or has blanks around it stands in quotation marks.

    With *days*, for results, midnights are days; in the rows they come from, midnight may be the point.
    """
    return [
        repr(value) if isinstance(value, str) and value != (value.strip() or None) else text
        for value, text in zip(values, column_texts(name, values, days=days), strict=True)
    ]


def _exactly(value: object, text: str) -> str:
    """*value* with all its digits, and text in quotation marks; anything else as *text* has it."""
    return repr(value) if isinstance(value, str | float) else text


def _apart(results: Block) -> Block:
    return Block(f'<div style="margin-top:10px">{results.html}</div>', f"\n{results.text}")


def _side_by_side(blocks: Sequence[Block]) -> Block:
    inside = "".join(f'<div style="min-width:0;max-width:100%">{block.html}</div>' for block in blocks)
    return Block(f'<div style="{_ROW}">{inside}</div>', "\n\n".join(block.text for block in blocks))
