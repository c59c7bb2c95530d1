"""Databases made from worlds that keep every law: parts of them, and parts in which something is moved."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice

from casekit.judge.evidence.arena import Failed
from casekit.judge.evidence.database import Database, Row, keeps_uniques, n_rows, without_orphans
from casekit.judge.evidence.halving import Halving
from casekit.judge.evidence.kin import Kin
from casekit.judge.evidence.moving import Moving
from casekit.judge.evidence.plans import Plans
from casekit.judge.evidence.screening import Screening
from casekit.judge.evidence.thinning import thinned
from casekit.judge.evidence.touching import Touching

__all__ = ["Variants"]

THIN = 24
MOVED = 72
TOUCHED_BASES, TOUCHED = 40, 80
FEW_TELL = 0.4  # below this share of databases in which a query finds something, these are looked for
MOST_BASES = 8
ESSENCES = 3
MOST_CUTS = 90
EASILY_CUT = 60  # rows; a base with more is cut down alone


@dataclass
class Variants:
    """
    What is made from worlds, for one pair of queries.

    Attributes:
        plans: The schema, its rules, and the values the queries speak of.
        screening: What the queries gave so far.
        has_time: False when it is time to stop.
        fitting: Rows by their table, and whether they fit it.
    """

    plans: Plans
    screening: Screening
    has_time: Callable[[], bool]
    fitting: dict[tuple[str, Row], bool] = field(default_factory=dict)

    def batches(self, worlds: Sequence[Database]) -> Iterator[list[Database]]:
        """Parts of *worlds*; then rows on every constant, midnight and NULL; then rows touched by chance."""
        schema = self.plans.schema
        yield [thinned(schema, worlds[place % len(worlds)], place) for place in range(THIN)]
        bases = self._bases() or list(worlds[:1])
        moved = Moving(schema, self.plans.pools).sharpened(bases)
        yield list(islice(filter(self._is_whole, moved), MOVED))
        touching = Touching(schema, self.plans.pools, self.plans.rules, self.screening.breaches)
        for databases, count in ((bases, TOUCHED_BASES), (worlds, TOUCHED)):
            families = [Kin(schema, database) for database in databases]
            touched = (touching.touched(families[place % len(families)], place) for place in range(count))
            yield list(filter(self._is_whole, touched))

    def _is_whole(self, database: Database) -> bool:
        """True when keys are in order and every row fits its table; laws over several are tried later."""
        schema = self.plans.schema
        return (
            all(self._fits(name, row) for name, rows in database.items() for row in rows)
            and database == without_orphans(schema, database)
            and all(keeps_uniques(table, database[table.name]) for table in schema.tables)
        )

    def _fits(self, name: str, row: Row) -> bool:
        """Whether *row* fits table *name*; most rows are in many databases, so it is worked out once."""
        if (name, row) not in self.fitting:
            self.fitting[name, row] = self.plans.rules[name].fits(row)
        return self.fitting[name, row]

    def _bases(self) -> list[Database]:
        """Few rows that a query finds something in, to move something there."""
        seen = self.screening
        telling = sorted(seen.telling, key=n_rows)[:MOST_BASES]
        if seen.n_telling > seen.n_tried * FEW_TELL:
            return telling
        few = telling[: ESSENCES if telling and n_rows(telling[0]) <= EASILY_CUT else 1]
        return [self._essence(database) for database in few]

    def _essence(self, database: Database) -> Database:
        """The part of *database* without which the reference would find nothing."""
        trial = self.screening.trial

        cuts = iter(range(MOST_CUTS))

        def keeps(part: Database) -> bool:
            (number,) = trial.arena.load([part])
            told = trial.arena.run(trial.reference, number)
            return not isinstance(told, Failed) and any(None not in row for row in told.rows)

        # So many tries and no more, so that the same queries meet the same databases on every machine.
        return Halving(self.plans.schema, keeps, lambda: next(cuts, None) is not None).halved(database)
