"""What a candidate hands in, and the judge's word on it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from casekit.model.results import Counterexample

__all__ = ["Answer", "Status", "Verdict"]

Status = Literal["correct", "trap", "wrong", "not yet", "not attempted", "broken"]


@dataclass(frozen=True)
class Answer:
    """
    What a candidate submitted, as the judge gets it.

    Attributes:
        value: SQL text, a DataFrame or a function that returns one, a number or a mapping of numbers, an
            option id, a list of card ids, or a memo's text; ``...`` or ``None`` for nothing.
        chart: The plotly figure that goes with it, if any.
        sql: True when *value* is SQL text.
    """

    value: object
    chart: object = None
    sql: bool = False


@dataclass(frozen=True)
class Verdict:
    """
    The judge's word on one answer.

    Attributes:
        exercise: The exercise's id.
        status: One of ``correct``, ``trap``, ``wrong``, ``not yet``, ``not attempted``, ``broken``.
        headline: One sentence that can stand alone.
        points: What differs and why, one sentence each, most useful first.
        notes: What does not change the verdict but is worth knowing.
        trap: Slug of the matched trap; empty for none.
        tag: Misconception tag; empty for none.
        score: Points earned, or None when the exercise is not scored in parts.
        score_of: Points that could be earned.
        evidence: For rubrics: (line, points earned, points, quoted evidence) in order.
        counterexample: A tiny database that shows the difference, when one was found.
        databases: On how many databases besides the candidate's own the verdict rests; 0: on none.
    """

    exercise: str
    status: Status
    headline: str
    points: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    trap: str = ""
    tag: str = ""
    score: int | None = None
    score_of: int | None = None
    evidence: tuple[tuple[str, int, int, str], ...] = ()
    extra: Mapping[str, object] = field(default_factory=dict)
    counterexample: Counterexample | None = None
    databases: int = 0

    def as_dict(self) -> dict[str, object]:
        """The verdict as JSON-ready values, in field order."""
        return {
            "exercise": self.exercise,
            "status": self.status,
            "headline": self.headline,
            "points": list(self.points),
            "notes": list(self.notes),
            "trap": self.trap,
            "tag": self.tag,
            "score": self.score,
            "score_of": self.score_of,
            "evidence": [list(line) for line in self.evidence],
            "extra": dict(self.extra),
            "counterexample": self.counterexample.as_dict() if self.counterexample else None,
            "databases": self.databases,
        }
