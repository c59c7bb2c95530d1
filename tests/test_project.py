"""The files around the code agree with each other and with the code."""

from __future__ import annotations

import ast
import importlib
import inspect
import re
import shutil
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.version import Version

import casekit

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "casekit"
PYTHONS = ("3.11", "3.12", "3.13")
ROOMS = sorted(face.parent.name for face in PACKAGE.glob("*/__init__.py"))


def read(name: str) -> str:
    """The text of one of the project's files."""
    return (ROOT / name).read_text(encoding="utf-8")


PROJECT = tomllib.loads(read("pyproject.toml"))["project"]


def locked() -> list[Requirement]:
    """Every line of the lock."""
    lines = [line for line in read("constraints.txt").splitlines() if line and not line.startswith("#")]
    return [Requirement(line) for line in lines]


def locked_for(python: str) -> dict[str, Version]:
    """The versions the lock gives to this system with another Python."""
    system = {
        "python_version": python,
        "python_full_version": f"{python}.9",
        "sys_platform": "linux",
        "os_name": "posix",
    }
    chosen = [line for line in locked() if line.marker is None or line.marker.evaluate(system)]
    return {line.name: Version(str(line.specifier).removeprefix("==")) for line in chosen}


@pytest.mark.parametrize("python", PYTHONS)
def test_lock_covers_dependencies(python: str):
    """Whatever pyproject.toml asks for is in the lock, in a version it accepts, for each Python."""
    asked = [
        Requirement(line) for line in [*PROJECT["dependencies"], *PROJECT["optional-dependencies"]["dev"]]
    ]
    versions = locked_for(python)

    assert {} == {want.name: want for want in asked if want.name not in versions}
    assert [] == [str(want) for want in asked if versions[want.name] not in want.specifier]


def test_lock_names_no_places():
    """The lock holds names, exact versions and markers, and no address of where they came from."""
    assert all(line.url is None and re.fullmatch(r"==[\w.]+", str(line.specifier)) for line in locked())
    assert "://" not in read("constraints.txt")


def test_conda_environment_agrees():
    """environment.yml asks for the same Python and installs this folder under the same lock."""
    text = read("environment.yml")
    conda_python = re.search(r"python(>=\S+)", text)

    assert conda_python is not None
    assert SpecifierSet(PROJECT["requires-python"]) == SpecifierSet(conda_python[1])
    assert "--constraint constraints.txt" in text
    assert "--editable ." in text


def test_first_commands_exist():
    """The README opens with `make lab` and `make test`, and each make command it names is a target."""
    readme = read("README.md")
    targets = set(re.findall(r"^([a-z-]+):", read("Makefile"), re.MULTILINE))
    commands = re.findall(r"(?:^|`)make ([a-z]+)", readme, re.MULTILINE)

    assert ["lab", "test"] == commands[:2]
    assert set(commands) <= targets
    assert readme.index("make lab") < 400


def test_bare_make_lists_targets():
    """`make` alone changes nothing and names every target a person needs."""
    shown = subprocess.run(["make"], cwd=ROOT, capture_output=True, text=True, check=True).stdout

    assert [] == [
        name
        for name in ("lab", "test", "lint", "build", "notebooks", "bench", "clean")
        if f"make {name} " not in shown
    ]


def test_changelog_has_version():
    """The version is written once more, where people look for what is new in it."""
    assert casekit.__version__ == PROJECT["version"]
    assert re.search(rf"^## \[{re.escape(PROJECT['version'])}\]", read("CHANGELOG.md"), re.MULTILINE)


def test_links_lead_somewhere():
    """A relative link in the project's own pages points at a file that exists."""
    pages = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").rglob("*.md"))]
    links = [
        (page, link) for page in pages for link in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", page.read_text())
    ]

    assert [] == [f"{page.name}: {link}" for page, link in links if not (page.parent / link).exists()]


