"""A submitted result against a reference: right, a known trap, or wrong with the difference in words."""

from __future__ import annotations

import re

from casekit.compare import Contract, compare_tables, same_result
from casekit.judge.bench import Bench
from casekit.judge.words import difference_headline, difference_points, matching_notes
from casekit.model import Exercise, Table, Trap, Verdict
from casekit.model.keys import CodeKey
from casekit.sandbox import Failure

__all__ = ["contract_of", "failed_trap", "judge_table", "trap_verdict"]

RIGHT = "Right: every row and every value."
# At the few decimals such a result shows, a trap's values may look the same as the right ones.
ROUNDING = ("coarse-rounding", "cut-decimals")


def contract_of(exercise: Exercise) -> Contract:
    """The exercise's promise about its answer, as the comparison wants it."""
    return Contract(exercise.columns, exercise.key, exercise.ordered_by)


def judge_table(exercise: Exercise, key: CodeKey, actual: Table, bench: Bench, code: str = "") -> Verdict:
    """
    The verdict on a result; *code* is the submitted text, for remarks on a right answer.

    Raises:
        AuthorError: The reference does not run.
    """
    contract = contract_of(exercise)
    comparison = compare_tables(bench.reference(key), actual, contract)
    notes = matching_notes(comparison)
    if comparison.difference is None:
        remarks = tuple(r.say for r in key.remarks if re.search(r.pattern, code, flags=re.I))
        points = exercise.points
        why = (key.why,) if key.why else ()
        return Verdict(exercise.id, "correct", RIGHT, why, notes + remarks, score=points, score_of=points)
    trap = _matched_trap(key, actual, bench, contract)
    if trap is not None and comparison.difference.pattern not in ROUNDING:
        return trap_verdict(exercise, trap)
    headline = difference_headline(comparison, exercise)
    return Verdict(exercise.id, "wrong", headline, difference_points(comparison, exercise), notes)


def failed_trap(key: CodeKey, failure: Failure, bench: Bench) -> Trap | None:
    """The trap that declares to fail, and does, in the same way as the submission did."""
    for trap in key.traps:
        if trap.fails != failure.error_class or not trap.fails:
            continue
        stored = bench.result(trap.submission, key.language)
        if isinstance(stored, Failure) and _same_failure(stored, failure):
            return trap
    return None


def trap_verdict(exercise: Exercise, trap: Trap) -> Verdict:
    """The verdict that says a trap's own words."""
    headline, _, rest = trap.say.partition(". ")
    if rest:
        headline += "."
    points = (rest,) if rest else ()
    return Verdict(exercise.id, "trap", headline, points, trap=trap.slug, tag=trap.tag)


def _matched_trap(key: CodeKey, actual: Table, bench: Bench, contract: Contract) -> Trap | None:
    for trap in key.traps:
        stored = bench.result(trap.submission, key.language)
        if isinstance(stored, Table) and same_result(stored, actual, contract):
            return trap
    return None


def _same_failure(stored: Failure, failure: Failure) -> bool:
    """The same error class and message, up to the letters and digits of the value it stumbled over."""
    return stored.error_class == failure.error_class and _gist(stored) == _gist(failure)


def _gist(failure: Failure) -> str:
    first_line = failure.message.strip().splitlines()[0] if failure.message.strip() else ""
    return re.sub(r"[^\W\d_]+", "a", re.sub(r"\d+", "9", first_line))
