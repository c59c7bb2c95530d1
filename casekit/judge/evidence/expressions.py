"""An expression of a query as a Python function of the values of the columns in it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from casekit.judge.evidence import operations

__all__ = ["Expression", "Leaf", "Maker", "Read", "Values", "applied", "comparison", "constant", "two"]

# A column of one occurrence of a table: the occurrence's number and the column's place.
Leaf = tuple[int, int]
Values = Mapping[Leaf, Any]
Function = Callable[[Values], Any]
UNCOUNTABLE = (operations.UnreadError, TypeError, ValueError, ArithmeticError, AttributeError)


@dataclass(frozen=True)
class Expression:
    """
    What an expression is worth.

    Attributes:
        value: From the values of its columns to its own; None is NULL.
        leaves: The columns it reads.
        gap: Of a comparison, by how much its left side is above its right one.
    """

    value: Function
    leaves: frozenset[Leaf]
    gap: Function | None = None

    def holds(self, values: Values) -> bool | None:
        """True, false or NULL; NULL too where it cannot be evaluated on *values*."""
        try:
            worth = self.value(values)
        except UNCOUNTABLE:
            return None
        return None if worth is None else bool(worth)

    def gap_at(self, values: Values) -> float | None:
        """The gap on *values*; None where there is none."""
        try:
            found: float | None = self.gap(values) if self.gap is not None else None
        except UNCOUNTABLE:
            return None
        return found


Read = Callable[[Any], Expression]  # from a sqlglot node to what it is worth
Maker = Callable[[Any, Read], Expression]  # the same for one kind of node, given how to read those inside


def comparison(sign: str, one: Expression, other: Expression) -> Expression:
    """*one* held against *other* by *sign*."""
    test = operations.compared(sign)
    left, right = one.value, other.value
    return Expression(
        lambda row: test(left(row), right(row)),
        one.leaves | other.leaves,
        lambda row: operations.distance(left(row), right(row)),
    )


def applied(function: Callable[..., Any], *parts: Expression) -> Expression:
    """*function* of what *parts* are worth."""
    leaves = frozenset[Leaf]().union(*(part.leaves for part in parts))
    values = [part.value for part in parts]
    match values:
        case [one]:
            return Expression(lambda row: function(one(row)), leaves)
        case [one, other]:
            return Expression(lambda row: function(one(row), other(row)), leaves)
        case _:
            return Expression(lambda row: function(*(value(row) for value in values)), leaves)


def constant(value: Any) -> Expression:
    """An expression that is always worth *value*."""
    return Expression(lambda _: value, frozenset())


def two(function: Callable[[Any, Any], Any], node: Any, read: Read) -> Expression:
    """*function* of both sides of *node*."""
    return applied(function, read(node.this), read(node.expression))
