"""Reads a case's ``world.py`` and draws its rows; whatever the author got wrong comes out at once."""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

from casekit.errors import AuthorError, Problem
from casekit.world.declare import Rows, TableSpec, World
from casekit.world.shelf import is_file_word

__all__ = ["DEFAULT_SIZE", "WorldSource", "draw_rows", "load_world", "read_source"]

WORLD_FILE = "world.py"
DEFAULT_SIZE = "default"


@dataclass(frozen=True)
class WorldSource:
    """The text of a ``world.py`` and its digest, read once so that both are of the same moment."""

    path: Path
    text: bytes
    sha256: str


def read_source(case_folder: Path, slug: str) -> WorldSource:
    """
    The ``world.py`` of a case folder, not yet executed.

    Raises:
        AuthorError: The file is missing or cannot be read.
    """
    path = case_folder / WORLD_FILE
    try:
        text = path.read_bytes()
    except OSError as error:
        raise _broken(slug, f"cannot be read ({error.strerror}); a case needs one to have data") from error
    return WorldSource(path, text, hashlib.sha256(text).hexdigest())


def load_world(source: WorldSource, slug: str) -> World:
    """
    The ``WORLD`` a ``world.py`` declares.

    The bytes that were hashed are the ones executed: Python's import system could serve a cached
    file of the second before.

    Raises:
        AuthorError: The file does not run, declares no ``WORLD``, one without a default size, or a size
            that cannot be part of a file's name.
    """
    module = ModuleType(f"casekit_world_{slug.replace('-', '_')}")
    module.__file__ = str(source.path)
    sys.modules[module.__name__] = module
    try:
        exec(compile(source.text, source.path, "exec"), module.__dict__)  # noqa: S102  the author's own code
    except Exception as error:
        raise _broken(slug, f"does not run: {type(error).__name__}: {error}") from error
    world = getattr(module, "WORLD", None)
    if not isinstance(world, World):
        raise _broken(slug, "declares no WORLD; it must hold a casekit.world.World")
    if DEFAULT_SIZE not in world.sizes:
        raise _broken(slug, f"declares no size {DEFAULT_SIZE!r}; add it to the sizes of WORLD")
    for size in world.sizes:
        if not is_file_word(size):
            raise _broken(slug, f"declares the size {size!r}; write it in letters, digits and hyphens")
    return world


def draw_rows(world: World, slug: str, seed: int, size: str) -> Rows:
    """
    The rows of every table, checked against their declaration.

    Raises:
        AuthorError: ``build`` fails, or its rows do not fit the declared tables.
    """
    from casekit.world.draws import Draws

    try:
        rows = world.build(Draws(slug, seed), world.sizes[size])
    except Exception as error:
        raise _broken(slug, f"build fails: {type(error).__name__}: {error}") from error
    problems = [problem for table in world.tables for problem in _misfits(table, rows.get(table.name, {}))]
    if problems:
        raise AuthorError(slug, problems)
    return rows


def _misfits(table: TableSpec, columns: Mapping[str, Any]) -> Iterator[Problem]:
    """Columns that are missing, undeclared, too short or outside their declared values."""
    import numpy as np

    declared = {column.name: column for column in table.columns}
    for name in sorted(declared.keys() ^ columns.keys()):
        said = "is declared but not built" if name in declared else "is built but not declared"
        yield Problem(WORLD_FILE, table.name, name, f"{said}; make the table and build agree")
    lengths = {name: len(values) for name, values in columns.items()}
    if len(set(lengths.values())) > 1:
        yield Problem(WORLD_FILE, table.name, "", f"columns differ in length: {lengths}")
    for name in sorted(declared.keys() & columns.keys()):
        places, values = len(declared[name].values), np.asarray(columns[name])
        if places and not np.isin(values, np.arange(-1, places)).all():
            yield Problem(WORLD_FILE, table.name, name, f"holds places outside its {places} values")


def _broken(slug: str, message: str) -> AuthorError:
    return AuthorError(slug, [Problem(WORLD_FILE, "", "", message)])
