"""Filters: a condition, an alternative or a value left out."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from sqlglot import exp

from casekit.judge.mutants.mutant import Change, conjuncts, each, edited, joined

__all__ = ["filter_changes"]

DROPPED = "A condition is missing: rows are counted that do not belong. Read the ask's inclusions once more."
GROUPS = "A condition on the groups is missing. HAVING decides which groups stay."
PARTLY = "A count or sum takes in more than it should: a part of its own condition is missing."
CHOSEN = "More rows are kept than asked for: the condition on the ranked rows (QUALIFY) is missing."
TOO_FEW = "A value is missing from a list of values. Read the ask's inclusions and exclusions once more."
ONE_WAY = "One of several ways to belong is missing, so rows are left out that belong."

CLAUSES: tuple[tuple[type[exp.Expr], str, str], ...] = (
    (exp.Where, "filter dropped", DROPPED),
    (exp.Having, "filter on groups dropped", GROUPS),
    (exp.Qualify, "filter on ranked rows dropped", CHOSEN),
)


def filter_changes(tree: exp.Expr) -> Iterator[Change]:
    """The query with a condition, or a part of one, left out."""
    for clause, kind, say in CLAUSES:
        for place, node in each(tree, clause):
            inside = isinstance(node.parent, exp.Filter)
            name, tag, words = (kind, "wrong_population", say)
            if inside:
                name, tag, words = ("filter of a count dropped", "wrong_numerator", PARTLY)
            for nth in range(len(conjuncts(node.this))):
                yield Change(name, tag, words, _without(tree, clause, place, nth))
    yield from _counted(tree)
    yield from _alternatives(tree)
    yield from _lists(tree)


def _without(tree: exp.Expr, clause: type[exp.Expr], place: int, nth: int) -> exp.Expr | None:
    def edit(node: exp.Expr) -> exp.Expr | None:
        rest = _rest(conjuncts(node.this), nth)
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


def _rest(parts: list[exp.Expr], nth: int) -> exp.Expr | None:
    return joined(parts[:nth] + parts[nth + 1 :])


def _counted(tree: exp.Expr) -> Iterator[Change]:
    """The condition of count_if() or CASE inside a count or sum, one part of it left out."""
    for place, node in each(tree, exp.CountIf, exp.If):
        parts = conjuncts(node.this)
        is_counted = isinstance(node, exp.CountIf) or node.find_ancestor(exp.AggFunc, exp.Select)
        if len(parts) < 2 or isinstance(is_counted, exp.Select):
            continue
        for nth in range(len(parts)):
            made = edited(tree, (exp.CountIf, exp.If), place, partial(_shortened, nth=nth))
            yield Change("filter of a count dropped", "wrong_numerator", PARTLY, made)


def _shortened(node: exp.Expr, nth: int) -> exp.Expr:
    node.set("this", _rest(conjuncts(node.this), nth))
    return node


def _alternatives(tree: exp.Expr) -> Iterator[Change]:
    for place, node in each(tree, exp.Or):
        for side in (node.this, node.expression):
            if not isinstance(side, exp.Or):  # of a longer row, each pair is met on its own
                made = edited(tree, (exp.Or,), place, partial(_other_side, side=side))
                yield Change("alternative left out", "wrong_population", ONE_WAY, made)


def _other_side(node: exp.Expr, side: exp.Expr) -> exp.Expr:
    rest: exp.Expr = node.expression if side == node.this else node.this
    return rest.copy()


def _lists(tree: exp.Expr) -> Iterator[Change]:
    for place, node in each(tree, exp.In):
        listed = node.args.get("expressions") or []
        for nth in range(len(listed) if len(listed) > 1 else 0):
            made = edited(tree, (exp.In,), place, partial(_shorter, nth=nth))
            yield Change("value missing from a list", "wrong_population", TOO_FEW, made)


def _shorter(node: exp.Expr, nth: int) -> exp.Expr:
    node.set("expressions", [one for at, one in enumerate(node.expressions) if at != nth])
    return node
