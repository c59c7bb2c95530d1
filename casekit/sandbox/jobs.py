"""One job inside the worker: an answer on a dataset, or a task of our own."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import duckdb

from casekit.sandbox.answering import answer
from casekit.sandbox.limits import Limits
from casekit.sandbox.outcome import Failure
from casekit.sandbox.wire import encode_failure
from casekit.sandbox.working import find_task, work

__all__ = ["Serve", "serve_job"]

Confine = Callable[[], tuple[str, ...]]
Serve = Callable[[duckdb.DuckDBPyConnection, Any, Confine], bytes]


def serve_job(
    con: duckdb.DuckDBPyConnection, job: Any, confine: Confine, *, limits: Limits, rooms: Sequence[str]
) -> bytes:
    """The reply's bytes for a job, a task being one of *rooms*; *con* is locked for good after it."""
    if "task" not in job:
        return answer(con, job["sql"], Path(job["path"]), limits, confine)
    try:
        task = find_task(job["task"], rooms)  # imported before the files are closed
    except (ImportError, ValueError) as error:
        return encode_failure(Failure("refused", str(error), type(error).__name__), 0.0, ())
    path = Path(job["path"]) if job.get("path") else None
    return work(con, task, job["arguments"], path, limits, confine)
