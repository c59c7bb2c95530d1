"""
What is always true of a world's rows: keys that are unique, rows that belong together, times in order.

A case's ``rules.sql`` holds one query a rule, and each gives the rows that break it. They guard the world's
tests, and they keep the judge from proving anything on rows that could never be.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from casekit.errors import AuthorError, Problem

if TYPE_CHECKING:
    import duckdb

__all__ = ["RULES_FILE", "Rule", "broken_rules", "read_rules"]

RULES_FILE = "rules.sql"
SECTION = re.compile(r"^-- rule: *(.+?) *$", re.MULTILINE)
COMMENT = re.compile(r"^--.*\n?", re.MULTILINE)


@dataclass(frozen=True)
class Rule:
    """
    One rule.

    Attributes:
        name: The rule in words, for example ``orders belong to sessions``.
        sql: A query for the rows that break it.
    """

    name: str
    sql: str


def read_rules(folder: Path) -> tuple[Rule, ...]:
    """
    The rules of a case folder; none when it has no ``rules.sql``.

    Raises:
        AuthorError: A rule has no query.
    """
    path = folder / RULES_FILE
    if not path.is_file():
        return ()
    text = path.read_text("utf-8")
    heads = list(SECTION.finditer(text))
    ends = [head.start() for head in heads[1:]] + [len(text)]
    rules = [
        Rule(head[1], COMMENT.sub("", text[head.end() : end]).strip().rstrip(";"))
        for head, end in zip(heads, ends, strict=True)
    ]
    empty = [Problem(RULES_FILE, rule.name, "", "has no query under it") for rule in rules if not rule.sql]
    if empty:
        raise AuthorError(folder.name, empty)
    return tuple(rules)


def broken_rules(con: duckdb.DuckDBPyConnection, rules: Iterable[Rule]) -> tuple[Rule, ...]:
    """The rules that the tables the connection sees do not keep."""
    return tuple(rule for rule in rules if con.execute(rule.sql).fetchone() is not None)
