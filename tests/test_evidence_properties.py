"""What holds for any query: it equals itself however it is written, and no comparison ever crashes."""

from __future__ import annotations

from dataclasses import dataclass

import duckdb
import sqlglot
from hypothesis import given, settings
from hypothesis import strategies as st

from casekit.judge import compare_queries
from casekit.judge.evidence import Schema
from casekit.judge.evidence.evidence import Counterexample
from casekit.judge.evidence.sameness import same_rows

DDL = """
CREATE TABLE shops (
    shop_id INTEGER PRIMARY KEY, city VARCHAR NOT NULL, opened DATE, area DECIMAL(8,2) CHECK (area > 0)
);
CREATE TABLE staff (
    staff_id INTEGER PRIMARY KEY, shop_id INTEGER NOT NULL REFERENCES shops (shop_id), grade VARCHAR
    CHECK (grade IN ('junior', 'senior')), hired DATE NOT NULL, quit DATE, CHECK (quit >= hired)
);
CREATE TABLE sales (
    sale_id INTEGER PRIMARY KEY, shop_id INTEGER REFERENCES shops (shop_id), amount INTEGER, coupon VARCHAR,
    sold_at TIMESTAMP, is_test BOOLEAN, UNIQUE (shop_id, sold_at)
);
"""
SCHEMA = Schema.from_ddl(DDL)
OUTCOMES = {"different", "no difference found", "reference fails", "submission fails", "not deterministic"}
COLUMNS = {
    "h": ["shop_id", "city", "opened", "area"],
    "f": ["staff_id", "shop_id", "grade", "hired", "quit"],
    "s": ["sale_id", "shop_id", "amount", "coupon", "sold_at", "is_test"],
}
TABLES = {"h": "shops", "f": "staff", "s": "sales"}
FLIPPED = {"=": "=", "<>": "<>", "<": ">", ">=": "<=", "IS DISTINCT FROM": "IS DISTINCT FROM"}
NUMBERS = ["0", "1", "100", "-3", "NULL", "2.5", "amount + 1"]
SIGNS = st.sampled_from(sorted(FLIPPED))


@dataclass(frozen=True)
class Style:
    """One way to write a query down: its names, and whether everything that commutes is turned round."""

    names: tuple[str, str, str] = ("h", "f", "s")
    turned: bool = False

    def named(self, text: str) -> str:
        """*text* with this style's names of the tables."""
        return text.format(**dict(zip("hfs", self.names, strict=True)))


@dataclass(frozen=True)
class Comparison:
    """Two sides and the sign between them."""

    left: str
    sign: str
    right: str

    def written(self, *, turned: bool) -> str:
        """The comparison, or the same one from the other side."""
        if turned:
            return f"{self.right} {FLIPPED[self.sign]} {self.left}"
        return f"{self.left} {self.sign} {self.right}"


@dataclass(frozen=True)
class Query:
    """A query over up to three joined tables, in pieces."""

    tables: tuple[str, ...]
    join: str
    conditions: tuple[Comparison | str, ...]
    output: str

    def written(self, style: Style) -> str:
        """The whole text in *style*."""
        parts = [
            part if isinstance(part, str) else part.written(turned=style.turned) for part in self.conditions
        ]
        where = " AND ".join(parts[::-1] if style.turned else parts) or "true"
        ctes = ["big AS (SELECT max(amount) AS most FROM sales)", "one AS (SELECT 1 AS n)"]
        named = ", ".join(ctes[::-1] if style.turned else ctes)
        body = self.output.replace("@", f"{self._from(style)} WHERE {where}")
        return style.named(f"WITH {named} {body}")

    def _from(self, style: Style) -> str:
        pieces = [f"{TABLES[table]} AS {{{table}}}" for table in self.tables]
        if len(pieces) == 1:
            return f"FROM {pieces[0]}"
        first, second = self.tables[:2]
        on = f"{{{first}}}.shop_id = {{{second}}}.shop_id"
        if not style.turned:
            return f"FROM {pieces[0]} {self.join} JOIN {pieces[1]} ON {on}"
        mirrored = {"LEFT": "RIGHT", "RIGHT": "LEFT"}.get(self.join, self.join)
        return f"FROM {pieces[1]} {mirrored} JOIN {pieces[0]} ON {on}"


PLAIN, OTHER = Style(), Style(("x", "y", "z"), turned=True)


