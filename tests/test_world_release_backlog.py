"""Ledgerfern's rows are sound, its ledger is what a rebuild changes, and queries tell its story."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from itertools import combinations
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pandas as pd
import pytest

import casekit
from casekit.world.blocks import Block, draw_block, draw_rows
from casekit.world.draws import Draws
from casekit.world.lint import lint_world
from casekit.world.loading import load_world, read_source
from casekit.world.rules import broken_rules, read_rules
from casekit.world.small import draw_small
from casekit.world.story.scene import Scene
from casekit.world.writing import digest_table, fill

SLUG = "release-backlog"
CASE = Path(casekit.__file__).parent / "cases" / SLUG
WORLD = load_world(read_source(CASE, SLUG), SLUG)
RULES = {rule.name: rule.sql for rule in read_rules(CASE)}
SIZES = ("default", "small", "tiny")
ONCE = ("releases", "release_tasks", "okrs", "backlog_items", "stakeholder_votes", "ai_suggestions")
NULLABLE = {
    "releases.original_planned_date",
    "releases.planned_date",
    "backlog_items.effort_pw",
    "backlog_items.kr_id",
}
ACTIVE = ["In Progress", "In Review", "QA", "Ready for Release"]

TEXT = (Path(__file__).parent / "data" / "release_backlog.sql").read_text("utf-8")
ANSWERS = re.split(r"^-- (E\d+)\n", TEXT, flags=re.MULTILINE)[1:]
QUERIES = dict(zip(ANSWERS[::2], ANSWERS[1::2], strict=True))

SIDES = {
    "device_farm": """
        FROM issue_transitions JOIN issues USING (issue_id)
        WHERE from_status = 'QA' AND team = 'mobile' AND (changed_at >= '2025-05-01') = {}""",
    "moved_plans": """
        FROM releases WHERE released_at::DATE > original_planned_date
        AND (planned_date > original_planned_date) = {}""",
    "hotfix_wave": "FROM releases WHERE release_type = 'hotfix' AND (released_at >= '2025-06-01') = {}",
    "checklist_bot": """
        FROM release_tasks JOIN releases USING (release_id) WHERE team = 'core' AND task = 'release_notes'
        AND (mode = 'automated') = {}""",
}


def filled(rows: Any) -> duckdb.DuckDBPyConnection:
    con = duckdb.connect(config={"threads": 1})
    fill(con, WORLD, rows)
    return con


@pytest.fixture(scope="module", params=[(size, seed) for size in SIZES for seed in (7, 11)])
def con(request: pytest.FixtureRequest) -> Iterator[duckdb.DuckDBPyConnection]:
    """Each size, on two seeds."""
    size, seed = request.param
    with filled(draw_rows(WORLD, SLUG, seed, size)) as con:
        yield con


@pytest.fixture(scope="module")
def usual() -> Iterator[duckdb.DuckDBPyConnection]:
    """The default size."""
    with filled(draw_rows(WORLD, SLUG, 7, "default")) as con:
        yield con


def asked(con: duckdb.DuckDBPyConnection, query: str) -> list[dict[str, Any]]:
    """The rows of a reference answer, by column."""
    found = con.execute(QUERIES.get(query, query))
    names = [entry[0] for entry in found.description]
    return [dict(zip(names, row, strict=True)) for row in found.fetchall()]


@cache
def played(*off: str) -> Scene:
    return WORLD.story.without(*off).play(Draws(SLUG, 7), WORLD.sizes["default"])


# --- rows ----------------------------------------------------------------------------------


@pytest.mark.parametrize("rule", RULES)
def test_rows_keep_rule(con: duckdb.DuckDBPyConnection, rule: str):
    """No row breaks the rule."""
    assert [] == con.execute(RULES[rule]).fetchmany(3)


def test_null_only_where_told(con: duckdb.DuckDBPyConnection):
    """Hotfixes have no plan, one item no effort, and some serve no key result; all else is there."""
    for table in WORLD.tables:
        for column in table.columns:
            (count,) = con.execute(f"SELECT count(*) - count({column.name}) FROM {table.name}").fetchone()
            assert (count > 0) == (f"{table.name}.{column.name}" in NULLABLE), f"{table.name}.{column.name}"


@pytest.mark.parametrize("twist", SIDES)
def test_both_sides_have_rows(con: duckdb.DuckDBPyConnection, twist: str):
    """Every twist has rows it touched and rows it left alone, at every size."""
    for side in ("true", "false"):
        assert con.execute(SIDES[twist].format(side)).fetchmany(1), side


def test_every_status_is_entered(con: duckdb.DuckDBPyConnection):
    """Every move of the workflow is made, and some issues are still on their way, at every size."""
    (moves, statuses) = con.execute(
        "SELECT count(DISTINCT (from_status, to_status)), count(DISTINCT to_status) FROM issue_transitions"
    ).fetchone()
    (open_ones,) = con.execute(
        f"""SELECT count(*) FROM (SELECT arg_max(to_status, transition_id)::VARCHAR AS status
        FROM issue_transitions GROUP BY issue_id) WHERE status IN ({", ".join(map(repr, ACTIVE))})"""
    ).fetchone()

    assert (9, 7) == (moves, statuses)
    assert open_ones >= 2


@pytest.mark.parametrize(
    ("size", "issues", "least", "most"),
    [("default", 1_600, 8_900, 9_600), ("small", 500, 2_700, 3_100), ("tiny", 80, 400, 520)],
)
def test_sizes_are_as_told(size: str, issues: int, least: int, most: int):
    """An issue makes about six moves at every size; releases and the backlog are always whole."""
    rows = draw_rows(WORLD, SLUG, 7, size)
    count = {name: len(next(iter(columns.values()))) for name, columns in rows.items()}

    assert issues == count["issues"]
    assert least < count["issue_transitions"] < most
    assert 95 <= count["releases"] <= 110
    assert (4, 20, 20) == (count["okrs"], count["backlog_items"], count["ai_suggestions"])
    assert 80 <= count["stakeholder_votes"] <= 140


def test_small_world_keeps_rules():
    """Twenty to two hundred issues keep every rule, with both sides of the slow queue."""
    for people in (20, 60, 200):
        drawn = draw_small(WORLD, SLUG, 7, people)
        with filled(drawn.rows) as con:
            assert () == broken_rules(con, read_rules(CASE))
            assert [(people,)] == con.execute("SELECT count(*) FROM issues").fetchall()
        assert () == drawn.uncovered


def test_second_block_has_issues_only():
    """Releases, backlog and votes come with the first block, and so do their lines of the ledger."""
    first, second = (draw_block(WORLD, SLUG, 7, Block(number, 500)) for number in (0, 1))

    assert set(ONCE) == first.rows.keys() - second.rows.keys()
    assert {"device_farm"} == {line.twist for line in second.ledger}
    assert not set(first.rows["issues"]["issue_id"].tolist()) & set(
        second.rows["issues"]["issue_id"].tolist()
    )


def test_other_seed_other_rows():
    """Another seed draws other issues, releases and votes; key results are history."""
    seven, eight = (draw_rows(WORLD, SLUG, seed, "tiny") for seed in (7, 8))
    same = {
        table.name
        for table in WORLD.tables
        if digest_table(table, seven[table.name]) == digest_table(table, eight[table.name])
    }

    assert {"okrs", "backlog_items"} == same


# --- the truth -----------------------------------------------------------------------------


@dataclass
class Rebuilt:
    """A frame's rows by key, with and without a twist."""

    told: dict[int, dict[str, Any]]
    other: dict[int, dict[str, Any]]

    @property
    def changed(self) -> set[int]:
        """Keys on both sides whose rows differ."""
        return {key for key in self.told.keys() & self.other.keys() if self.told[key] != self.other[key]}


