"""A task of our own inside the worker: code of casekit that has to run a stranger's SQL many times."""

from __future__ import annotations

import importlib
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from types import FunctionType
from typing import Any

import duckdb

from casekit.sandbox.complaints import MOST_CHARACTERS, failure_from, unopened
from casekit.sandbox.limits import Limits
from casekit.sandbox.locking import attach_read_only, lock
from casekit.sandbox.outcome import Failure
from casekit.sandbox.wire import encode_done, encode_failure

__all__ = ["Task", "find_task", "work"]

Task = Callable[[duckdb.DuckDBPyConnection, Any], Any]


def find_task(name: str, rooms: Sequence[str]) -> Task:
    """
    The function that ``casekit.room.module:function`` names.

    Raises:
        ValueError: Its module is in none of *rooms*, or defines no such public function.
        ImportError: There is no such module.
    """
    module, _, function = name.partition(":")
    if not any(module == room or module.startswith(f"{room}.") for room in rooms):
        raise ValueError(f"{name!r} is no task: tasks live in {', '.join(rooms)}")
    task = getattr(importlib.import_module(module), function, None)
    # What a module imported for itself (os, subprocess) is not its own, and not on offer.
    if not isinstance(task, FunctionType) or task.__module__ != module or function.startswith("_"):
        raise ValueError(f"{name!r} is no task: {module} defines no such function")
    return task


def work(  # noqa: PLR0913, PLR0917  one job, part by part
    con: duckdb.DuckDBPyConnection,
    task: Task,
    arguments: Any,
    path: Path | None,
    limits: Limits,
    confine: Callable[[], tuple[str, ...]],
) -> bytes:
    """
    The reply's bytes of *task*, called with *arguments* and a locked connection to the data at *path*.

    Each query of the task is stopped after ``task_query_seconds``; what the task returns is JSON.
    """
    started = time.monotonic()
    con.execute(f"SET max_execution_time = {int(limits.task_query_seconds * 1000)}")
    if path is not None:
        try:
            attach_read_only(con, path)
        except duckdb.Error as error:
            return encode_failure(unopened(error), 0.0, ())
    lock(con)
    layers = ("lock", *confine())
    try:
        body = encode_done(task(con, arguments), time.monotonic() - started, layers)
    except (duckdb.Error, RuntimeError, MemoryError) as error:
        return encode_failure(failure_from(error), time.monotonic() - started, layers)
    except Exception as error:  # noqa: BLE001  whatever a task raises costs the task, not the worker
        words = f"{type(error).__name__}: {error}"[:MOST_CHARACTERS]
        return encode_failure(Failure("runtime", words, "TaskError"), time.monotonic() - started, layers)
    if len(body) <= limits.result_bytes:
        return body
    words = f"The result is larger than {limits.result_bytes // 1_000_000} MB."
    return encode_failure(Failure("too-large", words), time.monotonic() - started, layers)
