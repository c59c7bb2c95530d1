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
    from casekit.world.writing import TableDigest

__all__ = ["Sidecar", "TableInfo", "hash_file", "read_sidecar", "write_sidecar"]


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
    """

    engine: int
    source_sha256: str
    file_sha256: str
    digest: str
    tables: tuple[TableInfo, ...]

    @classmethod
    def of(
        cls,
        engine: int,
        source_sha256: str,
        file_sha256: str,
        world: World,
        digests: Iterable[TableDigest],
    ) -> Sidecar:
        """The description of a file just built from *world*."""
        tables = tuple(
            TableInfo(table.name, table.grain, digest.rows, table.columns, digest.sha256)
            for table, digest in zip(world.tables, digests, strict=True)
        )
        whole = hashlib.sha256("".join(table.sha256 for table in tables).encode()).hexdigest()
        return cls(engine, source_sha256, file_sha256, whole, tables)


def read_sidecar(path: Path) -> Sidecar | None:
    """The sidecar at *path*, or None when it is missing, damaged or of another shape."""
    try:
        told = json.loads(path.read_text("utf-8"))
        tables = tuple(TableInfo(**{**table, "columns": _columns(table)}) for table in told.pop("tables"))
        return Sidecar(**told, tables=tables)
    except (FileNotFoundError, ValueError, TypeError, KeyError, AttributeError):
        return None


def write_sidecar(path: Path, sidecar: Sidecar) -> None:
    """Writes the sidecar under a temporary name and moves it into place."""
    partial = path.with_suffix(".tmp.json")
    partial.write_text(json.dumps(asdict(sidecar), indent=1) + "\n", "utf-8")
    partial.replace(path)


def hash_file(path: Path) -> str:
    """SHA-256 of the file's bytes."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _columns(table: dict[str, Any]) -> tuple[ColumnSpec, ...]:
    return tuple(ColumnSpec(**{**column, "values": tuple(column["values"])}) for column in table["columns"])
