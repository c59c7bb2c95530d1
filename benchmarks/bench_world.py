"""
How fast worlds are built, how large they get, and what others take for the same: ratios in one run.

Everything is CPU time (user and system) of a new process after its imports. The event log of
``worlds/event-log`` is the yardstick: ten columns, about 14 events a person, seven twists, five tables.
``CASEKIT_BENCH_EVENTS=100000000`` measures a larger one.
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import time
from pathlib import Path

import duckdb
import pytest

import casekit
from casekit.world.loading import load_world, read_source
from casekit.world.small import draw_small
from casekit.world.writing import fill

WORLDS = Path(__file__).parent / "worlds"
CASES = Path(casekit.__file__).parent / "cases"
EVENT_LOG = "event-log"
FOLDERS = {place.parent.name: place.parent for place in sorted(CASES.glob("*/world.py"))}
FOLDERS[EVENT_LOG] = WORLDS / EVENT_LOG
EVENTS = int(os.environ.get("CASEKIT_BENCH_EVENTS", "10_000_000"))
EVENTS_A_PERSON = 14.3
PEER_ROWS, PEER_EVENTS, PEER_BLOCKS = 20_000, 2_000_000, 2
PEER_COUNTS = "rows = len(made)"
ROUNDS = 3

# `imports` and `code` are given; `code` counts its rows, and the bytes of what it leaves behind.
REPORT = """
import json, resource
def cpu_s():
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime
{imports}
before, rows, size = cpu_s(), 0, 0
{code}
spent = cpu_s() - before
try:  # the kernel counts a new process's peak from its parent's on, this file does not
    lines = open("/proc/self/status").read().splitlines()
    peak_kb = next(int(line.split()[1]) for line in lines if line.startswith("VmHWM"))
except OSError:
    peak_kb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
print(json.dumps(dict(cpu_s=spent, peak_mb=peak_kb / 1024, rows=rows, bytes=size)))
"""
BUILD = """
out = Path({out!r})
found = build_large(Path({folder!r}), {slug!r}, people={people}, out=out, format={format!r})
rows = next(table.rows for table in found.tables if table.name == "events")
size = sum(path.stat().st_size for path in out.rglob("*") if path.suffix in (".duckdb", ".parquet"))
shutil.rmtree(out)
"""
BUILD_IMPORTS = """
import shutil
from pathlib import Path
import duckdb, numpy
import casekit.world.large.duckfile, casekit.world.large.parquet
from casekit.world.large import build_large
from casekit.world.story import tell
"""

# DuckDB's own way: rows from range(), values from hash(), the five texts as ENUMs. Looking a value up in the
# ENUM's range is how it is written by hand; CASE is the fastest there is.
ENUMS = {"event": 13, "platform": 3, "country": 10, "app_version": 4, "variant": 2}
CTAS_START_S = 1_735_689_600
CTAS = """
path = Path({out!r})
con = duckdb.connect(config=dict(threads=1))
con.execute(f"ATTACH '{{path}}' AS built (STORAGE_VERSION 'v1.4.0')")
con.execute("USE built")
for statement in {types!r}:
    con.execute(statement)
con.execute({select!r})
con.execute("CHECKPOINT built")
con.close()
rows, size = {rows}, path.stat().st_size
path.unlink()
"""

# The same ten columns, unrelated, as each peer's own documentation would have them written.
FAKER = """
fake = Faker()
Faker.seed(7)
made = [
    dict(
        event_id=number, user_id=fake.random_int(1, 1_400), session_id=fake.random_int(1, 6_000),
        ts=fake.date_time_between(FIRST, LAST), received_at=fake.date_time_between(FIRST, LAST),
        event=fake.random_element(EVENTS), platform=fake.random_element(PLATFORMS),
        country=fake.country_code(), app_version=fake.random_element(VERSIONS),
        variant=fake.random_element(ARMS),
    )
    for number in range({rows})
]
"""
MIMESIS = """
field = Field(Locale.EN, seed=7)
made = Schema(schema=lambda: dict(
    event_id=field("increment"), user_id=field("integer_number", start=1, end=1_400),
    session_id=field("integer_number", start=1, end=6_000),
    ts=field("datetime", start=2026, end=2026), received_at=field("datetime", start=2026, end=2026),
    event=field("choice", items=EVENTS), platform=field("choice", items=PLATFORMS),
    country=field("country_code"), app_version=field("choice", items=VERSIONS),
    variant=field("choice", items=ARMS),
), iterations={rows}).create()
"""
PEER_IMPORTS = """
from datetime import datetime
import duckdb, pandas
FIRST, LAST = datetime(2026, 1, 1), datetime(2026, 4, 30)
EVENTS = ("visit", "signup", "activate", "plan_view", "checkout", "payment", "home", "search")
PLATFORMS, VERSIONS, ARMS = ("web", "ios", "android"), ("5.0", "5.1", "5.2", "5.3"), ("A", "B")
"""
PEER_WRITES = """
frame = pandas.DataFrame(made)
con = duckdb.connect({out!r}, config=dict(threads=1))
con.execute("CREATE TABLE events AS FROM frame")
con.close()
"""
PEERS = {
    "faker": ("from faker import Faker", FAKER),
    "mimesis": ("from mimesis import Field, Locale, Schema", MIMESIS),
}
DRAW_IMPORTS = """
from pathlib import Path
import numpy
from casekit.world.blocks import Block, draw_block
from casekit.world.loading import load_world, read_source
from casekit.world.story import tell
"""
DRAW = """
world = load_world(read_source(Path({folder!r}), {slug!r}), {slug!r})
for number in range({blocks}):
    drawn = draw_block(world, {slug!r}, 7, Block(number, world.block))
    rows += len(drawn.rows["events"]["ts"])
