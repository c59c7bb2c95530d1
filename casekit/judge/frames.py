"""DataFrames read as tables of plain values, and what to say when something else was passed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from casekit.model import Table

if TYPE_CHECKING:
    from pandas import DataFrame

__all__ = ["NotATable", "frame_table", "is_frame", "read_frame"]

NESTED = (list, dict, set, tuple, bytes)


class NotATable(Exception):  # noqa: N818 - it names what was passed
    """What was passed is no table of plain values; the message tells the learner what to pass."""


def is_frame(value: object) -> bool:
    """True for a pandas DataFrame; never imports pandas."""
    return _pandas_name(value) == "DataFrame"


def read_frame(value: object, max_rows: int) -> Table:
    """
    The DataFrame *value* as a table; a named index counts as columns.

    Raises:
        NotATable: Anything else, with what it is and what to do.
    """
    name = _pandas_name(value)
    if name == "Series":
        raise NotATable("You passed a Series, one column. Pass a DataFrame: series.reset_index() makes one.")
    if name != "DataFrame":
        raise NotATable(f"You passed {_described(value)}. Pass a DataFrame with the columns asked for.")
    return frame_table(value, max_rows)  # type: ignore[arg-type]


def frame_table(frame: DataFrame, max_rows: int) -> Table:
    """
    *frame* as a table of plain Python values, at most *max_rows* of them.

    Raises:
        NotATable: Column names repeat or have levels, or a cell holds a list, a dict or another frame.
    """
    if frame.columns.nlevels > 1:
        raise NotATable("The columns have several levels. Flatten them, for example with named aggregation.")
    flat = _with_index(frame)
    names = [str(name) for name in flat.columns]
    repeated = sorted({name for name in names if names.count(name) > 1})
    if repeated:
        raise NotATable(
            f"The column name {', '.join(map(repr, repeated))} stands more than once. Rename one."
        )
    head = flat.iloc[:max_rows]
    columns = [_plain_values(head.iloc[:, place], name) for place, name in enumerate(names)]
    rows = tuple(zip(*columns, strict=True)) if columns else ()
    return Table(tuple(names), rows, truncated=len(flat) > max_rows)


def _with_index(frame: DataFrame) -> DataFrame:
    """A plain 0..n index is no data; any other index is, and becomes columns."""
    index: Any = frame.index
    if index.nlevels == 1 and index.name is None and (index.dtype.kind in "iu"):
        return frame
    names = [name if name is not None else f"index {n}" for n, name in enumerate(index.names)]
    taken = {str(column) for column in frame.columns}
    fresh = [name for name in names if str(name) not in taken]
    lost = [name for name in names if str(name) in taken]
    moved = frame.rename_axis(index=names)
    return moved.reset_index(level=fresh).reset_index(drop=True) if lost else moved.reset_index()


def _plain_values(series: Any, name: str) -> list[object]:
    import pandas as pd

    values: list[object] = []
    for value in series.astype(object):
        if isinstance(value, (*NESTED, pd.DataFrame, pd.Series)) or hasattr(value, "__array__"):
            kind = type(value).__name__
            raise NotATable(f"Column {name!r} holds a {kind} in a cell. Put one plain value in each cell.")
        values.append(_plain(value, pd))
    return values


def _plain(value: Any, pd: Any) -> object:
    if value is None or value is pd.NA or value is pd.NaT:
        return None
    if isinstance(value, pd.Period):
        value = value.start_time
    if isinstance(value, pd.Timestamp):
        return value.to_pydatetime(warn=False)
    if isinstance(value, pd.Timedelta):
        return value.to_pytimedelta()
    if isinstance(value, pd.Interval):
        return str(value)
    return value.item() if hasattr(value, "item") else value


def _pandas_name(value: object) -> str:
    kind = type(value)
    return kind.__name__ if kind.__module__.partition(".")[0] == "pandas" else ""


def _described(value: object) -> str:
    if value is None:
        return "None"
    if isinstance(value, bool | int | float | str):
        text = repr(value)
        return f"the single value {text if len(text) <= 40 else text[:40] + '…'}"
    return f"a {type(value).__name__}"
