"""Progress boards and the map of cases, filled from the library and the record."""

from __future__ import annotations

from pathlib import Path

from casekit.library import list_slugs, load_case
from casekit.model import Case
from casekit.notebook.record import Record, kernel_store
from casekit.progress import Store
from casekit.show import Panel, board_view
from casekit.show.board import CaseLine, map_view, start_board
from casekit.show.moments import prediction_words

__all__ = ["case_board", "case_map", "progress_board", "restored"]


def case_board(record: Record) -> Panel:
    """One case, exercise by exercise."""
    made = record.prediction()
    extra = [f"Your prediction: {prediction_words(record.case.interview.prediction, made)}"] if made else []
    asked = record.asked()
    if asked:
        questions = "1 question" if len(asked) == 1 else f"{len(asked)} questions"
        extra.append(f"You asked {questions}, {sum(asked.values())} min on the interview clock.")
    return board_view(f"{record.case.code} {record.case.title}", record.lines(), extra)


def case_map() -> Panel:
    """Every case there is."""
    store = kernel_store()
    return map_view([_line(load_case(slug), store) for slug in list_slugs()])


def progress_board() -> Panel:
    """How far every case is."""
    store = kernel_store()
    return start_board([_line(load_case(slug), store) for slug in list_slugs()])


def restored(record: Record) -> str:
    """Where the candidate left off, as one sentence."""
    lines = record.lines()
    solved = [line for line in lines if line.status == "correct"]
    tried = [line for line in lines if line.attempts]
    if not tried:
        return f"A fresh start: {len(lines)} exercises, none tried yet."
    upcoming = next((line.id for line in lines if line.status != "correct"), "")
    told = f"Welcome back: {len(solved)} of {len(lines)} exercises solved, {len(tried)} tried."
    return f"{told} Next: `{upcoming}`." if upcoming else f"{told} All that is left is the debrief."


def _line(case: Case, store: Store) -> CaseLine:
    lines = Record(case, store).lines()
    seen = store.summary().get(case.slug)
    return CaseLine(
        slug=case.slug,
        code=case.code,
        title=case.title,
        company=case.company,
        summary=case.summary,
        level=case.level,
        minutes=case.minutes,
        solved=sum(line.status == "correct" for line in lines),
        exercises=len(lines),
        points=sum(line.points for line in lines),
        points_of=sum(line.points_of for line in lines),
        address=_notebook(case),
        seen=seen.last_seen[:10] if seen else "",
    )


def _notebook(case: Case) -> str:
    """The case's notebook beside the one that is open; empty when there is none."""
    found = sorted(Path().glob(f"*{case.slug.replace('-', '_')}.ipynb"))
    return found[0].name if found else ""
