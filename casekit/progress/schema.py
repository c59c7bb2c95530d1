"""The tables of the progress file, as numbered migrations."""

from __future__ import annotations

import sqlite3

__all__ = ["VERSION", "NewerSchemaError", "migrate"]

# Each entry lifts a file from its index to the next version. Never change one; add another.
_MIGRATIONS: tuple[tuple[str, ...], ...] = (
    (
        """
        CREATE TABLE attempts (
            id INTEGER PRIMARY KEY, "case" TEXT NOT NULL, exercise TEXT NOT NULL, status TEXT NOT NULL,
            trap TEXT NOT NULL, tag TEXT NOT NULL, score INTEGER, score_of INTEGER,
            submission TEXT NOT NULL, hints_used INTEGER NOT NULL, duration_s REAL NOT NULL,
            at TEXT NOT NULL
        )
        """,
        'CREATE INDEX attempts_by_case ON attempts ("case", exercise)',
        """
        CREATE TABLE events (
            id INTEGER PRIMARY KEY, "case" TEXT NOT NULL, exercise TEXT NOT NULL, kind TEXT NOT NULL,
            payload TEXT NOT NULL, at TEXT NOT NULL
        )
        """,
        'CREATE INDEX events_by_case ON events ("case", kind)',
        """
        CREATE TABLE drafts (
            "case" TEXT NOT NULL, exercise TEXT NOT NULL, text TEXT NOT NULL, at TEXT NOT NULL,
            PRIMARY KEY ("case", exercise)
        )
        """,
    ),
)

VERSION = len(_MIGRATIONS)


class NewerSchemaError(Exception):
    """The file was written by a newer casekit than this one."""


def migrate(con: sqlite3.Connection) -> None:
    """
    Bring the open file to the current version, all or nothing.

    Raises:
        NewerSchemaError: The file's version is above `VERSION`; it is left as it is.
        sqlite3.Error: The file cannot be read or written.
    """
    if _version(con) == VERSION:
        return
    con.execute("BEGIN IMMEDIATE")
    try:
        con.execute("CREATE TABLE IF NOT EXISTS schema_version (version INTEGER NOT NULL)")
        _apply(con, _version(con))  # asked again: another notebook may have been quicker
    except BaseException:
        con.execute("ROLLBACK")
        raise
    con.execute("COMMIT")


def _apply(con: sqlite3.Connection, version: int) -> None:
    if version > VERSION:
        raise NewerSchemaError(f"version {version} of the progress file; this casekit knows {VERSION}")
    for statements in _MIGRATIONS[version:]:
        for statement in statements:
            con.execute(statement)
    con.execute("DELETE FROM schema_version")
    con.execute("INSERT INTO schema_version VALUES (?)", (VERSION,))


def _version(con: sqlite3.Connection) -> int:
    known = con.execute("SELECT 1 FROM sqlite_master WHERE name = 'schema_version'").fetchone()
    row = con.execute("SELECT max(version) FROM schema_version").fetchone() if known else None
    return int(row[0]) if row and row[0] is not None else 0
