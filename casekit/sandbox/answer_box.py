"""Answers run beside the kernel: a bomb, a hang or a crash costs the answer, never the notebook."""

from __future__ import annotations

import contextlib
import json
import sys
import threading
import time
import weakref
from dataclasses import asdict, replace
from pathlib import Path

from casekit.sandbox.limits import Limits
from casekit.sandbox.outcome import Failure, Ran
from casekit.sandbox.statements import text_failure
from casekit.sandbox.wire import BadFrameError, decode_outcome
from casekit.sandbox.worker_process import WorkerGoneError, WorkerProcess

__all__ = ["AnswerBox"]

# The forking worker keeps the hard limit itself; the notebook steps in only when it hangs.
_ZYGOTE_GRACE_SECONDS = 4.0
_SLACK_BYTES = 2_000_000


class AnswerBox:
    """
    Runs answers, one at a time, in a worker process that starts with the first one.

    Attributes:
        level: The protections the last answer ran under: ``fork``, ``lock``, ``rlimits``,
            ``landlock``, ``seccomp``. Empty before the first answer.
    """

    def __init__(self, limits: Limits | None = None, *, forking: bool | None = None) -> None:
        self._limits = limits or Limits()
        self._forking = sys.platform.startswith("linux") if forking is None else forking
        self._turn = threading.Lock()
        self._worker: WorkerProcess | None = None
        self._cleanup: weakref.finalize[[], AnswerBox] | None = None
        self.level: tuple[str, ...] = ()

    def warm(self) -> None:
        """Start the worker now, without waiting for it, so that the first answer is quick."""
        with self._turn, contextlib.suppress(WorkerGoneError):  # the first answer will tell
            self._live_worker()

    def run(self, sql: str, path: Path) -> Ran:
        """
        What the one SELECT in *sql* gives on the dataset at *path*: a table or a failure.

        Interrupting the kernel stops the answer and gives the failure ``interrupted``.
        """
        failure = text_failure(sql, self._limits.sql_bytes)
        if failure is not None:
            return Ran(None, failure, 0.0)
        job = json.dumps({"sql": sql, "path": str(Path(path).resolve())}).encode("ascii")
        started = time.monotonic()
        try:
            with self._turn:
                return self._ask(job)
        except KeyboardInterrupt:
            stopped = Failure("interrupted", "Stopped, as you asked. Nothing was lost.")
            return Ran(None, stopped, time.monotonic() - started)

    def close(self) -> None:
        """End the worker; the next answer would start another."""
        with self._turn:
            self._drop_worker()

    def _ask(self, job: bytes) -> Ran:
        started = time.monotonic()
        answered = False
        try:
            ran = self._exchange(job)
            answered = True
            return ran
        except TimeoutError:
            words = f"Stopped after {self._limits.hard_seconds:g} seconds, the limit for one answer."
            return Ran(None, Failure("timeout", words), time.monotonic() - started)
        except (WorkerGoneError, BadFrameError) as error:
            words = f"{error}. Your notebook and your work are untouched."
            return Ran(None, Failure("crash", words), time.monotonic() - started)
        finally:
            if not answered:
                self._drop_worker()

    def _exchange(self, job: bytes) -> Ran:
        worker = self._live_worker()
        worker.wait_until_ready()
        grace = _ZYGOTE_GRACE_SECONDS if self._forking else 0.0
        body = worker.ask(job, self._limits.hard_seconds + grace)
        outcome, seconds, level = decode_outcome(body)
        self.level = level or self.level
        if isinstance(outcome, Failure):
            return Ran(None, self._with_limit(outcome), seconds)
        return Ran(outcome, None, seconds)

    def _with_limit(self, failure: Failure) -> Failure:
        if failure.kind == "timeout" and failure.error_class:
            words = f"Stopped after {self._limits.soft_seconds:g} seconds, the limit for one answer."
            return replace(failure, message=words)
        if failure.kind == "memory":
            words = f"Stopped: the query needed more than {self._limits.memory_mb} MB of memory."
            return replace(failure, message=words)
        return failure

    def _live_worker(self) -> WorkerProcess:
        if self._worker is not None and not self._worker.alive:
            self._drop_worker()
        if self._worker is None:
            setup = json.dumps({"limits": asdict(self._limits), "forking": self._forking})
            self._worker = WorkerProcess(setup, self._limits.result_bytes + _SLACK_BYTES)
            self._cleanup = weakref.finalize(self, self._worker.kill)
        return self._worker

    def _drop_worker(self) -> None:
        if self._cleanup is not None:
            self._cleanup()
        self._worker = self._cleanup = None
