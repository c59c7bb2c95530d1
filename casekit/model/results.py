"""What queries and ledgers give: tables and named numbers."""

from __future__ import annotations

import math
from dataclasses import dataclass

__all__ = ["Counterexample", "LedgerNumber", "Table"]


@dataclass(frozen=True)
class Table:
    """
    A result: column names and rows of plain Python values.

    NULL is ``None``; dates and timestamps are ``datetime`` objects; nothing is rounded.

    Attributes:
        columns: Names as the query gave them.
        rows: One tuple a row, in the order they came.
        truncated: True when more rows existed than were fetched.
    """

    columns: tuple[str, ...]
    rows: tuple[tuple[object, ...], ...]
    truncated: bool = False


@dataclass(frozen=True)
class Counterexample:
    """
    A tiny database on which a query gives another result than it should.

    Attributes:
        tables: The tables that matter, by name, with every row they have.
        yours: What the submitted query gives there; or, as text, how it stops.
        expected: What a right query gives there.
        says: One sentence on what sets the two apart.
    """

    tables: tuple[tuple[str, Table], ...]
    yours: Table | str
    expected: Table
    says: str

    def as_dict(self) -> dict[str, object]:
        """The counterexample as JSON-ready values; dates and decimals as text."""
        return {
            "tables": {name: _plain(table) for name, table in self.tables},
            "yours": self.yours if isinstance(self.yours, str) else _plain(self.yours),
            "expected": _plain(self.expected),
            "says": self.says,
        }


def _plain(table: Table) -> dict[str, object]:
    return {
        "columns": list(table.columns),
        "rows": [[value if _is_json(value) else str(value) for value in row] for row in table.rows],
    }


def _is_json(value: object) -> bool:
    if isinstance(value, float):
        return math.isfinite(value)
    return value is None or isinstance(value, bool | int | str)


@dataclass(frozen=True)
class LedgerNumber:
    """
    A number computed from the data that prose and memos may cite by name.

    The unit is the last word of the name: ``mix_share_percent``, ``lost_eur``.
    """

    name: str
    value: float
    unit: str
