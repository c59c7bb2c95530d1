"""The start page: what to do in the first minute, how verdicts read, the map of cases, own progress."""

from __future__ import annotations

from collections.abc import Sequence
from importlib.resources import files

from casekit.build.case_page import page_name, section_name
from casekit.build.lesson import Prose, read_blocks
from casekit.build.page import Cell, Page, code_cell, in_table, markdown_cell, with_ids
from casekit.model import Case

__all__ = ["START_PAGE", "start_page"]

START_PAGE = "00_start_here.ipynb"


def start_page(cases: Sequence[Case]) -> Page:
    """The start page with a map of *cases*, easiest first."""
    text = files("casekit.build").joinpath("start_page.md").read_text(encoding="utf-8")
    cells: list[Cell] = []
    section = "start"
    for block in read_blocks(text):
        if isinstance(block, Prose):
            section = section_name(block.text) or section
            cells.append(markdown_cell(section, block.text))
        elif block.name == "map":
            cells.append(markdown_cell(f"{section} table", _map(cases)))
        else:
            cells.append(code_cell(f"{section} code", block.body))
    return Page(START_PAGE, "", with_ids(cells))


def _map(cases: Sequence[Case]) -> str:
    lines = [
        f"| [{case.code} {case.title}]({page_name(case)}) | {case.company}, {case.domain} "
        f"| {case.level}\N{NO-BREAK SPACE}of\N{NO-BREAK SPACE}10 "
        f"| {case.minutes}\N{NO-BREAK SPACE}min | {in_table(case.summary)} |"
        for case in sorted(cases, key=lambda case: (case.level, case.code))
    ]
    return "\n".join(
        ["| Case | Company | Level | Time | What it is about |", "|:--|:--|:--|:--|:--|", *lines]
    )
