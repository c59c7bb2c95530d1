"""Joins: their kind, their condition, and a filter on the wrong side of them."""

from __future__ import annotations

from collections.abc import Iterator

from sqlglot import exp

from casekit.judge.mutants.mutant import Change, conjuncts, each, edited, joined

__all__ = ["join_changes"]

LOST = (
    "Rows without a match are gone: the join keeps only what is on both sides. "
    "Decide which table owns the rows, and join the other to it with LEFT JOIN."
)
KEPT = "Rows without a match are in your result. An inner join keeps only what is on both sides."
TURNED = (
    "A condition in WHERE on the joined table removed the rows without a match. "
    "Put it into the ON of the join."
)
STAYED = "A condition that should remove rows stands in the ON of an outer join, where it removes none."
LOOSE = (
    "The join matches too much: a part of its condition is missing, so one row became several. "
    "Check the grain of both tables, then join on the whole key."
)
FANNED = (
    "One row became several when you joined; check the grain before counting. "
    "Ask for existence (SEMI JOIN, EXISTS), or reduce the other table to one row a key first."
)


def join_changes(tree: exp.Expr) -> Iterator[Change]:
    """The query with one join changed."""
    for place, join in each(tree, exp.Join):
        yield from _kinds(tree, place, join)
        yield from _conditions(tree, place, join)
        yield from _moved(tree, place, join)


def _kinds(tree: exp.Expr, place: int, join: exp.Expr) -> Iterator[Change]:
    side, kind = str(join.args.get("side") or "").upper(), str(join.args.get("kind") or "").upper()
    if side in {"LEFT", "RIGHT", "FULL"} and kind not in {"SEMI", "ANTI"}:
        yield Change("join kind", "outer_to_inner", LOST, _with(tree, place, side=None))
    elif kind in {"SEMI", "ANTI"}:
        if kind == "SEMI":
            yield Change("join kind", "fanout", FANNED, _with(tree, place, kind=None, side=None))
    elif kind != "CROSS" and (join.args.get("on") or join.args.get("using")):
        yield Change("join kind", "inner_to_outer", KEPT, _with(tree, place, side="LEFT"))


def _conditions(tree: exp.Expr, place: int, join: exp.Expr) -> Iterator[Change]:
    parts = conjuncts(join.args.get("on"))
    for dropped in range(len(parts)):
        rest = joined(parts[:dropped] + parts[dropped + 1 :]) or exp.true()
        yield Change("join condition dropped", "fanout", LOOSE, _with(tree, place, on=rest))
    columns = join.args.get("using") or []
    for dropped in range(len(columns)):
        kept = [one.copy() for nth, one in enumerate(columns) if nth != dropped]
        values = {"using": kept} if kept else {"using": None, "on": exp.true()}
        yield Change("join condition dropped", "fanout", LOOSE, _with(tree, place, **values))


def _moved(tree: exp.Expr, place: int, join: exp.Expr) -> Iterator[Change]:
    """A filter of an outer join moved from ON to WHERE."""
    if not join.args.get("side") or not isinstance(join.parent, exp.Select):
        return
    parts = conjuncts(join.args.get("on"))
    for nth, part in enumerate(parts):
        if len(parts) > 1 and len({column.table for column in part.find_all(exp.Column)}) == 1:
            yield Change(
                "filter moved from ON to WHERE", "outer_to_inner", TURNED, _to_where(tree, place, nth)
            )
    where = join.parent.args.get("where")
    own = join.this.alias_or_name
    for nth, part in enumerate(conjuncts(where.this if where else None)):
        if {column.table for column in part.find_all(exp.Column)} == {own}:
            yield Change("filter moved from WHERE to ON", "outer_to_inner", STAYED, _to_on(tree, place, nth))


def _to_where(tree: exp.Expr, place: int, nth: int) -> exp.Expr | None:
    def edit(join: exp.Expr) -> exp.Expr | None:
        parts = conjuncts(join.args.get("on"))
        moved = parts.pop(nth)
        select = join.parent
        join.set("on", joined(parts))
        if isinstance(select, exp.Select):
            select.where(moved.copy(), copy=False)
        return join

    return edited(tree, (exp.Join,), place, edit)


def _to_on(tree: exp.Expr, place: int, nth: int) -> exp.Expr | None:
    def edit(join: exp.Expr) -> exp.Expr | None:
        select = join.parent
        if not isinstance(select, exp.Select) or join.args.get("on") is None:
            return None
        parts = conjuncts(select.args["where"].this)
        moved = parts.pop(nth)
        rest = joined(parts)
        select.set("where", exp.Where(this=rest) if rest else None)
        join.set("on", joined([*conjuncts(join.args.get("on")), moved]))
        return join

    return edited(tree, (exp.Join,), place, edit)


def _with(tree: exp.Expr, place: int, **values: object) -> exp.Expr | None:
    def edit(join: exp.Expr) -> exp.Expr:
        for name, value in values.items():
            join.set(name, value)
        return join

    return edited(tree, (exp.Join,), place, edit)
