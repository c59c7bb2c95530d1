"""References that answer by chance: by the clock, by lot, or by the order in which rows happen to lie."""

from __future__ import annotations

from casekit.compare import Contract, compare_tables
from casekit.judge.audit.hidden_data import HiddenData
from casekit.judge.audit.main_data import MainData
from casekit.model import Table
from casekit.sandbox import Failure

__all__ = ["why_by_chance"]

BY_LOT = "it asks for the time of day, or for a random number"
ON_MAIN = "on the case's own data its result depends on the order in which the rows lie"
ON_HIDDEN = "on a hidden database its result depends on the order in which the rows lie"


def why_by_chance(reference: str, contract: Contract, main: MainData, hidden: HiddenData) -> str:
    """Why *reference* may answer otherwise on the same rows; empty when it never does."""
    if hidden.asks_clock_or_lot(reference):
        return BY_LOT
    first = main.result(reference)
    if any(_differ(first, other, contract) for other in main.moved_results(reference)):
        return ON_MAIN
    if any(_differ(one, other, contract) for one, other in hidden.moved_results(reference)):
        return ON_HIDDEN
    return ""


def _differ(first: Table | Failure, second: Table | Failure, contract: Contract) -> bool:
    if isinstance(first, Failure) or isinstance(second, Failure):
        return False
    return compare_tables(first, second, contract).difference is not None
