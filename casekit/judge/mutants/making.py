"""Every mutant of a query: each family's changes, as SQL, without repeats."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import sqlglot
from sqlglot import exp
from sqlglot.errors import SqlglotError

from casekit.judge.mutants.casts import cast_changes
from casekit.judge.mutants.comparisons import comparison_changes
from casekit.judge.mutants.counting import counting_changes
from casekit.judge.mutants.dates import date_changes
from casekit.judge.mutants.existence import existence_changes
from casekit.judge.mutants.filters import filter_changes
from casekit.judge.mutants.groups import group_changes
from casekit.judge.mutants.joins import join_changes
from casekit.judge.mutants.limits import limit_changes
from casekit.judge.mutants.mutant import Change, Mutant
from casekit.judge.mutants.nulls import null_changes
from casekit.judge.mutants.statistics import statistic_changes
from casekit.judge.mutants.windows import window_changes

__all__ = ["mutants_of", "text_changed"]

DIALECT = "duckdb"
DECIDED_BY_ORDER = ("limit", "offset", "distinct")
FAMILIES: tuple[Callable[[exp.Expr], Iterator[Change]], ...] = (
    join_changes,
    existence_changes,
    counting_changes,
    statistic_changes,
    filter_changes,
    comparison_changes,
    group_changes,
    window_changes,
    limit_changes,
    null_changes,
    date_changes,
    cast_changes,
)


def mutants_of(sql: str, *, ordered: bool = True) -> tuple[Mutant, ...]:
    """
    The queries that differ from *sql* by one typical mistake; none when it cannot be parsed.

    Some do not run, and some give the same result as *sql* whatever the data: whoever uses them finds out.

    Args:
        sql: The query.
        ordered: False when the order of the rows is not asked for: then an ORDER BY that decides nothing
            but that order is left as it is.
    """
    tree = _read(sql, ordered=ordered)
    if tree is None:
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


def text_changed(sql: str, *, ordered: bool = True) -> str:
    """The text that the mutants of *sql* are changes of: the same query in sqlglot's hand."""
    tree = _read(sql, ordered=ordered)
    return sql if tree is None else _text(tree)


def _read(sql: str, *, ordered: bool) -> exp.Expr | None:
    try:
        tree = sqlglot.parse_one(sql, dialect=DIALECT)
    except SqlglotError:
        return None
    if not ordered and not any(tree.args.get(name) for name in DECIDED_BY_ORDER):
        tree.set("order", None)
    return tree


def _text(tree: exp.Expr) -> str:
    try:
        return tree.sql(dialect=DIALECT)
    except (SqlglotError, ValueError, AttributeError):
        return ""
