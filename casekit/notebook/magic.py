"""The ``%%sql`` cell magic, and which of the open cases its cells go to."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, Protocol
from weakref import WeakKeyDictionary

from casekit.notebook.screen import show
from casekit.show import Panel, notice
from casekit.show.moments import Aside

if TYPE_CHECKING:
    from IPython.core.interactiveshell import InteractiveShell

__all__ = ["Door", "SqlCells", "register"]

_BARE = re.compile(r"\s*%%sql\b[^\n]*\Z")


class Door(Protocol):
    """An open case, as far as ``%%sql`` cells need it."""

    is_closed: bool

    @property
    def place(self) -> str:
        """The case and which data it is open on."""

    def run_cell(self, line: str, sql: str) -> None:
        """Explores, or hands in an answer."""


class SqlCells:
    """Where the ``%%sql`` cells of one notebook go: to the case opened last."""

    def __init__(self) -> None:
        self._doors: list[Door] = []
        self._is_told = True

    def turn_to(self, door: Door) -> None:
        """From now on cells go to *door*; the same case opened again takes the earlier one's place."""
        others = [one for one in self._doors if not one.is_closed and one.place != door.place]
        self._doors = [*others, door]
        self._is_told = False

    def run(self, line: str, cell: str) -> None:
        """Runs a cell, after saying where it goes when that can be mistaken."""
        *others, door = self._doors
        places = [one.place for one in others if not one.is_closed]
        if door.is_closed:
            show(_closed(door.place, places))
            return
        if places and not self._is_told:
            show(Aside(f"`%%sql` goes to {door.place}, which was opened last. {_still_open(places)}"))
        self._is_told = True
        door.run_cell(line, cell)


def _closed(place: str, others: Sequence[str]) -> Panel:
    how = "Open a case again, `case = casekit.open_case(...)`, and run this cell once more."
    lines = [how, _still_open(others)] if others else [how]
    return notice(f"{place} is closed, so this cell went nowhere.", lines, word="Not run", tone="near")


def _still_open(places: Sequence[str]) -> str:
    return f"Still open: {'; '.join(places)}. Cells go there when it is opened again."


_CELLS: WeakKeyDictionary[InteractiveShell, SqlCells] = WeakKeyDictionary()


def register(shell: InteractiveShell, door: Door) -> None:
    """Makes the ``%%sql`` cells of *shell* go to *door*."""
    cells = _CELLS.setdefault(shell, SqlCells())
    cells.turn_to(door)

    def sql(line: str, cell: str) -> None:
        """Explore the case's tables, or hand in an answer: ``%%sql`` or ``%%sql exercise-id``."""
        cells.run(line, cell)

    shell.register_magic_function(sql, "cell", "sql")  # type: ignore[arg-type]
    if give_body not in shell.input_transformers_cleanup:
        shell.input_transformers_cleanup.append(give_body)


def give_body(lines: list[str]) -> list[str]:
    """*lines*, with a comment under a lone ``%%sql``: IPython itself refuses a magic without a body."""
    if _BARE.match("".join(lines).rstrip()):
        return [f"{lines[0].rstrip()}\n", "-- nothing here yet\n"]
    return lines
