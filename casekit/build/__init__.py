"""The author's door: lessons become notebooks, docs and new case folders, and notebooks are run."""

from __future__ import annotations

from casekit.build.docs import build_docs, build_schemas
from casekit.build.golden import build_golden
from casekit.build.lesson_check import validate_lesson
from casekit.build.notebooks import build_notebooks
from casekit.build.runs import Heard, run_notebook
from casekit.build.skeleton import new_case

__all__ = [
    "Heard",
    "build_docs",
    "build_golden",
    "build_notebooks",
    "build_schemas",
    "new_case",
    "run_notebook",
    "validate_lesson",
]
