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
ONE_SIDED = "A FULL JOIN keeps the rows without a match of both sides; yours keeps those of one side only."
KEPT = "Rows without a match are in your result. An inner join keeps only what is on both sides."
TURNED = (
    "A condition in WHERE on the joined table removed the rows without a match. "
    "Put it into the ON of the join."
)
STAYED = (
    "A condition that should remove rows stands in the ON of an outer join, where it removes none. "
    "Put it into WHERE."
)
LOOSE = (
    "The join matches too much: a part of its condition is missing, so one row became several. "
    "Check the grain of both tables, then join on the whole key."
)
ALL_JOINED = (
    "Rows are joined that should not be: the join lacks a condition on one of its tables. "
    "Read the ask's inclusions once more."
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
    if kind == "SEMI":
        yield Change("join kind", "fanout", FANNED, _with(tree, place, kind=None, side=None))
    elif kind in {"ANTI", "CROSS"}:
        return
    elif side:
        yield Change("join kind", "outer_to_inner", LOST, _with(tree, place, side=None, kind=None))
        if side == "FULL":
            for other in ("LEFT", "RIGHT"):
                made = _with(tree, place, side=other, kind=None)
                yield Change("join kind", "outer_to_inner", ONE_SIDED, made)
    elif join.args.get("on") or join.args.get("using"):
        yield Change("join kind", "inner_to_outer", KEPT, _with(tree, place, side="LEFT", kind=None))


def _conditions(tree: exp.Expr, place: int, join: exp.Expr) -> Iterator[Change]:
    parts = conjuncts(join.args.get("on"))
    for dropped, part in enumerate(parts):
        rest = joined(parts[:dropped] + parts[dropped + 1 :]) or exp.true()
        tag, words = ("wrong_population", ALL_JOINED) if _is_one_sided(part) else ("fanout", LOOSE)
        yield Change("join condition dropped", tag, words, _with(tree, place, on=rest))
    columns = join.args.get("using") or []
    for dropped in range(len(columns)):
        kept = [one.copy() for nth, one in enumerate(columns) if nth != dropped]
        values = {"using": kept} if kept else {"using": None, "on": exp.true()}
        yield Change("join condition dropped", "fanout", LOOSE, _with(tree, place, **values))


def _moved(tree: exp.Expr, place: int, join: exp.Expr) -> Iterator[Change]:
    """A filter of an outer join moved from ON to WHERE, or from WHERE to ON."""
    if not join.args.get("side") or not isinstance(join.parent, exp.Select):
        return
    parts = conjuncts(join.args.get("on"))
    for nth, part in enumerate(parts):
        if len(parts) > 1 and _is_one_sided(part):
            made = _to_where(tree, place, nth)
            yield Change("filter moved from ON to WHERE", "outer_to_inner", TURNED, made)
    where = join.parent.args.get("where")
    own = join.this.alias_or_name
    for nth, part in enumerate(conjuncts(where.this if where else None)):
        if _tables(part) == {own}:
            made = _to_on(tree, place, nth)
            yield Change("filter moved from WHERE to ON", "wrong_population", STAYED, made)


def _tables(part: exp.Expr) -> set[str]:
    return {column.table for column in part.find_all(exp.Column)}


def _is_one_sided(part: exp.Expr) -> bool:
    """Whether a condition speaks of one table only, so that it is a filter and joins nothing."""
    return len(_tables(part)) == 1 and "" not in _tables(part)


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
        if not isinstance(select, exp.Select):
            return None
        parts = conjuncts(select.args["where"].this)
        moved = parts.pop(nth)
        rest = joined(parts)
        if join.args.get("on") is not None:
            join.set("on", joined([*conjuncts(join.args.get("on")), moved]))
        elif not _filter_source(join, moved):
            return None
        select.set("where", exp.Where(this=rest) if rest else None)
        return join

    return edited(tree, (exp.Join,), place, edit)


def _filter_source(join: exp.Expr, condition: exp.Expr) -> bool:
    """Give a join with USING, which has no ON, a filtered table instead; False when it joins no table."""
    table = join.this
    if not isinstance(table, exp.Table):
        return False
    source = exp.select("*").from_(table.copy()).where(condition.copy())
    join.set(
        "this", exp.Subquery(this=source, alias=exp.TableAlias(this=exp.to_identifier(table.alias_or_name)))
    )
    return True


def _with(tree: exp.Expr, place: int, **values: object) -> exp.Expr | None:
    def edit(join: exp.Expr) -> exp.Expr:
        for name, value in values.items():
            join.set(name, value)
        return join

    return edited(tree, (exp.Join,), place, edit)
