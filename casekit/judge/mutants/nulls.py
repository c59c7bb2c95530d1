"""Missing values, and rows put together from two queries."""

from __future__ import annotations

from collections.abc import Iterator

from sqlglot import exp

from casekit.judge.mutants.mutant import Change, each, edited

__all__ = ["null_changes"]

NULLS = (
    "A missing value stays missing: without coalesce() it is NULL, and a comparison with it hides the row."
)
ZEROS = "A missing value was taken as 0. A mean leaves missing values out; a 0 pulls it down."
DIVIDED = "A zero in the denominator gives infinity, not a missing value. nullif(x, 0) makes it NULL."
IS_NULL = "A test for a missing value is turned round: you kept the rows without one, or only those with one."
DOUBLES = "UNION ALL keeps rows that both parts have; UNION keeps one of each."

MEANS = (exp.Avg, exp.Median)


def null_changes(tree: exp.Expr) -> Iterator[Change]:
    """The query with one treatment of missing values, or one UNION, changed."""
    for place, _ in each(tree, exp.Coalesce):
        made = edited(tree, (exp.Coalesce,), place, lambda node: node.this.copy())
        yield Change("coalesce left out", "null_handling", NULLS, made)
    for place, _ in each(tree, *MEANS):
        made = edited(tree, MEANS, place, _filled)
        yield Change("missing value taken as 0", "null_handling", ZEROS, made)
    for place, _ in each(tree, exp.Nullif):
        made = edited(tree, (exp.Nullif,), place, lambda node: node.this.copy())
        yield Change("nullif left out", "zero_division", DIVIDED, made)
    for place, node in each(tree, exp.Is):
        if isinstance(node.expression, exp.Null):
            made = edited(tree, (exp.Is,), place, _turned)
            yield Change("test for NULL turned round", "null_handling", IS_NULL, made)
    for place, _ in each(tree, exp.Union):
        made = edited(tree, (exp.Union,), place, _other_union)
        yield Change("UNION and UNION ALL confused", "fanout", DOUBLES, made)


def _filled(node: exp.Expr) -> exp.Expr | None:
    if not isinstance(node.this, exp.Column | exp.Binary | exp.Case):
        return None
    node.set("this", exp.Coalesce(this=node.this.copy(), expressions=[exp.Literal.number(0)]))
    return node


def _turned(node: exp.Expr) -> exp.Expr:
    if not isinstance(node.parent, exp.Not):
        return exp.not_(node.copy())
    node.parent.replace(node)  # IS NOT NULL is a NOT around IS NULL
    return node


def _other_union(node: exp.Expr) -> exp.Expr:
    node.set("distinct", not node.args.get("distinct"))
    return node
