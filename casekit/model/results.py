"""What queries and ledgers give: tables and named numbers."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["LedgerNumber", "Table"]


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
class LedgerNumber:
    """
    A number computed from the data that prose and memos may cite by name.

    The unit is the last word of the name: ``mix_share_percent``, ``lost_eur``.
    """

    name: str
    value: float
    unit: str
