"""Large worlds as Parquet: a file a chunk and table, with views over them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from glob import escape
from pathlib import Path
from shutil import rmtree

import duckdb

from casekit.errors import UsageError
from casekit.world.chunks import Chunk, DrawnChunk
from casekit.world.columns import quoted, sql_name
from casekit.world.declare import TableSpec, World
from casekit.world.digests import TableDigest
from casekit.world.drawing import join_world
from casekit.world.large.manifest import Manifest, keep_manifest
from casekit.world.large.plan import TEMPORARY, Plan, placed, spilling
from casekit.world.large.records import ChunkRecord, FileMark, data_path, keep_record, record_of
from casekit.world.rollups import digest_relation, rollup_select, run_authors
from casekit.world.writing import copy_rows, create_types

__all__ = ["check_strangers", "finish", "views_sql", "write_chunk", "writer"]

MEMORY_LIMIT = "256MB"
VIEWS_NAME = "views.sql"


@contextmanager
def writer(out: Path, world: World, memory_limit: str = "") -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection that writes the Parquet files of *world*, in bounded memory."""
    with spilling(out) as spill:
        limits = {"memory_limit": memory_limit or MEMORY_LIMIT, "temp_directory": str(spill)}
        with duckdb.connect(config={"threads": 1, **limits}) as con:
            create_types(con, world)
            yield con


def write_chunk(
    con: duckdb.DuckDBPyConnection, out: Path, plan: Plan, world: World, drawn: DrawnChunk
) -> ChunkRecord:
    """Writes a chunk's files under temporary names, moves them into place, and writes its record last."""
    files = {}
    for table in world.tables:
        if table.name in drawn.rows:
            with placed(data_path(out, table.name, drawn.chunk.number)) as partial:
                copy_rows(con, table, drawn.rows[table.name], partial)
                files[table.name] = FileMark.of(partial)
    record = record_of(plan, drawn, files)
    keep_record(out, record)
    return record


def finish(
    con: duckdb.DuckDBPyConnection, out: Path, plan: Plan, world: World, records: Sequence[ChunkRecord]
) -> Manifest:
    """
    Computes the rollups over all chunks and writes views, ledger and manifest.

    Raises:
        AuthorError: A rollup fails.
    """
    for left in out.rglob(f"*{TEMPORARY}"):  # what killed builders left
        rmtree(left) if left.is_dir() else left.unlink(missing_ok=True)
    con.execute(views_sql((table.name for table in world.tables if not table.rollup), out))
    rollups, files = [], {}
    for table in world.tables:
        if table.rollup:
            rollups.append(_write_rollup(con, out, table, plan.case))
            path = data_path(out, table.name, 0)
            files[f"{table.name}/{path.name}"] = FileMark.of(path)
    with placed(out / VIEWS_NAME) as partial:
        partial.write_text(views_sql(table.name for table in world.tables), "utf-8")
    blocks = [block for record in records for block in record.blocks]
    drawn = join_world(world, blocks, (record.ledger for record in records), rollups)
    return keep_manifest(out, plan, world, drawn, files)


def views_sql(names: Iterable[str], out: Path | None = None) -> str:
    """SQL that makes a view over the files of each table: those under *out*, or under the current folder."""
    return "".join(_view_sql(name, f"{_as_pattern(out)}/" if out else "") for name in names)


def _view_sql(name: str, prefix: str) -> str:
    files = quoted(f"{prefix}{name}/*.parquet")
    return f"CREATE OR REPLACE VIEW {sql_name(name)} AS FROM read_parquet({files});\n"


def _as_pattern(path: Path) -> str:
    """The path as DuckDB takes it, which reads [old] in a name as a pattern."""
    return escape(str(path.resolve()))


def check_strangers(out: Path, world: World, chunks: Sequence[Chunk]) -> None:
    """
    Lets a folder pass in which the views find nothing but the files of this build.

    Raises:
        UsageError: A table's folder holds another Parquet file.
    """
    for table in world.tables:
        own = {data_path(out, table.name, chunk.number) for chunk in chunks}
        for path in sorted((out / table.name).glob("*.parquet")):
            if path not in own:
                raise UsageError(
                    f"{path} is not from this build. Move it away, or name another folder: --out DIR"
                )


def _write_rollup(con: duckdb.DuckDBPyConnection, out: Path, table: TableSpec, slug: str) -> TableDigest:
    path = data_path(out, table.name, 0)
    select = rollup_select(con, table, slug)
    with placed(path) as partial:
        into = f"TO {quoted(str(partial))} (FORMAT parquet, COMPRESSION zstd)"
        run_authors(con, f"COPY ({select}) {into}", table, slug)
    con.execute(views_sql([table.name], out))
    relation = f"read_parquet({quoted(_as_pattern(path))}, file_row_number = true)"
    return digest_relation(con, table, relation, "file_row_number")
