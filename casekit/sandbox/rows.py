"""Rows of a running query as plain Python values, within caps."""

from __future__ import annotations

import re
import uuid
from collections.abc import Collection

import duckdb

from casekit.model import Table
from casekit.sandbox.limits import Limits
from casekit.sandbox.statements import without_semicolon

__all__ = ["ResultTooLargeError", "read_table"]

_BATCH_ROWS = 500
_ZONED = re.compile(r"TIMESTAMP WITH TIME ZONE|TIMESTAMPTZ_NS")


class ResultTooLargeError(ValueError):
    """A result past its caps; the text says which and what to do."""


def read_table(con: duckdb.DuckDBPyConnection, statement: duckdb.Statement, limits: Limits) -> Table:
    """
    The first rows of *statement*, run on *con*, as plain Python values.

    Raises:
        ResultTooLargeError: Too many columns or cells, or a single value too long.
        duckdb.Error: DuckDB refused or failed.
    """
    cursor = con.execute(statement)
    description = cursor.description or []
    names = tuple(str(column[0]) for column in description)
    if len(names) > limits.columns:
        raise ResultTooLargeError(
            f"The result has {len(names):,} columns; at most {limits.columns} are shown."
        )
    types = [str(column[1]) for column in description]
    if any(_ZONED.search(name) for name in types):
        cursor = con.execute(_without_zones(statement.query, types))
    rows, truncated = _fetch(cursor, limits)
    return Table(names, tuple(rows), truncated)


def _without_zones(sql: str, types: list[str]) -> str:
    # Fetching a zoned timestamp needs pytz, which nobody has; the session's zone is UTC.
    columns = ", ".join(
        f"CAST(#{place} AS {_ZONED.sub('TIMESTAMP', name)})" if _ZONED.search(name) else f"#{place}"
        for place, name in enumerate(types, start=1)
    )
    return f"SELECT {columns} FROM (\n{without_semicolon(sql)}\n)"


def _fetch(cursor: duckdb.DuckDBPyConnection, limits: Limits) -> tuple[list[tuple[object, ...]], bool]:
    rows: list[tuple[object, ...]] = []
    letters = 0
    while batch := cursor.fetchmany(_BATCH_ROWS):
        for row in batch:
            if len(rows) == limits.rows:
                return rows, True
            rows.append(tuple(_plain(value, limits.cell_bytes) for value in row))
            letters += sum(len(value) for value in row if isinstance(value, (str, bytes)))
        if len(rows) * len(batch[0]) > limits.cells:
            raise ResultTooLargeError(f"The result has more than {limits.cells:,} cells. Ask for fewer rows.")
        if letters > limits.result_bytes:
            size = limits.result_bytes // 1_000_000
            raise ResultTooLargeError(f"The result is larger than {size} MB. Ask for fewer rows.")
    return rows, False


def _plain(value: object, most: int) -> object:
    if isinstance(value, (str, bytes)):
        if len(value) > most:
            raise ResultTooLargeError(f"One value is {len(value):,} characters long; the limit is {most:,}.")
        return value
    if isinstance(value, (list, tuple)):
        _few(value, most)
        return [_plain(item, most) for item in value]
    if isinstance(value, dict):
        _few(value, most)
        return {key: _plain(item, most) for key, item in value.items()}
    return str(value) if isinstance(value, uuid.UUID) else value


def _few(items: Collection[object], most: int) -> None:
    if len(items) > most:
        raise ResultTooLargeError(f"One list holds {len(items):,} values; the limit is {most:,}.")
