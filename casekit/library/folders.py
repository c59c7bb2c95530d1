"""Where case folders are: inside the package, and in the folder `$CASEKIT_CASES` names."""

from __future__ import annotations

import os
from pathlib import Path

import casekit
from casekit.errors import UnknownName

__all__ = ["case_folder", "list_slugs"]

CASES_VARIABLE = "CASEKIT_CASES"


def list_slugs() -> tuple[str, ...]:
    """The slugs of all cases, in order of their codes' folders: package first, then `$CASEKIT_CASES`."""
    return tuple(_folders())


def case_folder(slug: str) -> Path:
    """
    The folder of the case *slug*.

    Raises:
        UnknownName: No such case; near misses are named.
    """
    folders = _folders()
    if slug not in folders:
        raise UnknownName("case", slug, folders)
    return folders[slug]


def _folders() -> dict[str, Path]:
    found: dict[str, Path] = {}
    for root in _roots():
        if root.is_dir():
            for folder in sorted(root.iterdir()):
                if (folder / "case.toml").is_file():
                    found.setdefault(folder.name, folder)
    return found


def _roots() -> list[Path]:
    roots = [Path(path) / "cases" for path in casekit.__path__]
    extra = os.environ.get(CASES_VARIABLE)
    return [*roots, Path(extra).expanduser()] if extra else roots
