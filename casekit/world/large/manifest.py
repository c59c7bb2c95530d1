"""The manifest of a large world: written last, so a folder without one is never taken for whole."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from casekit.errors import UsageError
from casekit.world.declare import Entry, World
from casekit.world.large.plan import Plan, placed, read_json, write_json
from casekit.world.large.records import FileMark
from casekit.world.ledger import TRUTH_NAME, truth_text
from casekit.world.sidecar import TableInfo, describe_tables, digest_world, tables_of

if TYPE_CHECKING:
    from casekit.world.drawing import DrawnWorld

__all__ = ["Manifest", "find_manifest", "forget_manifest", "keep_manifest", "read_manifest"]

MANIFEST_NAME = "manifest.json"


@dataclass(frozen=True)
class Manifest:
    """
    A whole large world.

    Attributes:
        plan: What was built.
        digest: SHA-256 over the content of every table: equal on every machine, in every format.
        tables: Every table, with its rows and digest.
        columns: For each table the digest of each column.
        files: The files that belong to no chunk, by their name in the folder.
    """

    plan: Mapping[str, Any]
    digest: str
    tables: tuple[TableInfo, ...]
    columns: Mapping[str, Mapping[str, str]]
    files: Mapping[str, FileMark]

    def fits(self, out: Path) -> bool:
        """True when the files that belong to no chunk are as they were written, down to the last byte."""
        return all(
            mark.fits(out / name, thorough=True) and not (out / f"{name}.wal").exists()
            for name, mark in self.files.items()
        )


def keep_manifest(
    out: Path, plan: Plan, world: World, drawn: DrawnWorld, files: Mapping[str, FileMark]
) -> Manifest:
    """Writes the ledger, if the world has twists, and then the manifest; from now on the folder is whole."""
    tables = describe_tables(world, drawn.digests)
    columns = {digest.name: digest.columns for digest in drawn.digests}
    kept = {**files, **_keep_truth(out, plan, drawn.ledger)}
    manifest = Manifest(asdict(plan), digest_world(tables), tables, columns, kept)
    write_json(out / MANIFEST_NAME, asdict(manifest))
    return manifest


def find_manifest(out: Path) -> Manifest | None:
    """The manifest of a whole folder, or None."""
    told: Any = read_json(out / MANIFEST_NAME)
    try:
        files = {name: FileMark(**mark) for name, mark in told["files"].items()}
        return Manifest(**{**told, "tables": tables_of(told["tables"]), "files": files})
    except (KeyError, TypeError, AttributeError):
        return None


def read_manifest(out: Path) -> Manifest:
    """
    The manifest of a whole folder.

    Raises:
        UsageError: The folder holds no large world, or not all of one.
    """
    manifest = find_manifest(out)
    if manifest is None:
        raise UsageError(f"{out} holds no whole world. Type: casekit data build CASE --users N --out {out}")
    return manifest


def forget_manifest(out: Path) -> None:
    """Takes the manifest away: something is missing, so the folder is whole no more."""
    (out / MANIFEST_NAME).unlink(missing_ok=True)


def _keep_truth(out: Path, plan: Plan, ledger: tuple[Entry, ...]) -> dict[str, FileMark]:
    if not ledger:
        return {}
    name = TRUTH_NAME if plan.format == "parquet" else f"{plan.stem}.{TRUTH_NAME}"
    with placed(out / name) as partial:
        partial.write_text(truth_text(ledger), "utf-8")
    return {name: FileMark.of(out / name)}
