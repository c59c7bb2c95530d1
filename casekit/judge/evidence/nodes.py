"""Trees of sqlglot and pieces of them: the conditions of a SELECT, its own nodes, the value of a literal."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

__all__ = ["aggregates", "conditions", "own_nodes", "parsed", "tables_named", "value_of"]


def parsed(sql: str) -> Any:
    """The sqlglot tree of *sql*, or None when sqlglot cannot read it."""
    import sqlglot

    try:
        return sqlglot.parse_one(sql, dialect="duckdb")
    except (sqlglot.errors.SqlglotError, RecursionError, ValueError):
        return None


def aggregates() -> tuple[type, ...]:
    """The sqlglot classes of aggregates and windows."""
    from sqlglot import exp

    return exp.AggFunc, exp.Window


def value_of(literal: Any) -> object:
    """A literal as a Python value, with the sign in front of it."""
    negative = type(literal.parent).__name__ == "Neg"
    if literal.is_string:
        return literal.this
    text = ("-" if negative else "") + str(literal.this)
    try:
        return int(text)
    except ValueError:
        return float(text)


def conditions(select: Any) -> Iterator[Any]:
    """The conditions a row of *select* passes, split at every AND."""
    roots = [select.args.get(name) for name in ("where", "having", "qualify")]
    conditions = [root.this for root in roots if root is not None]
    conditions += [join.args["on"] for join in select.args.get("joins") or () if join.args.get("on")]
    for condition in conditions:
        yield from _conjuncts(condition)


def _conjuncts(condition: Any) -> Iterator[Any]:
    plain = condition.unnest()
    if type(plain).__name__ == "And":
        yield from _conjuncts(plain.this)
        yield from _conjuncts(plain.expression)
    else:
        yield plain


def own_nodes(select: Any) -> Iterator[Any]:
    """Every node of *select* less those of the SELECTs inside it."""
    left = [child for child in select.iter_expressions() if type(child).__name__ != "With"]
    while left:
        node = left.pop()
        if type(node).__name__ in ("Select", "Union", "Except", "Intersect"):
            continue
        yield node
        left.extend(node.iter_expressions())


def tables_named(tree: Any) -> set[str]:
    """The names that *tree* reads from, in lower case: tables, and what WITH defines."""
    from sqlglot import exp

    return {table.name.lower() for table in tree.find_all(exp.Table)}
