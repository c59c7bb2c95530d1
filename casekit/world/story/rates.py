"""Shares that depend on who somebody is: a base, a table by segment, odds ratios and factors by condition."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from casekit.world.story.frames import Frame
from casekit.world.story.scope import Scope
from casekit.world.story.where import matches

__all__ = ["Rate", "Ratio", "by", "rate", "with_odds"]


@dataclass(frozen=True)
class Rate:
    """
    A share from 0 to 1 for each entity.

    Attributes:
        base: The share where *table* says nothing.
        column: The text column that *table* is about; empty for none.
        table: The share by value of that column.
        odds: Odds ratio by condition: 1.2 turns 50 % into 54.5 %. Applied in order.
        times: Factor by condition, after the odds; a share never exceeds 1.
    """

    base: float = 1.0
    column: str = ""
    table: Mapping[str, float] = field(default_factory=dict)
    odds: Mapping[str, float] = field(default_factory=dict)
    times: Mapping[str, float] = field(default_factory=dict)

    def check(self, scope: Scope, frame: str, where: str, field_name: str) -> None:
        """Tells what is wrong with the rate of a frame's entities."""
        for share in (self.base, *self.table.values()):
            scope.check_share(share, where, field_name)
        known = scope.field_of(frame, self.column, where, field_name) if self.column else None
        if known is not None:
            scope.check_values(known, self.table, where, field_name)
        for condition, ratio in (*self.odds.items(), *self.times.items()):
            scope.check_where(frame, condition, where, field_name)
            if not 0 <= ratio < math.inf:
                scope.tell(where, field_name, f"is {ratio!r} where {condition}; write a number of 0 or more")

    def of(self, frame: Frame) -> NDArray[np.float64]:
        """The share of each entity of *frame*."""
        shares = np.full(len(frame), float(self.base))
        if self.column:
            values = frame.field_of(self.column).values
            table = np.array([self.table.get(value, self.base) for value in values])
            shares = np.append(table, self.base)[frame[self.column]]  # -1, for NULL, is the last place
        for condition, ratio in self.odds.items():
            shares = np.where(matches(frame, condition), with_odds(shares, ratio), shares)
        for condition, factor in self.times.items():
            shares = np.where(matches(frame, condition), np.minimum(shares * factor, 1.0), shares)
        return shares


Ratio = float | Rate


def rate(
    base: float, *, odds: Mapping[str, float] | None = None, times: Mapping[str, float] | None = None
) -> Rate:
    """A share and what changes it, by condition: ``rate(.6, odds={"platform=ios": 1.2})``."""
    return Rate(base, odds=odds or {}, times=times or {})


def by(
    column: str,
    table: Mapping[str, float],
    *,
    odds: Mapping[str, float] | None = None,
    times: Mapping[str, float] | None = None,
    other: float = 0.0,
) -> Rate:
    """A share by value of a text column, for example ``by("channel", {"organic": .35, "email": .48})``."""
    return Rate(other, column, table, odds or {}, times or {})


def with_odds(shares: NDArray[np.float64], ratio: float | NDArray[np.float64]) -> NDArray[np.float64]:
    """The shares whose odds are *ratio* times as high."""
    raised = shares * ratio
    other = np.where(raised > 0, 1 - shares, 1.0)  # no odds at all: nobody, also of a share of 1
    return raised / (other + raised)
