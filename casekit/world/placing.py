"""Moves finished files to their names so that a power cut leaves the old file or the new one, never half."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path

__all__ = ["keep_folder", "move_into_place"]


def move_into_place(partial: Path, path: Path) -> None:
    """Moves the finished file *partial* to *path*; once this returns, content and name are on the disk."""
    with partial.open("r+b") as file:  # Windows flushes only what is open for writing
        os.fsync(file.fileno())
    partial.replace(path)
    keep_folder(path.parent)


def keep_folder(folder: Path) -> None:
    """Brings the names in *folder* to the disk, where the system can do that."""
    with suppress(OSError):  # Windows opens no folders, and some network disks flush none
        number = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(number)
        finally:
            os.close(number)
