"""The interview around the exercises: predictions, clarifying questions, exhibits, the debrief."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TypeGuard, TypeVar

import duckdb

from casekit.errors import AuthorError, Problem, UnknownName, UsageError
from casekit.judge import fill
from casekit.library import load_debrief
from casekit.model.interviews import Exhibit, Question
from casekit.notebook.desk import Desk
from casekit.notebook.screen import show, typed
from casekit.sandbox import fetch
from casekit.show import Panel, View, notice
from casekit.show.moments import exhibit_view, prediction_block, prediction_view, reveal_view
from casekit.show.solution import debrief_view

__all__ = ["ask_question", "keep_prediction", "show_debrief", "show_exhibit"]

_BEYOND_ALL = 10**12  # no metric moves by as much

_Named = TypeVar("_Named", Question, Exhibit)

_DIRECTIONS = {
    "up": "up",
    "rise": "up",
    "rises": "up",
    "down": "down",
    "fall": "down",
    "falls": "down",
    "flat": "flat",
    "same": "flat",
}


def keep_prediction(desk: Desk, direction: object, low: object, high: object) -> View:
    """
    Records a prediction, stamped as made before or after the first look at the data.

    A prediction may be changed until the data is opened; after that the first one stands.

    Raises:
        UsageError: No direction, no range, or the two contradict each other.
    """
    prediction = desk.case.interview.prediction
    opened = bool(desk.record.happened("data-opened"))
    made = desk.record.prediction()
    if made is not None and opened:
        kept = prediction_view(prediction, made)
        return replace(kept, word="Already kept", tone="near")
    sign, bottom, top = _checked(direction, low, high)
    desk.record.keep("prediction", {"direction": sign, "low": bottom, "high": top, "before_data": not opened})
    return prediction_view(prediction, desk.record.prediction())


def _checked(direction: object, low: object, high: object) -> tuple[str, float, float]:
    sign = _DIRECTIONS.get(direction.strip().casefold()) if isinstance(direction, str) else None
    if sign is None:
        what = "no direction yet" if direction is None else f"{typed(direction)} is no direction"
        raise UsageError(f"{what}. Choose 'up', 'down' or 'flat'.")
    bottom, top = _range(low, high)
    if sign == "down" and bottom >= 0:
        raise UsageError(f"a fall is negative: case.predict('down', {-top:g}, {-bottom:g}).")
    if sign == "up" and top <= 0:
        raise UsageError(f"you said it rises, but the range {bottom:g} to {top:g} does not.")
    if sign == "flat" and not bottom <= 0 <= top:
        raise UsageError(f"flat means around 0; the range {bottom:g} to {top:g} leaves it out.")
    return sign, bottom, top


def _range(low: object, high: object) -> tuple[float, float]:
    ends = [float(end) for end in (low, high) if _is_number(end)]
    if len(ends) < len((low, high)):
        raise UsageError("a prediction needs a range: two numbers, for example case.predict('up', 0.5, 1.5).")
    bottom, top = sorted(ends)
    if bottom == top:  # the form begins with 0 to 0
        said = f"{bottom:g} to {top:g} is a point, not a range"
        raise UsageError(f"{said}. Give a lower and a higher number, for example -0.5 to 0.5.")
    return bottom, top


def _is_number(value: object) -> TypeGuard[int | float]:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return False
    return -_BEYOND_ALL < value < _BEYOND_ALL  # also False for NaN


def ask_question(desk: Desk, question_id: str) -> Panel:
    """
    The interviewer's answer; the first time it costs a question and its minutes.

    Raises:
        UnknownName: No such question.
        UsageError: All questions are used up.
    """
    interview = desk.case.interview
    question = _named("question", question_id, interview.questions)
    asked = desk.record.asked()
    if question.id not in asked:
        if len(asked) >= interview.question_limit:
            limit = interview.question_limit
            raise UsageError(f"you have asked your {limit} questions. Work with what you have.")
        desk.record.keep("question", {"question": question.id, "minutes": question.minutes})
        asked[question.id] = question.minutes
    left = max(interview.question_limit - len(asked), 0)
    return reveal_view(question, interview.interviewer, left, sum(asked.values()))


def show_exhibit(desk: Desk, exhibit_id: str, *, anyway: bool) -> None:
    """
    Displays an exhibit, computed on the candidate's data; one that an answer earns, after that answer.

    Raises:
        UnknownName: No such exhibit.
        AuthorError: Its query does not run.
    """
    exhibit = _named("exhibit", exhibit_id, desk.case.interview.exhibits)
    earned_by = [exercise.id for exercise in desk.case.exercises if exhibit.id in exercise.unlocks]
    if earned_by and not anyway and not desk.record.store.solved(desk.case.slug) & set(earned_by):
        lines = [f"To look all the same: `case.exhibit({exhibit.id!r}, anyway=True)`."]
        title = f"This exhibit opens with a right answer to {earned_by[0]}."
        show(notice(title, lines, subject=exhibit.id, word="Not yet"))
        return
    try:
        table = fetch(desk.explorer, exhibit.sql, max_rows=1_000)
    except duckdb.Error as error:
        problem = Problem("interview.toml", exhibit.id, "sql", f"does not run: {error}")
        raise AuthorError(desk.case.slug, [problem]) from error
    desk.record.keep("exhibit", {"exhibit": exhibit.id})
    show(exhibit_view(exhibit, table))


def _named(noun: str, name: str, known: Sequence[_Named]) -> _Named:
    for one in known:
        if one.id == str(name).casefold():
            return one
    raise UnknownName(noun, str(name), [one.id for one in known])


def show_debrief(desk: Desk, *, anyway: bool) -> None:
    """Displays what happened, once the last exercise was tried or on purpose."""
    last = desk.case.exercises[-1]
    if not anyway and not desk.record.attempts(last.id):
        lines = [
            f"It opens when you have handed in `{last.id}`.",
            "If you only want to read: `case.debrief(anyway=True)`.",
        ]
        show(notice("The debrief tells everything, so it comes last.", lines, word="Not yet"))
        return
    ledger = desk.bench.ledger
    told = load_debrief(desk.case)
    filled = replace(
        told,
        truth=fill(told.truth, ledger),
        trail=tuple(fill(step, ledger) for step in told.trail),
        aftermath=fill(told.aftermath, ledger),
    )
    prediction = desk.case.interview.prediction
    happened = ledger[prediction.ledger].value
    block = prediction_block(prediction, desk.record.prediction(), happened)
    desk.record.keep("debrief", {"anyway": anyway})
    show(debrief_view(desk.case.title, filled, block, desk.record.trail()))
