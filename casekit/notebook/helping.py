"""Hints, solutions, and a memo's own scores beside the judge's."""

from __future__ import annotations

from collections.abc import Mapping

from casekit.errors import UnknownName, UsageError
from casekit.judge import fill
from casekit.library import load_key
from casekit.model import Exercise
from casekit.model.keys import CardsKey, ChoiceKey, CodeKey, MemoKey
from casekit.notebook.answering import best_verdict
from casekit.notebook.desk import Desk
from casekit.notebook.screen import show
from casekit.show import Panel, notice
from casekit.show.moments import hint_view
from casekit.show.solution import cards_solution, choice_solution, code_solution, memo_solution

__all__ = ["give_hint", "give_solution", "keep_self_score"]


def give_hint(desk: Desk, exercise: Exercise) -> None:
    """Displays the next hint and records that it was given; past the last one, all of them."""
    number = desk.record.next_hint(exercise)
    if number <= len(exercise.hints):
        desk.record.keep("hint", {"number": number}, exercise.id)
    show(hint_view(exercise.id, number, exercise.hints))


def give_solution(desk: Desk, exercise: Exercise, *, anyway: bool) -> None:
    """Displays a model solution after an attempt, or on purpose."""
    if not anyway and not desk.record.attempts(exercise.id):
        lines = [
            f"One attempt first, right or wrong; `case.hint({exercise.id!r})` helps to start.",
            f"If you only want to read: `case.solution({exercise.id!r}, anyway=True)`.",
        ]
        title = "The solution opens after your first attempt."
        show(notice(title, lines, subject=exercise.id, word="Not yet"))
        return
    view = _solution(desk, exercise)
    desk.record.keep("solution", {"anyway": anyway}, exercise.id)
    show(view)


def _solution(desk: Desk, exercise: Exercise) -> Panel:
    match load_key(desk.case, exercise.id):
        case CodeKey() as key:
            return code_solution(exercise, key.reference, key.why)
        case ChoiceKey() as key:
            others = {trap.submission: trap.say for trap in key.traps}
            return choice_solution(exercise, key.right, key.why, others)
        case CardsKey() as key:
            return cards_solution(exercise, key.order, key.why)
        case MemoKey() as key:
            exemplar = fill(key.exemplar, desk.bench.ledger)
            return memo_solution(exercise, exemplar, key.why, key.rubric, _scores(desk, exercise, key))


def _scores(desk: Desk, exercise: Exercise, key: MemoKey) -> dict[str, tuple[int | None, int | None]]:
    own = desk.record.self_scores(exercise.id)
    judged = {label: earned for label, earned, _, _ in best_verdict(desk, exercise).evidence}
    return {line.id: (own.get(line.id), judged.get(line.label)) for line in key.rubric}


def keep_self_score(desk: Desk, exercise: Exercise, lines: Mapping[str, object]) -> None:
    """
    Records the candidate's own points by rubric line and displays them beside the judge's.

    Raises:
        UsageError: The exercise has no rubric, or points are out of range.
        UnknownName: No such line in the rubric.
    """
    key = load_key(desk.case, exercise.id)
    if not isinstance(key, MemoKey):
        raise UsageError(f"{exercise.id!r} is not scored line by line; only memos are.")
    full = {line.id: line.points for line in key.rubric}
    scores = {_line_name(name, full): points for name, points in lines.items()}
    for name, points in scores.items():
        if isinstance(points, bool) or not isinstance(points, int) or not 0 <= points <= full[name]:
            raise UsageError(f"{name} takes whole points from 0 to {full[name]}; you gave {points!r}.")
    if scores:
        desk.record.keep("self-score", scores, exercise.id)
    if not desk.record.self_scores(exercise.id):
        show(_empty_rubric(exercise, key))
        return
    if not desk.record.attempts(exercise.id):
        told = ["They stand beside the judge's once the memo is handed in."]
        show(notice("Your scores are kept.", told, subject=exercise.id, word="Kept", tone="good"))
        return
    show(_solution(desk, exercise))


def _empty_rubric(exercise: Exercise, key: MemoKey) -> Panel:
    """The lines to score oneself by, before the exemplar is shown."""
    lines = [f"`{line.id}`, 0 to {line.points}: {line.label}" for line in key.rubric]
    first = key.rubric[0]
    lines.append(f"Write your points: `case.self_score({exercise.id!r}, {first.id}={first.points}, …)`.")
    title = "Score yourself first. How the exemplar puts it comes after."
    return notice(title, lines, subject=exercise.id, word="Your turn")


def _line_name(name: str, known: Mapping[str, int]) -> str:
    # Python's keywords cannot hold a hyphen
    plain = name.replace("_", "-") if name not in known else name
    if plain not in known:
        raise UnknownName("rubric line", name, known)
    return plain
