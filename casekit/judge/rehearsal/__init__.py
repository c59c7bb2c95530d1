"""
A case played through before anybody meets it: every query run, every stored answer judged, on several seeds.

Reading a case folder (`casekit.library`) tells what is written wrong; a rehearsal tells what does not work.
"""

from __future__ import annotations

from casekit.judge.rehearsal.stage import SEEDS, rehearse

__all__ = ["SEEDS", "rehearse"]
