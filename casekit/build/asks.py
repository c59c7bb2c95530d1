"""An exercise as the cells a candidate sees: the ask with its contract, the attempt, the check."""

from __future__ import annotations

from casekit.build.page import Cell, in_table
from casekit.model import Column, Exercise

__all__ = ["exercise_cells", "starter_names"]

SQL_STARTER = "-- One SELECT. Run the cell with Shift+Enter to hand it in."

AS_FUNCTION = (
    "`answer` may also be a function that takes the tables by name and returns the table: "
    "it is then tried on small hidden databases, too."
)

HOW_TO_ANSWER = {
    "sql": "Answer in SQL",
    "pandas": "Answer with a pandas DataFrame",
    "number": "Answer with numbers",
    "choice": "Choose one",
    "cards": "Put the cards in order",
    "memo": "Write the memo",
}


def exercise_cells(exercise: Exercise, starter: str = "") -> list[Cell]:
    """
    The cells of *exercise*: ask, attempt and, where the attempt does not hand in by itself, check.

    Args:
        exercise: The exercise.
        starter: Code the attempt starts with; empty for the usual one.
    """
    cells = [Cell(f"{exercise.id}-ask", "markdown", _ask(exercise), exercise.id, "ask")]
    cells.append(Cell(f"{exercise.id}-attempt", "code", _attempt(exercise, starter), exercise.id, "attempt"))
    if exercise.kind in ("pandas", "number"):
        cells.append(Cell(f"{exercise.id}-check", "code", _check(exercise), exercise.id, "check"))
    return cells


def starter_names(exercise: Exercise) -> tuple[str, ...]:
    """The variables an attempt leaves for the check cell."""
    if exercise.kind == "number":
        return tuple(column.name for column in exercise.columns)
    return ("answer", "chart") if exercise.chart else ("answer",)


# --- the ask -------------------------------------------------------------------------------


def _ask(exercise: Exercise) -> str:
    parts = [
        f"### {exercise.code} {exercise.title}",
        _effort(exercise),
        exercise.ask.strip(),
        _contract(exercise),
        _columns(exercise),
        _reminder(exercise),
    ]
    return "\n\n".join(part for part in parts if part)


def _effort(exercise: Exercise) -> str:
    minutes, points = _count(exercise.minutes, "minute"), _count(exercise.points, "point")
    return f"*{HOW_TO_ANSWER[exercise.kind]} · {minutes} · {points}*"


def _contract(exercise: Exercise) -> str:
    rows = [
        ("Grain", exercise.grain),
        ("Key", ", ".join(f"`{name}`" for name in exercise.key)),
        ("Window", exercise.window),
        ("Time zone", exercise.timezone),
        ("Includes", exercise.includes),
        ("Order", ", ".join(f"`{name}`" for name in exercise.ordered_by)),
    ]
    return "\n".join(f"- **{label}:** {text}" for label, text in rows if text)


def _columns(exercise: Exercise) -> str:
    if not exercise.columns:
        return ""
    lines = [
        f"| `{column.name}` | {_type_and_unit(column)} | {_precision(column)} | {in_table(column.what)} |"
        for column in exercise.columns
    ]
    return "\n".join(["| Column | Type | Precision | Definition |", "|:--|:--|:--|:--|", *lines])


def _type_and_unit(column: Column) -> str:
    return f"{column.type}, {in_table(column.unit)}" if column.unit else column.type


def _precision(column: Column) -> str:
    if column.tolerance_percent is not None:
        return f"± {column.tolerance_percent:g} %"
    if column.decimals is not None:
        return _count(column.decimals, "decimal") + ", or unrounded"
    return "exact"


def _reminder(exercise: Exercise) -> str:
    if exercise.kind == "memo":
        return f"At most {exercise.word_limit} words."
    if exercise.kind == "pandas":
        chart = " and the plotly figure in `chart`" if exercise.chart else ""
        return f"Leave the table in `answer`{chart}. {AS_FUNCTION}"
    if exercise.kind == "number":
        return f"Set the numbers and run the check, or hand in a query with `%%sql {exercise.id}`."
    return ""


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


# --- attempt and check ---------------------------------------------------------------------


def _attempt(exercise: Exercise, starter: str) -> str:
    if exercise.kind == "sql":
        return f"%%sql {exercise.id}\n{starter.strip() or SQL_STARTER}"
    if exercise.kind in ("pandas", "number"):
        return starter.strip("\n") or "\n".join(f"{name} = ..." for name in starter_names(exercise))
    return f'case.answer("{exercise.id}")'


def _check(exercise: Exercise) -> str:
    if exercise.kind == "number":
        handed_in = ", ".join(f"{name}={name}" for name in starter_names(exercise))
    else:
        handed_in = "answer, chart=chart" if exercise.chart else "answer"
    return f'case.check("{exercise.id}", {handed_in})'
