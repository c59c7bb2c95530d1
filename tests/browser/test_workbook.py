"""A candidate's first hour, in a real browser: the start page, then the case, answers wrong and right."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from browser.conftest import ARTIFACTS
from browser.lab import LabServer, Visit, visit
from casekit.library import load_case, load_key
from casekit.model import Trap
from casekit.model.keys import CardsKey, ChoiceKey, CodeKey

pytestmark = pytest.mark.browser

CASE = load_case("checkout-drop")
START = "notebooks/00_start_here.ipynb"
CASE_PAGE = "notebooks/c04_checkout_drop.ipynb"


def code_key(exercise_id: str) -> CodeKey:
    key = load_key(CASE, exercise_id)
    if not isinstance(key, CodeKey):
        raise TypeError(f"{exercise_id} has no code")
    return key


def opening(trap: Trap) -> str:
    """The first words of a trap, before any number from the data."""
    return trap.say.split("{")[0].split(".")[0]


@pytest.fixture(scope="module")
def candidate(server: LabServer, chromium: Browser) -> Iterator[Visit]:
    """The case's notebook, opened once and worked through."""
    visited = visit(server, chromium, ARTIFACTS)
    visited.open(CASE_PAGE)
    visited.run(visited.find("casekit.open_case("))
    yield visited
    visited.page.context.close()


def hand_in(candidate: Visit, exercise_id: str, source: str) -> int:
    """The place of the exercise's attempt cell, after it has run with *source*."""
    index = candidate.find(f"%%sql {exercise_id}")
    candidate.run(index, f"%%sql {exercise_id}\n{source}")
    return index


def test_start_page_opens_first(lab: Visit):
    """The address leads to the start page: a map of cases, no pop-up, no request to anywhere else."""
    lab.page.goto(f"{lab.server.address}&reset", wait_until="domcontentloaded")
    lab.page.get_by_role("heading", name="Start here").wait_for()
    lab.wait_until_ready()
    progress = lab.find("casekit.board()")
    lab.run(progress)
    lab.shot("start_page")
    first, second = lab.output(progress), lab.run(progress)

    assert lab.page.get_by_role("link", name=CASE.title).first.is_visible()
    assert CASE.title in first
    assert first == second
    assert 0 == lab.page.locator(".jp-Dialog, .Toastify__toast").count()
    assert set() == lab.outside
    assert [] == lab.errors


def test_map_leads_to_case(lab: Visit):
    """A click on the map opens the case's notebook in JupyterLab."""
    lab.open(START)
    lab.page.get_by_role("link", name=CASE.title).first.click()

    lab.page.locator(".lm-TabBar-tab.lm-mod-current", has_text=Path(CASE_PAGE).name).wait_for()


def test_case_opens_with_welcome(candidate: Visit):
    """The set-up cell says which case this is and how long it takes."""
    welcome = candidate.output(candidate.find("casekit.open_case("))
    candidate.shot("case_open")

    assert CASE.title in welcome
    assert str(CASE.minutes) in welcome


def test_wrong_sql_names_trap(candidate: Visit):
    """A typical wrong query gets its own words, on the page and in its text twin."""
    trap = code_key("weekly-conversion").traps[0]

    index = hand_in(candidate, "weekly-conversion", trap.submission)
    candidate.cell(index).scroll_into_view_if_needed()
    candidate.shot("verdict_trap")

    assert ["trap"] == candidate.statuses(index)
    assert opening(trap) in candidate.output(index)
    assert candidate.cell(index).get_by_text(opening(trap)).first.is_visible()


def test_right_sql_is_correct(candidate: Visit):
    """The reference query gets the table and the verdict under it."""
    index = hand_in(candidate, "weekly-conversion", code_key("weekly-conversion").reference)
    candidate.shot("verdict_correct")

    assert ["correct"] == candidate.statuses(index)
    assert candidate.cell(index).get_by_text("Correct").first.is_visible()


def test_broken_sql_keeps_notebook_usable(candidate: Visit):
    """SQL that does not parse gives words, not a traceback, and the next answer works."""
    index = hand_in(candidate, "step-funnel", "SELECT FROM WHERE")
    broken = candidate.statuses(index)
    hand_in(candidate, "step-funnel", code_key("step-funnel").reference)

    assert ["wrong"] == broken
    assert ["correct"] == candidate.statuses(index)


def test_card_order_is_judged(candidate: Visit):
    """A plain call hands in a card order; the expert's own order is correct."""
    key = load_key(CASE, "hypothesis-order")
    assert isinstance(key, CardsKey)
    index = candidate.find('case.answer("hypothesis-order")')

    candidate.run(index, f'case.check("hypothesis-order", {list(key.order)!r})')

    assert ["correct"] == candidate.statuses(index)


def test_choice_form_submits(candidate: Visit):
    """A click on an option and one on the button hand the choice in; the verdict appears below the form."""
    key = load_key(CASE, "deciding-exhibit")
    assert isinstance(key, ChoiceKey)
    exercise = next(each for each in CASE.exercises if each.id == "deciding-exhibit")
    text = next(option.text for option in exercise.options if option.id == key.right)
    index = candidate.find('case.answer("deciding-exhibit")')

    candidate.run(index)
    form = candidate.cell(index)
    form.get_by_label(text).check()
    form.get_by_role("button", name="Hand in").click()
    form.get_by_text("Correct").first.wait_for()
    candidate.shot("choice_form")

    assert "correct" in candidate.statuses(index)


def test_tab_completes_tables(candidate: Visit):
    """Tab after FROM in a `%%sql` cell offers the case's tables."""
    index = candidate.find("%%sql first-alarm")
    candidate.cell(index).locator(".cm-content").click()
    candidate.page.keyboard.press("Control+a")
    candidate.page.keyboard.type("%%sql first-alarm\nSELECT * FROM checko")
    candidate.page.keyboard.press("Tab")
    offered = candidate.page.locator(".jp-Completer-item, .cm-line", has_text="checkout_events")
    offered.first.wait_for()
    candidate.shot("completion")
    candidate.page.keyboard.press("Escape")

    assert offered.first.is_visible()


def test_verdict_reads_in_dark(candidate: Visit):
    """In the dark theme the verdict keeps its words, in a colour that stands out from its background."""
    candidate.use_theme("JupyterLab Dark")
    trap = code_key("isolate-failure").traps[0]
    index = hand_in(candidate, "isolate-failure", trap.submission)
    candidate.cell(index).scroll_into_view_if_needed()
    candidate.shot("dark")
    words = candidate.cell(index).get_by_text(opening(trap)).first

    assert words.is_visible()
    assert words.evaluate("word => getComputedStyle(word).color") not in ("rgb(0, 0, 0)", "rgb(17, 17, 17)")


def test_whole_visit_stays_offline(candidate: Visit):
    """Working the case asks no other machine for anything and leaves no error in the console."""
    assert set() == candidate.outside
    assert [] == candidate.errors
