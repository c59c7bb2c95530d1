"""How much one query may use."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["Limits"]


@dataclass(frozen=True)
class Limits:
    """
    The caps on one answer.

    Attributes:
        soft_seconds: After so long DuckDB is asked to stop.
        hard_seconds: After so long the process that runs the answer is killed.
        memory_mb: What DuckDB may allocate, in megabytes.
        process_mb: What the whole answering process may allocate, in megabytes (Linux).
        sql_bytes: Longest accepted query, UTF-8 bytes.
        rows: Most rows fetched; more than that and the table is marked truncated.
        columns: Most columns.
        cells: Most cells fetched.
        cell_bytes: Largest single value, in bytes of its text.
        result_bytes: Largest result, in bytes of JSON.
        task_query_seconds: After so long DuckDB is asked to stop one query of a task.
    """

    soft_seconds: float = 3.0
    hard_seconds: float = 4.0
    memory_mb: int = 512
    process_mb: int = 1024
    sql_bytes: int = 20_000
    rows: int = 10_000
    columns: int = 200
    cells: int = 500_000
    cell_bytes: int = 100_000
    result_bytes: int = 16_000_000
    task_query_seconds: float = 0.5
