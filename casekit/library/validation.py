"""A whole case folder read at once, with every problem of every file."""

from __future__ import annotations

from pathlib import Path

from casekit.errors import AuthorError, Problem
from casekit.library.cases import read_case
from casekit.library.folders import case_folder
from casekit.library.keys import ANSWERS, load_debrief, read_key, read_ledger
from casekit.library.reading import read_text
from casekit.model import Case

__all__ = ["validate_case"]


def validate_case(slug: str) -> Case:
    """
    The case *slug*, after every file of its folder was read.

    A build without `answers/` is valid: its keys live elsewhere.

    Raises:
        UnknownName: No such case.
        AuthorError: Every problem found, with file, exercise and field.
    """
    folder = case_folder(slug)
    problems: list[Problem] = []
    case = read_case(folder, problems)
    for file in ("lesson.md", "world.py"):
        read_text(folder, file, problems)
    if case is not None and (folder / ANSWERS).is_dir():
        _read_answers(folder, case, problems)
    if case is None or problems:
        raise AuthorError(slug, problems)
    return case


def _read_answers(folder: Path, case: Case, problems: list[Problem]) -> None:
    for exercise in case.exercises:
        read_key(folder, exercise, problems)
    read_ledger(folder, problems)
    try:
        load_debrief(case)
    except AuthorError as error:
        problems += error.problems
    known = {"ledger", "debrief", *(exercise.id for exercise in case.exercises)}
    for file in sorted((folder / ANSWERS).iterdir()):
        if file.is_file() and file.stem not in known:
            problems.append(
                Problem(f"{ANSWERS}/{file.name}", "", "", "belongs to no exercise; rename or remove it")
            )
