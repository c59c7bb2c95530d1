"""The progress file: every attempt, event and draft, from any number of notebooks at once."""

from __future__ import annotations

import contextlib
import json
import sqlite3
import threading
import weakref
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Any

from casekit.progress.opening import default_path, open_memory, open_or_fall_back
from casekit.progress.records import AttemptRow, CaseSummary, EventRow

__all__ = ["Store"]

_SUBMISSION_CHARACTERS = 20_000
_LONGEST_DURATION_S = 3_600.0

_INSERT_ATTEMPT = (
    'INSERT INTO attempts ("case", exercise, status, trap, tag, score, score_of, submission,'
    " hints_used, duration_s, at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
)
_INSERT_EVENT = 'INSERT INTO events ("case", exercise, kind, payload, at) VALUES (?, ?, ?, ?, ?)'
_KEEP_DRAFT = (
    'INSERT INTO drafts ("case", exercise, text, at) VALUES (?, ?, ?, ?)'
    ' ON CONFLICT ("case", exercise) DO UPDATE SET text = excluded.text, at = excluded.at'
)
_LAST_SEEN = (
    'SELECT max(at) FROM (SELECT at FROM attempts WHERE "case" = :case'
    ' UNION ALL SELECT at FROM events WHERE "case" = :case)'
)
_SUMMARY = """
WITH best AS (
    SELECT "case", exercise, max(status = 'correct') AS solved, max(score) AS score, max(score_of) AS score_of
    FROM attempts GROUP BY "case", exercise
), seen AS (
    SELECT "case", max(at) AS at
    FROM (SELECT "case", at FROM attempts UNION ALL SELECT "case", at FROM events) GROUP BY "case"
)
SELECT seen."case", count(best.exercise), coalesce(sum(best.solved), 0), coalesce(sum(best.score), 0),
       coalesce(sum(best.score_of), 0), seen.at
FROM seen LEFT JOIN best USING ("case") GROUP BY seen."case", seen.at ORDER BY seen.at DESC, seen."case"
"""


