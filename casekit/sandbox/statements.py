"""The gate: one statement, of a kind that is allowed here, before anything runs."""

from __future__ import annotations

import re
from typing import Literal

import duckdb

from casekit.sandbox.complaints import failure_from
from casekit.sandbox.outcome import Failure

__all__ = ["MAX_NESTING", "Purpose", "code_only", "one_statement", "text_failure", "without_semicolon"]

Purpose = Literal["explore", "answer"]

# DuckDB refuses deeper expressions anyway, but only after a parse that can take gigabytes.
MAX_NESTING = 250

_ANSWERS = frozenset({"SELECT", "MULTI"})  # PIVOT without IN (...) parses as MULTI
_EXPLORES = _ANSWERS | {"EXPLAIN", "CREATE", "DROP"}
_NOT_CODE = re.compile(r"--[^\n]*|/\*.*?\*/|'(?:[^']|'')*'|\"(?:[^\"]|\"\")*\"", re.DOTALL)
_CREATE = re.compile(
    r"\s*CREATE\s+(?:OR\s+REPLACE\s+)?(?:TEMP(?:ORARY)?\s+)?(?:RECURSIVE\s+)?"
    r"(?:VIEW|TABLE|MACRO|FUNCTION)\b",
    re.IGNORECASE,
)
_DROP = re.compile(r"\s*DROP\s+(?:VIEW|TABLE|MACRO|FUNCTION)\b", re.IGNORECASE)
_EXPLAIN = re.compile(
    r"\s*EXPLAIN\b(?:\s+ANALYZE\b)?(?:\s*\([^)]*\))?\s*\(*\s*(?:SELECT|WITH|FROM)\b", re.IGNORECASE
)


def text_failure(sql: str, max_bytes: int) -> Failure | None:
    """What is wrong with the text itself, found without parsing it; None when it may be parsed."""
    if not sql.strip():
        return Failure("empty", "There is no query here yet.")
    try:
        size = len(sql.encode("utf-8"))
    except UnicodeEncodeError as error:
        place = f"position {error.start + 1}"
        return Failure("syntax", f"The query holds half a Unicode character at {place}. Type it again.")
    if "\0" in sql:
        place = f"position {sql.index(chr(0)) + 1}"
        return Failure("syntax", f"The query holds a NUL character at {place}. Delete it.")
    if size > max_bytes:
        return Failure("too-large", f"The query is {size:,} bytes long; the limit is {max_bytes:,}.")
    if _nesting(sql) > MAX_NESTING:
        return Failure("too-large", f"The query is nested deeper than {MAX_NESTING} brackets.")
    return None


def one_statement(con: duckdb.DuckDBPyConnection, sql: str, purpose: Purpose) -> duckdb.Statement | Failure:
    """The only statement in *sql* when it is allowed for *purpose*, else why it is not."""
    try:
        statements = con.extract_statements(sql)
    except duckdb.Error as error:
        return failure_from(error)
    if not statements:
        return Failure("empty", "There is no query here yet, only comments.")
    if len(statements) > 1:
        return _several(len(statements), purpose)
    return _type_failure(statements[0], sql, purpose) or statements[0]


def code_only(sql: str) -> str:
    """*sql* with every comment, text and quoted name blanked out, at the same length."""
    return _NOT_CODE.sub(lambda found: " " * len(found[0]), sql)


def without_semicolon(sql: str) -> str:
    """One statement's text up to the semicolon that ends it."""
    end = code_only(sql).find(";")
    return sql if end < 0 else sql[:end]


def _several(count: int, purpose: Purpose) -> Failure:
    rule = "An answer is one SELECT" if purpose == "answer" else "One statement at a time"
    return Failure("several", f"{rule}; there are {count:,} statements here. Keep the one you mean.")


def _type_failure(statement: duckdb.Statement, sql: str, purpose: Purpose) -> Failure | None:
    name = statement.type.name
    if purpose == "answer":
        return None if name in _ANSWERS else Failure("not-select", _answer_words(name))
    if name in _EXPLORES and _explore_form_is_allowed(name, code_only(sql)):
        return None
    return Failure("not-select", _explore_words(name))


def _explore_form_is_allowed(name: str, code: str) -> bool:
    form = {"CREATE": _CREATE, "DROP": _DROP, "EXPLAIN": _EXPLAIN}.get(name)
    return form is None or form.match(code) is not None


def _answer_words(name: str) -> str:
    if name == "CREATE":
        return "An answer is one SELECT: put what you CREATE into a WITH in front of it."
    if name == "EXPLAIN":
        return "An answer is one SELECT; EXPLAIN shows a plan, not a result. Take EXPLAIN away."
    return f"An answer is one SELECT (it may begin with WITH); this is {_spoken(name)}."


def _explore_words(name: str) -> str:
    if name in {"INSERT", "UPDATE", "DELETE", "MERGE_INTO", "ALTER"}:
        return (
            f"{_spoken(name)} is not allowed: the case's tables are read-only. "
            "Build your own with CREATE TABLE name AS SELECT ..."
        )
    return (
        f"{_spoken(name)} is not allowed here. You may SELECT, DESCRIBE, SUMMARIZE, SHOW, PIVOT and "
        "EXPLAIN, and CREATE or DROP views and tables of your own."
    )


def _spoken(name: str) -> str:
    names = {
        "LOAD": "INSTALL or LOAD",
        "MERGE_INTO": "MERGE",
        "VARIABLE_SET": "SET",
        "TRANSACTION": "BEGIN or COMMIT",
    }
    return names.get(name, name.replace("_", " "))


def _nesting(sql: str) -> int:
    deepest = depth = 0
    for sign in re.findall(r"[(\[{)\]}]", code_only(sql)):
        depth = depth + 1 if sign in "([{" else max(0, depth - 1)
        deepest = max(deepest, depth)
    return deepest
