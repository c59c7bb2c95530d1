"""`casekit judge diff`: what it prints and how it ends."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from casekit.cli.judge import judge_app

DDL = "CREATE TABLE visits (id INTEGER PRIMARY KEY, seconds INTEGER);"
RIGHT = "SELECT count(*) AS n FROM visits WHERE seconds >= 30"


def diff(folder: Path, submission: str, *options: str, reference: str = RIGHT) -> Result:
    """The command on these two queries."""
    texts = {"schema": DDL, "reference": reference, "submission": submission}
    arguments = ["diff", *options]
    for name, text in texts.items():
        (folder / f"{name}.sql").write_text(text)
        arguments += [f"--{name}", str(folder / f"{name}.sql")]
    return CliRunner().invoke(judge_app, arguments)


@pytest.mark.parametrize(
    ("submission", "code"),
    [
        ("SELECT count(id) AS n FROM visits WHERE seconds > 29", 0),
        ("SELECT count(*) AS n FROM visits WHERE seconds > 30", 1),
        ("SELECT 7238 AS n", 1),
        ("SELECT count(*) AS n FROM visits WHERE random() > 0.5", 1),
        ("SELECT nothing FROM visits", 3),
    ],
)
def test_exit_code_tells_outcome(tmp_path: Path, submission: str, code: int):
    """0 is no difference found, 1 is different, 3 is a submission that does not run."""
    assert code == diff(tmp_path, submission).exit_code


def test_broken_reference_is_two(tmp_path: Path):
    """A reference that does not run is its author's to mend: 2."""
    assert 2 == diff(tmp_path, RIGHT, reference="SELECT nothing FROM visits").exit_code


def test_difference_is_drawn(tmp_path: Path):
    """The tables, both results and the sentence on what sets them apart are printed."""
    shown = diff(tmp_path, "SELECT count(*) AS n FROM visits WHERE seconds > 30").stdout

    assert ["Table visits", "Your result", "Expected result"] == [
        line for line in shown.splitlines() if line in ("Table visits", "Your result", "Expected result")
    ]
    assert "n is 0 where 1 is expected." in shown


def test_json_is_the_evidence(tmp_path: Path):
    """With --json the whole evidence is printed and nothing else."""
    shown = diff(tmp_path, "SELECT count(*) AS n FROM visits WHERE seconds > 30", "--json")

    evidence = json.loads(shown.stdout)
    assert ("different", [[1, 30]]) == (
        evidence["outcome"],
        evidence["counterexample"]["tables"]["visits"]["rows"],
    )
