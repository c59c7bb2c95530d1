"""The facts a case plants in its data, measured on the data of one seed."""

from __future__ import annotations

from pathlib import Path

import duckdb

from casekit.errors import AuthorError
from casekit.judge.rehearsal.findings import Findings, Spot, first_line
from casekit.model import Case
from casekit.sandbox import open_trusted
from casekit.world import Fact
from casekit.world.facts import measure
from casekit.world.loading import DEFAULT_SIZE, load_world, read_source

__all__ = ["check_facts", "load_facts"]

FACTS_FILE = "facts.sql"


def load_facts(case: Case, findings: Findings) -> tuple[Fact, ...]:
    """The facts to measure; a fact about a size that does not exist is told."""
    try:
        world = load_world(read_source(Path(case.folder), case.slug), case.slug)
    except AuthorError as error:
        findings.add_all(error.problems)
        return ()
    for fact in world.facts:
        for size in fact.sizes:
            if size not in world.sizes:
                message = f"holds at the size {size!r}, which WORLD does not declare"
                _spot(case, fact, None, findings).tell("", message)
    return tuple(fact for fact in world.facts if DEFAULT_SIZE in fact.sizes)


def check_facts(case: Case, facts: tuple[Fact, ...], path: Path, seed: int, findings: Findings) -> None:
    """Measure every fact on the dataset at *path*; a number outside its range is told."""
    con = open_trusted(path)
    try:
        for fact in facts:
            _check(con, fact, _spot(case, fact, seed, findings))
    finally:
        con.close()


def _check(con: duckdb.DuckDBPyConnection, fact: Fact, spot: Spot) -> None:
    try:
        (found,) = measure(con, [fact])
    except (duckdb.Error, TypeError, ValueError) as error:
        spot.tell("", "cannot be measured", first_line(str(error)))
        return
    if not found.holds:
        shown = "no number" if found.value is None else f"{found.value:.6g}"
        spot.tell("", f"lies outside its range, {fact.low:g} to {fact.high:g}", shown)


def _spot(case: Case, fact: Fact, seed: int | None, findings: Findings) -> Spot:
    in_file = (Path(case.folder) / FACTS_FILE).is_file()
    return Spot(findings, seed, FACTS_FILE if in_file else "world.py", fact.name)
