"""Notebooks as plain values: cells with stable ids, and the exact text of the file they become."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from itertools import count
from typing import Any, Literal

__all__ = ["Cell", "Page", "code_cell", "in_table", "is_untouched", "markdown_cell", "page_text", "with_ids"]

Role = Literal["ask", "attempt", "check"]

KERNEL = {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"}


@dataclass(frozen=True)
class Cell:
    """
    One cell of a notebook.

    Attributes:
        id: Stable name, unique on its page; nbformat allows letters, digits, ``-`` and ``_``.
        source: Markdown or code, without a line end at the end.
        exercise: Id of the exercise it belongs to; empty for none.
        role: What it does for its exercise: ``ask``, ``attempt`` or ``check``; None for none.
        trap: Slug of the trap it submits; only cells of a wrong run have one.
    """

    id: str
    kind: Literal["markdown", "code"]
    source: str
    exercise: str = ""
    role: Role | None = None
    trap: str = ""


@dataclass(frozen=True)
class Page:
    """
    One notebook before it is a file.

    Attributes:
        name: The file's name, for example ``c04_checkout_drop.ipynb``.
        case: Slug of its case; empty for the start page.
    """

    name: str
    case: str = ""
    cells: tuple[Cell, ...] = field(default=())


def markdown_cell(cell_id: str, source: str) -> Cell:
    """A cell of prose."""
    return Cell(cell_id, "markdown", source.strip("\n"))


def code_cell(cell_id: str, source: str) -> Cell:
    """A cell of code that belongs to no exercise."""
    return Cell(cell_id, "code", source.strip("\n"))


def in_table(text: str) -> str:
    """The text on one line, with the bars that would end a table's cell escaped."""
    return " ".join(text.split()).replace("|", "\\|")


def with_ids(cells: Iterable[Cell]) -> tuple[Cell, ...]:
    """
    The cells with ids that differ: a repeated one gets a number.

    Ids count inside their heading, so a cell put in early does not rename every cell after it.
    """
    taken: set[str] = set()
    numbered = []
    for cell in cells:
        base = _allowed(cell.id)
        names = (base if number == 1 else f"{base}-{number}" for number in count(1))
        name = next(name for name in names if name not in taken)
        taken.add(name)
        numbered.append(replace(cell, id=name))
    return tuple(numbered)


def page_text(page: Page) -> str:
    """The text of the file, byte for byte what Jupyter itself would write for these cells."""
    cells = [_cell_json(cell) for cell in page.cells]
    about = {"built": _fingerprint(cells)} | ({"case": page.case} if page.case else {})
    notebook = {
        "cells": cells,
        "metadata": {"casekit": about, "kernelspec": KERNEL, "language_info": {"name": "python"}},
        "nbformat": 4,
        "nbformat_minor": 5,
    }
    return json.dumps(notebook, ensure_ascii=False, indent=1, sort_keys=True) + "\n"


def is_untouched(text: str) -> bool:
    """True when *text* is a page this build wrote and nobody worked in: safe to replace."""
    try:
        notebook = json.loads(text)
        built = notebook["metadata"]["casekit"]["built"]
        return bool(built == _fingerprint(notebook["cells"]))
    except (ValueError, KeyError, TypeError):
        return False


def _fingerprint(cells: list[dict[str, Any]]) -> str:
    """Sixteen hexadecimal digits over what was built: sources, and no outputs."""
    parts = [
        [cell["cell_type"], "".join(cell["source"]), cell.get("outputs", []), cell.get("execution_count")]
        for cell in cells
    ]
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()[:16]


def _cell_json(cell: Cell) -> dict[str, Any]:
    shared = {
        "cell_type": cell.kind,
        "id": cell.id,
        "metadata": _cell_metadata(cell),
        "source": cell.source.splitlines(keepends=True),
    }
    return shared | ({"execution_count": None, "outputs": []} if cell.kind == "code" else {})


def _cell_metadata(cell: Cell) -> dict[str, Any]:
    metadata: dict[str, Any] = {}
    if cell.exercise:
        about = {"exercise": cell.exercise, "role": cell.role, "trap": cell.trap}
        metadata["casekit"] = {name: value for name, value in about.items() if value}
    if cell.role == "attempt":
        metadata["tags"] = ["answer"]
    if cell.kind == "code" and cell.source.startswith("%%sql"):
        metadata["vscode"] = {"languageId": "sql"}
    return metadata


def _allowed(words: str) -> str:
    """The words as an id: at most 56 letters and digits with hyphens between."""
    return re.sub(r"[^a-z0-9]+", "-", words.lower()).strip("-")[:56].rstrip("-") or "cell"
