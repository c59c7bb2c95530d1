"""Which world an output folder is of: the plan, written first and the same on every machine."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from shutil import rmtree
from typing import Literal
from uuid import uuid4

from casekit.errors import DataError, UsageError
from casekit.world.chunks import WorldKey

__all__ = ["Format", "Plan", "claim", "kept_safe", "placed", "read_json", "sole", "spilling", "write_json"]

Format = Literal["parquet", "duckdb"]
PLAN_NAME = "build.json"
LOCK_NAME = "build.lock"
TEMPORARY = ".tmp"
FINISHING_WAIT_S = 3600
UNREADABLE = {
    "engine": "built by another version of casekit",
    "world_sha256": "built from another world.py",
}


@dataclass(frozen=True)
class Plan:
    """
    Everything that decides what the files of a large world hold.

    Attributes:
        engine: Version of the engine.
        world_sha256: Digest of the ``world.py``.
        chunk_blocks: How many blocks a chunk holds.
    """

    case: str
    seed: int
    people: int
    format: Format
    engine: int
    world_sha256: str
    chunk_blocks: int

    @property
    def key(self) -> WorldKey:
        """What decides the rows."""
        return WorldKey(self.case, self.seed, self.people)

    @property
    def stem(self) -> str:
        """The name of the world's files."""
        return f"{self.case}-{self.seed}-{self.people}"

    @property
    def sha256(self) -> str:
        """Digest of the plan: what was built for another one is never taken for this one's."""
        return hashlib.sha256(json.dumps(asdict(self)).encode()).hexdigest()


def claim(out: Path, plan: Plan) -> None:
    """
    Makes *out* the folder of this plan, or finds that it is already.

    Raises:
        UsageError: The folder holds another world, or files that are not casekit's.
        DataError: The folder cannot be written to.
    """
    with kept_safe(out):
        if out.exists() and not out.is_dir():
            raise UsageError(f"{out} is a file. Name a folder: --out DIR")
        told = read_json(out / PLAN_NAME)
        if told == asdict(plan):
            return
        out.mkdir(parents=True, exist_ok=True)
        with sole(out):
            _settle(out, plan)


@contextmanager
def sole(out: Path, wait_s: float = FINISHING_WAIT_S) -> Iterator[None]:
    """
    Holds the folder's lock.

    Raises:
        UsageError: Another process holds it for longer than *wait_s* seconds.
    """
    import filelock

    lock = filelock.FileLock(out / LOCK_NAME)
    try:
        lock.acquire(timeout=wait_s)
    except filelock.Timeout as error:
        raise UsageError(
            f"another process is building in {out}. Wait for it, or name another --out."
        ) from error
    try:
        yield
    finally:
        lock.release()


@contextmanager
def kept_safe(out: Path) -> Iterator[None]:
    """
    Turns what a disk or DuckDB refuses into one clear error.

    Raises:
        DataError: The folder is read-only or full, or memory did not suffice.
    """
    import duckdb

    try:
        yield
    except (OSError, duckdb.Error, NotImplementedError) as error:  # the last: a disk that knows no locks
        reason = str(error).split("\n", maxsplit=1)[0]
        said = f"the world cannot be built in {out}: {reason}"
        advice = "Free some space or name a folder you can write to, then type the same command again"
        raise DataError(f"{said}. {advice}: it goes on where it stopped.") from error


@contextmanager
def placed(path: Path) -> Iterator[Path]:
    """A temporary name beside *path*; what is written there moves to *path* when all went well."""
    partial = path.with_name(f"{path.name}.{uuid4().hex[:8]}{TEMPORARY}")
    try:
        path.parent.mkdir(exist_ok=True)
        yield partial
        partial.replace(path)
    finally:
        partial.unlink(missing_ok=True)


@contextmanager
def spilling(out: Path) -> Iterator[Path]:
    """A folder of this process's own, where DuckDB may put what does not fit into memory."""
    spill = out / f"spill-{uuid4().hex[:8]}{TEMPORARY}"
    try:
        yield spill
    finally:
        rmtree(spill, ignore_errors=True)


def read_json(path: Path) -> object:
    """What a JSON file holds; None when it is missing or torn."""
    try:
        return json.loads(path.read_text("utf-8"))
    except (FileNotFoundError, NotADirectoryError, ValueError):
        return None


def write_json(path: Path, told: object) -> None:
    """Writes a JSON file whole or not at all."""
    with placed(path) as partial:
        partial.write_text(json.dumps(told, indent=1) + "\n", "utf-8")


def _settle(out: Path, plan: Plan) -> None:
    told = read_json(out / PLAN_NAME)
    if isinstance(told, dict) and told != asdict(plan):
        raise UsageError(_other_world(out, told, plan))
    if told is None:
        strange = sorted(path.name for path in out.iterdir() if not _is_own(path.name))
        if strange:
            raise UsageError(
                f"{out} already holds files that are not from a build, such as {strange[0]!r}. "
                "Name a new or empty folder: --out DIR"
            )
        write_json(out / PLAN_NAME, asdict(plan))


def _is_own(name: str) -> bool:
    return name.startswith((PLAN_NAME, LOCK_NAME))


def _other_world(out: Path, told: dict[str, object], plan: Plan) -> str:
    asked = asdict(plan)
    differs = [name for name in asked if told.get(name) != asked[name]]
    shown = [f"{name} {told.get(name)!r}, not {asked[name]!r}" for name in differs if name not in UNREADABLE]
    shown += [UNREADABLE[name] for name in differs if name in UNREADABLE]
    said = f"{out} holds another world: {'; '.join(shown)}"
    return f"{said}. Name another folder with --out, or delete this one first."
