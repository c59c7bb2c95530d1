"""A new case folder: a small case that validates, builds and judges, ready to be written over."""

from __future__ import annotations

import re
import shutil
from contextlib import suppress
from pathlib import Path
from tempfile import mkdtemp

from casekit.errors import AuthorError, UsageError
from casekit.library import list_slugs, load_case

__all__ = ["new_case"]

SKELETON = Path(__file__).with_name("skeleton")
ENDINGS = (".toml", ".md", ".sql", ".py")

_SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_CODE = re.compile(r"C(\d+)")


def new_case(slug: str, into: Path) -> Path:
    """
    Write the skeleton of a case; the folder it is in.

    It has one table more than it needs to teach a join, an exercise of kind sql with a trap, and a choice.

    Args:
        slug: Name of the case, kebab-case.
        into: The folder that holds case folders, such as ``casekit/cases``.

    Raises:
        UsageError: The name is not kebab-case, or the folder is there already.
    """
    if not _SLUG.fullmatch(slug):
        raise UsageError(f"{slug!r} is no name for a case; use small letters, digits and single hyphens")
    folder = into / slug
    if folder.exists():
        raise UsageError(f"{folder} is there already; choose another name or remove it first")
    into.mkdir(parents=True, exist_ok=True)
    half = Path(mkdtemp(prefix=f".{slug}-", dir=into))
    try:
        _write(half, slug)
        half.chmod(0o755)
        half.rename(folder)
    except BaseException:  # also Ctrl-C: a half-written case would be found by everything
        shutil.rmtree(half, ignore_errors=True)
        raise
    return folder


def _write(folder: Path, slug: str) -> None:
    marks = {"@code@": _free_code(), "@title@": slug.replace("-", " ").capitalize()}
    for source in sorted(SKELETON.rglob("*")):
        if source.is_file() and source.suffix in ENDINGS:
            text = source.read_text(encoding="utf-8")
            for mark, value in marks.items():
                text = text.replace(mark, value)
            target = folder / source.relative_to(SKELETON)
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(text, encoding="utf-8", newline="\n")


def _free_code() -> str:
    """The code after the highest one in use, such as ``C05``; a case that cannot be read has none."""
    numbers = [0]
    for slug in list_slugs():
        with suppress(AuthorError):
            code = _CODE.fullmatch(load_case(slug).code)
            numbers += [int(code[1])] if code else []
    return f"C{max(numbers) + 1:02d}"
