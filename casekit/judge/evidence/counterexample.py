"""A finding as a counterexample to show."""

from __future__ import annotations

from casekit.judge.evidence.arena import Failed, Result
from casekit.judge.evidence.database import Rows
from casekit.judge.evidence.evidence import Counterexample, Grid
from casekit.judge.evidence.schema import Schema, TableDef
from casekit.judge.evidence.telling import apart
from casekit.judge.evidence.trial import Finding

__all__ = ["counterexample"]


def counterexample(schema: Schema, finding: Finding) -> Counterexample:
    """
    The database and both results, and the sentence on what sets them apart.

    Raises:
        TypeError: The reference failed, so nothing is shown to differ from it.
    """
    wanted, given = finding.reference, finding.submission
    if isinstance(wanted, Failed):
        raise TypeError("a difference needs the reference's result")
    tables = {table.name: _of_table(table, finding.database[table.name]) for table in schema.tables}
    actual = None if isinstance(given, Failed) else _grid(given)
    error = given.message if isinstance(given, Failed) else ""
    return Counterexample(tables, _grid(wanted), actual, error, apart(wanted, given))


def _grid(result: Result) -> Grid:
    return Grid(result.columns, result.types, tuple(result.rows))


def _of_table(table: TableDef, rows: Rows) -> Grid:
    names = tuple(column.name for column in table.columns)
    return Grid(names, tuple(column.type for column in table.columns), tuple(rows))