@st.composite
def conditions(draw: st.DrawFn, tables: tuple[str, ...]) -> Comparison | str:
    """A condition on a row of *tables*."""
    table = draw(st.sampled_from(tables))
    by_table = {
        "h": [
            "{h}.city LIKE 'B%'",
            "lower({h}.city) = 'bern'",
            "year({h}.opened) = 2023",
            "{h}.area * 2 > 7.5",
        ],
        "f": [
            "{f}.grade IN ('junior', 'boss')",
            "{f}.quit IS NULL",
            "{f}.hired BETWEEN '2023-01-01' AND '2023-12-31'",
            "date_diff('day', {f}.hired, {f}.quit) >= 30",
            "NOT EXISTS (SELECT 1 FROM sales WHERE sales.shop_id = {f}.shop_id AND amount > 5)",
        ],
        "s": [
            "({s}.amount > 10 OR {s}.coupon = 'X')",
            "{s}.sold_at >= '2024-03-01' AND {s}.sold_at < '2024-03-08'",
            "{s}.is_test IS NOT TRUE",
            "{s}.shop_id NOT IN (SELECT shop_id FROM staff)",
            "{s}.amount > (SELECT avg(amount) FROM sales)",
            "{s}.amount = (SELECT most FROM big)",
            "regexp_matches({s}.coupon, '^[A-Z]{{2}}[0-9]+$')",
            "split_part({s}.coupon, '-', 1)  = 'a'",
        ],
    }
    if table == "s" and draw(st.booleans()):
        return Comparison(
            "{s}.amount", draw(SIGNS), draw(st.sampled_from(NUMBERS)).replace("amount", "{s}.sale_id")
        )
    return draw(st.sampled_from(by_table[table]))


@st.composite
def queries(draw: st.DrawFn) -> Query:
    """A SELECT: rows, groups, windows, set operations, a subquery in FROM."""
    tables = draw(st.sampled_from([("s",), ("h",), ("f",), ("h", "s"), ("s", "h"), ("f", "s"), ("h", "f")]))
    join = draw(st.sampled_from(["", "LEFT", "RIGHT", "FULL"]))
    filters = draw(st.lists(conditions(tables), max_size=3))
    one, other = (
        f"{{{table}}}.{draw(st.sampled_from(COLUMNS[table]))}"
        for table in draw(st.tuples(st.sampled_from(tables), st.sampled_from(tables)))
    )
    key = f"{{{tables[0]}}}.{COLUMNS[tables[0]][0]}"
    shapes = [
        f"SELECT {one} AS a, {other} AS b @",
        f"SELECT DISTINCT {one} AS a @",
        f"SELECT {one} AS a, count({other}) AS b, count(DISTINCT {other}) AS c @ GROUP BY {one}",
        f"SELECT {one} AS a, max({other}) AS b @ GROUP BY {one} HAVING count(*) >= 2",
        f"SELECT {one} AS a, rank() OVER (PARTITION BY {other} ORDER BY {key}) AS b @",
        f"SELECT {one} AS a @ QUALIFY dense_rank() OVER (ORDER BY {other} DESC) = 1",
        f"SELECT {one} AS a @ UNION SELECT {one} @",
        f"SELECT {one} AS a @ EXCEPT ALL SELECT {other} @ AND {key} > 2",
        f"SELECT a, count(*) AS n FROM (SELECT {one} AS a, {other} AS b @) AS t GROUP BY ROLLUP (a)",
        f"SELECT {one} AS a, lag({other}) OVER (PARTITION BY {one} ORDER BY {key}, {other}) AS b @",
    ]
    return Query(tables, join, tuple(filters), draw(st.sampled_from(shapes)))


