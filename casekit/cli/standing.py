"""How far the candidate is, as a table for the terminal."""

from __future__ import annotations

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from casekit.library import list_slugs, load_case
from casekit.progress import CaseSummary, Store

__all__ = ["progress_view"]

BEGIN = "Nothing tried yet. Run `casekit lab` and open a case from the start page."


def progress_view() -> RenderableType:
    """One line a case, or what to do first; above it whatever is wrong with the progress file."""
    with Store() as store:
        summaries, warning = store.summary(), store.warning
    view: RenderableType = _table(summaries) if summaries else Text(BEGIN)
    return Group(Text(warning, style="yellow"), view) if warning else view


def _table(summaries: dict[str, CaseSummary]) -> Table:
    table = Table("case", "tried", "solved", "points", "last seen (UTC)", box=None, pad_edge=False)
    for slug in list_slugs():
        case, summary = load_case(slug), summaries.get(slug)
        name, of = f"{case.code} {case.title}", len(case.exercises)
        if summary is None:
            table.add_row(name, f"0 of {of}", f"0 of {of}", "", "")
            continue
        points = f"{summary.score} of {sum(exercise.points for exercise in case.exercises)}"
        seen = summary.last_seen[:16].replace("T", " ")
        table.add_row(name, f"{summary.tried} of {of}", f"{summary.solved} of {of}", points, seen)
    return table
