"""A sqlglot expression read into a Python function: every kind of node that is understood."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Any

from casekit.judge.evidence.arithmetic import ARITHMETIC
from casekit.judge.evidence.expressions import Expression, Maker, Read, applied, constant
from casekit.judge.evidence.functions import STRICT
from casekit.judge.evidence.logic import LOGIC
from casekit.judge.evidence.operations import UnreadError, cast_to

__all__ = ["expression"]

RESOLVED = ("Column", "Subquery", "Window", "Min", "Max", "Avg", "Sum", "AnyValue", "First", "Filter")
SAME = ("Paren", "TsOrDsToTimestamp")
DAYS = ("TsOrDsToDate", "Date")


def expression(node: Any, resolve: Read) -> Expression:
    """
    The expression *node* as a function.

    Args:
        node: A sqlglot expression.
        resolve: From a sqlglot column, subquery, aggregate or window to what it stands for.

    Raises:
        UnreadError: It holds something this reader does not evaluate, such as a count.
    """
    kind = type(node).__name__
    if kind in RESOLVED:
        return resolve(node)
    if kind in _LEAVES:
        return constant(_LEAVES[kind](node))
    maker = _MAKERS.get(kind)
    if maker is None:
        raise UnreadError(kind)
    return maker(node, lambda inner: expression(inner, resolve))


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


def _strict(names: tuple[str, ...], function: Callable[..., Any]) -> Maker:
    """*function* of a node's arguments called *names*; NULL when one of them is."""

    def made(node: Any, read: Read) -> Expression:
        given = [read(node.args[name]) for name in names if node.args.get(name) is not None]
        return applied(lambda *values: None if None in values else function(*values), *given)

    return made


def _same(node: Any, read: Read) -> Expression:
    return read(node.this)


def _day(node: Any, read: Read) -> Expression:
    return applied(lambda value: cast_to("DATE", value), read(node.this))


_LEAVES: Mapping[str, Callable[[Any], Any]] = {
    "Literal": _literal,
    "Boolean": lambda node: bool(node.this),
    "Null": lambda _: None,
}
_MAKERS: Mapping[str, Maker] = {
    **LOGIC,
    **ARITHMETIC,
    **{kind: _strict(*entry) for kind, entry in STRICT.items()},
    **dict.fromkeys(SAME, _same),
    **dict.fromkeys(DAYS, _day),
}
