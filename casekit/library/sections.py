"""Code files cut at their comment headers: reference, traps, remarks and ledger numbers."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

__all__ = ["Section", "read_sections"]

_HEADER = re.compile(r"^(reference|trap|remark|numbers)(?::\s*([a-z0-9-]+))?$")
_NEEDED = {"reference": ("say",), "trap": ("tag", "say"), "remark": ("when", "say"), "numbers": ()}
_FIELD = re.compile(r"^(tag|say|when|fails):\s*(.*)$")
_ERROR_CLASS = re.compile(r"^[A-Z]\w*$")


@dataclass
class Section:
    """
    One section of a code file.

    Attributes:
        kind: ``reference``, ``trap``, ``remark`` or ``numbers``.
        slug: Its name; empty for the reference.
        fields: ``tag``, ``say``, ``when`` and ``fails`` where given.
        code: The code under the header, without trailing blank lines or semicolon.
        line: Line of the header, counted from 1.
    """

    kind: str
    slug: str
    line: int
    fields: dict[str, str] = field(default_factory=dict)
    code: str = ""


def read_sections(text: str, comment: str) -> tuple[list[Section], list[str]]:
    """
    The sections of *text*, and what is wrong with it, each with its line.

    Args:
        text: The whole file.
        comment: ``--`` for SQL, ``#`` for Python.
    """
    sections: list[Section] = []
    problems: list[str] = []
    header_open = False
    for number, line in enumerate(text.splitlines(), start=1):
        words = line[len(comment) :] if line.startswith(comment) else None
        started = _HEADER.match(words.strip()) if words is not None else None
        if started:
            sections.append(Section(started[1], started[2] or "", number))
            header_open = True
        elif not sections:
            if line.strip() and words is None:
                problems.append(f"line {number}: code before the first header, such as '{comment} reference'")
        elif header_open and words is not None:
            _read_header_line(sections[-1], words, number, problems)
        else:
            header_open = header_open and not line.strip()
            sections[-1].code += line + "\n"
    for section in sections:
        section.code = section.code.strip().removesuffix(";").rstrip()
    return sections, problems + _section_problems(sections)


def _read_header_line(section: Section, words: str, number: int, problems: list[str]) -> None:
    named = _FIELD.match(words.strip())
    if named and not words.startswith("   "):
        section.fields[named[1]] = named[2].strip()
    elif section.fields and words.startswith("   "):
        last = list(section.fields)[-1]
        section.fields[last] = f"{section.fields[last]} {words.strip()}".strip()
    elif words.strip():
        problems.append(
            f"line {number}: {words.strip()!r} is no header field; use tag:, say:, when: or fails:, "
            "and indent what continues one by two more spaces"
        )


def _section_problems(sections: list[Section]) -> list[str]:
    found: list[str] = []
    seen: set[tuple[str, str]] = set()
    for section in sections:
        here = f"line {section.line}: {section.kind} {section.slug}".rstrip()
        if section.kind != "reference" and not section.slug:
            found.append(f"{here} has no name; write '{section.kind}: some-name'")
        if (section.kind, section.slug) in seen:
            found.append(f"{here} stands twice")
        seen.add((section.kind, section.slug))
        if not section.code:
            found.append(f"{here} has no code under it")
        found += [f"{here} has no {name}:" for name in _NEEDED[section.kind] if not section.fields.get(name)]
        found += [f"{here}: {message}" for message in _fails_problems(section)]
    return found


def _fails_problems(section: Section) -> list[str]:
    error_class = section.fields.get("fails")
    if error_class is None:
        return []
    if section.kind != "trap":
        return ["'fails:' belongs to traps only; remove it"]
    if not _ERROR_CLASS.match(error_class):
        return [f"'fails:' names one error class, such as ConversionException; it is {error_class!r}"]
    return []
