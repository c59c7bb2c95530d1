"""The door: a schema and two queries in, the evidence out."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from casekit.judge.evidence.arena import Arena, Failed, Result
from casekit.judge.evidence.clues import clues_of, parsed
from casekit.judge.evidence.database import Database, Row
from casekit.judge.evidence.evidence import Evidence
from casekit.judge.evidence.plans import Plans
from casekit.judge.evidence.schema import Schema
from casekit.judge.evidence.searching import Search, counterexample
from casekit.judge.evidence.telling import apart
from casekit.judge.evidence.trial import Finding, Trial
from casekit.sandbox.statements import code_only, without_semicolon

__all__ = ["compare_queries"]

VOLATILE = re.compile(
    r"\b(random|uuid|gen_random_uuid|uuidv4|uuidv7|now|today|current_date|current_timestamp|current_time|"
    r"get_current_timestamp|get_current_time|transaction_timestamp|localtimestamp|localtime|nextval|"
    r"tablesample|using\s+sample)\b",
    re.IGNORECASE,
)


def compare_queries(
    schema: Schema | str,
    reference: str,
    submission: str,
    *,
    ordered: bool = False,
    seconds: float = 2.0,
    databases: Sequence[Mapping[str, Sequence[Row]]] = (),
) -> Evidence:
    """
    What small databases say about whether *submission* answers as *reference* does.

    The same arguments give the same evidence, unless the time box cuts the search short.

    Args:
        schema: The tables, or the CREATE TABLE statements that make them.
        reference: One SELECT: the right answer.
        submission: One SELECT.
        ordered: True when the order of the rows is asked for; rows that tie may come in any order.
        seconds: Wall clock for the whole comparison.
        databases: Rows by table to try before the engine's own; they must keep the constraints.

    Raises:
        UsageError: *schema* is text that DuckDB cannot run.
    """
    known = Schema.from_ddl(schema) if isinstance(schema, str) else schema
    texts = [without_semicolon(text) for text in (reference, submission)]
    trees = [parsed(text) for text in texts]
    clues = clues_of(trees, known)
    used = known.only(clues.tables if None not in trees else [table.name for table in known.tables])
    with Arena(used, seconds) as arena:
        trial = Trial(arena, *texts)
        return _refused(trial, used) or _searched(trial, Plans(used, clues), databases, ordered=ordered)


def _refused(trial: Trial, schema: Schema) -> Evidence | None:
    """The evidence when a query does not run at all, or answers by the clock or by lot."""
    empty: Database = {table.name: [] for table in schema.tables}
    (number,) = trial.arena.load([empty])
    for whose, sql in (("reference", trial.reference), ("submission", trial.submission)):
        problem = trial.arena.problem(sql) or trial.arena.run(sql, number)
        if isinstance(problem, Failed) and (problem.binding or problem.stopped):
            return Evidence(f"{whose} fails", f"The {whose} does not run: {problem.message}")  # type: ignore[arg-type]
    by_lot = VOLATILE.search(code_only(trial.submission))
    if by_lot and not VOLATILE.search(code_only(trial.reference)):
        words = f"The submission asks for {by_lot[0].lower()}, so its answer changes from run to run."
        return Evidence("not deterministic", words)
    return None


def _searched(
    trial: Trial, plans: Plans, databases: Sequence[Mapping[str, Sequence[Row]]], *, ordered: bool
) -> Evidence:
    search = Search(trial, plans)
    given: list[Database] = [
        {table.name: list(rows.get(table.name, ())) for table in plans.schema.tables} for rows in databases
    ]
    found = search.difference(given)
    counts: dict[str, Any] = {
        "n_tried": search.n_tried,
        "n_telling": search.n_telling,
        "in_time": trial.arena.seconds_left > 0,
    }
    if found is not None:
        shown = counterexample(plans.schema, *found)
        return Evidence("different", shown.words, shown, **counts)
    loose = [finding for finding in search.by_chance if not finding.firm_submission]
    if loose:
        return Evidence("not deterministic", _by_chance(loose[0]), **counts)
    words = f"No difference on {search.n_tried} databases, {search.n_telling} of them with rows in the answer."
    return Evidence("no difference found", words, **counts)


def _by_chance(finding: Finding) -> str:
    if isinstance(finding.reference, Result) and not finding.firm_reference:
        return "Both queries leave it to chance which of several tied rows comes out."
    difference = apart(finding.reference, finding.submission) if isinstance(finding.reference, Result) else ""
    return f"The submission's answer depends on the order in which the rows happen to lie. {difference}".strip()
