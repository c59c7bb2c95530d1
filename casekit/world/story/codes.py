"""Values that an author writes as text, the way the engine keeps them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from casekit.world.calendar import day, second
from casekit.world.declare import NULL
from casekit.world.story.frames import Field
from casekit.world.story.scope import Scope

__all__ = ["check_code", "code_of"]

READERS: Mapping[str, Callable[[str], int]] = {
    "integer": int,
    "timestamp": second,
    "date": day,
    "money": lambda amount: round(float(amount) * 100),
}


def code_of(known: Field, value: str) -> Any:
    """
    How the engine keeps a value that is written as text; NULL for an empty one.

    Raises:
        ValueError: The column cannot hold it.
    """
    if known.type == "text":
        return known.values.index(value) if value else -1
    if known.type == "number":
        return float(value or "nan")
    if known.type == "boolean":
        return ("false", "true").index(value)
    return READERS[known.type](value) if value else NULL


def check_code(scope: Scope, known: Field | None, value: str, where: str, field_name: str) -> None:
    """Tells when a column cannot hold a value that is written as text."""
    if known is None:
        return
    if known.type == "text" and value:
        scope.check_values(known, [value], where, field_name)
        return
    try:
        code_of(known, value)
    except ValueError:
        scope.tell(where, field_name, f"is {value!r}, which a column of type {known.type} cannot hold")
