"""Case folders as `casekit.model.Case`: everything public, nothing secret."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from casekit.errors import AuthorError, Problem, UnknownName
from casekit.library.folders import case_folder
from casekit.library.reading import check_spec, read_spec, read_toml
from casekit.library.specs import CaseSpec, ExerciseSpec, InterviewSpec
from casekit.model import Case, Column, Exercise
from casekit.model.exercises import Card, ChartAsk, Option
from casekit.model.interviews import Exhibit, Interview, Prediction, Question

__all__ = ["CaseDraft", "find_exercise", "load_case", "read_case"]


@dataclass(frozen=True)
class CaseDraft:
    """
    As much of a case as could be read.

    Attributes:
        case: The case. What has problems is left out: an exercise is not there, a text is empty.
        broken: Ids of the exercises that were left out.
        has_list: False when not even the ids of the exercises could be read.
        has_script: False when `interview.toml` could not be read.
    """

    case: Case
    broken: frozenset[str] = frozenset()
    has_list: bool = True
    has_script: bool = True


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
    draft = read_case(folder, problems)
    if problems:
        raise AuthorError(folder.name, problems)
    return draft.case


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


def read_case(folder: Path, problems: list[Problem]) -> CaseDraft:
    """What can be read of the case in *folder*; what is wrong is added to *problems*."""
    raw = read_toml(folder, "case.toml", problems)
    spec = check_spec(raw, "case.toml", CaseSpec, problems) if raw is not None else None
    script = read_spec(folder, "interview.toml", InterviewSpec, problems)
    listed = spec.exercise if spec is not None else _whole_exercises(raw)
    if script is not None:
        problems += _unlock_problems(listed, script)
    texts = NO_TEXTS if spec is None else spec.model_dump(exclude={"exercise"})
    whole = {exercise.id for exercise in listed}
    return CaseDraft(
        case=Case(
            slug=folder.name,
            folder=str(folder),
            exercises=tuple(_exercise(exercise) for exercise in listed),
            interview=NO_INTERVIEW if script is None else _interview(script),
            **texts,
        ),
        broken=frozenset(str(one.get("id")) for one in _raw_exercises(raw)) - whole,
        has_list=raw is not None,
        has_script=script is not None,
    )


NO_TEXTS: Mapping[str, Any] = {
    **dict.fromkeys(("code", "title", "company", "domain", "summary", "prompt", "stage"), ""),
    "level": 1,
    "minutes": 0,
    "skills": (),
}
NO_INTERVIEW = Interview("", "", "", "", 0, Prediction("", "", "", "", 0), (), (), (), "")


def _whole_exercises(raw: Mapping[str, Any] | None) -> tuple[ExerciseSpec, ...]:
    """The exercises that have no problem of their own, so that one broken one does not hide the others."""
    found: dict[str, ExerciseSpec] = {}
    for one in _raw_exercises(raw):
        try:
            exercise = ExerciseSpec.model_validate(one)
        except ValidationError:  # told already, with the rest of the file
            continue
        found.setdefault(exercise.id, exercise)
    return tuple(found.values())


def _raw_exercises(raw: Mapping[str, Any] | None) -> list[dict[str, Any]]:
    listed = (raw or {}).get("exercise")
    return [one for one in listed if isinstance(one, dict)] if isinstance(listed, list) else []


def _unlock_problems(exercises: tuple[ExerciseSpec, ...], script: InterviewSpec) -> list[Problem]:
    exhibits = {exhibit.id for exhibit in script.exhibit}
    return [
        Problem("case.toml", exercise.id, "unlocks", f"{name!r} is no exhibit in interview.toml")
        for exercise in exercises
        for name in exercise.unlocks
        if name not in exhibits
    ]


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
