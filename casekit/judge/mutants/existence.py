"""Whether there is a match at all: EXISTS, IN, SEMI JOIN and ANTI JOIN, turned round or spoiled by a NULL."""

from __future__ import annotations

from collections.abc import Iterator

from sqlglot import exp

from casekit.judge.mutants.mutant import Change, conjuncts, each, edited, joined

__all__ = ["existence_changes"]

TURNED = (
    "Those with a match and those without are mixed up: EXISTS, IN and SEMI JOIN keep the first, "
    "NOT EXISTS, NOT IN and ANTI JOIN the second."
)
NULL_AMONG = (
    "NOT IN keeps nothing once the list holds a NULL, because NULL might be any value. "
    "Leave the NULLs out of the list, or ask with NOT EXISTS."
)
SWAPPED = {"SEMI": "ANTI", "ANTI": "SEMI"}


def existence_changes(tree: exp.Expr) -> Iterator[Change]:
    """The query with one test for a match changed."""
    for place, _ in each(tree, exp.Exists):
        yield _turn(edited(tree, (exp.Exists,), place, _turned))
    for place, node in each(tree, exp.In):
        if node.args.get("query"):
            yield _turn(edited(tree, (exp.In,), place, _turned))
    for place, node in each(tree, exp.Join):
        kind = str(node.args.get("kind") or "").upper()
        if kind in SWAPPED:
            yield _turn(edited(tree, (exp.Join,), place, _other_kind))
        if kind == "ANTI":
            yield _not_in(edited(tree, (exp.Join,), place, _join_to_not_in))
    for place, node in each(tree, exp.Not):
        if isinstance(node.this, exp.Exists):
            yield _not_in(edited(tree, (exp.Not,), place, _exists_to_not_in))


def _turn(made: exp.Expr | None) -> Change:
    return Change("test for a match turned round", "wrong_population", TURNED, made)


def _not_in(made: exp.Expr | None) -> Change:
    return Change("NOT IN for NOT EXISTS", "null_handling", NULL_AMONG, made)


def _turned(node: exp.Expr) -> exp.Expr:
    if not isinstance(node.parent, exp.Not):
        return exp.not_(node.copy())
    node.parent.replace(node)
    return node


def _other_kind(join: exp.Expr) -> exp.Expr:
    join.set("kind", SWAPPED[str(join.args["kind"]).upper()])
    return join


def _join_to_not_in(join: exp.Expr) -> exp.Expr | None:
    select = join.parent
    pair = _join_pair(join)
    if pair is None or not isinstance(select, exp.Select):
        return None
    kept = [other for other in select.args["joins"] if other is not join]
    source = exp.Select(expressions=[pair[1]]).from_(join.this.copy())
    select.set("joins", kept)
    select.where(_outside(pair[0], source), copy=False)
    return join


def _join_pair(join: exp.Expr) -> tuple[exp.Expr, exp.Expr] | None:
    """The one column of the kept side and the one of the other that a join matches; None for several."""
    using = join.args.get("using") or []
    if len(using) == 1:
        return exp.column(using[0].copy()), exp.column(using[0].copy())
    return _pair(join.args.get("on"), {join.this.alias_or_name})


def _pair(condition: exp.Expr | None, inner: set[str]) -> tuple[exp.Expr, exp.Expr] | None:
    if not isinstance(condition, exp.EQ):
        return None
    sides = (condition.this, condition.expression)
    if not all(isinstance(side, exp.Column) for side in sides):
        return None
    own = [side for side in sides if side.table in inner]
    others = [side for side in sides if side.table and side.table not in inner]
    return (others[0].copy(), own[0].copy()) if len(own) == len(others) == 1 else None


def _exists_to_not_in(node: exp.Expr) -> exp.Expr | None:
    source = node.this.this
    if not isinstance(source, exp.Select) or source.args.get("where") is None:
        return None
    from_ = source.args.get("from_")
    tables = [from_.this, *(join.this for join in source.args.get("joins") or [])] if from_ else []
    inner = {table.alias_or_name for table in tables}
    parts = conjuncts(source.args["where"].this)
    for nth, part in enumerate(parts):
        pair = _pair(part, inner)
        if pair is not None:
            rest = joined(parts[:nth] + parts[nth + 1 :])
            made = source.copy()
            made.set("expressions", [pair[1]])
            made.set("where", exp.Where(this=rest) if rest else None)
            return _outside(pair[0], made)
    return None


def _outside(column: exp.Expr, source: exp.Expr) -> exp.Expr:
    return exp.not_(exp.In(this=column, query=exp.Subquery(this=source)))
