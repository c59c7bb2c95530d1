"""Databases of plain rows as DataFrames of the case's own types, alone or beside a crowd."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from casekit.judge.evidence.database import Rows
from casekit.judge.evidence.references import id_places
from casekit.judge.evidence.schema import Schema

if TYPE_CHECKING:
    from pandas import DataFrame

__all__ = ["Loader"]


class Loader:
    """
    Makes DataFrames like those of the case.

    Args:
        schema: The tables that are wanted.
        crowd: The case's own frames: columns come with their types, and every group has somebody in it.
    """

    def __init__(self, schema: Schema, crowd: Mapping[str, DataFrame]) -> None:
        self._schema = schema
        self._crowd = crowd
        self._ids = _ids_of(schema)
        self._offset = 1 + max(
            (self._largest(table, name) for table in self._ids for name in self._ids[table]), default=0
        )

    def frames(self, database: Mapping[str, Rows]) -> dict[str, DataFrame]:
        """Every table of *database* as a DataFrame."""
        return {
            table.name: self._frame(table.name, database.get(table.name, [])) for table in self._schema.tables
        }

    def beside(self, frames: Mapping[str, DataFrame], copies: int) -> dict[str, DataFrame]:
        """*copies* of *frames* beside the crowd, under ids of their own, so that no row meets a stranger."""
        import pandas as pd

        made = {}
        for table in self._schema.tables:
            moved = [self._moved(table.name, frames[table.name], copy) for copy in range(1, copies + 1)]
            joined = pd.concat([self._crowd[table.name], *[part for part in moved if len(part)]])
            for key in table.uniques:
                if not set(key) & set(self._ids[table.name]):
                    joined = joined.drop_duplicates(list(key))
            made[table.name] = joined.reset_index(drop=True)
        return made

    def _largest(self, table: str, name: str) -> int:
        column = self._crowd[table][name]
        return int(column.max()) if _is_number(column) and len(column) else 0

    def _frame(self, table: str, rows: Rows) -> DataFrame:
        import pandas as pd

        types = self._crowd[table].dtypes
        columns = list(zip(*rows, strict=True)) if rows else [()] * len(types)
        made = {
            str(name): _column(values, dtype)
            for (name, dtype), values in zip(types.items(), columns, strict=True)
        }
        return pd.DataFrame(made)

    def _moved(self, table: str, frame: DataFrame, copy: int) -> DataFrame:
        moved = frame.copy()
        for name in self._ids[table]:
            if _is_number(moved[name]):
                moved[name] += self._offset * copy
            else:
                moved[name] = moved[name] + f"~{copy}"
        return moved


def _is_number(column: Any) -> bool:
    """True for a column of numbers."""
    return bool(column.dtype.kind in "iuf")


def _column(values: Any, dtype: Any) -> Any:
    """The values in the type the case's own column has; a type that knows no NULL gives way, as in DuckDB."""
    import pandas as pd

    column = pd.Series(list(values), dtype=object)
    if dtype.kind == "M":
        return pd.to_datetime(column).astype(dtype)
    if dtype.kind in "iu" and column.isna().any():
        return column.astype("float64")
    if dtype.kind == "b" and column.isna().any():
        return column
    return column.astype(dtype)


def _ids_of(schema: Schema) -> dict[str, list[str]]:
    """By table: the names of the columns that hold ids."""
    places = id_places(schema)
    return {
        table.name: [
            column.name for place, column in enumerate(table.columns) if (table.name, place) in places
        ]
        for table in schema.tables
    }
