"""The pages under `docs/data/`: the data dictionary of every world, measured on its default rows."""

from __future__ import annotations

from collections.abc import Iterator

from casekit.build.page import in_table
from casekit.library.folders import list_worlds, world_folder
from casekit.world.describe import ColumnPage, TablePage, describe_world
from casekit.world.loading import load_world, read_source

__all__ = ["DATA_PAGES", "data_pages", "dictionary_text"]

DATA_PAGES = "data"  # everything in docs/data is written here
SIZES_AS_TOLD = "Numbers of rows are those of seed 7 at the default size."


def data_pages() -> dict[str, str]:
    """The text of each world's page, by its path under `docs/`."""
    return {f"{DATA_PAGES}/{slug}.md": dictionary_text(slug) for slug in list_worlds()}


def dictionary_text(slug: str) -> str:
    """
    The data dictionary of a world as Markdown.

    Raises:
        AuthorError: The world cannot be drawn.
    """
    world = load_world(read_source(world_folder(slug), slug), slug)
    pages = describe_world(world, slug)
    sizes = ", ".join(f"{name} {people:,}" for name, people in world.sizes.items())
    lines = [
        f"# The data of {slug}",
        "",
        f"<!-- Written by `casekit build` from casekit/cases/{slug}/world.py; edit that, not this page. -->",
        "",
        f"All times are UTC. {SIZES_AS_TOLD}" + (f" Sizes, in people or what stands for them: {sizes}."),
        *(line for page in pages for line in _table(page)),
        "",
    ]
    return "\n".join(lines)


def _table(page: TablePage) -> Iterator[str]:
    yield ""
    yield f"## {page.spec.name}"
    yield ""
    yield f"{page.spec.grain[:1].upper()}{page.spec.grain[1:]}. {page.rows:,} rows."
    yield ""
    yield "| Column | Type | Unit | NULL | What it is |"
    yield "|:--|:--|:--|--:|:--|"
    for column in page.columns:
        spec = column.spec
        yield f"| `{spec.name}` | {spec.type} | {spec.unit} | {null_text(column)} | {_what(column)} |"


def null_text(column: ColumnPage) -> str:
    """The share of NULLs in whole percent, empty for none; never 0 % or 100 % where that is not so."""
    share = column.null_share
    if not share:
        return ""
    if share < 0.005:
        return "<1 %"
    return f"{min(round(100 * share), 99) if share < 1 else 100} %"


def _what(column: ColumnPage) -> str:
    values = f": {', '.join(column.spec.values)}" if column.spec.values else ""
    return in_table(column.spec.what + values)
