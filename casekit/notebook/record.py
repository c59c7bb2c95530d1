"""What one candidate did in one case, as the notebook asks for it."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

from casekit.model import Case, Exercise, Verdict
from casekit.progress import AttemptRow, Store
from casekit.progress.opening import default_path
from casekit.show.board import ExerciseLine

__all__ = ["Record", "kernel_store"]

# of two verdicts the one further right is the better
_RANKING = ("trap", "wrong", "not yet", "correct")


def kernel_store() -> Store:
    """
    The store that every case and board of this kernel shares; it is never closed.

    Where progress cannot be saved, each store has a memory of its own: two would tell different stories.
    """
    path = default_path().absolute()
    store = _store_at(path)
    if not store.warning and _is_gone(path):  # somebody began anew by deleting the file
        _store_at.cache_clear()
        store = _store_at(path)
    return store


@lru_cache(maxsize=4)
def _store_at(path: Path) -> Store:
    return Store(path)


def _is_gone(path: Path) -> bool:
    try:
        path.stat()
    except FileNotFoundError:
        return True
    except OSError:
        return False
    return False


class Record:
    """
    The record of *case* in *store*.

    Attributes:
        store: Where it is kept.
    """

    def __init__(self, case: Case, store: Store) -> None:
        self.case = case
        self.store = store

    # --- attempts --------------------------------------------------------------------------

    def keep_attempt(self, verdict: Verdict, submission: str) -> None:
        """Records a verdict with what was handed in, its score on the scale of the exercise's points."""
        points = {exercise.id: exercise.points for exercise in self.case.exercises}.get(verdict.exercise, 0)
        scored = verdict.score is not None and verdict.score_of
        self.store.record_attempt(
            self.case.slug,
            verdict.exercise,
            verdict.status,
            trap=verdict.trap,
            tag=verdict.tag,
            score=round(points * (verdict.score or 0) / (verdict.score_of or 1)) if scored else None,
            score_of=points if scored else None,
            submission=submission,
        )

    def attempts(self, exercise: str = "") -> list[AttemptRow]:
        """Every attempt at one exercise, or at all of the case, oldest first."""
        rows = self.store.attempts(self.case.slug)
        return [row for row in rows if exercise in ("", row.exercise)]

    def last_submission(self, exercise: str) -> str:
        """What was handed in last; empty for nothing."""
        rows = self.attempts(exercise)
        return rows[-1].submission if rows else ""

    def lines(self) -> list[ExerciseLine]:
        """Where the candidate stands, exercise by exercise."""
        rows = self.attempts()
        return [
            self._line(exercise, [row for row in rows if row.exercise == exercise.id])
            for exercise in self.case.exercises
        ]

    def _line(self, exercise: Exercise, rows: list[AttemptRow]) -> ExerciseLine:
        best = max((row.status for row in rows if row.status in _RANKING), key=_RANKING.index, default="")
        return ExerciseLine(
            id=exercise.id,
            code=exercise.code,
            title=exercise.title,
            stage=exercise.stage,
            status=best,
            attempts=len(rows),
            hints=self.store.hints_used(self.case.slug, exercise.id),
            points=_points(exercise, rows),
            points_of=exercise.points,
        )

    def trail(self) -> list[str]:
        """The candidate's own path: each exercise when it was first tried, and how it went."""
        attempts = self.attempts()
        first_tries = dict.fromkeys(row.exercise for row in attempts)
        mistakes = {row.exercise: row.trap for row in reversed(attempts) if row.trap}
        lines = {line.id: line for line in self.lines()}
        return [_step(lines[name], mistakes.get(name, "")) for name in first_tries if name in lines]

    # --- hints and other events ------------------------------------------------------------

    def next_hint(self, exercise: Exercise) -> int:
        """The number of the next hint, from 1; one past the last when all were given."""
        return self.store.hints_used(self.case.slug, exercise.id) + 1

    def keep(self, kind: str, payload: Mapping[str, object] | None = None, exercise: str = "") -> None:
        """Records that something happened."""
        self.store.record_event(self.case.slug, exercise, kind, payload)

    def happened(self, kind: str) -> list[Mapping[str, Any]]:
        """What was recorded under *kind*, oldest first."""
        return [event.payload for event in self.store.events(self.case.slug, kind)]

    def prediction(self) -> Mapping[str, Any] | None:
        """The prediction that counts; None when none was made."""
        made = self.happened("prediction")
        return made[-1] if made else None

    def asked(self) -> dict[str, int]:
        """Minutes spent by id of the clarifying questions asked so far."""
        return {str(event["question"]): int(event["minutes"]) for event in self.happened("question")}

    def self_scores(self, exercise: str) -> dict[str, int]:
        """The candidate's own points by rubric line, the latest of each."""
        scores: dict[str, int] = {}
        for event in self.store.events(self.case.slug, "self-score"):
            if event.exercise == exercise:
                scores.update({str(line): int(str(points)) for line, points in event.payload.items()})
        return scores


def _points(exercise: Exercise, rows: list[AttemptRow]) -> int:
    """The best score so far; what was right and not scored counts in full."""
    scores = [row.score for row in rows if row.score is not None]
    if not scores and any(row.status == "correct" for row in rows):
        return exercise.points
    return max(scores, default=0)


def _step(line: ExerciseLine, mistake: str) -> str:
    tries = "1 try" if line.attempts == 1 else f"{line.attempts} tries"
    hints = f", {line.hints} {'hint' if line.hints == 1 else 'hints'}" if line.hints else ""
    ended = "solved" if line.status == "correct" else "open"
    first = f", first met as {mistake.replace('-', ' ')}" if mistake else ""
    return f"`{line.id}`: {ended} ({tries}{hints}{first})."
