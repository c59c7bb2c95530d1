"""
The author's audit: would the judge notice a typical mistake in an answer, and tell it from others?

Mistakes are made in each reference on purpose (`casekit.judge.mutants`). One that neither the case's own
data nor the hidden databases notice is as right as the reference, or a hole in the evidence.
"""

from __future__ import annotations

from casekit.judge.audit.auditing import audit_case
from casekit.judge.audit.report import LEAST_PERCENT, CaseAudit, ExerciseAudit

__all__ = ["LEAST_PERCENT", "CaseAudit", "ExerciseAudit", "audit_case"]
