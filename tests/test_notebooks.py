"""The notebooks candidates get: fresh, well formed, and run blank, solved and wrong."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Mapping
from itertools import pairwise
from pathlib import Path
from typing import Any

import nbformat
import pytest

from casekit.build import build_docs, build_notebooks, new_case, run_notebook
from casekit.build.case_page import case_page
from casekit.build.golden import golden_path
from casekit.build.notebooks import build_pages
from casekit.build.page import Page, page_text
from casekit.build.runs import Heard, kernel_environment, page_to_run, run_start_page
from casekit.library import case_folder, list_slugs, load_case, load_key
from casekit.world import ensure_dataset

ROOT = Path(__file__).parents[1]
GOLDEN = ROOT / "tests" / "golden"
FULL_CASE_MINUTES = 30

pages = pytest.mark.parametrize("page", build_pages(), ids=lambda page: page.name)
slugs = pytest.mark.parametrize("slug", list_slugs())


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One folder with the dataset of every case, built once."""
    folder = tmp_path_factory.mktemp("data")
    for slug in list_slugs():
        ensure_dataset(case_folder(slug), slug, data_dir=folder)
    return folder


def as_notebook(page: Page) -> Any:
    return nbformat.reads(page_text(page), 4)


def longest_run(flags: list[bool]) -> int:
    """The longest run of True."""
    longest = current = 0
    for flag in flags:
        current = current + 1 if flag else 0
        longest = max(longest, current)
    return longest


# --- what is committed ---------------------------------------------------------------------


def test_committed_notebooks_are_fresh():
    """`notebooks/` is what the lessons build; `casekit build notebooks` mends it."""
    assert [] == build_notebooks(ROOT, check=True)


def test_committed_docs_are_fresh():
    """`docs/` holds the schemas of today's case format and a page a case; `casekit build docs` mends it."""
    assert [] == build_docs(ROOT, check=True)


# --- form ----------------------------------------------------------------------------------


@pages
def test_pages_are_valid_notebooks(page: Page):
    """Each page is a valid notebook, and its text is byte for byte what nbformat writes."""
    notebook = as_notebook(page)

    nbformat.validate(notebook)

    assert (4, 5) == (notebook.nbformat, notebook.nbformat_minor)
    assert page_text(page).rstrip("\n") == nbformat.writes(notebook).rstrip("\n")


@pages
def test_pages_carry_no_outputs(page: Page):
    """Ids are unique, and nothing has been run."""
    cells = as_notebook(page).cells
    code = [cell for cell in cells if cell.cell_type == "code"]

    assert len(cells) == len({cell.id for cell in cells})
    assert [] == [cell.id for cell in code if cell.outputs or cell.execution_count is not None]


@pages
def test_code_cells_stay_short(page: Page):
    """No code cell has more than 15 lines, and never more than three stand in a row."""
    code = [cell for cell in page.cells if cell.kind == "code"]

    assert [] == [cell.id for cell in code if len(cell.source.splitlines()) > 15]
    assert longest_run([cell.kind == "code" for cell in page.cells]) <= 3


@pages
def test_headings_come_often(page: Page):
    """A reader meets a heading at least every ten cells."""
    without = [not cell.source.startswith("#") or cell.kind == "code" for cell in page.cells]

    assert longest_run(without) < 10


@pages
def test_prose_leads_code(page: Page):
    """At least four of five code cells follow prose, check lines left out."""
    pairs = [(a, b) for a, b in pairwise(page.cells) if b.kind == "code" and b.role != "check"]

    led = [before.kind == "markdown" for before, _ in pairs]
    assert sum(led) >= 0.8 * len(led)


@slugs
def test_full_cases_have_length(slug: str):
    """A case of half an hour or more has 40 to 85 cells; a shorter one has no more than 85."""
    case = load_case(slug)
    fewest = 40 if case.minutes >= FULL_CASE_MINUTES else 10

    assert fewest <= len(case_page(case).cells) <= 85


# --- runs ----------------------------------------------------------------------------------


def statuses(heard: list[Heard]) -> dict[str, list[str]]:
    """What each exercise said, in order."""
    said: dict[str, list[str]] = {}
    for cell in heard:
        said.setdefault(cell.exercise, []).extend(verdict["status"] for verdict in cell.verdicts)
    return said


def said(verdict: Mapping[str, Any]) -> str:
    """Everything a verdict says, as one text."""
    return " ".join([verdict["headline"], *verdict["points"]])


def words_of(slug: str, cell: Heard) -> str:
    """What the case's author wanted to be said about the trap of *cell*."""
    key = load_key(load_case(slug), cell.exercise)
    rules = getattr(key, "rules", ()) + getattr(key, "red_flags", ())
    traps = [*getattr(key, "traps", ()), *(rule.trap for rule in rules)]
    return next(trap.say for trap in traps if trap.slug == cell.trap)


