"""Large worlds: however they are cut, spread, killed or damaged, they end as the same rows or not at all."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb
import pytest

import casekit
from block_world import BLOCK_WORLD, BLOCKS, PEOPLE, SLUG, write_case
from casekit.errors import AuthorError, DataError, UsageError
from casekit.world import Dataset, ensure_dataset
from casekit.world.chunks import chunks_of, part_of
from casekit.world.large import LargeBuild, build_large, open_large
from casekit.world.ledger import read_truth
from casekit.world.loading import load_world, read_source

ROOT = Path(casekit.__file__).parents[1]
FORMATS = ("parquet", "duckdb")

BUILDER = """
import resource, sys, time
from pathlib import Path
from casekit.errors import CasekitError
from casekit.world.large import build_large

case, out, format, mode, number = Path(sys.argv[1]), Path(sys.argv[2]), *sys.argv[3:6]
part = (int(number), int(sys.argv[6])) if mode == "part" else None
if mode == "full":
    resource.setrlimit(resource.RLIMIT_FSIZE, (int(number), resource.RLIM_INFINITY))

def tell(standing):
    if mode == "hang" and standing.people >= int(number):
        print("there", flush=True)
        time.sleep(600)

try:
    done = build_large(
        case, "toy", people=2_350, out=out, format=format, part=part, chunk_blocks=1, on_progress=tell
    )
    print(done.built, done.missing, done.digest)
except CasekitError as error:
    print(type(error).__name__, error)
"""


@pytest.fixture
def case(tmp_path: Path) -> Path:
    return write_case(tmp_path / "toy")


@pytest.fixture
def out(tmp_path: Path) -> Path:
    """A folder that is not there yet, with a name that SQL and patterns would trip over."""
    return tmp_path / "mary's [old] *world"


@pytest.fixture(scope="module")
def dataset(tmp_path_factory: pytest.TempPathFactory) -> Dataset:
    """The same world as a notebook gets it: one file, drawn in one go."""
    folder = tmp_path_factory.mktemp("one")
    return ensure_dataset(write_case(folder / "toy"), SLUG, data_dir=folder)


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """A folder that every user can reach: pytest's own belong to one user."""
    with tempfile.TemporaryDirectory() as name:
        Path(name).chmod(0o755)
        yield Path(name)


@contextmanager
def ordinary_user(out: Path) -> Iterator[None]:
    """*out* is read-only, and root, who may write anywhere, goes on as nobody."""
    folders = [out, *(path for path in out.rglob("*") if path.is_dir())]
    for folder in folders:
        folder.chmod(0o555)
    root = os.geteuid() == 0
    if root:
        os.seteuid(65534)
    try:
        yield
    finally:
        if root:
            os.seteuid(0)
        for folder in folders:
            folder.chmod(0o755)


def build(case: Path, out: Path, **asked: object) -> LargeBuild:
    return build_large(case, SLUG, **{"people": PEOPLE, "out": out, "chunk_blocks": 1, **asked})


