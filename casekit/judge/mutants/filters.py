"""Filters: dropped, off by one, joined by the wrong word, on the wrong side of a grouping."""

from __future__ import annotations

from collections.abc import Iterator

from sqlglot import exp

from casekit.judge.mutants.mutant import Change, conjuncts, each, edited, joined

__all__ = ["filter_changes"]

DROPPED = "A condition is missing: rows are counted that do not belong. Read the ask's inclusions once more."
GROUPS = "A condition on the groups is missing. HAVING decides which groups stay."
PARTLY = "A count or sum takes in more than it should: its own FILTER or CASE condition is missing."
CHOSEN = "More rows are kept than asked for: the condition on the ranked rows (QUALIFY) is missing."
BOUNDARY = "A comparison is off by one at its boundary: the value on the boundary belongs to the other side."
LOGIC = (
    "Conditions are joined by AND where it should be OR, or the other way round. "
    "Put brackets around each thought."
)
TOO_FEW = "A value is missing from a list of values: something that belongs is left out."
TURNED = "A condition is turned round: you kept what should go, or dropped what should stay."

SWAPS: dict[type[exp.Expr], type[exp.Expr]] = {
    exp.GT: exp.GTE,
    exp.GTE: exp.GT,
    exp.LT: exp.LTE,
    exp.LTE: exp.LT,
}
CLAUSES: tuple[tuple[type[exp.Expr], str, str], ...] = (
    (exp.Where, "filter dropped", DROPPED),
    (exp.Having, "filter on groups dropped", GROUPS),
    (exp.Qualify, "filter on ranked rows dropped", CHOSEN),
)


def filter_changes(tree: exp.Expr) -> Iterator[Change]:
    """The query with one condition changed."""
    for clause, kind, say in CLAUSES:
        for place, node in each(tree, clause):
            inside = isinstance(node.parent, exp.Filter)
            words, name = (PARTLY, "filter of a count dropped") if inside else (say, kind)
            for nth in range(len(conjuncts(node.this))):
                yield Change(name, "missing_filter", words, _without(tree, clause, place, nth))
    yield from _comparisons(tree)
    yield from _logic(tree)


def _without(tree: exp.Expr, clause: type[exp.Expr], place: int, nth: int) -> exp.Expr | None:
    def edit(node: exp.Expr) -> exp.Expr | None:
        parts = conjuncts(node.this)
        parts.pop(nth)
        rest = joined(parts)
        if rest is not None:
            node.set("this", rest)
            return node
        if isinstance(node.parent, exp.Filter):
            node.parent.replace(node.parent.this.copy())
            return node
        if node.parent is None or node.arg_key is None:
            return None
        node.parent.set(node.arg_key, None)
        return node

    return edited(tree, (clause,), place, edit)


def _comparisons(tree: exp.Expr) -> Iterator[Change]:
    for place, _ in each(tree, *SWAPS):
        made = edited(tree, tuple(SWAPS), place, lambda node: SWAPS[type(node)](**_args(node)))
        yield Change("comparison off by one boundary", "boundary", BOUNDARY, made)
    for place, _ in each(tree, exp.Between):
        yield Change(
            "between taken half open", "boundary", BOUNDARY, edited(tree, (exp.Between,), place, _half_open)
        )
    for place, node in each(tree, exp.EQ):
        if not _is_join_pair(node):
            made = edited(tree, (exp.EQ,), place, lambda one: exp.NEQ(**_args(one)))
            yield Change("condition turned round", "missing_filter", TURNED, made)
    for place, _ in each(tree, exp.NEQ):
        made = edited(tree, (exp.NEQ,), place, lambda one: exp.EQ(**_args(one)))
        yield Change("condition turned round", "missing_filter", TURNED, made)


def _logic(tree: exp.Expr) -> Iterator[Change]:
    for place, _ in each(tree, exp.And):
        if not _is_on(_nth(tree, exp.And, place)):
            made = edited(tree, (exp.And,), place, lambda one: exp.paren(exp.Or(**_args(one))))
            yield Change("AND and OR confused", "boolean_logic", LOGIC, made)
    for place, _ in each(tree, exp.Or):
        made = edited(tree, (exp.Or,), place, lambda one: exp.And(**_args(one)))
        yield Change("AND and OR confused", "boolean_logic", LOGIC, made)
    for place, node in each(tree, exp.In):
        listed = node.args.get("expressions") or []
        for nth in range(len(listed) if len(listed) > 1 else 0):
            yield Change("value missing from a list", "missing_filter", TOO_FEW, _shorter(tree, place, nth))


def _shorter(tree: exp.Expr, place: int, nth: int) -> exp.Expr | None:
    def edit(node: exp.Expr) -> exp.Expr:
        node.set("expressions", [one for at, one in enumerate(node.expressions) if at != nth])
        return node

    return edited(tree, (exp.In,), place, edit)


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


def _nth(tree: exp.Expr, kind: type[exp.Expr], place: int) -> exp.Expr:
    return next(node for nth, node in each(tree, kind) if nth == place)
