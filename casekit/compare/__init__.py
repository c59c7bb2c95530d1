"""Table differences: columns by name, rows by key, typed tolerance, and the first difference named."""

from __future__ import annotations

from casekit.compare.columns import Matching, match_columns
from casekit.compare.marks import mark_differences
from casekit.compare.tables import Comparison, Contract, Difference, compare_tables, same_result

__all__ = [
    "Comparison",
    "Contract",
    "Difference",
    "Matching",
    "compare_tables",
    "mark_differences",
    "match_columns",
    "same_result",
]
