"""What every exercise of every case promises: the reference passes, each trap gets its own words."""

from __future__ import annotations

import functools
from pathlib import Path

import pytest

from casekit.compare import compare_tables, same_result
from casekit.judge import Bench, fill, judge
from casekit.judge.hidden import WARM_MODULES
from casekit.judge.tables import contract_of, judge_table
from casekit.library import list_slugs, load_case, load_debrief, load_key, validate_case
from casekit.model import Answer, Table
from casekit.model.keys import CardsKey, ChoiceKey, CodeKey, MemoKey
from casekit.sandbox import AnswerBox, Failure
from casekit.world import ensure_dataset

SEEDS = (7, 11, 12, 21)
NOTHING = {
    "sql": (None, ..., "", "   ", ";", "-- later", "/* later */"),
    "pandas": (None, ...),
    "number": (None, ..., {}),
    "choice": (None, ..., ""),
    "cards": (None, ..., [], ""),
    "memo": (None, ..., "", " \n "),
}
EVERY = [(slug, exercise.id) for slug in list_slugs() for exercise in load_case(slug).exercises]
CODED = [(slug, id_) for slug, id_ in EVERY if isinstance(load_key(load_case(slug), id_), CodeKey)]
REMARKS = [
    (slug, id_, number)
    for slug, id_ in EVERY
    for number in range(len(getattr(load_key(load_case(slug), id_), "remarks", ())))
]
TRAPS = [
    (slug, id_, number)
    for slug, id_ in EVERY
    for number in range(len(getattr(load_key(load_case(slug), id_), "traps", ())))
]


def asked(slug: str, id_: str):
    """The exercise."""
    return next(e for e in load_case(slug).exercises if e.id == id_)


def measures(exercise) -> list[str]:
    """The columns that hold numbers and are not part of the key."""
    return [
        c.name for c in exercise.columns if c.name not in exercise.key and c.type in ("integer", "number")
    ]


@pytest.fixture(scope="module")
def box():
    """One answer box for all."""
    box = AnswerBox(warm=WARM_MODULES)
    yield box
    box.close()


@pytest.fixture(scope="module")
def bench(box):
    """The bench of a case on a seed, made once."""

    @functools.cache
    def made(slug: str, seed: int) -> Bench:
        case = load_case(slug)
        path = ensure_dataset(Path(case.folder), slug, seed=seed).path
        return Bench(case, path, box, evidence_seconds=2.0 if seed == SEEDS[0] else 0)

    return made


def exercise_of(slug: str, id_: str):
    """The exercise and its key."""
    return asked(slug, id_), load_key(load_case(slug), id_)


def as_answer(exercise, key, submission: str, bench: Bench) -> Answer:
    """A stored answer as a candidate would submit it."""
    match key:
        case CodeKey(language="sql"):
            return Answer(submission, sql=True)
        case CodeKey():
            names = dict(bench.frames())
            exec("import numpy as np, pandas as pd\n" + submission, names)
            return Answer(names["answer"], chart=names.get("chart"))
        case CardsKey():
            return Answer(submission.split())
        case _:
            return Answer(submission)


def right_answer(exercise, key, bench: Bench) -> Answer:
    """The stored right answer as a candidate would submit it."""
    match key:
        case CodeKey():
            return as_answer(exercise, key, key.reference, bench)
        case ChoiceKey():
            return Answer(key.right)
        case CardsKey():
            return Answer(list(key.order))
        case MemoKey():
            return Answer(fill(key.exemplar, bench.ledger))


def judged_table(exercise, key, table: Table, bench: Bench):
    """The verdict on a result, however it was made."""
    return judge_table(exercise, key, table, bench)


@pytest.mark.parametrize("slug", list_slugs())
def test_case_is_valid(slug):
    """Every file of the case folder reads without a problem."""
    assert validate_case(slug).slug == slug


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize(("slug", "id_"), EVERY)
def test_reference_is_correct(slug, id_, seed, bench):
    """The stored right answer is judged correct on every seed."""
    exercise, key = exercise_of(slug, id_)
    verdict = judge(exercise, key, right_answer(exercise, key, bench(slug, seed)), bench(slug, seed))
    assert (verdict.status, verdict.points if verdict.status != "correct" else ()) == ("correct", ())


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize(("slug", "id_", "number"), TRAPS)
def test_trap_says_own_words(slug, id_, number, seed, bench):
    """Each stored wrong answer gets exactly its own words on every seed."""
    exercise, key = exercise_of(slug, id_)
    trap = key.traps[number]
    verdict = judge(
        exercise, key, as_answer(exercise, key, trap.submission, bench(slug, seed)), bench(slug, seed)
    )
    said = " ".join((verdict.headline, *verdict.points))
    assert (verdict.status, verdict.trap, verdict.tag, said) == ("trap", trap.slug, trap.tag, trap.say)


@pytest.mark.parametrize(
    ("slug", "id_", "slug_of_trap"),
    [
        (slug, id_, rule.trap.slug)
        for slug, id_ in EVERY
        if isinstance(key := load_key(load_case(slug), id_), CardsKey)
        for rule in key.rules
    ]
    + [
        (slug, id_, flag.trap.slug)
        for slug, id_ in EVERY
        if isinstance(key := load_key(load_case(slug), id_), MemoKey)
        for flag in key.red_flags
    ],
)
def test_rule_says_own_words(slug, id_, slug_of_trap, bench):
    """Each card order that breaks a rule, and each red flag in a memo, gets exactly its own words."""
    exercise, key = exercise_of(slug, id_)
    stored = (
        [rule.trap for rule in key.rules] if isinstance(key, CardsKey) else [f.trap for f in key.red_flags]
    )
    trap = next(trap for trap in stored if trap.slug == slug_of_trap)
    verdict = judge(exercise, key, as_answer(exercise, key, trap.submission, bench(slug, 7)), bench(slug, 7))
    assert (verdict.status, verdict.trap, verdict.headline) == ("trap", trap.slug, headline_of(trap.say))


