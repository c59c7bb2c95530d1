"""The nouns of a case interview as frozen dataclasses: what every other room passes around."""

from __future__ import annotations

from casekit.model.cases import Case
from casekit.model.exercises import Column, Exercise
from casekit.model.keys import Key, Trap
from casekit.model.results import Table
from casekit.model.verdicts import Answer, Verdict

__all__ = ["Answer", "Case", "Column", "Exercise", "Key", "Table", "Trap", "Verdict"]
