"""Builds a world of any size into a folder, in parts if asked, and goes on where it stopped."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from casekit.errors import UsageError
from casekit.world.chunks import Chunk, WorldKey, blocks_a_chunk, chunks_of, draw_ahead, draw_chunk, part_of
from casekit.world.declare import World
from casekit.world.large.manifest import Manifest, find_manifest, forget_manifest, keep_manifest
from casekit.world.large.plan import Format, Plan, claim, kept_safe, sole
from casekit.world.large.records import ChunkRecord, FileMark, find_record
from casekit.world.loading import WorldSource, load_world, read_source
from casekit.world.shelf import check_people, check_seed, check_slug
from casekit.world.sidecar import TableInfo
from casekit.world.store import ENGINE_VERSION

__all__ = ["LargeBuild", "Standing", "build_large"]

FORMATS = ("parquet", "duckdb")
BUILDING_WAIT_S = 1


@dataclass(frozen=True)
class Standing:
    """
    How far a build is.

    Attributes:
        people: People whose rows are there, of those this call has to see to.
        all_people: People this call has to see to.
        rows: Rows written by this call.
        doing: What is being done.
    """

    people: int
    all_people: int
    rows: int
    doing: str


@dataclass(frozen=True)
class LargeBuild:
    """
    What a build left behind.

    Attributes:
        path: The folder, or the DuckDB file in it.
        built: Chunks this call wrote.
        missing: Chunks that other parts still have to bring; 0 when the world is whole.
        digest: SHA-256 over the content of all tables; empty while chunks are missing.
        tables: Every table with its rows and digest; empty while chunks are missing.
    """

    path: Path
    built: int
    missing: int
    digest: str
    tables: tuple[TableInfo, ...]


@dataclass(frozen=True)
class _Request:
    """One call of ``build_large``, checked."""

    out: Path
    source: WorldSource
    world: World
    plan: Plan
    chunks: tuple[Chunk, ...]
    mine: Sequence[Chunk]
    memory_limit: str
    dask: str
    tell: Callable[[Standing], None]


def build_large(  # noqa: PLR0913  one door, told apart by keyword
    case_folder: Path,
    slug: str,
    *,
    people: int,
    out: Path,
    seed: int = 7,
    format: Format = "parquet",  # noqa: A002  the word on the command line
    part: tuple[int, int] | None = None,
    dask: str = "",
    on_progress: Callable[[Standing], None] | None = None,
    memory_limit: str = "",
    chunk_blocks: int = 0,
) -> LargeBuild:
    """
    A world of any size in the folder *out*, verified; what is not there yet is built.

    Args:
        case_folder: The folder that holds ``world.py``.
        slug: The case's slug.
        people: How many people the world has.
        out: The folder for this world and no other; made when it is missing.
        seed: Which people.
        format: ``parquet``: files that many processes may write; ``duckdb``: one file.
        part: Part *i* of *n*, counted from 1: only its share of the chunks is built here.
        dask: Address of a Dask scheduler whose workers build the chunks; they must share *out*.
        on_progress: Told how far the build is, chunk by chunk.
        memory_limit: DuckDB's, for example ``2GB``.
        chunk_blocks: Blocks a chunk; changes files, never rows. 0: as many as make about a million rows.

    Raises:
        UsageError: What is asked for makes no sense, or *out* holds something else.
        DataError: *out* cannot be written to, is full, or memory did not suffice.
        AuthorError: The case's ``world.py`` is broken.
    """
    check_slug(slug)
    check_seed(seed)
    check_people(people)
    _check_format(format, part, dask)
    source = read_source(case_folder, slug)
    world = load_world(source, slug)
    _check_parts(world, slug, part, dask)
    each = chunk_blocks or blocks_a_chunk(world, WorldKey(slug, seed, people))
    plan = Plan(slug, seed, people, format, ENGINE_VERSION, source.sha256, each)
    chunks = chunks_of(world, people, each)
    tell = on_progress or (lambda _: None)
    request = _Request(out, source, world, plan, chunks, part_of(chunks, part), memory_limit, dask, tell)
    claim(out, plan)
    with kept_safe(out):
        return _build_file(request) if format == "duckdb" else _build_parquet(request)


def _check_format(format: str, part: tuple[int, int] | None, dask: str) -> None:  # noqa: A002
    if format not in FORMATS:
        raise UsageError(f"there is no format {format!r}. Type --format parquet or --format duckdb")
    if format == "duckdb" and (part or dask):
        raise UsageError("one process writes a DuckDB file. To build in parts, type --format parquet")


def _check_parts(world: World, slug: str, part: tuple[int, int] | None, dask: str) -> None:
    if world.block == 0 and (part or dask):
        raise UsageError(f"the world of {slug!r} is drawn in one piece. Leave out --part and --dask")


def _build_parquet(request: _Request) -> LargeBuild:
    from casekit.world.large.parquet import check_strangers

    out, plan = request.out, request.plan
    check_strangers(out, request.world, request.chunks)
    manifest = find_manifest(out)
    known = [find_record(out, plan, chunk.number, thorough=manifest is not None) for chunk in request.mine]
    todo = [chunk for chunk, record in zip(request.mine, known, strict=True) if record is None]
    if manifest and not todo and manifest.fits(out):
        return _whole(out, manifest, 0)
    if manifest:
        forget_manifest(out)
    _follow(request, [record for record in known if record], _write_parquet(request, todo))
    return _finish_parquet(request, len(todo))


def _write_parquet(request: _Request, todo: Sequence[Chunk]) -> Iterator[ChunkRecord]:
    if request.dask and todo:
        from casekit.world.large.dask_cluster import build_on_dask

        yield from build_on_dask(request.dask, request.source.path.parent, request.out, request.plan, todo)
    elif todo:
        from casekit.world.large.parquet import write_chunk, writer

        draw = partial(draw_chunk, request.world, request.plan.key)
        with writer(request.out, request.world, request.memory_limit) as con:
            write = partial(write_chunk, con, request.out, request.plan, request.world)
            yield from draw_ahead(draw, write, todo)


def _finish_parquet(request: _Request, built: int) -> LargeBuild:
    """Whoever brings the last chunk computes what needs all of them; two at once do it once."""
    from casekit.world.large.parquet import finish, writer

    out, plan = request.out, request.plan
    found = [find_record(out, plan, chunk.number) for chunk in request.chunks]
    records = [record for record in found if record is not None]
    if len(records) < len(request.chunks):
        return LargeBuild(out, built, len(request.chunks) - len(records), "", ())
    with sole(out):
        manifest = find_manifest(out)
        if manifest is None:
            _finishing(request)
            with writer(out, request.world, request.memory_limit) as con:
                manifest = finish(con, out, plan, request.world, records)
    return _whole(out, manifest, built)


def _build_file(request: _Request) -> LargeBuild:
    from casekit.world.drawing import join_world
    from casekit.world.large.duckfile import file_path, growing

    out, plan, world = request.out, request.plan, request.world
    path = file_path(out, plan)
    manifest = find_manifest(out)
    if manifest and manifest.fits(out):
        return _whole(path, manifest, 0)
    with sole(out, BUILDING_WAIT_S):
        forget_manifest(out)
        with growing(out, plan, world, request.memory_limit) as file:
            todo = request.chunks[len(file.records) :]
            draw = partial(draw_chunk, world, plan.key)
            _follow(request, file.records, draw_ahead(draw, file.write, todo))
            _finishing(request)
            rollups = file.finish()
        blocks = [block for record in file.records for block in record.blocks]
        drawn = join_world(world, blocks, (record.ledger for record in file.records), rollups)
        manifest = keep_manifest(out, plan, world, drawn, {path.name: FileMark.of(path)})
    return _whole(path, manifest, len(todo))


def _follow(request: _Request, known: Sequence[ChunkRecord], written: Iterable[ChunkRecord]) -> None:
    """Drives the build, and tells after each chunk how far it is."""
    everyone = sum(chunk.people for chunk in request.mine)
    people, rows = sum(record.people for record in known), 0
    request.tell(Standing(people, everyone, rows, "building"))
    for record in written:
        people, rows = people + record.people, rows + record.rows
        request.tell(Standing(people, everyone, rows, "building"))


def _finishing(request: _Request) -> None:
    everyone = sum(chunk.people for chunk in request.mine)
    request.tell(Standing(everyone, everyone, 0, "finishing"))


def _whole(path: Path, manifest: Manifest, built: int) -> LargeBuild:
    return LargeBuild(path, built, 0, manifest.digest, manifest.tables)