def start(case: Path, out: Path, *mode: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", BUILDER, str(case), str(out), *mode]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT)


def rows_of(con: duckdb.DuckDBPyConnection, names: list[str]) -> dict[str, list[tuple[object, ...]]]:
    return {name: con.execute(f"FROM {name}").fetchall() for name in names}


def files_in(out: Path) -> set[str]:
    return {path.relative_to(out).as_posix() for path in out.rglob("*") if path.is_file()}


@pytest.mark.parametrize("chunk_blocks", [0, 1, 2, 7])
@pytest.mark.parametrize("form", FORMATS)
def test_any_cut_same_rows(case: Path, out: Path, dataset: Dataset, form: str, chunk_blocks: int):
    """Format and chunks change files, never rows: digests and rows are those of the one file."""
    done = build(case, out, format=form, chunk_blocks=chunk_blocks)
    names = [table.name for table in dataset.tables]

    assert (0, dataset.digest, dataset.tables) == (done.missing, done.digest, done.tables)
    with open_large(out) as large, duckdb.connect(dataset.path, read_only=True) as one:
        assert rows_of(one, names) == rows_of(large, names)
    assert read_truth(dataset.path) == read_truth(done.path)


@pytest.mark.parametrize("processes", [1, 2, 5])
def test_parts_make_the_whole(case: Path, out: Path, dataset: Dataset, processes: int):
    """Parts built at once by one, two or five processes join to the single build; the last one finishes."""
    parts = [start(case, out, "parquet", "part", str(one + 1), str(processes)) for one in range(processes)]
    said = [part.communicate()[0].split() for part in parts]

    assert BLOCKS == sum(int(built) for built, *_ in said)
    assert {dataset.digest} == {
        digest for _, missing, *digests in said if missing == "0" for digest in digests
    }
    assert (0, dataset.digest) == (build(case, out).built, build(case, out).digest)


def test_parts_meet_later(case: Path, tmp_path: Path, dataset: Dataset):
    """Parts built in folders of their own are copied into one, and the next call makes it whole."""
    first, second = tmp_path / "first", tmp_path / "second"
    done = [build(case, first, part=(1, 2)), build(case, second, part=(2, 2))]
    assert [(1, 2, ""), (2, 1, "")] == [(part.built, part.missing, part.digest) for part in done]
    with pytest.raises(UsageError, match=r"holds no whole world"):
        open_large(first)

    shutil.copytree(second, first, dirs_exist_ok=True)

    assert (0, 0, dataset.digest) == (
        (whole := build(case, first, part=(1, 2))).built,
        whole.missing,
        whole.digest,
    )


def test_every_chunk_in_one_part():
    """However many parts there are, each chunk is in exactly one, and parts differ by at most one chunk."""
    chunks = range(31)
    for count in (1, 2, 5, 31, 40):
        parts = [part_of(chunks, (number + 1, count)) for number in range(count)]

        assert list(chunks) == [chunk for part in parts for chunk in part]
        assert 1 >= max(map(len, parts)) - min(map(len, parts))


def test_chunks_hold_everybody(case: Path):
    """Chunks are runs of blocks that hold each person once."""
    world = load_world(read_source(case, SLUG), SLUG)

    assert [1000, 1000, 350] == [chunk.people for chunk in chunks_of(world, PEOPLE)]
    assert [2000, 350] == [chunk.people for chunk in chunks_of(world, PEOPLE, 2)]


@pytest.mark.parametrize("form", FORMATS)
def test_killed_build_goes_on(case: Path, out: Path, dataset: Dataset, form: str):
    """A build killed in the middle is not whole; the next one keeps its chunks and ends as the same rows."""
    process = start(case, out, form, "hang", "1000")
    assert "there" == process.stdout.readline().strip()
    process.kill()
    process.communicate()
    with pytest.raises(UsageError, match=r"holds no whole world"):
        open_large(out)

    done = build(case, out, format=form)

    assert (2, dataset.digest) == (done.built, done.digest)
    assert [] == [name for name in files_in(out) if ".tmp" in name or "building" in name]


@pytest.mark.parametrize("form", FORMATS)
def test_whole_world_is_kept(case: Path, out: Path, form: str):
    """Building a world that is there writes nothing and tells the same."""
    first = build(case, out, format=form)
    before = {path: path.stat().st_mtime_ns for path in out.rglob("*")}

    again = build(case, out, format=form)

    assert (0, first.digest, first.tables) == (again.built, again.digest, again.tables)
    assert before == {path: path.stat().st_mtime_ns for path in out.rglob("*")}


def flip(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)


def halve(path: Path) -> None:
    os.truncate(path, path.stat().st_size // 2)


RECORD, ROWS = "chunk-records/chunk-00001.json", "events/chunk-00001.parquet"
DUCKDB_FILE = f"toy-7-{PEOPLE}.duckdb"
HARMS: dict[str, tuple[str, str, Callable[[Path], None], int]] = {
    "torn record": ("parquet", RECORD, halve, 1),
    "empty record": ("parquet", RECORD, lambda path: path.write_text("{}"), 1),
    "missing record": ("parquet", RECORD, Path.unlink, 1),
    "missing rows": ("parquet", ROWS, Path.unlink, 1),
    "torn rows": ("parquet", ROWS, halve, 1),
    "flipped rows": ("parquet", ROWS, flip, 1),
    "flipped rollup": ("parquet", "daily/chunk-00000.parquet", flip, 0),
    "missing rollup": ("parquet", "daily/chunk-00000.parquet", Path.unlink, 0),
    "missing ledger": ("parquet", "truth.json", Path.unlink, 0),
    "torn manifest": ("parquet", "manifest.json", halve, 0),
    "missing manifest": ("parquet", "manifest.json", Path.unlink, 0),
    "flipped file": ("duckdb", DUCKDB_FILE, flip, BLOCKS),
    "missing file": ("duckdb", DUCKDB_FILE, Path.unlink, BLOCKS),
    "leftover log": (
        "duckdb",
        DUCKDB_FILE,
        lambda path: path.with_name(f"{path.name}.wal").write_bytes(b"x") and None,
        BLOCKS,
    ),
    "no manifest": ("duckdb", "manifest.json", Path.unlink, BLOCKS),
    "ledger gone": ("duckdb", f"toy-7-{PEOPLE}.truth.json", Path.unlink, BLOCKS),
}


@pytest.mark.parametrize("harm", HARMS)
def test_damage_is_mended(case: Path, out: Path, dataset: Dataset, harm: str):
    """Whatever is missing, torn or changed is built again, and only that: the rows are the same."""
    form, name, do, rebuilt = HARMS[harm]
    build(case, out, format=form)
    whole = files_in(out)
    do(out / name)

    mended = build(case, out, format=form)

    assert (rebuilt, dataset.digest) == (mended.built, mended.digest)
    assert whole == files_in(out)
    assert read_truth(dataset.path) == read_truth(mended.path)
    assert 0 == build(case, out, format=form).built


def test_damage_to_growing_file(case: Path, out: Path, dataset: Dataset):
    """A half-built DuckDB file that cannot be taken up again is begun anew."""
    process = start(case, out, "duckdb", "hang", "1000")
    process.stdout.readline()
    process.kill()
    process.communicate()
    (growing,) = out.glob("*.building.duckdb")
    growing.write_bytes(b"no database" * 1000)

    assert (BLOCKS, dataset.digest) == (
        (done := build(case, out, format="duckdb")).built,
        done.digest,
    )


OTHER_WORLDS = {
    "people": ({"people": 2_000}, "people 2350, not 2000"),
    "seed": ({"seed": 8}, "seed 7, not 8"),
    "format": ({"format": "duckdb"}, "format 'parquet', not 'duckdb'"),
    "chunks": ({"chunk_blocks": 2}, "chunk_blocks 1, not 2"),
}


@pytest.mark.parametrize("name", OTHER_WORLDS)
def test_other_world_is_refused(case: Path, out: Path, name: str):
    """A folder keeps one world: asking for another says what differs, and touches nothing."""
    build(case, out, part=(1, 3))
    before = files_in(out)
    asked, said = OTHER_WORLDS[name]

    with pytest.raises(UsageError, match=f"holds another world: {said}.*--out"):
        build(case, out, **asked)

    assert before == files_in(out)


def test_changed_world_is_refused(case: Path, out: Path):
    """Chunks of an edited world.py do not mix with those of the one before."""
    build(case, out, part=(1, 3))
    write_case(case, BLOCK_WORLD.replace("99_999", "99_998"))

    with pytest.raises(UsageError, match=r"another world: built from another world\.py"):
        build(case, out)


def test_foreign_folder_is_refused(case: Path, out: Path):
    """A folder that holds anything else is left alone."""
    out.mkdir()
    (out / "thesis.txt").write_text("mine")

    with pytest.raises(
        UsageError, match=r"already holds files that are not from a build, such as 'thesis.txt'"
    ):
        build(case, out)

    assert {"thesis.txt", "build.lock"} >= files_in(out)


def test_foreign_rows_are_refused(case: Path, out: Path):
    """A stranger's Parquet file would be read as rows of the table, so it is named."""
    build(case, out, part=(1, 3))
    shutil.copy(out / "events" / "chunk-00000.parquet", out / "events" / "more.parquet")

    with pytest.raises(UsageError, match=r"more\.parquet is not from this build"):
        build(case, out)


def test_file_is_no_folder(case: Path, out: Path):
    """A file where the folder should be gives an error that says what to do."""
    out.write_text("")

    with pytest.raises(UsageError, match=r"is a file\. Name a folder"):
        build(case, out)


@pytest.mark.parametrize("form", FORMATS)
def test_read_only_folder_refuses(open_folder: Path, form: str):
    """No permission to write gives an error that says what to do, and leaves nothing."""
    case, out = write_case(open_folder / "toy"), open_folder / "out"
    out.mkdir()

    with ordinary_user(out), pytest.raises(DataError, match=r"cannot be built in .*you can write to"):
        build(case, out, format=form)

    assert set() == files_in(out)


def test_read_only_world_is_found(open_folder: Path):
    """A whole world in a folder nobody may write to is verified as it is."""
    case, out = write_case(open_folder / "toy"), open_folder / "out"
    build(case, out)

    with ordinary_user(out):
        assert 0 == build(case, out).built


@pytest.mark.parametrize(
    ("form", "limit_bytes"),
    [
        *(("parquet", limit) for limit in (0, 1_000, 20_000)),
        *(("duckdb", limit) for limit in (0, 20_000, 600_000)),
    ],
)
def test_full_disk_is_told(case: Path, out: Path, dataset: Dataset, form: str, limit_bytes: int):
    """A full disk is told, nothing is taken for whole, and the build goes on once there is room."""
    said = start(case, out, form, "full", str(limit_bytes)).communicate()[0]
    assert said.startswith("DataError the world cannot be built in ")
    assert "Free some space" in said
    assert [] == [name for name in files_in(out) if ".tmp" in name or name == "manifest.json"]

    assert dataset.digest == build(case, out, format=form).digest


@pytest.mark.parametrize("people", [0, -1, 1.5, "7", True, None, 10**12])
def test_people_are_counted(case: Path, out: Path, people: object):
    """Only a whole number from 1 up is a number of people; nothing is made for any other."""
    with pytest.raises(UsageError, match=r"a world has (a whole number of|at most)"):
        build(case, out, people=people)

    assert not out.exists()


@pytest.mark.parametrize("part", [(0, 2), (3, 2), (1, 0), (-1, 2)])
def test_parts_count_from_one(case: Path, out: Path, part: tuple[int, int]):
    """There are parts 1 to n and no others; nothing is made for any other."""
    with pytest.raises(UsageError, match=r"there is no part"):
        build(case, out, part=part)

    assert not out.exists()


def test_impossible_asks_are_refused(case: Path, out: Path):
    """What cannot be built in parts, or not at all, is refused with what to type instead."""
    with pytest.raises(UsageError, match=r"type --format parquet"):
        build(case, out, format="duckdb", part=(1, 2))
    with pytest.raises(UsageError, match=r"no format 'csv'"):
        build(case, out, format="csv")
    write_case(case, BLOCK_WORLD.replace("block=1000", "block=0"))
    with pytest.raises(UsageError, match=r"drawn in one piece\. Leave out --part"):
        build(case, out, part=(1, 2))

    assert not out.exists()


def test_one_builder_a_file(case: Path, out: Path):
    """While a process builds a DuckDB file, another is told so."""
    process = start(case, out, "duckdb", "hang", "1000")
    process.stdout.readline()
    try:
        with pytest.raises(UsageError, match=r"another process is building"):
            build(case, out, format="duckdb")
    finally:
        process.kill()
        process.communicate()


def test_ledger_sums_over_blocks(case: Path, out: Path):
    """The ledger counts every block: without the twist the events would be as many as it says."""
    done = build(case, out)
    lost, bots = read_truth(out)
    write_case(case, BLOCK_WORLD.replace('draws.coin("lost", event, 0.5)', "(event < 0)"))
    without = build(case, out.with_name("without"))
    rows = {table.name: table.rows for table in done.tables}
    base = {table.name: table.rows for table in without.tables}

    assert (base["events"], rows["events"]) == (lost.base, lost.actual)
    assert lost.base - lost.actual < lost.exposed
    assert ("bots", PEOPLE) == (bots.counts, bots.exposed)


def test_no_twists_no_ledger(case: Path, out: Path):
    """A world without twists has no ledger file."""
    write_case(case, BLOCK_WORLD.replace("return Drawn(rows, (", "return rows or Drawn(rows, ("))

    build(case, out)

    assert () == read_truth(out)
    assert "truth.json" not in files_in(out)


def test_views_work_from_folder(case: Path, out: Path, monkeypatch: pytest.MonkeyPatch):
    """views.sql, run in the folder, gives every table by name."""
    done = build(case, out)
    monkeypatch.chdir(out)
    with duckdb.connect() as con:
        con.execute((out / "views.sql").read_text())

        assert {table.name: table.rows for table in done.tables} == {
            name: con.execute(f"SELECT count(*) FROM {name}").fetchone()[0]
            for (name,) in con.execute("SHOW TABLES").fetchall()
        }


def test_opened_world_is_read_only(case: Path, out: Path):
    """What open_large gives cannot change the files."""
    build(case, out, format="duckdb")

    with open_large(out) as con, pytest.raises(duckdb.Error, match=r"read-only"):
        con.execute("DELETE FROM ds.events")


def test_progress_ends_at_everybody(case: Path, out: Path):
    """A build tells people and rows after each chunk; one that goes on begins where it stopped."""
    build(case, out, part=(1, 3))
    told: list[tuple[int, int, str]] = []

    done = build(case, out, on_progress=lambda now: told.append((now.people, now.all_people, now.doing)))

    assert [
        (1000, PEOPLE, "building"),
        (2000, PEOPLE, "building"),
        (PEOPLE, PEOPLE, "building"),
        (PEOPLE, PEOPLE, "finishing"),
    ] == told
    assert 2 == done.built


BROKEN = {
    "unknown table": ("FROM daily GROUP", "FROM dayly GROUP", "weekly › rollup: fails: Catalog Error"),
    "missing column": (
        "sum(amount_eur) AS amount_eur\n    FROM daily",
        "1 AS one\n    FROM daily",
        "weekly › one",
    ),
    "strange value": (
        "SELECT happened_at::DATE AS day, platform,",
        "SELECT happened_at::DATE AS day, 'tv' AS platform,",
        "daily › rollup: fails: Conversion",
    ),
    "build raises": (
        "ids = np.arange(count)",
        "ids = np.arange(count) if draws.block < 2 else 1 / 0",
        "build fails",
    ),
}


@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize("name", BROKEN)
def test_broken_world_is_authors(case: Path, out: Path, name: str, form: str):
    """A rollup or a block that fails is the author's mistake, named, and the world is not whole."""
    old, new, said = BROKEN[name]
    assert old in BLOCK_WORLD
    write_case(case, BLOCK_WORLD.replace(old, new))

    with pytest.raises(AuthorError, match=r"case 'toy' has") as caught:
        build(case, out, format=form)

    assert said in str(caught.value)
    assert "manifest.json" not in files_in(out)


def test_manifest_names_columns(case: Path, out: Path):
    """The manifest tells case, seed, people, engine and every table's rows and column digests."""
    done = build(case, out)
    told = json.loads((out / "manifest.json").read_text())

    assert ("toy", 7, PEOPLE, "parquet") == tuple(
        told["plan"][name] for name in ("case", "seed", "people", "format")
    )
    assert {table.name for table in done.tables} == set(told["columns"])
    assert 64 == len(told["columns"]["events"]["amount_eur"])
