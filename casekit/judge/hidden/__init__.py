"""Hidden databases of a case: whether an answer is right on them too, and what mistake a wrong one makes."""

from __future__ import annotations

from casekit.judge.hidden.examining import WARM_MODULES, Examined, Hidden
from casekit.judge.hidden.worlds import HiddenWorlds, hidden_worlds

__all__ = ["WARM_MODULES", "Examined", "Hidden", "HiddenWorlds", "hidden_worlds"]
