"""Two queries compared on many small databases, and the first difference made small."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice

from casekit.judge.evidence.arena import Arena, Failed, Result
from casekit.judge.evidence.database import Database, Rows
from casekit.judge.evidence.halving import Halving
from casekit.judge.evidence.numbering import renumbered
from casekit.judge.evidence.plans import Plans
from casekit.judge.evidence.sameness import leftovers
from casekit.judge.evidence.shrinking import Shrinker, Sieve
from casekit.judge.evidence.thinning import thinned
from casekit.judge.evidence.trial import Finding, Trial

__all__ = ["Search"]

BATCHES = (16, 44, 90, 120, 130)
BATCH_AS_WRITTEN = 20
BATCH_IN_ORDER = 40
FIRST_ORDERS = 2
LAST_ORDERS = 6
MOST_SUSPECTS = 5
MOST_SCREENED = 20
MOST_TELLING = 20
LEAST_SCREENED = 4
PATIENCE = 14
RARE_SHARE = 0.4
THIN = 40
LOOKED_FOR_SMALLER = 30
EASILY_SHRUNK = 60  # rows; from more of them it is quicker to look for another database first
MOST_ROWS = 1_000_000

Screened = tuple[Rows, Rows] | None  # what both queries give; None where the reference fails


@dataclass
class Search:
    """
    One comparison under way.

    Attributes:
        trial: Both queries in their arena.
        plans: The databases to try.
        wide: True when the two results differ in their number of columns, so that any database will do.
        most: How many databases of its own the search may try.
        laws: Queries that give no row on any database that may be tried.
        solid: True to look for a difference in rows without NULL first, which shows a mistake better than
            what a query makes of nothing at all.
        confirms: Says whether a difference seen on a tiny database counts; None when all do.
        n_tried: Databases on which both queries ran.
        n_telling: How many of these gave the reference a row.
        by_chance: Findings that depend on the order of rows.
        telling: Databases on which a query gave a row.
        patience: How many more screens may fail before the rest of a batch is left out.
    """

    trial: Trial
    plans: Plans
    wide: bool = False
    most: int = sum(BATCHES)
    laws: Sequence[str] = ()
    solid: bool = False
    confirms: Callable[[Database], bool] | None = None
    n_tried: int = 0
    n_telling: int = 0
    by_chance: list[Finding] = field(default_factory=list)
    telling: list[Database] = field(default_factory=list)
    patience: int = 0

    def __post_init__(self) -> None:
        checks = [(rules.table.name, check) for rules in self.plans.rules.values() for check in rules.unread]
        self._breaches = [f'SELECT 1 FROM "{name}" WHERE NOT ({check})' for name, check in checks]
        self._breaches += self.laws

    @property
    def arena(self) -> Arena:
        """Where the queries run."""
        return self.trial.arena

    def difference(self, given: Sequence[Database]) -> Finding | None:
        """The finding on a small database that tells the queries apart, or None when none was found."""
        loose: Finding | None = None
        large: list[Finding] = []
        for suspects in self._all_suspects(given):
            for finding in map(self._tried, suspects):
                if finding.outcome == "different" and finding.is_firm:
                    if self._is_telling(finding):
                        return self._small(finding, self.sieve)
                    large.append(finding)
                elif finding.outcome == "different":
                    loose = loose or finding
                elif finding.outcome == "by chance":
                    self.by_chance.append(finding)
            if not self.has_time() or (large and self.n_tried > LOOKED_FOR_SMALLER):
                break
        if large:
            best = min(large, key=lambda finding: (not is_solid(finding), _n_rows(finding.database)))
            return self._small(self._halved(best), self.sieve)
        if loose is not None:
            return self._checked(self._small(loose, self.sieve))
        return self._misordered(given) if self.trial.asks_order else None

    def _is_telling(self, finding: Finding) -> bool:
        """True for a difference that need not be looked for again on a smaller or fuller database."""
        is_small = _n_rows(finding.database) <= EASILY_SHRUNK
        return not self.solid or (is_small and is_solid(finding))

    def _tried(self, database: Database) -> Finding:
        """The finding on *database*; ``same`` where a difference there does not count."""
        finding = self.trial.thorough(database, FIRST_ORDERS)
        if finding.outcome == "different" and self.confirms is not None and not self.confirms(database):
            return replace(finding, outcome="same")
        return finding

    def has_time(self) -> bool:
        """True while the time box lasts."""
        return self.arena.seconds_left > 0

    def sieve(self, batch: list[Database]) -> list[int]:
        """The places in *batch* of the databases on which the results seem to differ."""
        return [place for place, result in enumerate(self._results(batch)) if self._differs(result)]

    def _results(self, batch: list[Database], *, counting: bool = False) -> list[Screened]:
        """What both queries seem to give on each database of *batch*; None where that is not known."""
        numbers = self.arena.load(batch)
        self.patience = PATIENCE
        results = self._screened(numbers, counting=counting)
        if counting:
            told = [place for place, result in enumerate(results) if result is not None and any(result)]
            self.telling += [batch[place] for place in told[:MOST_TELLING]]
        return results

    def _screened(self, numbers: range, *, counting: bool) -> list[Screened]:
        """What both queries give on each of *numbers*; None where the reference fails or time ran out."""
        wanted = self.arena.screen(self.trial.reference, numbers)
        given = self.arena.screen(self.trial.submission, numbers) if wanted is not None else None
        if wanted is not None and given is not None:
            if counting:
                self.n_tried += len(numbers)
                self.n_telling += len(wanted)
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
        finding = self.trial.once(number) if self.has_time() else None
        if finding is None or isinstance(finding.reference, Failed):
            return None
        if counting:
            self.n_tried += 1
            self.n_telling += bool(finding.reference.rows)
        wanted = finding.reference.rows
        if isinstance(finding.submission, Failed):
            return wanted, [*wanted, ("it fails",)]
        return wanted, finding.submission.rows

    def _batches(self, given: Sequence[Database]) -> Iterator[list[Database]]:
        if given:
            yield [thinned(self.plans.schema, given[place % len(given)], place) for place in range(THIN)]
        made = self.plans.databases()
        left = self.most
        for planned in BATCHES:
            size = min(planned, left)
            if left > 0 and self.has_time():
                varied = self._varied(size // 2)
                planned_rows = [*varied, *islice(made, size - len(varied))]
                yield [renumbered(self.plans.schema, database) for database in planned_rows]
            left -= size

    def _varied(self, count: int) -> list[Database]:
        """Where few databases tell anything, *count* variations of those that do."""
        if not self.telling or self.n_telling > self.n_tried * RARE_SHARE:
            return []
        start = self.n_tried
        telling = self.telling[-MOST_TELLING:]
        return [self.plans.varied(telling[step % len(telling)], start + step) for step in range(count)]

    def _all_suspects(self, given: Sequence[Database]) -> Iterator[list[Database]]:
        """The databases worth a closer look, a batch at a time; those given are whole worlds, run one by one."""
        numbers = self.arena.load(given)
        results = [self._alone(number, counting=True) for number in numbers]
        worlds = [given[place] for place, result in enumerate(results) if self._differs(result)]
        yield sorted(worlds, key=_n_rows)
        for batch in self._batches(given):
            yield self._suspects(batch)

    def _is_hollow(self, result: Screened) -> bool:
        return self.solid and result is not None and not are_solid(*result)

    def _differs(self, result: Screened) -> bool:
        return result is not None and (self.wide or not self.trial.same_rows(*result))

    def _suspects(self, batch: list[Database]) -> list[Database]:
        """The databases of *batch* on which the results seem to differ, smallest first."""
        results = self._results(batch, counting=True)
        places = [place for place, result in enumerate(results) if self._differs(result)]
        # Empty tables persuade nobody, so they come last.
        places.sort(key=lambda place: (self._is_hollow(results[place]), _n_rows(batch[place]) or MOST_ROWS))
        lawful = self.lawful([batch[place] for place in places[:MOST_SCREENED]])
        return lawful[:MOST_SUSPECTS]

    def lawful(self, databases: list[Database]) -> list[Database]:
        """Those of *databases* that break no law, and no check that only DuckDB can read."""
        if not self._breaches or not databases:
            return databases
        left = set(numbers := self.arena.load(databases))
        for place, sql in enumerate(self._breaches):
            broken = self._breaking(sql, left)
            if broken:  # broken once, broken soon again
                self._breaches.insert(0, self._breaches.pop(place))
            left -= broken
            if not left:
                break
        return [database for number, database in zip(numbers, databases, strict=True) if number in left]

    def _breaking(self, sql: str, numbers: set[int]) -> set[int]:
        """Which of *numbers* hold a row that *sql* finds."""
        if len(numbers) > 1:
            found = self.arena.screen(
                f"SELECT 1 FROM (\n{sql}\n) LIMIT 1", range(min(numbers), max(numbers) + 1)
            )
            if found is not None:
                return set(found) & numbers
        return {number for number in numbers if getattr(self.arena.run(sql, number), "rows", ())}

    def _as_written(self, batch: list[Database]) -> list[int]:
        numbers = self.arena.load(batch[:BATCH_AS_WRITTEN])
        return [
            place
            for place, number in enumerate(numbers)
            if self.has_time() and self.trial.once(number).tells_apart
        ]

    def _misordered(self, given: Sequence[Database]) -> Finding | None:
        """The finding on a small database on which the rows come in a wrong order."""
        for database in [*given, *islice(self.plans.databases(), BATCH_IN_ORDER)]:
            finding = self.trial.thorough(database, FIRST_ORDERS) if self.has_time() else None
            if finding is not None and finding.outcome == "misordered":
                return self._small(finding, self._as_written)
        return None

    def _halved(self, finding: Finding) -> Finding:
        """*finding* on a part of its database that is small enough to be shrunk row by row."""
        if _n_rows(finding.database) <= EASILY_SHRUNK:
            return finding
        wants_solid = self.solid and is_solid(finding)

        def keeps(database: Database) -> bool:
            (number,) = self.arena.load([database])
            found = self.trial.once(number)
            return found.outcome == "different" and (is_solid(found) or not wants_solid)

        part = Halving(self.plans.schema, keeps, self.has_time).halved(finding.database)
        found = self.trial.thorough(part, FIRST_ORDERS)
        return found if _keeps(found, finding) else finding

    def _small(self, finding: Finding, sieve: Sieve) -> Finding:
        """*finding* on fewer and plainer rows, verified in several orders of them."""
        for orders in (0, FIRST_ORDERS):  # the quick way trusts the sieve, and is verified at the end
            small = self._shrinker(sieve, finding, orders).shrunk(finding.database)
            final = self.trial.thorough(small, LAST_ORDERS)
            if _keeps(final, finding) and (not self.solid or is_solid(final) >= is_solid(finding)):
                return final
        return finding

    def _shrinker(self, sieve: Sieve, finding: Finding, orders: int) -> Shrinker:
        keeps_solid = self.solid and is_solid(finding)

        def sure(candidate: Database) -> bool:
            if keeps_solid and not is_solid(self.trial.thorough(candidate, 1)):
                return False
            if orders and not _keeps(self.trial.thorough(candidate, orders), finding):
                return False
            return self.confirms is None or self.confirms(candidate)

        return Shrinker(
            self.plans.schema, self.plans.rules, self.plans.pools, sieve, sure, self.lawful, self.has_time
        )

    def _checked(self, loose: Finding) -> Finding | None:
        """*loose* when its results stay apart in many orders of the rows, else None."""
        finding = self.trial.thorough(loose.database, LAST_ORDERS * 2)
        if finding.outcome == "by chance":
            self.by_chance.append(finding)
        return finding if finding.outcome == "different" else None


def is_solid(finding: Finding) -> bool:
    """True when both queries give rows, and those that set them apart hold no NULL."""
    wanted, given = finding.reference, finding.submission
    return (
        not isinstance(wanted, Failed)
        and not isinstance(given, Failed)
        and are_solid(wanted.rows, given.rows)
    )


def are_solid(wanted: Rows, given: Rows) -> bool:
    """True when what sets the rows apart can be seen: a value beside another value, or rows without NULL."""
    if not wanted or not given:
        return False
    missing, surplus = leftovers(wanted, given)
    if len(missing) == len(surplus) == 1:
        pairs = zip(missing[0], surplus[0], strict=False)
        return any(one != other and None not in (one, other) for one, other in pairs)
    return not any(None in row for row in (*missing, *surplus))


def _n_rows(database: Database) -> int:
    return sum(map(len, database.values()))


def _keeps(found: Finding, finding: Finding) -> bool:
    return found.outcome == finding.outcome and (found.is_firm or not finding.is_firm)
