"""Datasets on disk: built once, verified on every open, built again when damaged or outdated."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb
import pytest

from block_world import PEOPLE, write_case
from casekit.errors import AuthorError, DataError, UnknownName, UsageError
from casekit.world import Dataset, data_directory, ensure_dataset
from casekit.world.ledger import read_truth

TOY_WORLD = """
from casekit.world import ColumnSpec, Fact, TableSpec, World

VISITS = TableSpec("visits", "one row per visit", (
    ColumnSpec("visit_id", "integer", "key"),
    ColumnSpec("order", "text", "a column named like a keyword", values=("it's b", "a")),
    ColumnSpec("note", "text", "free text"),
))


def build(draws, count):
    ids = list(range(count))
    return {"visits": {"visit_id": ids, "order": draws.pick("order", ids, (1, 1)), "note": ["n'"] * count}}


WORLD = World((VISITS,), (), build, {"default": 100, "tiny": 5})
"""


@pytest.fixture
def case(tmp_path: Path) -> Path:
    """A case folder with a small world."""
    folder = tmp_path / "toy"
    folder.mkdir()
    (folder / "world.py").write_text(TOY_WORLD)
    return folder


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A folder for datasets, with a space and a quote in its name; not made yet."""
    return tmp_path / "mary's data"


def rows_of(dataset: Dataset) -> int:
    with duckdb.connect(dataset.path, read_only=True) as con:
        return con.execute("SELECT count(*) FROM visits").fetchone()[0]


def built(case: Path, data: Path) -> Dataset:
    return ensure_dataset(case, "toy", data_dir=data)


def names_in(data: Path) -> set[str]:
    return {path.name for path in data.iterdir()} - {"toy-7-default.lock"}


def test_first_open_builds(case: Path, data: Path):
    """A missing dataset is built, with its tables described; nothing else is left behind."""
    dataset = built(case, data)

    assert (True, "there was no dataset yet") == (dataset.rebuilt, dataset.why)
    assert data / "toy-7-default.duckdb" == dataset.path
    assert [("visits", "one row per visit", 100)] == [(t.name, t.grain, t.rows) for t in dataset.tables]
    assert ("it's b", "a") == dataset.tables[0].columns[1].values
    assert {"toy-7-default.duckdb", "toy-7-default.json"} == names_in(data)
    assert 100 == rows_of(dataset)


def test_second_open_verifies(case: Path, data: Path):
    """A dataset that is whole is not built again, and tells the same about itself."""
    first, second = built(case, data), built(case, data)

    assert (False, "") == (second.rebuilt, second.why)
    assert (first.digest, first.tables) == (second.digest, second.tables)


def test_warm_open_is_light(case: Path, data: Path):
    """Opening what is there executes no world.py and imports neither numpy nor duckdb."""
    built(case, data)
    script = (
        "import sys; from pathlib import Path; from casekit.world import ensure_dataset;"
        f"found = ensure_dataset(Path({str(case)!r}), 'toy', data_dir=Path({str(data)!r}));"
        "assert not found.rebuilt;"
        "print({'numpy', 'duckdb', 'filelock', 'pandas', 'casekit_world_toy'} & set(sys.modules))"
    )

    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)

    assert "set()" == done.stdout.strip()


def test_progress_is_told(case: Path, data: Path):
    """A build tells how far it is, from 0 to 1."""
    told: list[tuple[float, str]] = []

    ensure_dataset(case, "toy", data_dir=data, on_progress=lambda share, what: told.append((share, what)))

    assert [(0.0, "drawing toy"), (0.3, "writing visits"), (1.0, "toy is ready")] == told


def test_interrupt_leaves_nothing(case: Path, data: Path):
    """Stopping a build (Kernel, Interrupt) leaves no half file, and the next open builds."""

    def interrupt(_share: float, what: str) -> None:
        if what == "writing visits":
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        ensure_dataset(case, "toy", data_dir=data, on_progress=interrupt)

    assert set() == names_in(data)
    assert built(case, data).rebuilt


def test_seeds_and_sizes_apart(case: Path, data: Path):
    """Each seed and size has a file of its own."""
    tiny = ensure_dataset(case, "toy", seed=8, size="tiny", data_dir=data)

    assert "toy-8-tiny.duckdb" == tiny.path.name
    assert 5 == rows_of(tiny)
    assert built(case, data).digest != tiny.digest


def flip_byte(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)


