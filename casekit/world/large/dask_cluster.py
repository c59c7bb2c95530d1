"""Chunks built by the workers of a Dask cluster, each of which needs nothing but the case's own files."""

from __future__ import annotations

import atexit
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from functools import lru_cache
from pathlib import Path
from shutil import rmtree
from tempfile import mkdtemp
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from casekit.errors import AuthorError, CasekitError, DataError, Problem, UsageError
from casekit.world.chunks import Chunk, chunks_of, draw_chunk
from casekit.world.declare import World
from casekit.world.large.parquet import write_chunk, writer
from casekit.world.large.plan import Plan, kept_safe
from casekit.world.large.records import ChunkRecord, find_record
from casekit.world.loading import load_world, read_source

if TYPE_CHECKING:
    from distributed import Client

__all__ = ["build_on_dask"]

ANSWER_S = 10  # how long a scheduler may take to answer, and to have a first worker
MOST_BYTES = 1_000_000  # of a file that world.py may read; nothing beside it is larger

Files = tuple[tuple[str, bytes], ...]


def build_on_dask(
    address: str, case_folder: Path, out: Path, plan: Plan, chunks: Sequence[Chunk]
) -> Iterator[ChunkRecord]:
    """
    The record of each chunk as workers finish it; a killed worker's chunks are built by the others.

    Raises:
        UsageError: Dask is not installed, nothing answers at *address*, or the workers do not share *out*.
        DataError: A worker could not write, or chunks keep killing workers.
        AuthorError: The case's ``world.py`` is broken.
    """
    files = _files_of(case_folder)
    with _client(address) as client:
        from distributed import as_completed

        run = uuid4().hex[:8]  # a name of its own: the scheduler may remember an earlier run
        futures = {
            client.submit(
                build_far,
                files,
                asdict(plan),
                chunk.number,
                str(out.resolve()),
                key=f"casekit-{run}-{chunk.number}",
            ): chunk
            for chunk in chunks
        }
        for future in as_completed(futures, loop=client.loop):
            yield _record(future, out, plan, futures[future])


def build_far(files: Files, told: dict[str, Any], number: int, out: str) -> tuple[Problem, ...]:
    """
    Builds one chunk on a worker; a pure function of its arguments, so that it may run twice.

    Gives the problems of the case, if it has any: an AuthorError does not travel between processes.
    """
    plan, folder = Plan(**told), Path(out)
    if find_record(folder, plan, number):
        return ()
    try:
        world = _world(plan.case, files)
        chunk = chunks_of(world, plan.people, plan.chunk_blocks)[number]
        with kept_safe(folder), writer(folder, world) as con:
            write_chunk(con, folder, plan, world, draw_chunk(world, plan.key, chunk))
    except AuthorError as error:
        return error.problems
    return ()


def _client(address: str) -> Client:
    try:
        from distributed import Client
    except ImportError as error:
        raise UsageError("--dask needs one package more. Type: pip install 'casekit[scale]'") from error
    try:
        client = Client(address, timeout=ANSWER_S, set_as_default=False)
    except (OSError, ValueError) as error:  # a TimeoutError is an OSError
        raise _no_cluster(f"no Dask scheduler answers at {address!r}") from error
    try:
        client.wait_for_workers(1, timeout=ANSWER_S)
    except TimeoutError as error:
        client.close()
        raise _no_cluster(f"the Dask scheduler at {address!r} has no workers") from error
    return client


def _no_cluster(said: str) -> UsageError:
    return UsageError(f"{said}. Start one with a worker, and type its address: --dask tcp://localhost:8786")


def _record(future: Any, out: Path, plan: Plan, chunk: Chunk) -> ChunkRecord:
    error = future.exception()
    if isinstance(error, CasekitError):
        raise error
    if error is not None:
        said = f"a Dask worker failed on chunk {chunk.number}: {type(error).__name__}: {error}"
        raise DataError(f"{said}. Workers need the same casekit: pip install 'casekit[scale]'")
    if future.result():
        raise AuthorError(plan.case, future.result())
    record = find_record(out, plan, chunk.number)
    if record is None:
        said = f"a Dask worker built chunk {chunk.number}, and it is not in {out}"
        raise UsageError(f"{said}. Name a folder with --out that all workers share.")
    return record


def _files_of(case_folder: Path) -> Files:
    """The files beside ``world.py``, which it may read; the answers lie deeper and stay at home."""
    paths = sorted(
        path for path in case_folder.iterdir() if path.is_file() and path.stat().st_size < MOST_BYTES
    )
    return tuple((path.name, path.read_bytes()) for path in paths)


@lru_cache(maxsize=1)
def _world(slug: str, files: Files) -> World:
    """The case's world, from a copy of its files that stays as long as the worker: it may read them late."""
    folder = Path(mkdtemp(prefix="casekit-"))
    atexit.register(rmtree, folder, ignore_errors=True)
    for name, text in files:
        (folder / name).write_bytes(text)
    return load_world(read_source(folder, slug), slug)
