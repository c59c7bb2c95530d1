"""The interviewer's script, and what is told at the end."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["Debrief", "Exhibit", "Interview", "Prediction", "Question"]


@dataclass(frozen=True)
class Exhibit:
    """A table the interviewer hands over; *sql* runs on the candidate's data."""

    id: str
    title: str
    sql: str
    note: str = ""


@dataclass(frozen=True)
class Question:
    """
    One clarifying question the candidate may choose.

    Attributes:
        value: 0 for a dead end, up to 3 for a question that changes the analysis.
        minutes: What asking costs on the interview clock.
        reveal: The interviewer's answer.
        exhibit: Id of the exhibit handed over; empty for none.
    """

    id: str
    ask: str
    value: int
    minutes: int
    reveal: str
    exhibit: str = ""


@dataclass(frozen=True)
class Prediction:
    """
    What the candidate predicts before the data opens.

    Attributes:
        question: The question, with metric, groups and periods stated.
        metric: Short name of the predicted number.
        unit: Unit of the range, for example ``pp``.
        ledger: Name of the ledger number that settles it.
        flat_within: Size of change, in *unit*, that still counts as flat.
    """

    question: str
    metric: str
    unit: str
    ledger: str
    flat_within: float


@dataclass(frozen=True)
class Interview:
    """The interviewer's script: who asks, what they reveal, how they push back."""

    interviewer: str
    role: str
    stake: str
    opening: str
    question_limit: int
    prediction: Prediction
    questions: tuple[Question, ...]
    exhibits: tuple[Exhibit, ...]
    pushbacks: tuple[str, ...]
    closing: str


@dataclass(frozen=True)
class Debrief:
    """
    What is told at the end; texts cite ledger numbers as ``{name}``.

    Attributes:
        truth: Markdown: what happened, fact by fact.
        trail: The expert's path, one step a line.
        aftermath: What happened next, one paragraph.
    """

    truth: str
    trail: tuple[str, ...]
    aftermath: str
