"""Tests of folders one may not write to, also where they run as root, who may write anywhere."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def ordinary_user(*folders: Path) -> Iterator[None]:
    """Nobody may write to the folders, and root goes on as nobody; all is as usual afterwards."""
    for folder in folders:
        folder.chmod(0o555)
    root = os.geteuid() == 0
    if root:
        os.seteuid(65534)
    try:
        yield
    finally:
        if root:
            os.seteuid(0)
        for folder in folders:
            folder.chmod(0o755)


def folders_of(out: Path) -> list[Path]:
    """A folder and all below it."""
    return [out, *(path for path in out.rglob("*") if path.is_dir())]
