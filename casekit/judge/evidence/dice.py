"""Choices that look random and depend on a name alone: the same name gives the same choices for ever."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import TypeVar

__all__ = ["Dice"]

Item = TypeVar("Item")

WORD = (1 << 64) - 1
GOLDEN_GAMMA = 0x9E3779B97F4A7C15


class Dice:
    """A splitmix64 stream keyed by a name, in plain integers: cheap to make, no numpy to import."""

    def __init__(self, *name: object) -> None:
        key = hashlib.sha256("/".join(map(str, name)).encode()).digest()
        self._state = int.from_bytes(key[:8], "little")

    def below(self, end: int) -> int:
        """A whole number from 0 up to but not including *end*."""
        self._state = (self._state + GOLDEN_GAMMA) & WORD
        mixed = self._state
        mixed = ((mixed ^ (mixed >> 30)) * 0xBF58476D1CE4E5B9) & WORD
        mixed = ((mixed ^ (mixed >> 27)) * 0x94D049BB133111EB) & WORD
        return ((mixed ^ (mixed >> 31)) >> 32) * end >> 32

    def between(self, low: int, high: int) -> int:
        """A whole number from *low* to *high*, both included."""
        return low + self.below(high - low + 1)

    def chance(self, percent: int) -> bool:
        """True *percent* times in a hundred."""
        return self.below(100) < percent

    def pick(self, items: Sequence[Item]) -> Item:
        """One of *items*, each as likely."""
        return items[self.below(len(items))]

    def some(self, items: Sequence[Item], count: int) -> list[Item]:
        """*count* different ones of *items*, or all of them."""
        return self.shuffled(items)[:count]

    def shuffled(self, items: Sequence[Item]) -> list[Item]:
        """All *items* in another order."""
        mixed = list(items)
        for last in range(len(mixed) - 1, 0, -1):
            other = self.below(last + 1)
            mixed[last], mixed[other] = mixed[other], mixed[last]
        return mixed
