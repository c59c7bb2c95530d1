"""One JupyterLab for all browser tests, and a page for each."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

from browser.lab import LabServer, Visit, find_browser, visit

ARTIFACTS = Path(__file__).parents[2] / "artifacts"
BROWSER_OPTIONS = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"]


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    path = find_browser()
    if path is None and os.environ.get("CASEKIT_BROWSER") == "require":
        pytest.fail("CASEKIT_BROWSER=require, and no Chromium is installed: apt-get install chromium")
    if path is None:
        pytest.skip("no Chromium on this machine; CASEKIT_BROWSER=require makes this a failure")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=BROWSER_OPTIONS)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def workbook(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("browser") / "my work book"


@pytest.fixture(scope="session")
def server(chromium: Browser, workbook: Path) -> Iterator[LabServer]:
    running = LabServer(workbook, workbook.parent / "private")
    yield running
    running.close()


@pytest.fixture
def lab(server: LabServer, chromium: Browser) -> Iterator[Visit]:
    visited = visit(server, chromium, ARTIFACTS)
    yield visited
    visited.page.context.close()
