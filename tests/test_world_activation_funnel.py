"""Noteloom's rows are sound, every twist can be taken back, and the case's questions give its story."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import duckdb
import numpy as np
import pytest

import casekit
from casekit.world import Dataset, ensure_dataset
from casekit.world.blocks import draw_rows
from casekit.world.loading import load_world, read_source
from casekit.world.writing import digest_table
from retold import retold

SLUG = "activation-funnel"
CASE = Path(casekit.__file__).parent / "cases" / SLUG
WORLD = load_world(read_source(CASE, SLUG), SLUG)
SPIKES = ["2025-10-07", "2025-10-09", "2025-10-11", "2025-10-14", "2025-10-18"]
ROWS = {
    "default": {"accounts": 12_000, "product_events": 137_000, "subscriptions": 620, "spend": 40},
    "small": {"accounts": 4_000, "product_events": 46_000, "subscriptions": 205, "spend": 40},
    "tiny": {"accounts": 500, "product_events": 5_700, "subscriptions": 25, "spend": 40},
}

NO_ROWS = {
    "account_id is unique": "SELECT account_id FROM accounts GROUP BY ALL HAVING count(*) > 1",
    "event_id is unique": "SELECT event_id FROM product_events GROUP BY ALL HAVING count(*) > 1",
    "a plan is taken once": "SELECT account_id, plan FROM subscriptions GROUP BY ALL HAVING count(*) > 1",
    "spend has one row a week and source": "SELECT week, source FROM spend GROUP BY ALL HAVING count(*) > 1",
    "events belong to accounts": "FROM product_events ANTI JOIN accounts USING (account_id)",
    "subscriptions belong to accounts": "FROM subscriptions ANTI JOIN accounts USING (account_id)",
    "signups lie in the window": """
        FROM accounts WHERE signup_at < '2025-09-01' OR signup_at >= '2025-11-10'""",
    "events lie in the window": """
        FROM product_events WHERE event_at < '2025-09-01' OR event_at >= '2025-11-10'""",
    "subscriptions lie in the window": """
        FROM subscriptions WHERE started_at < '2025-09-01' OR started_at >= '2025-11-10'""",
    "weeks start on Mondays": "FROM spend WHERE isodow(week) <> 1",
    "every week has four sources": "SELECT week FROM spend GROUP BY ALL HAVING count(DISTINCT source) <> 4",
    "accounts are numbered by signup": """
        SELECT account_id FROM accounts
        QUALIFY account_id <> row_number() OVER (ORDER BY signup_at, account_id)""",
    "events are numbered by time": """
        SELECT event_id FROM product_events
        QUALIFY event_id <> row_number() OVER (ORDER BY event_at, event_id)""",
    "only the demo comes before signup": """
        SELECT account_id FROM accounts JOIN product_events USING (account_id) WHERE event_at < signup_at
        GROUP BY ALL HAVING count(*) > 2 OR bool_or(event_name NOT IN ('doc_created', 'doc_viewed'))""",
    "nobody invites before a document": """
        SELECT account_id FROM accounts JOIN product_events USING (account_id) WHERE event_at >= signup_at
        GROUP BY ALL HAVING min(event_at) FILTER (WHERE event_name = 'invite_sent')
            < coalesce(min(event_at) FILTER (WHERE event_name = 'doc_created'), 'infinity')""",
    "no more invites accepted than sent": """
        SELECT account_id FROM product_events GROUP BY ALL
        HAVING count_if(event_name = 'invite_accepted') > count_if(event_name = 'invite_sent')""",
    "nobody accepts before an invite": """
        SELECT account_id FROM product_events GROUP BY ALL
        HAVING min(event_at) FILTER (WHERE event_name = 'invite_accepted')
            < coalesce(min(event_at) FILTER (WHERE event_name = 'invite_sent'), 'infinity')""",
    "nobody pays before inviting": """
        FROM subscriptions s WHERE NOT EXISTS (
            FROM product_events e WHERE e.account_id = s.account_id AND event_name = 'invite_sent'
            AND event_at <= started_at)""",
    "an upgrade is a higher plan, later": """
        SELECT account_id FROM subscriptions
        QUALIFY mrr_eur <= lag(mrr_eur) OVER (PARTITION BY account_id ORDER BY started_at)""",
    "a plan has one price": "SELECT plan FROM subscriptions GROUP BY ALL HAVING count(DISTINCT mrr_eur) > 1",
    "spend is above nothing": "FROM spend WHERE eur <= 0",
}

FUNNEL = """
    WITH funnel AS (
        SELECT a.account_id, source, date_trunc('week', signup_at)::DATE AS signup_week,
               signup_at < (SELECT max(event_at) FROM product_events) - INTERVAL 7 DAY AS is_mature,
               email_type = 'disposable' AND country = 'NL' AND count(e.event_id) = 0 AS is_bot,
               coalesce(bool_or(event_name = 'doc_created')
                   AND bool_or(event_name = 'invite_sent'), false)::INT AS activated
        FROM accounts a LEFT JOIN product_events e
          ON e.account_id = a.account_id AND event_at BETWEEN signup_at AND signup_at + INTERVAL 7 DAY
        GROUP BY a.account_id, source, signup_at, email_type, country)
    """


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


def test_nothing_is_missing(con: duckdb.DuckDBPyConnection):
    """No column holds NULL."""
    for table in WORLD.tables:
        counts = con.execute(f"SELECT count(*), count(COLUMNS(*)) FROM {table.name}").fetchone()
        assert 1 == len(set(counts)), table.name


def test_sizes_are_as_told(dataset: Dataset):
    """Each table has about as many rows as the size promises."""
    counts = {table.name: table.rows for table in dataset.tables}

    assert pytest.approx(ROWS[dataset.size], rel=0.12) == counts


def test_both_sides_have_rows(con: duckdb.DuckDBPyConnection):
    """Every source has signups before and after the launch, at any size, and every event happens."""
    counts = con.execute(
        """SELECT count(DISTINCT (source, signup_at >= '2025-10-06')),
                  (SELECT count(DISTINCT event_name) FROM product_events),
                  (SELECT count(DISTINCT plan) FROM subscriptions)
        FROM accounts"""
    ).fetchone()

    assert (8, 4, 3) == counts


def test_bots_show_at_any_size(con: duckdb.DuckDBPyConnection):
    """On each of the five days silent throw-away signups of one country are there."""
    days = con.execute(
        """SELECT DISTINCT signup_at::DATE::VARCHAR AS d
        FROM accounts ANTI JOIN product_events USING (account_id)
        WHERE email_type = 'disposable' AND country = 'NL' AND source = 'gallery' AND d IN (SELECT unnest($1))
        ORDER BY d""",
        [SPIKES],
    ).fetchall()

    assert SPIKES == [found for (found,) in days]


@pytest.mark.parametrize("size", WORLD.sizes)
@pytest.mark.parametrize("twist", ["gallery_launch", "search_overlap", "bots"])
def test_twist_is_undone(size: str, twist: str):
    """Without a twist only the accounts it brings or takes differ, and the ledger counts them."""
    told = retold(WORLD.story, SLUG, WORLD.sizes[size], twist)
    added, gone = told.added("accounts"), told.gone("accounts")

    assert told.entry.actual - told.entry.base == len(added) - len(gone) != 0
    assert not (added and gone)
    for frame in told.told.frames:
        assert set() == told.changed(frame, numbers=("account_id", "event_id")), frame
    for frame in ("product_events", "subscriptions"):
        assert told.owners(frame, "accounts") <= added | gone


def test_bots_have_nothing():
    """The script's accounts leave no event and no subscription, and they are what the pitch calls 1,100."""
    told = retold(WORLD.story, SLUG, WORLD.sizes["default"], "bots")

    assert 1_100 == len(told.added("accounts"))
    assert set() == told.added("product_events") | told.added("subscriptions")