@pytest.mark.parametrize("room", ROOMS)
def test_faces_export_their_imports(room: str):
    """A room's `__all__` is sorted and names exactly what its face imports."""
    tree = ast.parse((PACKAGE / room / "__init__.py").read_text(encoding="utf-8"))
    imports = [node for node in tree.body if isinstance(node, ast.ImportFrom) and node.module != "__future__"]
    shown = sorted(alias.asname or alias.name for node in imports for alias in node.names)

    assert shown == list(importlib.import_module(f"casekit.{room}").__all__)


@pytest.mark.parametrize("room", [*ROOMS, "errors", "model"])
def test_public_names_are_documented(room: str):
    """Everything a room shows says in a docstring what you get."""
    module = importlib.import_module(f"casekit.{room}")
    things = {name: getattr(module, name) for name in module.__all__}
    written = {
        name: thing for name, thing in things.items() if inspect.isclass(thing) or inspect.isfunction(thing)
    }

    assert module.__doc__
    assert [] == [name for name, thing in written.items() if not thing.__doc__]


def test_package_shows_what_it_lists():
    """Each name of `casekit.__all__` can be had, and any other name is refused plainly."""
    assert all(hasattr(casekit, name) for name in casekit.__all__)
    with pytest.raises(AttributeError, match="'open_caze'"):
        _ = casekit.open_caze


def test_wheel_carries_everything(tmp_path: Path):
    """A wheel holds the cases with all their files, the notebooks to copy and the JupyterLab extension."""
    command = [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", str(tmp_path)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    (wheel,) = tmp_path.glob("*.whl")
    carried = set(zipfile.ZipFile(wheel).namelist())

    files = [path for path in (PACKAGE / "cases").rglob("*") if path.is_file() and path.suffix != ".pyc"]
    notebooks = [f"casekit/_workbook/notebooks/{path.name}" for path in (ROOT / "notebooks").glob("*.ipynb")]
    extension = (
        f"casekit-{casekit.__version__}.data/data/share/jupyter/labextensions/casekit-sql/package.json"
    )
    wanted = {path.relative_to(ROOT).as_posix() for path in files} | set(notebooks) | {extension}

    assert "casekit/_workbook/notebooks/00_start_here.ipynb" in notebooks
    assert set() == wanted - carried
    assert "casekit/_workbook/data/manifest.json" in carried
    assert [] == [name for name in carried if name.endswith((".duckdb", ".pyc"))]


def test_shown_names_are_no_modules():
    """A room that has been imported does not take the place of a name `casekit` shows."""
    for room in ROOMS:
        importlib.import_module(f"casekit.{room}")

    assert [] == [name for name in casekit.__all__ if inspect.ismodule(getattr(casekit, name))]


@pytest.mark.parametrize(
    ("python", "words"),
    [
        ("exit 1", "casekit needs Python 3.11, 3.12 or 3.13, and none was found"),
        ('case "$2" in *ensurepip*) exit 1;; esac', "sudo apt-get install python3-venv"),
    ],
    ids=["no python", "no venv module"],
)
def test_set_up_says_what_is_missing(tmp_path: Path, python: str, words: str):
    """Without a Python that can make environments, set-up stops and says what to install."""
    folder = tmp_path / "a folder"
    shutil.copytree(ROOT / ".ci", folder / ".ci")
    for name in ("pyproject.toml", "constraints.txt"):
        shutil.copy(ROOT / name, folder / name)
    for name in ("python3", "python3.11", "python3.12", "python3.13"):
        (tmp_path / name).write_text(f"#!/bin/sh\n{python}\n")
        (tmp_path / name).chmod(0o755)

    shown = subprocess.run(
        ["sh", str(folder / ".ci" / "set-up")],
        env={"PATH": f"{tmp_path}:/usr/bin:/bin"},
        capture_output=True,
        text=True,
        check=False,
    )

    assert 1 == shown.returncode
    assert words in shown.stderr
    assert not (folder / ".venv").exists()
