"""`lesson.md`: what its blocks become, and what an author is told when they cannot."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from casekit.build import new_case
from casekit.build.asks import exercise_cells
from casekit.build.case_page import case_page
from casekit.build.lesson import Directive, Prose, read_blocks
from casekit.build.lesson_check import lesson_problems
from casekit.build.page import markdown_cell, with_ids
from casekit.errors import AuthorError
from casekit.library import load_case
from casekit.model import Case, Exercise
from casekit.model.exercises import ChartAsk


@pytest.fixture
def case(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Case:
    monkeypatch.setenv("CASEKIT_CASES", str(tmp_path))
    new_case("kitchen-shop", tmp_path)
    return load_case("kitchen-shop")


def write_lesson(case: Case, text: str) -> None:
    (Path(case.folder) / "lesson.md").write_text(text, encoding="utf-8")


def with_kind(exercise: Exercise, **changes: object) -> Exercise:
    return replace(exercise, **changes)


def test_headings_start_cells():
    """Every heading starts a new block of prose, and its line is kept."""
    blocks = read_blocks("Before.\n\n## One\n\ntext\n### Two\n\n- a\n")

    assert (Prose(1, "Before."), Prose(3, "## One\n\ntext"), Prose(6, "### Two\n\n- a")) == blocks


def test_fences_become_directives():
    """A fence with braces is a directive with its argument, body and line."""
    blocks = read_blocks("## One\n\n```{exercise} conversion\na = 1\n\nb = 2\n```\n\nAfter.\n")

    expected = Directive(3, "exercise", "conversion", "a = 1\n\nb = 2")
    assert (Prose(1, "## One"), expected, Prose(9, "After.")) == blocks


def test_plain_fences_stay_prose():
    """A fence without braces belongs to the prose, headings and directives inside it too."""
    text = "Look:\n\n````\n# no heading\n```{code}\n```\n````\nDone."

    assert (Prose(1, text),) == read_blocks(text)


def test_empty_lesson_has_no_blocks():
    """Blank lines alone make no cell."""
    assert () == read_blocks("\n\n   \n")


def test_missing_lesson_is_told(case: Case):
    """A case without a lesson is its author's mistake, not a crash."""
    (Path(case.folder) / "lesson.md").unlink()

    with pytest.raises(AuthorError, match=r"lesson.md: the file is missing"):
        case_page(case)


def test_all_lesson_problems_together(case: Case):
    """Everything wrong with a lesson is reported at once, each with its line."""
    write_lesson(
        case,
        "# Kitchen shop\n"
        "```{exercize} next-look\n```\n"
        "```{exercise} conversion-by-devise\n```\n"
        "```{exhibit} release\n```\n"
        "```{exercise}\n```\n"
        "```{interviewer} lunch\n```\n"
        "```{code}\n```\n"
        "```{predict} now\n```\n"
        "```{predict}\n```\n"
        "```{exercise} next-look\nanswer = 1\n```\n"
        "```{exercise} next-look\n```\n"
        "```{debrief}\n",
    )

    with pytest.raises(AuthorError) as caught:
        case_page(case)

    assert [
        ("lesson.md › conversion-by-device: the exercise is in case.toml, but nowhere in the lesson"),
        "lesson.md › line 1: the build writes the title; start headings at '##'",
        "lesson.md › line 2 › exercize: there is no such directive; use exercise",
        (
            "lesson.md › line 4 › exercise: 'conversion-by-devise' is not in case.toml; "
            "did you mean 'conversion-by-device'?"
        ),
        "lesson.md › line 6 › exhibit: 'release' is not in interview.toml; did you mean 'releases'?",
        "lesson.md › line 8 › exercise: needs an exercise id behind it",
        "lesson.md › line 10 › interviewer: speaks at opening or closing, not at 'lunch'",
        "lesson.md › line 12 › code: is empty; write the code of the cell inside it",
        "lesson.md › line 14 › predict: takes nothing behind it; it has 'now'",
        "lesson.md › line 16 › predict: already stands at line 14",
        "lesson.md › line 18 › next-look: a choice exercise takes no starter code",
        "lesson.md › line 21 › next-look: the exercise already stands at line 18",
        "lesson.md › line 23 › debrief: is never closed; end it with a line of ```",
    ] == [str(problem) for problem in caught.value.problems]


