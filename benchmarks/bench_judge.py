"""One check, right and wrong, beside the candidate's bare query on the same data in the same run."""

from __future__ import annotations

import pytest

from casekit.judge import judge
from casekit.library import load_key
from casekit.model import Answer
from casekit.sandbox import fetch, open_trusted

CHECKS = 50
EXERCISE = "weekly-conversion"


@pytest.fixture
def weekly(case):
    """The exercise and its key."""
    exercise = next(exercise for exercise in case.exercises if exercise.id == EXERCISE)
    return exercise, load_key(case, EXERCISE)


@pytest.mark.usefixtures("percentiles")
def test_bare_query(benchmark, bench, weekly):
    """The floor: the reference query alone, in this process."""
    _, key = weekly
    connection = open_trusted(bench.dataset)
    benchmark.pedantic(lambda: fetch(connection, key.reference), rounds=CHECKS, warmup_rounds=3)
    connection.close()


@pytest.mark.usefixtures("percentiles")
def test_right_answer(benchmark, bench, weekly):
    """A right answer: sandboxed run, every value compared."""
    exercise, key = weekly
    answer = Answer(key.reference, sql=True)
    verdict = benchmark.pedantic(judge, (exercise, key, answer, bench), rounds=CHECKS, warmup_rounds=3)
    assert verdict.status == "correct"


@pytest.mark.usefixtures("percentiles")
def test_trapped_answer(benchmark, bench, weekly):
    """A typical mistake: sandboxed run, compared with the reference and the stored traps."""
    exercise, key = weekly
    answer = Answer(key.traps[-1].submission, sql=True)
    verdict = benchmark.pedantic(judge, (exercise, key, answer, bench), rounds=CHECKS, warmup_rounds=3)
    assert verdict.status == "trap"


@pytest.mark.usefixtures("percentiles")
def test_wrong_answer(benchmark, bench, weekly):
    """A mistake nobody stored: compared with everything, then explained by its structure."""
    exercise, key = weekly
    wrong = f"SELECT * REPLACE (conv_percent + 1 AS conv_percent) FROM ({key.reference})"
    answer = Answer(wrong, sql=True)
    verdict = benchmark.pedantic(judge, (exercise, key, answer, bench), rounds=CHECKS, warmup_rounds=3)
    assert verdict.status == "wrong"