def rebuilt(twist: str, frame: str) -> Rebuilt:
    return Rebuilt(*(rows_of(scene.frames[frame]) for scene in (played(), played(twist))))


def rows_of(frame: Any) -> dict[int, dict[str, Any]]:
    """The columns of each row by its key, but for numbers that only count."""
    names = [name for name in frame.fields if name in frame.columns and not name.endswith("_id")]
    values = zip(*(frame[name].tolist() for name in names), strict=True)
    return dict(zip(frame.key.tolist(), (dict(zip(names, row, strict=True)) for row in values), strict=True))


def lines(twist: str) -> dict[str, Any]:
    return {line.counts: line for line in played().ledger if line.twist == twist}


def test_slow_queue_moves_its_issues_only():
    """Without it mobile's issues leave QA sooner, by what the ledger says, and no other row changes."""
    both = rebuilt("device_farm", "issue_transitions")
    met = set(played().frames["issues"].key[played().frames["issues"]["device_farm"]].tolist())
    gone = both.other.keys() - both.told.keys()

    assert {key >> 12 for key in both.changed | gone} <= met
    assert not both.told.keys() - both.other.keys()
    assert all(both.told[key]["changed_at"] > both.other[key]["changed_at"] for key in both.changed)
    moves, hours = lines("device_farm").values()
    qa = list(WORLD.tables[1].columns[2].values).index("QA")
    left = sum(both.other[key]["from_status"] == qa for key in gone)
    assert left == moves.base - moves.actual
    assert hours.actual > 2.3 * hours.base


