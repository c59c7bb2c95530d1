"""The one tested way to open DuckDB so that a query can read the dataset and nothing else."""

from __future__ import annotations

from pathlib import Path

import duckdb

__all__ = ["attach_read_only", "lock", "open_memory"]

_CLOSED = {
    "temp_directory": "",
    "max_temp_directory_size": "0B",
    "autoload_known_extensions": "false",
    "autoinstall_known_extensions": "false",
    "allow_community_extensions": "false",
    "allow_extension_repositories": "forbidden",
    "allow_persistent_secrets": "false",
    "python_enable_replacements": "false",
    "python_scan_all_frames": "false",
    "max_expression_depth": "250",
}


def open_memory(memory: str, **settings: str) -> duckdb.DuckDBPyConnection:
    """An in-memory database that loads no extension and sees no Python variable."""
    con = duckdb.connect(config={**_CLOSED, "memory_limit": memory, **settings})
    con.execute("SET TimeZone = 'UTC'")
    return con


def attach_read_only(con: duckdb.DuckDBPyConnection, path: Path) -> None:
    """Attach the dataset as ``ds``; its tables are found by their bare names, CREATE goes to memory."""
    place = str(path).replace("'", "''")
    con.execute(f"ATTACH '{place}' AS ds (READ_ONLY)")
    con.execute("SET search_path = 'memory.main,ds.main'")


def lock(con: duckdb.DuckDBPyConnection) -> None:
    """
    Close files, network and settings for the rest of the connection's life.

    The order matters. With external access off, DuckDB still allows the attached file and its
    ``.wal`` to be written by COPY; disabling the local file system closes that, and is only
    accepted afterwards. What is attached stays readable, since its file is already open.
    """
    con.execute("SET enable_external_access = false")
    con.execute("SET disabled_filesystems = 'LocalFileSystem'")
    con.execute("SET lock_configuration = true")
