"""What a world is, on a terminal: its dictionary, the truth planted in it, and how well that can be seen."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from rich.console import RenderableType
from rich.table import Table
from rich.text import Text

from casekit.build.data_pages import null_text
from casekit.world import World
from casekit.world.declare import Entry
from casekit.world.describe import TablePage
from casekit.world.facts import Measured
from casekit.world.lint import VISIBLE, Sight
from casekit.world.loading import load_world, read_source

__all__ = ["dictionary_view", "facts_view", "ledger_view", "pages_data", "sights_view", "world_at"]

MOST_VALUES = 12


def world_at(folder: Path, slug: str) -> World:
    """
    The world of a folder.

    Raises:
        AuthorError: It is broken.
    """
    return load_world(read_source(folder, slug), slug)


def dictionary_view(pages: Iterable[TablePage]) -> Iterator[RenderableType]:
    """Each table with its grain and rows, then its columns with type, unit, NULLs and meaning."""
    for page in pages:
        yield Text(f"\n{page.spec.name}", style="bold")
        yield Text(f"{page.spec.grain}, {page.rows:,} rows")
        grid = _grid("column", "type", "unit", "NULL", "what it is")
        for column in page.columns:
            spec = column.spec
            grid.add_row(spec.name, spec.type, spec.unit, null_text(column), spec.what + _values(spec.values))
        yield grid


def pages_data(pages: Iterable[TablePage]) -> list[dict[str, Any]]:
    """The dictionary as plain data, for JSON."""
    return [
        {
            "table": page.spec.name,
            "grain": page.spec.grain,
            "rows": page.rows,
            "columns": [
                {
                    "name": column.spec.name,
                    "type": column.spec.type,
                    "unit": column.spec.unit,
                    "null_share": round(column.null_share, 6),
                    "what": column.spec.what,
                    "values": list(column.spec.values),
                }
                for column in page.columns
            ],
        }
        for page in pages
    ]


def ledger_view(entries: Iterable[Entry]) -> Table:
    """What each twist did: how many it could touch, and the count without and with it."""
    grid = _grid("twist", "kind", "what happened", "counts", "exposed", "without", "with")
    for one in entries:
        counts = (f"{one.exposed:,}", f"{one.base:,}", f"{one.actual:,}")
        grid.add_row(one.twist, one.kind, one.declared, one.counts, *counts)
    return grid


def facts_view(found: Iterable[Measured]) -> Table:
    """Each planted fact with its number, its range, and whether it holds."""
    grid = _grid("fact", "is", "from", "to", "holds", "what it says")
    for one in found:
        value = "no number" if one.value is None else f"{one.value:.4g}"
        bounds = (f"{one.fact.low:g}", f"{one.fact.high:g}")
        grid.add_row(one.fact.name, value, *bounds, "yes" if one.holds else "NO", one.fact.says)
    return grid


def sights_view(sights: Iterable[Sight]) -> Table:
    """How many standard errors each twist moves what it counts."""
    grid = _grid("twist", "counts", "exposed", "without", "with", "standard errors", f"visible ({VISIBLE:g})")
    for one in sights:
        entry = one.entry
        counts = (f"{entry.exposed:,}", f"{entry.base:,}", f"{entry.actual:,}")
        word = "subtle, as meant" if one.subtle else "yes" if one.is_visible else "NO"
        grid.add_row(entry.twist, entry.counts, *counts, f"{one.errors:.1f}", word)
    return grid


def _grid(*heads: str) -> Table:
    grid = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="bold")
    for head in heads:
        numeric = head in {"exposed", "without", "with", "standard errors", "NULL", "is", "from", "to"}
        grid.add_column(head, justify="right" if numeric else "left", overflow="fold")
    return grid


def _values(values: tuple[str, ...]) -> str:
    if not values:
        return ""
    more = f" and {len(values) - MOST_VALUES} more" if len(values) > MOST_VALUES else ""
    return f": {', '.join(values[:MOST_VALUES])}{more}"
