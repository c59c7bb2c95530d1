"""Drives a real JupyterLab in a real browser: the launcher as a process, a notebook as a page."""

from __future__ import annotations

import json
import os
import re
import shutil
import socket
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from playwright.sync_api import Browser, ConsoleMessage, Locator, Page, Request

PATIENCE_S = 120.0
PATIENCE_MS = PATIENCE_S * 1000
WIDTH, HEIGHT = 1360, 1000
PRIVATE_FOLDERS = (
    "CASEKIT_HOME",
    "IPYTHONDIR",
    "JUPYTERLAB_SETTINGS_DIR",
    "JUPYTERLAB_WORKSPACES_DIR",
    "JUPYTER_CONFIG_DIR",
    "JUPYTER_DATA_DIR",
    "JUPYTER_RUNTIME_DIR",
)
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")

# The indicator in the toolbar says "idle" before any kernel exists, so the session itself is asked. The
# function must not be async: a pending promise would count as true.
READY = """() => {
    const panel = window.jupyterapp?.shell?.currentWidget;
    const session = panel?.sessionContext;
    const kernel = session?.session?.kernel;
    return !!(panel?.context?.isReady && session.isReady && kernel?.connectionStatus === 'connected'
              && kernel.status === 'idle' && document.querySelector('.jp-Cell'));
}"""
# Every cell gets an editor in the page only when it is scrolled to; the model always holds them all.
RUN_CELL = """([index, patience]) => {
    const notebook = window.jupyterapp.shell.currentWidget.content;
    notebook.deselectAll();
    notebook.activeCellIndex = index;
    const done = window.jupyterapp.commands.execute('notebook:run-cell').then(() => 'done');
    return Promise.race([done, new Promise(give => setTimeout(() => give('too slow'), patience))]);
}"""
VERDICT = "application/vnd.casekit.verdict+json"
SHOW_CELL = "index => window.jupyterapp.shell.currentWidget.content.scrollToItem(index, 'smart', 0)"
SOURCES = """() =>
    window.jupyterapp.shell.currentWidget.content.widgets.map(cell => cell.model.sharedModel.getSource())"""
SET_SOURCE = """([index, text]) =>
    window.jupyterapp.shell.currentWidget.content.widgets[index].model.sharedModel.setSource(text)"""
OUTPUTS = """index => {
    const outputs = window.jupyterapp.shell.currentWidget.content.widgets[index].model.outputs.toJSON();
    return outputs.map(output => output.data ?? { 'text/plain': output.text ?? output.evalue ?? '' });
}"""


def _joined(text: str | list[str]) -> str:
    return text if isinstance(text, str) else "".join(text)


def find_browser() -> str | None:
    """The path of a Chromium on this machine, or None."""
    return next((path for name in BROWSERS if (path := shutil.which(name))), None)


