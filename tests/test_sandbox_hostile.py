"""Hostile answers: each is refused or stopped within its limit, leaves no file, and the next answer works."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from casekit.compare import Contract
from casekit.judge.evidence.database import Database
from casekit.judge.evidence.schema import ColumnDef, Schema, TableDef
from casekit.judge.hidden import Examined, Hidden, HiddenWorlds
from casekit.judge.hidden.schema import CaseSchema
from casekit.model import Column
from casekit.sandbox import AnswerBox, Ran
from casekit.sandbox.limits import Limits
from hostile import ATTACKS, BOMBS, HARMLESS, SECRET, Attack

LIMITS = Limits(soft_seconds=0.8, hard_seconds=1.4, memory_mb=200, process_mb=500)
TASK_LIMITS = Limits(hard_seconds=2.5, memory_mb=200, process_mb=500, task_query_seconds=0.2)
SLACK_SECONDS = 4.0  # for a machine that has other things to do
LINUX = sys.platform.startswith("linux")
PROCESS_ITSELF_MB = 200  # Python and DuckDB before the answer
HOGS = ["repeated text in rows", "damerau levenshtein", "collected text", "many keys", "sorting", "map"]
PEAK = """
import json, resource, sys
from pathlib import Path
from casekit.sandbox import AnswerBox
from casekit.sandbox.limits import Limits
limits, data, statements = json.load(sys.stdin)
box = AnswerBox(Limits(**limits), forking=True)
kinds = [box.run(sql, Path(data)).failure.kind for sql in statements]
box.close()
print(json.dumps([kinds, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024]))
"""


@pytest.fixture(scope="module")
def dataset(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The data, and beside it files that nobody's answer may read."""
    folder = tmp_path_factory.mktemp("hostile")
    with duckdb.connect(str(folder / "shop.duckdb")) as con:
        con.execute("CREATE TABLE orders AS SELECT range AS order_id FROM range(100)")
        con.execute("CREATE SEQUENCE numbers")
    with duckdb.connect(str(folder / "keys.duckdb")) as con:
        con.execute(f"CREATE TABLE keys AS SELECT '{SECRET}' AS secret")
        con.execute(f"COPY keys TO '{folder}/keys.parquet'")
    (folder / "keys.csv").write_text(f"{SECRET}\n", encoding="utf-8")
    return folder / "shop.duckdb"


@pytest.fixture(scope="module")
def boxes() -> Iterator[dict[str, AnswerBox]]:
    both = {"forking": AnswerBox(LIMITS, forking=True), "persistent": AnswerBox(LIMITS, forking=False)}
    yield both
    for box in both.values():
        box.close()


@pytest.fixture(scope="module")
def hidden(dataset: Path) -> Iterator[Hidden]:
    """Hidden databases of a shop that has orders, and the worker in which strangers' queries meet them."""
    orders = TableDef("orders", (ColumnDef("order_id", "BIGINT", nullable=False),), (("order_id",),))
    given: Database = {"orders": [(1,), (2,), (3,)]}
    worlds = HiddenWorlds(CaseSchema(Schema((orders,)), ()), (given,))
    box = AnswerBox(TASK_LIMITS)
    yield Hidden(worlds, box, dataset)
    box.close()


def examined(hidden: Hidden, sql: str) -> Examined | None:
    contract = Contract((Column("order_id", "integer", "the order"),), ("order_id",))
    return hidden.examine("SELECT order_id FROM orders", sql, contract, seconds=1.0)


def written(sql: str, dataset: Path) -> str:
    return sql.replace("{data}", str(dataset)).replace("{folder}", str(dataset.parent))


def files(dataset: Path) -> dict[Path, bytes]:
    return {path: path.read_bytes() for path in dataset.parent.rglob("*") if path.is_file()}


def run_timed(box: AnswerBox, sql: str, dataset: Path) -> tuple[Ran, float]:
    started = time.monotonic()
    return box.run(sql, dataset), time.monotonic() - started


RUNS = [
    *(("forking", attack) for attack in (*ATTACKS, *BOMBS)),
    *(("persistent", attack) for attack in (*ATTACKS[::3], *BOMBS[::6])),
]


@pytest.mark.parametrize(("way", "attack"), RUNS, ids=[f"{way}-{attack.name}" for way, attack in RUNS])
def test_attack_achieves_nothing(
    boxes: dict[str, AnswerBox], dataset: Path, way: str, attack: Attack
) -> None:
    """A hostile answer ends in a failure within its limit, no file changes, and the next answer is right."""
    box, before = boxes[way], files(dataset)

    ran, seconds = run_timed(box, written(attack.sql, dataset), dataset)
    after = box.run("SELECT count(*) FROM orders", dataset)

    assert ran.failure is not None
    assert ran.failure.kind in attack.ends
    assert len(ran.failure.message) <= 2_000
    assert SECRET not in ran.failure.message
    assert seconds <= LIMITS.hard_seconds + SLACK_SECONDS
    assert before == files(dataset)
    assert after.table is not None
    assert ((100,),) == after.table.rows


@pytest.mark.parametrize("sql", HARMLESS.values(), ids=HARMLESS)
def test_harmless_answers_work(boxes: dict[str, AnswerBox], dataset: Path, sql: str) -> None:
    """What only looks like an attack gives a result, tells nothing and changes nothing."""
    before = files(dataset)

    ran = boxes["forking"].run(sql, dataset)

    assert ran.table is not None
    assert SECRET not in str(ran.table)
    assert str(Path.home()) not in str(ran.table)
    assert before == files(dataset)


@pytest.mark.skipif(not LINUX, reason="limits on a process are a matter of Linux")
def test_memory_stays_in_bounds(dataset: Path) -> None:
    """Answers that want all the memory there is never get more than the process is given."""
    bombs = {bomb.name: bomb.sql for bomb in BOMBS}
    wanted = {"soft_seconds": 3.0, "hard_seconds": 4.0, "memory_mb": 200, "process_mb": 500}

    done = subprocess.run(
        [sys.executable, "-c", PEAK],
        input=json.dumps([wanted, str(dataset), [bombs[name] for name in HOGS]]),
        capture_output=True,
        text=True,
        check=True,
        timeout=120,
    )
    kinds, peak_mb = json.loads(done.stdout)

    assert set(kinds) <= {"memory", "timeout", "too-large"}
    assert peak_mb <= wanted["process_mb"] + PROCESS_ITSELF_MB


TASK_RUNS = [*ATTACKS[::3], *BOMBS[::3]]


@pytest.mark.parametrize("attack", TASK_RUNS, ids=[attack.name for attack in TASK_RUNS])
def test_hidden_databases_are_safe(hidden: Hidden, dataset: Path, attack: Attack) -> None:
    """A hostile answer tried on hidden databases is refused or stopped as well, and is never found right."""
    before = files(dataset)

    started = time.monotonic()
    told = examined(hidden, written(attack.sql, dataset))
    seconds = time.monotonic() - started
    after = examined(hidden, "SELECT order_id FROM orders")

    assert told is None or "no difference found" != told.outcome or 0 == told.databases
    assert SECRET not in str(told)
    assert seconds <= TASK_LIMITS.hard_seconds + SLACK_SECONDS
    assert before == files(dataset)
    assert after is not None
    assert "no difference found" == after.outcome
