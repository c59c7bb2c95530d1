"""Casts left out: what happens then depends on the type, and on what is done with the value."""

from __future__ import annotations

from collections.abc import Iterator

from sqlglot import exp

from casekit.judge.mutants.mutant import Change, each, edited

__all__ = ["cast_changes"]

UNCUT = "A moment is compared or grouped as it is, where its day was asked for."
TEXT = "Numbers or versions stored as text sort letter by letter: '10' comes before '9'."
FRACTIONS = "Fractions are kept where whole numbers were asked for."
AS_STORED = "A value is taken in the type it is stored in; cast it before you compare, join or add it."

CASTS = (exp.Cast, exp.TryCast)
COMPARED = (
    exp.Ordered,
    exp.GT,
    exp.GTE,
    exp.LT,
    exp.LTE,
    exp.Between,
    exp.Min,
    exp.Max,
    exp.ArgMin,
    exp.ArgMax,
    exp.Greatest,
    exp.Least,
)
CALCULATED = (exp.Add, exp.Sub, exp.Mul, exp.Div, exp.Paren, exp.AggFunc, exp.Neg)


def cast_changes(tree: exp.Expr) -> Iterator[Change]:
    """The query with one cast left out."""
    for place, node in each(tree, *CASTS):
        if not isinstance(node.this, exp.Literal):  # DATE '2025-03-01': nobody forgets that
            tag, words = _mistake(node)
            made = edited(tree, CASTS, place, lambda one: one.this.copy())
            yield Change("cast left out", tag, words, made)


def _mistake(node: exp.Expr) -> tuple[str, str]:
    """The tag and the words for whoever leaves this cast out."""
    kind = node.args["to"].this
    if kind == exp.DataType.Type.DATE:
        return "wrong_clock", UNCUT
    if kind in exp.DataType.INTEGER_TYPES and isinstance(node.this, CALCULATED):
        return "integer_division", FRACTIONS
    if kind in exp.DataType.NUMERIC_TYPES and _is_compared(node):
        return "text_order", TEXT
    return "wrong_type", AS_STORED


def _is_compared(node: exp.Expr) -> bool:
    """Whether the value of a cast decides an order: it is sorted, ranked or held against another."""
    above = node.parent
    while above is not None and not isinstance(above, exp.Select):
        if isinstance(above, COMPARED):
            return True
        above = above.parent
    return False
