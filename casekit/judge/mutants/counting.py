"""Counts and DISTINCT: what is counted, and how often."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial

from sqlglot import exp

from casekit.judge.mutants.mutant import Change, aggregated, each, edited

__all__ = ["counting_changes"]

TWICE = (
    "Something is counted more than once: one of it has several rows. "
    "Count DISTINCT, or reduce the rows first."
)
ONCE = "Each is counted once where every row of it counts. Say what one row of the count is."
ROWS = "count(*) counts rows, also those in which the value is missing; count(column) counts values."
VALUES = "count(column) leaves out the rows in which it is NULL; count(*) counts every row."
EITHER = (
    "count() counts whatever is not NULL, and false is a value like true. "
    "count_if(), or count() with FILTER, counts what fits."
)
PLASTER = "SELECT DISTINCT removed rows that belong: two rows may be alike and still be two."
REPEATED = "The result repeats rows. Say what one row is, and keep one of each."
EQUAL_VALUES = (
    "Equal values are taken once, though two different things may have the same value. "
    "Remove repeated rows by their key, not by their value."
)

Inner = Callable[[exp.Expr], exp.Expr | None]


def counting_changes(tree: exp.Expr) -> Iterator[Change]:
    """The query with one count or one DISTINCT changed."""
    yield from _counts(tree)
    yield from _conditions(tree)
    yield from _distinct(tree)
    yield from _sums(tree)


def _counts(tree: exp.Expr) -> Iterator[Change]:
    for place, node in each(tree, exp.Count):
        inner = node.this
        if isinstance(inner, exp.Distinct):
            yield Change("DISTINCT left out of a count", "fanout", TWICE, _count_of(tree, place, _plain))
        elif isinstance(inner, exp.Star) or inner is None:
            yield from _stars(tree, place, node)
        else:
            star = _count_of(tree, place, lambda _: exp.Star())
            yield Change("count(*) for count(column)", "null_handling", ROWS, star)
            once = _count_of(tree, place, lambda one: _once(one.this))
            yield Change("DISTINCT put into a count", "wrong_unit_of_analysis", ONCE, once)


def _stars(tree: exp.Expr, place: int, node: exp.Expr) -> Iterator[Change]:
    for column in _candidates(node):
        made = _count_of(tree, place, partial(_in_place, inner=column))
        yield Change("count(column) for count(*)", "null_handling", VALUES, made)
        if column.name.casefold().endswith("id"):
            once = _count_of(tree, place, partial(_in_place, inner=_once(column)))
            yield Change("DISTINCT put into a count", "wrong_unit_of_analysis", ONCE, once)


def _candidates(node: exp.Expr) -> list[exp.Column]:
    """A column of each outer-joined table the count runs over; without one, of two tables at most."""
    select = node.find_ancestor(exp.Select)
    found: dict[str, exp.Column] = {}
    for column in select.find_all(exp.Column) if select else ():
        found.setdefault(column.table, column)
    outer = _outer_tables(select) if select else set()
    listed = [column for name, column in found.items() if name in outer]
    return listed or list(found.values())[:2]


def _outer_tables(select: exp.Expr) -> set[str]:
    """The tables whose columns are NULL where a join of *select* finds no match."""
    named: set[str] = set()
    from_ = select.args.get("from_")
    for join in select.args.get("joins") or []:
        side = str(join.args.get("side") or "").upper()
        named |= {join.this.alias_or_name} if side in {"LEFT", "FULL"} else set()
        named |= {from_.this.alias_or_name} if side in {"RIGHT", "FULL"} and from_ else set()
    return named


def _in_place(_count: exp.Expr, inner: exp.Expr) -> exp.Expr:
    return inner.copy()


def _plain(count: exp.Expr) -> exp.Expr | None:
    inner = count.this.expressions
    return inner[0].copy() if len(inner) == 1 else None


def _once(value: exp.Expr) -> exp.Expr:
    return exp.Distinct(expressions=[value.copy()])


def _count_of(tree: exp.Expr, place: int, inner: Inner) -> exp.Expr | None:
    return edited(tree, (exp.Count,), place, lambda node: _holding(node, inner(node)))


def _holding(node: exp.Expr, inner: exp.Expr | None) -> exp.Expr | None:
    if inner is None:
        return None
    node.set("this", inner)
    return node


def _conditions(tree: exp.Expr) -> Iterator[Change]:
    """Counts of what fits that count everything: a false, or the 0 of an ELSE, is a value too."""
    for place, _ in each(tree, exp.CountIf):
        made = edited(tree, (exp.CountIf,), place, lambda node: exp.Count(this=node.this.copy()))
        yield Change("count() for count_if()", "wrong_numerator", EITHER, made)
    for place, node in each(tree, exp.Count):
        if isinstance(node.this, exp.Case) and node.this.args.get("default") is None:
            made = edited(tree, (exp.Count,), place, _with_else)
            yield Change("count() for count_if()", "wrong_numerator", EITHER, made)


def _with_else(node: exp.Expr) -> exp.Expr:
    node.this.set("default", exp.Literal.number(0))
    return node


def _distinct(tree: exp.Expr) -> Iterator[Change]:
    for place, node in each(tree, exp.Select):
        if node.args.get("distinct"):
            yield Change("DISTINCT left out", "fanout", REPEATED, _select_with(tree, place, None))
        elif not aggregated(node) and not _is_only_asked_for(node):
            made = _select_with(tree, place, exp.Distinct())
            yield Change("DISTINCT put in", "dup_key", PLASTER, made)


def _is_only_asked_for(node: exp.Expr) -> bool:
    """Whether a SELECT stands in IN or EXISTS, or takes part in a UNION that removes repeats anyway."""
    parent = node.parent.parent if isinstance(node.parent, exp.Subquery) else node.parent
    is_merged = isinstance(parent, exp.SetOperation) and bool(parent.args.get("distinct"))
    return is_merged or isinstance(parent, exp.In | exp.Exists)


def _select_with(tree: exp.Expr, place: int, distinct: exp.Expr | None) -> exp.Expr | None:
    def edit(node: exp.Expr) -> exp.Expr:
        node.set("distinct", distinct)
        return node

    return edited(tree, (exp.Select,), place, edit)


def _sums(tree: exp.Expr) -> Iterator[Change]:
    for place, node in each(tree, exp.Sum, exp.Avg):
        if isinstance(node.this, exp.Column) and not isinstance(node.parent, exp.Window):
            made = edited(tree, (exp.Sum, exp.Avg), place, lambda one: _holding(one, _once(one.this)))
            yield Change("DISTINCT put into a sum", "dup_key", EQUAL_VALUES, made)
