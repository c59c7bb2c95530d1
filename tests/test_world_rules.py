"""The rules of a world's rows: read with every problem told, tried with the broken ones named."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

from casekit.errors import AuthorError
from casekit.world.rules import Rule, broken_rules, read_rules
from casekit.world.sections import Section, read_sections


def told(text: str, folder: Path) -> list[str]:
    """Everything the author of a ``rules.sql`` is told."""
    (folder / "rules.sql").write_text(text, encoding="utf-8")
    with pytest.raises(AuthorError) as caught:
        read_rules(folder)
    return [str(problem) for problem in caught.value.problems]


def test_rules_are_read(tmp_path: Path):
    """Each heading is a rule in words; comments and the last semicolon are left out of its query."""
    (tmp_path / "rules.sql").write_text("-- About x.\n-- rule: x is one\n-- why\nFROM t\nWHERE x <> 1;\n")

    assert (Rule("x is one", "FROM t\nWHERE x <> 1"),) == read_rules(tmp_path)


def test_no_file_no_rules(tmp_path: Path):
    """A case may do without rules."""
    assert () == read_rules(tmp_path)


@pytest.mark.parametrize("text", ["", "\n\n", "-- What is always true.\n"])
def test_empty_rules_are_told(text: str, tmp_path: Path):
    """A file that holds no rule would guard nothing, so it is told."""
    assert ["rules.sql: holds no rule; write one under a heading '-- rule: name'"] == told(text, tmp_path)


def test_rules_are_told_together(tmp_path: Path):
    """A query above the headings, a rule without words, a name given twice, no query: all in one error."""
    text = "SELECT 1;\n-- rule:\nSELECT 2;\n-- rule: twin\nSELECT 3;\n-- rule: twin\n"

    assert [
        "rules.sql: has a query above the first heading; write '-- rule: name' over it",
        "rules.sql › rule: has no name; write '-- rule: name'",
        "rules.sql › twin: is the name of 2 rules; give each a name of its own",
        "rules.sql › twin: has no query under it",
    ] == told(text, tmp_path)


def test_unreadable_file_is_told(tmp_path: Path):
    """A folder in the file's place and text of another encoding are told, never raised."""
    problems = []
    (tmp_path / "latin.sql").write_bytes(b"-- rule: caf\xe9\nSELECT 1")
    read_sections(tmp_path, ("rule",), problems)
    read_sections(tmp_path / "latin.sql", ("rule",), problems)

    assert "cannot be read" in problems[0].message
    assert "is no UTF-8 text" in problems[1].message


def test_sections_keep_their_kind(tmp_path: Path):
    """Two kinds of sections may share a name, and come in the order of the file."""
    path = tmp_path / "facts.sql"
    path.write_text("-- view: a\nSELECT 1\n-- fact: a  \n-- x\nSELECT 2;\n")
    problems = []

    found = read_sections(path, ("view", "fact"), problems)

    assert [] == problems
    assert (Section("view", "a", "\nSELECT 1\n"), Section("fact", "a", "\n-- x\nSELECT 2;\n")) == found
    assert ["SELECT 1", "SELECT 2"] == [section.sql for section in found]


def test_broken_rules_are_named():
    """A rule whose query gives rows is broken; one that gives none is kept."""
    kept, broken = Rule("none", "SELECT 1 WHERE false"), Rule("some", "SELECT 1")
    with duckdb.connect() as con:
        assert (broken,) == broken_rules(con, [kept, broken])


def test_faulty_rules_are_told():
    """Rules that do not run are the author's mistake, each named with what DuckDB says."""
    rules = [Rule("fine", "SELECT 1"), Rule("typo", "SELEC 1"), Rule("lost", "FROM nowhere")]
    with duckdb.connect() as con, pytest.raises(AuthorError) as caught:
        broken_rules(con, rules, "a-case")

    assert "a-case" == caught.value.case
    assert ["typo", "lost"] == [problem.where for problem in caught.value.problems]
    assert "does not run: Parser Error" in caught.value.problems[0].message
