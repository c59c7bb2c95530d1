"""Hidden databases for the audit: whether one of them tells two queries apart."""

from __future__ import annotations

from casekit.compare import Contract
from casekit.judge.evidence import Evidence, compare_queries
from casekit.judge.hidden.worlds import HiddenWorlds, hidden_worlds
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

    def evidence(self, reference: str, other: str, contract: Contract | None) -> Evidence:
        """What they say on whether *other* answers as *reference* does; without a *contract*, row by row."""
        if self._worlds is None:
            self._worlds = hidden_worlds(self._case)
        return compare_queries(
            self._worlds.tables.schema,
            reference,
            other,
            seconds=SECONDS,
            databases=self._worlds.worlds,
            contract=contract,
            laws=self._worlds.tables.laws,
            crowd=self._worlds.crowd,
        )

    def tell_apart(self, reference: str, other: str, contract: Contract | None) -> bool:
        """True when *other* is another answer than *reference* on some hidden database."""
        outcome = self.evidence(reference, other, contract).outcome
        return outcome in ("different", "submission fails", "not deterministic")
