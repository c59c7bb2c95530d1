"""Opens a large world for queries, whatever its format."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from casekit.world.large.manifest import read_manifest

if TYPE_CHECKING:
    import duckdb

__all__ = ["open_large"]


def open_large(out: Path) -> duckdb.DuckDBPyConnection:
    """
    A connection that sees the tables of the large world in *out*, and cannot change them.

    Columns with declared values are ENUMs in a DuckDB file and plain text in Parquet files.

    Raises:
        UsageError: The folder holds no large world, or not all of one.
    """
    import duckdb

    from casekit.world.columns import quoted
    from casekit.world.large.parquet import views_sql

    manifest = read_manifest(out)
    con = duckdb.connect()
    if manifest.plan["format"] == "parquet":
        con.execute(views_sql((table.name for table in manifest.tables), out))
    else:
        (name,) = (name for name in manifest.files if name.endswith(".duckdb"))
        con.execute(f"ATTACH {quoted(str(out / name))} AS ds (READ_ONLY)")
        con.execute("SET search_path = 'memory.main,ds.main'")
    return con
