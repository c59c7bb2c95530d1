"""The first few rows: how many, and what becomes of those that tie with the last of them."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from sqlglot import exp

from casekit.judge.mutants.mutant import Change, conjuncts, each, edited, joined

__all__ = ["limit_changes"]

OFF = "One row more or less is kept than asked for."
ALL = "Every row is kept where only the first were asked for."
KEPT = "Rows that tie with the last one are kept as well, so there are more than asked for."
CUT = "LIMIT cut through equals: rows that tie with the last one are gone. A rank keeps them together."

RANKS = (exp.Rank, exp.DenseRank)


def limit_changes(tree: exp.Expr) -> Iterator[Change]:
    """The query with one LIMIT, or one condition on a rank, changed."""
    for place, node in each(tree, exp.Limit):
        for step in (1, -1):
            made = edited(tree, (exp.Limit,), place, partial(_moved, step=step))
            yield Change("LIMIT off by one", "tie_cut", OFF, made)
        yield Change("LIMIT left out", "wrong_population", ALL, edited(tree, (exp.Limit,), place, _left_out))
        yield Change("ties kept at a LIMIT", "tie_cut", KEPT, _ranked(tree, node))
    for place, node in each(tree, exp.Qualify):
        if isinstance(node.parent, exp.Select):
            made = edited(tree, (exp.Qualify,), place, _limited)
            yield Change("LIMIT cuts through equals", "tie_cut", CUT, made)


def _count(limit: exp.Expr) -> int | None:
    count = limit.expression
    return int(count.this) if isinstance(count, exp.Literal) and count.is_int else None


def _moved(limit: exp.Expr, step: int) -> exp.Expr | None:
    count = _count(limit)
    if count is None or count + step < 1:
        return None
    limit.set("expression", exp.Literal.number(count + step))
    return limit


def _left_out(limit: exp.Expr) -> exp.Expr:
    if limit.parent is not None:
        limit.parent.set("limit", None)
    return limit


def _ranked(tree: exp.Expr, limit: exp.Expr) -> exp.Expr | None:
    """LIMIT 3 as a condition on rank(), where the order is by more than a column's place."""
    place = next((nth for nth, node in each(tree, exp.Select) if node is limit.parent), None)
    return None if place is None else edited(tree, (exp.Select,), place, _with_rank)


def _with_rank(select: exp.Expr) -> exp.Expr | None:
    order, count = select.args.get("order"), _count(select.args["limit"])
    taken = ("qualify", "distinct", "offset")
    if order is None or count is None or any(select.args.get(name) for name in taken):
        return None
    if any(isinstance(one.this, exp.Literal) for one in order.expressions):
        return None
    rank = exp.Window(this=exp.Rank(), order=order.copy())
    select.set("limit", None)
    select.set("qualify", exp.Qualify(this=exp.LTE(this=rank, expression=exp.Literal.number(count))))
    return select


def _limited(qualify: exp.Expr) -> exp.Expr | None:
    """A condition on a rank over all rows as ORDER BY and LIMIT."""
    select, parts = qualify.parent, conjuncts(qualify.this)
    if select is None or select.args.get("limit"):
        return None
    for nth, part in enumerate(parts):
        window, count = _rank_condition(part)
        if window is not None:
            rest = joined(parts[:nth] + parts[nth + 1 :])
            select.set("order", window.args["order"].copy())
            select.set("limit", exp.Limit(expression=exp.Literal.number(count)))
            select.set("qualify", exp.Qualify(this=rest) if rest else None)
            return qualify
    return None


def _rank_condition(part: exp.Expr) -> tuple[exp.Expr | None, int]:
    """The window of ``rank() OVER (ORDER BY ...) <= 3``, and how many it keeps."""
    window, bound = part.this, part.args.get("expression")
    if not isinstance(bound, exp.Literal) or not bound.is_int:
        return None, 0
    if not isinstance(window, exp.Window) or not isinstance(window.this, RANKS):
        return None, 0
    if window.args.get("partition_by") or not window.args.get("order"):
        return None, 0
    count = int(bound.this) - isinstance(part, exp.LT)
    fits = isinstance(part, exp.LTE | exp.LT) or (isinstance(part, exp.EQ) and count == 1)
    return (window, count) if fits and count > 0 else (None, 0)