"""


def measured(imports: str, code: str) -> dict[str, float]:
    """CPU seconds after the imports, peak memory (MB), rows and bytes of a new Python that runs *code*."""
    run = [sys.executable, "-c", REPORT.format(imports=imports, code=code)]
    done = subprocess.run(run, check=True, capture_output=True, text=True, env=os.environ.copy())
    return json.loads(done.stdout.splitlines()[-1])


def rows_per_cpu_s(seen: list[dict[str, float]]) -> float:
    """The median over the rounds."""
    return statistics.median(one["rows"] / one["cpu_s"] for one in seen)


def several(benchmark, run) -> list[dict[str, float]]:
    """What each round of *run* saw; medians go into the extra columns."""
    seen: list[dict[str, float]] = []
    benchmark.pedantic(lambda: seen.append(run()), rounds=ROUNDS)
    benchmark.extra_info["cpu_s"] = round(statistics.median(one["cpu_s"] for one in seen), 3)
    benchmark.extra_info["peak_mb"] = round(max(one["peak_mb"] for one in seen))
    if seen[0]["rows"]:
        benchmark.extra_info["rows"] = seen[0]["rows"]
        benchmark.extra_info["million_rows_per_cpu_s"] = round(rows_per_cpu_s(seen) / 1e6, 3)
    if seen[0]["bytes"]:
        benchmark.extra_info["bytes_a_row"] = round(seen[0]["bytes"] / seen[0]["rows"], 2)
    return seen


def build(out: Path, kind: str, events: int) -> dict[str, float]:
    """The event log, built by casekit in a new process."""
    people = round(events / EVENTS_A_PERSON)
    code = BUILD.format(
        out=str(out), folder=str(FOLDERS[EVENT_LOG]), slug=EVENT_LOG, people=people, format=kind
    )
    return measured(BUILD_IMPORTS, code)


def draw() -> dict[str, float]:
    """Blocks of the event log, all five tables, drawn and thrown away in a new process."""
    return measured(
        DRAW_IMPORTS, DRAW.format(folder=str(FOLDERS[EVENT_LOG]), slug=EVENT_LOG, blocks=PEER_BLOCKS)
    )


def ctas(out: Path, rows: int, *, by_case: bool) -> dict[str, float]:
    """A table of the same ten columns, made by DuckDB alone in a new process."""
    types = [
        f"CREATE TYPE {name}_kind AS ENUM ({', '.join(repr(f'{name}{value}') for value in range(count))})"
        for name, count in ENUMS.items()
    ]
    texts = ", ".join(f"{ctas_text(name, nth, by_case)} AS {name}" for nth, name in enumerate(ENUMS, start=2))
    select = f"""
        CREATE TABLE events AS
        SELECT i AS event_id, i // 16 AS user_id, i // 7 AS session_id,
               {ctas_moment(0)} AS ts,
               {ctas_moment(1)} AS received_at,
               {texts}
        FROM range({rows}) AS rows(i)"""
    code = CTAS.format(out=str(out), types=types, select=select, rows=rows)
    return measured("from pathlib import Path\nimport duckdb", code)


def ctas_moment(nth: int) -> str:
    """SQL for a moment within 120 days, by the hash of the row."""
    return f"make_timestamp(({CTAS_START_S} + (hash(i + {nth}) % 10_368_000)::BIGINT) * 1_000_000)"


def ctas_text(name: str, nth: int, by_case: bool) -> str:
    """SQL for one of an ENUM's values, by the hash of the row."""
    point = f"hash(i + {nth}) % {ENUMS[name]}"
    if not by_case:
        return f"enum_range(NULL::{name}_kind)[({point})::INTEGER + 1]"
    arms = (f"WHEN {value} THEN '{name}{value}'::{name}_kind" for value in range(ENUMS[name]))
    return f"CASE ({point})::UTINYINT {' '.join(arms)} END"


