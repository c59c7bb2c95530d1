"""The verdict on pandas work: the table it ends in and, where one is asked for, the chart."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from datetime import date, timedelta

from casekit.compare.figure import ChartFacts, read_chart
from casekit.judge.bench import Bench
from casekit.judge.frames import NotATable, read_frame
from casekit.judge.functions import is_function, judge_function
from casekit.judge.tables import judge_table
from casekit.judge.words import plural
from casekit.model import Answer, Exercise, Verdict
from casekit.model.exercises import ChartAsk
from casekit.model.keys import CodeKey

__all__ = ["judge_analysis"]

MAX_ROWS = 10_000
THIS_DATA_ALONE = (
    "Judged on this case's data alone; a function that takes the tables would be tried on hidden data too."
)
SHARE_TOP = 1.05
PERCENT_TOP = 100.0


def judge_analysis(exercise: Exercise, key: CodeKey, answer: Answer, bench: Bench) -> Verdict:
    """
    The verdict on a DataFrame, or on a function that returns one, and its chart; the table is judged first.

    Raises:
        AuthorError: The reference does not run.
    """
    if answer.value is None or answer.value is ...:
        advice = f'Pass a DataFrame, or a function that returns one: case.check("{exercise.id}", answer)'
        return Verdict(exercise.id, "not attempted", "No answer yet.", (advice,))
    if is_function(answer.value):
        return _charted(judge_function(exercise, key, answer.value, bench), exercise, answer.chart)
    try:
        table = read_frame(answer.value, MAX_ROWS)
    except NotATable as mistake:
        return Verdict(exercise.id, "wrong", str(mistake))
    verdict = _charted(judge_table(exercise, key, table, bench), exercise, answer.chart)
    if verdict.status != "correct":
        return verdict
    return dataclasses.replace(verdict, notes=(*verdict.notes, THIS_DATA_ALONE))


def _charted(verdict: Verdict, exercise: Exercise, figure: object) -> Verdict:
    if exercise.chart is None or verdict.status != "correct":
        return verdict
    return _with_chart(verdict, exercise, exercise.chart, figure)


def _with_chart(verdict: Verdict, exercise: Exercise, ask: ChartAsk, figure: object) -> Verdict:
    half = exercise.points // 2
    missing: tuple[str, ...]
    if figure is None or figure is ...:
        headline = "The table is right; the chart is still missing."
        missing = (f'Pass it along: case.check("{exercise.id}", answer, chart=figure)',)
    else:
        headline = "The table is right; the chart does not show it yet."
        markers = [date.fromisoformat(day) for day in ask.markers]
        try:
            facts = read_chart(figure)
        except ValueError as mistake:
            missing = (str(mistake),)
        else:
            missing = tuple(_chart_problems(ask, markers, facts))
    if missing:
        return dataclasses.replace(verdict, status="not yet", headline=headline, points=missing, score=half)
    return dataclasses.replace(verdict, headline="Right: the table, and a chart that says what it shows.")


def _chart_problems(ask: ChartAsk, markers: Sequence[date], facts: ChartFacts) -> list[str]:
    problems = []
    if facts.lines != ask.lines:
        wanted, drawn = plural(ask.lines, "line"), plural(facts.lines, "line")
        problems.append(f"{wanted} is wanted; the chart has {drawn}.")
    marked = _count_marked(markers, facts)
    if marked < len(markers):
        problems.append(
            f"Mark the {len(markers)} dates asked for with vertical lines; {marked} of them are marked."
        )
    if ask.share_axis:
        problems += _axis_problems(facts)
    title = facts.title.casefold()
    if not title:
        problems.append("The chart has no title. Let the title say the finding.")
    elif any(not any(word.casefold() in title for word in words) for words in ask.title_concepts):
        problems.append("The title names a topic, not the finding: say who, what happened, and since when.")
    return problems


def _count_marked(markers: Sequence[date], facts: ChartFacts) -> int:
    """How many of the dates have a vertical line of their own, within a day."""
    lines, marked = sorted(facts.vertical_dates), 0
    for day in sorted(markers):
        near = next((line for line in lines if abs(day - line) <= timedelta(days=1)), None)
        if near is not None:
            lines.remove(near)
            marked += 1
    return marked


def _axis_problems(facts: ChartFacts) -> list[str]:
    if facts.y_low is None or facts.y_high is None or facts.highest is None:
        return ["The y axis shows no values."]
    full = 1.0 if facts.highest <= SHARE_TOP else PERCENT_TOP
    if facts.y_low != 0:
        return ["Start the y axis at 0, so that the size of the change can be seen as it is."]
    if not full <= facts.y_high <= full * SHARE_TOP:
        return ["Let the y axis end where a rate can end: at 1 for shares, at 100 for percent."]
    return []
