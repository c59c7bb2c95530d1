"""JupyterLab on the start page: in this process, offline, with casekit's own settings folder."""

from __future__ import annotations

import os
import secrets
import sys
import webbrowser
from collections.abc import Callable
from pathlib import Path

import casekit

__all__ = ["can_open_browser", "run_lab"]

START_URL = "lab/tree/notebooks/00_start_here.ipynb"


def run_lab(folder: Path, *, port: int, open_browser: bool, announce: Callable[[str], None]) -> None:
    """
    Serve *folder* with JupyterLab until it is stopped.

    Args:
        folder: The workbook.
        port: The first port to try; the next free one is taken.
        open_browser: Open the start page in the user's browser.
        announce: Told the address once the port is known.
    """
    _skip_iri_grammars()
    # A notebook must run in the Python that has casekit, even where the user has a kernel of the same name.
    os.environ.setdefault("JUPYTER_PREFER_ENV_PATH", "1")
    from jupyterlab.labapp import LabApp

    token = os.environ.get("JUPYTER_TOKEN") or secrets.token_hex(24)
    server = LabApp.initialize_server(argv=_arguments(folder, port, open_browser, token))
    announce(f"{server.connection_url}{START_URL}?token={token}")
    server.start()


def can_open_browser() -> bool:
    """True when a person is there and a graphical browser can be opened for them."""
    if os.environ.get("CI", "").lower() not in ("", "0", "false") or not sys.stdout.isatty():
        return False
    graphical = ("DISPLAY", "WAYLAND_DISPLAY", "BROWSER")
    if sys.platform.startswith("linux") and not any(os.environ.get(name) for name in graphical):
        return False
    try:
        webbrowser.get()
    except webbrowser.Error:
        return False
    return True


def _arguments(folder: Path, port: int, open_browser: bool, token: str) -> list[str]:
    import zmq

    settings = Path(casekit.__file__).resolve().parent / "lab" / "settings"
    encryption = "auto" if zmq.has("curve") else "disabled"
    arguments = [
        f"--ServerApp.root_dir={folder}",
        f"--ServerApp.port={port}",
        f"--ServerApp.open_browser={open_browser}",
        f"--IdentityProvider.token={token}",
        "--ServerApp.log_level=ERROR",
        "--LabApp.log_level=ERROR",
        "--LabApp.extension_manager=readonly",  # the other one asks a package index for its catalogue
        "--LanguageServerManager.autodetect=False",  # its search starts npm, where that is installed
        f"--KernelManager.transport_encryption={encryption}",
        "--ServerApp.answer_yes=True",  # one Ctrl-C stops; without a terminal nobody could answer
        f"--LabApp.app_settings_dir={settings}",
        f"--LabApp.default_url=/{START_URL}",
    ]
    is_root = hasattr(os, "geteuid") and os.geteuid() == 0
    return [*arguments, "--allow-root"] if is_root else arguments


def _skip_iri_grammars() -> None:
    """
    Save about a CPU-second of every start (1.5 to 0.55 where it was measured).

    jsonschema imports rfc3987_syntax when it is there, which compiles 35 grammars, only to check the
    formats ``iri`` and ``iri-reference``. No schema of JupyterLab, its server, its events or nbformat uses
    them. ``CASEKIT_IRI_CHECKS=1`` leaves the import alone.
    """
    if not os.environ.get("CASEKIT_IRI_CHECKS"):
        sys.modules.setdefault("rfc3987_syntax", None)  # type: ignore[arg-type]
