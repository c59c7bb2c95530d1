"""Two queries compared on many small databases, and the first difference made small."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice

from casekit.judge.evidence.arena import Arena, Failed
from casekit.judge.evidence.database import Database, n_rows
from casekit.judge.evidence.halving import Halving
from casekit.judge.evidence.numbering import renumbered
from casekit.judge.evidence.plans import Plans
from casekit.judge.evidence.screening import MOST_TELLING, Screened, Screening
from casekit.judge.evidence.shrinking import Shrinker, Sieve
from casekit.judge.evidence.solid import are_solid, is_solid
from casekit.judge.evidence.trial import Finding, Trial
from casekit.judge.evidence.variants import Variants

__all__ = ["MOST_DATABASES", "Search"]

BATCHES = (16, 44, 90, 120, 130)
MOST_DATABASES = sum(BATCHES)
BATCH_AS_WRITTEN = 20
BATCH_IN_ORDER = 40
FIRST_ORDERS = 2
LAST_ORDERS = 6
MOST_SUSPECTS = 5
MOST_CHECKED = 20
RARE_SHARE = 0.4
LOOKED_FOR_SMALLER = 30  # databases tried until a large one that differs is made small instead
EASILY_SHRUNK = 60  # rows; from more of them it is quicker to look for another database first
NO_ROWS = 1_000_000  # how far back a database without rows is put: it persuades nobody


@dataclass
class Search:
    """
    One comparison under way.

    Attributes:
        trial: Both queries in their arena.
        plans: The databases to try.
        screening: Both queries on many databases at a time, and what came of it.
        most: How many databases of its own the search may try.
        solid: True to look for a difference that can be seen first, rather than for one that rests on
            what a query makes of nothing at all.
        confirms: Says whether a difference seen on a tiny database counts; None when all do.
        by_chance: Findings that depend on the order of rows.
    """

    trial: Trial
    plans: Plans
    screening: Screening
    most: int = MOST_DATABASES
    solid: bool = False
    confirms: Callable[[Database], bool] | None = None
    by_chance: list[Finding] = field(default_factory=list)

    @property
    def arena(self) -> Arena:
        """Where the queries run."""
        return self.trial.arena

    def has_time(self) -> bool:
        """True while the time box lasts."""
        return self.arena.seconds_left > 0

    def difference(self, given: Sequence[Database]) -> Finding | None:
        """The finding on a small database that tells the queries apart, or None when none was found."""
        loose: Finding | None = None
        large: list[Finding] = []
        for suspects in self._suspects(given):
            for finding in map(self._tried, suspects):
                if finding.outcome == "different" and finding.is_firm:
                    if self._is_telling(finding):
                        return self._small(finding, self.screening.sieve)
                    large.append(finding)
                elif finding.outcome == "different":
                    loose = loose or finding
                elif finding.outcome == "by chance":
                    self.by_chance.append(finding)
            if not self.has_time() or (large and self.screening.n_tried > LOOKED_FOR_SMALLER):
                break
        if large:
            best = min(large, key=lambda finding: (not is_solid(finding), n_rows(finding.database)))
            return self._small(self._halved(best), self.screening.sieve)
        if loose is not None:
            return self._checked(self._small(loose, self.screening.sieve))
        return self._misordered(given) if self.trial.asks_order else None

    def _is_telling(self, finding: Finding) -> bool:
        """True for a difference that need not be looked for again on a smaller or fuller database."""
        return not self.solid or (n_rows(finding.database) <= EASILY_SHRUNK and is_solid(finding))

    def _tried(self, database: Database) -> Finding:
        """The finding on *database*; ``same`` where a difference there does not count."""
        finding = self.trial.thorough(database, FIRST_ORDERS)
        # An error the reference runs into on other rows is no difference: on which is up to DuckDB's plan.
        shared = isinstance(finding.submission, Failed) and finding.submission.kind in self.screening.stumbles
        unsure = finding.outcome == "different" and not self._counts(database)
        return replace(finding, outcome="same") if shared or unsure else finding

    def _counts(self, database: Database) -> bool:
        return self.confirms is None or self.confirms(database)

    def _suspects(self, given: Sequence[Database]) -> Iterator[list[Database]]:
        """The databases worth a closer look, a batch at a time, the most persuasive first."""
        if given:
            results = self.screening.one_by_one(given)
            worlds = [given[place] for place, result in enumerate(results) if self.screening.differs(result)]
            yield sorted(worlds, key=n_rows)
        for batch in self._batches(given):
            yield self._suspects_of(batch, self.screening.results(batch))

    def _suspects_of(self, batch: list[Database], results: list[Screened]) -> list[Database]:
        def rank(place: int) -> tuple[bool, int]:
            result = results[place]
            hollow = self.solid and result is not None and not are_solid(*result)
            return hollow, n_rows(batch[place]) or NO_ROWS

        places = [place for place, result in enumerate(results) if self.screening.differs(result)]
        likely = [batch[place] for place in sorted(places, key=rank)[:MOST_CHECKED]]
        return self.screening.lawful(likely)[:MOST_SUSPECTS]

    def _batches(self, given: Sequence[Database]) -> Iterator[list[Database]]:
        if given:
            yield from Variants(self.plans, self.screening, self.has_time).batches(given)
        made = self.plans.databases()
        left = self.most
        for planned in BATCHES:
            size = min(planned, left)
            left -= size
            if size and self.has_time():
                varied = self._varied(size // 2)
                batch = [*varied, *islice(made, size - len(varied))]
                yield [renumbered(self.plans.schema, database) for database in batch]

    def _varied(self, count: int) -> list[Database]:
        """Where few databases tell anything, *count* variations of those that do."""
        seen = self.screening
        if not seen.telling or seen.n_telling > seen.n_tried * RARE_SHARE:
            return []
        start, telling = seen.n_tried, seen.telling[-MOST_TELLING:]
        return [self.plans.varied(telling[step % len(telling)], start + step) for step in range(count)]

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
        if n_rows(finding.database) <= EASILY_SHRUNK:
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
            if not self._counts(small):
                continue
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
            return not orders or self._counts(candidate)

        plans, lawful = self.plans, self.screening.lawful
        return Shrinker(plans.schema, plans.rules, plans.pools, sieve, sure, lawful, self.has_time)

    def _checked(self, loose: Finding) -> Finding | None:
        """*loose* when its results stay apart in many orders of the rows, else None."""
        finding = self.trial.thorough(loose.database, LAST_ORDERS * 2)
        if finding.outcome == "by chance":
            self.by_chance.append(finding)
        return finding if finding.outcome == "different" else None


def _keeps(found: Finding, finding: Finding) -> bool:
    return found.outcome == finding.outcome and (found.is_firm or not finding.is_firm)
