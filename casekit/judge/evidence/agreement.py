"""Two results under an exercise's contract: the same answer, by its columns, tolerances and order."""

from __future__ import annotations

from dataclasses import replace

from casekit.compare import Contract, compare_tables
from casekit.judge.evidence.arena import Result
from casekit.judge.evidence.database import Rows
from casekit.model import Table

__all__ = ["asked_difference", "same_bags"]


def same_bags(
    contract: Contract, names: tuple[tuple[str, ...], tuple[str, ...]], wanted: Rows, given: Rows
) -> bool:
    """True when both hold the same rows under *contract*, whatever their order; *names* are their columns."""
    loose = replace(contract, ordered_by=()) if contract.ordered_by else contract
    expected, actual = Table(names[0], tuple(wanted)), Table(names[1], tuple(given))
    return compare_tables(expected, actual, loose).difference is None


def asked_difference(contract: Contract, wanted: Result, given: Result) -> str:
    """The kind of the first difference under *contract*, such as ``order``; empty for none."""
    expected = Table(wanted.columns, tuple(wanted.rows))
    difference = compare_tables(expected, Table(given.columns, tuple(given.rows)), contract).difference
    return difference.kind if difference is not None else ""
