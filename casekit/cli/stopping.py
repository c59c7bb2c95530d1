"""Ctrl-C in the middle of a command that can be typed again: one clear line, and nothing is lost."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

import typer
from rich.console import Console

__all__ = ["stoppable"]

STOPPED = 130  # what a shell tells of a program that Ctrl-C ended


class Stopped(KeyboardInterrupt):
    """
    The interrupt that a command has heard and will answer.

    A type of its own: a plain KeyboardInterrupt that passes through an ``exec`` (a dataclass made in an
    import that was cut short) is noted by ``python -m``, which then ends by the signal, whatever the exit
    code says.
    """


@contextmanager
def stoppable(said: str) -> Iterator[None]:
    """
    Ends the command with the line *said* and exit code 130 when Ctrl-C comes meanwhile.

    The signal decides, not the exception: a library may turn the interrupt into an error of its own. A
    second Ctrl-C does not wait for what is being finished; a build survives that as it survives a kill.
    """
    console = Console(stderr=True, highlight=False, markup=False, soft_wrap=True)
    came: list[int] = []

    def stop(number: int, _frame: FrameType | None) -> None:
        if came:
            console.show_cursor()
            console.print(said)
            os._exit(STOPPED)
        came.append(number)
        raise Stopped

    before = signal.getsignal(signal.SIGINT)
    if before is not signal.SIG_IGN:  # a program in the background hears no Ctrl-C
        signal.signal(signal.SIGINT, stop)
    try:
        yield
    except (Exception, KeyboardInterrupt):
        if not came:
            raise
        console.print(said)
        raise typer.Exit(STOPPED) from None
    finally:
        signal.signal(signal.SIGINT, before)
