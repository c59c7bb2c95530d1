"""Dates: cut to another length, off by one, counted by midnights."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from functools import partial

from sqlglot import exp

from casekit.judge.mutants.mutant import Change, each, edited

__all__ = ["date_changes"]

GRAIN = "Dates are cut to another length: a day, a week and a month are different rows."
SHIFTED = "A date or span is off by one day, week or month."
TURNS = (
    "date_diff() counts the midnights (or the turns of weeks and months) between two moments, "
    "date_sub() the whole days (or weeks, or months) that went by."
)

UNITS = {"DAY": "WEEK", "WEEK": "MONTH", "MONTH": "WEEK", "HOUR": "DAY", "QUARTER": "MONTH", "YEAR": "MONTH"}
CUTS = (exp.DateTrunc, exp.TimestampTrunc)
PARTS: dict[type[exp.Expr], type[exp.Expr]] = {exp.Week: exp.Month, exp.Month: exp.Week}


def date_changes(tree: exp.Expr) -> Iterator[Change]:
    """The query with one date, span or length of time changed."""
    yield from _lengths(tree)
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
    for place, _ in each(tree, exp.DateDiff):
        made = edited(tree, (exp.DateDiff,), place, _whole)
        yield Change("date_diff for date_sub", "boundary", TURNS, made)


def _lengths(tree: exp.Expr) -> Iterator[Change]:
    for place, node in each(tree, *CUTS, exp.Extract):
        is_part = isinstance(node, exp.Extract)
        other = UNITS.get(_unit(node.this if is_part else node.args.get("unit")))
        if other:
            name = "this" if is_part else "unit"
            value = exp.var(other) if is_part else exp.Literal.string(other)
            made = edited(tree, (*CUTS, exp.Extract), place, partial(_cut_to, name=name, value=value))
            yield Change("date cut to another length", "grain", GRAIN, made)
    for place, _ in each(tree, *PARTS):
        made = edited(tree, tuple(PARTS), place, lambda one: PARTS[type(one)](this=one.this.copy()))
        yield Change("date cut to another length", "grain", GRAIN, made)


def _unit(node: object) -> str:
    return str(getattr(node, "this", node) or "").strip("'").upper()


def _cut_to(node: exp.Expr, name: str, value: exp.Expr) -> exp.Expr:
    node.set(name, value.copy())
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


def _whole(node: exp.Expr) -> exp.Expr:
    unit = exp.Literal.string(_unit(node.args.get("unit")).lower())
    return exp.Anonymous(this="date_sub", expressions=[unit, node.expression.copy(), node.this.copy()])
