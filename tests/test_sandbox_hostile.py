"""Hostile answers: each is refused or stopped, leaves no file, and the next answer works."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pytest

from casekit.sandbox import AnswerBox
from casekit.sandbox.limits import Limits

STOPPED = frozenset({"timeout", "memory", "crash", "too-large", "runtime"})
LIMITS = Limits(soft_seconds=0.8, hard_seconds=1.4, memory_mb=200, process_mb=500)


@dataclass(frozen=True)
class Attack:
    """A statement, and the kinds of failure it may end in."""

    name: str
    sql: str
    ends: frozenset[str]


def refused(name: str, sql: str) -> Attack:
    return Attack(name, sql, frozenset({"refused", "not-select", "catalog", "binder", "several"}))


def stopped(name: str, sql: str) -> Attack:
    return Attack(name, sql, STOPPED)


ATTACKS = [
    refused("read a text file", "SELECT * FROM read_text('/etc/passwd')"),
    refused("read a csv file", "SELECT * FROM read_csv('/etc/passwd', header = false, delim = '|')"),
    refused("read the environment", "SELECT * FROM read_blob('/proc/self/environ')"),
    refused("read the dataset's bytes", "SELECT * FROM read_blob('{data}')"),
    refused("list a folder", "SELECT * FROM glob('/etc/*')"),
    refused("bare file name", "FROM '{folder}/keys.parquet'"),
    refused("read another database", "SELECT * FROM read_duckdb('{data}')"),
    refused("query in a query", "SELECT * FROM query('SELECT * FROM read_text(''/etc/passwd'')')"),
    refused("fetch a web page", "SELECT * FROM read_csv('http://127.0.0.1:9/x.csv')"),
    refused("write a csv file", "COPY (SELECT 1) TO '{folder}/out.csv'"),
    refused("write the log", "COPY (SELECT from_hex('00')) TO '{data}.wal' (FORMAT blob)"),
    refused("overwrite the dataset", "COPY (SELECT 1) TO '{data}' (USE_TMP_FILE false)"),
    refused("export everything", "EXPORT DATABASE '{folder}/export'"),
    refused("attach a new file", "ATTACH '{folder}/new.duckdb' AS n"),
    refused("logging to a file", "SELECT * FROM enable_logging(storage = 'file', storage_path = '{folder}')"),
    refused(
        "profiling to a file",
        "SELECT * FROM enable_profiling(format = 'json', save_location = '{folder}/profile.json')",
    ),
    refused("delete in a with", "WITH d AS (DELETE FROM orders RETURNING *) SELECT count(*) FROM d"),
    refused("drop a table", "DROP TABLE orders"),
    refused("detach the dataset", "DETACH ds"),
    refused("more memory", "SET memory_limit = '90GB'"),
    refused("unlock settings", "SET lock_configuration = false"),
    refused("install an extension", "INSTALL httpfs"),
    refused("load an extension", "LOAD '{folder}/evil.duckdb_extension'"),
    refused("persistent secret", "CREATE PERSISTENT SECRET s (TYPE http, BEARER_TOKEN 'x')"),
    refused("python scan", "SELECT * FROM pandas_scan(140000000000)"),
    refused("shadow the table", "CREATE TEMP VIEW orders AS SELECT 1"),
    refused("select then drop", "SELECT 1; DROP TABLE orders"),
    refused("a thousand statements", ";".join(["SELECT 1"] * 1_000)),
    refused("prepared statement", "PREPARE p AS SELECT * FROM orders"),
    Attack("a NUL in the middle", "SELECT 1\0; DROP TABLE orders", frozenset({"syntax"})),
    Attack("half a character", "SELECT '\ud800'", frozenset({"syntax"})),
    Attack("only a comment", "-- nothing", frozenset({"empty"})),
    Attack("deep brackets", "SELECT " + "(" * 9_000 + "1" + ")" * 9_000, frozenset({"too-large"})),
    Attack("deep negations", "SELECT " + "NOT " * 4_900 + "true", frozenset({"syntax", "binder", *STOPPED})),
    Attack("a long query", "SELECT '" + "x" * 30_000 + "'", frozenset({"too-large"})),
    Attack("a huge error", "SELECT error(repeat('A', 5000000))", frozenset({"runtime"})),
    stopped("a huge value", "SELECT repeat('x', 50000000)"),
    stopped("many huge values", "SELECT repeat('x', 90000) FROM range(100000)"),
    stopped("many columns", "SELECT " + ", ".join(["1"] * 500)),
    stopped("crash by nesting", "SELECT (repeat('[', 50000) || repeat(']', 50000))::JSON::VARIANT"),
    stopped("a long list", "SELECT len(range(2000000000))"),
    stopped("a memory hog", "SELECT count(DISTINCT hash(range)) FROM range(1000000000)"),
]

SLOW_ATTACKS = [
    stopped(
        "endless recursion",
        "WITH RECURSIVE t(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM t) SELECT max(x) FROM t",
    ),
    stopped("levenshtein bomb", "SELECT levenshtein(repeat('a', 500000), repeat('b', 500000))"),
    stopped("a long sleep", "SELECT sleep_ms(60000)"),
    stopped(
        "cross join",
        "SELECT count(*) FROM range(9999999) a, range(9999999) b WHERE a.range % b.range = 3",
    ),
]


@pytest.fixture(scope="module")
def dataset(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("hostile") / "shop.duckdb"
    with duckdb.connect(str(path)) as con:
        con.execute("CREATE TABLE orders AS SELECT range AS order_id FROM range(100)")
    return path


@pytest.fixture(scope="module")
def boxes() -> Iterator[dict[str, AnswerBox]]:
    both = {"forking": AnswerBox(LIMITS, forking=True), "persistent": AnswerBox(LIMITS, forking=False)}
    yield both
    for box in both.values():
        box.close()


RUNS = [
    *(("forking", attack) for attack in (*ATTACKS, *SLOW_ATTACKS)),
    *(("persistent", attack) for attack in (*ATTACKS[::3], *SLOW_ATTACKS[::2])),
]


@pytest.mark.parametrize(("way", "attack"), RUNS, ids=[f"{way}-{attack.name}" for way, attack in RUNS])
def test_attack_achieves_nothing(
    boxes: dict[str, AnswerBox], dataset: Path, way: str, attack: Attack
) -> None:
    """A hostile answer ends in a failure, no file changes, and the next answer is right."""
    box = boxes[way]
    before = {path: path.read_bytes() for path in dataset.parent.iterdir()}
    sql = attack.sql.replace("{data}", str(dataset)).replace("{folder}", str(dataset.parent))

    failure = box.run(sql, dataset).failure
    after = box.run("SELECT count(*) FROM orders", dataset)

    assert failure is not None
    assert failure.kind in attack.ends
    assert len(failure.message) <= 2_000
    assert before == {path: path.read_bytes() for path in dataset.parent.iterdir()}
    assert after.table is not None
    assert ((100,),) == after.table.rows
