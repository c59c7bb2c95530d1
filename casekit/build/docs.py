"""Generated files under `docs/`: JSON Schemas, a page a case, and a data dictionary a world."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path

from pydantic import BaseModel

from casekit.build.data_pages import DATA_PAGES, data_pages
from casekit.build.notebooks import write_whole
from casekit.build.page import in_table
from casekit.library import list_slugs, load_case
from casekit.library.keyspecs import CardsKeySpec, ChoiceKeySpec, MemoKeySpec
from casekit.library.specs import CaseSpec, InterviewSpec
from casekit.model import Case

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
    pages = {f"{CASE_PAGES}/{case.slug}.md": _case_text(case) for case in cases} | data_pages()
    left_over = [
        path
        for folder in (CASE_PAGES, DATA_PAGES)
        for path in sorted((root / "docs" / folder).glob("*.md"))
        if f"{folder}/{path.name}" not in pages
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
    return "\n".join([*_head(case), *_exercises(case), *_data(case)])


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


def _data(case: Case) -> Iterator[str]:
    yield "## Data"
    yield ""
    yield f"The tables, their columns and units: [the data dictionary](../{DATA_PAGES}/{case.slug}.md)."
    yield ""