class Store:
    """
    Progress at *path*, by default in the user's data directory.

    Nothing here raises because of the disk: what cannot be saved is kept in memory.

    Attributes:
        path: Where the file is, or would be.
        warning: What the learner should know about it; empty when all is well.
    """

    def __init__(self, path: Path | None = None, *, clock: Callable[[], datetime] | None = None) -> None:
        self.path = Path(path) if path is not None else default_path()
        self._clock = clock or (lambda: datetime.now(UTC))
        self._turn = threading.RLock()
        self._con, self.warning = open_or_fall_back(self.path)
        self._closing = weakref.finalize(self, self._con.close)

    def __enter__(self) -> Store:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the file; the store cannot be used afterwards."""
        with self._turn:
            self._closing()

    # --- writing ---------------------------------------------------------------------------

    def record_attempt(  # noqa: PLR0913  an attempt has that many sides
        self,
        case: str,
        exercise: str,
        status: str,
        *,
        trap: str = "",
        tag: str = "",
        score: int | None = None,
        score_of: int | None = None,
        submission: str = "",
    ) -> AttemptRow:
        """The attempt as it was recorded, with its duration and the hints used so far."""
        with self._turn:
            hints = self.hints_used(case, exercise)
            now, duration = self._now_and_duration(case)
            text = _text(submission)[:_SUBMISSION_CHARACTERS]
            values = (case, exercise, status, trap, tag, score, score_of, text, hints, duration, now)
            return AttemptRow(self._write(_INSERT_ATTEMPT, values), *values)

    def record_event(
        self, case: str, exercise: str, kind: str, payload: Mapping[str, object] | None = None
    ) -> EventRow:
        """The event as it was recorded; *payload* is kept as JSON."""
        with self._turn:
            now, _ = self._now_and_duration(case)
            packed = json.dumps(dict(payload or {}), sort_keys=True, default=str)
            row = self._write(_INSERT_EVENT, (case, exercise, kind, packed, now))
            return EventRow(row, case, exercise, kind, json.loads(packed), now)

    def save_draft(self, case: str, exercise: str, text: str) -> None:
        """Keep *text* as the unfinished answer of an exercise, in place of an earlier one."""
        with self._turn:
            self._write(_KEEP_DRAFT, (case, exercise, _text(text), self._clock().isoformat()))

    # --- reading ---------------------------------------------------------------------------

    def attempts(self, case: str | None = None) -> tuple[AttemptRow, ...]:
        """Every attempt, of one case or of all, oldest first."""
        wanted = 'SELECT * FROM attempts WHERE :case IS NULL OR "case" = :case ORDER BY id'
        rows = self._read(wanted, {"case": case})
        return tuple(AttemptRow(*row) for row in rows)

    def events(self, case: str, kind: str | None = None) -> tuple[EventRow, ...]:
        """The events of one case, of one kind or of all, oldest first."""
        wanted = 'SELECT * FROM events WHERE "case" = :case AND (:kind IS NULL OR kind = :kind) ORDER BY id'
        rows = self._read(wanted, {"case": case, "kind": kind})
        return tuple(
            EventRow(number, case, exercise, kind, json.loads(payload), at)
            for number, case, exercise, kind, payload, at in rows
        )

    def hints_used(self, case: str, exercise: str) -> int:
        """How many different hints of the exercise were shown; the same one twice counts once."""
        wanted = 'SELECT count(DISTINCT payload) FROM events WHERE "case" = ? AND exercise = ? AND kind = ?'
        return int(self._read(wanted, (case, exercise, "hint"))[0][0])

    def draft(self, case: str, exercise: str) -> str:
        """The unfinished answer kept for an exercise; empty when there is none."""
        rows = self._read('SELECT text FROM drafts WHERE "case" = ? AND exercise = ?', (case, exercise))
        return str(rows[0][0]) if rows else ""

    def solved(self, case: str) -> set[str]:
        """The exercises of one case with a correct attempt."""
        wanted = "SELECT DISTINCT exercise FROM attempts WHERE \"case\" = ? AND status = 'correct'"
        return {str(row[0]) for row in self._read(wanted, (case,))}

    def summary(self) -> dict[str, CaseSummary]:
        """How far each case is, by slug, the last one worked on first."""
        return {str(row[0]): CaseSummary(*row) for row in self._read(_SUMMARY, ())}

    # --- the connection --------------------------------------------------------------------

    def _now_and_duration(self, case: str) -> tuple[str, float]:
        now = self._clock()
        last = self._read(_LAST_SEEN, {"case": case})[0][0]
        if last is None:
            return now.isoformat(), 0.0
        passed = (now - datetime.fromisoformat(last)).total_seconds()
        return now.isoformat(), round(min(max(passed, 0.0), _LONGEST_DURATION_S), 3)

    def _read(self, sql: str, values: tuple[object, ...] | dict[str, object]) -> list[tuple[Any, ...]]:
        with self._turn:
            try:
                return self._con.execute(sql, values).fetchall()
            except sqlite3.DatabaseError as error:
                self._move_to_memory(error)
                return self._con.execute(sql, values).fetchall()

    def _write(self, sql: str, values: tuple[object, ...]) -> int:
        try:
            return int(self._con.execute(sql, values).lastrowid or 0)
        except sqlite3.DatabaseError as error:
            self._move_to_memory(error)
            return int(self._con.execute(sql, values).lastrowid or 0)

    def _move_to_memory(self, error: sqlite3.Error) -> None:
        if isinstance(error, sqlite3.ProgrammingError):  # a mistake of ours, or a closed store
            raise error
        memory = open_memory()
        with contextlib.suppress(sqlite3.Error):
            self._con.backup(memory)
        self._closing()
        self._con = memory
        self._closing = weakref.finalize(self, memory.close)
        self.warning = (
            f"Your progress can no longer be saved at {self.path} ({error}). It is kept until this "
            "notebook's kernel stops; free some space or fix the folder, then restart the kernel."
        )


def _text(text: str) -> str:
    """*text* without halves of Unicode characters, which SQLite cannot keep."""
    return text.encode("utf-8", "replace").decode("utf-8")
