"""A task of our own inside the worker: code of casekit that has to run a stranger's SQL many times."""

from __future__ import annotations

import importlib
import json
import time
from collections.abc import Callable
from typing import Any

import duckdb

from casekit.sandbox.complaints import failure_from
from casekit.sandbox.limits import Limits
from casekit.sandbox.locking import lock
from casekit.sandbox.outcome import Failure
from casekit.sandbox.wire import encode_done, encode_failure

__all__ = ["Task", "find_task", "work"]

OWN = "casekit."

Task = Callable[[duckdb.DuckDBPyConnection, Any], Any]


def find_task(name: str) -> Task:
    """
    The function that ``casekit.room.module:function`` names.

    Raises:
        ValueError: It is none of casekit's own.
    """
    module, _, function = name.partition(":")
    if not module.startswith(OWN) or not function:
        raise ValueError(f"{name!r} is no task of casekit's")
    task: Task = getattr(importlib.import_module(module), function)
    return task


def work(
    con: duckdb.DuckDBPyConnection,
    task: Task,
    arguments: Any,
    limits: Limits,
    confine: Callable[[], tuple[str, ...]],
) -> bytes:
    """
    The reply's bytes of *task* called with an empty, locked connection and *arguments*.

    Each query of the task is stopped after ``task_query_seconds``; what the task returns is JSON.
    """
    started = time.monotonic()
    con.execute(f"SET max_execution_time = {int(limits.task_query_seconds * 1000)}")
    lock(con)
    layers = ("lock", *confine())
    try:
        body = encode_done(task(con, arguments), time.monotonic() - started, layers)
    except (duckdb.Error, RuntimeError, MemoryError, RecursionError) as error:
        return encode_failure(failure_from(error), time.monotonic() - started, layers)
    except (ValueError, TypeError, KeyError, json.JSONDecodeError) as error:
        words = f"{type(error).__name__}: {error}"
        return encode_failure(Failure("runtime", words, "TaskError"), time.monotonic() - started, layers)
    if len(body) <= limits.result_bytes:
        return body
    words = f"The result is larger than {limits.result_bytes // 1_000_000} MB."
    return encode_failure(Failure("too-large", words), time.monotonic() - started, layers)
