"""Traps that give the same on the case's own data, and whether a hidden database tells them apart."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

from casekit.compare import Contract, compare_tables, same_result
from casekit.judge.audit.hidden_data import HiddenData
from casekit.judge.audit.main_data import MainData
from casekit.judge.audit.report import Coincidence
from casekit.model import Table
from casekit.model.keys import CodeKey
from casekit.sandbox import Failure

__all__ = ["coincidences"]


def coincidences(
    key: CodeKey, contract: Contract, main: MainData, hidden: HiddenData
) -> Iterator[Coincidence]:
    """Each trap that looks like the reference, and each that looks like one before it."""
    results = {trap.slug: main.result(trap.submission) for trap in key.traps}
    reference = main.result(key.reference)
    for trap in key.traps:
        if _is_right(reference, results[trap.slug], contract):
            apart = hidden.tell_apart(key.reference, trap.submission, contract)
            yield Coincidence(trap.slug, "reference", apart)
    for one, other in combinations(key.traps, 2):
        if _is_same(results[one.slug], results[other.slug], contract):
            apart = hidden.tell_apart(one.submission, other.submission, None)
            yield Coincidence(other.slug, one.slug, apart)


def _is_right(reference: Table | Failure, result: Table | Failure, contract: Contract) -> bool:
    if isinstance(reference, Failure) or isinstance(result, Failure):
        return False
    return compare_tables(reference, result, contract).difference is None


def _is_same(stored: Table | Failure, result: Table | Failure, contract: Contract) -> bool:
    """Whether the judge would say the same of both."""
    if isinstance(stored, Failure) or isinstance(result, Failure):
        both = isinstance(stored, Failure) and isinstance(result, Failure)
        return both and stored.error_class == result.error_class  # type: ignore[union-attr]
    return same_result(stored, result, contract)