def faults(notebook: Path) -> list[str]:
    """The plain text of every output that admits a fault or asks to try again."""
    outputs = [o for c in json.loads(notebook.read_text())["cells"] for o in c.get("outputs", [])]
    texts = ["".join(output.get("data", {}).get("text/plain", "")) for output in outputs]
    return [text for text in texts if re.match(r"\W*(Broken|Try again)", text)]


@pytest.mark.notebooks
@slugs
def test_blank_run_attempts_nothing(slug: str, data: Path, tmp_path: Path):
    """A notebook run as it comes raises nothing, and every exercise says it was not attempted."""
    out = tmp_path / "blank.ipynb"
    heard = run_notebook(slug, "blank", out, data=data)

    expected = {exercise.id: ["not attempted"] for exercise in load_case(slug).exercises}
    assert expected == statuses(heard)
    assert [] == faults(out) + [cell.errors for cell in heard if cell.errors]


@pytest.mark.notebooks
@slugs
def test_solved_run_is_correct(slug: str, data: Path, tmp_path: Path):
    """With every reference handed in, every exercise is correct."""
    out = tmp_path / "solved.ipynb"
    heard = run_notebook(slug, "solved", out, data=data)

    expected = {exercise.id: ["correct"] for exercise in load_case(slug).exercises}
    assert expected == statuses(heard)
    assert [] == faults(out) + [cell.errors for cell in heard if cell.errors]


@pytest.mark.notebooks
@slugs
def test_wrong_run_names_traps(slug: str, data: Path, tmp_path: Path):
    """Every trap handed in comes back under its own name, with its own words."""
    heard = run_notebook(slug, "wrong", tmp_path / "wrong.ipynb", data=data)

    named = [(c.cell, "trap", c.trap) for c in heard]
    assert named == [(c.cell, v["status"], v["trap"]) for c in heard for v in c.verdicts]
    assert [] == [c.cell for c in heard for v in c.verdicts if words_of(slug, c) not in said(v)]
    assert [] == [cell for cell in heard if cell.errors]


@pytest.mark.notebooks
def test_start_page_runs(data: Path, tmp_path: Path):
    """The start page runs before anything was done, and shows the progress of every case."""
    run_start_page(tmp_path / "start.ipynb", data=data)
    notebook = json.loads((tmp_path / "start.ipynb").read_text(encoding="utf-8"))
    shown = json.dumps([cell.get("outputs") for cell in notebook["cells"]])

    assert [] == [slug for slug in list_slugs() if load_case(slug).title not in shown]


@pytest.mark.notebooks
def test_new_case_runs_solved(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """The skeleton of a new case runs solved and wrong as it is."""
    monkeypatch.setenv("CASEKIT_CASES", str(tmp_path / "cases"))
    new_case("kitchen-shop", tmp_path / "cases")

    solved = run_notebook("kitchen-shop", "solved", tmp_path / "solved.ipynb", data=tmp_path)
    wrong = run_notebook("kitchen-shop", "wrong", tmp_path / "wrong.ipynb", data=tmp_path)

    assert {"conversion-by-device": ["correct"], "next-look": ["correct"]} == statuses(solved)
    assert ["fan-out", "more-visits", "redesign"] == [v["trap"] for cell in wrong for v in cell.verdicts]


# --- nbval ---------------------------------------------------------------------------------


def nbval(notebooks: list[Path], scratch: Path, data: Path, *options: str) -> str:
    """What pytest with nbval has against copies of *notebooks*, run away from this project's own settings."""
    (scratch / "pytest.ini").write_text("[pytest]\n", encoding="utf-8")
    copies = [str(shutil.copy(notebook, scratch)) for notebook in notebooks]
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *options, *copies]
    environment = os.environ | kernel_environment(scratch, data)
    ran = subprocess.run(command, cwd=scratch, env=environment, capture_output=True, text=True, check=False)
    return "" if ran.returncode == 0 else ran.stdout[-4000:] + ran.stderr[-1000:]


@pytest.mark.notebooks
def test_nbval_runs_committed(data: Path, tmp_path: Path):
    """Every committed notebook passes nbval."""
    committed = sorted((ROOT / "notebooks").glob("*.ipynb"))

    assert "" == nbval(committed, tmp_path, data, "--nbval-lax")


@pytest.mark.parametrize("slug", list_slugs())
def test_golden_notebook_is_fresh(slug: str, data: Path):
    """The golden notebook holds today's lesson and references; `make notebooks` writes it anew."""
    golden = json.loads(golden_path(ROOT, slug).read_text(encoding="utf-8"))

    expected = [cell.source for cell in page_to_run(slug, "solved", data).cells]
    assert expected == ["".join(cell["source"]) for cell in golden["cells"]]


@pytest.mark.notebooks
@pytest.mark.parametrize("slug", list_slugs())
def test_nbval_finds_stable_outputs(slug: str, data: Path, tmp_path: Path):
    """The solved notebook gives the outputs it gave when it was kept, cell by cell."""
    sanitize = ("--nbval-sanitize-with", str(GOLDEN / "sanitize.cfg"))

    assert "" == nbval([golden_path(ROOT, slug)], tmp_path, data, "--nbval", *sanitize)
