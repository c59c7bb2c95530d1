"""Cadenzo's rows are sound, every twist can be taken back, and the case's questions give its story."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import duckdb
import numpy as np
import pytest

import casekit
from casekit.world import Dataset, ensure_dataset
from casekit.world.blocks import draw_rows
from casekit.world.calendar import second
from casekit.world.loading import load_world, read_source
from casekit.world.writing import digest_table
from retold import retold

SLUG = "feature-launch"
CASE = Path(casekit.__file__).parent / "cases" / SLUG
WORLD = load_world(read_source(CASE, SLUG), SLUG)
ROWS = {
    "default": {"workspaces": 3_000, "users": 25_500, "flag_exposures": 1_200, "feature_events": 180_000},
    "small": {"workspaces": 1_000, "users": 8_500, "flag_exposures": 400, "feature_events": 58_000},
    "tiny": {"workspaces": 120, "users": 1_000, "flag_exposures": 48, "feature_events": 5_700},
}
TICKETS = {"default": 2_400, "small": 800, "tiny": 85}
MAY_BE_NULL = {"okrs": {"baseline", "target", "due_on", "owner"}}

NO_ROWS = {
    "workspace_id is unique": "SELECT workspace_id FROM workspaces GROUP BY ALL HAVING count(*) > 1",
    "user_id is unique": "SELECT user_id FROM users GROUP BY ALL HAVING count(*) > 1",
    "event_id is unique": "SELECT event_id FROM feature_events GROUP BY ALL HAVING count(*) > 1",
    "ticket_id is unique": "SELECT ticket_id FROM tickets GROUP BY ALL HAVING count(*) > 1",
    "okr_id is unique": "SELECT okr_id FROM okrs GROUP BY ALL HAVING count(*) > 1",
    "a workspace is exposed once": "SELECT workspace_id FROM flag_exposures GROUP BY ALL HAVING count(*) > 1",
    "users belong to workspaces": "FROM users ANTI JOIN workspaces USING (workspace_id)",
    "exposures belong to workspaces": "FROM flag_exposures ANTI JOIN workspaces USING (workspace_id)",
    "events belong to users": "FROM feature_events ANTI JOIN users USING (user_id, workspace_id)",
    "only the exposed have events": "FROM feature_events ANTI JOIN flag_exposures USING (workspace_id)",
    "tickets belong to workspaces": "FROM tickets ANTI JOIN workspaces USING (workspace_id)",
    "every workspace has users": "FROM workspaces ANTI JOIN users USING (workspace_id)",
    "no more users than seats": """
        SELECT workspace_id FROM workspaces JOIN users USING (workspace_id)
        GROUP BY workspace_id, seats HAVING count(*) > seats""",
    "every workspace has one admin": """
        SELECT workspace_id FROM users GROUP BY ALL HAVING count_if(role = 'admin') <> 1""",
    "seats are paid for": "FROM workspaces WHERE seats < 1",
    "users joined before the window": "FROM users WHERE joined_on >= '2025-05-01'",
    "waves come on their days": """
        FROM flag_exposures WHERE enabled_at::DATE <> DATE '2025-06-02' + 14 * (wave - 1)::INT""",
    "wave 1 is on Scale": """
        FROM flag_exposures JOIN workspaces USING (workspace_id) WHERE wave = 1 AND plan <> 'scale'""",
    "nothing happens before the flag": """
        FROM feature_events JOIN flag_exposures USING (workspace_id) WHERE event_at < enabled_at""",
    "events lie in the window": """
        FROM feature_events WHERE event_at < '2025-05-01' OR event_at >= '2025-08-11'""",
    "tickets lie in the window": "FROM tickets WHERE opened_at < '2025-05-01' OR opened_at >= '2025-08-11'",
    "events are numbered by time": """
        SELECT event_id FROM feature_events
        QUALIFY event_id <> row_number() OVER (ORDER BY event_at, event_id)""",
    "tickets are numbered by time": """
        SELECT ticket_id FROM tickets
        QUALIFY ticket_id <> row_number() OVER (ORDER BY opened_at, ticket_id)""",
    "no run before a rule": """
        SELECT workspace_id FROM feature_events GROUP BY ALL
        HAVING min(event_at) FILTER (WHERE event_name = 'rule_run')
            < coalesce(min(event_at) FILTER (WHERE event_name = 'rule_created'), 'infinity')""",
    "no more failures than runs": """
        SELECT user_id FROM feature_events GROUP BY ALL
        HAVING count_if(event_name = 'rule_failed') > count_if(event_name = 'rule_run')""",
    "members run no rules": """
        FROM feature_events JOIN users USING (user_id)
        WHERE role = 'member' AND event_name <> 'rule_opened'""",
    "questions about rules come after a run": """
        FROM tickets t WHERE topic IN ('rules', 'rule errors') AND NOT EXISTS (
            FROM feature_events e WHERE e.workspace_id = t.workspace_id AND event_name = 'rule_run'
            AND event_at <= opened_at)""",
}  # fmt: skip

ADOPTED = """
    WITH runs AS (
        SELECT workspace_id, count(DISTINCT date_trunc('week', event_at)) AS n_weeks
        FROM flag_exposures JOIN feature_events USING (workspace_id)
        WHERE event_name = 'rule_run' AND event_at BETWEEN enabled_at AND enabled_at + INTERVAL 28 DAY
        GROUP BY ALL),
    exposed AS (
        SELECT workspace_id, wave, plan, seats, (coalesce(n_weeks, 0) > 0)::INT AS adopts,
               (coalesce(n_weeks, 0) > 1)::INT AS is_habitual
        FROM flag_exposures JOIN workspaces USING (workspace_id) LEFT JOIN runs USING (workspace_id))
    """
BAND = "CASE WHEN seats < 20 THEN 1 WHEN seats <= 200 THEN 2 ELSE 3 END"


@pytest.fixture(scope="module", params=["default", "small", "tiny"])
def dataset(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Dataset:
    """Seed 7 at each size."""
    return ensure_dataset(CASE, SLUG, size=request.param, data_dir=tmp_path_factory.mktemp("data"))


@pytest.fixture(scope="module")
def con(dataset: Dataset) -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect(dataset.path, read_only=True) as con:
        yield con


@pytest.mark.parametrize("rule", NO_ROWS)
def test_rows_keep_rule(con: duckdb.DuckDBPyConnection, rule: str):
    """No row breaks the rule."""
    assert [] == con.execute(NO_ROWS[rule]).fetchmany(3)


def test_nulls_are_declared(con: duckdb.DuckDBPyConnection):
    """Only the open ends of a bad key result are NULL, and each of those is once."""
    for table in WORLD.tables:
        names = [column.name for column in table.columns]
        nulls = con.execute(f"SELECT count(*) - count(COLUMNS(*)) FROM {table.name}").fetchone()
        missing = {name for name, count in zip(names, nulls, strict=True) if count}
        assert MAY_BE_NULL.get(table.name, set()) == missing


def test_sizes_are_as_told(dataset: Dataset):
    """Each table has about as many rows as the size promises."""
    counts = {table.name: table.rows for table in dataset.tables}

    assert (
        pytest.approx({**ROWS[dataset.size], "tickets": TICKETS[dataset.size], "okrs": 6}, rel=0.15) == counts
    )


def test_both_sides_have_rows(con: duckdb.DuckDBPyConnection):
    """Every wave opens panels, before and after the tooltip where it can; runs fail in each part."""
    cells = con.execute(
        """SELECT count(DISTINCT (wave, event_at >= '2025-06-16')) FILTER (WHERE event_name = 'rule_opened'),
                  count(DISTINCT wave) FILTER (WHERE event_name = 'rule_run'),
                  count(DISTINCT region = 'APAC') FILTER (WHERE event_name = 'rule_failed'),
                  count(DISTINCT (region = 'APAC')) FILTER (WHERE event_name = 'rule_run')
        FROM feature_events JOIN flag_exposures USING (workspace_id) JOIN workspaces USING (workspace_id)"""
    ).fetchone()
    large = con.execute("SELECT count(DISTINCT seats > 200) FROM workspaces").fetchone()

    assert (4, 3, 2, 2) == cells
    assert (2,) == large


@pytest.mark.parametrize("size", WORLD.sizes)
@pytest.mark.parametrize(
    ("twist", "event", "marks"),
    [
        ("tooltip", "rule_opened", {"look", "tooltip"}),
        ("apac_failures", "rule_failed", {"trial", "apac_failures"}),
    ],
)
def test_twist_is_undone(size: str, twist: str, event: str, marks: set[str]):
    """Without a twist just the events it brings are missing, as many as the ledger says."""
    told = retold(WORLD.story, SLUG, WORLD.sizes[size], twist)
    events = told.told.frames["feature_events"]
    brought = events.taken(np.isin(events.key, list(told.added("feature_events"))))

    assert told.entry.actual - told.entry.base == len(brought) > 0
    assert set() == told.gone("feature_events")
    assert brought.is_value("event_name", event).all()
    changed = {name for frame in told.told.frames for name in told.changed(frame, numbers=("event_id",))}
    assert marks == changed
    if twist == "tooltip":
        assert (brought["event_at"] >= second("2025-06-16")).all()
    else:
        assert brought.is_value("region", "APAC").all()


def test_other_seed_other_rows():
    """A seed gives the same rows again; another one gives others, but the OKRs are history."""
    one, again, other = (
        [digest_table(table, rows[table.name]).sha256 for table in WORLD.tables]
        for rows in (draw_rows(WORLD, SLUG, seed, "tiny") for seed in (7, 7, 8))
    )

    assert one == again
    assert [False] * 5 + [True] == [old == new for old, new in zip(one, other, strict=True)]


# --- the case's questions -----------------------------------------------------------------


@pytest.fixture(scope="module")
def full(tmp_path_factory: pytest.TempPathFactory) -> Iterator[duckdb.DuckDBPyConnection]:
    """Seed 7 at the default size."""
    dataset = ensure_dataset(CASE, SLUG, data_dir=tmp_path_factory.mktemp("data"))
    with duckdb.connect(dataset.path, read_only=True) as con:
        yield con


def test_waves_differ(full: duckdb.DuckDBPyConnection):
    """E01: adoption falls from wave to wave; divided by all workspaces it reads as failure."""
    rates = full.execute(
        f"{ADOPTED} SELECT 100 * avg(adopts) FROM exposed GROUP BY wave ORDER BY wave"
    ).fetchall()
    (of_all,) = full.execute(
        f"{ADOPTED} SELECT 100 * sum(adopts) / (SELECT count(*) FROM workspaces) FROM exposed"
    ).fetchone()
    first, second_one, third = (rate for (rate,) in rates)

    assert 44 == pytest.approx(first, abs=2.5)
    assert 19 == pytest.approx(third, abs=2)
    assert first - third >= 20
    assert third < second_one < first
    assert of_all < 12


def test_adoption_grows_by_week(full: duckdb.DuckDBPyConnection):
    """E01, E09: aligned at the flag, each wave's curve rises for four whole weeks and is nearly flat then."""
    curves = full.execute(
        """SELECT wave, [count_if(week <= 0), count_if(week <= 1), count_if(week <= 2), count_if(week <= 3)]
        FROM (SELECT wave, date_diff('day', enabled_at, min(event_at)) // 7 AS week
              FROM flag_exposures JOIN feature_events USING (workspace_id) WHERE event_name = 'rule_run'
              GROUP BY workspace_id, wave, enabled_at)
        GROUP BY wave ORDER BY wave"""
    ).fetchall()

    assert [1, 2, 3] == [wave for wave, _ in curves]
    for _, curve in curves:
        assert sorted(curve) == curve
        assert curve[0] > 0.8 * curve[3]


