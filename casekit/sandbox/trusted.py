"""The author's SQL: references, traps and ledger, run in the kernel without a gate."""

from __future__ import annotations

from pathlib import Path

import duckdb

from casekit.model import Table
from casekit.sandbox.limits import Limits
from casekit.sandbox.locking import attach_read_only, lock, open_memory
from casekit.sandbox.rows import read_table

__all__ = ["fetch", "open_trusted"]


def open_trusted(path: Path, *, memory: str = "2GB", seconds: float = 0) -> duckdb.DuckDBPyConnection:
    """
    A read-only connection to the dataset at *path* for SQL that belongs to the case.

    Args:
        path: The DuckDB file.
        memory: DuckDB's own limit.
        seconds: How long one query may take; 0 for as long as it likes.

    Raises:
        duckdb.Error: The file is missing, damaged or held by a writer.
    """
    con = open_memory(memory)
    attach_read_only(con, path)
    if seconds:
        con.execute(f"SET max_execution_time = {int(seconds * 1000)}")
    lock(con)
    return con


def fetch(con: duckdb.DuckDBPyConnection, sql: str, *, max_rows: int = 100_000) -> Table:
    """
    The rows of the one statement in *sql*, as plain Python values.

    Raises:
        duckdb.Error: The statement does not parse or fails.
        ValueError: *sql* does not hold exactly one statement, or the result is out of proportion.
    """
    statements = con.extract_statements(sql)
    if len(statements) != 1:
        raise ValueError(f"expected exactly one statement, got {len(statements)}")
    limits = Limits(rows=max_rows, cells=10_000_000, cell_bytes=1_000_000, result_bytes=500_000_000)
    return read_table(con, statements[0], limits)
