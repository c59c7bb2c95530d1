"""The JupyterLab extension that colours SQL, as files: what a browser does with it is in tests/browser."""

from __future__ import annotations

import json
import re
import sys
import tomllib
from pathlib import Path

import casekit

ROOT = Path(__file__).parents[1]
EXTENSION = ROOT / "casekit" / "lab" / "extension"
SETTINGS = ROOT / "casekit" / "lab" / "settings"
LARGEST_BYTES = 8_000


def test_extension_describes_itself():
    """JupyterLab finds the file to load, and the version is casekit's."""
    described = json.loads((EXTENSION / "package.json").read_text())

    assert casekit.__version__ == described["version"]
    assert (EXTENSION / described["jupyterlab"]["_build"]["load"]).is_file()


def test_extension_stays_offline_and_small():
    """The script names no address and stays small enough to be read."""
    script = (EXTENSION / "static" / "remoteEntry.js").read_text()

    assert not re.search(r"https?:|//cdn|fetch\(|import\(", script)
    assert len(script.encode()) < LARGEST_BYTES


def test_wheel_ships_extension():
    """The build puts the extension where JupyterLab looks, named as it names itself."""
    wheel = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["hatch"]["build"]["targets"]["wheel"]

    assert {"casekit/lab/extension": "share/jupyter/labextensions/casekit-sql"} == wheel["shared-data"]
    assert "casekit-sql" == json.loads((EXTENSION / "package.json").read_text())["name"]


def test_settings_name_real_options():
    """Every setting the launcher overrides exists in the installed JupyterLab, under that name."""
    schemas = Path(sys.prefix) / "share" / "jupyter" / "lab" / "schemas"
    overrides = json.loads((SETTINGS / "overrides.json").read_text())
    unknown = []
    for plugin, options in overrides.items():
        package, name = plugin.split(":")
        known = json.loads((schemas / package / f"{name}.json").read_text())["properties"]
        unknown += [f"{plugin} {option}" for option in options if option not in known]

    assert [] == unknown


def test_launcher_asks_for_no_news():
    """No pop-up asks about news, and nothing looks for updates."""
    overrides = json.loads((SETTINGS / "overrides.json").read_text())
    notification = overrides["@jupyterlab/apputils-extension:notification"]

    assert {"fetchNews": "false", "checkForUpdates": False} == notification
