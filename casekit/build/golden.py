"""The golden notebook: a solved run kept with its outputs, so that a changed output is a test failure."""

from __future__ import annotations

import json
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from casekit.build.notebooks import write_whole
from casekit.build.page import KERNEL
from casekit.build.runs import run_notebook

__all__ = ["build_golden", "golden_path"]

OWN_METADATA = ("casekit", "tags", "vscode")


def golden_path(root: Path, slug: str) -> Path:
    """Where the golden notebook of the case *slug* is kept under *root*."""
    return root / "tests" / "golden" / f"solved_{slug.replace('-', '_')}.ipynb"


def build_golden(root: Path, slug: str, *, data: Path | None = None) -> Path:
    """
    Run the solved notebook of *slug* and keep it with its outputs; the path it was written to.

    Args:
        root: The folder that holds `tests/golden/`.
        slug: The case.
        data: Folder for the dataset; a temporary one when left out.

    Raises:
        AuthorError: The case, its lesson or a key has problems.
        PapermillExecutionError: A cell raised.
    """
    path = golden_path(root, slug)
    path.parent.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(prefix="casekit-golden-") as scratch:
        out = Path(scratch) / path.name
        run_notebook(slug, "solved", out, data=data)
        notebook = json.loads(out.read_text(encoding="utf-8"))
    write_whole(path, json.dumps(_timeless(notebook), ensure_ascii=False, indent=1, sort_keys=True) + "\n")
    return path


def _timeless(notebook: dict[str, Any]) -> dict[str, Any]:
    """The notebook without what differs from run to run: times, paths, versions."""
    about = notebook["metadata"]["casekit"]
    metadata = {"casekit": about, "kernelspec": KERNEL, "language_info": {"name": "python"}}
    return notebook | {"metadata": metadata, "cells": [_timeless_cell(cell) for cell in notebook["cells"]]}


def _timeless_cell(cell: dict[str, Any]) -> dict[str, Any]:
    kept = {
        name: cell["metadata"][name] for name in ("casekit", "tags", "vscode") if name in cell["metadata"]
    }
    return cell | {"metadata": kept}
