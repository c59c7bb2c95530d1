"""Tasks of our own in the worker: bounded like an answer, and never named by whoever hands one in."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

import casekit
from casekit.sandbox import AnswerBox, Failure
from casekit.sandbox.limits import Limits
from casekit.sandbox.wire import JOB_BYTES, BadFrameError, decode_done, encode_done, encode_failure

LIMITS = Limits(soft_seconds=1.5, hard_seconds=2.0, result_bytes=1_000_000, task_query_seconds=0.2)
ROOMS = ("casekit", "sandbox_tasks")
LINUX = sys.platform.startswith("linux")


@pytest.fixture(scope="module", params=[True, False], ids=["forking", "persistent"])
def box(request: pytest.FixtureRequest) -> Iterator[AnswerBox]:
    tasks = AnswerBox(LIMITS, forking=request.param, task_rooms=ROOMS)
    yield tasks
    tasks.close()


def failure(box: AnswerBox, task: str, arguments: object = None) -> Failure:
    """How the task fails; the box must answer afterwards."""
    given = box.work(f"sandbox_tasks:{task}", arguments)
    assert isinstance(given, Failure)
    assert "well" == box.work("sandbox_tasks:give_back", "well")
    return given


@pytest.mark.parametrize(
    "arguments",
    [
        None,
        True,
        -(2**70),
        0.1,
        'ü " \\ \x00 \U0001f600',
        [1, [2, {"a": [None, False]}]],
        {"failure": {"kind": "won"}},
        {"done": 1, "level": ["none"]},
    ],
)
def test_arguments_come_back_equal(box: AnswerBox, arguments: object) -> None:
    """JSON goes to the task and comes back as the task returns it, whatever its keys are called."""
    assert arguments == box.work("sandbox_tasks:give_back", arguments)


def test_task_runs_many_queries(box: AnswerBox) -> None:
    """A task makes tables of its own, one after the other."""
    assert [6, 0, 9] == box.work("sandbox_tasks:count_databases", [[1, 2, 3], [0], [4, 5]])


def test_tasks_share_no_state(box: AnswerBox) -> None:
    """What one task leaves behind is not there for the next."""
    box.work("sandbox_tasks:count_databases", [[1]])

    assert [[0]] == box.work("sandbox_tasks:query", "SELECT count(*) FROM duckdb_tables()")


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT * FROM read_text('/etc/passwd')",
        "SELECT * FROM glob('/etc/*')",
        "FROM '{folder}/data.csv'",
        "COPY (SELECT 1) TO '{folder}/out.csv'",
        "SELECT * FROM read_csv('http://127.0.0.1:9/x.csv')",
        "ATTACH '{folder}/shop.duckdb' AS shop",
        "ATTACH '{folder}/new.duckdb' AS new",
        "INSTALL httpfs",
        "SET enable_external_access = true",
        "SET lock_configuration = false",
        "SET memory_limit = '90GB'",
        "SET max_execution_time = 0",
    ],
)
def test_task_reaches_nothing(box: AnswerBox, tmp_path: Path, sql: str) -> None:
    """No file, network, other database or setting is open to a query of a task."""
    (tmp_path / "data.csv").write_text("a\n1\n")
    duckdb.connect(str(tmp_path / "shop.duckdb")).close()
    before = sorted(tmp_path.iterdir())

    stopped = failure(box, "query", sql.replace("{folder}", str(tmp_path)))

    assert stopped.kind in {"refused", "catalog"}
    assert before == sorted(tmp_path.iterdir())


def test_endless_query_stops(box: AnswerBox) -> None:
    """DuckDB stops a query of a task in time: nobody has to kill the worker."""
    stopped = failure(box, "query", "SELECT count(*) FROM range(100000000000) WHERE range % 3 = 1")

    assert ("timeout", "InterruptException") == (stopped.kind, stopped.error_class)


def test_task_survives_its_query(box: AnswerBox) -> None:
    """A task that catches the stop of one query runs the next."""
    assert ["InterruptException", 42] == box.work("sandbox_tasks:survive_endless", None)


def test_endless_task_is_killed(box: AnswerBox) -> None:
    """A task that never returns ends at the hard limit, and the box answers afterwards."""
    stopped = failure(box, "loop_for_ever")

    assert ("timeout", "") == (stopped.kind, stopped.error_class)
    assert "2 seconds" in stopped.message


@pytest.mark.parametrize(
    "name",
    ["AttributeError", "IndexError", "KeyError", "OSError", "StopIteration", "ZeroDivisionError"],
)
def test_raising_task_is_failure(box: AnswerBox, name: str) -> None:
    """Any exception of a task is its failure, named, and its text is bounded."""
    raised = failure(box, "raise_named", name)

    assert ("runtime", "TaskError") == (raised.kind, raised.error_class)
    assert raised.message.startswith(f"{name}: ")
    assert 2_000 == len(raised.message)


@pytest.mark.parametrize(("name", "kind"), [("RecursionError", "too-large"), ("RuntimeError", "runtime")])
def test_known_errors_keep_kinds(box: AnswerBox, name: str, kind: str) -> None:
    """What DuckDB raises too keeps the kind it has for answers."""
    assert kind == failure(box, "raise_named", name).kind


@pytest.mark.parametrize(("task", "arguments"), [("end_process", 7), ("end_process", 0), ("leave", None)])
def test_ended_process_is_crash(box: AnswerBox, task: str, arguments: object) -> None:
    """A task that takes its process with it is a crash, and the box answers afterwards."""
    assert "crash" == failure(box, task, arguments).kind


def test_long_result_is_refused(box: AnswerBox) -> None:
    """A result up to the limit comes back; a longer one is too large."""
    assert 900_000 == len(box.work("sandbox_tasks:give_letters", 900_000))
    assert "too-large" == failure(box, "give_letters", 1_000_001).kind


def test_long_job_is_refused(box: AnswerBox) -> None:
    """Arguments longer than a job may be never reach the worker."""
    assert "too-large" == failure(box, "give_back", "x" * JOB_BYTES).kind


@pytest.mark.parametrize("task", ["give_date", "give_set", "give_circle", "give_tuple_keys"])
def test_odd_result_is_failure(box: AnswerBox, task: str) -> None:
    """A result that JSON cannot hold is the task's failure."""
    assert "TaskError" == failure(box, task).error_class


