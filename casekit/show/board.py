"""Where a candidate stands: one case exercise by exercise, and the map of all cases."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from casekit.show.blocks import Block, link, meter, paragraph
from casekit.show.grid import Head, grid
from casekit.show.panel import Panel
from casekit.show.verdict import status_mark

__all__ = ["CaseLine", "ExerciseLine", "board_view", "map_view", "start_board"]


@dataclass(frozen=True)
class ExerciseLine:
    """
    One exercise on the board.

    Attributes:
        status: The best verdict so far; empty when there was none.
        points: Points earned, of *points_of*.
    """

    id: str
    code: str
    title: str
    stage: str
    status: str
    attempts: int
    hints: int
    points: int
    points_of: int


@dataclass(frozen=True)
class CaseLine:
    """
    One case on the map.

    Attributes:
        address: Where its notebook is; empty when it has none here.
        seen: The day it was last worked on, empty for never.
    """

    slug: str
    code: str
    title: str
    company: str
    summary: str
    level: int
    minutes: int
    solved: int
    exercises: int
    points: int
    points_of: int
    address: str = ""
    seen: str = ""


def board_view(title: str, lines: Sequence[ExerciseLine], extra: Sequence[str] = ()) -> Panel:
    """A case, exercise by exercise, with what is solved, tried and open."""
    solved = sum(line.status == "correct" for line in lines)
    heads = [
        Head("Exercise", wraps=True),
        Head("Stage"),
        Head("State"),
        Head("Tries", numeric=True),
        Head("Hints", numeric=True),
        Head("Points", numeric=True),
    ]
    rows = [_exercise_row(line) for line in lines]
    bar = meter(solved, len(lines), f"{solved} of {len(lines)} solved")
    points = f"{sum(line.points for line in lines)} of {sum(line.points_of for line in lines)} points"
    blocks = [bar, grid(heads, rows), *(paragraph(words, quiet=True) for words in extra)]
    upcoming = next((line.id for line in lines if line.status != "correct"), "")
    if upcoming:
        blocks.append(paragraph(f"Next: `{upcoming}`."))
    return Panel(
        "note", "Progress", title=title, blocks=tuple(blocks), aside=points, label=f"Progress in {title}"
    )


def _exercise_row(line: ExerciseLine) -> tuple[str | Block, ...]:
    icon, word = status_mark(line.status) if line.status else ("·", "Open")
    return (
        Block(f'<code style="font-size:0.94em">{line.id}</code>', line.id),
        line.stage,
        f"{icon} {word}",
        str(line.attempts or "–"),
        str(line.hints or "–"),
        f"{line.points} of {line.points_of}",
    )


def map_view(cases: Sequence[CaseLine]) -> Panel:
    """Every case with its level, its length and what it is about."""
    heads = [
        Head("Case"),
        Head("Company"),
        Head("Level", numeric=True),
        Head("Minutes", numeric=True),
        Head("What it is about", wraps=True),
    ]
    rows = [
        (_case_link(case), case.company, f"{case.level}/10", str(case.minutes), case.summary)
        for case in cases
    ]
    noun = "case" if len(cases) == 1 else "cases"
    return Panel(
        "note", "Cases", title=f"{len(cases)} {noun}", blocks=(grid(heads, rows),), label="Map of cases"
    )


def start_board(cases: Sequence[CaseLine]) -> Panel:
    """Progress over all cases, for the start page."""
    heads = [Head("Case"), Head("Solved"), Head("Points", numeric=True), Head("Last worked on")]
    rows = [
        (
            _case_link(case),
            meter(case.solved, case.exercises, f"{case.solved} of {case.exercises}"),
            f"{case.points} of {case.points_of}",
            case.seen or "not yet",
        )
        for case in cases
    ]
    points = f"{sum(case.points for case in cases)} of {sum(case.points_of for case in cases)} points"
    return Panel(
        "note",
        "Progress",
        title="Your cases",
        blocks=(grid(heads, rows),),
        aside=points,
        label="Your progress",
    )


def _case_link(case: CaseLine) -> Block:
    words = f"{case.code} {case.title}"
    return link(words, case.address) if case.address else Block(f"<span>{words}</span>", words)
