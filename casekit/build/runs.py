"""Whole notebooks run by papermill: blank, solved and wrong, with what each judged cell said."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Literal

import casekit
from casekit.build.case_page import case_page
from casekit.build.page import KERNEL, Page, page_text
from casekit.build.start_page import start_page
from casekit.build.submissions import solved_page, wrong_page
from casekit.judge import Bench
from casekit.library import case_folder, list_slugs, load_case
from casekit.world import ensure_dataset

__all__ = ["Heard", "kernel_environment", "page_to_run", "run_notebook", "run_start_page"]

Mode = Literal["blank", "solved", "wrong"]

VERDICT = "application/vnd.casekit.verdict+json"
CELL_SECONDS = 300  # far above any cell's time; a hung kernel fails instead of waiting for ever


@dataclass(frozen=True)
class Heard:
    """
    What one cell that belongs to an exercise said when it ran.

    Attributes:
        cell: The cell's id.
        exercise: The exercise it belongs to.
        trap: The trap it handed in; empty for none.
        verdicts: The verdicts it showed, as `Verdict.as_dict` gives them.
        errors: What it wrote to stderr.
    """

    cell: str
    exercise: str
    trap: str
    verdicts: tuple[Mapping[str, Any], ...]
    errors: str


def run_notebook(slug: str, mode: Mode, out: Path, *, data: Path | None = None) -> list[Heard]:
    """
    Run the notebook of the case *slug* in a fresh kernel, with a progress file of its own.

    Args:
        slug: The case.
        mode: ``blank`` as a candidate gets it; ``solved`` with every reference handed in; ``wrong`` with
            every trap handed in, one cell a trap.
        out: Where the run notebook is written.
        data: Folder for the dataset; a temporary one when left out, which builds it anew.

    Returns:
        One entry for each code cell that belongs to an exercise, in order.

    Raises:
        AuthorError: The case, its lesson or a key has problems.
        PapermillExecutionError: A cell raised; *out* holds the notebook up to there.
    """
    with TemporaryDirectory(prefix="casekit-run-") as scratch:
        folder = data or Path(scratch) / "data"
        return _run(page_to_run(slug, mode, folder), out, scratch=Path(scratch), data=folder)


def run_start_page(out: Path, *, data: Path) -> list[Heard]:
    """Run the start page in a fresh kernel; nothing in it is judged, so the list is empty."""
    page = start_page([load_case(slug) for slug in list_slugs()])
    with TemporaryDirectory(prefix="casekit-run-") as scratch:
        return _run(page, out, scratch=Path(scratch), data=data)


def page_to_run(slug: str, mode: Mode, data: Path) -> Page:
    """
    The page of the case *slug* as `run_notebook` runs it; its dataset is in *data* afterwards.

    Raises:
        AuthorError: The case, its lesson or a key has problems.
    """
    case = load_case(slug)
    page = case_page(case)
    dataset = ensure_dataset(case_folder(slug), slug, data_dir=data)
    tables = [table.name for table in dataset.tables]
    if mode == "blank":
        return page
    if mode == "wrong":
        return wrong_page(page, case, tables)
    bench = Bench(case, dataset.path)
    try:
        return solved_page(page, case, tables, bench.ledger)
    finally:
        bench.close()


def _run(page: Page, out: Path, *, scratch: Path, data: Path) -> list[Heard]:
    """Run *page* and write it with its outputs to *out*; see `run_notebook`."""
    import papermill  # takes seconds to import, and only a run needs it

    blank = scratch / page.name
    blank.write_text(page_text(page), encoding="utf-8")
    out.parent.mkdir(parents=True, exist_ok=True)
    with _environment(kernel_environment(scratch, data)):
        papermill.execute_notebook(
            blank,
            out.resolve(),
            cwd=scratch,
            progress_bar=False,
            execution_timeout=CELL_SECONDS,
            store_widget_state=False,  # a figure's state can be 5 MB of JavaScript
        )
    return _heard(json.loads(out.read_text(encoding="utf-8")))


def kernel_environment(scratch: Path, data: Path) -> dict[str, str]:
    """
    Environment variables for kernels that run this interpreter and this casekit, and nobody's settings.

    Progress starts empty in *scratch*; datasets are kept in *data*.
    """
    spec = scratch / "jupyter" / "kernels" / KERNEL["name"]
    spec.mkdir(parents=True, exist_ok=True)
    argv = [sys.executable, "-m", "ipykernel_launcher", "-f", "{connection_file}"]
    kernel = {"argv": argv, "display_name": KERNEL["display_name"], "language": "python"}
    (spec / "kernel.json").write_text(json.dumps(kernel), encoding="utf-8")
    package = str(Path(casekit.__file__).parents[1])
    return {
        "CASEKIT_DATA": str(data.resolve()),
        "CASEKIT_HOME": str(scratch / "home"),
        "IPYTHONDIR": str(scratch / "ipython"),
        "JUPYTER_PATH": str(scratch / "jupyter"),
        "JUPYTER_RUNTIME_DIR": str(scratch / "runtime"),
        "PYTHONPATH": os.pathsep.join(filter(None, [package, os.environ.get("PYTHONPATH")])),
    }


@contextmanager
def _environment(variables: Mapping[str, str]) -> Iterator[None]:
    """The variables, for as long as the block runs: Jupyter reads where kernels are from nowhere else."""
    before = {name: os.environ.get(name) for name in variables}
    os.environ.update(variables)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value


def _heard(notebook: Mapping[str, Any]) -> list[Heard]:
    heard = []
    for cell in notebook["cells"]:
        about = cell["metadata"].get("casekit", {})
        if cell["cell_type"] == "code" and "exercise" in about:
            outputs = cell["outputs"]
            verdicts = tuple(o["data"][VERDICT] for o in outputs if VERDICT in o.get("data", {}))
            errors = "".join("".join(o["text"]) for o in outputs if o.get("name") == "stderr")
            heard.append(Heard(cell["id"], about["exercise"], about.get("trap", ""), verdicts, errors))
    return heard
