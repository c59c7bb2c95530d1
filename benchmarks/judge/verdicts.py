"""
How long a verdict on SQL takes, on Marrowby's default data.

    python benchmarks/judge/verdicts.py [--rounds 50] [--json out.json]

Every SQL exercise is answered right (its reference) and wrong (each stored trap), as often as makes *rounds*
of each. Prints milliseconds: wall clock of the whole verdict less that of the submitted query, and processor
time of the comparison on hidden databases alone, measured in this process; medians and 99th percentiles.
Then the verdicts on the data alone that two threads give in a second.
"""

from __future__ import annotations

import argparse
import json
import statistics
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from functools import cache
from itertools import cycle, islice
from pathlib import Path

from casekit.judge import Bench, compare_queries, judge
from casekit.judge.hidden import HiddenWorlds, hidden_worlds
from casekit.judge.hidden.examining import CROWD, MOST_DATABASES
from casekit.judge.tables import contract_of
from casekit.library import case_folder, load_case, load_key
from casekit.model import Answer, Exercise
from casekit.model.keys import CodeKey
from casekit.sandbox.locking import attach_read_only, open_memory
from casekit.world import ensure_dataset

SLUG = "checkout-drop"
CASE = load_case(SLUG)
Submission = tuple[Exercise, CodeKey, str, bool]


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("--rounds", type=int, default=50)
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    dataset = ensure_dataset(case_folder(SLUG), SLUG).path
    figures = {}
    with closing(Bench(CASE, dataset)) as bench:
        for is_right in (True, False):
            chosen = list(islice(cycle(submissions(is_right=is_right)), options.rounds))
            judge(chosen[0][0], chosen[0][1], Answer(chosen[0][2], sql=True), bench)  # starts the worker
            walls = sorted(wall_ms(one, bench) for one in chosen)
            cpus = sorted(cpu_ms(one, dataset) for one in chosen)
            kind = "right" if is_right else "wrong"
            figures[kind] = {"wall_ms": summary(walls), "evidence_cpu_ms": summary(cpus)}
            print(kind, figures[kind])
    with closing(Bench(CASE, dataset, evidence_seconds=0)) as bench:
        figures["pure_verdicts_a_second"] = throughput(bench, options.rounds)
    print("pure verdicts a second, two threads:", figures["pure_verdicts_a_second"])
    if options.json:
        options.json.write_text(json.dumps(figures, indent=1))


def submissions(*, is_right: bool) -> Iterator[Submission]:
    """Every reference, or every stored trap that runs."""
    for exercise in CASE.exercises:
        key = load_key(CASE, exercise.id)
        if isinstance(key, CodeKey) and key.language == "sql":
            queries = (
                [key.reference] if is_right else [trap.submission for trap in key.traps if not trap.fails]
            )
            yield from ((exercise, key, sql, is_right) for sql in queries)


def wall_ms(one: Submission, bench: Bench) -> float:
    """Wall clock of one verdict less that of the submitted query."""
    exercise, key, sql, _ = one
    started = time.perf_counter()
    judge(exercise, key, Answer(sql, sql=True), bench)
    return (time.perf_counter() - started - bench.run(sql).seconds) * 1000


def cpu_ms(one: Submission, dataset: Path) -> float:
    """Processor time of the comparison on hidden databases."""
    exercise, key, sql, is_right = one
    worlds = known_worlds()
    con = open_memory("512MB", threads="1", async_threads="0")
    with closing(con):
        attach_read_only(con, dataset)
        started = time.process_time()
        compare_queries(
            worlds.tables.schema,
            key.reference,
            sql,
            contract=contract_of(exercise),
            laws=worlds.tables.laws,
            databases=worlds.worlds,
            crowd=CROWD,
            doubted=is_right,
            seconds=2.0 if is_right else 1.2,
            most=MOST_DATABASES,
            connection=con,
        )
        return (time.process_time() - started) * 1000


@cache
def known_worlds() -> HiddenWorlds:
    """The hidden worlds of the case."""
    return hidden_worlds(CASE)


def throughput(bench: Bench, rounds: int) -> float:
    """Verdicts a second that rest on the candidate's data alone."""
    chosen = list(islice(cycle(submissions(is_right=False)), rounds))
    started = time.perf_counter()
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(lambda one: pure(one, bench), chosen))
    return round(rounds / (time.perf_counter() - started), 1)


def pure(one: Submission, bench: Bench) -> None:
    """One verdict."""
    exercise, key, sql, _ = one
    judge(exercise, key, Answer(sql, sql=True), bench)


def summary(values: list[float]) -> dict[str, float]:
    """Median and 99th percentile."""
    return {
        "p50": round(statistics.median(values), 1),
        "p99": round(values[int(0.99 * (len(values) - 1))], 1),
    }


if __name__ == "__main__":
    main()