def test_moved_plans_change_plans_only():
    """Without them the plan is the first one; as many rows change as the ledger says."""
    both = rebuilt("moved_plans", "releases")

    assert len(both.changed) == lines("moved_plans")["scheduled with a moved plan"].actual
    for key in both.changed:
        row = both.other[key]
        assert row["planned_date"] == row["original_planned_date"]
        assert row == both.told[key] | {"planned_date": row["planned_date"]}
    assert both.told.keys() == both.other.keys()


def test_hotfix_wave_adds_hotfixes_only():
    """Without it the later hotfixes and their tasks are gone, as many as the ledger says."""
    line = lines("hotfix_wave")["hotfixes"]
    for frame, each in (("releases", 1), ("release_tasks", 4)):
        both = rebuilt("hotfix_wave", frame)

        assert set() == both.changed | (both.other.keys() - both.told.keys())
        assert each * (line.actual - line.base) == len(both.told) - len(both.other)


def test_bot_changes_its_tasks_only():
    """Without it the tasks are manual again and take the minutes that the ledger says."""
    both, line = rebuilt("checklist_bot", "release_tasks"), lines("checklist_bot")["minutes of release_tasks"]

    assert line.exposed == len(both.changed)
    assert line.actual == sum(both.told[key]["minutes"] for key in both.changed) == 4 * len(both.changed)
    assert line.base == sum(both.other[key]["minutes"] for key in both.changed)
    assert both.told.keys() == both.other.keys()


@pytest.mark.parametrize("twist", [twist.name for twist in WORLD.story.twists])
def test_twists_bend_one_place(twist: str):
    """A twist on issues leaves releases and votes alone, and one on releases leaves issues alone."""
    bent = {"device_farm": {"issue_transitions"}, "moved_plans": {"scheduled", "releases"}}
    bent |= {"hotfix_wave": {"hotfixes", "releases", "release_tasks"}, "checklist_bot": {"release_tasks"}}

    for frame in played().frames:
        both = rebuilt(twist, frame)
        assert (frame in bent[twist]) == (both.told != both.other), frame


def test_every_twist_can_be_seen():
    """The lint has nothing to say about a twist."""
    assert () == lint_world(WORLD, SLUG)


# --- the story -----------------------------------------------------------------------------


def test_mobile_promises_slip(usual: duckdb.DuckDBPyConnection):
    """E01: mobile's 85th percentile rises by more than three days; lead time would be twice as long."""
    times = {(row["team"], row["period"]): row for row in asked(usual, "E01")}
    ((lead,),) = usual.execute(
        """SELECT median(date_diff('minute', created_at, changed_at)) / 1440
        FROM issue_transitions JOIN issues USING (issue_id) WHERE to_status = 'Done'"""
    ).fetchall()

    assert 8 == len(times)
    assert times["mobile", "May-Aug"]["p85_days"] - times["mobile", "Jan-Apr"]["p85_days"] > 3
    for team in ("core", "integrations", "payroll"):
        assert abs(times[team, "May-Aug"]["p85_days"] - times[team, "Jan-Apr"]["p85_days"]) < 3, team
    assert lead > 2 * times["core", "Jan-Apr"]["median_days"]


