"""Verdicts, tables, notices and boards as accessible HTML with a plain-text twin."""

from __future__ import annotations

from casekit.show.blocks import Block
from casekit.show.board import board_view
from casekit.show.dictionary import dictionary_view
from casekit.show.moments import notice
from casekit.show.panel import Panel, View
from casekit.show.table import TableView
from casekit.show.verdict import VerdictView

__all__ = ["Block", "Panel", "TableView", "VerdictView", "View", "board_view", "dictionary_view", "notice"]
