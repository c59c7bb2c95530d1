"""Builds a world of any size into a folder, in parts if asked, and goes on where it stopped."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable, Sequence
from contextlib import closing
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from casekit.world.chunks import Chunk, WorldKey, blocks_a_chunk, chunks_of, draw_ahead, draw_chunk, part_of
from casekit.world.declare import World
from casekit.world.large.asked import check_chunk_blocks, check_format, check_memory, check_parts
from casekit.world.large.manifest import Manifest, find_manifest, forget_manifest, keep_manifest
from casekit.world.large.plan import Format, Plan, claim, kept_safe, sole
from casekit.world.large.records import ChunkRecord, FileMark, find_record
from casekit.world.large.soundness import tell_rows
from casekit.world.loading import WorldSource, load_world, read_source
from casekit.world.shelf import check_people, check_seed, check_slug
from casekit.world.sidecar import TableInfo
from casekit.world.store import ENGINE_VERSION

__all__ = ["LargeBuild", "Standing", "build_large"]

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
    check_format(format, part, dask)
    check_memory(memory_limit)
    check_chunk_blocks(chunk_blocks)
    source = read_source(case_folder, slug)
    world = load_world(source, slug)
    check_parts(world, slug, part, dask)
    each = chunk_blocks or blocks_a_chunk(world, WorldKey(slug, seed, people))
    plan = Plan(slug, seed, people, format, ENGINE_VERSION, source.sha256, each)
    chunks = chunks_of(world, people, each)
    tell = on_progress or (lambda _: None)
    request = _Request(out, source, world, plan, chunks, part_of(chunks, part), memory_limit, dask, tell)
    claim(out, plan)
    with kept_safe(out):
        return _build_file(request) if format == "duckdb" else _build_parquet(request)


def _build_parquet(request: _Request) -> LargeBuild:
    from casekit.world.large.parquet import check_strangers

    check_strangers(request.out, request.world, request.chunks)
    manifest = _manifest(request)
    found = _found(request)
    known = _sound_records(request, request.mine)
    if manifest and len(found) == len(request.chunks) and not tell_rows(found, manifest):
        known = {}  # nobody knows which of them is wrong
    todo = [chunk for chunk in request.mine if chunk.number not in known]
    if manifest and not todo and manifest.fits(request.out) and len(found) == len(request.chunks):
        return _whole(request.out, manifest, 0)
    if manifest:
        forget_manifest(request.out)
    _follow(request, known.values(), _write_parquet(request, todo))
    return _finish_parquet(request, len(todo))


def _manifest(request: _Request) -> Manifest | None:
    """The manifest of this very world, if the folder has one."""
    found = find_manifest(request.out)
    return found if found and found.plan == request.plan else None


def _sound_records(request: _Request, chunks: Iterable[Chunk]) -> dict[int, ChunkRecord]:
    """The records of those chunks whose files are as they were written, down to the last byte."""
    found = (find_record(request.out, request.plan, chunk.number, thorough=True) for chunk in chunks)
    return {record.chunk: record for record in found if record}


def _found(request: _Request) -> list[ChunkRecord]:
    """The records of all chunks of the world that are there, whoever built them."""
    found = (find_record(request.out, request.plan, chunk.number) for chunk in request.chunks)
    return [record for record in found if record]


def _write_parquet(request: _Request, todo: Sequence[Chunk]) -> Generator[ChunkRecord, None, None]:
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
    if missing := len(request.chunks) - len(_found(request)):
        return LargeBuild(request.out, built, missing, "", ())
    with sole(request.out):
        manifest = _manifest(request)
        if manifest is None:
            _finishing(request)
            built += _mend_others(request)
            manifest = _compute_rest(request)
    return _whole(request.out, manifest, built)


def _mend_others(request: _Request) -> int:
    """Builds what other parts brought and is torn, and says how many chunks; this part's own are sound."""
    mine = {chunk.number for chunk in request.mine}
    others = [chunk for chunk in request.chunks if chunk.number not in mine]
    sound = _sound_records(request, others)
    return sum(1 for _ in _write_parquet(request, [chunk for chunk in others if chunk.number not in sound]))


def _compute_rest(request: _Request) -> Manifest:
    from casekit.world.large.parquet import finish, writer

    with writer(request.out, request.world, request.memory_limit) as con:
        return finish(con, request.out, request.plan, request.world, _found(request))


def _build_file(request: _Request) -> LargeBuild:
    from casekit.world.drawing import join_world
    from casekit.world.large.duckfile import file_path, growing

    out, plan, world = request.out, request.plan, request.world
    path = file_path(out, plan)
    manifest = _manifest(request)
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
        manifest = keep_manifest(out, plan, len(file.records), world, drawn, {path.name: FileMark.of(path)})
    return _whole(path, manifest, len(todo))


def _follow(
    request: _Request, known: Iterable[ChunkRecord], written: Generator[ChunkRecord, None, None]
) -> None:
    """Drives the build, and tells after each chunk how far it is."""
    everyone = sum(chunk.people for chunk in request.mine)
    people, rows = sum(record.people for record in known), 0
    request.tell(Standing(people, everyone, rows, "building"))
    with closing(written):  # whatever stops this also ends the thread that draws
        for record in written:
            people, rows = people + record.people, rows + record.rows
            request.tell(Standing(people, everyone, rows, "building"))


def _finishing(request: _Request) -> None:
    everyone = sum(chunk.people for chunk in request.mine)
    request.tell(Standing(everyone, everyone, 0, "finishing"))


def _whole(path: Path, manifest: Manifest, built: int) -> LargeBuild:
    return LargeBuild(path, built, 0, manifest.digest, manifest.tables)