def insert_row(path: Path) -> None:
    with duckdb.connect(path) as con:
        con.execute("INSERT INTO visits VALUES (1000, 'a', 'mine')")


def edit_sidecar(path: Path, **fields: object) -> None:
    told = json.loads(path.with_suffix(".json").read_text())
    path.with_suffix(".json").write_text(json.dumps({**told, **fields}))


def halve(path: Path) -> None:
    os.truncate(path, path.stat().st_size // 2)


DAMAGES = {
    "flipped": (flip_byte, "the file was damaged or changed"),
    "truncated": (halve, "the file was damaged or changed"),
    "empty": (lambda path: os.truncate(path, 0), "the file was damaged or changed"),
    "gone": (lambda path: path.unlink(), "there was no dataset yet"),
    "written to": (insert_row, "the file was damaged or changed"),
    "no sidecar": (lambda path: path.with_suffix(".json").unlink(), "its description was missing or damaged"),
    "broken sidecar": (
        lambda path: path.with_suffix(".json").write_text('{"tables": ['),
        "its description was missing or damaged",
    ),
    "other sidecar": (
        lambda path: path.with_suffix(".json").write_text('{"tables": [3]}'),
        "its description was missing or damaged",
    ),
    "other engine": (lambda path: edit_sidecar(path, engine=0), "it was built by another version of casekit"),
    "leftover log": (
        lambda path: path.with_name(path.name + ".wal").write_bytes(b"x"),
        "the file was damaged or changed",
    ),
}


@pytest.mark.parametrize("damage", DAMAGES)
def test_damage_is_mended(case: Path, data: Path, damage: str):
    """Whatever happened to the files, the next open notices, says why, and builds the same rows."""
    first = built(case, data)
    harm, why = DAMAGES[damage]
    harm(first.path)

    second = built(case, data)

    assert (True, why) == (second.rebuilt, second.why)
    assert first.digest == second.digest
    assert 100 == rows_of(second)
    assert {"toy-7-default.duckdb", "toy-7-default.json"} == names_in(data)
    assert not built(case, data).rebuilt


def test_outdated_world_rebuilds(case: Path, data: Path):
    """A changed world.py gives its new rows, even within the second of the last build."""
    built(case, data)
    (case / "world.py").write_text(TOY_WORLD.replace('"default": 100', '"default": 101'))

    second = built(case, data)

    assert (True, "the case's world.py changed since it was built") == (second.rebuilt, second.why)
    assert 101 == rows_of(second)


def test_readers_survive_rebuild(case: Path, data: Path):
    """A notebook that has the old file open keeps the old rows; a new one sees the new."""
    first = built(case, data)
    with duckdb.connect() as con:
        con.execute("ATTACH '{}' AS ds (READ_ONLY)".format(str(first.path).replace("'", "''")))
        (case / "world.py").write_text(TOY_WORLD.replace('"default": 100', '"default": 101'))
        second = built(case, data)

        assert (100,) == con.execute("SELECT count(*) FROM ds.visits").fetchone()
        assert 101 == rows_of(second)


BROKEN_WORLDS = {
    "no world": ("", "declares no WORLD"),
    "syntax": ("def", "does not run: SyntaxError"),
    "raises": ("1 / 0", "does not run: ZeroDivisionError"),
    "no default": (TOY_WORLD.replace('"default"', '"normal"'), "declares no size 'default'"),
    "build raises": (TOY_WORLD.replace("ids = ", "ids = 1 / 0 or "), "build fails: ZeroDivisionError"),
    "missing column": (TOY_WORLD.replace('"note": [', '"memo": ['), "note: is declared but not built"),
    "extra column": (TOY_WORLD.replace('"note": [', '"x": ids, "note": ['), "x: is built but not declared"),
    "short column": (TOY_WORLD.replace("* count}", "* 3}"), "columns differ in length"),
    "strange value": (
        TOY_WORLD.replace("(1, 1))", "(1, 1)) + 1"),
        "order: holds places outside its 2 values",
    ),
}


@pytest.mark.parametrize("name", BROKEN_WORLDS)
def test_broken_world_is_authors(case: Path, data: Path, name: str):
    """A world.py that cannot give its rows is the author's mistake, named, and leaves no file."""
    text, said = BROKEN_WORLDS[name]
    (case / "world.py").write_text(text)

    with pytest.raises(AuthorError, match=r"case 'toy' has") as caught:
        built(case, data)

    assert said in str(caught.value)
    assert not data.exists() or set() == names_in(data)


def test_missing_world_is_authors(tmp_path: Path, data: Path):
    """A case without a world.py has no data, and says so."""
    with pytest.raises(AuthorError, match=r"world\.py: cannot be read"):
        built(tmp_path, data)


def test_unknown_size_is_told(case: Path, data: Path):
    """A size that does not exist is answered with those that do, and leaves nothing."""
    with pytest.raises(UnknownName, match=r"no dataset size 'tinny'.*'tiny'"):
        ensure_dataset(case, "toy", size="tinny", data_dir=data)

    assert not data.exists()


def test_file_is_no_folder(case: Path, data: Path):
    """A file where the folder should be gives an error that says what to do."""
    data.write_text("")

    with pytest.raises(DataError, match=r"cannot be (read|built).*CASEKIT_DATA"):
        built(case, data)


@contextmanager
def ordinary_user(folder: Path) -> Iterator[None]:
    """Root may write anywhere: the test goes on as nobody, in a folder anybody may enter."""
    root = os.geteuid() == 0
    if root:
        os.seteuid(65534)
    try:
        yield
    finally:
        if root:
            os.seteuid(0)
        folder.chmod(0o755)


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """A folder that every user can reach: pytest's own belong to one user."""
    with tempfile.TemporaryDirectory() as name:
        Path(name).chmod(0o755)
        yield Path(name)


def test_read_only_folder_serves(case: Path, open_folder: Path):
    """A dataset in a folder nobody may write to opens as it is."""
    built(case, open_folder)
    source = open_folder / "case"
    source.mkdir()
    (source / "world.py").write_text(TOY_WORLD)
    open_folder.chmod(0o555)

    with ordinary_user(open_folder):
        assert not built(source, open_folder).rebuilt


def test_read_only_folder_refuses(open_folder: Path):
    """No permission to build gives an error that says where else to go, and leaves nothing."""
    source = open_folder / "case"
    source.mkdir()
    (source / "world.py").write_text(TOY_WORLD)
    open_folder.chmod(0o555)

    with ordinary_user(open_folder), pytest.raises(DataError, match=r"cannot be built.*set CASEKIT_DATA"):
        built(source, open_folder)

    assert ["case"] == [path.name for path in open_folder.iterdir()]


def test_data_folder_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """The variable first, then the nearest workbook above, then the user's cache."""
    inner = tmp_path / "book" / "notebooks" / "deep"
    (tmp_path / "book" / "data").mkdir(parents=True)
    (tmp_path / "book" / "data" / "manifest.json").write_text("{}")
    inner.mkdir(parents=True)

    monkeypatch.chdir(inner)
    monkeypatch.setenv("CASEKIT_DATA", str(tmp_path / "mine"))
    assert tmp_path / "mine" == data_directory()
    monkeypatch.delenv("CASEKIT_DATA")
    assert tmp_path / "book" / "data" == data_directory()
    monkeypatch.chdir(tmp_path)
    assert "casekit" in data_directory().name


@pytest.mark.parametrize(
    "seed",
    [None, float("nan"), "7", 7.0, -1, True, [7], b"7", "../../r2x", 10**18, -(10**5_000), 10**5_000],
    ids=lambda seed: type(seed).__name__,
)
def test_seed_is_a_plain_number(case: Path, data: Path, seed: object):
    """Only a plain whole number from 0 up is a seed; anything else is refused before a file is made."""
    with pytest.raises(UsageError, match="Type "):
        ensure_dataset(case, "toy", seed=seed, data_dir=data)  # type: ignore[arg-type]

    assert not data.exists()
    assert ["toy"] == [path.name for path in case.parent.iterdir()]


@pytest.mark.parametrize(
    "slug", [None, 5, "", ".", "..", "../toy", "a/b", "a\\b", "toy\n", "a\x00b", "a" * 200]
)
def test_slug_stays_in_folder(case: Path, data: Path, slug: object):
    """A case's name that could lead out of the folder of datasets is refused before a file is made."""
    with pytest.raises(UsageError, match="a case's name is a word"):
        ensure_dataset(case, slug, data_dir=data)

    assert not data.exists()


@pytest.mark.parametrize("size", [None, 5, "", "tinny", "../tiny", "a/b", ["tiny"], {}, "x" * 500])
def test_size_is_one_declared(case: Path, data: Path, size: object):
    """A size the world does not declare, whatever it is, is refused with those it does."""
    with pytest.raises(UnknownName, match=r"no dataset size .*tiny"):
        ensure_dataset(case, "toy", size=size, data_dir=data)

    assert not data.exists()


def test_seed_nought_builds(case: Path, data: Path):
    """0 is a seed like any other, and so is the largest one."""
    for seed in (0, 10**18 - 1):
        assert ensure_dataset(case, "toy", seed=seed, data_dir=data).path.is_file()


def test_size_makes_a_file_name(case: Path, data: Path):
    """A world whose size could not be part of a file's name is its author's to mend."""
    (case / "world.py").write_text(TOY_WORLD.replace('"tiny"', '"a/b"'))

    with pytest.raises(AuthorError, match="declares the size 'a/b'"):
        built(case, data)


@pytest.fixture
def blocks(tmp_path: Path) -> Path:
    """A case folder with a world of several blocks, a table drawn once, rollups and a twist."""
    return write_case(tmp_path / "blocks")


def test_blocks_make_one_dataset(blocks: Path, data: Path):
    """A size of several blocks is one file: all people, the list once, and rollups over all of them."""
    dataset = built(blocks, data)
    rows = {table.name: table.rows for table in dataset.tables}

    with duckdb.connect(dataset.path, read_only=True) as con:
        assert (PEOPLE, 2) == (rows["people"], rows["plans"])
        assert (PEOPLE,) == con.execute("SELECT count(DISTINCT person_id) FROM people").fetchone()
        assert [(0,)] == con.execute(
            "SELECT sum(amount_eur) - (SELECT sum(amount_eur) FROM weekly) FROM events"
        ).fetchall()
        assert con.execute("SELECT count(*) FROM daily WHERE n_events IS NULL").fetchone()[0]


def test_ledger_lies_beside(blocks: Path, data: Path):
    """The ledger of twists has a file of its own; nothing of it is in the dataset."""
    dataset = built(blocks, data)

    assert ["events", "bots"] == [entry.counts for entry in read_truth(dataset.path)]
    assert {f"toy-7-default.{end}" for end in ("duckdb", "json", "truth.json")} == names_in(data)
    with duckdb.connect(dataset.path, read_only=True) as con:
        assert {"people", "events", "daily", "weekly", "plans"} == {
            name for (name,) in con.execute("SHOW TABLES").fetchall()
        }


@pytest.mark.parametrize(
    "harm",
    [Path.unlink, flip_byte, halve, lambda path: path.write_text("[]")],
    ids=["gone", "flipped", "torn", "empty"],
)
def test_lost_ledger_is_told_anew(blocks: Path, data: Path, harm: Callable[[Path], None]):
    """A ledger that is missing or changed is damage: the dataset is built again with it."""
    first = built(blocks, data)
    entries = read_truth(first.path)
    harm(data / "toy-7-default.truth.json")

    second = built(blocks, data)

    assert (True, "its ledger of twists was missing or changed") == (second.rebuilt, second.why)
    assert (first.digest, entries) == (second.digest, read_truth(second.path))
    assert not built(blocks, data).rebuilt


def test_ledger_goes_with_twists(blocks: Path, data: Path):
    """A world whose twists were taken out loses its ledger; one that never had any needs none."""
    built(blocks, data)
    (blocks / "world.py").write_text(TOY_WORLD)

    dataset = built(blocks, data)

    assert () == read_truth(dataset.path)
    assert {"toy-7-default.duckdb", "toy-7-default.json"} == names_in(data)


def test_torn_ledger_is_told(blocks: Path, data: Path):
    """Reading a ledger that is torn says which file it is and what to do."""
    dataset = built(blocks, data)
    halve(data / "toy-7-default.truth.json")

    with pytest.raises(DataError, match=r"truth\.json cannot be read.*Build the dataset again"):
        read_truth(dataset.path)


def test_older_engine_rebuilds(case: Path, data: Path):
    """A dataset of an older engine, whose description knew of no ledger, is built again."""
    first = built(case, data)
    told = json.loads(first.path.with_suffix(".json").read_text())
    del told["truth_sha256"]
    first.path.with_suffix(".json").write_text(json.dumps({**told, "engine": 1}))

    second = built(case, data)

    assert (True, "it was built by another version of casekit") == (second.rebuilt, second.why)
