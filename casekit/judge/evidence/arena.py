"""
One connection on which any number of small databases stand side by side.

Every table holds the rows of all databases with a number beside them; a view shows the rows of the
one that is on. Swapping data is therefore one variable, and a query runs exactly as it is written.
A query can also be screened: run once, by a lateral join, over many databases at a time.
"""

from __future__ import annotations

import re
import time
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from types import TracebackType
from typing import Any

from casekit.judge.evidence.database import Database, Row, Rows
from casekit.judge.evidence.schema import Schema
from casekit.judge.evidence.table_sql import (
    MANY,
    NUMBER,
    cast_columns,
    correlated,
    filling,
    making,
    quoted,
    taken_over,
    view,
)

__all__ = ["Arena", "Failed", "Result"]

CLOSED = "SET enable_external_access = false; SET disabled_filesystems = 'LocalFileSystem'"
MOST_ROWS = 5_000
MOST_BYTES = 100_000
CLOCK_STEP_MS = 250
LEAST_MS = 50
NEVER_RUNS = (
    "BinderException",
    "CatalogException",
    "IOException",
    "NotImplementedException",
    "ParserException",
    "PermissionException",
)
_VALUES = re.compile(r"'[^']*'|[0-9.]+")
_ZONED = re.compile(r"WITH TIME ZONE|TIMESTAMPTZ")


@dataclass(frozen=True)
class Result:
    """What a query gave: column names, their types, and rows in the order they came."""

    columns: tuple[str, ...]
    types: tuple[str, ...]
    rows: Rows


@dataclass(frozen=True)
class Failed:
    """
    Why a query gave nothing.

    Attributes:
        message: DuckDB's words.
        binding: True when the query cannot run on any data: it does not parse or bind.
        stopped: True when it took too long or too much memory.
    """

    message: str
    binding: bool = False
    stopped: bool = False

    @property
    def kind(self) -> str:
        """The message without the values in it."""
        return _VALUES.sub("?", self.message)


