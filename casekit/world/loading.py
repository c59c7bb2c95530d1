"""Reads a case's ``world.py``; whatever the author got wrong comes out at once."""

from __future__ import annotations

import hashlib
import sys
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType

from casekit.errors import AuthorError, Problem
from casekit.world.declare import World
from casekit.world.shelf import is_file_word

__all__ = [
    "DEFAULT_SEED",
    "DEFAULT_SIZE",
    "WORLD_FILE",
    "WorldSource",
    "broken_world",
    "load_world",
    "read_source",
]

WORLD_FILE = "world.py"
DEFAULT_SIZE = "default"
DEFAULT_SEED = 7


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
        raise broken_world(
            slug, f"cannot be read ({error.strerror}); a case needs one to have data"
        ) from error
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
    except AuthorError as error:
        raise AuthorError(slug, error.problems) from error
    except Exception as error:
        raise broken_world(slug, f"does not run: {type(error).__name__}: {error}") from error
    world = getattr(module, "WORLD", None)
    if not isinstance(world, World):
        raise broken_world(slug, "declares no WORLD; it must hold a casekit.world.World")
    if DEFAULT_SIZE not in world.sizes:
        raise broken_world(slug, f"declares no size {DEFAULT_SIZE!r}; add it to the sizes of WORLD")
    for size in world.sizes:
        if not is_file_word(size):
            raise broken_world(slug, f"declares the size {size!r}; write it in letters, digits and hyphens")
    return world


def broken_world(slug: str, message: str) -> AuthorError:
    """The error of a world that cannot be used at all."""
    return AuthorError(slug, [Problem(WORLD_FILE, "", "", message)])
