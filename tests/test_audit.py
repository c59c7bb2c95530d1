"""The author's audit: mistakes noticed, mistakes declared equivalent, traps alike, answers by chance."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from casekit.build import new_case
from casekit.cli.judge import judge_app
from casekit.errors import AuthorError, UsageError
from casekit.judge.audit import CaseAudit, audit_case
from casekit.judge.audit.changes import changed_place
from casekit.library import load_case, validate_case

EXERCISE = "conversion-by-device"
SQL = f"answers/{EXERCISE}.sql"
EQUIVALENTS = "answers/equivalents.toml"
# Once a visit is one row, counting it once makes no difference: the one mistake that cannot be noticed.
RULES = """-- rule: visit_id is unique
SELECT visit_id FROM visits GROUP BY ALL HAVING count(*) > 1

-- rule: orders belong to visits
FROM orders ANTI JOIN visits USING (visit_id)
"""
DECLARED = '[[{exercise}]]\nmutant = "{mutant}"\nwhy = "A visit is one row."\n'
SAME_TRAP = """
-- trap: fan-out-again
-- tag: fanout
-- say: The same mistake, told twice.
SELECT v.device, count(*) AS visits, 100.0 * count(o.visit_id) / count(*) AS conversion_percent
FROM visits v LEFT JOIN orders o ON o.visit_id = v.visit_id
GROUP BY v.device
"""
BY_CHANCE = [
    ("SELECT visit_id AS device, 1 AS visits, 2 AS conversion_percent FROM visits LIMIT 1", "order"),
    ("SELECT device, count(*) AS visits, random() AS conversion_percent FROM visits GROUP BY 1", "random"),
]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A small case with rules, of which one mistake cannot be noticed."""
    monkeypatch.setenv("CASEKIT_CASES", str(tmp_path))
    case = new_case("kitchen-shop", tmp_path)
    (case / "rules.sql").write_text(RULES)
    return case


def audited() -> CaseAudit:
    return audit_case(load_case("kitchen-shop"))


def survivors() -> list[str]:
    return [left.mutant for one in audited().exercises for left in one.survivors]


def declare(folder: Path, mutant: str, exercise: str = EXERCISE) -> None:
    with (folder / EQUIVALENTS).open("a") as file:
        file.write(DECLARED.format(exercise=exercise, mutant=mutant))


def run(*arguments: str) -> Result:
    return CliRunner().invoke(judge_app, ["audit", *arguments])


def test_survivor_is_named(folder: Path):
    """A mistake that nothing notices is listed with its id and the place that changed."""
    (one,) = audited().exercises

    assert ["COUNT(b.visit_id) -> COUNT(DISTINCT b.visit_id)"] == [left.changed for left in one.survivors]
    assert one.n_mutants == one.n_not_running + one.n_killed_main + one.n_killed_hidden + 1
    assert one.kill_percent < 100


def test_declared_survivor_counts_out(folder: Path):
    """What is declared equivalent is no survivor, and leaves the rate."""
    declare(folder, *survivors())
    audit = audited()

    assert ((), 100.0) == (audit.problems, audit.kill_percent)
    assert [1] == [len(one.equivalent) for one in audit.exercises]
    assert validate_case("kitchen-shop")


def test_declared_stranger_is_told(folder: Path):
    """An id that no mutant has any more, and one whose mutant is noticed, are the author's to mend."""
    (noticed, *_), _ = _by_fate(folder)
    declare(folder, "join-kind-00000000")
    declare(folder, noticed)

    told = {problem.field: problem.message for problem in audited().problems}
    assert "is no mutant" in told["join-kind-00000000"]
    assert "not equivalent" in told[noticed]


def _by_fate(folder: Path) -> tuple[list[str], list[str]]:
    """Ids of mutants that are noticed, and of those that are not."""
    from casekit.judge.mutants import mutants_of
    from casekit.library import load_key

    alive = survivors()
    made = [one.id for one in mutants_of(load_key(load_case("kitchen-shop"), EXERCISE).reference)]
    return [one for one in made if one not in alive], alive


def test_unknown_exercise_is_told(folder: Path):
    """A declaration under a name that no exercise has is told by validate too."""
    declare(folder, "join-kind-00000000", exercise="conversion-by-devices")

    with pytest.raises(AuthorError, match="did you mean 'conversion-by-device'"):
        validate_case("kitchen-shop")


def test_equal_traps_are_told(folder: Path):
    """Two traps that no database tells apart fail the case, whatever the rate."""
    with (folder / SQL).open("a") as file:
        file.write(SAME_TRAP)
    declare(folder, *survivors())
    audit = audited()

    assert [("fan-out-again", "fan-out")] == [
        (pair.trap, pair.other) for one in audit.exercises for pair in one.alike
    ]
    assert (100.0, False) == (audit.kill_percent, audit.passes())


@pytest.mark.parametrize(("reference", "why"), BY_CHANCE)
def test_answer_by_chance_is_told(folder: Path, reference: str, why: str):
    """A reference that depends on the order of rows, or on a lot, is named as such."""
    (folder / SQL).write_text(f"-- reference\n-- say: It is so.\n{reference}\n")
    (one,) = audited().exercises

    assert why in one.by_chance


def test_exit_code_tells_standing(folder: Path):
    """0 when all is well, 1 under the limit or asked for more, 2 for a broken declaration."""
    limits = ("--least", "50"), ("--least", "100")

    assert [0, 1] == [run("kitchen-shop", *limit).exit_code for limit in limits]

    declare(folder, "join-kind-00000000")
    assert isinstance(run("kitchen-shop").exception, AuthorError)


@pytest.mark.parametrize("arguments", [(), ("--all", "kitchen-shop"), ("kitchen-shopp",)])
def test_wrong_call_says_what(folder: Path, arguments: tuple[str, ...]):
    """No case, all cases and one more, or a name that is none: the message says what to type."""
    assert isinstance(run(*arguments).exception, UsageError)


def test_json_is_the_audit(folder: Path, tmp_path: Path):
    """With --json FILE the whole audit is written, beside the table."""
    shown = run("kitchen-shop", "--json", str(tmp_path / "audit.json"))
    (case,) = json.loads((tmp_path / "audit.json").read_text())["cases"]

    assert "DISTINCT put into a count survives" in shown.stdout
    assert ("kitchen-shop", False) == (case["case"], case["passes"])
    assert [EXERCISE] == [one["exercise"] for one in case["exercises"]]


def test_json_alone_may_be_printed(folder: Path):
    """With --json - nothing but JSON goes to standard output."""
    assert ["kitchen-shop"] == [
        one["case"] for one in json.loads(run("kitchen-shop", "--json", "-").stdout)["cases"]
    ]


@pytest.mark.parametrize(
    ("before", "after", "place"),
    [
        ("SELECT a FROM t WHERE b < 5", "SELECT a FROM t WHERE b <= 5", "b < 5 -> b <= 5"),
        ("SELECT COUNT(*) FROM t", "SELECT COUNT(a) FROM t", "COUNT(*) -> COUNT(a)"),
        ("SELECT a FROM t", "SELECT DISTINCT a FROM t", "SELECT a -> SELECT DISTINCT a"),
        ("SELECT a FROM t WHERE b", "SELECT a FROM t", "t WHERE b -> t"),
    ],
)
def test_change_is_short(before: str, after: str, place: str):
    """What changed is told by the words that differ, and enough around them to find the place."""
    assert place == changed_place(before, after)
