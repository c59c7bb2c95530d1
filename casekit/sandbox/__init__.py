"""
Locked-down DuckDB: exploring in the kernel, answers in a process of their own.

Three doors. `open_explorer` and `run_query` are for the candidate's own looking around;
`AnswerBox` runs what is handed in to be judged; `open_trusted` and `fetch` run the author's SQL.
`explain` turns a failure into words that say what to type instead.
"""

from __future__ import annotations

from casekit.sandbox.answer_box import AnswerBox
from casekit.sandbox.explain import explain
from casekit.sandbox.explorer import open_explorer, run_query
from casekit.sandbox.outcome import Failure, Ran
from casekit.sandbox.trusted import fetch, open_trusted

__all__ = ["AnswerBox", "Failure", "Ran", "explain", "fetch", "open_explorer", "open_trusted", "run_query"]