def test_queue_is_the_bottleneck(usual: duckdb.DuckDBPyConnection):
    """E02: mobile's QA leads the list by far; without PARTITION BY nothing would show."""
    rows = asked(usual, "E02")
    first, second = rows[:2]
    naive = asked(usual, QUERIES["E02"].replace("PARTITION BY issue_id", ""))

    assert 16 == len(rows)
    assert ("mobile", "QA") == (first["team"], first["status"])
    assert first["delta_days"] >= 2
    assert second["delta_days"] <= 0.6
    assert max(row["days_may_aug"] for row in naive) < 0.2


def test_payroll_comes_back(usual: duckdb.DuckDBPyConnection):
    """E03: one in five of payroll's tested issues, one in nine elsewhere; rows give other shares."""
    payroll, *others = asked(usual, "E03")
    ((rows_pct,),) = usual.execute(
        """SELECT 100.0 * count(*) FILTER (WHERE from_status IN ('QA', 'Done') AND to_status = 'In Progress')
        / count(*) FILTER (WHERE to_status = 'QA') FROM issue_transitions JOIN issues USING (issue_id)
        WHERE team = 'core'"""
    ).fetchall()

    assert "payroll" == payroll["team"]
    assert 18 <= payroll["reopen_pct"] <= 23
    assert all(9 <= row["reopen_pct"] <= 14 for row in others)
    assert round(rows_pct, 1) != next(row["reopen_pct"] for row in others if row["team"] == "core")


def test_august_is_not_faster(usual: duckdb.DuckDBPyConnection):
    """E04: done within 14 days is flat from May on; finished issues only would make August the best month."""
    rows = asked(usual, "E04")
    shares = {row["start_month"].month: row["done_within_14d_pct"] for row in rows}
    naive = usual.execute(
        """SELECT month(started_at) FROM (
            SELECT min(changed_at) FILTER (WHERE to_status = 'In Progress') AS started_at,
                   min(changed_at) FILTER (WHERE to_status = 'Done') AS done_at
            FROM issue_transitions GROUP BY issue_id) WHERE done_at IS NOT NULL
        GROUP BY 1 ORDER BY avg(done_at - started_at)"""
    ).fetchall()

    assert list(range(1, 9)) == sorted(shares)
    assert max(shares[month] for month in (5, 6, 7, 8)) - min(shares[month] for month in (5, 6, 7, 8)) <= 5
    assert (8,) == naive[0]
    assert rows[-1]["observable"] < 0.75 * rows[-1]["started"]


def test_plan_followed_the_release(usual: duckdb.DuckDBPyConnection):
    """E05: 9 in 10 on time by the current plan, little more than half by the first."""
    (row,) = asked(usual, "E05")
    (with_hotfixes,) = asked(usual, QUERIES["E05"].replace(" WHERE release_type = 'scheduled'", ""))

    assert 87 <= row["on_time_pct_current_plan"] <= 94
    assert row["on_time_pct_current_plan"] - row["on_time_pct_original_plan"] >= 25
    assert row["rebaselined"] >= 20
    assert with_hotfixes["on_time_pct_current_plan"] < 65


def test_rice_needs_clean_columns(usual: duckdb.DuckDBPyConnection):
    """E06: two items share rank 8; uncleaned, an item without effort leads and imported ones follow."""
    rows = asked(usual, "E06")
    raw = usual.execute(
        "SELECT item_id, source::VARCHAR FROM backlog_items "
        "ORDER BY reach_per_quarter * impact * confidence / effort_pw DESC NULLS LAST LIMIT 8"
    ).fetchall()

    assert [1, 2, 3, 4, 5, 6, 7, 8, 8] == [row["rice_rank"] for row in rows]
    assert 2 not in {row["item_id"] for row in rows}
    assert 19 == raw[0][0]
    assert {"productboard"} == {source for _, source in raw}