def headline_of(say: str) -> str:
    """The first sentence of a trap's words."""
    first, _, rest = say.partition(". ")
    return first + "." if rest else first


@pytest.mark.parametrize(
    ("slug", "id_", "nothing"),
    [(slug, e.id, n) for slug in list_slugs() for e in load_case(slug).exercises for n in NOTHING[e.kind]],
)
def test_nothing_is_not_attempted(slug, id_, nothing, bench):
    """Nothing submitted is not attempted, never wrong."""
    exercise, key = exercise_of(slug, id_)
    verdict = judge(exercise, key, Answer(nothing, sql=exercise.kind == "sql"), bench(slug, 7))
    assert verdict.status == "not attempted"


@pytest.mark.parametrize(("slug", "id_"), [pair for pair in CODED if not asked(*pair).ordered_by])
def test_other_forms_pass(slug, id_, bench):
    """Shuffled rows, columns in other letter case and floats for integers pass."""
    exercise, key = exercise_of(slug, id_)
    right = bench(slug, 7).reference(key)
    rows = tuple(
        tuple(float(v) if isinstance(v, int) and not isinstance(v, bool) else v for v in row)
        for row in reversed(right.rows)
    )
    other = Table(tuple(name.upper() for name in right.columns), rows)
    assert judged_table(exercise, key, other, bench(slug, 7)).status == "correct"


@pytest.mark.parametrize(("slug", "id_"), [pair for pair in CODED if measures(asked(*pair))])
def test_last_value_matters(slug, id_, bench):
    """One wrong number in the last row fails, and its column is named."""
    exercise, key = exercise_of(slug, id_)
    right = bench(slug, 7).reference(key)
    name = measures(exercise)[-1]
    place = [column.casefold() for column in right.columns].index(name.casefold())
    last = [*right.rows[-1]]
    last[place] = (last[place] or 0) * 1.5 + 7
    wrong = Table(right.columns, (*right.rows[:-1], tuple(last)))
    verdict = judged_table(exercise, key, wrong, bench(slug, 7))
    assert verdict.status == "wrong"
    assert name in verdict.headline
    assert "too high" in verdict.headline


@pytest.mark.parametrize(("slug", "id_"), CODED)
def test_all_null_fails(slug, id_, bench):
    """A result with the right keys and nothing but NULLs fails."""
    exercise, key = exercise_of(slug, id_)
    right = bench(slug, 7).reference(key)
    keys = {name.casefold() for name in exercise.key} if len(exercise.key) < len(exercise.columns) else set()
    rows = tuple(
        tuple(v if n.casefold() in keys else None for n, v in zip(right.columns, row, strict=True))
        for row in right.rows
    )
    assert judged_table(exercise, key, Table(right.columns, rows), bench(slug, 7)).status == "wrong"


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize(("slug", "id_"), CODED)
def test_traps_tell_apart(slug, id_, seed, bench):
    """On every seed each trap's result differs from the reference's and from every other trap's."""
    exercise, key = exercise_of(slug, id_)
    on_seed = bench(slug, seed)
    right = on_seed.reference(key)
    results = {trap.slug: on_seed.result(trap.submission, key.language) for trap in key.traps}
    tables = {name: result for name, result in results.items() if not isinstance(result, Failure)}
    contract = contract_of(exercise)
    assert [n for n, t in tables.items() if compare_tables(right, t, contract).difference is None] == []
    pairs = [(a, b) for a in tables for b in tables if a < b and same_result(tables[a], tables[b], contract)]
    assert pairs == []


@pytest.mark.parametrize(("slug", "id_", "number"), REMARKS)
def test_remark_is_earned(slug, id_, number, bench):
    """Each stored remark is made about its example, which is a right answer."""
    exercise, key = exercise_of(slug, id_)
    remark = key.remarks[number]
    verdict = judge(exercise, key, Answer(remark.example, sql=True), bench(slug, 7))
    assert (verdict.status, remark.say in verdict.notes) == ("correct", True)


@pytest.mark.parametrize("slug", list_slugs())
def test_exhibits_run(slug, bench):
    """Every exhibit gives rows on the case's data."""
    for exhibit in load_case(slug).interview.exhibits:
        result = bench(slug, 7).result(exhibit.sql, "sql")
        assert not isinstance(result, Failure), result
        assert result.rows


@pytest.mark.parametrize("slug", list_slugs())
def test_prediction_is_settled(slug, bench):
    """The ledger holds the number that settles the prediction."""
    assert load_case(slug).interview.prediction.ledger in bench(slug, 7).ledger


@pytest.mark.parametrize("slug", list_slugs())
def test_prose_cites_ledger(slug, bench):
    """Every number that a debrief or an exemplar cites by name is in the ledger."""
    case = load_case(slug)
    debrief = load_debrief(case)
    exemplars = [key.exemplar for e in case.exercises if isinstance(key := load_key(case, e.id), MemoKey)]
    for text in (debrief.truth, debrief.aftermath, *debrief.trail, *exemplars):
        assert "{" not in fill(text, bench(slug, 7).ledger)
