"""Windows and order: partitions, frames, ranks, directions and limits."""

from __future__ import annotations

from collections.abc import Iterator

from sqlglot import exp

from casekit.judge.mutants.mutant import Change, each, edited

__all__ = ["window_changes"]

MIXED = "The window runs over everybody: PARTITION BY is missing, so one's row is compared with another's."
FRAME = "The window's frame is off: it takes in one row more or less than asked, or the wrong ones."
RANGE = "ROWS counts rows, RANGE counts values: where days are missing or repeat, they differ."
BACKWARDS = "The order is turned round: the first is where the last should be."
TIES = "Ties are treated otherwise: row_number() breaks them, rank() leaves gaps, dense_rank() does not."
OTHER_SIDE = "lag() looks back, lead() looks ahead."
CUT = "LIMIT keeps one row more or less than asked, or cuts through equals."

RANKS: dict[type[exp.Expr], type[exp.Expr]] = {
    exp.RowNumber: exp.Rank,
    exp.Rank: exp.DenseRank,
    exp.DenseRank: exp.Rank,
}
SIDES: dict[type[exp.Expr], type[exp.Expr]] = {exp.Lag: exp.Lead, exp.Lead: exp.Lag}


def window_changes(tree: exp.Expr) -> Iterator[Change]:
    """The query with one window, order or limit changed."""
    for place, node in each(tree, exp.Window):
        if node.args.get("partition_by"):
            yield Change(
                "PARTITION BY missing",
                "missing_partition",
                MIXED,
                _changed(tree, exp.Window, place, partition_by=None),
            )
        if node.args.get("spec"):
            yield Change(
                "window frame missing", "window_frame", FRAME, _changed(tree, exp.Window, place, spec=None)
            )
    for place, node in each(tree, exp.WindowSpec):
        yield from _frames(tree, place, node)
    for place, _ in each(tree, exp.Ordered):
        yield Change(
            "order turned round", "order_direction", BACKWARDS, edited(tree, (exp.Ordered,), place, _turned)
        )
    for place, _ in each(tree, *RANKS):
        made = edited(tree, tuple(RANKS), place, lambda node: RANKS[type(node)]())
        yield Change("ties ranked otherwise", "tie_cut", TIES, made)
    for place, _ in each(tree, *SIDES):
        made = edited(
            tree,
            tuple(SIDES),
            place,
            lambda node: SIDES[type(node)](**{k: v for k, v in node.args.items() if v}),
        )
        yield Change("lag and lead confused", "window_frame", OTHER_SIDE, made)
    for place, node in each(tree, exp.Limit):
        for step in (1, -1):
            yield Change("LIMIT off by one", "tie_cut", CUT, _limit(tree, place, node, step))


def _frames(tree: exp.Expr, place: int, node: exp.Expr) -> Iterator[Change]:
    kind = str(node.args.get("kind") or "").upper()
    if kind == "ROWS":
        yield Change(
            "RANGE for ROWS", "window_frame", RANGE, _changed(tree, exp.WindowSpec, place, kind="RANGE")
        )
    for side in ("start", "end"):
        bound = node.args.get(side)
        if isinstance(bound, exp.Literal) and not bound.is_string:
            for step in (1, -1):
                moved = exp.Literal.number(max(int(float(bound.this)) + step, 0))
                made = _changed(tree, exp.WindowSpec, place, **{side: moved})
                yield Change("window frame off by one", "window_frame", FRAME, made)
        elif bound == "CURRENT ROW" and side == "end":
            made = _changed(tree, exp.WindowSpec, place, end=exp.Literal.number(1), end_side="FOLLOWING")
            yield Change("window frame off by one", "window_frame", FRAME, made)


def _limit(tree: exp.Expr, place: int, node: exp.Expr, step: int) -> exp.Expr | None:
    count = node.expression
    if not isinstance(count, exp.Literal) or count.is_string or int(count.this) + step < 1:
        return None
    return _changed(tree, exp.Limit, place, expression=exp.Literal.number(int(count.this) + step))


def _looking_back(node: exp.Expr) -> exp.Expr:
    return SIDES[type(node)](**{name: value for name, value in node.args.items() if value})


def _turned(node: exp.Expr) -> exp.Expr:
    node.set("desc", not node.args.get("desc"))
    node.set("nulls_first", None)
    return node


def _changed(tree: exp.Expr, sort: type[exp.Expr], place: int, /, **values: object) -> exp.Expr | None:
    def edit(node: exp.Expr) -> exp.Expr:
        for name, value in values.items():
            node.set(name, value)
        return node

    return edited(tree, (sort,), place, edit)
