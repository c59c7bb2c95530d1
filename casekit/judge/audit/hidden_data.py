"""Hidden databases for the audit: whether one of them tells two queries apart."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

from casekit.compare import Contract, compare_tables, same_result
from casekit.judge.audit.main_data import result_of
from casekit.judge.evidence import Evidence, compare_queries
from casekit.judge.evidence.database import Database
from casekit.judge.hidden.bending import bent_worlds
from casekit.judge.hidden.examining import CROWD, MOST_DATABASES
from casekit.judge.hidden.lawbook import stored
from casekit.judge.hidden.worlds import HiddenWorlds, hidden_worlds, plenty_of
from casekit.model import Case, Table
from casekit.sandbox import Failure
from casekit.sandbox.locking import attach_read_only, open_memory

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

__all__ = ["HiddenData"]

SECONDS = 20.0  # no verdict waits for an audit: what is found must not depend on the machine
ANY = Contract(())
CONSTANT = "SELECT 1 AS one"


class HiddenData:
    """
    The hidden databases of a case, as the judge uses them.

    A difference on a whole world is seen at once, and is not made small, since nobody is shown it.

    Args:
        case: The case.
        dataset: Its own data, beside which a difference on a small database has to stay.

    Raises:
        AuthorError: Its world cannot be drawn.
    """

    def __init__(self, case: Case, dataset: Path) -> None:
        self._dataset = dataset
        self._worlds: HiddenWorlds = hidden_worlds(case)
        self._plenty: Database = plenty_of(case)
        self._bent: dict[str, tuple[Database, ...]] = {}
        self._whole: dict[str, list[DuckDBPyConnection]] = {}

    def tell_apart(self, reference: str, other: str, contract: Contract | None) -> bool:
        """
        True when *other* is another answer than *reference* on some hidden database.

        Args:
            reference: A query.
            other: Another one.
            contract: What an exercise asks of a result; None to hold plain results against each other.
        """
        if any(_differ(con, reference, other, contract) for con in self._whole_for(reference)):
            return True
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
        for database in (*self._worlds.worlds, *self._bent_for(sql)):
            backwards = {name: rows[::-1] for name, rows in database.items()}
            with closing(self._stored(database)) as one, closing(self._stored(backwards)) as other:
                yield result_of(one, sql), result_of(other, sql)

    def close(self) -> None:
        """Let go of the databases."""
        for con in (one for some in self._whole.values() for one in some):
            con.close()

    def _bent_for(self, reference: str) -> tuple[Database, ...]:
        if reference not in self._bent:
            self._bent[reference] = bent_worlds(self._worlds.tables, self._plenty, reference)
        return self._bent[reference]

    def _whole_for(self, reference: str) -> list[DuckDBPyConnection]:
        if reference not in self._whole:
            self._whole[reference] = [self._stored(database) for database in self._bent_for(reference)]
        return self._whole[reference]

    def _stored(self, database: Database) -> DuckDBPyConnection:
        return stored(self._worlds.tables.schema, database)


def _differ(con: DuckDBPyConnection, reference: str, other: str, contract: Contract | None) -> bool:
    wanted, given = result_of(con, reference), result_of(con, other)
    if isinstance(wanted, Failure):
        return False
    return isinstance(given, Failure) or not _agree(wanted, given, contract)


def _agree(wanted: Table, given: Table, contract: Contract | None) -> bool:
    if contract is None:
        return same_result(wanted, given, ANY)
    return compare_tables(wanted, given, contract).difference is None
