"""Where two texts of a query differ, short enough for a line of a table."""

from __future__ import annotations

import re
from itertools import takewhile

__all__ = ["changed_place"]

# A name with what it belongs to, a text, an operator, or any other sign; a bracket goes with its function.
WORDS = re.compile(r"[\w.]+\(?|'(?:[^']|'')*'|[<>=!]+|[^\w\s]")
LONGEST = 60


def changed_place(before: str, after: str) -> str:
    """The words that differ, with one word on either side: ``b < 5 -> b <= 5``."""
    old, new = ([found.span() for found in WORDS.finditer(text)] for text in (before, after))
    start = _common([before[a:b] for a, b in old], [after[a:b] for a, b in new])
    ends = ([before[a:b] for a, b in old[start:]][::-1], [after[a:b] for a, b in new[start:]][::-1])
    end = _common(*ends)
    return f"{_part(before, old, start, end)} -> {_part(after, new, start, end)}"


def _common(old: list[str], new: list[str]) -> int:
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(old, new, strict=False)))


def _part(text: str, spans: list[tuple[int, int]], start: int, end: int) -> str:
    first, last = max(start - 1, 0), len(spans) - max(end - 1, 0)
    part = _between(text, spans[first:last])
    while part.count("(") > part.count(")") and last < len(spans) and len(part) < LONGEST:
        last += 1
        part = _between(text, spans[first:last])
    if len(part) <= LONGEST:
        return part
    half = LONGEST // 2
    return f"{part[:half].rstrip()} ... {part[-half:].lstrip()}"


def _between(text: str, spans: list[tuple[int, int]]) -> str:
    return text[spans[0][0] : spans[-1][1]] if spans else ""
