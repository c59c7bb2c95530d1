"""Where case folders are: inside the package, and in the folder `$CASEKIT_CASES` names."""

from __future__ import annotations

import os
from pathlib import Path

import casekit
from casekit.errors import AuthorError, Problem, UnknownName

__all__ = ["case_folder", "list_slugs", "list_worlds", "world_folder"]

CASES_VARIABLE = "CASEKIT_CASES"
CASE_FILE = "case.toml"
WORLD_FILE = "world.py"


def list_slugs() -> tuple[str, ...]:
    """The slugs of all cases, in order of their codes' folders: package first, then `$CASEKIT_CASES`."""
    return tuple(_folders())


def case_folder(slug: str) -> Path:
    """
    The folder of the case *slug*.

    Raises:
        UnknownName: No such case; near misses are named.
        AuthorError: The folder is there and lacks its `case.toml`.
    """
    folders = _folders()
    if slug in folders:
        return folders[slug]
    for folder in _subfolders():
        if folder.name == slug:
            message = f"the file is missing: the folder {folder} exists and is no case without it"
            raise AuthorError(slug, [Problem(CASE_FILE, "", "", message)])
    raise UnknownName("case", slug, folders)


def list_worlds() -> tuple[str, ...]:
    """The slugs of all folders that hold a dataset, with or without a case told on it yet."""
    return tuple(_worlds())


def world_folder(slug: str) -> Path:
    """
    The folder of the dataset *slug*.

    Raises:
        UnknownName: No such dataset; near misses are named.
    """
    folders = _worlds()
    if slug not in folders:
        raise UnknownName("dataset", slug, folders)
    return folders[slug]


def _worlds() -> dict[str, Path]:
    found: dict[str, Path] = {}
    for folder in _subfolders():
        if (folder / WORLD_FILE).is_file():
            found.setdefault(folder.name, folder)
    return found


def _folders() -> dict[str, Path]:
    found: dict[str, Path] = {}
    for folder in _subfolders():
        if (folder / CASE_FILE).is_file():
            found.setdefault(folder.name, folder)
    return found


def _subfolders() -> list[Path]:
    roots = [root for root in _roots() if root.is_dir()]
    return [folder for root in roots for folder in sorted(root.iterdir()) if folder.is_dir()]


def _roots() -> list[Path]:
    roots = [Path(path) / "cases" for path in casekit.__path__]
    extra = os.environ.get(CASES_VARIABLE)
    return [*roots, Path(extra).expanduser()] if extra else roots
