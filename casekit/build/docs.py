"""Generated files under `docs/`: JSON Schemas, and a page a case with exercises and data dictionary."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path

from pydantic import BaseModel

from casekit.build.notebooks import write_whole
from casekit.build.page import in_table
from casekit.library import list_slugs, load_case
from casekit.library.keyspecs import CardsKeySpec, ChoiceKeySpec, MemoKeySpec
from casekit.library.specs import CaseSpec, InterviewSpec
from casekit.model import Case
from casekit.world import ColumnSpec, TableSpec
from casekit.world.loading import load_world, read_source

__all__ = ["build_docs", "build_schemas"]

CASE_PAGES = "cases"  # everything in docs/cases is written here, so what no case has is removed
DIALECT = "https://json-schema.org/draft/2020-12/schema"

SCHEMAS: dict[str, type[BaseModel]] = {
    "case.schema.json": CaseSpec,
    "interview.schema.json": InterviewSpec,
    "choice-key.schema.json": ChoiceKeySpec,
    "cards-key.schema.json": CardsKeySpec,
    "memo-key.schema.json": MemoKeySpec,
}


def build_docs(root: Path, check: bool = False) -> list[Path]:
    """
    Write the schemas and the pages of the cases; the paths that were stale, missing or left over.

    Args:
        root: The folder that holds `docs/`.
        check: Only look; write nothing.

    Raises:
        AuthorError: A case has problems; nothing is written.
    """
    cases = [load_case(slug) for slug in list_slugs()]
    pages = {f"{CASE_PAGES}/{case.slug}.md": _case_text(case) for case in cases}
    left_over = [
        path
        for path in sorted((root / "docs" / CASE_PAGES).glob("*.md"))
        if f"{CASE_PAGES}/{path.name}" not in pages
    ]
    stale = _write_stale(root / "docs", _schema_texts() | pages, check)
    if not check:
        for path in left_over:
            path.unlink()
    return [*stale, *left_over]


def build_schemas(root: Path, check: bool = False) -> list[Path]:
    """Write the schemas into `docs/` under *root*; the paths that were stale or missing."""
    return _write_stale(root / "docs", _schema_texts(), check)


def _write_stale(folder: Path, texts: Mapping[str, str], check: bool) -> list[Path]:
    stale = [folder / name for name, text in texts.items() if _differs(folder / name, text)]
    if not check:
        for path in stale:
            path.parent.mkdir(parents=True, exist_ok=True)
            write_whole(path, texts[path.relative_to(folder).as_posix()])
    return stale


def _differs(path: Path, text: str) -> bool:
    return not path.exists() or path.read_text(encoding="utf-8") != text


def _schema_texts() -> dict[str, str]:
    return {name: _schema_text(spec) for name, spec in SCHEMAS.items()}


def _schema_text(spec: type[BaseModel]) -> str:
    schema = {"$schema": DIALECT} | spec.model_json_schema()
    return json.dumps(schema, ensure_ascii=False, indent=2) + "\n"


# --- the page of a case --------------------------------------------------------------------


def _case_text(case: Case) -> str:
    return "\n".join([*_head(case), *_exercises(case), *_dictionary(case)])


def _head(case: Case) -> Iterator[str]:
    yield f"# {case.code} {case.title}"
    yield ""
    yield f"<!-- Written by `casekit build` from casekit/cases/{case.slug}; edit the case, not this page. -->"
    yield ""
    yield f"**{case.company}** · {case.domain} · {case.minutes} minutes · level {case.level} of 10"
    yield ""
    yield f"{case.summary} A {case.stage} that practises {', '.join(case.skills)}."
    yield ""


def _exercises(case: Case) -> Iterator[str]:
    yield "## Exercises"
    yield ""
    yield "| Code | Title | Name | Kind | Stage | Skills | Minutes | Points |"
    yield "|:--|:--|:--|:--|:--|:--|--:|--:|"
    for exercise in case.exercises:
        about = (exercise.kind, exercise.stage, in_table(", ".join(exercise.skills)))
        effort = (exercise.minutes, exercise.points)
        cells = (exercise.code, in_table(exercise.title), f"`{exercise.id}`", *about, *effort)
        yield "| " + " | ".join(map(str, cells)) + " |"
    yield ""


def _dictionary(case: Case) -> Iterator[str]:
    world = load_world(read_source(Path(case.folder), case.slug), case.slug)
    yield "## Data dictionary"
    yield ""
    yield "All times are UTC."
    for table in world.tables:
        yield from _table(table)
    yield ""


def _table(table: TableSpec) -> Iterator[str]:
    yield ""
    yield f"### {table.name}"
    yield ""
    yield f"{table.grain[:1].upper()}{table.grain[1:]}."
    yield ""
    yield "| Column | Type | What it is |"
    yield "|:--|:--|:--|"
    for column in table.columns:
        unit = f", {column.unit}" if column.unit else ""
        yield f"| `{column.name}` | {column.type}{unit} | {_what(column)} |"


def _what(column: ColumnSpec) -> str:
    values = f": {', '.join(column.values)}" if column.values else ""
    return in_table(column.what + values)
