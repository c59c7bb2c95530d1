"""Hidden databases of a case: what they keep, and what they say of a submission."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import duckdb
import pytest

from casekit.judge.evidence import compare_queries
from casekit.judge.evidence.database import keeps_uniques, without_orphans
from casekit.judge.evidence.numbering import renumbered
from casekit.judge.evidence.schema import ColumnDef, ForeignKey, Schema, TableDef
from casekit.judge.evidence.thinning import thinned
from casekit.judge.hidden import WARM_MODULES, Hidden, hidden_worlds
from casekit.judge.hidden.schema import as_seen, case_schema
from casekit.judge.tables import contract_of
from casekit.library import case_folder, find_exercise, load_case, load_key
from casekit.sandbox import AnswerBox
from casekit.world import ColumnSpec, TableSpec, World, ensure_dataset
from casekit.world.rules import Rule, read_rules

SLUG = "checkout-drop"
CASE = load_case(SLUG)
WORLDS = hidden_worlds(CASE)


def shop(*rules: str) -> tuple[TableDef, TableDef, tuple[str, ...]]:
    """A shop of users and orders with *rules*, as hidden databases see it, and the laws that are left."""
    users = TableSpec(
        "users",
        "one row per user",
        (
            ColumnSpec("user_id", "integer", "the user"),
            ColumnSpec("plan", "text", "their plan", values=("free", "it's paid")),
            ColumnSpec("joined_at", "timestamp", "when", nullable=True),
        ),
    )
    orders = TableSpec(
        "orders",
        "one row per order",
        (
            ColumnSpec("order_id", "integer", "the order"),
            ColumnSpec("user_id", "integer", "whose"),
            ColumnSpec("amount_eur", "money", "worth", unit="EUR"),
        ),
    )
    world = World((users, orders), {"default": 10}, lambda _draws, _people: None)
    read = case_schema(world, [Rule(f"rule {place}", sql) for place, sql in enumerate(rules)])
    return (*read.schema.tables, read.laws)


@pytest.fixture(scope="module")
def hidden() -> Iterator[Hidden]:
    box = AnswerBox(warm=WARM_MODULES)
    yield Hidden(WORLDS, box, ensure_dataset(case_folder(SLUG), SLUG).path)
    box.close()


def asked(exercise: str):
    """The reference and the contract of an exercise."""
    return load_key(CASE, exercise).reference, contract_of(find_exercise(CASE, exercise))


def stored(database: Mapping[str, Sequence[tuple[object, ...]]]) -> duckdb.DuckDBPyConnection:
    """The case's tables with the rows of *database*."""
    con = duckdb.connect()
    for table in WORLDS.tables.schema.tables:
        columns = ", ".join(f"{column.name} {column.type}" for column in table.columns)
        con.execute(f"CREATE TABLE {table.name} ({columns})")
        for row in database.get(table.name, ()):
            con.execute(f"INSERT INTO {table.name} VALUES ({', '.join('?' * len(row))})", list(row))
    return con


def test_columns_come_from_the_world():
    """Types, value sets and NULL are those of the declared columns."""
    users, _, _ = shop()
    kinds = [(column.type, column.nullable) for column in users.columns]
    assert [("BIGINT", False), ("ENUM('free', 'it''s paid')", False), ("TIMESTAMP", True)] == kinds
    assert ("free", "it's paid") == users.columns[1].values


def test_keys_and_references_are_read():
    """A rule on repeats is a key; a rule on rows without a partner is a reference."""
    users, orders, laws = shop(
        "SELECT user_id FROM users GROUP BY ALL HAVING count(*) > 1",
        "FROM orders ANTI JOIN users USING (user_id)",
    )
    assert (("user_id",),) == users.uniques
    assert (ForeignKey(("user_id",), "users", ("user_id",)),) == orders.foreign_keys
    assert () == laws


def test_conditions_on_rows_become_bounds():
    """What a rule forbids in one row limits the values that are built."""
    _, orders, laws = shop("FROM orders WHERE amount_eur <= 0 OR amount_eur > 500")
    assert (0, 500) < (orders.columns[2].low, orders.columns[2].high)
    assert 500 == orders.columns[2].high
    assert () == laws


def test_numbering_is_read():
    """Ids that count up in the order of a moment are put right rather than thrown away."""
    users, _, laws = shop(
        "SELECT user_id FROM users QUALIFY user_id <= lag(user_id) OVER (ORDER BY joined_at, user_id)"
    )
    assert (("user_id", "joined_at"),) == users.numbered
    assert () == laws


@pytest.mark.parametrize(
    "law",
    [
        "FROM orders WHERE user_id NOT IN (SELECT user_id FROM users)",
        "SELECT user_id FROM orders GROUP BY ALL HAVING count(*) > 2",
        "FROM orders ANTI JOIN users ON orders.user_id + 1 = users.user_id",
        "FROM strangers WHERE a > 1",
        "FROM orders WHERE amount_eur >",
    ],
)
def test_other_rules_are_laws(law: str):
    """What cannot be built is tried on every database instead."""
    assert (law,) == shop(law)[2]


def test_seen_nulls_open_a_column():
    """A column that holds NULL in a world may hold it, whatever was declared."""
    schema = Schema((TableDef("t", (ColumnDef("a", "BIGINT", nullable=False),)),))
    assert not as_seen(schema, [{"t": [(1,)]}]).tables[0].columns[0].nullable
    assert as_seen(schema, [{"t": [(1,)]}, {"t": [(None,)]}]).tables[0].columns[0].nullable


