"""Windows and order: partitions, frames, ranks and directions."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from sqlglot import exp

from casekit.judge.mutants.mutant import Change, each, edited

__all__ = ["window_changes"]

MIXED = "The window runs over everybody: PARTITION BY is missing, so one's row is compared with another's."
MERGED = "The window runs over too many: PARTITION BY lacks a column, so groups are mixed that are apart."
FRAME = "The window's frame is off: it takes in one row more or less than asked, or the wrong ones."
WHOLE = "The window takes in every row: without ORDER BY nothing runs up, and each row gets the same total."
RANGE = "ROWS counts rows, RANGE counts values: where days are missing or repeat, they differ."
BACKWARDS = "The order is turned round: the first is where the last should be."
TIES = "Ties are treated otherwise: row_number() breaks them, rank() leaves gaps, dense_rank() does not."
OTHER_SIDE = "lag() looks back, lead() looks ahead."
OTHER_END = "The first row of the window is taken where the last was asked for, or the other way round."

RANKS: dict[type[exp.Expr], tuple[type[exp.Expr], ...]] = {
    exp.RowNumber: (exp.Rank,),
    exp.Rank: (exp.DenseRank, exp.RowNumber),
    exp.DenseRank: (exp.Rank, exp.RowNumber),
}
SIDES: dict[type[exp.Expr], type[exp.Expr]] = {exp.Lag: exp.Lead, exp.Lead: exp.Lag}
ENDS: dict[type[exp.Expr], type[exp.Expr]] = {
    exp.FirstValue: exp.LastValue,
    exp.LastValue: exp.FirstValue,
}


def window_changes(tree: exp.Expr) -> Iterator[Change]:
    """The query with one window or one order changed."""
    for place, node in each(tree, exp.Window):
        yield from _partitions(tree, place, node)
        if node.args.get("spec"):
            made = _changed(tree, exp.Window, place, spec=None)
            yield Change("window frame missing", "wrong_window", FRAME, made)
        elif node.args.get("order") and isinstance(node.this, exp.AggFunc):
            yield from _running(tree, place)
    for place, node in each(tree, exp.WindowSpec):
        yield from _frames(tree, place, node)
    for place, _ in each(tree, exp.Ordered):
        made = edited(tree, (exp.Ordered,), place, _turned)
        yield Change("order turned round", "order_direction", BACKWARDS, made)
    yield from _functions(tree)


def _partitions(tree: exp.Expr, place: int, node: exp.Expr) -> Iterator[Change]:
    columns = node.args.get("partition_by") or []
    if columns:
        made = _changed(tree, exp.Window, place, partition_by=None)
        yield Change("PARTITION BY missing", "missing_partition", MIXED, made)
    for nth in range(len(columns) if len(columns) > 1 else 0):
        kept = [one.copy() for at, one in enumerate(columns) if at != nth]
        made = _changed(tree, exp.Window, place, partition_by=kept)
        yield Change("PARTITION BY missing", "missing_partition", MERGED, made)


def _running(tree: exp.Expr, place: int) -> Iterator[Change]:
    """A running total that does not run, and one that runs row by row where equals go together."""
    yield Change(
        "ORDER BY of a window missing", "wrong_window", WHOLE, _changed(tree, exp.Window, place, order=None)
    )
    rows = exp.WindowSpec(kind="ROWS", start="UNBOUNDED", start_side="PRECEDING", end="CURRENT ROW")
    yield Change(
        "ROWS and RANGE confused", "wrong_window", RANGE, _changed(tree, exp.Window, place, spec=rows)
    )


def _functions(tree: exp.Expr) -> Iterator[Change]:
    for place, node in each(tree, *RANKS):
        for other in RANKS[type(node)]:
            made = edited(tree, tuple(RANKS), place, partial(_as, other=other))
            yield Change("ties ranked otherwise", "tie_cut", TIES, made)
    for kind, words, swaps in (
        ("lag and lead confused", OTHER_SIDE, SIDES),
        ("first and last confused", OTHER_END, ENDS),
    ):
        for place, node in each(tree, *swaps):
            made = edited(tree, tuple(swaps), place, partial(_as, other=swaps[type(node)]))
            yield Change(kind, "wrong_window", words, made)


def _frames(tree: exp.Expr, place: int, node: exp.Expr) -> Iterator[Change]:
    kind = str(node.args.get("kind") or "").upper()
    if kind == "ROWS":
        made = _changed(tree, exp.WindowSpec, place, kind="RANGE")
        yield Change("ROWS and RANGE confused", "wrong_window", RANGE, made)
    elif kind == "RANGE":
        made = edited(tree, (exp.WindowSpec,), place, _by_rows)
        yield Change("ROWS and RANGE confused", "wrong_window", RANGE, made)
    for side in ("start", "end"):
        bound = node.args.get(side)
        if isinstance(bound, exp.Literal) and not bound.is_string:
            for step in (1, -1):
                moved = exp.Literal.number(max(int(float(bound.this)) + step, 0))
                made = _changed(tree, exp.WindowSpec, place, **{side: moved})
                yield Change("window frame off by one", "wrong_window", FRAME, made)
        elif bound == "CURRENT ROW" and side == "end":
            made = _changed(tree, exp.WindowSpec, place, end=exp.Literal.number(1), end_side="FOLLOWING")
            yield Change("window frame off by one", "wrong_window", FRAME, made)


def _by_rows(node: exp.Expr) -> exp.Expr:
    """A frame of so many days as one of so many rows."""
    node.set("kind", "ROWS")
    for side in ("start", "end"):
        bound = node.args.get(side)
        if isinstance(bound, exp.Interval) and isinstance(bound.this, exp.Literal):
            node.set(side, exp.Literal.number(bound.this.this))
    return node


def _as(node: exp.Expr, other: type[exp.Expr]) -> exp.Expr:
    return other(**{name: value for name, value in node.args.items() if value})


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