def test_habit_needs_two_weeks(full: duckdb.DuckDBPyConnection):
    """E02: habitual adoption is lower than adoption; two runs on one day do not make a habit."""
    habitual, adopted = full.execute(
        f"{ADOPTED} SELECT sum(is_habitual), sum(adopts) FROM exposed"
    ).fetchone()
    (two_runs,) = full.execute(
        """SELECT count(*) FROM (
            SELECT workspace_id FROM flag_exposures JOIN feature_events USING (workspace_id)
            WHERE event_name IN ('rule_run', 'rule_created')
            AND event_at BETWEEN enabled_at AND enabled_at + INTERVAL 28 DAY
            GROUP BY ALL HAVING count(*) >= 2)"""
    ).fetchone()

    assert 0.75 < habitual / adopted < 0.85
    assert two_runs > habitual


def test_tooltip_moves_opens_only(full: duckdb.DuckDBPyConnection):
    """E03: opens at least double, in all and in wave 1; who runs rules stays within 5 %."""
    (overall,) = full.execute(
        """SELECT count_if(event_at::DATE BETWEEN '2025-06-16' AND '2025-06-29')
                / count_if(event_at::DATE BETWEEN '2025-06-02' AND '2025-06-15')
        FROM feature_events WHERE event_name = 'rule_opened'"""
    ).fetchone()
    opens, runners = full.execute(
        """SELECT count_if(event_name = 'rule_opened' AND is_after)
                / count_if(event_name = 'rule_opened' AND NOT is_after),
                  count(DISTINCT workspace_id) FILTER (WHERE event_name = 'rule_run' AND is_after)
                / count(DISTINCT workspace_id) FILTER (WHERE event_name = 'rule_run' AND NOT is_after)
        FROM (SELECT *, event_at >= '2025-06-16' AS is_after
              FROM feature_events JOIN flag_exposures USING (workspace_id) WHERE wave = 1
              AND (event_at::DATE BETWEEN '2025-06-09' AND '2025-06-15'
                   OR event_at::DATE BETWEEN '2025-06-23' AND '2025-06-29'))"""
    ).fetchone()

    assert overall >= 2
    assert 2.6 == pytest.approx(opens, rel=0.1)
    assert 1 == pytest.approx(runners, abs=0.05)


