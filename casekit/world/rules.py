"""
What is always true of a world's rows: keys that are unique, rows that belong together, times in order.

A case's ``rules.sql`` holds one query a rule, and each gives the rows that break it. The tests of the world
run them on many seeds and sizes, and ``casekit validate`` on the seeds of a rehearsal.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from casekit.errors import AuthorError, Problem
from casekit.world.sections import read_sections

if TYPE_CHECKING:
    import duckdb

__all__ = ["RULES_FILE", "Rule", "broken_rules", "read_rules"]

RULES_FILE = "rules.sql"


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
    The rules of a case folder, one under each heading ``-- rule: words``; none without a ``rules.sql``.

    Raises:
        AuthorError: The file holds no rule, two of one name, or one without a query; all that is wrong.
    """
    path = folder / RULES_FILE
    if not path.exists():
        return ()
    problems: list[Problem] = []
    rules = [Rule(section.name, section.sql) for section in read_sections(path, ("rule",), problems)]
    problems += [
        Problem(RULES_FILE, rule.name, "", "has no query under it") for rule in rules if not rule.sql
    ]
    if problems:
        raise AuthorError(folder.name, problems)
    return tuple(rules)


def broken_rules(con: duckdb.DuckDBPyConnection, rules: Iterable[Rule], case: str = "") -> tuple[Rule, ...]:
    """
    The rules that the tables the connection sees do not keep.

    Raises:
        AuthorError: A rule of *case* does not run; every one that does not.
    """
    import duckdb

    broken, problems = [], []
    for rule in rules:
        try:
            if con.execute(rule.sql).fetchone() is not None:
                broken.append(rule)
        except duckdb.Error as error:
            message, _, _ = str(error).strip().partition("\n")
            problems.append(Problem(RULES_FILE, rule.name, "", f"does not run: {message}"))
    if problems:
        raise AuthorError(case, problems)
    return tuple(broken)
