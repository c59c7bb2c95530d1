"""The door: a schema and two queries in, the evidence out."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from casekit.compare import Contract
from casekit.judge.evidence.agreeing import agreeing
from casekit.judge.evidence.arena import Arena, Failed, Result
from casekit.judge.evidence.counterexample import counterexample
from casekit.judge.evidence.crowd import Crowd
from casekit.judge.evidence.database import Database, Row
from casekit.judge.evidence.evidence import Evidence
from casekit.judge.evidence.nodes import parsed
from casekit.judge.evidence.ordering import ordering_of
from casekit.judge.evidence.plans import Plans
from casekit.judge.evidence.reading import clues_of
from casekit.judge.evidence.rules import unread_checks
from casekit.judge.evidence.schema import Schema
from casekit.judge.evidence.screening import Screening
from casekit.judge.evidence.searching import MOST_DATABASES, Search
from casekit.judge.evidence.telling import apart
from casekit.judge.evidence.trial import Finding, Trial
from casekit.sandbox.statements import code_only, without_semicolon

__all__ = ["compare_queries"]

VOLATILE = re.compile(
    r"\b(random|uuid|gen_random_uuid|uuidv4|uuidv7|now|today|current_date|current_timestamp|current_time|"
    r"get_current_timestamp|get_current_time|transaction_timestamp|localtimestamp|localtime|nextval)\b"
    r"|\b(tablesample|using\s+sample)\b",
    re.IGNORECASE,
)
WORD = re.compile(r"\w+")
BARE = re.compile(r"current_date|current_timestamp|current_time|localtimestamp|localtime", re.IGNORECASE)


@dataclass(frozen=True)
class _Ways:
    """How results are held against each other."""

    ordered: bool
    by_name: bool
    contract: Contract | None


def compare_queries(  # noqa: PLR0913 - what can be asked for, by name
    schema: Schema | str,
    reference: str,
    submission: str,
    *,
    ordered: bool = False,
    by_name: bool = False,
    seconds: float = 2.0,
    most: int = MOST_DATABASES,
    databases: Sequence[Mapping[str, Sequence[Row]]] = (),
    contract: Contract | None = None,
    laws: Sequence[str] = (),
    crowd: str = "",
    doubted: bool = True,
    others: Sequence[str] = (),
    connection: Any = None,
) -> Evidence:
    """
    What small databases say about whether *submission* answers as *reference* does.

    The same arguments give the same evidence, unless the time box cuts the search short.

    Args:
        schema: The tables, or the CREATE TABLE statements that make them.
        reference: One SELECT: the right answer.
        submission: One SELECT.
        ordered: True when the order of the rows is asked for; rows that tie may come in any order.
        by_name: True to find the columns by name where both results have the same names.
        seconds: Wall clock for the whole comparison.
        most: How many databases of its own the engine may try; a whole search costs a few hundred
            milliseconds of processor time, and the first 60 find nearly every difference that 400 find.
        databases: Rows by table to try before the engine's own; they must keep the constraints.
        contract: What an exercise asks of the result; it then decides what is the same, and what order.
        laws: Queries that give no row on any database that is fair; their tables are always there.
        crowd: Where on *connection* the same tables stand with plenty of everything, such as ``ds.main``.
            A difference then counts only when it is still there with these rows beside it: what a query
            makes of nothing at all (a week without visits, a share of none) is no mistake when the data
            never has it.
        doubted: False when the submission is known to be wrong, so that any difference will do to show it.
        others: Queries that make known mistakes; the evidence says which of them the submission agrees with.
        connection: An empty in-memory DuckDB, for a process that may no longer open one; *schema* is then
            no text. Settings that keep queries from files are its owner's business.

    Raises:
        UsageError: *schema* is text that DuckDB cannot run.
    """
    known = Schema.from_ddl(schema) if isinstance(schema, str) else schema
    texts = [without_semicolon(text) for text in (reference, submission)]
    trees = [parsed(text) for text in texts]
    clues = clues_of(trees, known)
    used = known.only(clues.tables if None not in trees else [table.name for table in known.tables])
    with Arena(used, seconds, connection) as arena:
        started = _refused(arena, reference, submission) or _started(
            Trial(arena, texts[0], texts[1]), used, trees[0], _Ways(ordered, by_name, contract)
        )
        if isinstance(started, Evidence):
            return started
        trial, wide = started
        given = [_only(used, rows) for rows in databases]
        plans = Plans(used, clues)
        screening = Screening(trial, [*unread_checks(plans.rules), *_laws_of(laws, used, known)], wide)
        search = Search(trial, plans, screening, most, solid=bool(laws))
        # An answer typed in reads nothing, so no crowd can speak for it.
        if crowd and doubted and (trees[1] is None or clues_of(trees[1:], known).tables):
            search.confirms = Crowd(trial, used, crowd).confirms
        evidence, telling = _searched(search, given)
        if not others or (doubted and evidence.counterexample is None):
            return evidence
        return replace(evidence, agrees=tuple(agreeing(trial, others, [*telling, *given])))


def _refused(arena: Arena, reference: str, submission: str) -> Evidence | None:
    """The evidence when one of the two is not exactly one SELECT."""
    for whose, sql in (("reference", reference), ("submission", submission)):
        problem = arena.problem(sql)
        if problem is not None:
            outcome: Any = f"{whose} fails"
            return Evidence(outcome, f"The {whose} does not run: {problem.message}")
    return None


def _started(trial: Trial, schema: Schema, tree: Any, ways: _Ways) -> tuple[Trial, bool] | Evidence:
    """The trial made ready, or the evidence when a query does not run or answers by clock or lot."""
    empty: Database = {table.name: [] for table in schema.tables}
    (number,) = trial.arena.load([empty])
    names: list[tuple[str, ...]] = []
    for whose, sql in (("reference", trial.reference), ("submission", trial.submission)):
        ran = trial.arena.run(sql, number)
        if isinstance(ran, Failed) and (ran.binding or ran.stopped):
            outcome: Any = f"{whose} fails"
            return Evidence(outcome, f"The {whose} does not run: {ran.message}")
        names.append(ran.columns if isinstance(ran, Result) else ())
    by_lot = _volatile(trial.submission)
    if by_lot and not _volatile(trial.reference):
        words = f"The submission asks for {by_lot}, so its answer changes from run to run."
        return Evidence("not deterministic", words)
    return _prepared(trial, tree, names, ways)


def _prepared(trial: Trial, tree: Any, names: list[tuple[str, ...]], ways: _Ways) -> tuple[Trial, bool]:
    if ways.contract is not None:
        return replace(trial, contract=ways.contract, names=(names[0], names[1])), False
    wanted, given = ([name.lower() for name in columns] for columns in names)
    if ways.ordered and wanted:
        trial = replace(trial, ordering=ordering_of(tree, wanted))
    alike = sorted(wanted) == sorted(given) and len(set(wanted)) == len(wanted)
    if ways.by_name and alike and wanted != given:
        trial = replace(trial, places=tuple(given.index(name) for name in wanted))
    return trial, bool(wanted) and bool(given) and len(wanted) != len(given)


def _volatile(sql: str) -> str:
    """What in *sql* answers by the clock or by lot, as it is written there; empty when nothing does."""
    code = code_only(sql)
    for found in VOLATILE.finditer(code):
        called = code[found.end() :].lstrip().startswith("(")
        if called or found[2] or BARE.fullmatch(found[0]):
            return found[0].lower() + "()" * called
    return ""


def _only(schema: Schema, rows: Mapping[str, Sequence[Row]]) -> Database:
    return {table.name: list(rows.get(table.name, ())) for table in schema.tables}


def _laws_of(laws: Sequence[str], used: Schema, known: Schema) -> list[str]:
    """The laws about tables that are there; one about a table that no query reads is nobody's business."""
    away = {table.name.casefold() for table in known.tables} - {
        table.name.casefold() for table in used.tables
    }
    return [law for law in laws if not away & set(WORD.findall(law.casefold()))]


def _searched(search: Search, given: Sequence[Database]) -> tuple[Evidence, list[Database]]:
    """The evidence, and the database it shows if it shows one."""
    finding = search.difference(given)
    counts: dict[str, Any] = {
        "n_tried": search.screening.n_tried,
        "n_telling": search.screening.n_telling,
        "in_time": search.has_time(),
    }
    if finding is not None:
        shown = counterexample(search.plans.schema, finding)
        return Evidence("different", shown.words, shown, **counts), [finding.database]
    loose = [found for found in search.by_chance if not found.firm_submission]
    if loose:
        return Evidence("not deterministic", _by_chance(loose[0]), **counts), []
    words = f"No difference on {counts['n_tried']} databases; {counts['n_telling']} gave the answer rows."
    return Evidence("no difference found", words, **counts), []


def _by_chance(finding: Finding) -> str:
    if isinstance(finding.reference, Failed) or not finding.firm_reference:
        return "Both queries leave it to chance which of several tied rows comes out."
    words = "The submission's answer depends on the order in which the rows happen to lie."
    return f"{words} {apart(finding.reference, finding.submission)}"
