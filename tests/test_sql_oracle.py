"""The engine against an oracle: the same world drawn a second time, in SQL that shares no code with it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence

import duckdb
import numpy as np
import pytest

from casekit.world import story as s
from casekit.world.blocks import Block, draw_block
from casekit.world.calendar import second
from casekit.world.quantiles import (
    curve_nodes,
    geometric_slots,
    lognormal_nodes,
    poisson_slots,
    power_nodes,
)
from casekit.world.writing import fill

SLUG, SEED, BLOCK, PEOPLE = "oracle", 7, 3, 20_000
BEGIN_S, END_S = second("2025-01-06"), second("2025-03-03")
DAY_S, DAYS = 86_400, 56
HOURS = (3, 1, 1, 1, 1, 2, 4, 8, 12, 14, 15, 16, 17, 16, 15, 15, 16, 18, 20, 22, 20, 15, 9, 5)
WEEKDAYS = (1.0, 1.0, 0.9, 1.0, 1.1, 0.7, 0.6)
SEASON = s.Season(hours=HOURS, weekdays=WEEKDAYS, growth=0.3)
PLATFORMS = {"web": 0.45, "ios": 0.30, "android": 0.25}
COUNTRIES = {"DE": 0.50, "FR": 0.30, "NL": 0.15, "ES": 0.05}
ACTIONS = {"home": 0.4, "search": 0.35, "save": 0.2, "help": 0.05}

WORLD = s.tell(
    begins="2025-01-06",
    ends="2025-03-02",
    sizes={"default": PEOPLE},
    parts=(
        s.Population("people", number="user_id", columns={
            "platform": s.mix(PLATFORMS).each(),
            "country": s.mix(COUNTRIES).each(),
            "first_seen": s.start(SEASON),
        }),
        s.Funnel("onboarding", of="people", starts="first_seen", exact=False, steps=(
            s.Step("signup", s.rate(0.42, odds={"platform=web": 0.85}), after="90s", sigma=1.0),
            s.Step("activate", s.by("country", {"DE": 0.6, "FR": 0.5, "NL": 0.4, "ES": 0.3}), after="25m",
                   sigma=1.6),
            s.Step("pay", s.rate(0.3, times={"platform=ios": 1.2}), after="6h", sigma=1.8),
        )),
        s.Events("milestones", of="people", at="ts", what="event", number="",
                 moments=s.taken("onboarding", "signup", "activate", "pay")),
        s.Returns("sessions", of="people", starts="signup_at", where="onboarding>=1", in_time=False,
                  count=s.count(5.0, heavy=True), retention=(0.3, 0.05), season=SEASON,
                  columns={"n_events": s.count(3.0, most=20), "pace_s": s.spread("35s", 0.8, most=600)}),
        s.Many("actions", of="sessions", count="n_events", columns={
            "event": s.mix(ACTIONS).each(),
            "ts": s.derived("timestamp", lambda f: f["started_at"] + f["nth"] * f["pace_s"]),
        }),
        s.Merged("events", of="people", frames=("milestones", "actions"), at="ts", keeps=("event",), columns={
            "received_at": s.derived("timestamp", lambda f: f["ts"] + 2),
        }),
    ),
    twists=(
        s.StepChange("pay_drop", step="onboarding.pay", where="platform=android", odds=0.45,
                     since="2025-02-01", clock="step"),
        s.Outage("outage", of="events", where="event=signup and platform=ios", share=0.9, clock="ts",
                 since="2025-01-20 09:00", until="2025-01-21"),
        s.Late("late", of="events", column="received_at", delay=("6h", "5d"), share=0.02),
        s.Duplicates("dups", of="events", share=0.06, clock="ts", since="2025-02-10", until="2025-02-17",
                     later={"received_at": "10m"}),
    ),
    tables=(
        s.Table("users", "one row per person", dict.fromkeys(
            ("user_id", "first_seen", "platform", "country"), "what it says"), of="people"),
        s.Table("sessions", "one row per visit", dict.fromkeys(
            ("user_id", "nth", "started_at", "n_events", "pace_s"), "what it says")),
        s.Table("events", "one row per event", dict.fromkeys(
            ("user_id", "ts", "received_at", "event", "platform"), "what it says")),
    ),
)  # fmt: skip

# DuckDB raises where a product exceeds 64 bits, so it is put together from halves.
MACROS = """
CREATE MACRO low(x) AS (x & 4294967295::UBIGINT);
CREATE MACRO mul(x, f) AS
    low(low(low(x) * (f >> 32)) + low((x >> 32) * low(f)) + (low(x) * low(f) >> 32)) * 4294967296::UBIGINT
    + low(low(x) * low(f));
