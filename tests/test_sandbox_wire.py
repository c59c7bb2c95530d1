"""Frames between notebook and worker: typed, bounded, and never trusted."""

from __future__ import annotations

import os
import threading

import pytest

from casekit.model import Table
from casekit.sandbox import Failure
from casekit.sandbox.wire import (
    BadFrameError,
    decode_outcome,
    encode_failure,
    encode_table,
    read_frame,
    write_frame,
)


def test_table_comes_back_equal() -> None:
    """A table is the same on the other side, with its time and its protections."""
    table = Table(("a", "a"), ((1, None), ([1.5, {"x": b"\0"}], float("inf"))), truncated=True)

    assert (table, 0.25, ("fork", "lock")) == decode_outcome(encode_table(table, 0.25, ("fork", "lock")))


def test_failure_comes_back_equal() -> None:
    """A failure is the same on the other side."""
    failure = Failure("binder", "Binder Error: ü", "BinderException")

    assert (failure, 0.5, ()) == decode_outcome(encode_failure(failure, 0.5, ()))


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"not json",
        b"[]",
        b"{}",
        b'{"failure": {"kind": "won", "message": "", "error_class": ""}, "seconds": 0, "level": []}',
        b'{"columns": ["a"], "rows": [[1, 2]], "truncated": false, "seconds": 0, "level": []}',
        b'{"columns": ["a"], "rows": [[{"date": "soon"}]], "truncated": false, "seconds": 0, "level": []}',
        b'{"columns": ["a"], "rows": [[{"pickle": "x"}]], "truncated": false, "seconds": 0, "level": []}',
        b'{"columns": ["a"], "rows": [[{"decimal": "x"}]], "truncated": false, "seconds": 0, "level": []}',
        b'{"columns": ["a"], "rows": ' + b"[" * 100_000,
    ],
)
def test_forged_frames_are_refused(body: bytes) -> None:
    """Bytes we would not have written raise one error and build nothing."""
    with pytest.raises(BadFrameError):
        decode_outcome(body)


def test_long_frames_cross_pipes() -> None:
    """A frame longer than a pipe's buffer arrives whole; the end of the pipe is None."""
    reading, writing = os.pipe()
    body = bytes(range(256)) * 2_000
    sender = threading.Thread(target=write_frame, args=(writing, body))
    sender.start()
    received = read_frame(reading, 1_000_000)
    sender.join()
    os.close(writing)

    assert body == received
    assert None is read_frame(reading, 1_000_000)
    os.close(reading)


def test_boasting_frames_are_refused() -> None:
    """A frame that claims to be larger than allowed is not read."""
    reading, writing = os.pipe()
    os.write(writing, b"\xff\xff\xff\xff")

    with pytest.raises(BadFrameError, match="4294967295 bytes"):
        read_frame(reading, 1_000)
    os.close(reading)
    os.close(writing)