def test_saving_is_release_mix(usual: duckdb.DuckDBPyConnection):
    """E08: a third by the naive mean, a tenth at the mix of before."""
    (row,) = asked(usual, "E08")

    assert row["naive_saving_pct"] >= 30
    assert 8 <= row["mix_adjusted_saving_pct"] <= 15
    assert row["before_avg"] > row["after_avg"]


def test_extension_reaches_the_target(usual: duckdb.DuckDBPyConnection):
    """E09: all squads would save 36 to 42 %, and pay back in less than two years."""
    (row,) = asked(usual, "E09")

    assert 36 <= row["saving_pct"] <= 42
    assert 600 <= row["hours_now"] <= 740
    assert 12 <= row["payback_months"] <= 24


def test_old_work_in_progress_shows(usual: duckdb.DuckDBPyConnection):
    """E10: every squad has work in progress, some of it older than the p85 of all that was finished."""
    moves, issues = (usual.execute(f"FROM {name}").df() for name in ("issue_transitions", "issues"))
    moves = moves.sort_values(["changed_at", "transition_id"])
    last = moves.groupby("issue_id").tail(1)
    start = moves[moves.to_status.eq("In Progress")].groupby("issue_id").changed_at.min().rename("started_at")
    done = moves[moves.to_status.eq("Done")].groupby("issue_id").changed_at.max().to_frame("done").join(start)
    p85 = ((done.done - done.started_at).dt.total_seconds() / 86_400).quantile(0.85)
    wip = last[last.to_status.isin(ACTIVE)].merge(start, on="issue_id").merge(issues, on="issue_id")
    wip["age_days"] = (pd.Timestamp("2025-09-01") - wip.started_at).dt.total_seconds() / 86_400
    answer = wip.assign(over=wip.age_days > p85).groupby("team", observed=True).over.agg(["size", "sum"])

    assert 4 == len(answer)
    assert answer["size"].min() >= 5
    assert 1 <= answer["sum"].sum() < answer["size"].sum()


def test_three_guesses_are_far_off(usual: duckdb.DuckDBPyConnection):
    """E11: two reaches are more than three times too high, one is five times too low."""
    rows = asked(usual, "E11")

    assert [2, 8, 7] == [row["item_id"] for row in rows]
    assert [22.0, 9.0, 0.2] == [row["ratio"] for row in rows]


def test_loudest_item_is_worth_little(usual: duckdb.DuckDBPyConnection):
    """E06: the CEO dashboard has the most votes of all, and more than 100,000 EUR are said to hang on it."""
    (first, second, *_) = usual.execute(
        "SELECT item_id, count(*), sum(arr_at_risk_eur) FROM stakeholder_votes GROUP BY 1 ORDER BY 2 DESC"
    ).fetchall()

    assert 2 == first[0]
    assert first[1] > second[1]
    assert first[2] > 100_000


def test_good_plan_can_be_reached(usual: duckdb.DuckDBPyConnection):
    """E07: within 26 person-weeks a plan that serves every key result reaches 85 % of the best one."""
    items = usual.execute(
        """SELECT item_id, effort_pw, kr_id::VARCHAR, reach_per_quarter * impact
        * if(confidence > 1, confidence / 100, confidence) FROM backlog_items WHERE effort_pw > 0"""
    ).fetchall()
    weeks, worth = np.array([item[1] for item in items]), np.array([item[3] for item in items])
    krs = np.array([[item[2] == f"KR{number}" for number in (1, 2, 3, 4)] for item in items])
    best = 0.0
    for size in range(4, 10):
        plans = np.array(list(combinations(range(len(items)), size)))
        fits = (weeks[plans].sum(axis=1) <= 26) & krs[plans].any(axis=1).all(axis=1)
        best = max(best, worth[plans].sum(axis=1)[fits].max(initial=0.0))
    chosen = [place for place, item in enumerate(items) if item[0] in {1, 3, 5, 6, 9, 10, 15}]

    assert weeks[chosen].sum() <= 26
    assert krs[chosen].any(axis=0).all()
    assert worth[chosen].sum() >= 0.85 * best
