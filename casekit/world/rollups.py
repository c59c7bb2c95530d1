"""Tables that are computed from the others once all their rows are there."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import duckdb
import numpy as np

from casekit.errors import AuthorError, Problem
from casekit.world.columns import declaring, reading, sql_name, sql_type
from casekit.world.declare import Columns, TableSpec, World
from casekit.world.digests import TableDigest, TableHash
from casekit.world.loading import WORLD_FILE

__all__ = ["digest_relation", "fill_rollups", "rollup_select", "run_authors"]

ROWS_AT_ONCE = 500_000
AUTHORS = (duckdb.ProgrammingError, duckdb.DataError, duckdb.NotSupportedError)


def fill_rollups(
    con: duckdb.DuckDBPyConnection,
    world: World,
    slug: str = "",
    on_table: Callable[[str], None] = lambda _: None,
) -> None:
    """
    Computes every rollup into a table of its own, in declared order: a later one may read an earlier one.

    Raises:
        AuthorError: A rollup's SQL fails or gives other columns than declared.
    """
    for table in world.tables:
        if table.rollup:
            on_table(table.name)
            select = rollup_select(con, table, slug)
            con.execute(f"CREATE OR REPLACE TABLE {sql_name(table.name)} ({declaring(table)})")
            run_authors(con, f"INSERT INTO {sql_name(table.name)} {select}", table, slug)


def rollup_select(con: duckdb.DuckDBPyConnection, table: TableSpec, slug: str) -> str:
    """
    A SELECT of the rollup's rows, in its order, with the declared columns and types.

    Raises:
        AuthorError: The SQL does not run on the tables, or gives other columns than declared.
    """
    given = run_authors(con, f"DESCRIBE {table.rollup}", table, slug)
    problems = list(_misfits(table, {name for name, *_ in given}))
    if problems:
        raise AuthorError(slug, problems)
    columns = ", ".join(
        f"{sql_name(column.name)}::{sql_type(table, column)} AS {sql_name(column.name)}"
        for column in table.columns
    )
    return f"SELECT {columns} FROM ({table.rollup})"


def run_authors(con: duckdb.DuckDBPyConnection, sql: str, table: TableSpec, slug: str) -> list[Any]:
    """
    The rows of *sql*, which holds the author's own; its faults are the author's, a full disk is not.

    Raises:
        AuthorError: The SQL cannot run, or a value does not fit its column.
    """
    try:
        return con.execute(sql).fetchall()
    except AUTHORS as error:
        said = str(error).split("\n", maxsplit=1)[0]
        raise AuthorError(slug, [Problem(WORLD_FILE, table.name, "rollup", f"fails: {said}")]) from error


def digest_relation(con: duckdb.DuckDBPyConnection, table: TableSpec, relation: str, row: str) -> TableDigest:
    """
    The digest of stored rows, a slice at a time.

    Args:
        con: A connection that sees *relation*.
        table: What the rows are.
        relation: The stored table, as it stands after FROM.
        row: The expression that numbers its rows from 0 in their order.
    """
    found = TableHash(table)
    for columns in _slices(con, table, relation, row):
        found.add(columns)
    return found.finish()


def _slices(con: duckdb.DuckDBPyConnection, table: TableSpec, relation: str, row: str) -> Iterator[Columns]:
    read = ", ".join(f"{reading(column)} AS {sql_name(column.name)}" for column in table.columns)
    first = 0
    while True:
        last = first + ROWS_AT_ONCE
        con.execute(f"SELECT {read} FROM {relation} WHERE {row} >= {first} AND {row} < {last} ORDER BY {row}")
        columns = {name: _plain(values) for name, values in con.fetchnumpy().items()}
        yield columns
        if len(columns[table.columns[0].name]) < ROWS_AT_ONCE:
            return
        first = last


def _plain(values: Any) -> Any:
    """NULL text as None: DuckDB masks it."""
    return values.filled(None) if isinstance(values, np.ma.MaskedArray) else values


def _misfits(table: TableSpec, given: set[str]) -> Iterator[Problem]:
    declared = {column.name for column in table.columns}
    for name in sorted(declared ^ given):
        said = "is declared but the rollup does not give it" if name in declared else "is not declared"
        yield Problem(WORLD_FILE, table.name, name, f"{said}; make the table and its rollup agree")
