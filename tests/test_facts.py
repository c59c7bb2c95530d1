"""The planted facts of every case hold on every seed, so that one story can be told of all."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from pathlib import Path

import duckdb
import pytest

import casekit
from casekit.errors import AuthorError
from casekit.world import Fact, World
from casekit.world.blocks import draw_rows
from casekit.world.facts import Measured, measure, read_facts
from casekit.world.loading import load_world, read_source
from casekit.world.truth import truth_of
from casekit.world.writing import fill

CASES = Path(casekit.__file__).parent / "cases"
SEEDS = (7, 11, 12, 21, *range(101, 117))


@cache
def world_of(slug: str) -> World:
    return load_world(read_source(CASES / slug, slug), slug)


def each_fact() -> Iterator[tuple[str, str, int]]:
    """Every case, size and seed that has facts to hold."""
    for folder in sorted(CASES.glob("*/world.py")):
        slug = folder.parent.name
        for size in world_of(slug).sizes:
            if any(size in fact.sizes for fact in world_of(slug).facts):
                yield from ((slug, size, seed) for seed in SEEDS)


def measured(slug: str, size: str, seed: int) -> tuple[Measured, ...]:
    world = world_of(slug)
    with duckdb.connect(config={"threads": 1}) as con:
        fill(con, world, draw_rows(world, slug, seed, size))
        return measure(con, [fact for fact in world.facts if size in fact.sizes])


@pytest.mark.parametrize(("slug", "size", "seed"), list(each_fact()))
def test_planted_facts_hold(slug: str, size: str, seed: int):
    """Each fact's number falls into its range, whatever the seed."""
    missed = [
        f"{found.fact.name} is {found.value}, not {found.fact.low} to {found.fact.high}"
        for found in measured(slug, size, seed)
        if not found.holds
    ]

    assert [] == missed


@pytest.mark.parametrize("slug", sorted(folder.parent.name for folder in CASES.glob("*/world.py")))
def test_facts_are_declared(slug: str):
    """Every case plants facts; each has its own name, a range, a sentence, and sizes that exist."""
    facts = world_of(slug).facts

    assert facts
    assert len(facts) == len({fact.name for fact in facts})
    assert all(fact.low <= fact.high and fact.says.endswith(".") for fact in facts)
    assert all(set(fact.sizes) <= set(world_of(slug).sizes) for fact in facts)


def test_missed_fact_shows():
    """A number outside its range, and a query without a number, do not hold."""
    facts = [_fact("SELECT 3"), _fact("SELECT NULL"), _fact("SELECT 1 WHERE false"), _fact("SELECT 2")]
    with duckdb.connect() as con:
        found = measure(con, facts)

    assert [False, False, False, True] == [one.holds for one in found]
    assert [3.0, None, None, 2.0] == [one.value for one in found]


def test_fact_needs_its_lines(tmp_path: Path):
    """A fact without range, sentence or query is the author's mistake, named."""
    path = tmp_path / "facts.sql"
    path.write_text("-- fact: lonely_share\n-- says: Nothing to measure.\n")

    with pytest.raises(AuthorError, match=r"facts\.sql › lonely_share: needs a line"):
        read_facts(path)


FACT = "-- fact: {name}\n-- range: {range}\n-- says: It is.\nSELECT 1;\n"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "facts.sql: holds no fact; write one under"),
        ("-- What must be true.\n", "facts.sql: holds no fact; write one under"),
        ("-- view: only\nSELECT 1\n", "facts.sql: holds no fact; write one under"),
        (FACT.format(name="a", range="low to 2"), "a: has the range low to 2; write two numbers"),
        (FACT.format(name="a", range="nan to 2"), "a: has the range nan to 2; write two numbers"),
        (FACT.format(name="a", range="2 to 1"), "a: has the range 2 to 1; put the smaller number first"),
        (FACT.format(name="a", range="1 to 2 at default,"), "a: holds at 'default,'; name the sizes"),
        (FACT.format(name="a b", range="1 to 2"), "a b: is no name"),
        (FACT.format(name="a", range="1 to 2") * 2, "a: is the name of 2 facts"),
        ("-- view: v\n" + FACT.format(name="a", range="1 to 2"), "v: has no SELECT"),
    ],
)
def test_bad_facts_are_told(text: str, words: str, tmp_path: Path):
    """Whatever is wrong with a file of facts is the author's mistake, named."""
    path = tmp_path / "facts.sql"
    path.write_text(text)

    with pytest.raises(AuthorError) as caught:
        read_facts(path)

    assert [words in str(problem) for problem in caught.value.problems] == [True]


def test_missing_facts_are_told(tmp_path: Path):
    """A file that is not there is told with its name."""
    with pytest.raises(AuthorError, match=r"facts\.sql: cannot be read \(No such file"):
        read_facts(tmp_path / "facts.sql")


def test_facts_are_told_together(tmp_path: Path):
    """Two broken facts are told in one error."""
    path = tmp_path / "facts.sql"
    path.write_text("-- fact: one\nSELECT 1\n" + FACT.format(name="two", range="x to y"))

    with pytest.raises(AuthorError) as caught:
        read_facts(path)

    assert ["one", "two"] == [problem.where for problem in caught.value.problems]


def test_faulty_query_is_told():
    """A fact whose query does not run, or gives no number, says why it has none."""
    with duckdb.connect() as con:
        found = measure(con, [_fact("SELEC 1"), _fact("SELECT 'two'"), _fact("SELECT 2")])

    assert ["Parser Error", "could not convert", ""] == [one.fault[:17].split(":")[0] for one in found]
    assert [False, False, True] == [one.holds for one in found]


def test_truth_names_faulty_facts():
    """The truth of a world whose facts cannot be measured is an error that names each of them."""
    world = replace(world_of("checkout-drop"), facts=(_fact("SELEC 1"), _fact("FROM nowhere")))

    with pytest.raises(AuthorError) as caught:
        truth_of(world, "checkout-drop", 7, "tiny")

    assert 2 == len(caught.value.problems)
    assert all("cannot be measured" in problem.message for problem in caught.value.problems)


def test_facts_read_views(tmp_path: Path):
    """A fact may read a view of its file by name; long sentences go on in further lines."""
    path = tmp_path / "facts.sql"
    path.write_text(
        "-- view: twos\nSELECT 2 AS two\n\n"
        "-- fact: two_count\n-- range: 2 to 2 at default, tiny\n-- says: Two\n--   is two.\n"
        "SELECT two FROM twos;\n"
    )

    (fact,) = read_facts(path)

    assert ("Two is two.", ("default", "tiny")) == (fact.says, fact.sizes)
    with duckdb.connect() as con:
        assert measure(con, [fact])[0].holds


def _fact(sql: str) -> Fact:
    return Fact("two_count", 2, 2, sql, "Two is two.", ("default", "tiny"))
