"""Answers run beside the kernel, whatever happens to the worker."""

from __future__ import annotations

import datetime as dt
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest

from casekit.sandbox import AnswerBox, Ran

ENDLESS = "SELECT count(*) FROM range(100000000000) WHERE range % 3 = 1"
LINUX = sys.platform.startswith("linux")


@pytest.fixture(scope="module")
def dataset(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("o'brien's data") / "shop.duckdb"
    with duckdb.connect(str(path)) as con:
        con.execute("CREATE TABLE orders AS SELECT range AS order_id, range * 2.5 AS eur FROM range(100)")
    return path


@pytest.fixture(scope="module", params=[True, False], ids=["forking", "persistent"])
def box(request: pytest.FixtureRequest) -> Iterator[AnswerBox]:
    answers = AnswerBox(forking=request.param)
    yield answers
    answers.close()


def rows(ran: Ran) -> tuple[tuple[object, ...], ...]:
    return ran.table.rows if ran.table else ()


def kind(ran: Ran) -> str:
    return ran.failure.kind if ran.failure else ""


def test_select_gives_table(box: AnswerBox, dataset: Path) -> None:
    """One SELECT gives its columns and rows."""
    ran = box.run("SELECT count(*) AS n, sum(eur) AS eur FROM orders; -- done", dataset)

    assert None is ran.failure
    assert ran.table is not None
    assert (("n", "eur"), ((100, Decimal("12375.0")),)) == (ran.table.columns, ran.table.rows)


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("TIMESTAMP '2025-03-03 12:00:00.123456'", dt.datetime(2025, 3, 3, 12, 0, 0, 123456)),
        ("TIMESTAMPTZ '2025-03-03 12:00+02'", dt.datetime(2025, 3, 3, 10)),
        ("DATE '2025-03-03'", dt.date(2025, 3, 3)),
        ("TIME '10:30'", dt.time(10, 30)),
        ("1.50::DECIMAL(6,2)", Decimal("1.50")),
        ("170141183460469231731687303715884105727::HUGEINT", 2**127 - 1),
        ("0.1::DOUBLE", 0.1),
        ("-1 / 0", float("-inf")),
        ("'ü \" \\ \U0001f600'", 'ü " \\ \U0001f600'),
        ("'b'::ENUM('a', 'b')", "b"),
        ("[DATE '2025-03-03', NULL]", [dt.date(2025, 3, 3), None]),
        ("{'a': {'date': 1}}", {"a": {"date": 1}}),
        ("MAP {1: 'x'}", {1: "x"}),
        ("'\\x00\\xFF'::BLOB", b"\x00\xff"),
        ("INTERVAL 36 HOUR", dt.timedelta(days=1, hours=12)),
        ("true", True),
        ("NULL", None),
    ],
)
def test_values_survive_the_wire(box: AnswerBox, dataset: Path, expression: str, expected: object) -> None:
    """Every value comes back from the worker with its type."""
    ran = box.run(f"SELECT {expression}", dataset)

    assert ((expected,),) == rows(ran)
    assert type(expected) is type(rows(ran)[0][0])


@pytest.mark.parametrize(
    ("sql", "expected"),
    [
        ("", "empty"),
        ("SELECT 1; SELECT 2", "several"),
        ("CREATE VIEW v AS SELECT 1", "not-select"),
        ("EXPLAIN SELECT 1", "not-select"),
        ("SELEC 1", "syntax"),
        ("SELECT nothing FROM orders", "binder"),
        ("SELECT * FROM nowhere", "catalog"),
        ("SELECT 'x'::INT", "runtime"),
        ("PIVOT (SELECT order_id % 2 AS side, eur FROM orders) ON side USING sum(eur)", ""),
        ("FROM orders LIMIT 1", ""),
        ("SUMMARIZE orders", ""),
    ],
)
def test_failures_have_kinds(box: AnswerBox, dataset: Path, sql: str, expected: str) -> None:
    """What is not one working SELECT gets its kind."""
    assert expected == kind(box.run(sql, dataset))


def test_rows_stop_at_cap(box: AnswerBox, dataset: Path) -> None:
    """An answer with too many rows comes back cut off and marked."""
    ran = box.run("SELECT * FROM range(1000000)", dataset)

    assert ran.table is not None
    assert (10_000, True) == (len(ran.table.rows), ran.table.truncated)


def test_answers_share_no_state(box: AnswerBox, dataset: Path) -> None:
    """Nothing one answer does is there for the next."""
    box.run("PIVOT orders ON order_id USING sum(eur)", dataset)

    assert ((0,),) == rows(
        box.run("SELECT count(*) FROM duckdb_tables() WHERE database_name <> 'ds'", dataset)
    )


