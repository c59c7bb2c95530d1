"""What a case says of its own data: facts to measure, rules to keep, twists to see; tried on each seed."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import duckdb

from casekit.errors import AuthorError
from casekit.judge.rehearsal.findings import Findings, Spot, first_line
from casekit.model import Case
from casekit.sandbox import open_trusted
from casekit.world import Fact, World
from casekit.world.facts import fact_faults, measure
from casekit.world.lint import lint_world
from casekit.world.loading import DEFAULT_SIZE, load_world, read_source
from casekit.world.rules import RULES_FILE, Rule, broken_rules, read_rules

__all__ = ["Planted", "check_planted", "load_planted"]

FACTS_FILE = "facts.sql"


@dataclass(frozen=True)
class Planted:
    """The facts that hold at default size, and the rules that always hold."""

    facts: tuple[Fact, ...] = ()
    rules: tuple[Rule, ...] = ()


def load_planted(case: Case, findings: Findings) -> Planted:
    """
    The facts to measure and the rules to keep.

    What can be told before a dataset is built is told: a world or rules that cannot be read, a fact that
    cannot be right, such as one about a size that does not exist, and a twist that nobody could see.
    """
    rules = _rules(case, findings)
    try:
        world = load_world(read_source(Path(case.folder), case.slug), case.slug)
    except AuthorError as error:
        findings.add_all(error.problems)
        return Planted((), rules)
    for name, message in fact_faults(world.facts, world.sizes):
        _spot(case, name, None, findings).tell("", message)
    _lint(case, world, findings)
    return Planted(tuple(fact for fact in world.facts if DEFAULT_SIZE in fact.sizes), rules)


def check_planted(case: Case, planted: Planted, path: Path, seed: int, findings: Findings) -> None:
    """Measure every fact and try every rule on the dataset at *path*; what does not hold is told."""
    con = open_trusted(path)
    try:
        for fact in planted.facts:
            _check(con, fact, _spot(case, fact.name, seed, findings))
        for rule in planted.rules:
            _try(con, rule, Spot(findings, seed, RULES_FILE, rule.name))
    finally:
        con.close()


def _rules(case: Case, findings: Findings) -> tuple[Rule, ...]:
    try:
        return read_rules(Path(case.folder))
    except AuthorError as error:
        findings.add_all(error.problems)
        return ()


def _lint(case: Case, world: World, findings: Findings) -> None:
    """Tell the twists that nobody could see; a world that cannot be drawn is told the same way."""
    try:
        findings.add_all(lint_world(world, case.slug))
    except AuthorError as error:
        findings.add_all(error.problems)


def _check(con: duckdb.DuckDBPyConnection, fact: Fact, spot: Spot) -> None:
    (found,) = measure(con, [fact])
    if found.fault:
        spot.tell("", "cannot be measured", found.fault)
    elif not found.holds:
        shown = "no number" if found.value is None else f"{found.value:.6g}"
        spot.tell("", f"lies outside its range, {fact.low:g} to {fact.high:g}", shown)


def _try(con: duckdb.DuckDBPyConnection, rule: Rule, spot: Spot) -> None:
    try:
        if broken_rules(con, [rule]):
            spot.tell("", "is not kept: some rows break it; mend the world, or the rule")
    except AuthorError as error:
        for problem in error.problems:
            spot.tell("", first_line(problem.message))


def _spot(case: Case, fact: str, seed: int | None, findings: Findings) -> Spot:
    in_file = (Path(case.folder) / FACTS_FILE).is_file()
    return Spot(findings, seed, FACTS_FILE if in_file else "world.py", fact)
