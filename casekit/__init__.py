"""
casekit: practise product-operations case interviews in Jupyter.

Names load when first used, so ``import casekit`` itself costs next to nothing.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from casekit.charts import Chart
    from casekit.errors import AuthorError, CasekitError, UsageError
    from casekit.notebook import board, list_cases, open_case

__all__ = ["AuthorError", "CasekitError", "Chart", "UsageError", "board", "list_cases", "open_case"]

__version__ = "0.1.0"

_ROOM_OF = {
    "AuthorError": "casekit.errors",
    "CasekitError": "casekit.errors",
    "UsageError": "casekit.errors",
    "Chart": "casekit.charts",
    "board": "casekit.notebook",
    "list_cases": "casekit.notebook",
    "open_case": "casekit.notebook",
}


def __getattr__(name: str) -> Any:
    room = _ROOM_OF.get(name)
    if room is None:
        raise AttributeError(f"module 'casekit' has no attribute {name!r}")
    return getattr(importlib.import_module(room), name)


def __dir__() -> list[str]:
    return sorted([*__all__, "__version__"])
