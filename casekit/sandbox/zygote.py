"""One fork an answer, from a process that has DuckDB open and warm (Linux)."""

from __future__ import annotations

import gc
import importlib
import json
import os
import select
import signal
import time
from collections.abc import Sequence
from pathlib import Path

import duckdb

from casekit.sandbox.answering import open_single_threaded
from casekit.sandbox.confinement import confine, die_with_parent
from casekit.sandbox.jobs import serve_job
from casekit.sandbox.limits import Limits
from casekit.sandbox.outcome import Failure
from casekit.sandbox.wire import JOB_BYTES, BadFrameError, encode_failure, read_frame, write_frame

__all__ = ["serve_by_forking"]

_ORPHAN_CHECK_SECONDS = 2.0
_SLACK_BYTES = 1_000_000


def serve_by_forking(jobs: int, replies: int, limits: Limits, warm: Sequence[str] = ()) -> bool:
    """
    Serve until the notebook is gone, then True; False at once where forking is not safe.

    The modules in *warm* are imported once, here, so that no fork has to.
    """
    for module in warm:
        importlib.import_module(module)
    con = open_single_threaded(limits)
    if len(list(Path("/proc/self/task").iterdir())) != 1:
        con.close()
        return False
    gc.freeze()
    write_frame(replies, b"ready")
    while (body := _next_job(jobs)) is not None:
        write_frame(replies, _answer_in_fork(con, body, (jobs, replies), limits))
    return True


def _next_job(jobs: int) -> bytes | None:
    notebook = os.getppid()
    while not select.select([jobs], [], [], _ORPHAN_CHECK_SECONDS)[0]:
        if os.getppid() != notebook:
            return None
    return read_frame(jobs, JOB_BYTES)


def _answer_in_fork(
    con: duckdb.DuckDBPyConnection, body: bytes, pipes: tuple[int, int], limits: Limits
) -> bytes:
    started = time.monotonic()
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        for handle in (*pipes, reading):
            os.close(handle)
        _child(con, body, writing, limits)
    os.close(writing)
    reply, in_time = _collect(reading, pipes[0], started + limits.hard_seconds, limits)
    os.kill(child, signal.SIGKILL)
    os.close(reading)
    _, status = os.waitpid(child, 0)
    return reply or _failed(status, in_time, time.monotonic() - started, limits)


def _child(con: duckdb.DuckDBPyConnection, body: bytes, writing: int, limits: Limits) -> None:
    try:
        die_with_parent()
        write_frame(writing, serve_job(con, json.loads(body), limits, lambda: ("fork", *confine(limits))))
    finally:
        os._exit(0)


def _collect(reading: int, jobs: int, end: float, limits: Limits) -> tuple[bytes | None, bool]:
    """The child's reply, if it came whole, and whether it came in time."""
    if not _ready(reading, jobs, end):
        return None, False
    try:
        return read_frame(reading, limits.result_bytes + _SLACK_BYTES), True
    except BadFrameError:
        return None, True


def _ready(reading: int, jobs: int, end: float) -> bool:
    left = max(0.0, end - time.monotonic())
    speaking = select.select([reading, jobs], [], [], left)[0]
    if jobs in speaking:
        # Nobody sends a second job while one runs: the notebook is gone. The child dies with us.
        os._exit(0)
    return bool(speaking)


def _failed(status: int, in_time: bool, seconds: float, limits: Limits) -> bytes:
    if not in_time or (os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGXCPU):
        words = f"Stopped after {limits.hard_seconds:g} seconds, the limit for one answer."
        return encode_failure(Failure("timeout", words), seconds, ())
    words = "DuckDB itself crashed on this query. Your notebook and your work are untouched."
    return encode_failure(Failure("crash", words), seconds, ())
