"""What the benchmarks share: a dataset of their own, a bench, p50 and p99 of every run."""

from __future__ import annotations

import statistics
from pathlib import Path

import pytest

from casekit.judge import Bench
from casekit.library import load_case
from casekit.world import ensure_dataset

SLUG = "checkout-drop"


@pytest.fixture(scope="session", autouse=True)
def own_places(tmp_path_factory):
    """Progress and datasets of the run live in one temporary folder."""
    place = tmp_path_factory.mktemp("casekit")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("CASEKIT_HOME", str(place / "home"))
        patch.setenv("CASEKIT_DATA", str(place / "data"))
        yield place


@pytest.fixture(scope="session")
def case():
    """The case everything is measured on."""
    return load_case(SLUG)


@pytest.fixture(scope="session")
def bench(case):
    """A warm bench on the default dataset."""
    made = Bench(case, ensure_dataset(Path(case.folder), SLUG).path)
    yield made
    made.close()


@pytest.fixture
def percentiles(benchmark):
    """After the test, p50 and p99 in milliseconds stand in the benchmark's extra columns."""
    yield
    if benchmark.stats is not None:
        seconds = sorted(benchmark.stats.stats.data)
        benchmark.extra_info["p50_ms"] = round(1000 * statistics.median(seconds), 1)
        benchmark.extra_info["p99_ms"] = round(1000 * seconds[int(0.99 * (len(seconds) - 1))], 1)