def free_port() -> int:
    """A port nobody listens on at this moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class LabServer:
    """
    ``casekit lab`` as its own process, with every Jupyter and casekit folder kept apart from the user's.

    Attributes:
        folder: The workbook.
        address: The start page's address, with its token.
    """

    def __init__(self, folder: Path, private: Path) -> None:
        self.folder = folder
        self._private = private
        self._log = private / "lab.log"
        private.mkdir(parents=True, exist_ok=True)
        self._expose_app()
        self._process = self._start()
        self.address = self._wait_for_address()

    def close(self) -> None:
        """Stop the server and wait for it."""
        self._process.terminate()
        try:
            self._process.wait(20)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    def page_address(self, path: str) -> str:
        """The address that opens *path*, a file in the workbook, as the only tab."""
        parts = urlsplit(self.address)
        return f"{parts.scheme}://{parts.netloc}/lab/tree/{path}?{parts.query}&reset"

    def _start(self) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-m", "casekit", "lab", "--no-browser", "--port", str(free_port())]
        with self._log.open("wb") as log:
            return subprocess.Popen(
                [*command, "--dir", str(self.folder)],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                env=self._environment(),
            )

    def _environment(self) -> dict[str, str]:
        own = {name: str(self._private / name.lower()) for name in PRIVATE_FOLDERS}
        # Without CASEKIT_DATA the datasets land beside the notebooks, as they do for a candidate.
        inherited = {name: value for name, value in os.environ.items() if name != "CASEKIT_DATA"}
        return {**inherited, **own, "NO_COLOR": "1"}

    def _expose_app(self) -> None:
        config = self._private / "jupyter_config_dir" / "jupyter_lab_config.json"
        config.parent.mkdir(parents=True, exist_ok=True)
        config.write_text(json.dumps({"LabApp": {"expose_app_in_browser": True}}))

    def _wait_for_address(self) -> str:
        deadline = time.monotonic() + PATIENCE_S
        while time.monotonic() < deadline and self._process.poll() is None:
            if found := re.search(r"http://\S+token=\S+", self.log()):
                return found[0]
            time.sleep(0.1)
        self.close()
        raise RuntimeError(f"casekit lab gave no address:\n{self.log()}")

    def log(self) -> str:
        """What the launcher and the server have printed so far."""
        return self._log.read_text(errors="replace")


@dataclass
class Visit:
    """
    One notebook open in one browser page.

    Attributes:
        outside: Addresses the page asked for that are not this server's.
        errors: Texts of errors in the browser's console.
    """

    server: LabServer
    page: Page
    artifacts: Path
    outside: set[str] = field(default_factory=set)
    errors: list[str] = field(default_factory=list)

    def open(self, path: str) -> None:
        """Open the notebook at *path* and wait until its kernel can work."""
        self.page.goto(self.server.page_address(path), wait_until="domcontentloaded", timeout=PATIENCE_MS)
        self.wait_until_ready()

    def wait_until_ready(self) -> None:
        """Wait until the notebook in front has a kernel that can work."""
        self.page.wait_for_function(READY, timeout=PATIENCE_MS, polling=100)

    def sources(self) -> list[str]:
        """The text of every cell."""
        return [str(text) for text in self.page.evaluate(SOURCES)]

    def find(self, text: str) -> int:
        """The place of the first cell that contains *text*."""
        return next(index for index, source in enumerate(self.sources()) if text in source)

    def use_theme(self, name: str) -> None:
        """Change the look of JupyterLab, for example to ``JupyterLab Dark``."""
        self.page.evaluate(
            "theme => window.jupyterapp.commands.execute('apputils:change-theme', { theme })", name
        )
        self.page.locator(f"body[data-jp-theme-name='{name}']").wait_for(state="attached")

    def cell(self, index: int) -> Locator:
        """The cell on the page, scrolled to."""
        self.page.evaluate(SHOW_CELL, index)
        return self.page.locator(f".jp-Notebook .jp-Cell[data-windowed-list-index='{index}']")

    def run(self, index: int, source: str | None = None) -> str:
        """What the cell shows after it has run, with *source* written into it first."""
        if source is not None:
            self.page.evaluate(SET_SOURCE, [index, source])
        self.page.evaluate(SHOW_CELL, index)
        outcome = self.page.evaluate(RUN_CELL, [index, PATIENCE_MS])
        if outcome != "done":
            raise TimeoutError(f"cell {index} did not finish in {PATIENCE_S:.0f} seconds")
        return self.output(index)

    def output(self, index: int) -> str:
        """Everything the cell has printed or displayed, as plain text."""
        bundles = self.page.evaluate(OUTPUTS, index)
        return "\n".join(_joined(bundle.get("text/plain", "")) for bundle in bundles)

    def statuses(self, index: int) -> list[str]:
        """The verdicts the cell shows, one word each."""
        bundles = self.page.evaluate(OUTPUTS, index)
        return [str(bundle[VERDICT]["status"]) for bundle in bundles if VERDICT in bundle]

    def shot(self, name: str) -> None:
        """Keep a picture of the page as it is."""
        self.artifacts.mkdir(parents=True, exist_ok=True)
        self.page.screenshot(path=self.artifacts / f"{name}.png")


def visit(server: LabServer, browser: Browser, artifacts: Path) -> Visit:
    """A fresh page that notes every request to somewhere else and every error."""
    page = browser.new_context(viewport={"width": WIDTH, "height": HEIGHT}, locale="en-US").new_page()
    page.set_default_timeout(PATIENCE_MS)
    visited = Visit(server, page, artifacts)
    home = urlsplit(server.address).netloc

    def note_request(request: Request) -> None:
        parts = urlsplit(request.url)
        if parts.scheme in ("http", "https", "ws", "wss") and parts.netloc != home:
            visited.outside.add(request.url)

    def note_error(message: ConsoleMessage) -> None:
        if message.type == "error":
            visited.errors.append(message.text)

    page.on("request", note_request)
    page.on("console", note_error)
    return visited