def test_few_run_most(full: duckdb.DuckDBPyConnection):
    """E04: the top 5 % of workspaces make 55 to 67 % of runs; by users it is another number."""
    shares = [
        full.execute(
            f"""SELECT sum(n) FILTER (WHERE place >= 0.95) / sum(n) FROM (
                SELECT n, percent_rank() OVER (ORDER BY n) AS place FROM (
                    SELECT {who}, count(*) AS n FROM feature_events
                    WHERE event_name = 'rule_run' GROUP BY ALL))"""
        ).fetchone()[0]
        for who in ("workspace_id", "user_id")
    ]

    assert 0.55 <= shares[0] <= 0.67
    assert shares[0] != pytest.approx(shares[1], abs=0.01)


def test_forecast_is_lower(full: duckdb.DuckDBPyConnection):
    """E05: weighted by plan and size about 22 % would adopt, 20 points less than wave 1 promises."""
    (forecast,) = full.execute(
        f"""{ADOPTED}, rates AS (SELECT plan, {BAND} AS band, avg(adopts) AS rate FROM exposed GROUP BY ALL)
        SELECT 100 * sum(n * rate) / sum(n) FILTER (WHERE rate IS NOT NULL)
        FROM (SELECT plan, {BAND} AS band, count(*) AS n FROM workspaces GROUP BY ALL)
        LEFT JOIN rates USING (plan, band)"""
    ).fetchone()
    (first,) = full.execute(f"{ADOPTED} SELECT 100 * avg(adopts) FROM exposed WHERE wave = 1").fetchone()

    assert 19 < forecast < 25
    assert first - forecast > 18