def test_other_seed_other_rows():
    """A seed gives the same rows again; another one gives others, spend included."""
    one, again, other = (
        [digest_table(table, rows[table.name]).sha256 for table in WORLD.tables]
        for rows in (draw_rows(WORLD, SLUG, seed, "tiny") for seed in (7, 7, 8))
    )

    assert one == again
    assert not set(one) & set(other)


# --- the case's questions -----------------------------------------------------------------


@pytest.fixture(scope="module")
def full(tmp_path_factory: pytest.TempPathFactory) -> Iterator[duckdb.DuckDBPyConnection]:
    """Seed 7 at the default size."""
    dataset = ensure_dataset(CASE, SLUG, data_dir=tmp_path_factory.mktemp("data"))
    with duckdb.connect(dataset.path, read_only=True) as con:
        yield con


def test_signups_rise(full: duckdb.DuckDBPyConnection):
    """E01: ten weeks, the last three about 38 % above the first three; counting events shows more."""
    weeks = full.execute(
        """SELECT date_trunc('week', signup_at)::DATE AS week, count(*) FROM accounts
        GROUP BY ALL ORDER BY week"""
    ).fetchall()
    counts = [n for _, n in weeks]
    (fanned_out,) = full.execute(
        "SELECT count(*) FROM accounts JOIN product_events USING (account_id)"
    ).fetchone()

    assert 10 == len(weeks)
    assert sum(counts[-3:]) / sum(counts[:3]) == pytest.approx(1.38, abs=0.08)
    assert fanned_out > 5 * sum(counts)


