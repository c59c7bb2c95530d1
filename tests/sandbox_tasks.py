"""Tasks that the worker of tests/test_sandbox_tasks.py is asked for: good ones, and every kind of bad one."""

from __future__ import annotations

import datetime as dt
import os
from subprocess import getoutput
from typing import Any

import duckdb

import casekit

__all__ = ["getoutput"]  # imported to be refused: what a module imports is not its own

IMPORTED_BY = os.getpid()
ENDLESS = "SELECT count(*) FROM range(100000000000) WHERE range % 3 = 1"


def give_back(_con: duckdb.DuckDBPyConnection, arguments: Any) -> Any:
    return arguments


def query(con: duckdb.DuckDBPyConnection, sql: str) -> Any:
    return con.execute(sql).fetchall()


def count_databases(con: duckdb.DuckDBPyConnection, tables: list[list[int]]) -> list[int]:
    """The sum of each small table, made and dropped one after the other."""
    sums = []
    for values in tables:
        con.execute("CREATE OR REPLACE TABLE t AS SELECT unnest(?::INTEGER[]) AS n", [values])
        sums.append(con.execute("SELECT sum(n)::INTEGER FROM t").fetchall()[0][0])
    return sums


def survive_endless(con: duckdb.DuckDBPyConnection, _arguments: Any) -> list[Any]:
    try:
        return [con.execute(ENDLESS).fetchall()]
    except duckdb.InterruptException as error:
        return [type(error).__name__, con.execute("SELECT 42").fetchall()[0][0]]


def loop_for_ever(_con: duckdb.DuckDBPyConnection, _arguments: Any) -> None:
    while True:
        pass


def raise_named(_con: duckdb.DuckDBPyConnection, name: str) -> None:
    raise {
        "IndexError": IndexError,
        "AttributeError": AttributeError,
        "KeyError": KeyError,
        "OSError": OSError,
        "RecursionError": RecursionError,
        "RuntimeError": RuntimeError,
        "StopIteration": StopIteration,
        "ValueError": ValueError,
        "ZeroDivisionError": ZeroDivisionError,
    }[name]("no such thing" * 1_000)


def end_process(_con: duckdb.DuckDBPyConnection, code: int) -> None:
    os._exit(code)


def leave(_con: duckdb.DuckDBPyConnection, _arguments: Any) -> None:
    raise SystemExit(0)


def give_letters(_con: duckdb.DuckDBPyConnection, count: int) -> str:
    return "x" * count


def give_date(_con: duckdb.DuckDBPyConnection, _arguments: Any) -> dt.date:
    return dt.date(2025, 3, 3)


def give_set(_con: duckdb.DuckDBPyConnection, _arguments: Any) -> set[int]:
    return {1}


def give_circle(_con: duckdb.DuckDBPyConnection, _arguments: Any) -> list[Any]:
    circle: list[Any] = []
    circle.append(circle)
    return circle


def give_tuple_keys(_con: duckdb.DuckDBPyConnection, _arguments: Any) -> dict[Any, int]:
    return {(1, 2): 3}


def tell_processes(_con: duckdb.DuckDBPyConnection, _arguments: Any) -> list[int]:
    """Which process imported this module, which one runs this, and whose child it is."""
    return [IMPORTED_BY, os.getpid(), os.getppid()]


def tell_casekit(_con: duckdb.DuckDBPyConnection, _arguments: Any) -> str:
    return str(casekit.__file__)


def _hidden(_con: duckdb.DuckDBPyConnection, _arguments: Any) -> None:
    """What starts with an underscore is no task."""