def test_worlds_are_the_same_every_time():
    """A verdict does not change from run to run."""
    assert WORLDS == hidden_worlds(CASE)


def test_parts_of_worlds_stay_lawful():
    """A few rows out of a world, with all that belongs to them, keep every key and every rule."""
    schema = WORLDS.tables.schema
    for place in range(12):
        part = thinned(schema, WORLDS.worlds[place % 3], place)
        assert part == without_orphans(schema, part)
        assert all(keeps_uniques(table, part[table.name]) for table in schema.tables)
        with stored(part) as con:
            broken = [law for law in WORLDS.tables.laws if con.execute(law).fetchone()]
        # A part may lack a release that a session names; whatever else a rule says holds.
        assert {law for law in broken if "app_releases" not in law} == set()


def test_numbers_follow_their_moments():
    """Renumbering keeps the ids that are there, in the order of the moments, and references follow."""
    parent = TableDef(
        "p", (ColumnDef("id", "BIGINT"), ColumnDef("at", "BIGINT")), (("id",),), numbered=(("id", "at"),)
    )
    child = TableDef("c", (ColumnDef("id", "BIGINT"),), foreign_keys=(ForeignKey(("id",), "p", ("id",)),))
    mended = renumbered(Schema((parent, child)), {"p": [(1, 30), (2, 10), (5, 20)], "c": [(1,), (5,)]})
    assert {"p": [(5, 30), (1, 10), (2, 20)], "c": [(5,), (2,)]} == mended


def test_right_query_has_no_difference(hidden: Hidden):
    """A reference is itself, on a good number of databases."""
    reference, contract = asked("weekly-conversion")
    found = hidden.examine(reference, reference, contract, seconds=5.0)
    assert found is not None
    assert ("no difference found", None) == (found.outcome, found.counterexample)
    assert found.databases >= 60


@pytest.mark.parametrize("trap", ["fan-out", "purchase-events", "any-order", "people-not-sessions"])
def test_counterexample_keeps_the_rules(hidden: Hidden, trap: str):
    """The tiny database is one that the case could have, and both results are what DuckDB gives on it."""
    reference, contract = asked("weekly-conversion")
    wrong = next(t.submission for t in load_key(CASE, "weekly-conversion").traps if t.slug == trap)
    found = hidden.examine(reference, wrong, contract, seconds=10.0, is_wrong=True)
    assert found is not None
    assert found.counterexample is not None
    assert 8 >= sum(len(table.rows) for _, table in found.counterexample.tables)
    rows = {name: table.rows for name, table in found.counterexample.tables}
    with stored(rows) as con:
        shown = set(rows)
        rules = [rule for rule in read_rules(Path(CASE.folder)) if "app_releases" not in rule.sql]
        about = [rule for rule in rules if not {"checkout_events", "orders"} - shown & set(rule.sql.split())]
        broken = [rule.name for rule in about if con.execute(rule.sql).fetchone()]
        assert [] == broken
        assert con.execute(reference).fetchall() != con.execute(wrong).fetchall()
        assert sorted(con.execute(reference).fetchall()) == sorted(found.counterexample.expected.rows)


def test_mistake_is_recognised(hidden: Hidden):
    """Of the mistakes asked about, those that give the submission's result everywhere are named."""
    reference, contract = asked("weekly-conversion")
    traps = [trap.submission for trap in load_key(CASE, "weekly-conversion").traps]
    found = hidden.examine(reference, traps[1], contract, seconds=10.0, is_wrong=True, mistakes=traps)
    assert found is not None
    assert (1,) == found.agrees


def test_emptiness_is_no_mistake(hidden: Hidden):
    """A query that also tells of weeks without any visit is right: the data has none."""
    reference, contract = asked("weekly-conversion")
    calendar = f"""
        WITH told AS ({reference}), weeks AS (
            SELECT unnest(generate_series(DATE '2025-03-03', DATE '2025-04-21', INTERVAL 7 DAY))::DATE AS week
        )
        SELECT week, coalesce(sessions, 0) AS sessions, coalesce(converting, 0) AS converting,
               coalesce(conv_percent, 0) AS conv_percent
        FROM weeks LEFT JOIN told USING (week)
    """
    found = hidden.examine(reference, calendar, contract, seconds=5.0)
    assert found is not None
    assert "no difference found" == found.outcome


def test_slow_query_is_not_charged(hidden: Hidden):
    """A query that runs out of time on hidden databases is not thereby another answer."""
    reference, contract = asked("latest-version")
    slow = f"{reference.rstrip()} -- slow".replace(
        "WHERE platform <> 'web'",
        "WHERE platform <> 'web' AND (SELECT count(*) FROM range(100000) a, range(100000) b) > 0",
    )
    found = hidden.examine(reference, slow, contract, seconds=2.0)
    assert found is None or found.outcome != "different"


def test_worker_that_fails_says_nothing(tmp_path: Path):
    """Where the worker cannot open the data there is no evidence, and no error."""
    box = AnswerBox(warm=WARM_MODULES)
    reference, contract = asked("latest-version")
    assert None is Hidden(WORLDS, box, tmp_path / "gone.duckdb").examine(
        reference, reference, contract, seconds=1.0
    )
    box.close()


def test_comparison_without_a_case_knows_no_crowd():
    """On any schema the same engine tells what the small databases say."""
    told = compare_queries(
        "CREATE TABLE t (a INTEGER)", "SELECT count(*) FROM t", "SELECT count(a) FROM t", seconds=5.0
    )
    assert "different" == told.outcome
