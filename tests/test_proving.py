"""Verdicts on SQL after hidden databases were asked: luck, chance, the words for a mistake, a database."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator

import pytest

from casekit.errors import AuthorError, Problem
from casekit.judge import Bench, judge
from casekit.library import case_folder, find_exercise, load_case, load_key
from casekit.model import Answer, Verdict
from casekit.model.keys import CodeKey, Trap
from casekit.world import ensure_dataset

SLUG = "checkout-drop"
CASE = load_case(SLUG)
WEEKLY = """
    SELECT date_trunc('week', s.started_at)::DATE AS week, count(*) AS sessions,
           count(p.session_id) AS converting, 100.0 * count(p.session_id) / count(*) AS conv_percent
    FROM sessions s
    LEFT JOIN (SELECT DISTINCT session_id FROM orders WHERE status = 'paid') p USING (session_id)
    GROUP BY 1
"""


@pytest.fixture(scope="module")
def bench() -> Iterator[Bench]:
    bench = Bench(CASE, ensure_dataset(case_folder(SLUG), SLUG).path, evidence_seconds=8.0)
    yield bench
    bench.close()


def verdict_on(bench: Bench, exercise: str, sql: str, key: CodeKey | None = None) -> Verdict:
    """The verdict on *sql*, handed in for *exercise*."""
    return judge(find_exercise(CASE, exercise), key or load_key(CASE, exercise), Answer(sql, sql=True), bench)


def key_of(exercise: str) -> CodeKey:
    """The key of an exercise that is answered in SQL."""
    key = load_key(CASE, exercise)
    assert isinstance(key, CodeKey)
    return key


def literals(bench: Bench, exercise: str) -> str:
    """The right rows, typed in."""
    table = bench.reference(key_of(exercise))
    rows = ", ".join("(" + ", ".join(map(literal, row)) + ")" for row in table.rows)
    return f"SELECT * FROM (VALUES {rows}) AS typed({', '.join(table.columns)})"


def literal(value: object) -> str:
    return str(value) if isinstance(value, int | float) else f"'{value}'"


def test_right_answer_rests_on_databases(bench: Bench):
    """A right answer is right on many hidden databases too, and the verdict says on how many."""
    verdict = verdict_on(bench, "weekly-conversion", WEEKLY)
    assert ("correct", None) == (verdict.status, verdict.counterexample)
    assert verdict.databases >= 60


@pytest.mark.parametrize("exercise", ["weekly-conversion", "latest-version", "ios-paradox"])
def test_typed_in_answer_is_luck(bench: Bench, exercise: str):
    """The right rows typed in are *not yet*, and a tiny database shows why."""
    verdict = verdict_on(bench, exercise, literals(bench, exercise))
    assert "not yet" == verdict.status
    assert "reads no table" in verdict.headline
    assert verdict.counterexample is not None
    assert verdict.counterexample.yours != verdict.counterexample.expected


def test_boundary_nobody_sits_on_is_luck(bench: Bench):
    """A week that takes in the first moment of the next is right until somebody comes at midnight."""
    reference = key_of("step-funnel").reference
    off_by_one = reference.replace("started_at >= '2025-04-07'", "started_at > '2025-04-07'")
    assert off_by_one != reference
    verdict = verdict_on(bench, "step-funnel", off_by_one)
    assert "not yet" == verdict.status
    assert verdict.counterexample is not None
    starts = [str(row[2]) for row in dict(verdict.counterexample.tables)["sessions"].rows]
    assert "2025-04-07 00:00:00" in starts


def test_luck_is_told_with_the_mistake(bench: Bench):
    """Where a known mistake gives the same results everywhere, its words and its tag are told."""
    reference = key_of("step-funnel").reference
    verdict = verdict_on(
        bench, "step-funnel", reference.replace("started_at >= '2025-04-07'", "started_at > '2025-04-07'")
    )
    mutants = {mutant.say: mutant.tag for mutant in bench.mutants(key_of("step-funnel"))}
    assert verdict.tag == mutants[verdict.points[0]]


@pytest.mark.parametrize(
    "chance",
    [
        "SELECT week, sessions, converting, conv_percent + 0 * random() AS conv_percent FROM ({})",
        "SELECT week, sessions, converting, conv_percent FROM ({}) WHERE now() > '2000-01-01'",
    ],
)
def test_chance_is_named(bench: Bench, chance: str):
    """A query that asks for the clock or for lots is named as such."""
    verdict = verdict_on(bench, "weekly-conversion", chance.format(WEEKLY))
    assert "not yet" == verdict.status
    assert "chance" in verdict.headline


def test_miss_is_shown_on_few_rows(bench: Bench):
    """A trap keeps its own words, and gets a tiny database on which it goes wrong."""
    trap = next(trap for trap in key_of("weekly-conversion").traps if trap.slug == "fan-out")
    verdict = verdict_on(bench, "weekly-conversion", trap.submission)
    assert ("trap", "fan-out") == (verdict.status, verdict.trap)
    assert verdict.counterexample is not None
    assert 4 >= sum(len(table.rows) for _, table in verdict.counterexample.tables)


def test_mistake_without_a_trap_gets_words(bench: Bench):
    """A mistake nobody stored is explained by the mutant of the reference that makes it."""
    key = dataclasses.replace(key_of("weekly-conversion"), traps=())
    monthly = WEEKLY.replace("date_trunc('week'", "date_trunc('month'")
    verdict = verdict_on(bench, "weekly-conversion", monthly, key)
    assert ("wrong", "grain") == (verdict.status, verdict.tag)
    assert "cut to another length" in verdict.points[0]
    assert verdict.counterexample is not None


def test_traps_with_one_result_are_told_apart(bench: Bench):
    """Two stored mistakes that coincide on the candidate's data are told apart on hidden databases."""
    key = key_of("weekly-conversion")
    no_paid = WEEKLY.replace(" WHERE status = 'paid'", "")
    # On as many sessions as the data at hand has, both give one result.
    many = "(SELECT count(*) FROM sessions) > 5000"
    nearly = WEEKLY.replace("WHERE status = 'paid'", f"WHERE status = 'paid' OR {many}")
    traps = (
        Trap("nearly", "missing_filter", "You counted them where there are many.", nearly),
        Trap("no-paid", "missing_filter", "You counted orders that were never paid.", no_paid),
    )
    verdict = verdict_on(bench, "weekly-conversion", no_paid, dataclasses.replace(key, traps=traps))
    assert ("trap", "no-paid") == (verdict.status, verdict.trap)


