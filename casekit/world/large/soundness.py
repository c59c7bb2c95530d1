"""Whether a large world is still as it was built: every file there, with its size and its content."""

from __future__ import annotations

import shlex
from collections.abc import Iterable, Iterator
from pathlib import Path

from casekit.errors import UsageError
from casekit.world.large.manifest import Manifest
from casekit.world.large.plan import Plan
from casekit.world.large.records import ChunkRecord, data_path, find_record

__all__ = ["check_sound", "tell_rows"]


def check_sound(out: Path, manifest: Manifest, *, thorough: bool) -> None:
    """
    Lets a folder pass that holds what its manifest says, and nothing that would be read beside it.

    Of the files of chunks the sizes are compared, and if *thorough* their digests too; of all others, the
    DuckDB file among them, the digests always.

    Raises:
        UsageError: Something is missing, changed or strange; the message names it.
    """
    for fault in _faults(out, manifest, thorough):
        said = f"{out} is not the whole world that was built there: {fault}"
        raise UsageError(f"{said}. Run the same build again, it mends that: {_command(out, manifest.plan)}")


def _faults(out: Path, manifest: Manifest, thorough: bool) -> Iterator[str]:
    for name, mark in manifest.files.items():
        if not mark.fits(out / name, thorough=True):
            yield f"{name} is missing or changed"
        if (out / f"{name}.wal").exists():
            yield f"{name} was opened for writing"
    if manifest.plan.format == "parquet":
        yield from _chunk_faults(out, manifest, thorough)


def _chunk_faults(out: Path, manifest: Manifest, thorough: bool) -> Iterator[str]:
    records: list[ChunkRecord] = []
    for number in range(manifest.chunks):
        record = find_record(out, manifest.plan, number, thorough=thorough)
        if record is None:
            yield f"a file or the record of chunk {number} is missing or changed"
        else:
            records.append(record)
    if not tell_rows(records, manifest):
        yield "the records of its chunks are not those it was made whole with"
    own = {data_path(out, table, record.chunk) for record in records for table in record.files}
    own |= {out / name for name in manifest.files}
    for table in manifest.tables:
        strange = set((out / table.name).glob("*.parquet")) - own
        yield from (f"move {path} away, it is not from this build" for path in sorted(strange))


def tell_rows(records: Iterable[ChunkRecord], manifest: Manifest) -> bool:
    """True when the records of all chunks tell the rows of the manifest: their digests join to its own."""
    from casekit.world.digests import TableDigest, join_digests

    blocks: dict[str, list[TableDigest]] = {}
    for digest in (digest for record in records for block in record.blocks for digest in block):
        blocks.setdefault(digest.name, []).append(digest)
    told = {table.name: table.sha256 for table in manifest.tables}
    return all(told.get(name) == join_digests(digests).sha256 for name, digests in blocks.items())


def _command(out: Path, plan: Plan) -> str:
    where = f"--out {shlex.quote(str(out))} --format {plan.format}"
    return f"casekit data build {plan.case} --users {plan.people} --seed {plan.seed} {where}"