def test_activation_falls_by_mix(full: duckdb.DuckDBPyConnection):
    """E02, E03: mature weeks fall from 31 to 22 %, no source does; the last week only looks so."""
    weeks = full.execute(
        f"""{FUNNEL} SELECT 100 * avg(activated) FROM funnel WHERE NOT is_bot
        GROUP BY signup_week ORDER BY signup_week"""
    ).fetchall()
    sources = full.execute(
        f"""{FUNNEL} SELECT avg(activated) FILTER (WHERE signup_week >= '2025-10-06')
                - avg(activated) FILTER (WHERE signup_week < '2025-10-06') FROM funnel
        WHERE is_mature AND NOT is_bot GROUP BY source"""
    ).fetchall()
    before, after = [rate for (rate,) in weeks[:5]], [rate for (rate,) in weeks[5:9]]

    assert [31] * 5 == pytest.approx(before, abs=1.5)
    assert [22.5] * 4 == pytest.approx(after, abs=1.5)
    assert weeks[9][0] < min(after) - 3
    assert 4 == len(sources)
    assert max(abs(change) for (change,) in sources) < 0.02


def test_wrong_activations_differ(full: duckdb.DuckDBPyConnection):
    """E02: an inner join and "ever activated" give other rates than the reference, both higher."""
    (right,) = full.execute(f"{FUNNEL} SELECT avg(activated) FROM funnel").fetchone()
    (inner,) = full.execute(
        f"{FUNNEL} SELECT avg(activated) FROM funnel SEMI JOIN product_events USING (account_id)"
    ).fetchone()
    (ever,) = full.execute(
        """SELECT count(*) / (SELECT count(*) FROM accounts) FROM (
            SELECT account_id FROM product_events GROUP BY ALL
            HAVING bool_or(event_name = 'doc_created') AND bool_or(event_name = 'invite_sent'))"""
    ).fetchone()

    assert right + 0.02 < ever
    assert right + 0.05 < inner


