"""A function handed in instead of a DataFrame: run on the case's tables, then on small hidden ones."""

from __future__ import annotations

from casekit.judge.functions.calling import is_function
from casekit.judge.functions.judging import judge_function

__all__ = ["is_function", "judge_function"]
