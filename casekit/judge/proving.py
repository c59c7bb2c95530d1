"""A verdict on SQL put to the proof: is a right answer luck, and which tiny database shows a wrong one?"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from casekit.compare import compare_tables, same_result
from casekit.judge.bench import Bench
from casekit.judge.hidden import Examined
from casekit.judge.tables import contract_of, trap_verdict
from casekit.model import Exercise, Table, Trap, Verdict
from casekit.model.keys import CodeKey

if TYPE_CHECKING:
    from casekit.judge.mutants import Mutant

__all__ = ["Submission", "proved"]

LEAST_SECONDS = 0.5  # for the proof, however long the query itself took
WRONG_SECONDS = 1.2  # the data has decided already; a database to show is worth no longer wait
MOST_TRIED = 4  # mistakes tried on the candidate's data

LUCKY = "Right on your data, but by luck: the same query is wrong on other data of this kind."
TYPED_IN = "Your query reads no table: the answer is typed in, and stays the same whatever the data."
LOOSE = "The answer depends on chance: run again, or on rows in another order, it can be another one."


@dataclass(frozen=True)
class Submission:
    """
    SQL that ran on the candidate's data.

    Attributes:
        sql: As written.
        table: Its result.
        seconds: How long it took, wall clock.
    """

    sql: str
    table: Table
    seconds: float


def proved(verdict: Verdict, exercise: Exercise, key: CodeKey, given: Submission, bench: Bench) -> Verdict:
    """
    *verdict* after the hidden databases were asked; as it is when they have nothing to say.

    A right answer that is wrong elsewhere is ``not yet``. A wrong one gets a tiny database that shows it
    and, where no stored trap has its result, the words for the mistake that has.
    """
    contract = contract_of(exercise)
    comparison = compare_tables(bench.reference(key), given.table, contract)
    is_wrong = verdict.status != "correct"
    # Columns and order are told by the result itself; no database would tell them better.
    told = comparison.matching.failed or getattr(comparison.difference, "kind", "") in ("columns", "order")
    if key.language != "sql" or verdict.status not in ("correct", "trap", "wrong") or (is_wrong and told):
        return verdict
    traps = _same_on_data(key, given.table, bench, exercise) if is_wrong else list(key.traps)
    mutants = () if is_wrong and traps else bench.mutants(key)
    seconds = max(LEAST_SECONDS, bench.evidence_seconds - given.seconds)
    examined = bench.examine(
        key.reference,
        given.sql,
        contract,
        seconds=min(seconds, WRONG_SECONDS) if is_wrong else seconds,
        is_wrong=is_wrong,
        mistakes=[trap.submission for trap in traps] + [mutant.sql for mutant in mutants],
    )
    if examined is None:
        return verdict
    mistakes: list[Trap | Mutant] = [*traps, *mutants]
    agreeing = [mistakes[place] for place in examined.agrees]
    if is_wrong:
        return _explained(verdict, exercise, agreeing, examined, given, bench)
    if _is_typed_in(given.sql, bench) and examined.outcome == "different":
        return _not_yet(verdict, TYPED_IN, (), examined)
    return _doubted(verdict, agreeing, examined)


def _is_typed_in(sql: str, bench: Bench) -> bool:
    """True for a query that reads no table of the case."""
    from casekit.judge.evidence.nodes import parsed, tables_named

    tree = parsed(sql)
    return tree is not None and not tables_named(tree) & {table.casefold() for table in bench.schema}


def _same_on_data(key: CodeKey, table: Table, bench: Bench, exercise: Exercise) -> list[Trap]:
    contract = contract_of(exercise)
    stored = [(trap, bench.result(trap.submission, key.language)) for trap in key.traps]
    return [trap for trap, told in stored if isinstance(told, Table) and same_result(told, table, contract)]


def _doubted(verdict: Verdict, agreeing: list[Trap | Mutant], examined: Examined) -> Verdict:
    """The verdict on a query whose result on the candidate's data is right."""
    if examined.outcome == "not deterministic":
        return _not_yet(verdict, LOOSE, (examined.words,), examined)
    if examined.outcome != "different":
        return replace(verdict, databases=examined.databases)
    mistake = next(iter(agreeing), None)
    # A database that is shown says in its own line what it shows.
    unseen = () if examined.counterexample is not None else (examined.words,)
    points = (mistake.say,) if mistake is not None else unseen
    return replace(_not_yet(verdict, LUCKY, points, examined), tag=mistake.tag if mistake is not None else "")


def _not_yet(verdict: Verdict, headline: str, points: tuple[str, ...], examined: Examined) -> Verdict:
    return Verdict(
        verdict.exercise,
        "not yet",
        headline,
        points,
        verdict.notes,
        counterexample=examined.counterexample,
        databases=examined.databases,
    )


def _explained(  # noqa: PLR0913, PLR0917 - what is known of a wrong answer
    verdict: Verdict,
    exercise: Exercise,
    agreeing: list[Trap | Mutant],
    examined: Examined,
    given: Submission,
    bench: Bench,
) -> Verdict:
    """The verdict on a query whose result on the candidate's data is wrong."""
    mistake = _first_on_data(agreeing, exercise, given.table, bench)
    if isinstance(mistake, Trap) and mistake.slug != verdict.trap:
        told = trap_verdict(exercise, mistake)
        verdict = replace(told, notes=verdict.notes)
    elif mistake is not None and not isinstance(mistake, Trap):
        verdict = replace(verdict, points=(mistake.say, *verdict.points), tag=mistake.tag)
    if examined.outcome == "not deterministic":
        verdict = replace(verdict, points=(*verdict.points, examined.words))
    return replace(verdict, counterexample=examined.counterexample, databases=examined.databases)


def _first_on_data(
    agreeing: list[Trap | Mutant], exercise: Exercise, table: Table, bench: Bench
) -> Trap | Mutant | None:
    """The first mistake that gives the submission's result on the candidate's data too."""
    contract = contract_of(exercise)
    for mistake in agreeing[:MOST_TRIED]:
        sql = mistake.submission if isinstance(mistake, Trap) else mistake.sql
        told = bench.result(sql, "sql")
        if isinstance(told, Table) and same_result(told, table, contract):
            return mistake
    return None
