"""The learner's door: open a case, explore and hand in with ``%%sql``, see where you stand."""

from __future__ import annotations

from casekit.notebook.door import CaseDoor
from casekit.notebook.opening import board, list_cases, open_case

__all__ = ["CaseDoor", "board", "list_cases", "open_case"]
