"""Handing in: an answer goes to the judge, its verdict to the screen and to the record."""

from __future__ import annotations

import contextlib
import inspect
import re
import textwrap
from collections.abc import Mapping

from casekit.compare import Contract
from casekit.errors import UsageError
from casekit.judge import is_blank_sql, judge
from casekit.judge.functions import is_function
from casekit.library import load_key
from casekit.model import Answer, Exercise, Verdict
from casekit.notebook.desk import Desk
from casekit.notebook.exploring import before_first_look
from casekit.notebook.screen import show
from casekit.show import Block, TableView, VerdictView
from casekit.show.blocks import bullets, heading, paragraph

__all__ = [
    "answer_from",
    "best_verdict",
    "hand_in",
    "hand_in_sql",
    "last_verdict",
    "show_chart",
    "verdict_view",
]

_COUNTED = ("correct", "trap", "wrong", "not yet")
_LOOKS_LIKE_SQL = re.compile(r"\s*(?:--[^\n]*\n\s*)*(?:WITH|SELECT|FROM|\()", re.IGNORECASE)


def hand_in(desk: Desk, exercise: Exercise, answer: Answer) -> Verdict:
    """The verdict on *answer*; what was judged is an attempt, what did not run is kept without counting."""
    verdict = judge(exercise, load_key(desk.case, exercise.id), answer, desk.bench)
    if verdict.tag == "did_not_run":
        desk.record.keep("did-not-run", {"submission": submission_text(answer.value)}, exercise.id)
    elif verdict.status in _COUNTED:
        desk.record.keep_attempt(verdict, submission_text(answer.value))
    return verdict


def hand_in_sql(desk: Desk, exercise: Exercise, sql: str) -> Verdict:
    """
    The verdict on a ``%%sql exercise-id`` cell, displayed below the query's own result.

    Raises:
        UsageError: The exercise is not answered in SQL.
    """
    if exercise.kind not in ("sql", "number"):
        raise UsageError(f"{exercise.id!r} is not answered in SQL. {how_to_answer(exercise)}")
    if not is_blank_sql(sql):
        before_first_look(desk)
    desk.box.last = None
    verdict = hand_in(desk, exercise, Answer(sql, sql=True))
    ran = desk.box.last
    if ran is not None and ran.table is not None:
        show(TableView(ran.table, units={column.name: column.unit for column in exercise.columns}))
    show(verdict_view(desk, exercise, verdict))
    return verdict


def answer_from(exercise: Exercise, value: object, chart: object, numbers: Mapping[str, object]) -> Answer:
    """
    What `check` was called with, as the judge takes it.

    Raises:
        UsageError: Numbers by name were given where none are asked for.
    """
    if numbers:
        if exercise.kind != "number":
            extra = ", ".join(f"{name}=" for name in numbers)
            raise UsageError(f"{exercise.id!r} takes no {extra}. {how_to_answer(exercise)}")
        return Answer(dict(numbers), chart)
    is_sql = isinstance(value, str) and (
        exercise.kind == "sql" or (exercise.kind == "number" and bool(_LOOKS_LIKE_SQL.match(value)))
    )
    return Answer(value, chart, sql=is_sql)


def how_to_answer(exercise: Exercise) -> str:
    """One sentence that says how this kind of exercise is handed in."""
    name = exercise.id
    ways = {
        "sql": f"Begin a cell with `%%sql {name}` and write one SELECT.",
        "pandas": f"Hand in a DataFrame, or a function of the tables: `case.check({name!r}, answer)`.",
        "number": f"Hand in by name: `case.check({name!r}, {_number_names(exercise)})`.",
    }
    return ways.get(exercise.kind, f"Use `case.answer({name!r})`.")


def _number_names(exercise: Exercise) -> str:
    return ", ".join(f"{column.name}=..." for column in exercise.columns)


def verdict_view(desk: Desk, exercise: Exercise, verdict: Verdict) -> VerdictView:
    """The verdict with the exhibits that a right answer unlocks, and what a memo's points count for."""
    contract = Contract(exercise.columns, exercise.key, exercise.ordered_by)
    if verdict.score is not None and verdict.score_of not in (None, 0, exercise.points):
        counted = round(exercise.points * verdict.score / (verdict.score_of or 1))
        worth = paragraph(f"In the case this counts {counted} of {exercise.points} points.", quiet=True)
        return VerdictView(verdict, (worth,), contract)
    if verdict.status != "correct" or not exercise.unlocks:
        return VerdictView(verdict, contract=contract)
    titles = {exhibit.id: exhibit.title for exhibit in desk.case.interview.exhibits}
    unlocked = bullets(f"{titles[name]}: `case.exhibit({name!r})`" for name in exercise.unlocks)
    return VerdictView(verdict, (_joined(heading("Now on the table"), unlocked),), contract)


def show_chart(answer: Answer) -> None:
    """The chart that was handed in, above its verdict; what is no chart is left to the verdict."""
    if answer.chart is None or answer.chart is ...:
        return
    from casekit.charts import Chart

    with contextlib.suppress(ValueError):
        show(answer.chart if isinstance(answer.chart, Chart) else Chart(answer.chart, "What you handed in."))


def last_verdict(desk: Desk, exercise: Exercise) -> Verdict:
    """The verdict on what was handed in last, judged again; nothing is recorded."""
    return _judged_again(desk, exercise, desk.record.last_submission(exercise.id))


def best_verdict(desk: Desk, exercise: Exercise) -> Verdict:
    """The verdict on what earned most so far, judged again; nothing is recorded."""
    attempts = desk.record.attempts(exercise.id)
    best = max(attempts, key=lambda row: row.score or 0, default=None)
    return _judged_again(desk, exercise, best.submission if best else "")


def _judged_again(desk: Desk, exercise: Exercise, submission: str) -> Verdict:
    value: object = submission or ...
    if exercise.kind == "cards" and submission:
        value = submission.split()
    return judge(exercise, load_key(desk.case, exercise.id), Answer(value), desk.bench)


def submission_text(value: object) -> str:
    """What was handed in, as text for the record."""
    if isinstance(value, str):
        return value
    if isinstance(value, list | tuple):
        return " ".join(map(str, value))
    if is_function(value):
        return _source(value)
    shape = getattr(value, "shape", None)
    return f"{type(value).__name__} {shape}" if shape is not None else repr(value)


def _source(function: object) -> str:
    """The text of a function; what has none, such as a partial, is told by its name."""
    try:
        return textwrap.dedent(inspect.getsource(function))  # type: ignore[arg-type]
    except (OSError, TypeError):
        return repr(function)


def _joined(*blocks: Block) -> Block:
    return Block("".join(block.html for block in blocks), "\n".join(block.text for block in blocks))
