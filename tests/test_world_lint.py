"""Before a row is written: which twists nobody could see; and what a world is, on a terminal."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from typer.testing import CliRunner

import casekit
from casekit.cli.app import app
from casekit.errors import UnknownName
from casekit.world import story as s
from casekit.world.describe import describe_world
from casekit.world.lint import VISIBLE, lint_world, sights_of
from casekit.world.truth import truth_of

CASES = Path(casekit.__file__).parent / "cases"
SLUGS = sorted(folder.parent.name for folder in CASES.glob("*/world.py"))


def shop(times: float, where: str = "device=phone", **said: bool):
    """A small shop with a step that is broken by a factor."""
    return s.tell(
        begins="2025-03-01",
        ends="2025-03-31",
        sizes={"default": 1_000},
        parts=(
            s.Population("people", {"device": s.mix(phone=2, laptop=1)}),
            s.Visits("visits", of="people", a_day=0.1, source="channel", sources=s.mix(search=1)),
            s.Funnel("shop", of="visits", starts="started_at", steps=(s.Step("order", 0.3, after="5m"),)),
        ),
        twists=(s.StepChange("broken", step="shop.order", where=where, times=times, **said),),
        tables=(s.Table("visits", "one row per visit", {"visit_id": "key", "device": "device"}),),
    )


def test_strong_twist_is_seen():
    """A twist that moves a count by many standard errors needs no word."""
    (sight,) = sights_of(shop(0.5), "toy")

    assert sight.errors > VISIBLE
    assert () == lint_world(shop(0.5), "toy")


def test_weak_twist_is_told():
    """A twist below three standard errors is told with its numbers and what to do."""
    (problem,) = lint_world(shop(0.97), "toy")

    assert "broken" == problem.where
    assert "standard errors; below 3" in problem.message
    assert "subtle=True" in problem.message


def test_subtle_twist_is_meant():
    """A twist that is meant to be hard to see is not told."""
    assert () == lint_world(shop(0.97, subtle=True), "toy")


def test_more_people_see_more():
    """The same twist that hides in a thousand people shows in a hundred thousand."""
    assert lint_world(shop(0.97), "toy", 1_000)
    assert () == lint_world(shop(0.97), "toy", 100_000)


@pytest.mark.parametrize("slug", SLUGS)
def test_every_twist_can_be_seen(slug: str):
    """At default size every twist of every world shows, or is meant to be subtle."""
    done = CliRunner().invoke(app, ["data", "lint", slug])

    assert 0 == done.exit_code, done.output


@pytest.mark.parametrize("slug", SLUGS)
def test_truth_is_told(slug: str):
    """The ledger names every twist of the story, and every fact holds."""
    done = CliRunner().invoke(app, ["data", "truth", slug, "--size", "default", "--json"])
    told = json.loads(done.output)

    assert 0 == done.exit_code
    assert told["ledger"]
    assert all(fact["holds"] for fact in told["facts"])


@pytest.mark.parametrize("slug", SLUGS)
def test_dictionary_is_told(slug: str):
    """Every column has its meaning; what may be NULL says how often, and nothing else is ever NULL."""
    done = CliRunner().invoke(app, ["data", "describe", slug, "--json"])
    tables = json.loads(done.output)

    assert 0 == done.exit_code
    assert all(column["what"] for table in tables for column in table["columns"])
    assert all(0 <= column["null_share"] <= 1 for table in tables for column in table["columns"])
    assert all(table["rows"] > 0 and table["grain"].startswith("one row") for table in tables)


def test_unknown_names_are_told():
    """A dataset or size that does not exist is answered with those that do."""
    missing = CliRunner().invoke(app, ["data", "truth", "checkout-drip"])
    size = CliRunner().invoke(app, ["data", "describe", "checkout-drop", "--size", "tini"])

    assert isinstance(missing.exception, UnknownName)
    assert "checkout-drop" in str(missing.exception)
    assert "tiny" in str(size.exception)


def test_descriptions_count_nulls():
    """The share of NULLs is counted on the rows: with no text at all it is all of them."""
    world = shop(0.5)
    (page,) = describe_world(world, "toy")
    hidden = replace(world, build=lambda draws, people: _without_device(world, draws, people))

    assert [0.0, 0.0] == [column.null_share for column in page.columns]
    assert 1.0 == describe_world(hidden, "toy")[0].columns[1].null_share


def test_truth_without_twist():
    """Told without its twist, a world's ledger says that nothing changed."""
    world = shop(0.5)
    calm = replace(world, build=world.story.without("broken").build)

    (did,), (nothing,) = (
        truth_of(world, "toy", 7, "default").ledger,
        truth_of(calm, "toy", 7, "default").ledger,
    )

    assert did.base > did.actual
    assert nothing.base == nothing.actual == did.base


def _without_device(world, draws, people):
    rows = dict(world.build(draws, people).rows)
    rows["visits"] = {**rows["visits"], "device": rows["visits"]["device"] * 0 - 1}
    return rows
