"""What the learner has done so far: attempts, events and drafts, kept in SQLite."""

from __future__ import annotations

from casekit.progress.records import AttemptRow, CaseSummary, EventRow
from casekit.progress.store import Store

__all__ = ["AttemptRow", "CaseSummary", "EventRow", "Store"]
