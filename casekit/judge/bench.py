"""The judge's bench: the data, the answer box, and every reference and trap result computed once."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from casekit.compare import Contract
from casekit.errors import AuthorError, Problem
from casekit.judge.frames import frame_table
from casekit.judge.hidden import WARM_MODULES, Examined, Hidden, hidden_worlds
from casekit.library import load_ledger
from casekit.model import Case, Table
from casekit.model.keys import CodeKey
from casekit.model.results import LedgerNumber
from casekit.sandbox import AnswerBox, Failure, Ran, fetch, open_trusted

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection
    from pandas import DataFrame

    from casekit.judge.hidden.worlds import HiddenWorlds
    from casekit.judge.mutants import Mutant

__all__ = ["Bench"]

log = logging.getLogger(__name__)

MAX_KEY_ROWS = 100_000


class Bench:
    """
    What judging one case on one dataset needs; results are kept, so a second answer costs less.

    Args:
        case: The case.
        dataset: The DuckDB file of its data.
        answer_box: Where candidates' SQL runs; one is started when None.
        own_names: Gives the views and tables the candidate made while exploring; no answer can see them.
        evidence_seconds: Wall clock for one verdict on SQL, hidden databases included; 0 to ask none.
    """

    def __init__(
        self,
        case: Case,
        dataset: Path,
        answer_box: AnswerBox | None = None,
        own_names: Callable[[], Sequence[str]] = tuple,
        *,
        evidence_seconds: float = 2.0,
    ) -> None:
        self.evidence_seconds = evidence_seconds
        self.case = case
        self.dataset = dataset
        self.own_names = own_names
        self._box = answer_box or AnswerBox(warm=WARM_MODULES)
        self._owns_box = answer_box is None
        self._connection: DuckDBPyConnection | None = None
        self._lock = threading.RLock()
        self._results: dict[str, Table | Failure] = {}
        self._ledger: dict[str, LedgerNumber] | None = None
        self._schema: dict[str, tuple[str, ...]] | None = None
        self._frames: dict[str, DataFrame] | None = None
        self._hidden_worlds: HiddenWorlds | None = None
        self._mutants: dict[str, tuple[Mutant, ...]] = {}
        self._hidden: Hidden | None = None
        self._no_hidden = False

    def run(self, sql: str) -> Ran:
        """A candidate's query, run in the sandbox."""
        return self._box.run(sql, self.dataset)

    def reference(self, key: CodeKey) -> Table:
        """
        The reference's result on this data.

        Raises:
            AuthorError: The reference does not run.
        """
        result = self.result(key.reference, key.language)
        if isinstance(result, Failure):
            problem = Problem("answers", "reference", "", f"does not run: {result.message}")
            raise AuthorError(self.case.slug, [problem])
        return result

    def result(self, code: str, language: str) -> Table | Failure:
        """What an author's code gives on this data: its table, or how it fails."""
        with self._lock:
            if code not in self._results:
                self._results[code] = self._sql(code) if language == "sql" else self._python(code)
            return self._results[code]

    def mutants(self, key: CodeKey) -> tuple[Mutant, ...]:
        """Queries that make one mistake in the reference each, with the words for it."""
        from casekit.judge.mutants import mutants_of

        with self._lock:
            if key.reference not in self._mutants:
                self._mutants[key.reference] = mutants_of(key.reference)
            return self._mutants[key.reference]

    def examine(self, reference: str, submission: str, contract: Contract, **asked: Any) -> Examined | None:
        """What hidden databases say of *submission*, see `Hidden.examine`; None when none are asked."""
        hidden = self.hidden
        return hidden.examine(reference, submission, contract, **asked) if hidden is not None else None

    @property
    def hidden(self) -> Hidden | None:
        """The case's hidden databases; None when none are asked, or when the case cannot have any."""
        with self._lock:
            if self._hidden is None and self.evidence_seconds and not self._no_hidden:
                try:
                    self._hidden = Hidden(self.hidden_worlds(), self._box, self.dataset)
                except AuthorError as error:  # no fault of the learner's: the verdict rests on their data
                    self._no_hidden = True
                    log.error("no hidden databases: %s", error)
            return self._hidden

    @property
    def schema(self) -> Mapping[str, tuple[str, ...]]:
        """The columns of every table, by table name."""
        with self._lock:
            if self._schema is None:
                rows = fetch(
                    self._trusted(),
                    "SELECT table_name, list(column_name ORDER BY column_index) FROM duckdb_columns() "
                    "WHERE NOT internal GROUP BY 1 ORDER BY 1",
                ).rows
                self._schema = {str(name): tuple(map(str, _listed(columns))) for name, columns in rows}
            return self._schema

    @property
    def ledger(self) -> Mapping[str, LedgerNumber]:
        """
        Every named number of the case, computed from this data.

        Raises:
            AuthorError: A ledger query fails, gives other than one row, or a value that is no number.
        """
        with self._lock:
            if self._ledger is None:
                self._ledger = self._compute_ledger()
            return self._ledger

    def frames(self) -> Mapping[str, DataFrame]:
        """Every table as a fresh copy of a DataFrame, by name; text columns are plain text."""
        with self._lock:
            if self._frames is None:
                self._frames = {name: self._frame(name) for name in self.schema}
            return {name: frame.copy() for name, frame in self._frames.items()}

    def hidden_worlds(self) -> HiddenWorlds:
        """
        What the hidden databases of the case are made from, drawn once.

        Raises:
            AuthorError: The world cannot be drawn, or ``rules.sql`` cannot be read.
        """
        with self._lock:
            if self._hidden_worlds is None:
                self._hidden_worlds = hidden_worlds(self.case)
            return self._hidden_worlds

    def close(self) -> None:
        """Let go of the data file and, when this bench started it, of the answer box."""
        with self._lock:
            if self._connection is not None:
                self._connection.close()
                self._connection = None
        if self._owns_box:
            self._box.close()

    def _trusted(self) -> DuckDBPyConnection:
        if self._connection is None:
            self._connection = open_trusted(self.dataset)
        return self._connection

    def _frame(self, table: str) -> DataFrame:
        described = fetch(self._trusted(), f'DESCRIBE "{table}"').rows
        columns = ", ".join(
            f'"{row[0]}"::VARCHAR AS "{row[0]}"' if str(row[1]).startswith("ENUM") else f'"{row[0]}"'
            for row in described
        )
        return self._trusted().execute(f'SELECT {columns} FROM "{table}"').df()

    def _sql(self, code: str) -> Table | Failure:
        import duckdb

        try:
            return fetch(self._trusted(), code, max_rows=MAX_KEY_ROWS)
        except (duckdb.Error, ValueError) as error:
            return Failure("runtime", str(error), type(error).__name__)

    def _python(self, code: str) -> Table | Failure:
        import numpy as np
        import pandas as pd

        names: dict[str, Any] = {**self.frames(), "pd": pd, "np": np}
        try:
            exec(compile(code, "<answers>", "exec"), names)  # noqa: S102 - the case author's own code
            return frame_table(names["answer"], MAX_KEY_ROWS)
        except Exception as error:  # noqa: BLE001 - whatever an author's code raises is reported to the author
            return Failure("runtime", f"{type(error).__name__}: {error}", type(error).__name__)

    def _compute_ledger(self) -> dict[str, LedgerNumber]:
        numbers: dict[str, LedgerNumber] = {}
        problems: list[Problem] = []
        for section, sql in load_ledger(self.case):
            result = self.result(sql, "sql")
            if isinstance(result, Failure):
                problems.append(Problem("answers/ledger.sql", section, "", f"does not run: {result.message}"))
            elif len(result.rows) != 1:
                message = f"gives {len(result.rows)} rows; exactly one is needed"
                problems.append(Problem("answers/ledger.sql", section, "", message))
            else:
                _add_numbers(section, result, numbers, problems)
        if problems:
            raise AuthorError(self.case.slug, problems)
        return numbers


def _listed(value: object) -> list[object]:
    return value if isinstance(value, list) else [value]


def _add_numbers(
    section: str, result: Table, numbers: dict[str, LedgerNumber], problems: list[Problem]
) -> None:
    for name, value in zip(result.columns, result.rows[0], strict=True):
        try:
            numbers[name] = LedgerNumber(name, float(value), name.rsplit("_", 1)[-1])  # type: ignore[arg-type]
        except (TypeError, ValueError):
            problems.append(Problem("answers/ledger.sql", section, name, f"is no number (it is {value!r})"))