def test_missing_dataset_blames_nobody(box: AnswerBox, dataset: Path) -> None:
    """A dataset that cannot be opened is our fault, not a wrong query."""
    ran = box.run("SELECT 1", dataset.with_name("gone.duckdb"))

    assert ran.failure is not None
    assert "no-data" == ran.failure.kind
    assert ran.failure.message.startswith("The dataset cannot be opened")


def test_interrupt_stops_answer(box: AnswerBox, dataset: Path) -> None:
    """Interrupting the kernel stops the answer without an exception; the next one works."""
    threading.Timer(0.5, os.kill, (os.getpid(), signal.SIGINT)).start()

    assert "interrupted" == kind(box.run(ENDLESS, dataset))
    assert ((1,),) == rows(box.run("SELECT 1", dataset))


def test_threads_take_turns(box: AnswerBox, dataset: Path) -> None:
    """Answers from several threads each get their own result."""
    results: dict[int, object] = {}

    def ask(number: int) -> None:
        results[number] = rows(box.run(f"SELECT {number}", dataset))

    threads = [threading.Thread(target=ask, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert {number: ((number,),) for number in range(8)} == results


def test_killed_worker_is_replaced(dataset: Path) -> None:
    """A worker that is gone between two answers is started again."""
    for forking in (True, False):
        box = AnswerBox(forking=forking)
        box.run("SELECT 1", dataset)
        worker = box._worker
        assert worker is not None
        worker.kill()

        assert ((2,),) == rows(box.run("SELECT 2", dataset))
        box.close()


def test_closed_box_starts_again(dataset: Path) -> None:
    """A closed box runs the next answer in a new worker; closing twice is fine."""
    box = AnswerBox()
    box.warm()
    box.close()

    assert ((1,),) == rows(box.run("SELECT 1", dataset))
    box.close()
    box.close()


@pytest.mark.skipif(not LINUX, reason="fork, landlock and seccomp are Linux only")
def test_level_names_protections(dataset: Path) -> None:
    """On Linux an answer runs in a fork, locked and limited."""
    box = AnswerBox()
    assert () == box.level
    box.run("SELECT 1", dataset)
    box.close()

    assert {"fork", "lock", "rlimits"} <= set(box.level)


@pytest.mark.parametrize("forking", [True, False], ids=["forking", "persistent"])
def test_worker_dies_with_notebook(dataset: Path, forking: bool) -> None:
    """When the kernel is killed in the middle of an answer, its worker ends too."""
    script = (
        "import sys, threading, pathlib; from casekit.sandbox import AnswerBox;"
        "from casekit.sandbox.limits import Limits;"
        f"box = AnswerBox(Limits(soft_seconds=60, hard_seconds=60), forking={forking});"
        "path = pathlib.Path(sys.argv[1]); box.run('SELECT 1', path);"
        "print(box._worker._process.pid, flush=True);"
        f"box.run({ENDLESS!r}, path)"
    )
    notebook = subprocess.Popen(
        [sys.executable, "-c", script, str(dataset)], stdout=subprocess.PIPE, text=True
    )
    assert notebook.stdout is not None
    worker = int(notebook.stdout.readline())
    time.sleep(0.3)
    notebook.kill()
    notebook.communicate()

    assert group_ends(worker)


def group_ends(group: int) -> bool:
    """True once no process of the group runs any more."""
    for _ in range(100):
        if not group_runs(group):
            return True
        time.sleep(0.1)
    return False


def group_runs(group: int) -> bool:
    try:
        os.killpg(group, 0)
    except ProcessLookupError:
        return False
    return not LINUX or any(runs_in(stat, group) for stat in Path("/proc").glob("[0-9]*/stat"))


def runs_in(stat: Path, group: int) -> bool:
    """True for a process of the group that is more than a zombie nobody has reaped."""
    try:
        state, _, its_group = stat.read_text().rsplit(")", 1)[1].split()[:3]
    except OSError:
        return False
    return int(its_group) == group and state != "Z"


def test_worker_ignores_surroundings(dataset: Path, tmp_path: Path) -> None:
    """The worker finds casekit whatever the working directory, and imports nothing from there."""
    (tmp_path / "duckdb.py").write_text("raise SystemExit('the wrong duckdb')")
    (tmp_path / "json.py").write_text("raise SystemExit('the wrong json')")
    script = (
        f"import sys; sys.path.append({str(Path(__file__).parents[1])!r});"
        "from casekit.sandbox import AnswerBox; import os, pathlib; os.chdir(sys.argv[2]);"
        "box = AnswerBox(); print(box.run('SELECT 42', pathlib.Path(sys.argv[1])).table.rows); box.close()"
    )
    done = subprocess.run(
        [sys.executable, "-I", "-c", script, str(dataset), str(tmp_path)],
        capture_output=True,
        text=True,
        check=True,
    )

    assert "((42,),)" == done.stdout.strip()
