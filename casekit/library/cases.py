"""Case folders as `casekit.model.Case`: everything public, nothing secret."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from casekit.errors import AuthorError, Problem, UnknownName
from casekit.library.folders import case_folder
from casekit.library.reading import read_spec
from casekit.library.specs import CaseSpec, ExerciseSpec, InterviewSpec
from casekit.model import Case, Column, Exercise
from casekit.model.exercises import Card, ChartAsk, Option
from casekit.model.interviews import Exhibit, Interview, Prediction, Question

__all__ = ["find_exercise", "load_case", "read_case"]


def load_case(slug: str) -> Case:
    """
    The case *slug*, public parts only.

    Raises:
        UnknownName: No such case.
        AuthorError: `case.toml` or `interview.toml` has problems; all are named.
    """
    folder = case_folder(slug)
    stamps = tuple((folder / file).stat().st_mtime_ns for file in FILES if (folder / file).exists())
    return _load_case(folder, stamps)


FILES = ("case.toml", "interview.toml")


@cache
def _load_case(folder: Path, stamps: tuple[int, ...]) -> Case:  # noqa: ARG001 - the stamps are the cache key
    problems: list[Problem] = []
    case = read_case(folder, problems)
    if case is None or problems:
        raise AuthorError(folder.name, problems)
    return case


def find_exercise(case: Case, exercise_id: str) -> Exercise:
    """
    The exercise *exercise_id* of *case*; its code (``E01``) is understood too.

    Raises:
        UnknownName: No such exercise; near misses are named.
    """
    for exercise in case.exercises:
        if str(exercise_id).casefold() in (exercise.id, exercise.code.casefold()):
            return exercise
    raise UnknownName("exercise", str(exercise_id), [exercise.id for exercise in case.exercises])


def read_case(folder: Path, problems: list[Problem]) -> Case | None:
    """The case in *folder*, or None; what is wrong is added to *problems*."""
    spec = read_spec(folder, "case.toml", CaseSpec, problems)
    script = read_spec(folder, "interview.toml", InterviewSpec, problems)
    if spec is None or script is None:
        return None
    exhibits = {exhibit.id for exhibit in script.exhibit}
    problems += [
        Problem("case.toml", exercise.id, "unlocks", f"{name!r} is no exhibit in interview.toml")
        for exercise in spec.exercise
        for name in exercise.unlocks
        if name not in exhibits
    ]
    return Case(
        slug=folder.name,
        folder=str(folder),
        exercises=tuple(_exercise(exercise) for exercise in spec.exercise),
        interview=_interview(script),
        **spec.model_dump(exclude={"exercise"}),
    )


def _exercise(spec: ExerciseSpec) -> Exercise:
    nested = {"columns", "options", "cards", "chart"}
    return Exercise(
        **spec.model_dump(exclude=nested),
        columns=tuple(Column(**column.model_dump()) for column in spec.columns),
        options=tuple(Option(option.id, option.text) for option in spec.options),
        cards=tuple(Card(card.id, card.text) for card in spec.cards),
        chart=ChartAsk(**spec.chart.model_dump()) if spec.chart else None,
    )


def _interview(spec: InterviewSpec) -> Interview:
    return Interview(
        interviewer=spec.interviewer,
        role=spec.role,
        stake=spec.stake,
        opening=spec.opening,
        question_limit=spec.question_limit,
        prediction=Prediction(**spec.prediction.model_dump()),
        questions=tuple(Question(**question.model_dump()) for question in spec.question),
        exhibits=tuple(Exhibit(**exhibit.model_dump()) for exhibit in spec.exhibit),
        pushbacks=spec.pushbacks,
        closing=spec.closing,
    )
