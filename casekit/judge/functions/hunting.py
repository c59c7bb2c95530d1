"""The hunt for a small database on which a function answers otherwise than the reference does."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from casekit.compare import Contract, compare_tables
from casekit.judge.evidence.arena import Arena, Result
from casekit.judge.evidence.database import Database, Rows, keeps_uniques, without_orphans
from casekit.judge.evidence.rules import TableRules, rules_of
from casekit.judge.evidence.schema import Schema, TableDef
from casekit.judge.functions.calling import Stop
from casekit.judge.functions.rows import Loader
from casekit.model import Table

if TYPE_CHECKING:
    from pandas import DataFrame

__all__ = ["Answerer", "Found", "Hunt"]

COPIES = (1, 20)  # one stray row can drown in a rounded share of many
MOST_WAIT = 3.0  # seconds of wall clock for one of work
LONGEST_SECONDS = 30.0

Answerer = Callable[[Mapping[str, "DataFrame"]], Table | Stop]


@dataclass(frozen=True)
class Found:
    """
    A database on which the two differ.

    Attributes:
        rows: Its rows, by table.
        expected: What the reference gives there.
        given: What the function gives there, or how it stops.
    """

    rows: Database
    expected: Table
    given: Table | Stop


class _Clock:
    """
    So many seconds of work.

    Work is counted, not waiting, so that a busy machine gives the same words; but nobody waits much longer.
    """

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._worked, self._waited = time.thread_time(), time.monotonic()

    @property
    def seconds_left(self) -> float:
        """What is left of them."""
        waited = (time.monotonic() - self._waited) / MOST_WAIT
        return self._seconds - max(time.thread_time() - self._worked, waited)


@dataclass
class Hunt:
    """
    One function held against the reference.

    Args:
        function: What was handed in.
        reference: The right answer.
        contract: What counts as the same.
        loader: Makes frames of rows.
        schema: The tables both read.
        whole: All tables of the case.
        laws: Queries that give no row on a database that is fair.
        literals: What both are written with: names of columns, boundaries.

    Attributes:
        n_tried: Databases on which both answered.
    """

    function: Answerer
    reference: Answerer
    contract: Contract
    loader: Loader
    schema: Schema
    whole: Schema
    laws: tuple[str, ...]
    literals: set[object]
    n_tried: int = 0
    _rules: dict[str, TableRules] = field(init=False)
    _arena: Arena = field(init=False)
    _clock: _Clock = field(init=False)

    def __post_init__(self) -> None:
        self._rules = rules_of(self.whole)
        self._arena = Arena(self.whole, LONGEST_SECONDS)

    def __enter__(self) -> Hunt:
        return self

    def __exit__(self, *_: object) -> None:
        self._arena.__exit__(None, None, None)

    def difference(self, databases: Iterator[Database], seconds: float) -> Found | None:
        """The first fair database on which the two differ, also among plenty; None within *seconds*."""
        self._clock = _Clock(seconds)
        for rows in databases:
            if not self._has_time():
                return None
            found = self.on(rows, counting=True)
            if found is not None and self._is_lawful(rows) and self._is_confirmed(found):
                return found
        return None

    def on(self, rows: Database, *, counting: bool = False) -> Found | None:
        """What sets the two apart on *rows*; None for nothing, or when the reference itself stops."""
        frames = self.loader.frames(rows)
        expected, given = self._both(frames)
        if isinstance(expected, Stop):
            return None
        self.n_tried += counting
        return Found(rows, expected, given) if self._differ(expected, given) else None

    def shrunk(self, found: Found, seconds: float) -> Found:
        """*found* on as few rows as can be had in *seconds*, still fair, still different among plenty."""
        for sure in (False, True):  # the quick way is verified at its end
            self._clock = _Clock(seconds / 2)
            small = self._smallest(found, sure=sure)
            if small is found or sure or self._is_confirmed(small):
                return small
        return found

    def _smallest(self, found: Found, *, sure: bool) -> Found:
        last: Found | None = None
        while last is not found and self._has_time():
            last = found
            for table in self.schema.tables:
                for place in (*_groupings(table), None):  # whole people first, then single rows
                    found = self._fewer(found, table.name, place, sure=sure)
        return found

    def _fewer(self, found: Found, table: str, place: int | None, *, sure: bool) -> Found:
        """*found* with as few rows of one table as the difference allows; what belongs to them goes too."""
        parts = _parts(found.rows[table], place)
        width = len(parts)
        while width and self._has_time():
            start = 0
            while start < len(parts) and self._has_time():
                left = parts[:start] + parts[start + width :]
                cut = {**found.rows, table: [row for part in left for row in part]}
                smaller = self._kept(without_orphans(self.whole, cut), found, sure=sure)
                if smaller is None:
                    start += width
                else:
                    found, parts = smaller, left
            width = min(width // 2, len(parts))
        return found

    def _kept(self, rows: Database, before: Found, *, sure: bool) -> Found | None:
        """What sets the two apart on *rows*, when that is what did *before*."""
        if not any(rows[table.name] for table in self.schema.tables):
            return None
        found = self.on(rows)
        if found is None or self.gist(found) != self.gist(before) or not self._is_lawful(rows):
            return None
        return found if not sure or self._is_confirmed(found) else None

    def gist(self, found: Found) -> tuple[str, str]:
        """The kind of the difference, and the column or the error it is about."""
        if isinstance(found.given, Stop):
            return "stop", found.given.words
        difference = compare_tables(found.expected, found.given, self.contract).difference
        if difference is None:
            return "", ""
        return ("rows", "") if difference.kind in ("rows", "keys") else (difference.kind, difference.column)

    def among_plenty(self, found: Found) -> Found | None:
        """
        What sets the two apart with the candidate's data beside the rows; None for nothing.

        What a function does where there is nothing at all, such as a day without visits, is no mistake
        when the data never has it.
        """
        frames = self.loader.frames(found.rows)
        for copies in COPIES:
            expected, given = self._both(self.loader.beside(frames, copies))
            if not isinstance(expected, Stop) and self._differ(expected, given):
                return Found(found.rows, expected, given)
        return None

    def _is_confirmed(self, found: Found) -> bool:
        return self.among_plenty(found) is not None

    def _both(self, frames: Mapping[str, DataFrame]) -> tuple[Table | Stop, Table | Stop]:
        expected = self.reference(frames)
        given = expected if isinstance(expected, Stop) else self.function(frames)
        if isinstance(given, Stop) and given.interrupted:
            raise KeyboardInterrupt
        return expected, given

    def _differ(self, expected: Table, given: Table | Stop) -> bool:
        return (
            isinstance(given, Stop) or compare_tables(expected, given, self.contract).difference is not None
        )

    def _is_lawful(self, rows: Database) -> bool:
        for table in self.whole.tables:
            there: Rows = rows[table.name]
            if not keeps_uniques(table, there) or not all(map(self._rules[table.name].allows, there)):
                return False
        unread = [(name, text) for name, rules in self._rules.items() for text in rules.unread]
        checks = [f'SELECT 1 FROM "{name}" WHERE NOT ({text})' for name, text in unread]
        (number,) = self._arena.load([rows])
        ran = (self._arena.run(sql, number) for sql in (*checks, *self.laws))
        return not any(isinstance(result, Result) and result.rows for result in ran)

    def _has_time(self) -> bool:
        return self._clock.seconds_left > 0


def _groupings(table: TableDef) -> list[int]:
    """Places of ids that are no key of the table: rows of one of them belong together."""
    keys = {name for columns in table.uniques if len(columns) == 1 for name in columns}
    ids = [column.name for column in table.columns if column.name.endswith("_id")]
    return [table.place(name) for name in ids if name not in keys]


def _parts(rows: Rows, place: int | None) -> list[Rows]:
    """*rows* one by one, or those that agree at *place* together."""
    if place is None:
        return [[row] for row in rows]
    parts: dict[object, Rows] = {}
    for row in rows:
        parts.setdefault(row[place], []).append(row)
    return list(parts.values())