def test_support_cannot_carry_all(full: duckdb.DuckDBPyConnection):
    """E06: large workspaces write about three times the tickets; at 100 % more come than 14 a day."""
    bands = full.execute(
        f"""{ADOPTED}, first_month AS (
            SELECT e.workspace_id, seats > 200 AS is_large, count(ticket_id) AS n_tickets
            FROM exposed e JOIN flag_exposures x USING (workspace_id) LEFT JOIN tickets t
              ON t.workspace_id = e.workspace_id AND topic IN ('rules', 'rule errors')
              AND opened_at BETWEEN enabled_at AND enabled_at + INTERVAL 28 DAY
            WHERE adopts = 1 GROUP BY ALL),
        rates AS (SELECT plan, {BAND} AS band, avg(adopts) AS rate FROM exposed GROUP BY ALL),
        forecast AS (SELECT seats > 200 AS is_large, sum(rate) AS n_active
                     FROM (SELECT *, {BAND} AS band FROM workspaces) JOIN rates USING (plan, band)
                     GROUP BY ALL)
        SELECT is_large, avg(n_tickets) / 28, any_value(n_active)
        FROM first_month JOIN forecast USING (is_large) GROUP BY is_large ORDER BY is_large"""
    ).fetchall()
    (_, small, n_small), (_, large, n_large) = bands

    assert 2 < large / small < 4.2
    assert small * n_small + large * n_large > 14


def test_one_region_fails_twice(full: duckdb.DuckDBPyConnection):
    """The guardrail: runs in APAC fail about twice as often as in any other region."""
    rates = dict(
        full.execute(
            """SELECT region::VARCHAR,
                   count_if(event_name = 'rule_failed') / count_if(event_name = 'rule_run')
            FROM feature_events JOIN workspaces USING (workspace_id) GROUP BY ALL"""
        ).fetchall()
    )
    worst = rates.pop("APAC")

    assert 2 == pytest.approx(worst / np.mean(list(rates.values())), rel=0.2)
    assert worst > 1.5 * max(rates.values())
