"""Exploring: the candidate's own queries, in the kernel, on a copy they cannot damage."""

from __future__ import annotations

import threading
import time
from dataclasses import replace
from pathlib import Path

import duckdb

from casekit.sandbox.complaints import failure_from
from casekit.sandbox.limits import Limits
from casekit.sandbox.locking import attach_read_only, lock, open_memory
from casekit.sandbox.outcome import Failure, Ran
from casekit.sandbox.rows import ResultTooLargeError, read_table
from casekit.sandbox.statements import one_statement, text_failure

__all__ = ["open_explorer", "run_query"]

_SHOWABLE = Limits(sql_bytes=100_000, cells=5_000_000, cell_bytes=1_000_000, result_bytes=200_000_000)
_STOP_GRACE_SECONDS = 5.0
_POLL_SECONDS = 0.1
_WITHOUT_RESULT = frozenset({"CREATE", "DROP"})


def open_explorer(path: Path, *, memory: str = "2GB") -> duckdb.DuckDBPyConnection:
    """
    A connection that reads the dataset at *path* and may hold views and tables of its own.

    Any number of notebooks can have the same dataset open; none can write to it, read another
    file, load an extension or change a setting.

    Raises:
        duckdb.Error: The file is missing, damaged or held by a writer.
    """
    con = open_memory(memory)
    attach_read_only(con, path)
    lock(con)
    return con


def run_query(
    con: duckdb.DuckDBPyConnection, sql: str, *, max_rows: int = 10_000, seconds: float = 60.0
) -> Ran:
    """
    What one exploring statement gives: a table of at most *max_rows* rows, nothing, or a failure.

    The query stops by itself after *seconds*. Interrupting the kernel stops it too, and gives the
    failure ``interrupted`` instead of an exception. CREATE and DROP give neither table nor failure.
    """
    failure = text_failure(sql, _SHOWABLE.sql_bytes)
    if failure is not None:
        return Ran(None, failure, 0.0)
    query = _Query(con, sql, max_rows)
    return query.run(seconds)


class _Query:
    """
    One query on a thread of its own.

    DuckDB's execute() notices Ctrl-C only when it is done, so the calling thread merely waits.
    """

    def __init__(self, con: duckdb.DuckDBPyConnection, sql: str, max_rows: int) -> None:
        self._con = con
        self._sql = sql
        self._limits = replace(_SHOWABLE, rows=max_rows)
        self._started = time.monotonic()
        self._ran: Ran | None = None
        self._done = threading.Event()

    def run(self, seconds: float) -> Ran:
        try:
            threading.Thread(target=self._work, name="casekit-query", daemon=True).start()
            if self._wait(seconds) and self._ran is not None:
                return self._ran
            stopped = Failure("timeout", f"Stopped after {seconds:g} seconds, the limit for one query.")
        except KeyboardInterrupt:
            stopped = Failure("interrupted", "Stopped, as you asked. Nothing was lost.")
        return self._ended(self._stop(stopped))

    def _wait(self, seconds: float) -> bool:
        # In slices, because a long wait cannot be interrupted on Windows; and for an event, because
        # a join() that Ctrl-C breaks takes the thread for ended (Python 3.11 and 3.12).
        end = time.monotonic() + seconds
        while not self._done.is_set() and (left := end - time.monotonic()) > 0:
            self._done.wait(min(left, _POLL_SECONDS))
        return self._done.is_set()

    def _stop(self, stopped: Failure) -> Failure:
        end = time.monotonic() + _STOP_GRACE_SECONDS
        while not self._done.is_set() and time.monotonic() < end:
            self._con.interrupt()
            self._done.wait(_POLL_SECONDS)
        if self._done.is_set():
            return stopped
        busy = "DuckDB is still busy with it; if the next query is refused, restart the kernel."
        return Failure(stopped.kind, f"{stopped.message} {busy}")

    def _work(self) -> None:
        try:
            self._ran = self._read()
        except ResultTooLargeError as error:
            self._ran = self._ended(Failure("too-large", str(error)))
        except (duckdb.Error, RuntimeError, MemoryError) as error:
            self._ran = self._ended(failure_from(error))
        finally:
            self._done.set()

    def _read(self) -> Ran:
        statement = one_statement(self._con, self._sql, "explore")
        if isinstance(statement, Failure):
            return self._ended(statement)
        table = read_table(self._con, statement, self._limits)
        without_result = statement.type.name in _WITHOUT_RESULT
        return Ran(None if without_result else table, None, time.monotonic() - self._started)

    def _ended(self, failure: Failure) -> Ran:
        return Ran(None, failure, time.monotonic() - self._started)
