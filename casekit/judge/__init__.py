"""
An exercise, an answer and a bench in; a `Verdict` out. No display, no clock, no globals.

A learner's mistake is always a verdict. Whatever is wrong with the case itself is ``broken``: the
author is told through the log, and the learner is never charged for it.
"""

from __future__ import annotations

from casekit.judge.bench import Bench
from casekit.judge.evidence import compare_queries
from casekit.judge.frames import frame_table
from casekit.judge.judging import judge
from casekit.judge.ledger_text import fill
from casekit.judge.memo import count_words
from casekit.judge.queries import is_blank_sql

__all__ = [
    "Bench",
    "compare_queries",
    "count_words",
    "fill",
    "frame_table",
    "is_blank_sql",
    "judge",
]
