"""Every mutant of a query: each family's changes, as SQL, without repeats."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import sqlglot
from sqlglot import exp
from sqlglot.errors import SqlglotError

from casekit.judge.mutants.counting import counting_changes
from casekit.judge.mutants.filters import filter_changes
from casekit.judge.mutants.joins import join_changes
from casekit.judge.mutants.mutant import Change, Mutant
from casekit.judge.mutants.values import value_changes
from casekit.judge.mutants.windows import window_changes

__all__ = ["mutants_of"]

DIALECT = "duckdb"
FAMILIES: tuple[Callable[[exp.Expr], Iterator[Change]], ...] = (
    join_changes,
    counting_changes,
    filter_changes,
    window_changes,
    value_changes,
)


def mutants_of(sql: str) -> tuple[Mutant, ...]:
    """
    The queries that differ from *sql* by one typical mistake; none when it cannot be parsed.

    Some do not run, and some give the same result as *sql* whatever the data: whoever uses them finds out.
    """
    try:
        tree = sqlglot.parse_one(sql, dialect=DIALECT)
    except SqlglotError:
        return ()
    seen = {_text(tree)}
    found = []
    for family in FAMILIES:
        for change in family(tree):
            text = _text(change.tree) if change.tree is not None else ""
            if text and text not in seen:
                seen.add(text)
                found.append(Mutant(change.kind, change.tag, change.say, text))
    return tuple(found)


def _text(tree: exp.Expr) -> str:
    try:
        return tree.sql(dialect=DIALECT)
    except (SqlglotError, ValueError, AttributeError):
        return ""
