"""One answer inside the worker: attach, lock, confine, run, and the reply's bytes."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

import duckdb

from casekit.model import Table
from casekit.sandbox.complaints import failure_from, unopened
from casekit.sandbox.limits import Limits
from casekit.sandbox.locking import attach_read_only, lock, open_memory
from casekit.sandbox.outcome import Failure
from casekit.sandbox.rows import ResultTooLargeError, read_table
from casekit.sandbox.statements import one_statement
from casekit.sandbox.wire import encode_failure, encode_table

__all__ = ["answer", "open_single_threaded"]


def open_single_threaded(limits: Limits) -> duckdb.DuckDBPyConnection:
    """An in-memory DuckDB that starts no thread, so that the process may fork."""
    con = open_memory(
        f"{limits.memory_mb}MB",
        threads="1",
        async_threads="0",
        max_execution_time=str(int(limits.soft_seconds * 1000)),
    )
    con.execute("SELECT 1").fetchall()
    return con


def answer(
    con: duckdb.DuckDBPyConnection,
    sql: str,
    path: Path,
    limits: Limits,
    confine: Callable[[], tuple[str, ...]],
) -> bytes:
    """The reply's bytes for *sql* run on the dataset at *path*; *con* is locked for good after it."""
    started = time.monotonic()
    try:
        attach_read_only(con, path)
    except duckdb.Error as error:
        return _reply(unopened(error), 0.0, (), limits)
    lock(con)
    layers = ("lock", *confine())
    outcome = _run(con, sql, limits)
    return _reply(outcome, time.monotonic() - started, layers, limits)


def _run(con: duckdb.DuckDBPyConnection, sql: str, limits: Limits) -> Table | Failure:
    try:
        statement = one_statement(con, sql, "answer")
        return statement if isinstance(statement, Failure) else read_table(con, statement, limits)
    except ResultTooLargeError as error:
        return Failure("too-large", str(error))
    except (duckdb.Error, RuntimeError, MemoryError) as error:
        return failure_from(error)


def _reply(outcome: Table | Failure, seconds: float, layers: tuple[str, ...], limits: Limits) -> bytes:
    if isinstance(outcome, Failure):
        return encode_failure(outcome, seconds, layers)
    try:
        body = encode_table(outcome, seconds, layers)
    except (RecursionError, MemoryError, ValueError) as error:
        return encode_failure(failure_from(error), seconds, layers)
    if len(body) <= limits.result_bytes:
        return body
    words = f"The result is larger than {limits.result_bytes // 1_000_000} MB. Ask for fewer rows."
    return encode_failure(Failure("too-large", words), seconds, layers)
