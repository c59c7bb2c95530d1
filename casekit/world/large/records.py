"""What is written down about each finished chunk: without a valid record, a chunk does not count."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from casekit.world.chunks import DrawnChunk
from casekit.world.declare import Entry
from casekit.world.digests import TableDigest
from casekit.world.large.plan import Plan, read_json, write_json
from casekit.world.ledger import entries_of
from casekit.world.sidecar import hash_file

__all__ = ["ChunkRecord", "FileMark", "data_path", "find_record", "keep_record", "record_of", "told_record"]

RECORDS = "chunk-records"  # a table's name has no hyphen, so no table's folder is called this


@dataclass(frozen=True)
class FileMark:
    """How to tell that a file is still the one that was written."""

    bytes: int
    sha256: str

    @classmethod
    def of(cls, path: Path) -> FileMark:
        """The mark of a file as it is now."""
        return cls(path.stat().st_size, hash_file(path))

    def fits(self, path: Path, thorough: bool) -> bool:
        """True when the file is there with its size and, if asked thoroughly, its content."""
        if not path.is_file() or path.stat().st_size != self.bytes:
            return False
        return not thorough or hash_file(path) == self.sha256


@dataclass(frozen=True)
class ChunkRecord:
    """
    One chunk, written.

    Attributes:
        plan: Digest of the plan it was built for.
        people: How many people it holds.
        blocks: For each block, the digests of the tables that came with it.
        ledger: What the twists did in it.
        files: The Parquet file of each table; empty where the chunk went into a DuckDB file.
    """

    plan: str
    chunk: int
    people: int
    blocks: tuple[tuple[TableDigest, ...], ...]
    ledger: tuple[Entry, ...]
    files: Mapping[str, FileMark]

    @property
    def rows(self) -> int:
        """Rows over all tables."""
        return sum(digest.rows for block in self.blocks for digest in block)


def record_of(plan: Plan, drawn: DrawnChunk, files: Mapping[str, FileMark]) -> ChunkRecord:
    """The record of a chunk just written."""
    chunk = drawn.chunk
    return ChunkRecord(plan.sha256, chunk.number, chunk.people, drawn.digests, drawn.ledger, files)


def told_record(told: Any, plan: Plan) -> ChunkRecord | None:
    """The record that JSON holds, or None when it is torn or belongs to another plan."""
    try:
        record = ChunkRecord(
            plan=told["plan"],
            chunk=told["chunk"],
            people=told["people"],
            blocks=tuple(tuple(TableDigest(**table) for table in block) for block in told["blocks"]),
            ledger=entries_of(told["ledger"]),
            files={name: FileMark(**mark) for name, mark in told["files"].items()},
        )
    except (KeyError, TypeError, AttributeError):
        return None
    return record if record.plan == plan.sha256 else None


def find_record(out: Path, plan: Plan, number: int, *, thorough: bool = False) -> ChunkRecord | None:
    """The record of a chunk whose files are all there, or None: then it has to be built."""
    record = told_record(read_json(_record_path(out, number)), plan)
    if record is None or record.chunk != number or not record.files:
        return None
    marks = ((data_path(out, table, number), mark) for table, mark in record.files.items())
    return record if _all_fit(marks, thorough) else None


def keep_record(out: Path, record: ChunkRecord) -> None:
    """Writes the record; from now on the chunk counts."""
    write_json(_record_path(out, record.chunk), asdict(record))


def data_path(out: Path, table: str, number: int) -> Path:
    """Where a chunk's rows of a table lie; names sort as chunks do."""
    return out / table / f"chunk-{number:05d}.parquet"


def _record_path(out: Path, number: int) -> Path:
    return out / RECORDS / f"chunk-{number:05d}.json"


def _all_fit(marks: Iterable[tuple[Path, FileMark]], thorough: bool) -> bool:
    return all(mark.fits(path, thorough) for path, mark in marks)
