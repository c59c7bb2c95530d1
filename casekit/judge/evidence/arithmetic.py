"""Arithmetic read, with that of dates: sums, intervals, differences, parts, starts of periods, casts."""

from __future__ import annotations

import operator
from collections.abc import Mapping
from contextlib import suppress
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from casekit.judge.evidence import operations
from casekit.judge.evidence.expressions import Expression, Maker, Read, applied, two
from casekit.judge.evidence.functions import truncated
from casekit.judge.evidence.operations import UnreadError

__all__ = ["ARITHMETIC"]

OPERATORS = {"Add": operator.add, "Sub": operator.sub, "Mul": operator.mul, "Div": operator.truediv,
             "Mod": operator.mod, "IntDiv": operator.floordiv}  # fmt: skip


def _calculated(kind: str) -> Maker:
    """A sum, a product and the like; an interval on the right shifts a date."""

    def made(node: Any, read: Read) -> Expression:
        if type(node.expression).__name__ == "Interval" and kind in ("Add", "Sub"):
            return _shift(node.this, node.expression, 1 if kind == "Add" else -1, read)
        return two(lambda one, other: _result(kind, one, other), node, read)

    return made


def _result(kind: str, one: Any, other: Any) -> Any:
    if one is None or other is None:
        return None
    one, other = operations.aligned(one, other)
    if isinstance(one, str) or isinstance(other, str):  # a text times a number would be a long text
        return None
    if isinstance(one, Decimal) or isinstance(other, Decimal):
        one, other = (float(part) if isinstance(part, Decimal) else part for part in (one, other))
    with suppress(TypeError, ZeroDivisionError, OverflowError):
        if isinstance(other, int) and hasattr(one, "year"):
            return operations.shifted(one, other if kind == "Add" else -other, "DAY")
        result = OPERATORS[kind](one, other)
        whole = isinstance(result, timedelta) and not isinstance(one, datetime)
        return result.days if whole else result
    return None


def _negative(node: Any, read: Read) -> Expression:
    return applied(lambda value: None if value is None or isinstance(value, str) else -value, read(node.this))


def _shift(moment: Any, interval: Any, sign: int, read: Read) -> Expression:
    unit = str(interval.args.get("unit") or "DAY")
    count = read(interval.this)
    return applied(
        lambda start, number: operations.shifted(start, None if number is None else sign * int(number), unit),
        read(moment),
        count,
    )


def _span(node: Any, read: Read) -> Expression:
    """An interval of whole days, hours or less."""
    unit = str(node.args.get("unit") or "").upper()
    seconds = operations.SECONDS.get(unit, operations.DAYS.get(unit, 0) * 86400)
    if not seconds:
        raise UnreadError(unit)
    return applied(
        lambda count: None if count is None else timedelta(seconds=seconds * float(count)),
        read(node.this),
    )


def _difference(node: Any, read: Read) -> Expression:
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

    return two(between, node, read)


def _extract(node: Any, read: Read) -> Expression:
    unit = str(node.this).upper()
    return applied(lambda value: operations.part_of(unit, value), read(node.expression))


def _truncated(node: Any, read: Read) -> Expression:
    unit = str(node.args.get("unit")).upper()
    return applied(lambda value: truncated(unit, value), read(node.this))


def _formatted(node: Any, read: Read) -> Expression:
    pattern = node.args["format"].this
    return applied(
        lambda value: value.strftime(pattern) if hasattr(value, "strftime") else None,
        read(node.this),
    )


def _cast(node: Any, read: Read) -> Expression:
    type_ = node.args["to"].this.value if hasattr(node.args["to"].this, "value") else str(node.args["to"])
    operations.cast_to(type_, None)
    return applied(lambda value: operations.cast_to(type_, value), read(node.this))


ARITHMETIC: Mapping[str, Maker] = {
    **{kind: _calculated(kind) for kind in OPERATORS},
    "Neg": _negative,
    "Interval": _span,
    "DateDiff": _difference,
    "Extract": _extract,
    "TimestampTrunc": _truncated,
    "DateTrunc": _truncated,
    "TimeToStr": _formatted,
    "Cast": _cast,
    "TryCast": _cast,
}
