"""Where two texts of a query differ, short enough for a line of a table."""

from __future__ import annotations

import re
from itertools import takewhile

__all__ = ["changed_place"]

WORDS = re.compile(r"\w+|'(?:[^']|'')*'|[^\w\s]")
AROUND = 1
LONGEST = 60


def changed_place(before: str, after: str) -> str:
    """The words that differ, with one word on either side: ``< '2025' -> <= '2025'``."""
    old, new = ([found.span() for found in WORDS.finditer(text)] for text in (before, after))
    start = _common([before[a:b] for a, b in old], [after[a:b] for a, b in new])
    end = _common(
        [before[a:b] for a, b in reversed(old[start:])], [after[a:b] for a, b in reversed(new[start:])]
    )
    return f"{_part(before, old, start, end)} -> {_part(after, new, start, end)}"


def _common(old: list[str], new: list[str]) -> int:
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(old, new, strict=False)))


def _part(text: str, spans: list[tuple[int, int]], start: int, end: int) -> str:
    kept = spans[max(start - AROUND, 0) : len(spans) - max(end - AROUND, 0)]
    part = text[kept[0][0] : kept[-1][1]] if kept else ""
    if len(part) <= LONGEST:
        return part
    half = LONGEST // 2
    return f"{part[:half].rstrip()} ... {part[-half:].lstrip()}"