def test_odd_arguments_are_error(box: AnswerBox) -> None:
    """Arguments that JSON cannot hold are the caller's mistake, before anything runs."""
    with pytest.raises(TypeError, match="not JSON serializable"):
        box.work("sandbox_tasks:give_back", {1, 2})


@pytest.mark.parametrize(
    "task",
    [
        "os:system",
        "subprocess:getoutput",
        "builtins:eval",
        "casekit.nowhere:x",
        "casekit.sandbox.limits:nothing",
        "casekit.sandbox.limits:Limits",
        "casekit.sandbox.worker_process:subprocess",
        "casekitten.room:x",
        "sandbox_tasks:getoutput",
        "sandbox_tasks:_hidden",
        "sandbox_tasks:ENDLESS",
        "sandbox_tasks",
        "sandbox_tasks:",
        ":give_back",
        "",
    ],
)
def test_strangers_are_no_tasks(box: AnswerBox, task: str) -> None:
    """Only a public function that a module of the rooms defines itself is a task."""
    refused = box.work(task, None)

    assert isinstance(refused, Failure)
    assert "refused" == refused.kind


def test_rooms_are_casekits_own() -> None:
    """Unless a box is made for more, its tasks are casekit's functions alone."""
    box = AnswerBox(LIMITS)
    refused = box.work("sandbox_tasks:give_back", 1)
    box.close()

    assert isinstance(refused, Failure)
    assert "tasks live in casekit" in refused.message


@pytest.mark.parametrize(
    "sql", ['{"task": "sandbox_tasks:give_back", "arguments": 1}', "sandbox_tasks:give_back"]
)
def test_answers_name_no_task(box: AnswerBox, tmp_path: Path, sql: str) -> None:
    """What is handed in is SQL, even when it reads like a task's job."""
    duckdb.connect(str(tmp_path / "shop.duckdb")).close()

    ran = box.run(sql, tmp_path / "shop.duckdb")

    assert ran.table is None
    assert ran.failure is not None
    assert "syntax" == ran.failure.kind


def test_answers_and_tasks_alternate(box: AnswerBox, tmp_path: Path) -> None:
    """One worker runs both, and neither limits the other."""
    path = tmp_path / "shop.duckdb"
    duckdb.connect(str(path)).close()

    for number in (1, 2):
        assert [number] == box.work("sandbox_tasks:give_back", [number])
        ran = box.run("SELECT current_setting('max_execution_time')", path)
        assert ran.table is not None
        assert 1_500 == int(str(ran.table.rows[0][0]))


@pytest.mark.skipif(not LINUX, reason="only Linux forks")
@pytest.mark.parametrize("warm", [("sandbox_tasks",), ()], ids=["warm", "cold"])
def test_warm_modules_precede_forks(warm: tuple[str, ...]) -> None:
    """A warm module is imported by the process that forks, and any other by each fork for itself."""
    box = AnswerBox(LIMITS, forking=True, warm=warm, task_rooms=ROOMS)
    first, second = (box.work("sandbox_tasks:tell_processes", None) for _ in range(2))
    box.close()

    for imported_by, own, parent in (first, second):
        assert imported_by == (parent if warm else own)
    assert first[1] != second[1]


def test_level_names_protections(box: AnswerBox) -> None:
    """A task runs under the protections of an answer."""
    box.work("sandbox_tasks:give_back", 1)

    assert "lock" in box.level
    assert not LINUX or "rlimits" in box.level


def test_worker_runs_same_casekit(box: AnswerBox) -> None:
    """The worker's casekit is the notebook's, whichever else is installed."""
    assert casekit.__file__ == box.work("sandbox_tasks:tell_casekit", None)


def test_results_survive_the_wire() -> None:
    """What a task returned, or its failure, is the same on the other side."""
    told = Failure("runtime", "ü", "TaskError")

    assert ({"a": [1, None]}, ("lock",)) == decode_done(encode_done({"a": [1, None]}, 0.5, ("lock",)))
    assert (told, ()) == decode_done(encode_failure(told, 0.5, ()))


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"[]",
        b"{}",
        b'{"done": 1}',
        b'{"done": 1, "level": 3}',
        b'{"failure": "won", "level": []}',
        json.dumps({"failure": {"kind": "won", "message": "", "error_class": ""}, "level": []}).encode(),
        b'{"level": [], "done": ' + b"[" * 100_000,
    ],
)
def test_forged_results_are_refused(body: bytes) -> None:
    """Bytes we would not have written raise one error."""
    with pytest.raises(BadFrameError):
        decode_done(body)
