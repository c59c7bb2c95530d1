"""One case: everything public about it."""

from __future__ import annotations

from dataclasses import dataclass

from casekit.model.exercises import Exercise
from casekit.model.interviews import Interview

__all__ = ["Case"]


@dataclass(frozen=True)
class Case:
    """
    One case: everything public about it. Keys are loaded apart, exercise by exercise.

    Attributes:
        slug: The folder's name, kebab-case.
        code: The short number people say, for example ``C04``.
        folder: Where the case folder is on this machine.
    """

    slug: str
    code: str
    title: str
    company: str
    domain: str
    summary: str
    prompt: str
    level: int
    minutes: int
    stage: str
    skills: tuple[str, ...]
    exercises: tuple[Exercise, ...]
    interview: Interview
    folder: str