def test_wrong_columns_need_no_database(bench: Bench):
    """What the result's own columns tell is not told again by a database."""
    verdict = verdict_on(bench, "weekly-conversion", "SELECT count(*) AS sessions FROM sessions")
    assert ("wrong", None, 0) == (verdict.status, verdict.counterexample, verdict.databases)


def test_case_without_worlds_is_judged_on_its_data(monkeypatch: pytest.MonkeyPatch):
    """A world that cannot be drawn is the author's fault: the learner's right answer stays right."""

    def broken(case: object) -> None:
        raise AuthorError(SLUG, [Problem("world.py", "", "", "cannot be drawn")])

    monkeypatch.setattr("casekit.judge.bench.hidden_worlds", broken)
    bench = Bench(CASE, ensure_dataset(case_folder(SLUG), SLUG).path)
    try:
        verdict = verdict_on(bench, "weekly-conversion", WEEKLY)
        assert ("correct", 0) == (verdict.status, verdict.databases)
    finally:
        bench.close()


def test_evidence_can_be_left_out():
    """A bench that may not spend time on evidence judges on the data alone."""
    bench = Bench(CASE, ensure_dataset(case_folder(SLUG), SLUG).path, evidence_seconds=0)
    try:
        assert ("correct", 0) == (
            (verdict := verdict_on(bench, "weekly-conversion", WEEKLY)).status,
            verdict.databases,
        )
    finally:
        bench.close()


def test_order_asked_for_is_told_by_the_result(bench: Bench):
    """Rows in a wrong order are told as such, without a database."""
    key = key_of("step-funnel")
    turned = f"SELECT * FROM ({key.reference}) ORDER BY sessions"
    exercise = find_exercise(CASE, "step-funnel")
    verdict = verdict_on(bench, "step-funnel", turned)
    expected = ("wrong", None) if exercise.ordered_by else ("correct", None)
    assert expected == (verdict.status, verdict.counterexample)
