"""
The author's conditions: ``platform=android and app_version=5.2.0``, ``plan=pro|scale``, ``seats>=200``.

Clauses are joined by ``and``; a text column is compared with one or several of its values, a number with
``=``, ``!=``, ``<``, ``<=``, ``>`` or ``>=``, and a yes-or-no column stands alone or after ``not``.
"""

from __future__ import annotations

import operator
import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np

from casekit.world.story.frames import Frame, Mask

__all__ = ["Clause", "matches", "read_where"]

CLAUSE = re.compile(r"(not )?(\w+)(?: ?(!=|<=|>=|=|<|>) ?(.+))?")
COMPARE: dict[str, Callable[[Any, Any], Any]] = {
    "=": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}


@dataclass(frozen=True)
class Clause:
    """One comparison: a column, how it is compared (empty: it is true by itself), and with what."""

    column: str
    compare: str
    values: tuple[str, ...]
    negated: bool = False


@cache
def read_where(text: str) -> tuple[Clause, ...]:
    """
    The clauses of a condition; none for an empty one, which everybody meets.

    Raises:
        ValueError: A clause cannot be read.
    """
    return tuple(_clause(part.strip()) for part in text.split(" and ")) if text.strip() else ()


def matches(frame: Frame, text: str) -> Mask:
    """Which entities of *frame* meet the condition."""
    met = np.ones(len(frame), np.bool_)
    for clause in read_where(text):
        met &= _met(frame, clause)
    return met


def _clause(text: str) -> Clause:
    match = CLAUSE.fullmatch(text)
    if match is None or (match[1] and match[3]):
        raise ValueError(f"{text!r} is no condition; write for example 'platform=android' or 'seats>=200'")
    values = tuple(value.strip() for value in match[4].split("|")) if match[4] else ()
    return Clause(match[2], match[3] or "", values, bool(match[1]))


def _met(frame: Frame, clause: Clause) -> Any:
    values, field = frame[clause.column], frame.field_of(clause.column)
    if not clause.compare:
        return (values != 0) != clause.negated
    if field.type == "text":
        chosen = values == field.values.index(clause.values[0])
        for value in clause.values[1:]:
            chosen |= values == field.values.index(value)
        return chosen if clause.compare == "=" else ~chosen
    return COMPARE[clause.compare](values, float(clause.values[0]))
