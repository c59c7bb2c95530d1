"""
Frames between the notebook and the answering process: a length, then typed JSON.

Never pickle: whatever a broken or hijacked worker sends can at worst be a wrong table.
"""

from __future__ import annotations

import datetime as dt
import decimal
import json
import os
import struct
from collections.abc import Callable
from typing import Any, cast

from casekit.model import Table
from casekit.sandbox.outcome import FAILURE_KINDS, Failure, FailureKind

__all__ = [
    "JOB_BYTES",
    "BadFrameError",
    "decode_done",
    "decode_outcome",
    "encode_done",
    "encode_failure",
    "encode_table",
    "read_frame",
    "write_frame",
]

JOB_BYTES = 8_000_000
_LENGTH = struct.Struct(">I")
_CHUNK_BYTES = 1 << 16


class BadFrameError(ValueError):
    """Bytes that are no frame of ours: the worker is broken."""


def write_frame(handle: int, body: bytes) -> None:
    """Write *body* with its length in front to the file descriptor *handle*."""
    left = memoryview(_LENGTH.pack(len(body)) + body)
    while left:
        left = left[os.write(handle, left[:_CHUNK_BYTES]) :]


def read_frame(handle: int, most_bytes: int) -> bytes | None:
    """
    The next frame's body from the file descriptor *handle*; None when the other side is gone.

    Raises:
        BadFrameError: The frame claims more than *most_bytes*.
    """
    head = _read_exactly(handle, _LENGTH.size)
    if head is None:
        return None
    size = int(_LENGTH.unpack(head)[0])
    if size > most_bytes:
        raise BadFrameError(f"a frame of {size} bytes, the limit is {most_bytes}")
    return _read_exactly(handle, size)


def _read_exactly(handle: int, size: int) -> bytes | None:
    body = bytearray()
    while len(body) < size:
        chunk = os.read(handle, min(_CHUNK_BYTES, size - len(body)))
        if not chunk:
            return None
        body += chunk
    return bytes(body)


def encode_table(table: Table, seconds: float, level: tuple[str, ...]) -> bytes:
    """The frame body of a result that took *seconds* under the protections *level*."""
    rows = [[_pack(value) for value in row] for row in table.rows]
    body = {"columns": table.columns, "rows": rows, "truncated": table.truncated}
    return _dump({**body, "seconds": seconds, "level": level})


def encode_failure(failure: Failure, seconds: float, level: tuple[str, ...]) -> bytes:
    """The frame body of a failure."""
    words = {"kind": failure.kind, "message": failure.message, "error_class": failure.error_class}
    return _dump({"failure": words, "seconds": seconds, "level": level})


def encode_done(result: object, seconds: float, level: tuple[str, ...]) -> bytes:
    """The frame body of what a task returned: plain JSON."""
    return _dump({"done": result, "seconds": seconds, "level": level})


def decode_done(body: bytes) -> tuple[Any | Failure, tuple[str, ...]]:
    """
    What a task returned, or its failure, and the protections it ran under.

    Raises:
        BadFrameError: The body is not what `encode_done` or `encode_failure` write.
    """
    try:
        reply = json.loads(body)
        outcome = _failure(reply["failure"]) if "failure" in reply else reply["done"]
        return outcome, tuple(str(layer) for layer in reply["level"])
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise BadFrameError(f"a reply that cannot be read ({type(error).__name__})") from error


def decode_outcome(body: bytes) -> tuple[Table | Failure, float, tuple[str, ...]]:
    """
    The result or failure in a frame body, its seconds, and the protections it ran under.

    Raises:
        BadFrameError: The body is not what `encode_table` or `encode_failure` write.
    """
    try:
        reply = json.loads(body)
        outcome = _failure(reply["failure"]) if "failure" in reply else _table(reply)
        return outcome, float(reply["seconds"]), tuple(str(layer) for layer in reply["level"])
    except (ValueError, KeyError, TypeError, ArithmeticError, RecursionError) as error:
        raise BadFrameError(f"an answer that cannot be read ({type(error).__name__})") from error


def _dump(reply: dict[str, object]) -> bytes:
    return json.dumps(reply, separators=(",", ":")).encode("ascii")


def _table(reply: dict[str, Any]) -> Table:
    columns = tuple(str(name) for name in reply["columns"])
    rows = tuple(tuple(_unpack(value) for value in row) for row in reply["rows"])
    if any(len(row) != len(columns) for row in rows):
        raise BadFrameError("rows that do not fit their columns")
    return Table(columns, rows, bool(reply["truncated"]))


def _failure(words: dict[str, Any]) -> Failure:
    if words["kind"] not in FAILURE_KINDS:
        raise BadFrameError(f"an unknown failure {words['kind']!r}")
    kind = cast("FailureKind", words["kind"])
    return Failure(kind, str(words["message"]), str(words["error_class"]))


def _pack(value: object) -> object:
    # bool before int and datetime before date need no care: exact types only.
    if value is None or type(value) in (bool, int, float, str):
        return value
    if isinstance(value, list):
        return [_pack(item) for item in value]
    if isinstance(value, dict):
        return {"struct": [[_pack(key), _pack(item)] for key, item in value.items()]}
    for name, (kind, pack, _) in _CODECS.items():
        if type(value) is kind:
            return {name: pack(value)}
    return str(value)


def _unpack(value: Any) -> object:
    if isinstance(value, list):
        return [_unpack(item) for item in value]
    if not isinstance(value, dict):
        return value
    ((name, packed),) = value.items()
    if name == "struct":
        return {_unpack(key): _unpack(item) for key, item in packed}
    return _CODECS[name][2](packed)


def _pack_interval(value: dt.timedelta) -> list[int]:
    return [value.days, value.seconds, value.microseconds]


_CODECS: dict[str, tuple[type, Callable[[Any], object], Callable[[Any], object]]] = {
    "timestamp": (dt.datetime, dt.datetime.isoformat, dt.datetime.fromisoformat),
    "date": (dt.date, dt.date.isoformat, dt.date.fromisoformat),
    "time": (dt.time, dt.time.isoformat, dt.time.fromisoformat),
    "decimal": (decimal.Decimal, str, decimal.Decimal),
    "interval": (dt.timedelta, _pack_interval, lambda parts: dt.timedelta(*parts)),
    "blob": (bytes, bytes.hex, bytes.fromhex),
}