@pytest.mark.parametrize(
    ("kind", "chart", "body", "message"),
    [
        ("sql", None, "-- idea\nSELECT 1", "starter code of a sql exercise may hold comments only"),
        ("pandas", None, "daily = ...", "the starter code must set 'answer'"),
        ("pandas", ChartAsk(1, (), True, ()), "answer = ...", "the starter code must set 'chart'"),
        ("number", None, "visits = ...\nconversion_percent = ...", "the starter code must set 'device'"),
    ],
)
def test_starters_keep_their_bargain(case: Case, kind: str, chart: ChartAsk | None, body: str, message: str):
    """Starter code is no answer yet, and it sets what the check cell hands in."""
    exercise = with_kind(case.exercises[0], kind=kind, chart=chart)
    other = replace(case, exercises=(exercise,))
    block = Directive(3, "exercise", exercise.id, body)

    problems = lesson_problems(other, (block,))

    assert [True] == [message in str(problem) for problem in problems]


@pytest.mark.parametrize(
    ("kind", "sources"),
    [
        (
            "sql",
            ["%%sql conversion-by-device\n-- One SELECT. Run the cell with Shift+Enter to hand it in."],
        ),
        ("pandas", ["answer = ...", 'case.check("conversion-by-device", answer)']),
        (
            "number",
            [
                "device = ...\nvisits = ...\nconversion_percent = ...",
                (
                    'case.check("conversion-by-device", device=device, visits=visits, '
                    "conversion_percent=conversion_percent)"
                ),
            ],
        ),
        ("choice", ['case.answer("conversion-by-device")']),
        ("cards", ['case.answer("conversion-by-device")']),
        ("memo", ['case.answer("conversion-by-device")']),
    ],
)
def test_each_kind_gets_cells(case: Case, kind: str, sources: list[str]):
    """An exercise is an ask, an attempt and, where the attempt does not hand in, a check."""
    cells = exercise_cells(with_kind(case.exercises[0], kind=kind))

    assert sources == [cell.source for cell in cells[1:]]
    assert ["ask", "attempt", "check"][: len(cells)] == [cell.role for cell in cells]


def test_charts_are_handed_in(case: Case):
    """Where a chart is asked for, the attempt leaves it and the check hands it in."""
    exercise = with_kind(case.exercises[0], kind="pandas", chart=ChartAsk(1, (), True, ()))

    ask, attempt, check = exercise_cells(exercise)

    assert "answer = ...\nchart = ..." == attempt.source
    assert 'case.check("conversion-by-device", answer, chart=chart)' == check.source
    assert "plotly figure in `chart`" in ask.source


def test_starter_replaces_default(case: Case):
    """The body of the directive is what the attempt starts with."""
    cells = exercise_cells(with_kind(case.exercises[0], kind="pandas"), "daily = 1\nanswer = ...")

    assert "daily = 1\nanswer = ..." == cells[1].source


def test_ask_prints_the_contract(case: Case):
    """Grain, key, window, time zone, inclusions and every column stand under the ask."""
    exercise = with_kind(case.exercises[0], includes="visits | orders", ordered_by=("visits desc",))

    source = exercise_cells(exercise)[0].source

    assert "### E01 Conversion by device\n\n*Answer in SQL · 5 minutes · 60 points*" in source
    assert [
        "- **Grain:** one row per device",
        "- **Key:** `device`",
        "- **Window:** all of March 2025",
        "- **Time zone:** UTC",
        "- **Includes:** visits | orders",
        "- **Order:** `visits desc`",
    ] == [line for line in source.splitlines() if line.startswith("- **")]
    assert "| `conversion_percent` | number, percent | 1 decimal, or unrounded |" in source


def test_interviewer_speaks(case: Case):
    """The lesson places what the interviewer says; the pushbacks come with the closing."""
    cells = {cell.id: cell.source for cell in case_page(case).cells}

    assert case.interview.opening in cells["interviewer-opening"]
    assert f"- {case.interview.pushbacks[0]}" in cells["interviewer-closing"]
    assert f"> {case.interview.closing}" in cells["interviewer-closing"]
    assert f"> {case.prompt}" in cells["title"]


def test_tolerances_are_told(case: Case):
    """A column with a tolerance says so instead of its rounding."""
    column = replace(case.exercises[0].columns[2], tolerance_percent=3.0)
    exercise = with_kind(case.exercises[0], kind="number", columns=(column,))

    assert "| ± 3 % |" in exercise_cells(exercise)[0].source


def test_ids_stay_unique():
    """Cells of one heading are numbered, whatever another heading is called."""
    cells = with_ids(markdown_cell(name, "") for name in ("One", "one!", "one 2", "", "x" * 80))

    assert ["one", "one-2", "one-2-2", "cell", "x" * 56] == [cell.id for cell in cells]


def test_ids_survive_early_insertions(case: Case):
    """A cell put in early renames no cell under a later heading."""
    before = {cell.id for cell in case_page(case).cells}
    lesson = Path(case.folder) / "lesson.md"
    write_lesson(case, "## Words first\n\nHello.\n\n" + lesson.read_text(encoding="utf-8"))

    after = {cell.id for cell in case_page(case).cells}

    assert {"words-first"} == after - before
    assert set() == before - after
