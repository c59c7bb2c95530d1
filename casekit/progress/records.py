"""The rows of the progress file as frozen dataclasses."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

__all__ = ["AttemptRow", "CaseSummary", "EventRow"]


@dataclass(frozen=True)
class AttemptRow:
    """
    One judged attempt.

    Attributes:
        status: The verdict's status, for example ``correct``.
        trap: Slug of the matched trap; empty for none.
        tag: Misconception tag; empty for none.
        submission: What was handed in, at most 20,000 characters of it.
        hints_used: Different hints of the exercise seen before the attempt.
        duration_s: Seconds since the case's record before this one, at most 3,600; 0 for the first.
        at: When, ISO 8601 in UTC.
    """

    id: int
    case: str
    exercise: str
    status: str
    trap: str
    tag: str
    score: int | None
    score_of: int | None
    submission: str
    hints_used: int
    duration_s: float
    at: str


@dataclass(frozen=True)
class EventRow:
    """
    One thing that happened in a case that is not an attempt: a hint, a prediction, a question.

    Attributes:
        exercise: The exercise's id; empty when the event belongs to the case as a whole.
        kind: Short name, for example ``hint``.
        payload: What was recorded with it.
        at: When, ISO 8601 in UTC.
    """

    id: int
    case: str
    exercise: str
    kind: str
    payload: Mapping[str, object]
    at: str


@dataclass(frozen=True)
class CaseSummary:
    """
    How far the learner is in one case.

    Attributes:
        tried: Exercises with at least one attempt.
        solved: Exercises with at least one correct attempt.
        score: Sum over exercises of the best score so far.
        score_of: Sum over the same exercises of the points that could be earned.
        last_seen: Time of the last attempt or event, ISO 8601 in UTC.
    """

    case: str
    tried: int
    solved: int
    score: int
    score_of: int
    last_seen: str
