"""Keeps each dataset as a file that is whole and up to date, or builds it again."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from casekit.errors import UnknownName
from casekit.world.chunks import WorldKey
from casekit.world.declare import Entry, World
from casekit.world.ledger import truth_path, truth_text
from casekit.world.loading import WorldSource, load_world, read_source
from casekit.world.shelf import FOLDER_VARIABLE, MOST_SHOWN, Shelf, check_seed, check_slug, is_file_word
from casekit.world.sidecar import Sidecar, TableInfo, hash_file, place_text, read_sidecar, write_sidecar

__all__ = ["Dataset", "TableInfo", "data_directory", "ensure_dataset"]

ENGINE_VERSION = 2  # raise it when a draw or the way rows are written changes

Progress = Callable[[float, str], None]


@dataclass(frozen=True)
class Dataset:
    """
    A dataset on disk, verified.

    Attributes:
        path: The DuckDB file; attach it read-only.
        digest: SHA-256 over the content of every table: equal on every machine for one seed and size.
        rebuilt: True when this call built the file.
        why: Why it was built; empty when it was not.
    """

    path: Path
    slug: str
    seed: int
    size: str
    digest: str
    tables: tuple[TableInfo, ...]
    rebuilt: bool
    why: str


def data_directory() -> Path:
    """Where datasets are kept: ``$CASEKIT_DATA``, else the workbook's ``data``, else the user's cache."""
    named = os.environ.get(FOLDER_VARIABLE)
    if named:
        return Path(named).expanduser()
    here = Path.cwd()
    for folder in (here, *here.parents):
        if (folder / "data" / "manifest.json").is_file():
            return folder / "data"
    import platformdirs

    return platformdirs.user_cache_path("casekit")


def ensure_dataset(  # noqa: PLR0913  one door, told apart by keyword
    case_folder: Path,
    slug: str,
    *,
    seed: int = 7,
    size: str = "default",
    data_dir: Path | None = None,
    on_progress: Progress | None = None,
) -> Dataset:
    """
    The dataset of a case, verified; built first when it is missing, damaged or outdated.

    Args:
        case_folder: The folder that holds ``world.py``.
        slug: The case's slug.
        seed: Which people; the story is the same for every seed.
        size: One of the sizes the world declares.
        data_dir: Where to keep the file; ``data_directory()`` when not given.
        on_progress: Called with the share done, 0 to 1, and what is being done.

    Raises:
        DataError: The file cannot be read, built or kept on this machine.
        AuthorError: The case's ``world.py`` is broken.
        UnknownName: The world has no such size.
        UsageError: The slug or the seed is none.
    """
    check_slug(slug)
    check_seed(seed)
    source = read_source(case_folder, slug)
    if not is_file_word(size):  # no world declares such a size, so this only names those there are
        _check_size(load_world(source, slug), size)
    shelf = Shelf(data_dir or data_directory(), f"{slug}-{seed}-{size}")
    request = _Request(slug, seed, size, shelf, on_progress or _silent)
    found, why = _verify(request, source)
    if found is None:
        world = load_world(source, slug)
        _check_size(world, size)
        with shelf.sole_builder():
            found, why = _verify(request, source)  # another process may have built it meanwhile
            if found is None:
                found = replace(_build(request, source, world), rebuilt=True, why=why)
    return found


def _check_size(world: World, size: object) -> None:
    if not isinstance(size, str) or size not in world.sizes:
        raise UnknownName("dataset size", str(size)[:MOST_SHOWN], world.sizes)


@dataclass(frozen=True)
class _Request:
    slug: str
    seed: int
    size: str
    shelf: Shelf
    on_progress: Progress


def _silent(_share: float, _what: str) -> None:
    pass


def _verify(request: _Request, source: WorldSource) -> tuple[Dataset | None, str]:
    """The dataset if its file is whole and up to date, else None and why it is not."""
    try:
        if not request.shelf.path.is_file():
            return None, "there was no dataset yet"
        sidecar = read_sidecar(request.shelf.sidecar)
        why = _fault(request, source, sidecar)
    except OSError as error:
        raise request.shelf.unusable("cannot be read", error) from error
    if why or sidecar is None:
        return None, why
    return _dataset(request, sidecar), ""


def _fault(request: _Request, source: WorldSource, sidecar: Sidecar | None) -> str:
    if sidecar is None:
        return "its description was missing or damaged"
    if sidecar.engine != ENGINE_VERSION:
        return "it was built by another version of casekit"
    if sidecar.source_sha256 != source.sha256:
        return "the case's world.py changed since it was built"
    if sidecar.truth_sha256 and not _is_file(request.shelf.truth, sidecar.truth_sha256):
        return "its ledger of twists was missing or changed"
    if request.shelf.log.exists() or hash_file(request.shelf.path) != sidecar.file_sha256:
        return "the file was damaged or changed"
    return ""


def _is_file(path: Path, sha256: str) -> bool:
    return path.is_file() and hash_file(path) == sha256


def _build(request: _Request, source: WorldSource, world: World) -> Dataset:
    """Builds under temporary names and moves whole files into place: ledger, data, description."""
    from casekit.world.drawing import draw_into

    shelf, key = request.shelf, WorldKey(request.slug, request.seed, world.sizes[request.size])
    with shelf.temporary() as partial:
        drawn = draw_into(partial, world, key, request.on_progress)
        sidecar = Sidecar.of(
            world,
            drawn.digests,
            engine=ENGINE_VERSION,
            source_sha256=source.sha256,
            file_sha256=hash_file(partial),
            truth_sha256=_place_truth(shelf, partial, drawn.ledger),
        )
        shelf.log.unlink(missing_ok=True)
        partial.replace(shelf.path)
        write_sidecar(shelf.sidecar, sidecar)
    request.on_progress(1.0, f"{request.slug} is ready")
    return _dataset(request, sidecar)


def _place_truth(shelf: Shelf, partial: Path, ledger: tuple[Entry, ...]) -> str:
    """Puts the ledger beside the data and gives its digest; a world without twists has none."""
    shelf.truth.unlink(missing_ok=True)
    if not ledger:
        return ""
    place_text(shelf.truth, truth_path(partial), truth_text(ledger))
    return hash_file(shelf.truth)


def _dataset(request: _Request, sidecar: Sidecar) -> Dataset:
    return Dataset(
        path=request.shelf.path,
        slug=request.slug,
        seed=request.seed,
        size=request.size,
        digest=sidecar.digest,
        tables=sidecar.tables,
        rebuilt=False,
        why="",
    )
