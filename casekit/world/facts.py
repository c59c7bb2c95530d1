"""Reads a world's planted facts from SQL, and measures them on a dataset."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from casekit.errors import AuthorError, Problem
from casekit.world.declare import Fact

if TYPE_CHECKING:
    import duckdb

__all__ = ["Measured", "measure", "read_facts"]

SECTION = re.compile(r"^-- (view|fact): *(\S+) *$", re.MULTILINE)
RANGE = re.compile(r"^-- range: *(\S+) to (\S+?)(?: at (.+))?$", re.MULTILINE)
SAYS = re.compile(r"^-- says: *(.+(?:\n--   .+)*)$", re.MULTILINE)
COMMENT = re.compile(r"^--.*\n?", re.MULTILINE)


@dataclass(frozen=True)
class Measured:
    """
    A fact and its number on one dataset.

    Attributes:
        value: What the fact's query gave; None for NULL.
        holds: True when the number lies in the fact's range.
    """

    fact: Fact
    value: float | None
    holds: bool


def read_facts(path: Path) -> tuple[Fact, ...]:
    """
    The facts a ``facts.sql`` declares.

    A ``-- fact: name`` section has a ``-- range: low to high at size, size`` line (``default`` when no
    size is named), a ``-- says:`` line and a SELECT that gives one number. A ``-- view: name`` section
    is a SELECT that every fact may read by name.

    Raises:
        AuthorError: A section lacks one of these.
    """
    found = list(_sections(path.read_text("utf-8")))
    views = ", ".join(f"{name} AS ({_code(body)})" for kind, name, body in found if kind == "view")
    heading = f"WITH {views} " if views else ""
    return tuple(_fact(path, name, body, heading) for kind, name, body in found if kind == "fact")


def measure(con: duckdb.DuckDBPyConnection, facts: Iterable[Fact]) -> tuple[Measured, ...]:
    """Every fact's number, on the tables the connection sees."""
    return tuple(_measured(con, fact) for fact in facts)


def _measured(con: duckdb.DuckDBPyConnection, fact: Fact) -> Measured:
    row = con.execute(fact.sql).fetchone()
    if row is None or row[0] is None:
        return Measured(fact, None, holds=False)
    return Measured(fact, float(row[0]), fact.low <= float(row[0]) <= fact.high)


def _sections(text: str) -> Iterator[tuple[str, str, str]]:
    heads = list(SECTION.finditer(text))
    ends = [head.start() for head in heads[1:]] + [len(text)]
    for head, end in zip(heads, ends, strict=True):
        yield head[1], head[2], text[head.end() : end]


def _fact(path: Path, name: str, body: str, heading: str) -> Fact:
    bounds, says = RANGE.search(body), SAYS.search(body)
    if bounds is None or says is None or not _code(body):
        message = "needs a line '-- range: low to high', a line '-- says: ...' and a SELECT"
        raise AuthorError(path.parent.name, [Problem(path.name, name, "", message)])
    words = " ".join(says[1].replace("\n--", " ").split())
    sizes = tuple(re.split(r", *", bounds[3].strip())) if bounds[3] else ("default",)
    return Fact(name, float(bounds[1]), float(bounds[2]), heading + _code(body), words, sizes)


def _code(body: str) -> str:
    return COMMENT.sub("", body).strip().rstrip(";")
