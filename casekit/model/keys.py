"""What only the judge may read: references, traps, rules and rubrics."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

__all__ = [
    "CardRule",
    "CardsKey",
    "ChoiceKey",
    "CodeKey",
    "Equivalent",
    "Key",
    "MemoKey",
    "RedFlag",
    "Remark",
    "RubricLine",
    "Trap",
]


@dataclass(frozen=True)
class Trap:
    """
    A typical wrong answer, stored as an answer, with what to say about it.

    Attributes:
        slug: Short name, unique in the exercise.
        tag: Misconception tag that profiles count, for example ``fanout``.
        say: The words the learner gets.
        submission: The wrong answer itself: code, an option id, card ids joined by spaces, a memo.
        fails: Error class it stops with, for example ``ConversionException``; empty when it must run.
    """

    slug: str
    tag: str
    say: str
    submission: str
    fails: str = ""


@dataclass(frozen=True)
class Remark:
    """
    What an interviewer would still say about a right answer.

    Attributes:
        pattern: Regular expression looked for in the submitted code.
        example: A right answer that earns the remark.
    """

    slug: str
    say: str
    pattern: str
    example: str


@dataclass(frozen=True)
class CodeKey:
    """Key of a ``sql``, ``pandas`` or ``number`` exercise: reference and traps as code."""

    language: Literal["sql", "python"]
    reference: str
    why: str
    traps: tuple[Trap, ...]
    remarks: tuple[Remark, ...] = ()


@dataclass(frozen=True)
class Equivalent:
    """
    A changed reference that the author declares to be as right as the reference itself.

    Attributes:
        mutant: The id that `casekit judge audit` gives it.
        why: Why no data of the case can tell the two apart.
    """

    mutant: str
    why: str


@dataclass(frozen=True)
class ChoiceKey:
    """Key of a ``choice`` exercise; every wrong option is a trap."""

    right: str
    why: str
    traps: tuple[Trap, ...]


@dataclass(frozen=True)
class CardRule:
    """
    A rule an order must obey; breaking it is a trap.

    Exactly one of *at*, *not_in_first* and *after* is set.

    Attributes:
        card: The card the rule is about.
        at: The place it must have, counted from 1.
        not_in_first: It may not be among the first so many cards.
        after: Cards that must all come before it.
    """

    trap: Trap
    card: str
    at: int | None = None
    not_in_first: int | None = None
    after: tuple[str, ...] = ()


@dataclass(frozen=True)
class CardsKey:
    """
    Key of a ``cards`` exercise.

    Attributes:
        order: The expert's order, card ids.
        max_distance: Largest accepted Kendall distance to it, as a share (0 same, 1 reversed).
    """

    order: tuple[str, ...]
    max_distance: float
    why: str
    rules: tuple[CardRule, ...]


@dataclass(frozen=True)
class RubricLine:
    """
    One line of a memo's rubric.

    Attributes:
        id: Short name, used for self-scores.
        label: What the line rewards, in the reader's words.
        points: Full points.
        concepts: Each inner tuple holds synonyms; a concept is met when one of them occurs.
        numbers: Ledger names; a number of the memo must match each.
        checks: Names of built-in lint checks that count here, for example ``owner``.
        say: What to say when the line is not fully met.
    """

    id: str
    label: str
    points: int
    concepts: tuple[tuple[str, ...], ...]
    numbers: tuple[str, ...]
    checks: tuple[str, ...]
    say: str


@dataclass(frozen=True)
class RedFlag:
    """
    A claim that costs points; *patterns* are regular expressions.

    Attributes:
        unless: Regular expressions that, in the same sentence, take the flag back.
    """

    trap: Trap
    patterns: tuple[str, ...]
    unless: tuple[str, ...]
    penalty: int


@dataclass(frozen=True)
class MemoKey:
    """
    Key of a ``memo`` exercise; the exemplar cites ledger numbers as ``{name}``.

    Attributes:
        decision_verbs: Verbs of which one must stand in the opening, not denied.
        pass_points: Points of 100 from which the memo counts as correct.
    """

    exemplar: str
    why: str
    pass_points: int
    decision_verbs: tuple[str, ...]
    rubric: tuple[RubricLine, ...]
    red_flags: tuple[RedFlag, ...]


Key = CodeKey | ChoiceKey | CardsKey | MemoKey
