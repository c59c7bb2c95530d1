"""Opening the progress file, whatever state the disk is in."""

from __future__ import annotations

import os
import sqlite3
from pathlib import Path

from platformdirs import user_data_dir

from casekit.progress.schema import NewerSchemaError, migrate

__all__ = ["default_path", "open_memory", "open_or_fall_back"]

_BUSY_SECONDS = 10.0
_DAMAGED = ("file is not a database", "malformed", "file is encrypted", "unsupported file format")


def default_path() -> Path:
    """``$CASEKIT_HOME/progress.sqlite3``, else the same name in the user's data directory."""
    home = os.environ.get("CASEKIT_HOME") or user_data_dir("casekit", appauthor=False)
    return Path(home).expanduser() / "progress.sqlite3"


def open_or_fall_back(path: Path) -> tuple[sqlite3.Connection, str]:
    """
    A working connection and, when something is wrong, a warning for the learner.

    A damaged file is kept beside a new one; where nothing can be written, memory is used.
    """
    try:
        return _open(path), ""
    except NewerSchemaError:
        return open_memory(), _in_memory(path, "it was written by a newer casekit; update casekit")
    except (sqlite3.Error, OSError) as error:
        if not _is_damaged(error):
            return open_memory(), _in_memory(path, str(error))
    return _replace_damaged(path)


def open_memory() -> sqlite3.Connection:
    """An empty progress database that lives as long as the process."""
    con = _connect(":memory:")
    migrate(con)
    return con


def _open(path: Path) -> sqlite3.Connection:
    path.parent.mkdir(parents=True, exist_ok=True)
    con = _connect(str(path))
    try:
        con.execute("PRAGMA journal_mode = WAL")
        con.execute("PRAGMA synchronous = NORMAL")
        _look_for_damage(con)
        migrate(con)
        con.execute("BEGIN IMMEDIATE")  # a file that cannot be written is noticed now, not later
        con.execute("ROLLBACK")
    except BaseException:
        con.close()
        raise
    return con


def _connect(name: str) -> sqlite3.Connection:
    return sqlite3.connect(name, timeout=_BUSY_SECONDS, isolation_level=None, check_same_thread=False)


def _look_for_damage(con: sqlite3.Connection) -> None:
    found = con.execute("PRAGMA quick_check(1)").fetchone()
    if found is None or found[0] != "ok":
        raise sqlite3.DatabaseError(f"malformed: {found}")


def _is_damaged(error: BaseException) -> bool:
    return isinstance(error, sqlite3.DatabaseError) and any(sign in str(error) for sign in _DAMAGED)


def _replace_damaged(path: Path) -> tuple[sqlite3.Connection, str]:
    from filelock import FileLock, Timeout  # costs as much as all the rest, and is seldom needed

    try:
        with FileLock(f"{path}.lock", timeout=_BUSY_SECONDS):
            try:
                return _open(path), ""  # another notebook has replaced it meanwhile
            except sqlite3.DatabaseError as error:
                if not _is_damaged(error):
                    raise
            kept = _move_aside(path)
            return _open(path), (
                f"Your progress file was damaged. It is kept as {kept}; a new one was begun at {path}."
            )
    except (sqlite3.Error, OSError, Timeout) as error:
        return open_memory(), _in_memory(path, str(error))


def _move_aside(path: Path) -> Path:
    number = 1
    while (kept := path.with_name(f"{path.name}.corrupt-{number}")).exists():
        number += 1
    path.replace(kept)
    for suffix in ("-wal", "-shm"):  # they belong to the damaged file: never to the new one
        side = path.with_name(path.name + suffix)
        if side.exists():
            side.replace(kept.with_name(kept.name + suffix))
    return kept


def _in_memory(path: Path, reason: str) -> str:
    return (
        f"Your progress cannot be saved at {path} ({reason}). It is kept until this notebook's kernel "
        "stops. Free the place, or set CASEKIT_HOME to a folder you can write to, and restart the kernel."
    )
