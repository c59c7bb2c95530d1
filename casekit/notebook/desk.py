"""What an open case keeps at hand: the data, the connection to explore it, the bench, the record."""

from __future__ import annotations

import atexit
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from casekit.judge import Bench
from casekit.judge.hidden import WARM_MODULES
from casekit.library import find_exercise
from casekit.model import Case, Exercise, Table
from casekit.notebook.record import Record
from casekit.sandbox import AnswerBox, Ran, fetch, open_explorer
from casekit.world import Dataset
from casekit.world.sidecar import TableInfo

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

__all__ = ["Desk", "RememberingBox"]

_OWN_NAMES = (
    "SELECT table_name, column_name, data_type FROM duckdb_columns() "
    "WHERE database_name <> 'ds' AND NOT internal ORDER BY table_name, column_index"
)
_VALUES = 'list_sort(list(DISTINCT "{name}"::VARCHAR) FILTER (WHERE "{name}" IS NOT NULL))'
_TYPE_WORDS = {"money": "number"}


class RememberingBox(AnswerBox):
    """An answer box that keeps its last result, so that the table judged is the table shown."""

    last: Ran | None = None

    def run(self, sql: str, path: Path) -> Ran:
        """Runs *sql* as an answer and remembers what it gave."""
        self.last = None
        self.last = super().run(sql, path)
        return self.last


class Desk:
    """
    One open case. Everything heavy starts when it is first needed.

    Attributes:
        case: The case.
        dataset: Its data on disk.
        record: What the candidate has done.
    """

    def __init__(self, case: Case, dataset: Dataset, record: Record) -> None:
        self.case = case
        self.dataset = dataset
        self.record = record
        self._own_names: dict[str, list[tuple[str, str]]] | None = {}
        atexit.register(self.close)

    @cached_property
    def box(self) -> RememberingBox:
        """Where answers run."""
        return RememberingBox(warm=WARM_MODULES)

    @cached_property
    def bench(self) -> Bench:
        """The judge's bench on this data."""
        return Bench(self.case, self.dataset.path, self.box, lambda: tuple(self._own()))

    @cached_property
    def explorer(self) -> DuckDBPyConnection:
        """The candidate's own connection."""
        return open_explorer(self.dataset.path)

    def exercise(self, exercise_id: str) -> Exercise:
        """
        The exercise called *exercise_id*.

        Raises:
            UnknownName: There is none; near misses are named.
        """
        return find_exercise(self.case, exercise_id)

    def schema(self) -> dict[str, list[tuple[str, str]]]:
        """Columns with their types by table, the candidate's own views included."""
        given = {
            table.name: [(column.name, _TYPE_WORDS.get(column.type, column.type)) for column in table.columns]
            for table in self.dataset.tables
        }
        return {**given, **self._own()}

    def names_changed(self) -> None:
        """Says that a view or table was made or dropped."""
        self._own_names = None

    def first_rows(self, table: str, count: int = 5) -> Table:
        """The first rows of a table of the case."""
        return fetch(self.explorer, f'SELECT * FROM ds."{table}" LIMIT {count}', max_rows=count)

    def values_of(self, table: TableInfo) -> dict[str, tuple[str, ...]]:
        """The values that occur, by column, for columns that hold a fixed set of them."""
        columns = [column.name for column in table.columns if column.values]
        if not columns:
            return {}
        lists = ", ".join(_VALUES.format(name=name) for name in columns)
        row = fetch(self.explorer, f'SELECT {lists} FROM ds."{table.name}"', max_rows=1).rows[0]
        found = zip(columns, row, strict=True)
        return {name: tuple(map(str, values)) for name, values in found if isinstance(values, list)}

    def close(self) -> None:
        """Lets go of connections and worker processes."""
        opened = vars(self)
        for name in ("bench", "explorer", "box"):
            thing = opened.pop(name, None)
            if thing is not None:
                thing.close()
        atexit.unregister(self.close)

    def _own(self) -> dict[str, list[tuple[str, str]]]:
        if self._own_names is None:
            names: dict[str, list[tuple[str, str]]] = {}
            for row in fetch(self.explorer, _OWN_NAMES, max_rows=1_000).rows:
                table, column, kind = map(str, row)
                names.setdefault(table, []).append((column, kind.lower()))
            self._own_names = names
        return self._own_names