CREATE MACRO word(bits) AS (bits >> 32)::BIGINT;
CREATE MACRO whole(bits, first, last) AS first + (word(bits) * (last - first + 1) >> 32);
CREATE MACRO coin(bits, share) AS whole(bits, 0, 999999) < round(share::DOUBLE * 1000000)::BIGINT;
CREATE MACRO between_nodes(point, nodes) AS
    nodes[(point >> 22) + 1] + ((nodes[(point >> 22) + 2] - nodes[(point >> 22) + 1])
    * (point & 4194303) >> 22);
CREATE MACRO quantile(bits, nodes) AS between_nodes(word(bits), nodes);
CREATE MACRO slot(bits, slots) AS slots[(bits >> 48)::BIGINT + 1]::BIGINT;
CREATE MACRO odds(share, ratio) AS share::DOUBLE * ratio / (1 - share::DOUBLE + share::DOUBLE * ratio);
"""
GAMMA, FACTOR_1, FACTOR_2 = (
    f"{factor}::UBIGINT" for factor in (0x9E3779B97F4A7C15, 0xBF58476D1CE4E5B9, 0x94D049BB133111EB)
)


class Oracle:
    """Tables that grow column by column, each drawn in SQL from the rows' keys."""

    def __init__(self, con: duckdb.DuckDBPyConnection) -> None:
        self.con = con
        con.execute(MACROS)

    def keep(self, name: str, values: Sequence[int] | np.ndarray) -> None:
        """Hands a table of whole numbers to SQL."""
        self.con.execute(f"SET VARIABLE {name} = ?", [[int(value) for value in values]])

    def make(self, table: str, select: str) -> None:
        self.con.execute(f"CREATE OR REPLACE TEMP TABLE {table} AS {select}")

    def add(self, table: str, column: str, value: str, stream: str = "", join: str = "") -> None:
        """A column more; *value* may speak of the row's ``bits`` in *stream*."""
        rows = self._with_bits(table, stream) if stream else table
        self.make(table, f"SELECT * EXCLUDE (bits), {value} AS {column} FROM (FROM {rows}) {join}"
                  if stream else f"SELECT *, {value} AS {column} FROM {table} {join}")  # fmt: skip

    def hours(self, table: str, column: str, stream: str) -> None:
        """A second of the day, by the hours' weights."""
        values = ", ".join(f"({hour}, {sum(HOURS[:hour])}::BIGINT, {w})" for hour, w in enumerate(HOURS))
        point = f"word(bits) * {sum(HOURS)}"
        join = f"""
            JOIN (VALUES {values}) AS hours (hour, before, width)
            ON {point} >= before << 32 AND {point} < (before + width) << 32"""
        within = f"({point} - (before << 32)) // width"
        self.add(table, column, f"hour * 3600 + ({within} * 3600 >> 32)", stream, join)
        self.make(table, f"SELECT * EXCLUDE (hour, before, width) FROM {table}")

    def _with_bits(self, table: str, stream: str) -> str:
        named = f"{SLUG}/{SEED}.{BLOCK}/{stream}".encode()
        key = int.from_bytes(hashlib.sha256(named).digest()[:8], "little")
        return f"""(
            SELECT * EXCLUDE (mixed), xor(mixed, mixed >> 31) AS bits FROM (
            SELECT * REPLACE (mul(xor(mixed, mixed >> 27), {FACTOR_2}) AS mixed) FROM (
            SELECT * REPLACE (mul(xor(mixed, mixed >> 30), {FACTOR_1}) AS mixed) FROM (
            SELECT *, xor(mul(key::UBIGINT, {GAMMA}), {key}::UBIGINT) AS mixed FROM {table}))))"""


def mixed(shares: dict[str, float]) -> str:
    """SQL for one of several values with fixed shares."""
    ends = np.cumsum([round(share * 1_000_000) for share in shares.values()]).tolist()
    arms = (
        f"WHEN whole(bits, 0, 999999) < {end} THEN '{value}'" for value, end in zip(shares, ends, strict=True)
    )
    return f"CASE {' '.join(arms)} END"


