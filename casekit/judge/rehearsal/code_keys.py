"""Keys that are code, rehearsed: the reference is right, each trap and each remark gets its own words."""

from __future__ import annotations

from typing import Any

from casekit.compare import compare_tables
from casekit.judge.bench import Bench
from casekit.judge.judging import judge
from casekit.judge.rehearsal.findings import Spot, first_line
from casekit.judge.tables import contract_of, judge_table
from casekit.judge.words import difference_headline
from casekit.model import Answer, Exercise, Table, Trap, Verdict
from casekit.model.keys import CodeKey, Remark
from casekit.sandbox import Failure

__all__ = ["rehearse_code"]

# What stops with one of these was mistyped; nobody means a trap to.
SLIPS = ("BinderException", "CatalogException", "ParserException", "SyntaxException")


def rehearse_code(exercise: Exercise, key: CodeKey, bench: Bench, spot: Spot) -> None:
    """Hand in everything the key holds; what is not judged as it should be is told at *spot*."""
    is_sound = _rehearse_reference(exercise, key, bench, spot)
    for trap in key.traps:
        runs = _runs_as_declared(trap, bench.result(trap.submission, key.language), spot, key.language)
        if runs and is_sound:
            _rehearse_trap(exercise, key, trap, bench, spot)
    for remark in key.remarks:
        _rehearse_remark(exercise, key, remark, bench, spot, is_sound=is_sound)


def _rehearse_reference(exercise: Exercise, key: CodeKey, bench: Bench, spot: Spot) -> bool:
    """True when the reference can be judged against."""
    result = bench.result(key.reference, key.language)
    if isinstance(result, Failure):
        spot.tell("reference", "does not run", first_line(result.message))
        return False
    message, detail = _shape_problem(exercise, result)
    if not message:
        verdict = _verdict_on_reference(exercise, key, bench)
        if verdict.status != "correct":
            message, detail = "is not judged correct when it is handed in", _said(verdict)
    if message:
        spot.tell("reference", message, detail)
    return not message


def _shape_problem(exercise: Exercise, result: Table) -> tuple[str, str]:
    """What is wrong with the reference's result as it stands, and how it shows; empty texts for nothing."""
    given = {name.casefold() for name in result.columns}
    lacking = [column.name for column in exercise.columns if column.name.casefold() not in given]
    if lacking:
        noun = "column" if len(lacking) == 1 else "columns"
        return f"lacks the {noun} {', '.join(lacking)}; it has {', '.join(result.columns)}", ""
    if not result.rows:
        return "gives no rows", ""
    comparison = compare_tables(result, result, contract_of(exercise))
    if comparison.difference is not None and comparison.difference.kind == "grain":
        return "repeats its key", difference_headline(comparison, exercise)
    return "", ""


def _verdict_on_reference(exercise: Exercise, key: CodeKey, bench: Bench) -> Verdict:
    if exercise.chart is None:
        return _verdict(exercise, key, key.reference, bench)
    names: dict[str, Any] = {**bench.frames()}
    code = f"import numpy as np, pandas as pd\n{key.reference}"
    exec(compile(code, "<answers>", "exec"), names)  # noqa: S102 - the case author's own code; the bench ran it
    return judge(exercise, key, Answer(names["answer"], chart=names.get("chart")), bench)


def _runs_as_declared(trap: Trap, result: Table | Failure, spot: Spot, language: str) -> bool:
    """True when *trap* runs or stops as its header says."""
    error_class = result.error_class if isinstance(result, Failure) else ""
    if error_class == trap.fails:
        return True
    if not error_class:
        message = f"runs, though it declares 'fails: {trap.fails}'"
    elif trap.fails:
        message = f"stops with {error_class}, not with the {trap.fails} it declares"
    elif language == "sql" and error_class not in SLIPS:
        message = f"does not run; if it has to stop, say '-- fails: {error_class}'"
    else:
        message = "does not run"
    detail = first_line(result.message) if isinstance(result, Failure) else ""
    spot.tell(f"trap: {trap.slug}", message, detail)
    return False


def _rehearse_trap(exercise: Exercise, key: CodeKey, trap: Trap, bench: Bench, spot: Spot) -> None:
    verdict = _verdict(exercise, key, trap.submission, bench)
    field = f"trap: {trap.slug}"
    if verdict.status == "correct":
        spot.tell(field, "gives the right result; a trap has to be wrong on the data")
    elif verdict.status != "trap":
        spot.tell(field, f"does not get its own words; it is judged {verdict.status}", _said(verdict))
    elif verdict.trap != trap.slug:
        spot.tell(field, f"cannot be told from the trap {verdict.trap!r}: both give the same")


def _rehearse_remark(  # noqa: PLR0913 - the remark, and all it is judged with
    exercise: Exercise, key: CodeKey, remark: Remark, bench: Bench, spot: Spot, *, is_sound: bool
) -> None:
    field = f"remark: {remark.slug}"
    result = bench.result(remark.example, key.language)
    if isinstance(result, Failure):
        spot.tell(field, "its example does not run", first_line(result.message))
    elif is_sound:
        verdict = _verdict(exercise, key, remark.example, bench)
        if verdict.status != "correct":
            spot.tell(field, "its example is not a right answer", _said(verdict))
        elif remark.say not in verdict.notes:
            spot.tell(field, "its pattern is not found in its own example")


def _verdict(exercise: Exercise, key: CodeKey, code: str, bench: Bench) -> Verdict:
    """The verdict on stored code: SQL as a candidate hands it in, an analysis by the table it ends in."""
    if key.language == "sql":
        return judge(exercise, key, Answer(code, sql=True), bench)
    result = bench.result(code, key.language)
    if isinstance(result, Failure):
        return Verdict(exercise.id, "wrong", first_line(result.message))
    return judge_table(exercise, key, result, bench, code)


def _said(verdict: Verdict) -> str:
    return " ".join((verdict.headline, *verdict.points[:1]))
