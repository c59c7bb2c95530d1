"""Values: NULLs, dates, text, and rows put together from two queries."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from functools import partial

from sqlglot import exp

from casekit.judge.mutants.mutant import Change, each, edited

__all__ = ["value_changes"]

NULLS = (
    "A missing value stays missing: without coalesce() it is NULL, and a comparison with it hides the row."
)
DIVIDED = "A zero in the denominator gives infinity, not a missing value. nullif(x, 0) makes it NULL."
IS_NULL = "A test for NULL is turned round."
DOUBLES = "UNION ALL keeps rows that both parts have; UNION keeps one of each."
GRAIN = "Dates are cut to another length: a day, a week and a month are different rows."
UNCUT = "A moment is compared or grouped as it is, where its day was asked for."
SHIFTED = "A date or span is off by one day, week or month."
TEXT = "Numbers or versions stored as text sort letter by letter: '10' comes before '9'."

UNITS = {"DAY": "WEEK", "WEEK": "MONTH", "MONTH": "WEEK", "HOUR": "DAY", "QUARTER": "MONTH", "YEAR": "MONTH"}


def value_changes(tree: exp.Expr) -> Iterator[Change]:
    """The query with one treatment of a value changed."""
    yield from _nulls(tree)
    yield from _sets(tree)
    yield from _dates(tree)
    for place, node in each(tree, exp.Cast, exp.TryCast):
        made = edited(tree, (exp.Cast, exp.TryCast), place, lambda one: one.this.copy())
        is_day = node.args["to"].this in {exp.DataType.Type.DATE, exp.DataType.Type.TIMESTAMP}
        yield Change(
            "cast left out", "wrong_clock" if is_day else "text_order", UNCUT if is_day else TEXT, made
        )


def _nulls(tree: exp.Expr) -> Iterator[Change]:
    for place, _ in each(tree, exp.Coalesce):
        made = edited(tree, (exp.Coalesce,), place, lambda node: node.this.copy())
        yield Change("coalesce left out", "null_handling", NULLS, made)
    for place, _ in each(tree, exp.Nullif):
        made = edited(tree, (exp.Nullif,), place, lambda node: node.this.copy())
        yield Change("nullif left out", "zero_division", DIVIDED, made)
    for place, node in each(tree, exp.Is):
        if isinstance(node.expression, exp.Null):
            made = edited(tree, (exp.Is,), place, _not_null)
            yield Change("test for NULL turned round", "null_handling", IS_NULL, made)


def _not_null(node: exp.Expr) -> exp.Expr | None:
    if isinstance(node.parent, exp.Not):
        return None
    return exp.not_(node.copy())


def _sets(tree: exp.Expr) -> Iterator[Change]:
    for place, node in each(tree, exp.Union):
        once = bool(node.args.get("distinct"))

        def edit(one: exp.Expr, once: bool = once) -> exp.Expr:
            one.set("distinct", not once)
            return one

        yield Change(
            "UNION and UNION ALL confused", "fanout", DOUBLES, edited(tree, (exp.Union,), place, edit)
        )


def _dates(tree: exp.Expr) -> Iterator[Change]:
    for place, node in each(tree, exp.DateTrunc, exp.TimestampTrunc):
        unit = str(node.args.get("unit") or "").strip("'").upper()
        other = UNITS.get(unit)
        if other:
            made = edited(tree, (exp.DateTrunc, exp.TimestampTrunc), place, partial(_cut_to, unit=other))
            yield Change("date cut to another length", "grain", GRAIN, made)
    for place, node in each(tree, exp.Interval):
        if isinstance(node.this, exp.Literal) and node.this.this.isdigit():
            for step in (1, -1):
                made = edited(tree, (exp.Interval,), place, partial(_longer, step=step))
                yield Change("span off by one", "boundary", SHIFTED, made)
    for place, node in each(tree, exp.Literal):
        if node.is_string and _as_date(node.this):
            for step in (1, -1):
                made = edited(tree, (exp.Literal,), place, partial(_moved, step=step))
                yield Change("date off by one", "boundary", SHIFTED, made)


def _cut_to(node: exp.Expr, unit: str) -> exp.Expr:
    node.set("unit", exp.Literal.string(unit))
    return node


def _longer(node: exp.Expr, step: int) -> exp.Expr | None:
    count = int(node.this.this) + step
    if count < 0:
        return None
    node.set("this", exp.Literal.string(str(count)))
    return node


def _moved(node: exp.Expr, step: int) -> exp.Expr | None:
    found = _as_date(node.this)
    if found is None:
        return None
    rest = node.this[10:]
    return exp.Literal.string((found + timedelta(days=step)).isoformat() + rest)


def _as_date(text: str) -> date | None:
    try:
        return date.fromisoformat(text[:10])
    except ValueError:
        return None
