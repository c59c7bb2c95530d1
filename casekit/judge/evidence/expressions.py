"""An expression of a query as a Python function of the values of the columns in it."""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from casekit.judge.evidence import operations
from casekit.judge.evidence.functions import STRICT, truncated
from casekit.judge.evidence.operations import UnreadError

__all__ = ["Expression", "Leaf", "Values", "comparison", "expression"]

# A column of one occurrence of a table: the occurrence's number and the column's place.
Leaf = tuple[int, int]
Values = Mapping[Leaf, Any]
Function = Callable[[Values], Any]
Resolve = Callable[[Any], "Expression"]

SIGNS = {"EQ": "=", "NEQ": "<>", "GT": ">", "GTE": ">=", "LT": "<", "LTE": "<="}
ARITHMETIC = {"Add": operator.add, "Sub": operator.sub, "Mul": operator.mul, "Div": operator.truediv,
              "Mod": operator.mod, "IntDiv": operator.floordiv}  # fmt: skip
RESOLVED = ("Column", "Subquery", "Window", "Min", "Max", "Avg", "Sum", "AnyValue", "First", "Filter")


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


def expression(node: Any, resolve: Resolve) -> Expression:
    """
    The expression *node* as a function.

    Args:
        node: A sqlglot expression.
        resolve: From a sqlglot column, subquery, aggregate or window to what it stands for.

    Raises:
        UnreadError: It holds something this reader does not evaluate, such as an aggregate.
    """
    kind = type(node).__name__
    if kind in RESOLVED:
        return resolve(node)
    if kind in ("Paren", "TsOrDsToDate", "Date", "TsOrDsToTimestamp"):
        inner = expression(node.this, resolve)
        return _applied(lambda value: _day(kind, value), inner)
    if kind in _LEAVES:
        return _constant(_LEAVES[kind](node))
    made = _MAKERS.get(kind)
    if made is None:
        made = _named(kind)
    return made(node, resolve)


def comparison(sign: str, one: Expression, other: Expression) -> Expression:
    """*one* held against *other* by *sign*."""
    test = operations.compared(sign)
    left, right = one.value, other.value
    return Expression(
        lambda row: test(left(row), right(row)),
        one.leaves | other.leaves,
        lambda row: operations.distance(left(row), right(row)),
    )


def _day(kind: str, value: Any) -> Any:
    if kind in ("TsOrDsToDate", "Date"):
        return operations.cast_to("DATE", value)
    return value


def _constant(value: Any) -> Expression:
    return Expression(lambda _: value, frozenset())


def _applied(function: Callable[..., Any], *parts: Expression) -> Expression:
    leaves = frozenset[Leaf]().union(*(part.leaves for part in parts))
    values = [part.value for part in parts]
    match values:
        case [one]:
            return Expression(lambda row: function(one(row)), leaves)
        case [one, other]:
            return Expression(lambda row: function(one(row), other(row)), leaves)
        case _:
            return Expression(lambda row: function(*(value(row) for value in values)), leaves)


def _literal(node: Any) -> Any:
    if node.is_string:
        return node.this
    text = str(node.this)
    try:
        return int(text)
    except ValueError:
        with suppress(ValueError):
            return float(text)
        raise UnreadError(text) from None


def _named(kind: str) -> Callable[[Any, Resolve], Expression]:
    if kind in SIGNS:
        return lambda node, resolve: comparison(
            SIGNS[kind], expression(node.this, resolve), expression(node.expression, resolve)
        )
    if kind in ARITHMETIC:
        return lambda node, resolve: _arithmetic(kind, node, resolve)
    if kind in STRICT:
        return lambda node, resolve: _strict(*STRICT[kind], node, resolve)
    raise UnreadError(kind)


def _two(function: Callable[[Any, Any], Any], node: Any, resolve: Resolve) -> Expression:
    return _applied(function, expression(node.this, resolve), expression(node.expression, resolve))


def _strict(
    names: tuple[str, ...], function: Callable[..., Any], node: Any, resolve: Resolve
) -> Expression:
    """*function* of the arguments of *node* called *names*; NULL when one of them is."""
    given = [node.args[name] for name in names if node.args.get(name) is not None]
    parts = [expression(item, resolve) for item in given]
    return _applied(lambda *values: None if None in values else function(*values), *parts)


def _arithmetic(kind: str, node: Any, resolve: Resolve) -> Expression:
    if type(node.expression).__name__ == "Interval":
        sign = 1 if kind == "Add" else -1
        return _shift(node.this, node.expression, sign, resolve)
    return _two(lambda one, other: _sum(kind, one, other), node, resolve)


def _sum(kind: str, one: Any, other: Any) -> Any:
    if one is None or other is None:
        return None
    if isinstance(one, Decimal) or isinstance(other, Decimal):
        one, other = (float(part) if isinstance(part, Decimal) else part for part in (one, other))
    with suppress(TypeError, ZeroDivisionError, OverflowError):
        if isinstance(other, int) and hasattr(one, "year"):
            return operations.shifted(one, other if kind == "Add" else -other, "DAY")
        result = ARITHMETIC[kind](one, other)
        whole = isinstance(result, timedelta) and not isinstance(one, datetime)
        return result.days if whole else result
    return None


def _shift(moment: Any, interval: Any, sign: int, resolve: Resolve) -> Expression:
    unit = str(interval.args.get("unit") or "DAY")
    count = expression(interval.this, resolve)
    return _applied(
        lambda start, number: operations.shifted(start, None if number is None else sign * int(number), unit),
        expression(moment, resolve),
        count,
    )