class Arena:
    """
    Databases of one schema, and queries run on them.

    Args:
        schema: The tables; constraints are not enforced here.
        seconds: Wall clock the arena may live; a query that runs past it is stopped.
        connection: An in-memory DuckDB to use and leave open; by default the arena opens its own.
    """

    def __init__(self, schema: Schema, seconds: float, connection: Any = None) -> None:
        from casekit.sandbox.locking import open_memory

        self.schema = schema
        self.n_loaded = 0
        self._has_taken_over = False
        self._deadline = time.monotonic() + seconds
        self._limit_ms = 0
        self._is_own = connection is None
        self._con: Any = connection or open_memory("256MB", threads="1", async_threads="0")
        self._con.execute(f"SET VARIABLE {NUMBER} = 0; CREATE SCHEMA {MANY};")
        self._con.execute("".join(map(making, schema.tables)) or "SELECT 1")
        if self._is_own:
            self._con.execute(CLOSED)

    def __enter__(self) -> Arena:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._is_own:
            self._con.close()

    @property
    def seconds_left(self) -> float:
        """Wall clock left, in seconds; never below 0."""
        return max(0.0, self._deadline - time.monotonic())

    def load(self, databases: Sequence[Database]) -> range:
        """The numbers under which *databases* now stand."""
        import duckdb

        numbers = range(self.n_loaded, self.n_loaded + len(databases))
        self.n_loaded = numbers.stop
        pairs = list(zip(numbers, databases, strict=True))
        try:
            self._insert(pairs)
        except duckdb.Error:  # a value no column takes: only its own database stays empty
            for pair in pairs:
                with suppress(duckdb.Error):
                    self._clear(pair[0])
                    self._insert([pair])
        return numbers

    @contextmanager
    def beside(
        self,
        place: str,
        database: Database,
        keys: Mapping[str, Sequence[tuple[str, ...]]],
        copied: Mapping[str, str],
    ) -> Iterator[int]:
        """
        The number under which, for a while, the rows of *database* stand beside those at *place*.

        Rows whose values of one of *keys* are at *place* already are left out. *copied* says for each table
        how its rows are read: a list of columns, FROM, and what they are joined with.
        """
        (number,) = self.load([database])
        self._take_over(place)
        for table in self.schema.tables:
            there = taken_over(table)
            for key in keys.get(table.name, ()):
                same = " AND ".join(f"casekit_t.{quoted(name)} = casekit_o.{quoted(name)}" for name in key)
                self._con.execute(
                    f"DELETE FROM {MANY}.{quoted(table.name)} AS casekit_t WHERE {NUMBER} = {number} "
                    f"AND EXISTS (FROM {there} AS casekit_o WHERE {same})"
                )
            self._con.execute(f"CREATE OR REPLACE {view(table, copied[table.name])} UNION ALL FROM {there}")
        try:
            yield number
        finally:
            for table in self.schema.tables:
                self._con.execute(f"CREATE OR REPLACE {view(table)}")
            self._clear(number)

    def _take_over(self, place: str) -> None:
        """The tables at *place* as the arena's own, in its types: to change these anew each time is slow."""
        if not self._has_taken_over:
            self._has_taken_over = True
            for table in self.schema.tables:
                rows = f"SELECT {cast_columns(table)} FROM {place}.{quoted(table.name)}"
                self._con.execute(f"CREATE TABLE {taken_over(table)} AS {rows}")

    def _insert(self, pairs: Sequence[tuple[int, Database]]) -> None:
        for table in self.schema.tables:
            rows = [(number, *row) for number, database in pairs for row in database.get(table.name, ())]
            if rows:
                self._con.execute(filling(table), [list(column) for column in zip(*rows, strict=True)])

    def _clear(self, number: int) -> None:
        for table in self.schema.tables:
            self._con.execute(f"DELETE FROM {MANY}.{quoted(table.name)} WHERE {NUMBER} = {number}")

    def run(self, sql: str, number: int) -> Result | Failed:
        """What *sql* gives on database *number*, as written."""
        import duckdb

        try:
            self._limit()
            self._con.execute(f"SET VARIABLE {NUMBER} = {number}")
            return self._fetched(self._con.execute(sql), sql)
        except (duckdb.Error, RuntimeError, MemoryError, ValueError, OverflowError) as error:
            return _failure(error)

    def problem(self, sql: str) -> Failed | None:
        """Why *sql* may not be run at all: it is not exactly one SELECT. None when it may."""
        from casekit.sandbox.outcome import Failure
        from casekit.sandbox.statements import one_statement, text_failure

        failure = text_failure(sql, MOST_BYTES)
        gate = failure if failure is not None else one_statement(self._con, sql, "answer")
        return Failed(gate.message, binding=True) if isinstance(gate, Failure) else None

    def screen(self, sql: str, numbers: range) -> dict[int, Rows] | None:
        """
        What *sql* gives on each of *numbers*, found by one query; None when that cannot be done.

        Rows of a database come in no particular order. Only a hint: whatever it shows is verified
        by `run`.
        """
        import duckdb

        try:
            self._limit()
            result = self._fetched(self._con.execute(self._lateral(sql, numbers)), "")
        except (duckdb.Error, RuntimeError, MemoryError, ValueError, OverflowError):
            return None
        found: dict[int, Rows] = defaultdict(list)
        for number, *row in result.rows:
            found[number].append(tuple(row))  # type: ignore[index]
        return found

    def _lateral(self, sql: str, numbers: range) -> str:
        tables = ", ".join(map(correlated, self.schema.tables))
        inner = f"WITH {tables} SELECT * FROM (\n{sql}\n)" if tables else sql
        every = f"SELECT unnest(range({numbers.start}, {numbers.stop})) AS n"
        return f"SELECT casekit_d.n, casekit_q.* FROM ({every}) AS casekit_d, LATERAL ({inner}) AS casekit_q"

    def _limit(self) -> None:
        import duckdb

        left = max(LEAST_MS, int(self.seconds_left * 1000))
        step = max(LEAST_MS, -(-left // CLOCK_STEP_MS) * CLOCK_STEP_MS if left > CLOCK_STEP_MS else left)
        if step != self._limit_ms:
            self._limit_ms = step
            with suppress(duckdb.Error):  # a connection whose settings are locked keeps its own limit
                self._con.execute(f"SET max_execution_time = {step}")

    def _fetched(self, cursor: Any, sql: str) -> Result:
        names = tuple(str(column[0]) for column in cursor.description)
        types = tuple(str(column[1]) for column in cursor.description)
        if any(map(_ZONED.search, types)) and sql:
            cursor = self._con.execute(_without_zones(sql, types))
        rows: list[Row] = cursor.fetchmany(MOST_ROWS)
        return Result(names, types, rows)


def _without_zones(sql: str, types: Iterable[str]) -> str:
    # Fetching a zoned timestamp needs pytz, which nobody has; the session's zone is UTC.
    columns = ", ".join(
        f"CAST(#{place} AS TIMESTAMP)" if _ZONED.search(name) else f"#{place}"
        for place, name in enumerate(types, start=1)
    )
    return f"SELECT {columns} FROM (\n{sql}\n)"


def _failure(error: BaseException) -> Failed:
    kind = type(error).__name__
    message = str(error).split("\n\n")[0].strip()
    binding = kind in NEVER_RUNS
    cut = kind in ("InterruptException", "OutOfMemoryException") or "max_execution_time" in message
    return Failed(message, binding, cut)
