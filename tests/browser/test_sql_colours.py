"""The SQL extension in a real JupyterLab, and its script alone where JupyterLab's insides have moved."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from browser.lab import LabServer, Visit

pytestmark = pytest.mark.browser

SCRIPT = Path(__file__).parents[2] / "casekit" / "lab" / "extension" / "static" / "remoteEntry.js"
SQL_CELL = "%%sql latest-version\nSELECT count(*) AS n FROM orders WHERE status = 'paid' -- paid only"
PYTHON_CELL = "select = 'SELECT'"
STYLED = "line => [...line.querySelectorAll('span')].map(word => word.textContent)"
# A stand-in for JupyterLab's shared packages: two versions of each, of which the newer one must be taken.
LOAD_PLUGIN = """async versions => {
    const taken = [];
    const packages = ['@jupyterlab/codemirror', '@codemirror/state', '@codemirror/view'];
    const entry = version => ({ get: async () => { taken.push(version); return () => ({}); } });
    const shelf = Object.fromEntries(versions.map(version => [version, entry(version)]));
    const container = window._JUPYTERLAB['casekit-sql'];
    container.init(Object.fromEntries(packages.map(name => [name, shelf])));
    const plugin = (await container.get('./extension'))().default;
    const result = await plugin.activate({}, null, null);
    return { taken, id: plugin.id, result: result ?? null };
}"""


@pytest.fixture(scope="module")
def scratch(server: LabServer) -> str:
    cells = [
        code_cell(SQL_CELL, "sql"),
        code_cell(PYTHON_CELL, "python"),
        code_cell("%%sqlite\nSELECT 1", "other"),
    ]
    metadata = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
    notebook = {"cells": cells, "metadata": metadata, "nbformat": 4, "nbformat_minor": 5}
    (server.folder / "notebooks" / "scratch.ipynb").write_text(json.dumps(notebook))
    return "notebooks/scratch.ipynb"


def code_cell(source: str, name: str) -> dict[str, object]:
    return {
        "cell_type": "code",
        "id": name,
        "metadata": {},
        "source": source,
        "outputs": [],
        "execution_count": None,
    }


def styled_words(lab: Visit, cell: int, line: int) -> list[str]:
    """The words of a line that have a colour of their own."""
    words = lab.cell(cell).locator(".cm-line").nth(line).evaluate(STYLED)
    return [str(word) for word in words]


def test_sql_cells_have_colours(lab: Visit, scratch: str):
    """After `%%sql exercise-id` the cell is coloured as SQL, and the first line stays calm."""
    lab.open(scratch)
    lab.cell(0).locator(".cm-casekit-magic").wait_for()
    colours = lab.cell(0).locator(".cm-casekit-magic, .cm-casekit-magic span")

    assert {"SELECT", "AS", "FROM", "WHERE", "'paid'", "-- paid only"} <= set(styled_words(lab, 0, 1))
    assert 1 == len(set(colours.evaluate_all("all => all.map(one => getComputedStyle(one).color)")))
    assert set() == lab.outside
    assert [] == lab.errors


def test_other_cells_stay_python(lab: Visit, scratch: str):
    """Python cells, and magics that only begin like ours, look as they always do."""
    lab.open(scratch)
    lab.cell(0).locator(".cm-casekit-magic").wait_for()

    assert ["=", "'SELECT'"] == styled_words(lab, 1, 0)
    assert "SELECT" not in styled_words(lab, 2, 1)


def test_colours_follow_typing(lab: Visit, scratch: str):
    """Typing `%%sql` into a cell turns the colours on, and deleting it turns them off."""
    lab.open(scratch)
    editor = lab.cell(1).locator(".cm-content")
    editor.click()
    lab.page.keyboard.press("Control+a")
    lab.page.keyboard.type("%%sql\nSELECT 1")
    lab.cell(1).locator(".cm-casekit-magic").wait_for()
    on = styled_words(lab, 1, 1)

    lab.page.keyboard.press("Control+a")
    lab.page.keyboard.type("SELECT = 1")
    lab.cell(1).locator(".cm-casekit-magic").wait_for(state="detached")

    assert "SELECT" in on
    assert "SELECT" not in styled_words(lab, 1, 0)


@pytest.fixture
def script(chromium: Browser) -> Iterator[Page]:
    page = chromium.new_page()
    page.add_script_tag(path=SCRIPT)
    yield page
    page.close()


def test_newest_shared_version_wins(script: Page):
    """Of several copies of a package the newest is taken by number: 10.2.0 is newer than 9.9.9."""
    loaded = script.evaluate(LOAD_PLUGIN, ["9.9.9", "10.2.0", "6.0.0"])

    assert ["10.2.0"] * 3 == loaded["taken"]


def test_missing_insides_do_no_harm(script: Page):
    """Where JupyterLab no longer shares what is needed, the plugin loads, does nothing and raises nothing."""
    loaded = script.evaluate(LOAD_PLUGIN, [])

    assert {"taken": [], "id": "casekit-sql:colours", "result": None} == loaded
