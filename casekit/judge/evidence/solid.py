"""Differences that can be seen: a value beside another value, not what a query makes of nothing at all."""

from __future__ import annotations

from casekit.judge.evidence.arena import Failed
from casekit.judge.evidence.database import Rows
from casekit.judge.evidence.sameness import leftovers
from casekit.judge.evidence.trial import Finding

__all__ = ["are_solid", "is_solid"]


def is_solid(finding: Finding) -> bool:
    """True when both queries give rows there, and what sets these apart can be seen."""
    wanted, given = finding.reference, finding.submission
    if isinstance(wanted, Failed) or isinstance(given, Failed):
        return False
    return are_solid(wanted.rows, given.rows)


def are_solid(wanted: Rows, given: Rows) -> bool:
    """True when a single row differs in a value that is NULL on neither side, or rows without NULL differ."""
    if not wanted or not given:
        return False
    missing, surplus = leftovers(wanted, given)
    if len(missing) == len(surplus) == 1:
        pairs = zip(missing[0], surplus[0], strict=False)
        return any(one != other and None not in (one, other) for one, other in pairs)
    return not any(None in row for row in (*missing, *surplus))
