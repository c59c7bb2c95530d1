"""A case as a notebook page: title, set-up, then the lesson cell by cell."""

from __future__ import annotations

import re

from casekit.build.asks import exercise_cells
from casekit.build.lesson import Directive, Prose
from casekit.build.lesson_check import validate_lesson
from casekit.build.page import Cell, Page, code_cell, markdown_cell, with_ids
from casekit.library import find_exercise
from casekit.model import Case

__all__ = ["case_page", "page_name", "section_name"]

HOW_IT_WORKS = """\
- **Run a cell** with Shift+Enter. A `%%sql` cell explores; with an exercise's name behind it, it hands in.
- **Stuck?** `case.hint("{exercise}")` gives the idea, then the skeleton; `case.tables()` shows the data.
- **Try again** as often as you like. Every verdict says what is off, and your progress is kept.
- **Kernel restarted?** Run the next cell again, and go on where you were."""


def page_name(case: Case) -> str:
    """The file name of the page of *case*, for example ``c04_checkout_drop.ipynb``."""
    return f"{case.code.lower()}_{case.slug.replace('-', '_')}.ipynb"


def case_page(case: Case) -> Page:
    """
    The page of *case*.

    Raises:
        AuthorError: `lesson.md` has problems; all are named, with their lines.
    """
    cells = [_title_cell(case), _set_up_cell(case)]
    section = "lesson"
    for block in validate_lesson(case):
        if isinstance(block, Prose):
            section = section_name(block.text) or section
            cells.append(markdown_cell(section, block.text))
        else:
            cells += _directive_cells(case, block, section)
    return Page(page_name(case), case.slug, with_ids(cells))


def _title_cell(case: Case) -> Cell:
    about = f"**{case.company}** · {case.domain} · {case.minutes} minutes · level {case.level} of 10"
    how = HOW_IT_WORKS.format(exercise=case.exercises[0].id)
    task = f"{case.summary}\n\n> {case.prompt}"
    return markdown_cell("title", f"# {case.code} {case.title}\n\n{about}\n\n{task}\n\n{how}")


def _set_up_cell(case: Case) -> Cell:
    return code_cell("set-up", f'import casekit\ncase = casekit.open_case("{case.slug}")')


def section_name(text: str) -> str:
    """The words of the heading the text starts with; empty when it has none."""
    heading = re.match(r"#+ +(.+)", text)
    return heading[1] if heading else ""


def _directive_cells(case: Case, directive: Directive, section: str) -> list[Cell]:
    match directive.name:
        case "exercise":
            return exercise_cells(find_exercise(case, directive.argument), directive.body)
        case "code":
            return [code_cell(f"{section} code", directive.body)]
        case "interviewer":
            return [markdown_cell(f"interviewer {directive.argument}", _speech(case, directive.argument))]
        case "exhibit":
            source = f'case.exhibit("{directive.argument}")'
            return [code_cell(f"exhibit {directive.argument}", source)]
        case name:
            return [code_cell(f"{name} code", f"case.{name}()")]


def _speech(case: Case, moment: str) -> str:
    """What the interviewer says at the opening, or the pushbacks and the closing."""
    interview = case.interview
    if moment == "opening":
        return f"**{interview.interviewer}**, {interview.role}:\n\n> {_one_line(interview.opening)}"
    lines = [f"**{interview.interviewer}** pushes back. Answer aloud, a minute each:", ""]
    lines += [f"- {_one_line(pushback)}" for pushback in interview.pushbacks]
    return "\n".join([*lines, "", "Then:", "", f"> {_one_line(interview.closing)}"])


def _one_line(text: str) -> str:
    return " ".join(text.split())
