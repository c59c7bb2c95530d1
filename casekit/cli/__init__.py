"""
The casekit command: opens the workbook, checks cases, builds what is generated.

Only this room prints to a terminal.
"""

from __future__ import annotations

from casekit.cli.app import main

__all__ = ["main"]
