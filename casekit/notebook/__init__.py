"""The learner's door: open a case, explore and hand in with ``%%sql``, see where you stand."""

from __future__ import annotations

from casekit.notebook.door import CaseDoor
from casekit.notebook.opening import list_cases, open_case, progress

__all__ = ["CaseDoor", "list_cases", "open_case", "progress"]