def _span(node: Any, resolve: Resolve) -> Expression:
    """An interval of whole days, hours or less."""
    unit = str(node.args.get("unit") or "").upper()
    seconds = operations.SECONDS.get(unit, operations.DAYS.get(unit, 0) * 86400)
    if not seconds:
        raise UnreadError(unit)
    return _applied(
        lambda count: None if count is None else timedelta(seconds=seconds * float(count)),
        expression(node.this, resolve),
    )


def _truncated(node: Any, resolve: Resolve) -> Expression:
    unit = str(node.args.get("unit")).upper()
    return _applied(lambda value: truncated(unit, value), expression(node.this, resolve))


def _case(node: Any, resolve: Resolve) -> Expression:
    """CASE: conditions and values in turn, then what else it is."""
    if node.this is not None:
        raise UnreadError("CASE with a value")
    parts = [expression(part, resolve) for item in node.args["ifs"] for part in (item.this, item.args["true"])]
    default = node.args.get("default")
    last = expression(default, resolve) if default is not None else _constant(None)

    def chosen(*values: Any) -> Any:
        pairs = zip(values[:-1:2], values[1::2], strict=False)
        return next((value for met, value in pairs if met), values[-1])

    return _applied(chosen, *parts, last)


def _extreme(choose: Callable[..., Any]) -> Callable[[Any, Resolve], Expression]:
    """GREATEST or LEAST, which leave NULLs out."""

    def made(node: Any, resolve: Resolve) -> Expression:
        parts = [expression(part, resolve) for part in (node.this, *node.expressions)]
        return _applied(lambda *values: choose((v for v in values if v is not None), default=None), *parts)

    return made


def _difference(node: Any, resolve: Resolve) -> Expression:
    unit = str(node.args.get("unit") or "DAY").upper()
    seconds = {"DAY": 86400, **operations.SECONDS}.get(unit)
    if seconds is None:
        raise UnreadError(unit)

    def between(end: Any, start: Any) -> Any:
        if end is None or start is None:
            return None
        kind = "DATE" if unit == "DAY" else "TIMESTAMP"
        end, start = operations.cast_to(kind, end), operations.cast_to(kind, start)
        return None if end is None or start is None else int((end - start).total_seconds()) // seconds

    return _two(between, node, resolve)


def _in(node: Any, resolve: Resolve) -> Expression:
    if node.args.get("query") or not node.expressions:
        raise UnreadError("IN")
    item = expression(node.this, resolve)
    options = [expression(option, resolve) for option in node.expressions]
    equal = operations.compared("=")

    def found(value: Any, *others: Any) -> Any:
        result: Any = False
        for other in others:
            result = operations.either(result, equal(value, other))
        return result

    return _applied(found, item, *options)


def _between(node: Any, resolve: Resolve) -> Expression:
    at_least, at_most = operations.compared(">="), operations.compared("<=")
    parts = [expression(part, resolve) for part in (node.this, node.args["low"], node.args["high"])]
    return _applied(
        lambda value, low, high: operations.both(at_least(value, low), at_most(value, high)), *parts
    )


def _is(node: Any, resolve: Resolve) -> Expression:
    return _two(lambda one, other: one is None if other is None else one == other, node, resolve)


def _cast(node: Any, resolve: Resolve) -> Expression:
    type_ = node.args["to"].this.value if hasattr(node.args["to"].this, "value") else str(node.args["to"])
    operations.cast_to(type_, None)
    return _applied(lambda value: operations.cast_to(type_, value), expression(node.this, resolve))


def _coalesce(node: Any, resolve: Resolve) -> Expression:
    parts = [expression(part, resolve) for part in (node.this, *node.expressions)]
    return _applied(lambda *values: next((value for value in values if value is not None), None), *parts)


def _extract(node: Any, resolve: Resolve) -> Expression:
    unit = str(node.this).upper()
    return _applied(lambda value: operations.part_of(unit, value), expression(node.expression, resolve))


def _formatted(node: Any, resolve: Resolve) -> Expression:
    pattern = node.args["format"].this
    return _applied(
        lambda value: value.strftime(pattern) if hasattr(value, "strftime") else None,
        expression(node.this, resolve),
    )


def _negated(value: Any) -> Any:
    return None if value is None or isinstance(value, str) else -value


_LEAVES: dict[str, Callable[[Any], Any]] = {
    "Literal": _literal,
    "Boolean": lambda node: bool(node.this),
    "Null": lambda _: None,
}
_MAKERS: dict[str, Callable[[Any, Resolve], Expression]] = {
    "And": lambda node, resolve: _two(operations.both, node, resolve),
    "Or": lambda node, resolve: _two(operations.either, node, resolve),
    "Not": lambda node, resolve: _applied(operations.opposite, expression(node.this, resolve)),
    "Neg": lambda node, resolve: _applied(_negated, expression(node.this, resolve)),
    "Like": lambda node, resolve: _two(operations.like, node, resolve),
    "ILike": lambda node, resolve: _two(
        lambda text, pattern: operations.like(text, pattern, any_case=True), node, resolve
    ),
    "NullSafeEQ": lambda node, resolve: _two(lambda one, other: one == other, node, resolve),
    "NullSafeNEQ": lambda node, resolve: _two(lambda one, other: one != other, node, resolve),
    "In": _in,
    "Between": _between,
    "Is": _is,
    "Cast": _cast,
    "TryCast": _cast,
    "Coalesce": _coalesce,
    "Extract": _extract,
    "TimeToStr": _formatted,
    "DateDiff": _difference,
    "Interval": _span,
    "TimestampTrunc": _truncated,
    "DateTrunc": _truncated,
    "Case": _case,
    "Greatest": _extreme(max),
    "Least": _extreme(min),
}
