"""A whole solved notebook by papermill, beside an empty one in the same run: the kernel is most of it."""

from __future__ import annotations

import os
from pathlib import Path

import nbformat
import papermill

from casekit.build import run_notebook
from casekit.world import ensure_dataset

SLUG = "checkout-drop"


def test_empty_notebook(benchmark, tmp_path):
    """The floor: starting a kernel and running one empty cell."""
    source = tmp_path / "empty.ipynb"
    cells = [nbformat.v4.new_code_cell("pass")]
    metadata = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
    nbformat.write(nbformat.v4.new_notebook(cells=cells, metadata=metadata), source)
    benchmark.pedantic(
        lambda: papermill.execute_notebook(
            source, tmp_path / "out.ipynb", kernel_name="python3", progress_bar=False
        ),
        rounds=3,
    )


def test_solved_notebook(benchmark, case, tmp_path):
    """Every reference of the case handed in, every verdict shown."""
    ensure_dataset(Path(case.folder), SLUG)
    data = Path(os.environ["CASEKIT_DATA"])
    heard = benchmark.pedantic(
        lambda: run_notebook(SLUG, "solved", tmp_path / "solved.ipynb", data=data), rounds=3
    )
    assert {verdict["status"] for one in heard for verdict in one.verdicts} == {"correct"}
