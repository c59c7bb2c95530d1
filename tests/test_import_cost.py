"""What importing costs a learner: nothing heavy, until it is used."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

MOST_CPU_MS = 50.0
HEAVY = {"IPython", "duckdb", "ipywidgets", "numpy", "pandas", "plotly", "pydantic", "rich", "typer"}
# nbformat alone costs more than a CPU-second; only authors pay it.
AUTHORS_ONLY = {"jinja2", "jsonschema", "nbconvert", "nbformat", "papermill"}

CPU_MS_OF_IMPORT = """
import time
start = time.process_time()
import casekit
print((time.process_time() - start) * 1000)
"""
NAMES_AFTER = "\nimport json, sys; print(json.dumps(sorted(sys.modules)))"
ONE_CHECK = """
import casekit
case = casekit.open_case("checkout-drop")
case.check("deciding-exhibit", "traffic")
"""


def run(code: str, private: Path) -> str:
    """The last line that *code* prints in a Python of its own."""
    own = {"CASEKIT_HOME": str(private / "home"), "CASEKIT_DATA": str(private / "data")}
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, **own},
        timeout=120,
    )
    return done.stdout.splitlines()[-1]


def modules_after(code: str, private: Path) -> set[str]:
    """Top-level packages in memory after *code* has run."""
    names = json.loads(run(code + NAMES_AFTER, private))
    return {name.split(".")[0] for name in names}


def test_import_takes_no_time(tmp_path: Path):
    """`import casekit` costs less than 50 CPU-milliseconds beyond bare Python, best of five."""
    best = min(float(run(CPU_MS_OF_IMPORT, tmp_path)) for _ in range(5))

    assert best < MOST_CPU_MS


def test_import_loads_nothing_heavy(tmp_path: Path):
    """`import casekit` loads no package that takes noticeable time."""
    assert set() == HEAVY & modules_after("import casekit", tmp_path)


def test_notebook_door_stays_light(tmp_path: Path):
    """Importing the learner's door loads neither pandas, plotly nor ipywidgets."""
    assert set() == {"pandas", "plotly", "ipywidgets"} & modules_after("import casekit.notebook", tmp_path)


def test_learner_never_pays_for_authors(tmp_path: Path):
    """Opening a case and checking an answer loads none of the packages only authors need."""
    assert set() == AUTHORS_ONLY & modules_after(ONE_CHECK, tmp_path)
