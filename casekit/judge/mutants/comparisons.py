"""Comparisons and the words between them: off by one boundary, turned round, AND for OR."""

from __future__ import annotations

from collections.abc import Iterator

from sqlglot import exp

from casekit.judge.mutants.mutant import Change, each, edited

__all__ = ["comparison_changes"]

BOUNDARY = "A comparison is off at its boundary: the value on the boundary belongs to the other side."
LOGIC = (
    "Conditions are joined by AND where it should be OR, or the other way round. "
    "Put brackets around each thought."
)
TURNED = "A condition is turned round: you kept what should go, or dropped what should stay."
HIDDEN = (
    "A comparison with a missing value is neither true nor false, so its row is gone. "
    "IS DISTINCT FROM tells a missing value from any other."
)

SWAPS: dict[type[exp.Expr], type[exp.Expr]] = {
    exp.GT: exp.GTE,
    exp.GTE: exp.GT,
    exp.LT: exp.LTE,
    exp.LTE: exp.LT,
}
OPPOSITES: dict[type[exp.Expr], type[exp.Expr]] = {
    exp.EQ: exp.NEQ,
    exp.NEQ: exp.EQ,
    exp.NullSafeEQ: exp.NullSafeNEQ,
    exp.NullSafeNEQ: exp.NullSafeEQ,
}
PLAIN: dict[type[exp.Expr], type[exp.Expr]] = {exp.NullSafeEQ: exp.EQ, exp.NullSafeNEQ: exp.NEQ}


def comparison_changes(tree: exp.Expr) -> Iterator[Change]:
    """The query with one comparison, or one word between two, changed."""
    for place, _ in each(tree, *SWAPS):
        made = edited(tree, tuple(SWAPS), place, lambda node: SWAPS[type(node)](**_args(node)))
        yield Change("comparison off by one boundary", "boundary", BOUNDARY, made)
    for place, _ in each(tree, exp.Between):
        made = edited(tree, (exp.Between,), place, _half_open)
        yield Change("between taken half open", "boundary", BOUNDARY, made)
    for place, node in each(tree, *OPPOSITES):
        if not _is_join_pair(node):
            made = edited(tree, tuple(OPPOSITES), place, lambda one: OPPOSITES[type(one)](**_args(one)))
            yield Change("condition turned round", "wrong_population", TURNED, made)
    for place, _ in each(tree, *PLAIN):
        made = edited(tree, tuple(PLAIN), place, lambda one: PLAIN[type(one)](**_args(one)))
        yield Change("missing values compared", "null_handling", HIDDEN, made)
    yield from _logic(tree)


def _logic(tree: exp.Expr) -> Iterator[Change]:
    for place, node in each(tree, exp.And):
        if not _is_on(node):
            made = edited(tree, (exp.And,), place, lambda one: exp.paren(exp.Or(**_args(one))))
            yield Change("AND and OR confused", "boolean_logic", LOGIC, made)
    for place, _ in each(tree, exp.Or):
        made = edited(tree, (exp.Or,), place, lambda one: exp.and_(*_args(one).values()))
        yield Change("AND and OR confused", "boolean_logic", LOGIC, made)


def _half_open(node: exp.Expr) -> exp.Expr:
    low = exp.GTE(this=node.this.copy(), expression=node.args["low"].copy())
    high = exp.LT(this=node.this.copy(), expression=node.args["high"].copy())
    return exp.paren(exp.And(this=low, expression=high))


def _args(node: exp.Expr) -> dict[str, exp.Expr]:
    return {"this": node.this.copy(), "expression": node.expression.copy()}


def _is_join_pair(node: exp.Expr) -> bool:
    """Whether an equation joins two tables: turning it round would not be a typical mistake."""
    return isinstance(node.this, exp.Column) and isinstance(node.expression, exp.Column)


def _is_on(node: exp.Expr | None) -> bool:
    while node is not None and not isinstance(node, exp.Join | exp.Where | exp.Select):
        node = node.parent
    return isinstance(node, exp.Join)
