"""
What a table holds, in a few bytes: digests over canonical values that no engine or file format touches.

A block's columns are digested in row order. A table of one block has that block's digests; a table of
several has digests over theirs, in block order. So a part of a world is digested wherever it is drawn,
and parts from many machines join to the digests of the whole.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from casekit.world.columns import is_free_text
from casekit.world.declare import Columns, ColumnSpec, TableSpec

__all__ = ["TableDigest", "TableHash", "digest_table", "join_digests"]


@dataclass(frozen=True)
class TableDigest:
    """
    The content of one table, or of one block of it, in a few bytes.

    Attributes:
        sha256: Digest of all columns, by name.
        columns: Digest of each column's values in row order.
    """

    name: str
    rows: int
    sha256: str
    columns: dict[str, str]


class TableHash:
    """The digest of a table whose rows come in pieces: the same however they are cut."""

    def __init__(self, table: TableSpec) -> None:
        self.table = table
        self.rows = 0
        self._hashes = {column.name: hashlib.sha256(_head(column)) for column in table.columns}

    def add(self, columns: Columns) -> None:
        """Takes the next rows in."""
        for column in self.table.columns:
            self._hashes[column.name].update(_body(column, columns[column.name], self.rows == 0))
        self.rows += len(columns[self.table.columns[0].name])

    def finish(self) -> TableDigest:
        """The digest of all rows taken in."""
        for column in filter(is_free_text, self.table.columns):
            self._hashes[column.name].update(b"[]" if self.rows == 0 else b"]")
        parts = {name: found.hexdigest() for name, found in self._hashes.items()}
        return _whole(self.table.name, self.rows, parts)


def digest_table(table: TableSpec, columns: Columns) -> TableDigest:
    """Rows and digests of one table, or of one block of it."""
    found = TableHash(table)
    found.add(columns)
    return found.finish()


def join_digests(blocks: Sequence[TableDigest]) -> TableDigest:
    """The digest of a table from those of its blocks, in block order; of one block it is the block's own."""
    first = blocks[0]
    if len(blocks) == 1:
        return first
    parts = {name: _over(block.columns[name] for block in blocks) for name in first.columns}
    return _whole(first.name, sum(block.rows for block in blocks), parts)


def _whole(name: str, rows: int, parts: Mapping[str, str]) -> TableDigest:
    told = json.dumps([name, rows, parts]).encode()
    return TableDigest(name, rows, hashlib.sha256(told).hexdigest(), dict(parts))


def _over(digests: Iterable[str]) -> str:
    return hashlib.sha256("".join(digests).encode()).hexdigest()


def _head(column: ColumnSpec) -> bytes:
    told = [column.name, column.type, column.values, *([column.prefix] if column.prefix else [])]
    return json.dumps(told).encode() + b"\0"


def _body(column: ColumnSpec, values: Any, is_first: bool) -> bytes | memoryview:
    """Whole numbers as 64-bit little-endian; free text as one JSON list, cut where the rows are."""
    if column.type == "number":
        return np.ascontiguousarray(values, "<f8").data
    if not is_free_text(column):
        return np.ascontiguousarray(values, "<i8").data
    if len(values) == 0:
        return b""
    told = json.dumps([None if value is None else str(value) for value in values])[1:-1]
    return ("[" if is_first else ", ").encode() + told.encode()