def test_spike_days_are_found(full: duckdb.DuckDBPyConnection):
    """E04: five days stand out from the median; the mean hides some of them in itself."""
    found = {}
    for centre in ("median", "avg"):
        days = full.execute(
            f"""SELECT signup_at::DATE::VARCHAR AS d, count(*) AS n
            FROM accounts ANTI JOIN product_events USING (account_id) WHERE email_type = 'disposable'
            GROUP BY d QUALIFY n > 5 * {centre}(n) OVER () ORDER BY d"""
        ).fetchall()
        found[centre] = [d for d, _ in days]

    assert SPIKES == found["median"]
    assert set(found["avg"]) < set(SPIKES)


def test_gallery_activates_least(full: duckdb.DuckDBPyConnection):
    """E05: with and without bots the gallery is last, and even clean at most half as good as a referral."""
    rates = {
        clean: dict(
            full.execute(
                f"""{FUNNEL} SELECT source::VARCHAR, avg(activated) FROM funnel
                WHERE is_mature AND NOT (is_bot AND {clean}) GROUP BY ALL"""
            ).fetchall()
        )
        for clean in (False, True)
    }

    for by_source in rates.values():
        assert "gallery" == min(by_source, key=by_source.__getitem__)
    assert rates[True]["gallery"] <= 0.5 * rates[True]["referral"]
    assert rates[False]["gallery"] < 0.85 * rates[True]["gallery"]
    assert rates[False]["referral"] == pytest.approx(rates[True]["referral"], rel=0.01)


def test_cheap_signups_are_dear(full: duckdb.DuckDBPyConnection):
    """E06: the gallery is first by cost per signup and last by cost per activated account."""
    costs = full.execute(
        f"""{FUNNEL} SELECT source::VARCHAR, any_value(eur) / count(*), any_value(eur) / sum(activated)
        FROM funnel JOIN (SELECT source, sum(eur) AS eur FROM spend GROUP BY ALL) USING (source)
        WHERE NOT is_bot GROUP BY source"""
    ).fetchall()
    per_signup, per_activated = ({row[0]: float(row[nth]) for row in costs} for nth in (1, 2))

    assert "gallery" == min(per_signup, key=per_signup.__getitem__)
    assert "gallery" == max(per_activated, key=per_activated.__getitem__)
    assert 2.4 < per_activated["gallery"] / per_activated["referral"] < 3.6


def test_first_document_is_quick(full: duckdb.DuckDBPyConnection):
    """E08: half have a document in 20 minutes in every source; demo events before signup would spoil it."""
    times = {}
    for where in ("event_at >= signup_at", "true"):
        found = full.execute(
            f"""SELECT quantile_cont(minutes, [0.5, 0.9]), avg(minutes), min(minutes)
            FROM (SELECT account_id, source, date_diff('minute', signup_at, min(event_at)) AS minutes
                  FROM accounts JOIN product_events USING (account_id)
                  WHERE event_name = 'doc_created' AND {where} GROUP BY account_id, source, signup_at)
            GROUP BY source"""
        ).fetchall()
        times[where] = found
    right, wrong = times.values()

    assert 4 == len(right)
    for (middle, slow), mean, least in right:
        assert 16 < middle < 24
        assert 80 < slow < 180
        assert mean > 1.5 * middle
        assert least >= 0
    assert np.mean([middle for (middle, _), _, _ in wrong]) < np.mean([middle for (middle, _), _, _ in right])
    assert max(least for _, _, least in wrong) < 0


def test_paying_accounts_are_flat(full: duckdb.DuckDBPyConnection):
    """The goal: about 52 accounts a week start to pay, before and after."""
    weeks = full.execute(
        """SELECT count(*) FROM (
            SELECT date_trunc('week', min(started_at)) AS w FROM subscriptions GROUP BY account_id)
        GROUP BY w ORDER BY w"""
    ).fetchall()
    counts = [n for (n,) in weeks]

    assert 52 == pytest.approx(np.mean(counts[1:]), abs=4)
    assert np.mean(counts[1:5]) == pytest.approx(np.mean(counts[5:]), rel=0.12)
