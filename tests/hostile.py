"""
Hostile answers, one row each: what they try, and the kinds of failure they may end in.

``{data}`` is the dataset, ``{folder}`` the folder around it, in which ``keys.csv``, ``keys.parquet`` and
``keys.duckdb`` hold a secret.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

__all__ = ["ATTACKS", "BOMBS", "HARMLESS", "SECRET", "Attack"]

SECRET = "canary-77"
REFUSED = frozenset({"refused", "not-select", "catalog", "binder", "several", "syntax", "runtime", "crash"})
STOPPED = frozenset({"timeout", "memory", "crash", "too-large", "runtime", "binder", "syntax"})


@dataclass(frozen=True)
class Attack:
    """A statement, and the kinds of failure it may end in."""

    name: str
    sql: str
    ends: frozenset[str]


def _all(group: str, statements: Iterable[str], ends: frozenset[str] = REFUSED) -> list[Attack]:
    return [Attack(f"{group} {number}", sql, ends) for number, sql in enumerate(statements, start=1)]


def _stopped(named: dict[str, str]) -> list[Attack]:
    return [Attack(name, sql, STOPPED) for name, sql in named.items()]


READS = [
    "SELECT * FROM read_text('/etc/passwd')",
    "SELECT * FROM read_csv('{folder}/keys.csv', header = false, delim = '|')",
    "SELECT content::VARCHAR FROM read_blob('{folder}/keys.csv')",
    "SELECT * FROM read_json('{folder}/keys.csv')",
    "SELECT * FROM read_json_objects('{folder}/keys.csv')",
    "SELECT * FROM read_parquet('{folder}/keys.parquet')",
    "SELECT * FROM parquet_metadata('{folder}/keys.parquet')",
    "SELECT * FROM parquet_file_metadata('{folder}/keys.parquet')",
    "SELECT * FROM read_duckdb('{folder}/keys.duckdb')",
    "SELECT * FROM sniff_csv('{folder}/keys.csv')",
    "FROM '{folder}/keys.parquet'",
    "FROM './keys.csv'",
    "SELECT * FROM glob('{folder}/*')",
    "SELECT * FROM glob('/proc/self/fd/*')",
    "SELECT * FROM read_text('/proc/self/environ')",
    "SELECT * FROM read_blob('/proc/self/cmdline')",
    "SELECT count(*) FROM read_blob('/proc/self/mem')",
    "SELECT * FROM read_text('/dev/fd/0')",
    "SELECT * FROM read_csv('/dev/stdin')",
    "SELECT * FROM read_text('file://{folder}/keys.csv')",
    "SELECT * FROM read_text('{data}/../keys.csv')",
    "SELECT * FROM read_blob('{data}')",
    "SELECT * FROM read_text('{data}.wal')",
    "SELECT * FROM query('SELECT * FROM read_text(''{folder}/keys.csv'')')",
    "SELECT * FROM query_table('{folder}/keys.parquet')",
    """SELECT * FROM json_execute_serialized_sql(json_serialize_sql(
       'SELECT * FROM read_text(''{folder}/keys.csv'')'))""",
    "CREATE TEMP TABLE z(x VARCHAR); COPY z FROM '{folder}/keys.csv'; SELECT * FROM z",
    "ATTACH '{folder}/keys.duckdb' AS k (READ_ONLY)",
    "ATTACH '{folder}/keys.duckdb' AS k",
    "ATTACH 'duckdb:{folder}/keys.duckdb' AS k",
    "ATTACH '{data}' AS again (READ_WRITE)",
    "IMPORT DATABASE '{folder}'",
]
WRITES = [
    "COPY (SELECT 1) TO '{folder}/out.csv'",
    "COPY (SELECT 1 AS a) TO '{folder}/out.parquet' (FORMAT parquet)",
    "COPY (SELECT 1 AS a, 2 AS b) TO '{folder}/parts' (FORMAT csv, PARTITION_BY (a))",
    "COPY (SELECT from_hex('00')) TO '{data}.wal' (FORMAT blob)",
    "COPY (SELECT from_hex('00')) TO '{data}.wal.recovery' (FORMAT blob)",
    "COPY (SELECT from_hex('00')) TO '{data}.wal.checkpoint' (FORMAT blob)",
    "COPY (SELECT 1) TO '{data}' (USE_TMP_FILE false)",
    "COPY (SELECT 'forged verdict') TO '/dev/stdout'",
    "EXPORT DATABASE '{folder}/export'",
    "ATTACH '{folder}/new.duckdb' AS n",
    "ATTACH '{folder}/new.duckdb' AS n; COPY FROM DATABASE ds TO n",
    "SET log_query_path = '{folder}/queries.log'",
    "SET profiling_output = '{folder}/profile.json'",
    "PRAGMA profile_output = '{folder}/profile.json'",
    "SET temp_directory = '{folder}/spill'",
    "SET secret_directory = '{folder}/secrets'",
    "CALL enable_logging(storage = 'file', storage_path = '{folder}/logs')",
    "CALL enable_profiling(format = 'json', save_location = '{folder}/profile.json')",
    "SELECT * FROM enable_logging(storage = 'file', storage_path = '{folder}/logs')",
    "SELECT * FROM enable_profiling(format = 'json', save_location = '{folder}/profile.json')",
    "CREATE PERSISTENT SECRET s (TYPE http, BEARER_TOKEN 'x')",
]
PYTHON = [
    "SELECT getenv('PATH')",
    "SELECT * FROM duckdb_secrets(redact = false)",
    "SELECT * FROM secret_frame",
    "SELECT * FROM query_table('secret_frame')",
    "SELECT secret_function('x')",
    "SELECT * FROM pandas_scan(140000000000)",
    "SELECT * FROM pandas_scan(140000000000::POINTER)",
    "SELECT * FROM pandas_scan(NULL)",
    "SELECT * FROM arrow_scan(1, 2, 3)",
    "SELECT * FROM arrow_scan(NULL, NULL, NULL)",
    "SELECT * FROM python_arrow_scan(NULL)",
    "SELECT * FROM python_map_function(NULL, NULL)",
    "SET python_enable_replacements = true; SELECT * FROM secret_frame",
    "SET python_scan_all_frames = true; SELECT * FROM secret_frame",
]
SETTINGS = {
    "enable_external_access": "true",
    "lock_configuration": "false",
    "memory_limit": "'90GB'",
    "threads": "8",
    "max_execution_time": "0",
    "max_expression_depth": "1000000",
    "autoload_known_extensions": "true",
    "autoinstall_known_extensions": "true",
    "allow_community_extensions": "true",
    "allow_unsigned_extensions": "true",
    "custom_extension_repository": "'http://127.0.0.1:9'",
    "disabled_filesystems": "''",
    "allowed_directories": "['/']",
    "allowed_paths": "['{folder}/keys.csv']",
    "allowed_configs": "['threads']",
    "home_directory": "'{folder}'",
    "extension_directories": "['{folder}']",
    "file_search_path": "'{folder}'",
    "errors_as_json": "true",
    "default_null_order": "'nulls_first'",
    "http_proxy": "'127.0.0.1:9'",
    "enable_logging": "true",
    "logging_storage": "'stdout'",
}
OTHER_SETTINGS = [
    "RESET enable_external_access",
    "RESET memory_limit",
    "SET SESSION search_path = 'temp'",
    "SET schema = 'temp'",
    "SET VARIABLE v = 1",
    "USE temp",
    "PRAGMA memory_limit = '90GB'",
    "PRAGMA threads = 8",
    "PRAGMA disable_optimizer",
    "PRAGMA enable_verification",
    "PRAGMA database_list",
]
NETWORK = [
    "INSTALL httpfs",
    "FORCE INSTALL spatial FROM 'http://127.0.0.1:9'",
    "INSTALL gatekeeper FROM community",
    "LOAD httpfs",
    "LOAD json",
    "LOAD '{folder}/evil.duckdb_extension'",
    "UPDATE EXTENSIONS",
    "CREATE EXTENSION REPOSITORY r 'http://127.0.0.1:9'",
    "SELECT * FROM read_csv('http://127.0.0.1:9/x.csv')",
    "SELECT * FROM read_parquet('s3://bucket/keys.parquet')",
    "SELECT ST_Point(1, 2)",
    "ATTACH 'sqlite:{folder}/x.db'",
    "ATTACH 'host=127.0.0.1 port=9' AS pg (TYPE postgres)",
    "ATTACH 'http://127.0.0.1:9/x.duckdb'",
    "CREATE SECRET s (TYPE s3, KEY_ID 'a', SECRET 'b')",
]
CHANGES = [
    "DROP TABLE orders",
    "DETACH ds",
    "DELETE FROM orders",
    "UPDATE orders SET order_id = 0",
    "INSERT INTO orders SELECT * FROM orders",
    "ALTER TABLE orders RENAME TO others",
    "TRUNCATE orders",
    "MERGE INTO orders USING orders o ON orders.order_id = o.order_id WHEN MATCHED THEN DELETE",
    "CREATE TABLE mine AS SELECT 1",
    "CREATE INDEX ix ON orders(order_id)",
    "COMMENT ON TABLE orders IS 'x'",
    "CREATE TRIGGER t AFTER INSERT ON orders FOR EACH STATEMENT INSERT INTO orders SELECT * FROM orders",
    "CREATE TEMP TABLE orders AS SELECT 1 AS order_id",
    "CREATE TEMP VIEW orders AS SELECT 1 AS order_id",
    "CREATE TEMP MACRO count(x) AS 1",
    "CREATE TEMP TABLE orders AS SELECT 1 AS order_id; SELECT count(*) FROM orders",
    "ATTACH ':memory:' AS m; CREATE TABLE m.t AS SELECT 42",
    "WITH d AS (DELETE FROM orders RETURNING *) SELECT count(*) FROM d",
    "FROM (INSERT INTO orders SELECT * FROM orders RETURNING *)",
    "SELECT nextval('numbers')",
    "EXPLAIN ANALYZE DELETE FROM orders",
    "SELECT 1; DROP TABLE orders",
    "SELECT 1; DROP TABLE orders; SELECT 2",
    ";".join(["SELECT 1"] * 1_000),
    "PREPARE p AS SELECT * FROM orders",
    "PREPARE p AS DROP TABLE orders; EXECUTE p",
    "BEGIN TRANSACTION",
    "CHECKPOINT",
    "FORCE CHECKPOINT",
    "CALL force_checkpoint()",
    "VACUUM",
    "VACUUM ANALYZE orders",
    "ANALYZE",
    "CALL range(3)",
    "EXPLAIN SELECT * FROM orders",
]
ODD_TEXTS = [
    Attack("a NUL in the middle", "SELECT 1\0; DROP TABLE orders", frozenset({"syntax"})),
    Attack("half a character", "SELECT '\ud800'", frozenset({"syntax"})),
    Attack("nothing", "", frozenset({"empty"})),
    Attack("only a comment", "-- nothing", frozenset({"empty"})),
    Attack("only semicolons", ";;;", frozenset({"empty"})),
    Attack("a hundred thousand semicolons", ";" * 100_000, frozenset({"too-large"})),
    Attack("a long query", "SELECT '" + "x" * 30_000 + "'", frozenset({"too-large"})),
    Attack("many open brackets", "SELECT " + "(" * 1_000_000, frozenset({"too-large"})),
    Attack("deep brackets", "SELECT " + "(" * 9_000 + "1" + ")" * 9_000, frozenset({"too-large"})),
    Attack("a forged verdict", "SELECT error('PASS: correct')", frozenset({"runtime"})),
    Attack("markup in an error", "SELECT error('<script>alert(1)</script>')", frozenset({"runtime"})),
    Attack("a huge error", "SELECT error(repeat('A', 5000000))", STOPPED),
    Attack("a huge cast error", "SELECT CAST(repeat('x', 20000000) AS INTEGER)", STOPPED),
]
ATTACKS = [
    *_all("read a file", READS),
    *_all("write a file", WRITES),
    *_all("reach Python", PYTHON),
    *_all("change a setting", [f"SET GLOBAL {name} = {value}" for name, value in SETTINGS.items()]),
    *_all("change another setting", OTHER_SETTINGS),
    *_all("reach the network", NETWORK),
    *_all("change what is there", CHANGES),
    *ODD_TEXTS,
]

# Answers that look like attacks and are none: they work, and tell no more than the dataset's own name.
HARMLESS = {
    "list of databases": "SELECT database_name FROM duckdb_databases()",
    "list of tables": "SELECT table_name FROM information_schema.tables",
    "secrets": "SELECT * FROM duckdb_secrets()",
    "settings": "SELECT value FROM duckdb_settings()",
    "logs": "SELECT * FROM duckdb_logs",
    "prepared statements": "SELECT * FROM duckdb_prepared_statements()",
    "current query": "SELECT current_query()",
    "a log entry": "SELECT write_log('hello', level := 'info')",
    "checkpoint of a reader": "SELECT * FROM checkpoint()",
    "description": "DESCRIBE orders",
    "show": "SHOW TABLES",
    "summary": "SUMMARIZE orders",
    "dynamic pivot": "PIVOT (SELECT order_id % 3 AS k, 1 AS n FROM orders) ON k USING sum(n)",
    "values": "VALUES (1), (2)",
    "markup in a name": 'SELECT 1 AS "<img src=x onerror=alert(1)>"',
    "turned writing": '\ufeffSELECT 1 AS "\u202emuck"',
    "slow regular expression": "SELECT regexp_matches(repeat('a', 1000000), '(a+)+b')",
    "many wildcards": "SELECT repeat('a', 100000) LIKE repeat('%a', 200) || '%b'",
}

BOMBS = _stopped(
    {
        "cross join": "SELECT count(*) FROM range(9999999) a, range(9999999) b WHERE a.range % b.range = 3",
        "long range": "SELECT count(*) FROM range(10000000000000) WHERE range % 3 = 1",
        "long range in a query": "SELECT * FROM query('SELECT count(*) FROM range(9999999999999) "
        "WHERE range % 3 = 1')",
        "endless recursion": "WITH RECURSIVE t(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM t) "
        "SELECT max(x) FROM t",
        "fanning recursion": "WITH RECURSIVE t(x) AS (SELECT 1 UNION ALL SELECT x + r.range "
        "FROM t, range(10) r) SELECT count(*) FROM t",
        "doubling text": "WITH RECURSIVE t(s) AS (SELECT 'aaaaaaaa' UNION ALL SELECT s || s FROM t) "
        "SELECT max(length(s)) FROM t",
        "doubling list": "WITH RECURSIVE t(s) AS (SELECT [1, 2, 3] UNION ALL SELECT s || s FROM t) "
        "SELECT max(len(s)) FROM t",
        "inequality join": "SELECT count(*) FROM range(300000) a JOIN range(300000) b "
        "ON a.range < b.range AND hash(a.range) > hash(b.range)",
        "hash join": "SELECT count(*) FROM range(300000000) a JOIN range(300000000) b "
        "ON hash(a.range) % 1000003 = hash(b.range) % 1000003",
        "forty tables": "SELECT count(*) FROM " + ", ".join(f"orders o{number}" for number in range(40)),
        "distinct": "SELECT count(DISTINCT hash(range)) FROM range(1000000000)",
        "groups": "SELECT hash(range), count(*) FROM range(1000000000) GROUP BY 1",
        "sorting": "SELECT * FROM range(1000000000) ORDER BY hash(range)",
        "sorting with a limit": "SELECT * FROM range(100000000000) ORDER BY hash(range) LIMIT 5",
        "window": "SELECT sum(x) OVER (ORDER BY hash(x)) FROM range(300000000) t(x)",
        "cube": "SELECT count(*) FROM range(100000) t(x) GROUP BY CUBE("
        + ", ".join(f"x + {number}" for number in range(12))
        + ")",
        "collected list": "SELECT len(list(range)) FROM range(1000000000)",
        "collected text": "SELECT length(string_agg(repeat('x', 1000), ',')) FROM range(100000000)",
        "histogram": "SELECT histogram(hash(range)) FROM range(100000000)",
        "quantile": "SELECT quantile_disc(hash(range), 0.5) FROM range(1000000000)",
        "long list": "SELECT len(range(2000000000))",
        "list of lists": "SELECT len(flatten(list_transform(range(100000), lambda x: range(100000))))",
        "unnested list": "SELECT count(*) FROM (SELECT unnest(range(1000000000)))",
        "reduced list": "SELECT len(list_reduce(range(1000000)::VARCHAR[], lambda a, b: a || b))",
        "map": "SELECT map(range(30000000), range(30000000))[5]",
        "repeated text": "SELECT length(repeat('a', 4000000000))",
        "repeated text in rows": "SELECT sum(length(repeat('a' || range, 1000000))) FROM range(1000000)",
        "padded text": "SELECT length(lpad('a', 2000000000, 'b'))",
        "wide format": "SELECT length(format('{:>2000000000}', 'a'))",
        "wide printf": "SELECT length(printf('%2000000000d', 1))",
        "long date format": "SELECT length(strftime(DATE '2020-01-01', repeat('%A %B ', 10000000)))",
        "replaced text": "SELECT length(replace(repeat('a', 100000), 'a', repeat('b', 100000)))",
        "split text": "SELECT len(string_split(repeat('a,', 100000000), ','))",
        "levenshtein": "SELECT levenshtein(repeat('a', 500000), repeat('b', 500000))",
        "damerau levenshtein": "SELECT damerau_levenshtein(repeat('a', 60000), repeat('b', 60000))",
        "regular expression": "SELECT sum(length(regexp_replace(repeat('ab', 5000000 + range), '(a)(b)', "
        "'\\2\\1', 'g'))) FROM range(40)",
        "regular expression in rows": "SELECT count(*) FROM range(1000000000) "
        "WHERE regexp_matches(repeat('a', 1000) || range, '(a?){50}a{50}$')",
        "normal form": "SELECT length(nfc_normalize(repeat('e\u0301', 50000000)))",
        "reversed text": "SELECT length(reverse(repeat('e\u0301', 50000000)))",
        "every second": "SELECT len(generate_series(TIMESTAMP '2000-01-01', TIMESTAMP '2100-01-01', "
        "INTERVAL 1 SECOND))",
        "every microsecond": "SELECT count(*) FROM generate_series(TIMESTAMP '0001-01-01', "
        "TIMESTAMP '9999-01-01', INTERVAL 1 MICROSECOND)",
        "sleep": "SELECT sleep_ms(60000)",
        "sleep as in PostgreSQL": "SELECT pg_sleep(60)",
        "sleep in rows": "SELECT sum(coalesce(sleep_ms(10)::VARCHAR::INT, 1)) FROM range(100000)",
        "a billion laughs": "WITH c0 AS NOT MATERIALIZED (SELECT 1 AS x), "
        + ", ".join(
            f"c{n} AS NOT MATERIALIZED (SELECT a.x FROM c{n - 1} a, c{n - 1} b)" for n in range(1, 25)
        )
        + " SELECT count(*) FROM c24",
        "deep negations": "SELECT " + "NOT " * 4_900 + "true",
        "deep functions": "SELECT " + "abs(" * 3_900 + "1" + ")" * 3_900,
        "deep cases": "SELECT " + "CASE WHEN true THEN " * 800 + "1" + " END" * 800,
        "deep casts": "SELECT 1" + "::INT" * 3_900,
        "many names": "SELECT a" + ".a" * 9_000,
        "deep type": "SELECT NULL::" + "STRUCT(a " * 1_500 + "INT" + ")" * 1_500,
        "wide pivot": "PIVOT (SELECT range AS a, hash(range) % 200000 AS b FROM range(400000)) "
        "ON b USING count(*)",
        "many columns": "SELECT " + ", ".join(["1"] * 500),
        "many keys": "SELECT json_keys('{' || string_agg('\"' || range || '\":1', ',') || '}') "
        "FROM range(5000000)",
        "deep JSON": "SELECT json_extract(repeat('[', 1000000) || repeat(']', 1000000), '$[0]')",
        "crash by nesting": "SELECT (repeat('[', 50000) || repeat(']', 50000))::JSON::VARIANT",
        "a huge value": "SELECT repeat('x', 50000000)",
        "many huge values": "SELECT repeat('x', 90000) FROM range(100000)",
        "a huge row": "SELECT repeat('x', 200000000) FROM range(3)",
    }
)
