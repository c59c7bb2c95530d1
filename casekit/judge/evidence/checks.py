"""CHECK constraints: value sets and ranges are read into the columns, the rest is kept to test rows with."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

from casekit.judge.evidence.families import Family, family_of, fitted, range_of
from casekit.judge.evidence.schema import ColumnDef, TableDef

__all__ = ["admits", "narrowed", "with_bound", "with_values"]


def narrowed(table: TableDef, checks: Iterable[str]) -> TableDef:
    """*table* with what *checks* say of single columns moved into these, and all checks kept as SQL."""
    texts = tuple(checks)
    for text in texts:
        for condition in _conjuncts(text):
            table = _with_condition(table, condition)
    return replace(table, checks=table.checks + texts)


def admits(column: ColumnDef, value: Any) -> bool:
    """True when *column* may hold *value*, which is of its family and not NULL."""
    if column.values:
        return value in column.values
    low: Any = column.low
    high: Any = column.high
    if (low is not None and value < low) or (high is not None and value > high):
        return False
    ends = range_of(column.type) if isinstance(value, (int, Decimal)) else None
    return ends is None or ends[0] <= value <= ends[1]


def with_values(column: ColumnDef, values: Iterable[object]) -> ColumnDef:
    """*column* limited to *values*."""
    family = family_of(column.type)
    kept = [fitted(value, family) for value in values]
    return replace(column, values=tuple(value for value in kept if value is not None) or column.values)


def with_bound(column: ColumnDef, sign: str, value: object) -> ColumnDef:
    """*column* limited by ``column sign value``, where *sign* is one of < <= > >=."""
    family = family_of(column.type)
    bound: Any = fitted(value, family)
    if bound is None:
        return column
    if sign in (">", ">="):
        lowest = bound + _step(family) if sign == ">" else bound
        return column if _tighter(column.low, lowest) else replace(column, low=lowest)
    highest = bound - _step(family) if sign == "<" else bound
    return column if _tighter(highest, column.high) else replace(column, high=highest)


def _tighter(one: Any, other: Any) -> bool:
    return one is not None and other is not None and one >= other


def _step(family: Family) -> Any:
    if family in ("date", "timestamp"):
        return timedelta(days=1)
    return fitted("0.5" if family == "float" else 1, family) if family != "text" else ""


def _conjuncts(text: str) -> list[Any]:
    import sqlglot
    from sqlglot import errors, exp

    try:
        tree = sqlglot.parse_one(text, dialect="duckdb")
    except errors.SqlglotError:
        return []
    flat = tree.unnest()
    return [part.unnest() for part in flat.flatten()] if isinstance(flat, exp.And) else [flat]


def _with_condition(table: TableDef, condition: Any) -> TableDef:
    from sqlglot import exp

    column = condition.this if isinstance(condition.this, exp.Column) else None
    if isinstance(condition, exp.And):
        for part in condition.flatten():
            table = _with_condition(table, part.unnest())
        return table
    if column is None or column.name.casefold() not in {item.name.casefold() for item in table.columns}:
        return table
    place = table.place(column.name)
    columns = list(table.columns)
    columns[place] = _limited(columns[place], condition)
    return replace(table, columns=tuple(columns))


def _limited(column: ColumnDef, condition: Any) -> ColumnDef:
    from sqlglot import exp

    if isinstance(condition, exp.In) and not condition.args.get("query"):
        values = [_literal(item) for item in condition.expressions]
        return with_values(column, values) if None not in values else column
    if isinstance(condition, exp.Between):
        column = with_bound(column, ">=", _literal(condition.args["low"]))
        return with_bound(column, "<=", _literal(condition.args["high"]))
    signs = {exp.GT: ">", exp.GTE: ">=", exp.LT: "<", exp.LTE: "<="}
    sign = signs.get(type(condition))
    return with_bound(column, sign, _literal(condition.expression)) if sign else column


def _literal(node: Any) -> object:
    from sqlglot import exp

    node = node.unnest()
    if isinstance(node, exp.Cast):
        return _literal(node.this)
    if isinstance(node, exp.Neg):
        inner = _literal(node.this)
        return f"-{inner}" if isinstance(inner, str) else None
    return node.this if isinstance(node, exp.Literal) else None
