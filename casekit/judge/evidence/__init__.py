"""The evidence engine: two queries run on small databases built to tell them apart."""

from __future__ import annotations

from casekit.judge.evidence.comparing import compare_queries
from casekit.judge.evidence.evidence import Counterexample, Evidence, Grid
from casekit.judge.evidence.schema import Schema

__all__ = ["Counterexample", "Evidence", "Grid", "Schema", "compare_queries"]
