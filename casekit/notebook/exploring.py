"""Looking at the data: queries without a name, DataFrames, the tables of the case."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from casekit.errors import UnknownName, UsageError
from casekit.model import Table
from casekit.notebook.desk import Desk
from casekit.notebook.screen import show, typed
from casekit.sandbox import Failure, explain, run_query
from casekit.show import TableView, dictionary_view, notice
from casekit.show.dictionary import ColumnSheet, TableSheet
from casekit.show.moments import failure_view
from casekit.world.sidecar import TableInfo

if TYPE_CHECKING:
    from pandas import DataFrame

__all__ = ["explore", "frame_of", "query_frame", "show_tables", "table_frame"]

_FRAME_ROWS = 500_000
_TITLES = {
    "empty": "There is no query in this cell.",
    "several": "One statement at a time.",
    "timeout": "The query was stopped because it took too long.",
    "interrupted": "The query was stopped.",
    "refused": "That is not allowed here.",
    "memory": "The query was stopped because it needed too much memory.",
    "too-large": "The result is too large to show.",
}


def explore(desk: Desk, sql: str) -> None:
    """Runs one exploring statement and displays its table, or what went wrong."""
    before_first_look(desk)
    ran = run_query(desk.explorer, sql)
    if ran.failure is not None:
        show_failure(desk, ran.failure, sql)
    elif ran.table is None:
        desk.names_changed()
        show(
            notice(
                "Done. Views and tables of your own live until the kernel stops.", word="Done", tone="good"
            )
        )
    else:
        show(TableView(ran.table))


def show_failure(desk: Desk, failure: Failure, sql: str) -> None:
    """Displays why a query gave nothing, with what to type instead."""
    schema = {table: [name for name, _ in columns] for table, columns in desk.schema().items()}
    title = _TITLES.get(failure.kind, "The query did not run.")
    show(failure_view(title, explain(failure, sql, schema)))


def before_first_look(desk: Desk) -> None:
    """At the first look at the data: notes it, and once asks for a prediction that is not made yet."""
    if desk.record.happened("data-opened"):
        return
    desk.record.keep("data-opened")
    if desk.record.prediction() is None:
        title = "You are looking before you have predicted."
        how = "Nothing is locked. A prediction made now is stamped as made after the data: `case.predict()`."
        show(notice(title, [how], word="One moment", tone="near"))


def show_tables(desk: Desk) -> None:
    """Displays every table with grain, columns, size and first rows."""
    show(
        dictionary_view(
            [
                TableSheet(
                    name=table.name,
                    grain=table.grain,
                    rows=table.rows,
                    columns=_column_sheets(desk, table),
                    first=desk.first_rows(table.name),
                )
                for table in desk.dataset.tables
            ]
        )
    )


def _column_sheets(desk: Desk, table: TableInfo) -> tuple[ColumnSheet, ...]:
    values = desk.values_of(table)
    return tuple(
        ColumnSheet(column.name, column.type, column.what, column.unit, values.get(column.name, ()))
        for column in table.columns
    )


def table_frame(desk: Desk, name: object, text: object) -> DataFrame:
    """
    A table, or a view made in this notebook, as a DataFrame.

    Raises:
        UnknownName: No such table.
        UsageError: The name is no text, or there is no such way for text to come.
    """
    if not isinstance(name, str):
        raise UsageError(f"{typed(name)} names no table. Type its name: case.df('{_any_table(desk)}').")
    if not isinstance(text, str) or text not in ("str", "category"):
        raise UsageError(f"text columns do not come as {typed(text)}. Type text='str' or text='category'.")
    known = {table.casefold(): table for table in desk.schema()}
    table = known.get(name.casefold())
    if table is None:
        raise UnknownName("table", name, known.values())
    before_first_look(desk)
    frame = desk.explorer.execute(f'SELECT * FROM "{table}"').df()
    if text == "str":
        # by way of the categories: seventeen times cheaper than reading the text row by row
        chosen = frame.select_dtypes("category").columns
        frame = frame.astype(dict.fromkeys(chosen, "str"))
    return frame


def query_frame(desk: Desk, sql: object) -> DataFrame | None:
    """
    A query's result as a DataFrame; None when it failed, after saying why.

    Raises:
        UsageError: The query is no text.
    """
    if not isinstance(sql, str):
        example = f"case.sql('SELECT count(*) FROM {_any_table(desk)}')"
        raise UsageError(f"{typed(sql)} is no query. Pass SQL as text: {example}.")
    before_first_look(desk)
    ran = run_query(desk.explorer, sql, max_rows=_FRAME_ROWS)
    if ran.failure is not None:
        show_failure(desk, ran.failure, sql)
        return None
    if ran.table is None:
        desk.names_changed()
        return None
    if ran.table.truncated:
        lines = [f"A DataFrame made here holds at most {_FRAME_ROWS:,} rows. Aggregate in SQL first."]
        show(notice("There were more rows.", lines, tone="near"))
    return frame_of(ran.table)


def _any_table(desk: Desk) -> str:
    return desk.dataset.tables[0].name


def frame_of(table: Table) -> DataFrame:
    """*table* as a DataFrame with DuckDB's own types: dates as timestamps, decimals as floats."""
    import pandas as pd

    frame = pd.DataFrame(list(table.rows), columns=list(table.columns))
    for place, values in enumerate(zip(*table.rows, strict=True)):
        present = [value for value in values if value is not None]
        if present and all(isinstance(value, date) for value in present):
            frame.isetitem(place, pd.to_datetime(pd.Series(values)).array)
        elif present and all(isinstance(value, Decimal) for value in present):
            frame.isetitem(place, pd.Series(values, dtype="float64").array)
    return frame
