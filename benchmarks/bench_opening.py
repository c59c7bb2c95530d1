"""What a learner waits for: importing, building the dataset, opening a case, and the memory it takes."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

from casekit.world import ensure_dataset

SLUG = "checkout-drop"
REPORT = """
import json, resource
{code}
usage = resource.getrusage(resource.RUSAGE_SELF)
try:  # the kernel counts a new process's peak from its parent's on, this file does not
    lines = open("/proc/self/status").read().splitlines()
    peak_kb = next(int(line.split()[1]) for line in lines if line.startswith("VmHWM"))
except OSError:
    peak_kb = usage.ru_maxrss
print(json.dumps(dict(cpu=usage.ru_utime + usage.ru_stime, mb=peak_kb / 1024)))
"""


def in_new_process(code: str) -> dict[str, float]:
    """CPU seconds and peak memory (MB) of a new Python that runs *code*."""
    run = [sys.executable, "-c", REPORT.format(code=code)]
    done = subprocess.run(run, check=True, capture_output=True, text=True, env=os.environ.copy())
    return json.loads(done.stdout.splitlines()[-1])


def measured(benchmark, code: str, rounds: int = 5) -> None:
    """Runs *code* in new processes; CPU seconds and memory beyond bare Python go into the extra columns."""
    seen: list[dict[str, float]] = []
    benchmark.pedantic(lambda: seen.append(in_new_process(code)), rounds=rounds)
    bare = min((in_new_process("") for _ in range(rounds)), key=lambda one: one["cpu"])
    best = min(seen, key=lambda one: one["cpu"])
    benchmark.extra_info["cpu_ms_beyond_python"] = round(1000 * (best["cpu"] - bare["cpu"]), 1)
    benchmark.extra_info["peak_mb"] = round(best["mb"], 1)


def test_import(benchmark):
    """`import casekit`: the limit is 50 CPU-ms."""
    measured(benchmark, "import casekit")


def test_import_pandas(benchmark):
    """The peer everything else is measured against: `import pandas, duckdb`."""
    measured(benchmark, "import pandas, duckdb")


def test_open_warm(benchmark, case):
    """`open_case` on a dataset that is there: verified, progress restored."""
    ensure_dataset(Path(case.folder), SLUG)
    measured(benchmark, f"import casekit; casekit.open_case({SLUG!r})")


def test_open_cold(benchmark, tmp_path):
    """`open_case` on a machine that never saw the case: the dataset is built."""
    new_place = f"os.environ['CASEKIT_DATA'] = tempfile.mkdtemp(dir={str(tmp_path)!r})"
    measured(benchmark, f"import os, tempfile, casekit\n{new_place}\ncasekit.open_case({SLUG!r})", rounds=3)


def test_build_dataset(benchmark, case, tmp_path):
    """Building the default dataset, imports done: the limit is 0.6 CPU-s."""
    seeds = iter(range(100, 200))
    benchmark.pedantic(
        lambda: ensure_dataset(Path(case.folder), SLUG, seed=next(seeds), data_dir=tmp_path),
        rounds=5,
        warmup_rounds=1,
    )


def test_one_check_memory(benchmark, case):
    """Peak memory of a kernel that opened the case and checked one answer."""
    ensure_dataset(Path(case.folder), SLUG)
    code = (
        f"import casekit; case = casekit.open_case({SLUG!r})\n"
        "case.check('weekly-conversion', 'SELECT 1 AS week')"
    )
    measured(benchmark, code, rounds=3)
