"""WHERE and HAVING: a condition on rows put on whole groups, and one on groups put on rows."""

from __future__ import annotations

from collections.abc import Iterator

from sqlglot import exp

from casekit.judge.mutants.mutant import Change, conjuncts, each, edited, joined

__all__ = ["group_changes"]

WHOLE_GROUPS = (
    "Groups are kept in which some row fits, and all their rows are counted. "
    "WHERE drops rows before they are grouped, HAVING drops groups afterwards."
)
SINGLE_ROWS = (
    "Each row is held against a limit that was meant for its group. "
    "WHERE sees single rows; a condition on a sum, a mean or a count belongs into HAVING."
)
BOUNDS = (exp.GT, exp.GTE, exp.LT, exp.LTE, exp.EQ, exp.NEQ, exp.Between)


def group_changes(tree: exp.Expr) -> Iterator[Change]:
    """The query with one condition moved between WHERE and HAVING."""
    for place, node in each(tree, exp.Select):
        where, having = node.args.get("where"), node.args.get("having")
        if where is not None and node.args.get("group"):
            for nth in range(len(conjuncts(where.this))):
                yield Change(
                    "filter on rows put on groups",
                    "wrong_population",
                    WHOLE_GROUPS,
                    _to_having(tree, place, nth),
                )
        if having is not None:
            for nth, part in enumerate(conjuncts(having.this)):
                if _call(part) is not None:
                    yield Change(
                        "filter on groups put on rows",
                        "wrong_population",
                        SINGLE_ROWS,
                        _to_where(tree, place, nth),
                    )


def _call(part: exp.Expr) -> exp.Expr | None:
    """The aggregate of one column that a condition on groups compares; None for any other condition."""
    call = part.this if isinstance(part, BOUNDS) else None
    if not isinstance(call, exp.Sum | exp.Avg | exp.Min | exp.Max | exp.Median):
        return None
    return call if isinstance(call.this, exp.Column) else None


def _to_having(tree: exp.Expr, place: int, nth: int) -> exp.Expr | None:
    def edit(select: exp.Expr) -> exp.Expr:
        parts = conjuncts(select.args["where"].this)
        some = exp.func("bool_or", parts.pop(nth).copy(), dialect="duckdb")
        rest = joined(parts)
        select.set("where", exp.Where(this=rest) if rest else None)
        having = select.args.get("having")
        kept = [one.copy() for one in conjuncts(having.this if having else None)]
        select.set("having", exp.Having(this=joined([*kept, some])))
        return select

    return edited(tree, (exp.Select,), place, edit)


def _to_where(tree: exp.Expr, place: int, nth: int) -> exp.Expr | None:
    def edit(select: exp.Expr) -> exp.Expr | None:
        parts = conjuncts(select.args["having"].this)
        moved = parts.pop(nth).copy()
        call = _call(moved)
        if call is None:
            return None
        call.replace(call.this.copy())
        rest = joined(parts)
        select.set("having", exp.Having(this=rest) if rest else None)
        where = select.args.get("where")
        kept = conjuncts(where.this if where else None)
        select.set("where", exp.Where(this=joined([*kept, moved])))
        return select

    return edited(tree, (exp.Select,), place, edit)