def draw_people(oracle: Oracle) -> None:
    """Who they are and how far each of them gets."""
    days = np.arange(BEGIN_S // DAY_S, END_S // DAY_S)
    oracle.keep("starts", curve_nodes(np.outer(SEASON.of_days(days), HOURS).ravel().tolist(), BEGIN_S, 3600))
    oracle.make("o_people", f"SELECT range AS key, {BLOCK * 10_000_000 + 1} + range AS user_id "
                f"FROM range({PEOPLE})")  # fmt: skip
    oracle.add("o_people", "platform", mixed(PLATFORMS), "people.platform")
    oracle.add("o_people", "country", mixed(COUNTRIES), "people.country")
    oracle.add("o_people", "first_seen",
               f"between_nodes(((key << 32) + word(bits)) // {PEOPLE}, getvariable('starts'))",
               "people.first_seen")  # fmt: skip
    before = "first_seen"
    rates = {
        "signup": ("if(platform = 'web', odds(0.42, 0.85), 0.42)", 90, 1.0),
        "activate": ("CASE country WHEN 'DE' THEN 0.6 WHEN 'FR' THEN 0.5 WHEN 'NL' THEN 0.4 ELSE 0.3 END",
                     1_500, 1.6),
        "pay": (f"""if(platform = 'android' AND activate_at >= {second('2025-02-01')}, odds(0.3, 0.45),
                if(platform = 'ios', 0.3 * 1.2, 0.3))""", 21_600, 1.8),
    }  # fmt: skip
    took = "true"
    for step, (share, after_s, sigma) in rates.items():
        oracle.keep("gaps", lognormal_nodes(after_s, sigma))
        oracle.add("o_people", f"{step}_at", f"{before} + quantile(bits, getvariable('gaps'))",
                   f"onboarding.{step}: time")  # fmt: skip
        oracle.add("o_people", step, f"{took} AND {step}_at < {END_S} AND coin(bits, {share})",
                   f"onboarding.{step}")  # fmt: skip
        before, took = f"{step}_at", step


def draw_sessions(oracle: Oracle) -> None:
    """When those who signed up come back."""
    oracle.keep("slots", geometric_slots(5.0, 60))
    oracle.keep("days", power_nodes(0.3, 0.05, DAYS, DAY_S))
    oracle.keep("counts", poisson_slots(3.0, 20))
    oracle.keep("paces", lognormal_nodes(35, 0.8))
    oracle.add("o_people", "n_sessions", "if(signup, slot(bits, getvariable('slots')), 0)",
               "people.number of sessions")  # fmt: skip
    oracle.make("o_sessions", """
        SELECT (key << 12) + nth AS key, user_id, platform, nth, signup_at
        FROM (SELECT *, unnest(range(n_sessions)) AS nth FROM o_people)""")  # fmt: skip
    oracle.add("o_sessions", "later", "quantile(bits, getvariable('days'))", "sessions: days")
    oracle.hours("o_sessions", "of_day", "sessions: hour")
    oracle.add("o_sessions", "started_at",
               f"greatest((signup_at + later) // {DAY_S} * {DAY_S} + of_day, signup_at + 600)")  # fmt: skip
    moods = [factor / max(WEEKDAYS) for factor in WEEKDAYS]
    oracle.add("o_sessions", "is_open", f"coin(bits, {moods}[(started_at // {DAY_S} + 3) % 7 + 1])",
               "sessions: weekday")  # fmt: skip
    oracle.make("o_sessions", f"FROM o_sessions WHERE is_open AND started_at < {END_S}")
    oracle.add("o_sessions", "n_events", "slot(bits, getvariable('counts'))", "sessions.n_events")
    oracle.add("o_sessions", "pace_s", "least(quantile(bits, getvariable('paces')), 600)", "sessions.pace_s")


def draw_events(oracle: Oracle) -> None:
    """What they do, and what becomes of it on the way."""
    oracle.make("o_actions", """
        SELECT (key << 12) + nth AS key, user_id, platform, started_at + nth * pace_s AS ts
        FROM (SELECT * REPLACE (unnest(range(n_events)) AS nth) FROM o_sessions)""")  # fmt: skip
    oracle.add("o_actions", "event", mixed(ACTIONS), "actions.event")
    steps = " UNION ALL ".join(
        f"SELECT ((key << 5) + {nth}) << 3 AS key, user_id, platform, {step}_at AS ts, '{step}' AS event "
        f"FROM o_people WHERE {step}"
        for nth, step in enumerate(("signup", "activate", "pay"))
    )
    oracle.make("o_events", f"{steps} UNION ALL SELECT * REPLACE ((key << 3) + 1 AS key) FROM o_actions")
    oracle.add("o_events", "received_at", "ts + 2")
    begin_s, end_s = second("2025-01-20 09:00"), second("2025-01-21")
    oracle.add("o_events", "is_lost", f"""event = 'signup' AND platform = 'ios' AND coin(bits, 0.9)
               AND ts >= {begin_s} AND ts < {end_s}""", "outage")  # fmt: skip
    oracle.make("o_events", "FROM o_events WHERE NOT is_lost")
    oracle.add("o_events", "is_late", "coin(bits, 0.02)", "late")
    oracle.add("o_events", "delay", f"if(is_late, whole(bits, {6 * 3_600}, {5 * DAY_S}), 0)", "late: delay")
    oracle.make("o_events", "SELECT * REPLACE (received_at + delay AS received_at) FROM o_events")
    oracle.add("o_events", "is_doubled", f"""coin(bits, 0.06)
               AND ts >= {second('2025-02-10')} AND ts < {second('2025-02-17')}""", "dups")  # fmt: skip
    oracle.keep("later", lognormal_nodes(600, 1.0))
    oracle.make("o_copies", f"SELECT * REPLACE (key + {1 << 56} AS key) FROM o_events WHERE is_doubled")
    oracle.add("o_copies", "again", "received_at + quantile(bits, getvariable('later'))", "dups: received_at")
    oracle.make("o_events", """
        FROM o_events UNION ALL
        SELECT * EXCLUDE (again) REPLACE (again AS received_at) FROM o_copies""")  # fmt: skip


@pytest.fixture(scope="module")
def con() -> Iterator[duckdb.DuckDBPyConnection]:
    """The world as the engine draws it, and beside it as the oracle does."""
    with duckdb.connect(config={"threads": 1}) as con:
        fill(con, WORLD, draw_block(WORLD, SLUG, SEED, Block(BLOCK, PEOPLE)).rows)
        oracle = Oracle(con)
        draw_people(oracle)
        draw_sessions(oracle)
        draw_events(oracle)
        yield con


COLUMNS = {
    "users": ("o_people", "user_id, first_seen, platform, country"),
    "sessions": ("o_sessions", "user_id, nth, started_at, n_events, pace_s"),
    "events": ("o_events", "user_id, ts, received_at, event, platform"),
}
MOMENTS = {"first_seen", "started_at", "ts", "received_at"}


@pytest.mark.parametrize("table", COLUMNS)
def test_engine_draws_what_oracle_draws(con: duckdb.DuckDBPyConnection, table: str):
    """Every row of a table is there as often in one drawing as in the other."""
    place, columns = COLUMNS[table]
    names = columns.split(", ")
    ours = ", ".join(f"epoch({name})::BIGINT" if name in MOMENTS else f"{name}::VARCHAR" for name in names)
    theirs = ", ".join(f"{name}::BIGINT" if name in MOMENTS else f"{name}::VARCHAR" for name in names)
    one, other = f"(SELECT {ours} FROM {table})", f"(SELECT {theirs} FROM {place})"

    assert [] == con.execute(f"{one} EXCEPT ALL {other}").fetchmany(3)
    assert [] == con.execute(f"{other} EXCEPT ALL {one}").fetchmany(3)


def test_oracle_meets_every_branch(con: duckdb.DuckDBPyConnection):
    """The world is large enough that every twist and step decided some rows."""
    seen = con.execute("""
        SELECT (SELECT count(*) FROM o_people WHERE pay), (SELECT count(*) FROM o_sessions),
               (SELECT count(*) FROM o_events WHERE is_late), (SELECT count(*) FROM o_copies)""").fetchone()
    lost = next(entry for entry in draw_block(WORLD, SLUG, SEED, Block(BLOCK, PEOPLE)).ledger
                if entry.twist == "outage")  # fmt: skip

    assert seen is not None
    assert min(*seen, lost.base - lost.actual) > 20
