"""Two queries compared on many small databases, and the first difference made small."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from casekit.judge.evidence.arena import Arena, Failed, Result

from casekit.judge.evidence.database import Database, Rows
from casekit.judge.evidence.evidence import Counterexample, Grid
from casekit.judge.evidence.plans import Plans
from casekit.judge.evidence.sameness import same_rows
from casekit.judge.evidence.schema import Schema
from casekit.judge.evidence.shrinking import Shrinker
from casekit.judge.evidence.telling import apart
from casekit.judge.evidence.trial import Finding, Trial, permuted

__all__ = ["Search", "counterexample"]

BATCHES = (16, 44, 90, 120, 130)
BATCH_AS_WRITTEN = 20
FIRST_ORDERS = 2
LAST_ORDERS = 6
MOST_SUSPECTS = 5
MOST_ROWS = 1_000_000


@dataclass
class Search:
    """
    One comparison under way.

    Args:
        trial: Both queries in their arena.
        plans: The databases to try.
    """

    trial: Trial
    plans: Plans
    n_tried: int = 0
    n_telling: int = 0
    by_chance: list[Finding] = field(default_factory=list)

    @property
    def arena(self) -> Arena:
        """Where the queries run."""
        return self.trial.arena

    def difference(self, given: Sequence[Database]) -> tuple[Database, Finding] | None:
        """A small database on which the queries differ, or None when none was found in time."""
        loose: tuple[Database, Finding] | None = None
        for batch in self._batches(given):
            for suspect in self._suspects(batch):
                finding = self.trial.thorough(suspect, FIRST_ORDERS)
                if finding.outcome == "different" and finding.is_firm:
                    return self._small(suspect, finding)
                if finding.outcome == "different" and loose is None:
                    loose = suspect, finding
                if finding.outcome == "by chance":
                    self.by_chance.append(finding)
            if self.arena.seconds_left <= 0:
                break
        return self._small(*loose) if loose else None

    def _batches(self, given: Sequence[Database]) -> Iterator[list[Database]]:
        if given:
            yield list(given)
        made = self.plans.databases()
        for size in BATCHES:
            if self.arena.seconds_left > 0:
                yield list(islice(made, size))

    def _suspects(self, batch: list[Database]) -> list[Database]:
        """The databases of *batch* on which the results seem to differ, smallest first."""
        places = self.sieve(batch, counting=True)
        # Empty tables persuade nobody, so they come last.
        places.sort(key=lambda place: sum(map(len, batch[place].values())) or MOST_ROWS)
        return [batch[place] for place in places[:MOST_SUSPECTS]]

    def sieve(self, batch: list[Database], *, counting: bool = False) -> list[int]:
        """The places in *batch* of the databases on which the results seem to differ."""
        numbers = self.arena.load(batch)
        wanted = self.arena.screen(self.trial.reference, numbers)
        given = self.arena.screen(self.trial.submission, numbers) if wanted is not None else None
        if wanted is None or given is None:
            return self._as_written(numbers, counting=counting)
        if counting:
            self.n_tried += len(numbers)
            self.n_telling += len(wanted)
        return [
            place
            for place, number in enumerate(numbers)
            if not same_rows(wanted.get(number, []), given.get(number, []))
        ]

    def _as_written(self, numbers: range, *, counting: bool) -> list[int]:
        places = []
        for place, number in enumerate(numbers[:BATCH_AS_WRITTEN]):
            if self.arena.seconds_left <= 0:
                break
            finding = self.trial.once(number)
            if counting and isinstance(finding.reference, Result):
                self.n_tried += 1
                self.n_telling += bool(finding.reference.rows)
            if finding.outcome == "different":
                places.append(place)
        return places

    def _small(self, database: Database, finding: Finding) -> tuple[Database, Finding]:
        for orders in (0, FIRST_ORDERS):  # the quick way trusts the screening, and is verified at the end
            small = self._shrinker(orders, firmly=finding.is_firm).shrunk(database)
            final = self.trial.thorough(small, LAST_ORDERS)
            if final.outcome == "different" and (final.is_firm or not finding.is_firm):
                return (permuted(small, 1)[0] if final.is_firm else small), final
        return database, finding

    def _shrinker(self, orders: int, *, firmly: bool) -> Shrinker:
        def sure(candidate: Database) -> bool:
            if not orders:
                return True
            found = self.trial.thorough(candidate, orders)
            return found.outcome == "different" and (found.is_firm or not firmly)

        plans = self.plans
        return Shrinker(plans.schema, plans.rules, plans.pools, self.sieve, sure, self._has_time)

    def _has_time(self) -> bool:
        return self.arena.seconds_left > 0


def counterexample(schema: Schema, database: Database, finding: Finding) -> Counterexample:
    """The database and both results, and the sentence on what sets them apart."""
    wanted, given = finding.reference, finding.submission
    if isinstance(wanted, Failed):
        raise TypeError("a difference needs the reference's result")
    tables = {table.name: _grid_of(table, database[table.name]) for table in schema.tables}
    actual = None if isinstance(given, Failed) else _grid(given)
    error = given.message if isinstance(given, Failed) else ""
    return Counterexample(tables, _grid(wanted), actual, error, apart(wanted, given))


def _grid(result: Result) -> Grid:
    return Grid(result.columns, result.types, tuple(result.rows))


def _grid_of(table: Any, rows: Rows) -> Grid:
    names = tuple(column.name for column in table.columns)
    return Grid(names, tuple(column.type for column in table.columns), tuple(rows))


