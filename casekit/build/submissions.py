"""Answers put into a page's cells: every reference for the solved run, every trap for the wrong one."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

from casekit.build.page import Cell, Page, code_cell
from casekit.judge import fill
from casekit.library import load_key
from casekit.model import Case, Exercise, Key, Trap
from casekit.model.keys import CardsKey, ChoiceKey, CodeKey, MemoKey
from casekit.model.results import LedgerNumber

__all__ = ["solved_page", "wrong_page"]

FRAMES = "import numpy as np\nimport pandas as pd"


def solved_page(page: Page, case: Case, tables: Sequence[str], ledger: Mapping[str, LedgerNumber]) -> Page:
    """
    The page with every attempt replaced by its exercise's reference; check cells stay as they are.

    The prediction is made and the best questions are asked by plain calls, as without widgets.

    Args:
        page: The page of *case*.
        case: The case.
        tables: Names of its tables; Python answers get those they use as DataFrames.
        ledger: The numbers the exemplar memo cites.

    Raises:
        AuthorError: A key has problems.
    """
    exercises = {exercise.id: exercise for exercise in case.exercises}

    def solved(cell: Cell) -> Cell:
        if cell.source == "case.predict()":
            return replace(cell, source=_prediction(case, ledger))
        if cell.source == "case.clarify()":
            return replace(cell, source=_questions(case))
        if cell.role != "attempt":
            return cell
        exercise = exercises[cell.exercise]
        return replace(cell, source=_reference(exercise, load_key(case, exercise.id), tables, ledger))

    return replace(page, name=f"solved_{page.name}", cells=tuple(solved(cell) for cell in page.cells))


def wrong_page(page: Page, case: Case, tables: Sequence[str]) -> Page:
    """
    A page that opens the case and hands in each trap of each exercise, one cell a trap.

    Raises:
        AuthorError: A key has problems.
    """
    cells = [cell for cell in page.cells if cell.id == "set-up"]
    for exercise in case.exercises:
        for trap in _traps(load_key(case, exercise.id)):
            cell = code_cell(f"{exercise.id}-{trap.slug}", _mistake(exercise, trap, tables))
            cells.append(replace(cell, exercise=exercise.id, role="attempt", trap=trap.slug))
    return Page(f"wrong_{page.name}", case.slug, tuple(cells))


def _reference(
    exercise: Exercise, key: Key, tables: Sequence[str], ledger: Mapping[str, LedgerNumber]
) -> str:
    match key:
        case CodeKey(language="python"):
            return _frames(key.reference, tables)
        case CodeKey() if exercise.kind == "number":
            return _numbers(exercise, key.reference)
        case CodeKey():
            return f"%%sql {exercise.id}\n{key.reference}"
        case ChoiceKey():
            return _check(exercise, repr(key.right))
        case CardsKey():
            return _check(exercise, repr(list(key.order)))
        case MemoKey():
            return _check(exercise, _quoted(fill(key.exemplar, ledger)))


def _prediction(case: Case, ledger: Mapping[str, LedgerNumber]) -> str:
    """A prediction that comes true."""
    asked = case.interview.prediction
    value = ledger[asked.ledger].value
    flat = abs(value) <= asked.flat_within
    direction = "flat" if flat else "up" if value > 0 else "down"
    low, high = (-asked.flat_within, asked.flat_within) if flat else sorted((0.8 * value, 1.2 * value))
    return f'case.predict("{direction}", {low:.2f}, {high:.2f})'


def _questions(case: Case) -> str:
    """The questions worth most, as many as the interviewer answers."""
    interview = case.interview
    best = sorted(interview.questions, key=lambda question: -question.value)[: interview.question_limit]
    return "\n".join(f'case.ask("{question.id}")' for question in best)


def _mistake(exercise: Exercise, trap: Trap, tables: Sequence[str]) -> str:
    match exercise.kind:
        case "sql" | "number":
            return f"%%sql {exercise.id}\n{trap.submission}"
        case "pandas":
            handed_in = "answer, chart=chart" if exercise.chart else "answer"
            code = _frames(f"answer = chart = None\n{trap.submission}", tables)
            return f"{code}\n{_check(exercise, handed_in)}"
        case "choice":
            return _check(exercise, repr(trap.submission))
        case "cards":
            return _check(exercise, repr(trap.submission.split()))
        case "memo":
            return _check(exercise, _quoted(trap.submission))


def _traps(key: Key) -> tuple[Trap, ...]:
    match key:
        case CodeKey() | ChoiceKey():
            return key.traps
        case CardsKey():
            return tuple(rule.trap for rule in key.rules)
        case MemoKey():
            return tuple(flag.trap for flag in key.red_flags)


def _check(exercise: Exercise, handed_in: str) -> str:
    return f'case.check("{exercise.id}", {handed_in})'


def _frames(code: str, tables: Sequence[str]) -> str:
    """The code under the names an answer file may take for granted."""
    used = [table for table in tables if re.search(rf"\b{table}\b", code)]
    return "\n".join([FRAMES, *(f'{table} = case.df("{table}")' for table in used), code])


def _numbers(exercise: Exercise, query: str) -> str:
    """Code that leaves each number the check cell hands in, the way a candidate would get them."""
    names = [column.name for column in exercise.columns]
    return "\n".join(
        [f"row = case.sql({_quoted(query)}).iloc[0]", *(f'{name} = row["{name}"]' for name in names)]
    )


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"""', '\\"\\"\\"')
    return f'"""\n{escaped}\n"""'
