"""A candidate's own copy of the workbook: made once, brought up to date later, never overwritten."""

from __future__ import annotations

import hashlib
import json
import shutil
from pathlib import Path

import casekit
from casekit.errors import DataError, UsageError

__all__ = ["find_checkout", "place_workbook"]

START_PAGE = Path("notebooks") / "00_start_here.ipynb"
RECORD = Path("notebooks") / ".casekit.json"


def find_checkout(start: Path) -> Path | None:
    """The folder at or above *start* that is casekit's source, or None."""
    for folder in (start, *start.parents):
        if (folder / "pyproject.toml").is_file() and (folder / "casekit" / "cases").is_dir():
            return folder
    return None


def place_workbook(folder: Path, source: Path | None = None) -> tuple[str, ...]:
    """
    What was copied into *folder*, one sentence each; nothing for a source checkout or a current copy.

    A notebook the candidate has changed stays as it is: a newer version arrives beside it, as
    ``<name>.new.ipynb``.

    Args:
        folder: Where the candidate works.
        source: The workbook to copy; the one of this installation when left out.

    Raises:
        DataError: *folder* cannot be written to.
        UsageError: this installation carries no workbook.
    """
    if find_checkout(folder) == folder:
        return ()
    try:
        return _copy_all(source or _shipped_workbook(), folder)
    except OSError as error:
        raise DataError(
            f"the workbook cannot be written to {folder}: {error.strerror}. "
            "Go to a folder of your own, or name one: casekit lab --dir FOLDER"
        ) from error


def _shipped_workbook() -> Path:
    package = Path(casekit.__file__).resolve().parent
    for source in (package / "_workbook", package.parent):
        if (source / START_PAGE).is_file():
            return source
    raise UsageError(
        "this installation carries no notebooks. Install casekit again from a wheel or a full checkout."
    )


def _copy_all(source: Path, folder: Path) -> tuple[str, ...]:
    fresh = not (folder / START_PAGE).is_file()
    known = _read_record(folder)
    record = dict(known)
    notes: list[str] = []
    for shipped in _shipped_files(source):
        name = shipped.relative_to(source).as_posix()
        note, record[name] = _bring(shipped, folder / name, record.get(name, ""))
        notes += [note] if note else []
    if record != known:
        (folder / RECORD).write_text(json.dumps(record, indent=1, sort_keys=True) + "\n", encoding="utf-8")
    return (f"The workbook is now in {folder}.",) if fresh else tuple(notes)


def _shipped_files(source: Path) -> list[Path]:
    notebooks = sorted((source / "notebooks").glob("*.ipynb"))
    return [*notebooks, source / "data" / "manifest.json"]


def _bring(shipped: Path, own: Path, remembered: str) -> tuple[str, str]:
    """What to tell about one file, and the digest of the version the candidate now has had."""
    new = _digest(shipped)
    if not own.exists():
        _copy(shipped, own)
        return f"{own.name} {'was missing and is back' if remembered else 'is new'}.", new
    now = _digest(own)
    if new in (remembered, now):
        return "", new
    if own.suffix != ".ipynb":
        _copy(shipped, own)
        return "", new
    if now == remembered:
        _copy(shipped, own)
        return f"{own.name} is now the newer version; you had not changed it.", new
    beside = own.with_suffix(".new.ipynb")
    if beside.exists():
        return f"A newer {own.name} is available. Move {beside.name} away to get it.", remembered
    _copy(shipped, beside)
    return f"A newer {own.name} is beside yours as {beside.name}; your work is untouched.", new


def _copy(shipped: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(shipped, target)


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _read_record(folder: Path) -> dict[str, str]:
    try:
        record = json.loads((folder / RECORD).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return {str(name): str(digest) for name, digest in record.items()} if isinstance(record, dict) else {}
