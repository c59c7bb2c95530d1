"""Conditions and choices read: AND, OR, IN, BETWEEN, LIKE, CASE, COALESCE, with NULL as SQL has it."""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping
from typing import Any

from casekit.judge.evidence import operations
from casekit.judge.evidence.expressions import Expression, Maker, Read, applied, comparison, constant, two
from casekit.judge.evidence.operations import UnreadError

__all__ = ["LOGIC"]

SIGNS = {"EQ": "=", "NEQ": "<>", "GT": ">", "GTE": ">=", "LT": "<", "LTE": "<="}


def _compared(sign: str) -> Maker:
    return lambda node, read: comparison(sign, read(node.this), read(node.expression))


def _both_sides(function: Callable[[Any, Any], Any]) -> Maker:
    return lambda node, read: two(function, node, read)


def _not(node: Any, read: Read) -> Expression:
    return applied(operations.opposite, read(node.this))


def _in(node: Any, read: Read) -> Expression:
    """
    IN with a list.

    Raises:
        UnreadError: It holds a query.
    """
    if node.args.get("query") or not node.expressions:
        raise UnreadError("IN")
    item = read(node.this)
    options = [read(option) for option in node.expressions]
    equal = operations.compared("=")

    def found(value: Any, *others: Any) -> Any:
        result: Any = False
        for other in others:
            result = operations.either(result, equal(value, other))
        return result

    return applied(found, item, *options)


def _between(node: Any, read: Read) -> Expression:
    at_least, at_most = operations.compared(">="), operations.compared("<=")
    parts = [read(part) for part in (node.this, node.args["low"], node.args["high"])]
    return applied(
        lambda value, low, high: operations.both(at_least(value, low), at_most(value, high)), *parts
    )


def _is(one: Any, other: Any) -> bool:
    return one is None if other is None else bool(one == other)


def _ilike(text: Any, pattern: Any) -> Any:
    return operations.like(text, pattern, any_case=True)


def _coalesce(node: Any, read: Read) -> Expression:
    parts = [read(part) for part in (node.this, *node.expressions)]
    return applied(lambda *values: next((value for value in values if value is not None), None), *parts)


def _case(node: Any, read: Read) -> Expression:
    """CASE: conditions and values in turn, then what else it is."""
    if node.this is not None:
        raise UnreadError("CASE with a value")
    parts = [read(part) for item in node.args["ifs"] for part in (item.this, item.args["true"])]
    default = node.args.get("default")
    last = read(default) if default is not None else constant(None)

    def chosen(*values: Any) -> Any:
        pairs = zip(values[:-1:2], values[1::2], strict=False)
        return next((value for met, value in pairs if met), values[-1])

    return applied(chosen, *parts, last)


def _extreme(choose: Callable[..., Any]) -> Maker:
    """GREATEST or LEAST, which leave NULLs out."""

    def made(node: Any, read: Read) -> Expression:
        parts = [read(part) for part in (node.this, *node.expressions)]
        return applied(lambda *values: choose((v for v in values if v is not None), default=None), *parts)

    return made


LOGIC: Mapping[str, Maker] = {
    **{kind: _compared(sign) for kind, sign in SIGNS.items()},
    "And": _both_sides(operations.both),
    "Or": _both_sides(operations.either),
    "Not": _not,
    "Like": _both_sides(operations.like),
    "ILike": _both_sides(_ilike),
    "NullSafeEQ": _both_sides(operator.eq),
    "NullSafeNEQ": _both_sides(operator.ne),
    "Is": _both_sides(_is),
    "In": _in,
    "Between": _between,
    "Coalesce": _coalesce,
    "Case": _case,
    "Greatest": _extreme(max),
    "Least": _extreme(min),
}
