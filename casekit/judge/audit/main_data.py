"""The case's own data: what a query gives there, and whether that depends on how the rows lie."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from casekit.model import Table
from casekit.sandbox import Failure, fetch, open_trusted
from casekit.sandbox.complaints import failure_from
from casekit.sandbox.locking import attach_read_only, lock, open_memory

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

__all__ = ["MainData", "decides", "never_runs", "result_of"]

SECONDS = 2.0  # a query that takes longer is left to the hidden databases
MAX_ROWS = 100_000
ORDERS = ("rowid DESC", "hash(rowid), rowid")
NEVER_RUNS = ("binder", "catalog", "not-select", "refused", "several", "syntax")
UNDECIDED = ("crash", "memory", "timeout", "too-large")


class MainData:
    """
    The dataset of a case for the author's own queries.

    Args:
        dataset: The DuckDB file.
    """

    def __init__(self, dataset: Path) -> None:
        self._dataset = dataset
        self._con = open_trusted(dataset, seconds=SECONDS)
        self._moved: dict[str, DuckDBPyConnection] = {}

    def result(self, sql: str) -> Table | Failure:
        """What *sql* gives."""
        return result_of(self._con, sql)

    def moved_results(self, sql: str) -> Iterator[Table | Failure]:
        """What *sql* gives when the rows of every table lie in other orders."""
        for order in ORDERS:
            if order not in self._moved:
                self._moved[order] = _with_rows_moved(self._dataset, order)
            yield result_of(self._moved[order], sql)

    def close(self) -> None:
        """Let go of the file."""
        for con in (self._con, *self._moved.values()):
            con.close()


def never_runs(result: Table | Failure) -> bool:
    """True for a query that runs on no data at all."""
    return isinstance(result, Failure) and result.kind in NEVER_RUNS


def decides(result: Table | Failure) -> bool:
    """False for a query that was stopped before it gave anything."""
    return isinstance(result, Table) or result.kind not in UNDECIDED


def result_of(con: DuckDBPyConnection, sql: str) -> Table | Failure:
    """What *sql* gives on the database of *con*, or how it fails."""
    import duckdb

    try:
        return fetch(con, sql, max_rows=MAX_ROWS)
    except (duckdb.Error, RuntimeError, MemoryError) as error:
        return failure_from(error)
    except ValueError as error:  # rows out of all proportion
        return Failure("too-large", str(error))


def _with_rows_moved(dataset: Path, order: str) -> DuckDBPyConnection:
    con = open_memory("2GB")
    attach_read_only(con, dataset)
    found = con.execute("SELECT table_name FROM duckdb_tables() WHERE database_name = 'ds'").fetchall()
    for (name,) in found:  # a table in memory is found before the file's
        con.execute(f'CREATE TABLE "{name}" AS FROM ds.main."{name}" ORDER BY {order}')
    lock(con)
    return con
