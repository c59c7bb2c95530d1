"""A whole case folder read at once, with every problem of every file."""

from __future__ import annotations

from pathlib import Path

from casekit.errors import AuthorError, Problem
from casekit.library.cases import CaseDraft, read_case
from casekit.library.equivalents import EQUIVALENTS_FILE, read_equivalents
from casekit.library.folders import case_folder
from casekit.library.keys import (
    ANSWERS,
    read_debrief,
    read_key,
    read_ledger,
    read_loose_key,
)
from casekit.library.reading import read_text
from casekit.model import Case

__all__ = ["survey_case", "validate_case"]


def validate_case(slug: str) -> Case:
    """
    The case *slug*, after every file of its folder was read.

    A build without `answers/` is valid: its keys live elsewhere.

    Raises:
        UnknownName: No such case.
        AuthorError: Every problem found, with file, exercise and field.
    """
    draft, problems = survey_case(slug)
    if problems:
        raise AuthorError(slug, problems)
    return draft.case


def survey_case(slug: str) -> tuple[CaseDraft, list[Problem]]:
    """
    What can be read of the case *slug*, and every problem found on the way; one problem hides no other file.

    Raises:
        UnknownName: No such case.
        AuthorError: The folder lacks its `case.toml`.
    """
    folder = case_folder(slug)
    problems: list[Problem] = []
    draft = read_case(folder, problems)
    for file in ("lesson.md", "world.py"):
        read_text(folder, file, problems)
    if (folder / ANSWERS).is_dir():
        _read_answers(folder, draft, problems)
    return draft, problems


def _read_answers(folder: Path, draft: CaseDraft, problems: list[Problem]) -> None:
    for exercise in draft.case.exercises:
        read_key(folder, exercise, problems)
    read_ledger(folder, problems)
    read_debrief(folder, problems)
    names = [*draft.broken, *(exercise.id for exercise in draft.case.exercises)]
    if draft.has_list:
        read_equivalents(folder, names, problems)
    known = {
        "ledger",
        "debrief",
        Path(EQUIVALENTS_FILE).stem,
        *(exercise.id for exercise in draft.case.exercises),
    }
    files = sorted(file for file in (folder / ANSWERS).iterdir() if file.is_file())
    strangers = [file for file in files if file.stem not in known]
    for name in dict.fromkeys(file.stem for file in strangers if _may_belong(file.stem, draft)):
        read_loose_key(folder, name, problems)
    problems += [
        Problem(f"{ANSWERS}/{file.name}", "", "", "belongs to no exercise; rename or remove it")
        for file in strangers
        if not _may_belong(file.stem, draft)
    ]


def _may_belong(name: str, draft: CaseDraft) -> bool:
    """True when an exercise that could not be read has, or may have, this name."""
    return not draft.has_list or name in draft.broken