BROKEN = [
    "CAST(coupon AS INTEGER)",
    "CAST(sold_at AS TIME)",
    "amount / 0",
    "amount % 0",
    "amount::TINYINT * 100::TINYINT",
    "(SELECT amount FROM sales)",
    "nothing",
    "no_function(amount)",
    "sum(coupon)",
    "regexp_extract(coupon, '(')",
    "error('stop')",
    "strptime(coupon, '%Y')",
    "[amount][7]",
    "coupon * amount",
    "repeat(coupon, amount)",
    "amount[1]",
    "list(amount)",
    "{'a': amount, 'b': [coupon]}",
    "sold_at - INTERVAL (amount) MONTH",
    "sold_at + INTERVAL (amount * 1000000) YEAR",
    "sqrt(amount)",
    "ln(amount)",
    "'2024-02-31'::DATE",
    "amount << 70",
    "interval 1 month",
    "x'00'",
    "map {amount: coupon}",
    "coupon COLLATE nocase",
    "exists(SELECT)",
    "* EXCLUDE (amount)",
    "COLUMNS('a.*')",
    "'" + "a" * 300 + "'",
    "99999999999999999999999999999999999999999",
    "1e999",
    "-amount ** 99",
    "TRY_CAST(coupon AS UUID)",
    "amount::VARCHAR::BLOB",
    "nullif(amount, coupon)",
    "lag(lag(amount) OVER ()) OVER ()",
]
WHERES = ["", " WHERE {0}", " WHERE {0} > 1", " WHERE amount IN (SELECT {0})", " ORDER BY {0} LIMIT 2"]


@st.composite
def risky(draw: st.DrawFn) -> str:
    """A SELECT that parses; many fail to bind, or on some rows only."""
    expression = draw(st.sampled_from(BROKEN))
    where = draw(st.sampled_from(WHERES)).replace("{0}", draw(st.sampled_from(BROKEN)))
    grouped = draw(st.sampled_from(["", " GROUP BY ALL", " GROUP BY amount", " HAVING count(*) > 1"]))
    grouped = "" if "ORDER BY" in where else grouped
    return f"SELECT {expression} FROM sales{where}{grouped}"


def rows_of(shown: Counterexample, sql: str) -> list[tuple[object, ...]] | None:
    """What *sql* gives on the rows shown, in tables that enforce every constraint; None when it fails."""
    with duckdb.connect() as con:
        con.execute(DDL)
        for name in TABLES.values():  # the parents first
            rows = shown.tables[name].rows if name in shown.tables else unread_parents(name)
            for row in rows:
                con.execute(f"INSERT INTO {name} VALUES ({', '.join('?' * len(row))})", list(row))
        try:
            return con.execute(sql).fetchall()
        except duckdb.Error:
            return None


def unread_parents(name: str) -> list[tuple[object, ...]]:
    """Rows of a table neither query reads, for those that refer to it."""
    return [(number, "x", None, None) for number in range(-2, 500)] if name == "shops" else []


@settings(max_examples=40, deadline=None, derandomize=True)
@given(queries())
def test_query_equals_itself_rewritten(query: Query):
    """Other aliases, CTEs, joins and predicates turned round, pretty-printed: the same answer."""
    sql = query.written(PLAIN)
    rewritten = sqlglot.parse_one(query.written(OTHER), dialect="duckdb").sql(dialect="duckdb", pretty=True)

    assert "no difference found" == compare_queries(SCHEMA, sql, rewritten, seconds=20.0, most=150).outcome


@settings(max_examples=40, deadline=None, derandomize=True)
@given(queries(), queries())
def test_shown_rows_keep_every_constraint(one: Query, other: Query):
    """The rows shown go into tables that enforce the schema, and there the two queries still differ."""
    texts = one.written(PLAIN), other.written(PLAIN)
    shown = compare_queries(SCHEMA, *texts, seconds=20.0, most=100).counterexample
    if shown is None:
        return

    expected, actual = (rows_of(shown, sql) for sql in texts)

    assert expected is not None
    assert (
        actual is None
        or len(shown.expected.columns) != len(shown.actual.columns)
        or not same_rows(expected, actual)
    )


@settings(max_examples=80, deadline=None, derandomize=True)
@given(risky(), risky())
def test_no_select_crashes_comparison(one: str, other: str):
    """Whatever fails, on any row or at once, is an outcome; a counterexample comes with a difference only."""
    evidence = compare_queries(SCHEMA, one, other, seconds=20.0, most=60)

    assert evidence.outcome in OUTCOMES
    assert (evidence.outcome == "different") == (evidence.counterexample is not None)
    assert evidence.to_dict()["words"] == evidence.words


@settings(max_examples=40, deadline=None, derandomize=True)
@given(risky())
def test_failing_query_is_never_different_from_itself(sql: str):
    """A query that fails, at once or on some rows, is not shown to differ from itself."""
    assert "different" != compare_queries(SCHEMA, sql, sql, seconds=20.0, most=60).outcome
