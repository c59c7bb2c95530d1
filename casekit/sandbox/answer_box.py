"""Answers run beside the kernel: a bomb, a hang or a crash costs the answer, never the notebook."""

from __future__ import annotations

import contextlib
import json
import sys
import threading
import time
import weakref
from collections.abc import Callable, Sequence
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any, TypeVar

from casekit.sandbox.limits import Limits
from casekit.sandbox.outcome import Failure, Ran
from casekit.sandbox.statements import text_failure
from casekit.sandbox.wire import JOB_BYTES, BadFrameError, decode_done, decode_outcome
from casekit.sandbox.worker_process import WorkerGoneError, WorkerProcess

__all__ = ["AnswerBox"]

# The forking worker keeps the hard limit itself; the notebook steps in only when it hangs.
_ZYGOTE_GRACE_SECONDS = 4.0
_SLACK_BYTES = 2_000_000

T = TypeVar("T")


class AnswerBox:
    """
    Runs answers, one at a time, in a worker process that starts with the first one.

    What a candidate hands in is always the SQL of a job, never the name of a task: only a caller of
    `work` names one, and the worker knows none outside the rooms it was started with.

    Args:
        limits: The caps on one answer and on one task.
        forking: Whether each job runs in a fork of its own; by default where that is safe (Linux).
        warm: Modules the worker imports once, before the first job.
        task_rooms: Packages and modules whose own functions `work` may call.

    Attributes:
        level: The protections the last answer ran under: ``fork``, ``lock``, ``rlimits``,
            ``landlock``, ``seccomp``. Empty before the first answer.
    """

    def __init__(
        self,
        limits: Limits | None = None,
        *,
        forking: bool | None = None,
        warm: Sequence[str] = (),
        task_rooms: Sequence[str] = ("casekit",),
    ) -> None:
        self._limits = limits or Limits()
        self._warm = tuple(warm)
        self._task_rooms = tuple(task_rooms)
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

    def work(self, task: str, arguments: object, path: Path | None = None) -> Any | Failure:
        """
        What a function of casekit's returns, called in the worker with a locked connection.

        Args:
            task: ``casekit.room.module:function``; it takes a connection and *arguments*.
            arguments: Plain JSON, and so is what comes back.
            path: A dataset that the connection sees as ``ds``; by default it sees nothing.

        Raises:
            TypeError: *arguments* are not JSON.
        """
        place = None if path is None else str(Path(path).resolve())
        job = json.dumps({"task": task, "arguments": arguments, "path": place}).encode("ascii")
        if len(job) > JOB_BYTES:
            return Failure("too-large", "The task is too large for the process that runs it.")
        try:
            with self._turn:
                return self._guarded(lambda: self._exchange_task(job))
        except KeyboardInterrupt:
            return Failure("interrupted", "Stopped, as you asked. Nothing was lost.")

    def close(self) -> None:
        """End the worker; the next answer would start another."""
        with self._turn:
            self._drop_worker()

    def _ask(self, job: bytes) -> Ran:
        started = time.monotonic()
        ran = self._guarded(lambda: self._exchange(job))
        return ran if isinstance(ran, Ran) else Ran(None, ran, time.monotonic() - started)

    def _guarded(self, exchange: Callable[[], T]) -> T | Failure:
        """What *exchange* gives; a worker that hung, ended or spoke nonsense is dropped and told."""
        answered = False
        try:
            given = exchange()
            answered = True
            return given
        except TimeoutError:
            words = f"Stopped after {self._limits.hard_seconds:g} seconds, the limit for one answer."
            return Failure("timeout", words)
        except (WorkerGoneError, BadFrameError) as error:
            return Failure("crash", f"{error}. Your notebook and your work are untouched.")
        finally:
            if not answered:
                self._drop_worker()

    def _reply(self, job: bytes) -> bytes:
        worker = self._live_worker()
        worker.wait_until_ready()
        grace = _ZYGOTE_GRACE_SECONDS if self._forking else 0.0
        return worker.ask(job, self._limits.hard_seconds + grace)

    def _exchange_task(self, job: bytes) -> Any | Failure:
        outcome, level = decode_done(self._reply(job))
        self.level = level or self.level
        return outcome

    def _exchange(self, job: bytes) -> Ran:
        outcome, seconds, level = decode_outcome(self._reply(job))
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
            self._worker = self._started_worker()
            self._cleanup = weakref.finalize(self, self._worker.kill)
        return self._worker

    def _started_worker(self) -> WorkerProcess:
        wanted = {
            "limits": asdict(self._limits),
            "forking": self._forking,
            "warm": self._warm,
            "rooms": self._task_rooms,
        }
        packages = {room.partition(".")[0] for room in ("casekit", *self._task_rooms)}
        most_bytes = self._limits.result_bytes + _SLACK_BYTES
        return WorkerProcess(json.dumps(wanted), most_bytes, (*sorted(packages), "duckdb"))

    def _drop_worker(self) -> None:
        if self._cleanup is not None:
            self._cleanup()
        self._worker = self._cleanup = None
