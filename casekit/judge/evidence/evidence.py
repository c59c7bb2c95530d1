"""What comparing two queries found: the words, the counterexample, and on how much it rests."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any, Literal

__all__ = ["Counterexample", "Evidence", "Grid", "Outcome"]

Outcome = Literal[
    "different", "no difference found", "reference fails", "submission fails", "not deterministic"
]


@dataclass(frozen=True)
class Grid:
    """
    Columns, their DuckDB types, and rows.

    Attributes:
        columns: Names.
        types: DuckDB types.
        rows: In the order they came.
    """

    columns: tuple[str, ...]
    types: tuple[str, ...]
    rows: tuple[tuple[object, ...], ...]


@dataclass(frozen=True)
class Counterexample:
    """
    A small database on which the two queries differ.

    Attributes:
        tables: The tables both queries read, by name.
        expected: The reference's result.
        actual: The submission's result; None when it stops with an error there.
        error: DuckDB's words when it does.
        words: One sentence on what sets the two results apart.
    """

    tables: Mapping[str, Grid]
    expected: Grid
    actual: Grid | None
    error: str
    words: str

    @property
    def n_rows(self) -> int:
        """Rows in all tables together."""
        return sum(len(grid.rows) for grid in self.tables.values())


@dataclass(frozen=True)
class Evidence:
    """
    The outcome of comparing a submission with a reference.

    Attributes:
        outcome: ``different`` comes with a counterexample; ``no difference found`` is what the
            databases say and no proof.
        words: One sentence on the outcome.
        counterexample: The database that tells the two apart.
        n_tried: Databases on which both queries ran.
        n_telling: How many of these gave the reference at least one row: what the outcome rests on.
        in_time: False when the time box ended the search.
        agrees: Places of the *others* that gave the submission's result wherever they were tried.
    """

    outcome: Outcome
    words: str
    counterexample: Counterexample | None = None
    n_tried: int = 0
    n_telling: int = 0
    in_time: bool = True
    agrees: tuple[int, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """Plain values that JSON can hold; dates and decimals become text."""
        plain: dict[str, Any] = _plain(asdict(self))
        return plain


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(item) for item in value]
    if isinstance(value, float):
        return value if abs(value) < float("inf") else str(value)  # NaN compares false: text, too
    if value is None or isinstance(value, (bool, int, str)):
        return value
    if isinstance(value, (date, datetime, time)):
        return value.isoformat(" ") if isinstance(value, datetime) else value.isoformat()
    return str(value) if isinstance(value, (Decimal, timedelta)) else repr(value)
