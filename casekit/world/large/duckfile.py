"""Large worlds as one DuckDB file, which remembers inside itself how far it is until it is whole."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path

import duckdb

from casekit.world.chunks import DrawnChunk
from casekit.world.columns import quoted
from casekit.world.declare import World
from casekit.world.digests import TableDigest
from casekit.world.drawing import digest_rollups, insert_chunk
from casekit.world.large.plan import Plan, spilling
from casekit.world.large.records import ChunkRecord, record_of, told_record
from casekit.world.rollups import fill_rollups
from casekit.world.writing import attached, create_tables

__all__ = ["GrowingFile", "file_path", "growing"]

MEMORY_LIMIT = "1500MB"  # with the chunks beside it, the process stays below 2 GiB
PROGRESS = '"casekit progress"'  # a name no table can have


class GrowingFile:
    """
    A DuckDB file that is not whole yet: each chunk goes in with its record, both or neither.

    Attributes:
        records: The chunks that are in, from the first on; a killed build goes on behind them.
    """

    def __init__(self, con: duckdb.DuckDBPyConnection, plan: Plan, world: World) -> None:
        self.con, self.plan, self.world = con, plan, world
        self.records = _records(con, plan)

    def write(self, drawn: DrawnChunk) -> ChunkRecord:
        """Appends a chunk and its record in one transaction."""
        record = record_of(self.plan, drawn, {})
        self.con.execute("BEGIN")
        insert_chunk(self.con, self.world, drawn)
        told = json.dumps(asdict(record))
        self.con.execute(f"INSERT INTO {PROGRESS} VALUES (?, ?)", [record.chunk, told])
        self.con.execute("COMMIT")
        self.records.append(record)
        return record

    def finish(self) -> tuple[TableDigest, ...]:
        """
        Computes the rollups, and forgets the records: from now on the file is a dataset like any other.

        Raises:
            AuthorError: A rollup fails.
        """
        fill_rollups(self.con, self.world, self.plan.case)
        rollups = tuple(digest_rollups(self.con, self.world))
        self.con.execute("CHECKPOINT")
        self.con.execute(f"DROP TABLE {PROGRESS}")
        return rollups


def file_path(out: Path, plan: Plan) -> Path:
    """The DuckDB file of a whole world."""
    return out / f"{plan.stem}.duckdb"


@contextmanager
def growing(out: Path, plan: Plan, world: World, memory_limit: str = "") -> Iterator[GrowingFile]:
    """
    The file under its temporary name; it moves into place once it is finished.

    A file that a killed build left is taken up again; one that cannot be, is begun anew.
    """
    partial = out / f"{plan.stem}.building.duckdb"
    goes_on = _can_go_on(partial, plan)
    if not goes_on:
        for left in (partial, partial.with_name(f"{partial.name}.wal")):
            left.unlink(missing_ok=True)
    with spilling(out) as spill:
        settings = {"memory_limit": memory_limit or MEMORY_LIMIT, "temp_directory": str(spill)}
        with attached(partial, **settings) as con:
            if not goes_on:
                _begin(con, world)
            yield GrowingFile(con, plan, world)
    path = file_path(out, plan)
    path.with_name(f"{path.name}.wal").unlink(missing_ok=True)
    partial.replace(path)


def _begin(con: duckdb.DuckDBPyConnection, world: World) -> None:
    con.execute("BEGIN")
    create_tables(con, world)
    con.execute(f"CREATE TABLE {PROGRESS} (chunk INTEGER, record VARCHAR)")
    con.execute("COMMIT")


def _can_go_on(partial: Path, plan: Plan) -> bool:
    """True for a file of this plan; it is only read, so that a full disk is not taken for damage."""
    if not partial.is_file():
        return False
    try:
        with duckdb.connect() as con:
            con.execute(f"ATTACH {quoted(str(partial))} AS built (READ_ONLY)")
            con.execute("USE built")
            records = _records(con, plan)
    except duckdb.Error:
        return False
    return [record.chunk for record in records] == list(range(len(records)))


def _records(con: duckdb.DuckDBPyConnection, plan: Plan) -> list[ChunkRecord]:
    told = con.execute(f"SELECT record FROM {PROGRESS} ORDER BY chunk").fetchall()
    found = [told_record(json.loads(text), plan) for (text,) in told]
    return [record for record in found if record is not None]
