"""An author's SQL file in sections: each a heading, lines of comment, and a query."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from casekit.errors import Problem

__all__ = ["Section", "read_sections"]

COMMENT = re.compile(r"^--.*\n?", re.MULTILINE)


@dataclass(frozen=True)
class Section:
    """
    One section of a file.

    Attributes:
        kind: The word before the colon of its heading, for example ``fact``.
        name: What stands after it.
        body: Everything under the heading, comments included.
    """

    kind: str
    name: str
    body: str

    @property
    def sql(self) -> str:
        """The query, without comments and without a semicolon at its end."""
        return COMMENT.sub("", self.body).strip().rstrip(";").rstrip()


def read_sections(path: Path, kinds: tuple[str, ...], problems: list[Problem]) -> tuple[Section, ...]:
    """
    The sections of *path* in order, each under a heading ``-- kind: name``.

    What is wrong goes to *problems*, all of it: a file that cannot be read or holds no section of the last of
    *kinds*, a query above the first heading, a heading without a name, and a name given twice.
    """
    try:
        text = path.read_text("utf-8")
    except OSError as error:
        problems.append(Problem(path.name, "", "", f"cannot be read ({error.strerror}); is it there?"))
        return ()
    except UnicodeDecodeError:
        problems.append(Problem(path.name, "", "", "is no UTF-8 text; save it as UTF-8"))
        return ()
    sections = _split(text, kinds)
    problems += [Problem(path.name, where, "", message) for where, message in _faults(text, kinds, sections)]
    return sections


def _head(kinds: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile(rf"^-- ({'|'.join(kinds)}):[^\S\n]*(.*?)[^\S\n]*$", re.MULTILINE)


def _split(text: str, kinds: tuple[str, ...]) -> tuple[Section, ...]:
    heads = list(_head(kinds).finditer(text))
    ends = [*(head.start() for head in heads[1:]), len(text)][: len(heads)]
    return tuple(
        Section(head[1], head[2], text[head.end() : end]) for head, end in zip(heads, ends, strict=True)
    )


def _faults(text: str, kinds: tuple[str, ...], sections: tuple[Section, ...]) -> list[tuple[str, str]]:
    """Where, and what is wrong there."""
    wanted, found = kinds[-1], []
    if COMMENT.sub("", _head(kinds).split(text)[0]).strip():
        found.append(("", f"has a query above the first heading; write '-- {wanted}: name' over it"))
    if not any(section.kind == wanted for section in sections):
        found.append(("", f"holds no {wanted}; write one under a heading '-- {wanted}: name'"))
    for (kind, name), times in Counter((section.kind, section.name) for section in sections).items():
        if not name:
            found.append((kind, f"has no name; write '-- {kind}: name'"))
        elif times > 1:
            found.append((name, f"is the name of {times} {kind}s; give each a name of its own"))
    return found
