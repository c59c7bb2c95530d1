"""Large worlds on Dask workers: the union is the single build, even when a worker is killed in the middle."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from distributed import LocalCluster

from block_world import BLOCK_WORLD, BLOCKS, PEOPLE, SLUG, write_case
from casekit.errors import AuthorError, DataError, UsageError
from casekit.world import ensure_dataset
from casekit.world.large import LargeBuild, Standing, build_large, dask_cluster, open_large
from casekit.world.ledger import read_truth

MANY = 40_000  # people: forty chunks
FIRST_WAITING = 10

# A world that says who draws which block, and then waits until it may go on.
WATCHED = BLOCK_WORLD.replace(
    "    ids = np.arange(count)\n",
    """    import os, time
    from pathlib import Path
    here = Path(SIGNS)
    (here / f"{draws.block}-{os.getpid()}").touch()
    while draws.block >= FIRST_WAITING and not (here / "go").exists():
        time.sleep(0.01)
    ids = np.arange(count)
""".replace("FIRST_WAITING", str(FIRST_WAITING)),
)


@pytest.fixture(scope="module")
def cluster() -> Iterator[LocalCluster]:
    """A scheduler and two workers, each a process of its own with one thread."""
    with local_cluster(2) as cluster:
        yield cluster


def local_cluster(n_workers: int) -> LocalCluster:
    return LocalCluster(
        n_workers=n_workers, threads_per_worker=1, dashboard_address="127.0.0.1:0", host="127.0.0.1"
    )


def build(case: Path, out: Path, **asked: object) -> LargeBuild:
    return build_large(case, SLUG, **{"people": PEOPLE, "out": out, "chunk_blocks": 1, **asked})


def test_union_is_single_build(cluster: LocalCluster, tmp_path: Path):
    """Two workers bring the chunks of one world: digest for digest what one process builds."""
    case = write_case(tmp_path / "toy")
    told: list[Standing] = []

    done = build(case, tmp_path / "far", dask=cluster.scheduler_address, on_progress=told.append)

    one = ensure_dataset(case, SLUG, data_dir=tmp_path)
    assert (BLOCKS, 0, one.digest, one.tables) == (done.built, done.missing, done.digest, done.tables)
    assert read_truth(one.path) == read_truth(tmp_path / "far")
    assert PEOPLE == told[-1].people


def test_part_of_it_is_built(cluster: LocalCluster, tmp_path: Path):
    """Workers can be given a part, and go on where a build stopped."""
    case, out = write_case(tmp_path / "toy"), tmp_path / "far"

    first = build(case, out, dask=cluster.scheduler_address, part=(1, 2))
    rest = build(case, out, dask=cluster.scheduler_address)

    assert [(1, 2), (2, 0)] == [(done.built, done.missing) for done in (first, rest)]


def test_killed_worker_is_replaced(cluster: LocalCluster, tmp_path: Path):
    """A worker killed in the middle of a chunk loses nothing: its chunks are built by others, the same."""
    signs = tmp_path / "signs"
    signs.mkdir()
    case = write_case(tmp_path / "toy", WATCHED.replace("SIGNS", repr(str(signs))))
    killed: list[str] = []

    def kill_one(standing: Standing) -> None:
        """Once a chunk is done, ends a worker that is in the middle of one, and lets the others go on."""
        while standing.rows and not killed:
            waiting = [
                path.name for path in signs.glob("*-*") if int(path.name.split("-")[0]) >= FIRST_WAITING
            ]
            killed.extend(waiting[:1])
            time.sleep(0.01)
        if killed and not (signs / "go").exists():
            os.kill(int(killed[0].split("-")[1]), signal.SIGKILL)
            (signs / "go").touch()

    done = build(case, tmp_path / "far", people=MANY, dask=cluster.scheduler_address, on_progress=kill_one)

    block = killed[0].split("-")[0]
    assert 2 == len(list(signs.glob(f"{block}-*"))), "the block was begun twice: by the killed and by another"
    one = build(case, tmp_path / "one", people=MANY)
    assert (one.digest, one.tables, 0) == (done.digest, done.tables, done.missing)
    with open_large(tmp_path / "far") as con:
        assert (MANY,) == con.execute("SELECT count(DISTINCT person_id) FROM people").fetchone()


def test_case_files_travel(cluster: LocalCluster, tmp_path: Path):
    """A worker has what lies beside world.py, even for a world that reads it late, and no answers."""
    reads = "import os\n    here = Path(__file__).parent\n    seen = [path.name for path in here.iterdir()]\n"
    says = "[f\"{os.getpid()} {seen} {(here / 'first.txt').read_text()}\"] * count"
    text = BLOCK_WORLD.replace("    ids = ", f"    {reads}    ids = ", 1).replace(
        '[f"said {value}" if value < 3 else None for value in notes]', says
    )
    case = write_case(tmp_path / "toy", f"from pathlib import Path\n{text}")
    (case / "first.txt").write_text("hello")
    (case / "answers").mkdir()

    build(case, tmp_path / "far", dask=cluster.scheduler_address)

    with open_large(tmp_path / "far") as con:
        notes = [note for (note,) in con.execute("SELECT DISTINCT note FROM people").fetchall()]
    assert all(note.endswith("hello") and "answers" not in note for note in notes)
    assert str(os.getpid()) not in {note.split()[0] for note in notes}


def test_authors_mistake_comes_back(cluster: LocalCluster, tmp_path: Path):
    """A world that fails on a worker is its author's mistake, as it is at home."""
    case = write_case(
        tmp_path / "toy",
        BLOCK_WORLD.replace("np.arange(count)\n", "np.arange(count // (draws.block < 2))\n", 1),
    )

    with pytest.raises(AuthorError, match=r"case 'toy' has 1 problem:\s.*build fails: ZeroDivisionError"):
        build(case, tmp_path / "far", dask=cluster.scheduler_address)

    assert not (tmp_path / "far" / "manifest.json").exists()


