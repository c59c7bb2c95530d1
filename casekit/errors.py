"""
Everything casekit raises, drawn as a tree.

::

    CasekitError
    ├── AuthorError        the case is broken: the author mends it, no learner is charged for it
    └── UsageError         the call cannot be served: the message says what to type instead
        ├── UnknownName    no such case, exercise, table or question; carries the near misses
        └── DataError      the dataset cannot be built, read or kept (disk full, no permission)

A learner's wrong answer is never an exception: it is a `casekit.model.Verdict`.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable
from dataclasses import dataclass

__all__ = ["AuthorError", "CasekitError", "DataError", "Problem", "UnknownName", "UsageError"]


LIKE_ENOUGH = 0.6
SHORTEST_WORD = 4
WORD_DISCOUNT = 0.1


class CasekitError(Exception):
    """The root of every error casekit raises on purpose."""


@dataclass(frozen=True)
class Problem:
    """
    One thing that is wrong with a case.

    Attributes:
        file: The file inside the case folder, for example ``case.toml``.
        where: The exercise, table or section; empty when the whole file is meant.
        field: The field, dotted; empty when there is none.
        message: What is wrong, with the value, and what to do about it.
    """

    file: str
    where: str
    field: str
    message: str

    def __str__(self) -> str:
        place = " › ".join(part for part in (self.file, self.where, self.field) if part)
        return f"{place}: {self.message}"


class AuthorError(CasekitError):
    """
    A case cannot be used until its author mends it.

    Attributes:
        case: The slug of the case.
        problems: Every problem found, not only the first.
    """

    def __init__(self, case: str, problems: Iterable[Problem]) -> None:
        self.case = case
        self.problems = tuple(problems)
        count = len(self.problems)
        noun = "problem" if count == 1 else "problems"
        lines = "\n".join(f"  - {problem}" for problem in self.problems)
        super().__init__(f"case {case!r} has {count} {noun}:\n{lines}")


class UsageError(CasekitError):
    """A call that cannot be served; the message says what to type instead."""


class UnknownName(UsageError):  # noqa: N818 - it names what is unknown, as the sentence does
    """
    A name that does not exist, with the nearest ones that do.

    Attributes:
        name: What was asked for.
        suggestions: Up to three close names, nearest first.
    """

    def __init__(self, noun: str, name: str, known: Iterable[str]) -> None:
        choices = list(known)
        self.name = name
        self.suggestions = tuple(near_names(name, choices))
        super().__init__(f"there is no {noun} {name!r}.{_advice(self.suggestions, choices)}")


class DataError(UsageError):
    """A dataset that cannot be built, read or kept on this machine."""


def near_names(name: str, known: Iterable[str], limit: int = 3) -> list[str]:
    """The names in *known* that *name* was probably meant to be, nearest first."""
    scored = [(_likeness(name.casefold(), choice.casefold()), choice) for choice in known]
    close = sorted((item for item in scored if item[0] >= LIKE_ENOUGH), key=lambda item: -item[0])
    return [choice for _, choice in close[:limit]]


def _likeness(typed: str, choice: str) -> float:
    """0 to 1: how like the whole name, or a little less, how like one word of it."""
    words = [word for word in re.split(r"[-_ ]", choice) if len(word) >= SHORTEST_WORD]
    whole = difflib.SequenceMatcher(None, typed, choice).ratio()
    parts = [difflib.SequenceMatcher(None, typed, word).ratio() - WORD_DISCOUNT for word in words]
    return max([whole, *parts])


def _advice(suggestions: tuple[str, ...], choices: list[str]) -> str:
    if suggestions:
        return " Did you mean " + " or ".join(repr(name) for name in suggestions) + "?"
    if choices:
        return " There is: " + ", ".join(choices) + "."
    return ""
