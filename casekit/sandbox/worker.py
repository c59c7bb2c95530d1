"""
The answering process: gets one job after another over its standard input.

On Linux it is a zygote: DuckDB is opened once, without threads, and every answer runs in a fork
that is confined first and killed past its time. Elsewhere it opens DuckDB anew for every answer,
and the notebook kills it when an answer takes too long.
"""

from __future__ import annotations

import json
import os
import queue
import sys
import threading
from typing import Any

from casekit.sandbox.answering import open_single_threaded
from casekit.sandbox.confinement import limit_process
from casekit.sandbox.jobs import serve_job
from casekit.sandbox.limits import Limits
from casekit.sandbox.wire import JOB_BYTES, read_frame, write_frame

__all__ = ["main"]

_ORPHAN_CHECK_SECONDS = 2.0


def main(setup: str) -> None:
    """Serve answers until the notebook closes the pipe; *setup* is JSON: limits, forking, warm."""
    wanted: dict[str, Any] = json.loads(setup)
    limits = Limits(**wanted["limits"])
    jobs, replies = _private_pipes()
    if wanted["forking"] and sys.platform.startswith("linux"):
        from casekit.sandbox.zygote import serve_by_forking

        if serve_by_forking(jobs, replies, limits, wanted.get("warm", ())):
            return
    _serve_in_process(jobs, replies, limits)


def _private_pipes() -> tuple[int, int]:
    """The two pipes to the notebook under numbers of their own; a query's stdout leads nowhere."""
    jobs, replies = os.dup(0), os.dup(1)
    nowhere = os.open(os.devnull, os.O_RDWR)
    for standard in (0, 1, 2):
        os.dup2(nowhere, standard)
    return jobs, replies


def _serve_in_process(jobs: int, replies: int, limits: Limits) -> None:
    waiting: queue.Queue[bytes] = queue.Queue()
    threading.Thread(target=_receive, args=(jobs, waiting), daemon=True).start()
    write_frame(replies, b"ready")
    layers = limit_process(limits, one_answer=False)
    while True:
        job = json.loads(_next(waiting))
        con = open_single_threaded(limits)
        write_frame(replies, serve_job(con, job, limits, lambda: layers))
        con.close()


def _next(waiting: queue.Queue[bytes]) -> bytes:
    notebook = os.getppid()
    while True:
        try:
            return waiting.get(timeout=_ORPHAN_CHECK_SECONDS)
        except queue.Empty:
            if os.getppid() != notebook:
                os._exit(0)


def _receive(jobs: int, waiting: queue.Queue[bytes]) -> None:
    # A thread of its own, so that the worker ends with its notebook even in the middle of a query.
    while (body := read_frame(jobs, JOB_BYTES)) is not None:
        waiting.put(body)
    os._exit(0)
