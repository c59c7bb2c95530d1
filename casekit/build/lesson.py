"""`lesson.md` cut into prose and directives."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

__all__ = ["Block", "Directive", "Prose", "read_blocks"]

_FENCE = re.compile(r"^(`{3,}|~{3,})(.*)$")
_DIRECTIVE = re.compile(r"^\{([^}]*)\}(.*)$")
_HEADING = re.compile(r"^#{1,6} +\S")


@dataclass(frozen=True)
class Prose:
    """Markdown that becomes one cell; *line* is where it starts, counted from 1."""

    line: int
    text: str


@dataclass(frozen=True)
class Directive:
    """
    One fenced block that the build turns into cells.

    Attributes:
        line: Line of its opening fence, counted from 1.
        name: What it asks the build for, such as ``exercise``.
        argument: What stands behind the name, such as an exercise id.
        body: The lines inside, without a line end at the end.
        closed: False when the file ended before its closing fence.
    """

    line: int
    name: str
    argument: str
    body: str
    closed: bool = True


Block = Prose | Directive


def read_blocks(text: str) -> tuple[Block, ...]:
    """The blocks of any text written like a lesson, in order."""
    return tuple(_blocks(text))


def _blocks(text: str) -> Iterator[Block]:
    lines = text.splitlines()
    prose: list[str] = []
    start = at = 0
    while at < len(lines):
        fence = _FENCE.match(lines[at])
        directive = _DIRECTIVE.match(fence[2]) if fence else None
        if fence and directive:
            yield from _prose(start, prose)
            end = _closing(lines, at, fence[1])
            body = "\n".join(lines[at + 1 : end]).strip("\n")
            yield Directive(at + 1, directive[1].strip(), directive[2].strip(), body, end < len(lines))
            prose, at, start = [], end + 1, end + 1
        elif fence:
            end = _closing(lines, at, fence[1])
            prose += lines[at : end + 1]
            at = end + 1
        else:
            if _HEADING.match(lines[at]):
                yield from _prose(start, prose)
                prose, start = [], at
            prose.append(lines[at])
            at += 1
    yield from _prose(start, prose)


def _closing(lines: list[str], opened_at: int, fence: str) -> int:
    """Index of the line that closes the fence, or of the end of the file."""
    closing = re.compile(rf"^{re.escape(fence[0])}{{{len(fence)},}}\s*$")
    following = range(opened_at + 1, len(lines))
    return next((at for at in following if closing.match(lines[at])), len(lines))


def _prose(start: int, lines: list[str]) -> Iterator[Prose]:
    text = "\n".join(lines)
    if text.strip():
        blank = len(text) - len(text.lstrip("\n"))
        yield Prose(start + blank + 1, text.strip())
