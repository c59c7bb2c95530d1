"""Hidden databases for the audit: whether one of them tells two queries apart."""

from __future__ import annotations

from casekit.compare import Contract
from casekit.judge.evidence import Evidence, compare_queries
from casekit.judge.evidence.database import Database
from casekit.judge.hidden.bending import bent_worlds
from casekit.judge.hidden.worlds import HiddenWorlds, hidden_worlds, plenty_of
from casekit.model import Case

__all__ = ["HiddenData"]

SECONDS = 60.0  # no verdict waits for an audit: what is found must not depend on the machine


class HiddenData:
    """
    The hidden databases of a case, as the judge uses them.

    Args:
        case: The case; its worlds are drawn when they are first needed.
    """

    def __init__(self, case: Case) -> None:
        self._case = case
        self._worlds: HiddenWorlds | None = None
        self._plenty: Database | None = None
        self._bent: dict[str, tuple[Database, ...]] = {}

    def evidence(self, reference: str, other: str, contract: Contract | None) -> Evidence:
        """What they say on whether *other* answers as *reference* does; without a *contract*, row by row."""
        if self._worlds is None:
            self._worlds = hidden_worlds(self._case)
        return compare_queries(
            self._worlds.tables.schema,
            reference,
            other,
            seconds=SECONDS,
            databases=(*self._worlds.worlds, *self._bent_for(reference, self._worlds)),
            contract=contract,
            laws=self._worlds.tables.laws,
            crowd=self._worlds.crowd,
        )

    def _bent_for(self, reference: str, worlds: HiddenWorlds) -> tuple[Database, ...]:
        if reference not in self._bent:
            self._plenty = self._plenty or plenty_of(self._case)
            self._bent[reference] = bent_worlds(worlds.tables, self._plenty, reference)
        return self._bent[reference]

    def tell_apart(self, reference: str, other: str, contract: Contract | None) -> bool:
        """True when *other* is another answer than *reference* on some hidden database."""
        outcome = self.evidence(reference, other, contract).outcome
        return outcome in ("different", "submission fails", "not deterministic")
