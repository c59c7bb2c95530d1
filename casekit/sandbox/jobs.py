"""One job inside the worker: an answer on a dataset, or a task of our own."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb

from casekit.sandbox.answering import answer
from casekit.sandbox.limits import Limits
from casekit.sandbox.outcome import Failure
from casekit.sandbox.wire import encode_failure
from casekit.sandbox.working import find_task, work

__all__ = ["serve_job"]


def serve_job(
    con: duckdb.DuckDBPyConnection, job: Any, limits: Limits, confine: Callable[[], tuple[str, ...]]
) -> bytes:
    """The reply's bytes for a job; *con* is locked for good after it."""
    if "task" not in job:
        return answer(con, job["sql"], Path(job["path"]), limits, confine)
    try:
        task = find_task(job["task"])  # imported before the files are closed
    except (ImportError, AttributeError, ValueError) as error:
        return encode_failure(Failure("runtime", str(error), type(error).__name__), 0.0, ())
    return work(con, task, job["arguments"], limits, confine)
