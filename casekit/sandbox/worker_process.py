"""The notebook's end of one worker process."""

from __future__ import annotations

import contextlib
import importlib.util
import os
import queue
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from pathlib import Path

from casekit.sandbox.wire import BadFrameError, read_frame, write_frame

__all__ = ["WorkerGoneError", "WorkerProcess"]

# Site packages come last, by hand (-S), so that the worker's casekit is the notebook's own: an
# installed one may be another. The standard library stays first.
_BOOT = (
    "import sys; setup, *places = sys.argv[1:]; sys.path += places; "
    "import site; site.main(); "
    "from casekit.sandbox.worker import main; main(setup)"
)
_START_SECONDS = 60.0
_POLL_SECONDS = 0.1
_KEPT_VARIABLES = ("LD_LIBRARY_PATH", "PATH", "SYSTEMROOT", "TEMP", "TMP")


class WorkerGoneError(Exception):
    """The worker process ended before it answered."""


class WorkerProcess:
    """
    A started worker and the thread that listens to it.

    Args:
        setup: What the worker is told at its start, as JSON.
        most_bytes: The longest reply that is read.
        packages: What the worker must find where this process finds it.
    """

    def __init__(self, setup: str, most_bytes: int, packages: Sequence[str]) -> None:
        try:
            self._process = _start(setup, packages)
        except OSError as error:
            raise WorkerGoneError(f"The process that runs answers cannot start ({error})") from error
        self._most_bytes = most_bytes
        self._ready = False
        self._frames: queue.Queue[bytes | None] = queue.Queue()
        threading.Thread(target=self._listen, name="casekit-answers", daemon=True).start()

    @property
    def alive(self) -> bool:
        """True while the process runs."""
        return self._process.poll() is None

    def wait_until_ready(self) -> None:
        """
        Return once the worker has opened DuckDB.

        Raises:
            WorkerGoneError: It ended instead, or did neither within a minute.
        """
        if self._ready:
            return
        try:
            self._next_frame(_START_SECONDS)
        except TimeoutError:
            raise WorkerGoneError("The process that runs answers does not start") from None
        self._ready = True

    def ask(self, job: bytes, seconds: float) -> bytes:
        """
        The worker's reply to *job*.

        Raises:
            WorkerGoneError: The process ended.
            TimeoutError: No reply within *seconds*.
        """
        pipe = self._process.stdin
        if pipe is None:
            raise WorkerGoneError("The answering process has no input")
        try:
            write_frame(pipe.fileno(), job)
        except (OSError, ValueError) as error:
            raise WorkerGoneError("The answering process ended") from error
        return self._next_frame(seconds)

    def kill(self) -> None:
        """End the process and whatever it forked, at once."""
        if self.alive:  # once it has ended, its number may belong to somebody else
            with contextlib.suppress(OSError):
                _kill_group(self._process)
        self._process.wait()
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                with contextlib.suppress(OSError):
                    pipe.close()

    def _next_frame(self, seconds: float) -> bytes:
        # In slices, because a long wait for a lock cannot be interrupted on Windows.
        end = time.monotonic() + seconds
        while (left := end - time.monotonic()) > 0:
            try:
                frame = self._frames.get(timeout=min(left, _POLL_SECONDS))
            except queue.Empty:
                continue
            if frame is None:
                raise WorkerGoneError("The process that runs answers ended on this query")
            return frame
        raise TimeoutError

    def _listen(self) -> None:
        pipe = self._process.stdout
        frame: bytes | None = b""
        while pipe is not None and frame is not None:
            try:
                frame = read_frame(pipe.fileno(), self._most_bytes)
            except (OSError, BadFrameError, ValueError):
                frame = None
            self._frames.put(frame)


def _start(setup: str, packages: Sequence[str]) -> subprocess.Popen[bytes]:
    return subprocess.Popen(  # noqa: S603  our own interpreter, our own arguments
        [sys.executable, "-I", "-S", "-c", _BOOT, setup, *_import_places(packages)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        bufsize=0,
        env={name: os.environ[name] for name in _KEPT_VARIABLES if name in os.environ},
        cwd=Path(sys.executable).anchor,
        start_new_session=True,  # interrupting the kernel must not kill the worker
        creationflags=getattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 0),  # the same on Windows
    )


def _kill_group(process: subprocess.Popen[bytes]) -> None:
    if sys.platform == "win32":
        process.kill()
    else:
        os.killpg(process.pid, signal.SIGKILL)


def _import_places(packages: Sequence[str]) -> list[str]:
    """The folders *packages* are imported from: ``-I`` ignores PYTHONPATH and user sites."""
    places = []
    for name in packages:
        spec = importlib.util.find_spec(name)
        if spec is not None and spec.origin is not None:
            folder = Path(spec.origin).resolve().parent
            places.append(str(folder.parent if spec.submodule_search_locations else folder))
    return places
