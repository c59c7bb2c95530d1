"""Both queries run on many databases at a time, to see on which of them they seem to differ."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from casekit.judge.evidence.arena import Failed
from casekit.judge.evidence.database import Database, Rows
from casekit.judge.evidence.trial import Trial

__all__ = ["Screened", "Screening"]

LEAST_SCREENED = 4
RUN_ALONE = 2  # a screen takes as long to plan as that many runs
PATIENCE = 14
MOST_TELLING = 20

Screened = tuple[Rows, Rows] | None  # what both queries give; None where the reference fails


@dataclass
class Screening:
    """
    What was seen on the databases so far.

    Attributes:
        trial: Both queries in their arena.
        breaches: Queries that give no row on any database that is fair.
        wide: True when the two results differ in their number of columns, so that any database will do.
        n_tried: Databases on which both queries ran.
        n_telling: How many of these gave the reference a row without NULL.
        telling: Databases on which a query gave one.
        stumbles: The kinds of errors the reference ran into.
        patience: How many more screens may fail before the rest of a batch is left out.
    """

    trial: Trial
    breaches: list[str] = field(default_factory=list)
    wide: bool = False
    n_tried: int = 0
    n_telling: int = 0
    telling: list[Database] = field(default_factory=list)
    stumbles: set[str] = field(default_factory=set)
    patience: int = 0

    def results(self, batch: list[Database]) -> list[Screened]:
        """What both queries seem to give on each database of *batch*; these count as tried."""
        self.patience = PATIENCE
        results = self._screened(self.trial.arena.load(batch), counting=True)
        self._remember(batch, results)
        return results

    def _remember(self, batch: Sequence[Database], results: Sequence[Screened]) -> None:
        told = [
            place for place, result in enumerate(results) if result is not None and any(map(_tells, result))
        ]
        self.telling += [batch[place] for place in told[:MOST_TELLING]]

    def one_by_one(self, batch: Sequence[Database]) -> list[Screened]:
        """The same for whole worlds: a query over several of them at a time can take for ever."""
        results = [self._alone(number, counting=True) for number in self.trial.arena.load(batch)]
        self._remember(batch, results)
        return results

    def sieve(self, batch: list[Database]) -> list[int]:
        """The places in *batch* of the databases on which the results seem to differ."""
        self.patience = PATIENCE // 2
        numbers = self.trial.arena.load(batch) if batch else range(0)
        if len(numbers) <= RUN_ALONE:
            results = [self._alone(number, counting=False) for number in numbers]
        else:
            results = self._screened(numbers, counting=False)
        return [place for place, result in enumerate(results) if self.differs(result)]

    def differs(self, result: Screened) -> bool:
        """True when *result* is not one answer twice."""
        return result is not None and (self.wide or not self.trial.same_rows(*result))

    def lawful(self, databases: list[Database]) -> list[Database]:
        """Those of *databases* that no breach gives a row on."""
        if not self.breaches or not databases:
            return databases
        numbers = self.trial.arena.load(databases)
        left = set(numbers)
        for place, sql in enumerate(self.breaches):
            broken = self._breaking(sql, left)
            if broken:  # broken once, broken soon again
                self.breaches.insert(0, self.breaches.pop(place))
            left -= broken
            if not left:
                break
        return [database for number, database in zip(numbers, databases, strict=True) if number in left]

    def _breaking(self, sql: str, numbers: set[int]) -> set[int]:
        """Which of *numbers* hold a row that *sql* finds."""
        arena = self.trial.arena
        if len(numbers) > 1:
            every = range(min(numbers), max(numbers) + 1)
            found = arena.screen(f"SELECT 1 FROM (\n{sql}\n) LIMIT 1", every)
            if found is not None:
                return set(found) & numbers
        ran = {number: arena.run(sql, number) for number in numbers}
        return {number for number, found in ran.items() if not isinstance(found, Failed) and found.rows}

    def _screened(self, numbers: range, *, counting: bool) -> list[Screened]:
        """What both queries give on each of *numbers*; None where the reference fails or time ran out."""
        arena = self.trial.arena
        wanted = arena.screen(self.trial.reference, numbers)
        given = arena.screen(self.trial.submission, numbers) if wanted is not None else None
        if wanted is not None and given is not None:
            if counting:
                self.n_tried += len(numbers)
                self.n_telling += sum(map(_tells, wanted.values()))
            placed = {number: self.trial.placed(rows) for number, rows in given.items()}
            return [(wanted.get(number, []), placed.get(number, [])) for number in numbers]
        self.patience -= 1
        if self.patience < 0:
            return [None] * len(numbers)
        if len(numbers) <= LEAST_SCREENED:
            return [self._alone(number, counting=counting) for number in numbers]
        # An error on some rows spoils the whole screen, so the halves are screened alone.
        middle = (numbers.start + numbers.stop) // 2
        halves = (range(numbers.start, middle), range(middle, numbers.stop))
        return [result for half in halves for result in self._screened(half, counting=counting)]

    def _alone(self, number: int, *, counting: bool) -> Screened:
        if self.trial.arena.seconds_left <= 0:
            return None
        finding = self.trial.once(number)
        if isinstance(finding.reference, Failed):
            self.stumbles.add(finding.reference.kind)
            return None
        if counting:
            self.n_tried += 1
            self.n_telling += _tells(finding.reference.rows)
        wanted = finding.reference.rows
        if isinstance(finding.submission, Failed):
            return wanted, [*wanted, ("it fails",)]
        return wanted, finding.submission.rows


def _tells(rows: Rows) -> bool:
    """True when there is a row whose values are all there: rows of NULL are what is made of nothing."""
    return any(None not in row for row in rows)