def test_full_disk_comes_back(cluster: LocalCluster, tmp_path: Path):
    """What a worker's disk refuses is told with the folder and what to do."""
    case, out = write_case(tmp_path / "toy"), tmp_path / "far"
    build(case, out, part=(1, 3))
    (out / "people" / "chunk-00001.parquet").mkdir()

    with pytest.raises(DataError, match=r"the world cannot be built in .*Free some space"):
        build(case, out, dask=cluster.scheduler_address)


def test_silent_address_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """An address where no scheduler answers is named, with what an address looks like."""
    monkeypatch.setattr(dask_cluster, "ANSWER_S", 1)
    case = write_case(tmp_path / "toy")

    with pytest.raises(UsageError, match=r"no Dask scheduler answers at 'tcp://127.0.0.1:9'.*--dask tcp://"):
        build(case, tmp_path / "far", dask="tcp://127.0.0.1:9")
    with pytest.raises(UsageError, match="no Dask scheduler answers at 'nonsense://x'"):
        build(case, tmp_path / "far", dask="nonsense://x")


def test_idle_scheduler_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """A scheduler without workers would wait for ever, so it is named."""
    monkeypatch.setattr(dask_cluster, "ANSWER_S", 1)
    case = write_case(tmp_path / "toy")
    with local_cluster(0) as idle, pytest.raises(UsageError, match=r"has no workers\. Start one"):
        build(case, tmp_path / "far", dask=idle.scheduler_address)


def test_missing_dask_is_told(tmp_path: Path):
    """Without the extra, the error says what to install."""
    case = write_case(tmp_path / "toy")
    script = (
        "import sys; sys.modules['distributed'] = None; from pathlib import Path\n"
        "from casekit.world.large import build_large\n"
        f"build_large(Path({str(case)!r}), 'toy', people=2000, out=Path({str(tmp_path / 'far')!r}), dask='tcp://x:1')"
    )

    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)

    assert done.stderr.strip().endswith(
        "UsageError: --dask needs one package more. Type: pip install 'casekit[scale]'"
    )