def test_events_into_duckdb(benchmark, tmp_path):
    """1.2 million rows per CPU-s and 70 % of DuckDB's own; 18 bytes an event; 2 GiB at 100 million events."""
    ours, plain, fastest = [], [], []

    def one_round() -> dict[str, float]:
        plain.append(ctas(tmp_path / "plain.duckdb", EVENTS, by_case=False))
        fastest.append(ctas(tmp_path / "fastest.duckdb", EVENTS, by_case=True))
        ours.append(build(tmp_path / "ours", "duckdb", EVENTS))
        return ours[-1]

    several(benchmark, one_round)
    speed = rows_per_cpu_s(ours)
    benchmark.extra_info["share_of_ctas"] = round(speed / rows_per_cpu_s(plain), 3)
    benchmark.extra_info["share_of_fastest_ctas"] = round(speed / rows_per_cpu_s(fastest), 3)


def test_events_into_parquet(benchmark, tmp_path):
    """14 bytes an event; 0.5 GiB at 100 million events."""
    several(benchmark, lambda: build(tmp_path / "ours", "parquet", EVENTS))


@pytest.mark.parametrize("peer", PEERS)
def test_events_by_peer(benchmark, tmp_path, peer):
    """The same columns by a peer: casekit draws at least 50 times as fast; files are written by DuckDB."""
    imports, code = PEERS[peer]
    drawn, ours, theirs = [], [], []

    def one_round() -> dict[str, float]:
        drawn.append(draw())
        ours.append(build(tmp_path / "ours", "duckdb", PEER_EVENTS))
        writes = PEER_WRITES.format(out=str(tmp_path / f"{peer}-{len(theirs)}.duckdb"))
        theirs.append(measured(PEER_IMPORTS + imports, code.format(rows=PEER_ROWS) + writes + PEER_COUNTS))
        return measured(PEER_IMPORTS + imports, code.format(rows=PEER_ROWS) + PEER_COUNTS)

    seen = several(benchmark, one_round)
    in_memory, in_file = (
        rows_per_cpu_s(mine) / rows_per_cpu_s(peers) for mine, peers in ((drawn, seen), (ours, theirs))
    )
    benchmark.extra_info["casekit_times_as_fast_in_memory"] = round(in_memory, 1)
    benchmark.extra_info["casekit_times_as_fast_in_file"] = round(in_file, 1)


@pytest.mark.parametrize("slug", FOLDERS)
def test_default_build(benchmark, tmp_path, slug):
    """A world's default dataset, drawn, digested, written: 0.6 CPU-s for C04, 1.5 for the largest."""
    places = (tmp_path / str(number) for number in range(ROUNDS))
    imports = """
        from pathlib import Path
        import duckdb, numpy
        import casekit.world.story
        from casekit.world import ensure_dataset
        """.replace("    ", "")

    def one_round() -> dict[str, float]:
        place = next(places)
        code = f"ensure_dataset(Path({str(FOLDERS[slug])!r}), {slug!r}, data_dir=Path({str(place)!r}))"
        return measured(imports, code)

    several(benchmark, one_round)


@pytest.mark.benchmark(timer=time.process_time)
@pytest.mark.usefixtures("percentiles")
@pytest.mark.parametrize("slug", FOLDERS)
def test_small_world(benchmark, slug):
    """A hidden database of 60 people, drawn: 30 CPU-ms."""
    world, seeds = small_world(slug)
    benchmark.pedantic(lambda: draw_small(world, slug, next(seeds)), rounds=30, warmup_rounds=3)


@pytest.mark.benchmark(timer=time.process_time)
@pytest.mark.usefixtures("percentiles")
@pytest.mark.parametrize("slug", FOLDERS)
def test_small_world_filled(benchmark, slug):
    """A hidden database of 60 people, drawn and filled into DuckDB in memory."""
    world, seeds = small_world(slug)

    def draw_and_fill() -> None:
        with duckdb.connect(config={"threads": 1}) as con:
            fill(con, world, draw_small(world, slug, next(seeds)).rows)

    benchmark.pedantic(draw_and_fill, rounds=30, warmup_rounds=3)


def small_world(slug: str):
    """A world, and seeds that were not drawn before."""
    return load_world(read_source(FOLDERS[slug], slug), slug), iter(range(1_000, 2_000))
