"""Case folders read into the model: public parts as `Case`, secret parts as keys, exercise by exercise."""

from __future__ import annotations

from casekit.library.cases import find_exercise, load_case
from casekit.library.folders import case_folder, list_slugs
from casekit.library.keys import load_debrief, load_key, load_ledger
from casekit.library.validation import validate_case

__all__ = [
    "case_folder",
    "find_exercise",
    "list_slugs",
    "load_case",
    "load_debrief",
    "load_key",
    "load_ledger",
    "validate_case",
]
