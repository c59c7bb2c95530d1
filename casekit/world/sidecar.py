"""The small JSON file beside each dataset: what it is, what built it, and how to tell it is whole."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from casekit.world.declare import ColumnSpec, World

if TYPE_CHECKING:
    from casekit.world.digests import TableDigest

__all__ = [
    "Sidecar",
    "TableInfo",
    "describe_tables",
    "digest_world",
    "hash_file",
    "place_text",
    "read_sidecar",
    "tables_of",
    "write_sidecar",
]


@dataclass(frozen=True)
class TableInfo:
    """
    One table as it stands in a dataset.

    Attributes:
        grain: What one row is.
        rows: How many rows it has.
        sha256: Digest of its content.
    """

    name: str
    grain: str
    rows: int
    columns: tuple[ColumnSpec, ...]
    sha256: str = ""


@dataclass(frozen=True)
class Sidecar:
    """
    What is known about a dataset without opening it.

    Attributes:
        engine: Version of the engine that built it.
        source_sha256: Digest of the ``world.py`` it was built from.
        file_sha256: Digest of the file itself; differs from build to build.
        digest: Digest of the content of all tables; the same for every build.
        truth_sha256: Digest of the ledger's file beside it; empty for a world without twists.
    """

    engine: int
    source_sha256: str
    file_sha256: str
    digest: str
    tables: tuple[TableInfo, ...]
    truth_sha256: str = ""

    @classmethod
    def of(  # noqa: PLR0913  what it describes, part by part
        cls,
        world: World,
        digests: Iterable[TableDigest],
        *,
        engine: int,
        source_sha256: str,
        file_sha256: str,
        truth_sha256: str = "",
    ) -> Sidecar:
        """The description of a file just built from *world*."""
        tables = describe_tables(world, digests)
        return cls(engine, source_sha256, file_sha256, digest_world(tables), tables, truth_sha256)


def describe_tables(world: World, digests: Iterable[TableDigest]) -> tuple[TableInfo, ...]:
    """The tables of *world* as they stand in a dataset with these digests."""
    return tuple(
        TableInfo(table.name, table.grain, digest.rows, table.columns, digest.sha256)
        for table, digest in zip(world.tables, digests, strict=True)
    )


def digest_world(tables: Iterable[TableInfo]) -> str:
    """SHA-256 over the content of all tables."""
    return hashlib.sha256("".join(table.sha256 for table in tables).encode()).hexdigest()


def read_sidecar(path: Path) -> Sidecar | None:
    """The sidecar at *path*, or None when it is missing, damaged or of another shape."""
    try:
        told = json.loads(path.read_text("utf-8"))
        return Sidecar(**{**told, "tables": tables_of(told["tables"])})
    except (FileNotFoundError, ValueError, TypeError, KeyError, AttributeError):
        return None


def write_sidecar(path: Path, sidecar: Sidecar) -> None:
    """Writes the sidecar under a temporary name and moves it into place."""
    place_text(path, path.with_suffix(".tmp.json"), json.dumps(asdict(sidecar), indent=1) + "\n")


def place_text(path: Path, partial: Path, text: str) -> None:
    """Writes *text* under the name *partial* and moves it to *path*: nobody ever reads half of it."""
    partial.write_text(text, "utf-8")
    partial.replace(path)


def tables_of(told: Iterable[dict[str, Any]]) -> tuple[TableInfo, ...]:
    """The tables that *told* writes down, as read from JSON."""
    return tuple(TableInfo(**{**table, "columns": _columns(table)}) for table in told)


def hash_file(path: Path) -> str:
    """SHA-256 of the file's bytes."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _columns(table: dict[str, Any]) -> tuple[ColumnSpec, ...]:
    return tuple(ColumnSpec(**{**column, "values": tuple(column["values"])}) for column in table["columns"])
