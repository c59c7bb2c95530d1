"""Reads a world's planted facts from SQL, and measures them on a dataset."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from numbers import Real
from pathlib import Path
from typing import TYPE_CHECKING

from casekit.errors import AuthorError, Problem
from casekit.world.declare import Fact
from casekit.world.sections import Section, read_sections

if TYPE_CHECKING:
    import duckdb

__all__ = ["Measured", "fact_faults", "measure", "read_facts"]

RANGE = re.compile(r"^-- range: *(\S+) to (\S+)(?: at (.*))?$", re.MULTILINE)
SAYS = re.compile(r"^-- says: *(.+(?:\n--   .+)*)$", re.MULTILINE)


@dataclass(frozen=True)
class Measured:
    """
    A fact and its number on one dataset.

    Attributes:
        value: What the fact's query gave; None for NULL.
        holds: True when the number lies in the fact's range.
        fault: Why there is no number, in DuckDB's words; empty when the query runs.
    """

    fact: Fact
    value: float | None
    holds: bool
    fault: str = ""


def read_facts(path: Path) -> tuple[Fact, ...]:
    """
    The facts a ``facts.sql`` declares.

    A ``-- fact: name`` section has a ``-- range: low to high at size, size`` line (``default`` when no
    size is named), a ``-- says:`` line and a SELECT that gives one number. A ``-- view: name`` section
    is a SELECT that every fact may read by name.

    Raises:
        AuthorError: The file is missing or holds no fact, or a section lacks one of these; all that is wrong.
    """
    problems: list[Problem] = []
    sections = read_sections(path, ("view", "fact"), problems)
    problems += [
        Problem(path.name, section.name, "", fault) for section in sections for fault in _faults(section)
    ]
    if problems:
        raise AuthorError(path.parent.name, problems)
    views = ", ".join(f"{view.name} AS ({view.sql})" for view in sections if view.kind == "view")
    heading = f"WITH {views} " if views else ""
    return tuple(_fact(section, heading) for section in sections if section.kind == "fact")


def fact_faults(facts: Sequence[Fact], sizes: Iterable[str]) -> Iterator[tuple[str, str]]:
    """The name of each fact that cannot be right in a world of these *sizes*, and what is wrong with it."""
    names, known = [fact.name for fact in facts], list(sizes)
    for name in dict.fromkeys(names):
        if names.count(name) > 1:
            yield name, "is the name of two facts; give one another name"
    for fact in facts:
        if not (_is_bound(fact.low) and _is_bound(fact.high)):
            yield fact.name, f"runs from {fact.low!r} to {fact.high!r}; write two numbers"
        elif fact.low > fact.high:
            yield fact.name, f"runs from {fact.low} to {fact.high}; put the smaller one first"
        if not fact.sizes:
            yield fact.name, "holds at no size; name one"
        for size in fact.sizes:
            if size not in known:
                yield fact.name, f"holds at the size {size!r}, which WORLD does not declare"


def measure(con: duckdb.DuckDBPyConnection, facts: Iterable[Fact]) -> tuple[Measured, ...]:
    """Every fact's number, on the tables the connection sees."""
    return tuple(_measured(con, fact) for fact in facts)


def _measured(con: duckdb.DuckDBPyConnection, fact: Fact) -> Measured:
    import duckdb

    try:
        row = con.execute(fact.sql).fetchone()
        value = None if row is None or row[0] is None else float(row[0])
    except (duckdb.Error, TypeError, ValueError) as error:
        return Measured(fact, None, holds=False, fault=str(error).strip().partition("\n")[0])
    return Measured(fact, value, value is not None and fact.low <= value <= fact.high)


def _faults(section: Section) -> Iterator[str]:
    """What is wrong with one section."""
    if section.name and not re.fullmatch(r"\w+", section.name):
        yield "is no name; write it in letters, digits and underscores"
    if section.kind == "view":
        if not section.sql:
            yield "has no SELECT under it"
        return
    bounds, says = RANGE.search(section.body), SAYS.search(section.body)
    lines = {"a line '-- range: low to high'": bounds, "a line '-- says: ...'": says, "a SELECT": section.sql}
    missing = [line for line, found in lines.items() if not found]
    if missing:
        yield f"needs {' and '.join(missing)}"
    if bounds is not None:
        yield from _range_faults(bounds)


def _range_faults(bounds: re.Match[str]) -> Iterator[str]:
    low, high = (_number(word) for word in bounds.group(1, 2))
    if not (_is_bound(low) and _is_bound(high)):
        yield f"has the range {bounds[1]} to {bounds[2]}; write two numbers"
    elif low > high:
        yield f"has the range {bounds[1]} to {bounds[2]}; put the smaller number first"
    if bounds[3] is not None and not all(_sizes(bounds)):
        yield f"holds at {bounds[3].strip()!r}; name the sizes with commas between them"


def _is_bound(value: object) -> bool:
    return isinstance(value, Real) and not math.isnan(value)


def _number(word: str) -> float:
    try:
        return float(word)
    except ValueError:
        return math.nan


def _sizes(bounds: re.Match[str]) -> tuple[str, ...]:
    return ("default",) if bounds[3] is None else tuple(size.strip() for size in bounds[3].split(","))


def _fact(section: Section, heading: str) -> Fact:
    """The fact of a section that is sound."""
    bounds, says = RANGE.search(section.body), SAYS.search(section.body)
    if bounds is None or says is None:
        raise ValueError(f"the fact {section.name} was not checked")
    words = " ".join(says[1].replace("\n--", " ").split())
    return Fact(
        section.name, float(bounds[1]), float(bounds[2]), heading + section.sql, words, _sizes(bounds)
    )
