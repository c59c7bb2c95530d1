"""Hidden databases for the audit: whether one of them tells two queries apart."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

from casekit.compare import Contract
from casekit.judge.evidence import Evidence, compare_queries
from casekit.judge.evidence.arena import Arena, Failed, Result
from casekit.judge.hidden.examining import CROWD, MOST_DATABASES
from casekit.judge.hidden.worlds import HiddenWorlds, hidden_worlds
from casekit.model import Case, Table
from casekit.sandbox import Failure
from casekit.sandbox.locking import attach_read_only, open_memory

if TYPE_CHECKING:
    pass

__all__ = ["HiddenData"]

SECONDS = 12.0  # more than a verdict has, so that what is found depends less on the machine
ANY = Contract(())
CONSTANT = "SELECT 1 AS one"


class HiddenData:
    """
    The hidden databases of a case, as the judge uses them.

    Args:
        case: The case.
        dataset: Its own data, beside which a difference on a small database has to stay.

    Raises:
        AuthorError: Its world cannot be drawn.
    """

    def __init__(self, case: Case, dataset: Path) -> None:
        self._dataset = dataset
        self._worlds: HiddenWorlds = hidden_worlds(case)

    def tell_apart(self, reference: str, other: str, contract: Contract | None) -> bool:
        """
        True when *other* is another answer than *reference* on some hidden database.

        Args:
            reference: A query.
            other: Another one.
            contract: What an exercise asks of a result; None to hold plain results against each other.
        """
        outcome = self.evidence(reference, other, contract).outcome
        return outcome in ("different", "submission fails", "not deterministic")

    def evidence(self, reference: str, other: str, contract: Contract | None) -> Evidence:
        """What small databases say on whether *other* answers as *reference* does."""
        with closing(open_memory("2GB", threads="1")) as con:
            attach_read_only(con, self._dataset)
            return compare_queries(
                self._worlds.tables.schema,
                reference,
                other,
                seconds=SECONDS,
                most=MOST_DATABASES,
                databases=self._worlds.worlds,
                contract=contract,
                laws=self._worlds.tables.laws,
                crowd=CROWD,
                connection=con,
            )

    def asks_clock_or_lot(self, sql: str) -> bool:
        """True when *sql* answers by the clock or by lot; no database is tried for that."""
        # Only what is not in the reference too is told, so *sql* is held against a constant.
        found = compare_queries(self._worlds.tables.schema, CONSTANT, sql, most=0, seconds=SECONDS)
        return found.outcome == "not deterministic"

    def moved_results(self, sql: str) -> Iterator[tuple[Table | Failure, Table | Failure]]:
        """What *sql* gives on each world as its rows lie, and when they lie the other way round."""
        with Arena(self._worlds.tables.schema, SECONDS) as arena:
            for database in self._worlds.worlds:
                backwards = {name: rows[::-1] for name, rows in database.items()}
                one, other = (_told(arena.run(sql, number)) for number in arena.load([database, backwards]))
                yield one, other


def _told(result: Result | Failed) -> Table | Failure:
    if isinstance(result, Failed):
        return Failure("runtime", result.message)
    return Table(result.columns, tuple(result.rows))
