"""The architecture, as a table that is checked: which room stands on which floor, and who may import what."""

from __future__ import annotations

import ast
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "casekit"

# Imports go down only, and rooms on one floor do not import each other.
FLOORS = {
    "cli": 7,  # one Typer app; the only place that prints to a terminal
    "notebook": 6,  # the learner's door: magics and display
    "build": 6,  # the author's door: lesson.md -> notebooks
    "show": 5,  # verdicts and tables as HTML and text
    "widgets": 5,  # forms
    "charts": 5,  # figures
    "judge": 4,  # (exercise, answer, data) -> Verdict
    "library": 3,  # case folders read into models
    "progress": 3,  # attempts in SQLite
    "world": 2,  # datasets
    "compare": 2,  # differences between results
    "sandbox": 2,  # locked-down DuckDB
    "model": 1,  # the nouns
    "errors": 0,  # what is raised
}

# Packages that are slow to import or tie a room to one front end stay where they are needed.
CONFINED = {
    "distributed": {"world"},
    "IPython": {"notebook", "widgets"},
    "ipywidgets": {"widgets"},
    "jupyterlab": {"cli"},
    "nbclient": {"build"},
    "nbformat": {"build"},
    "papermill": {"build"},
    "plotly": {"charts"},
    "pydantic": {"build", "library"},
    "rich": {"cli"},
    "typer": {"cli"},
}

# What a package is for that only an extra installs.
EXTRAS = {"distributed": "scale"}

# Names on the left are imported, names on the right are what pip installs.
INSTALLED_AS = {"IPython": "ipython", "zmq": "pyzmq"}
VAGUE_NAMES = {"base", "common", "core", "helpers", "misc", "utils"}
MOST_LINES = 300
MOST_NAMES = 8


def room_of(path: Path) -> str:
    """The room a source file belongs to."""
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


def sources() -> list[Path]:
    """Every module of every room; cases and the package's own two files are not rooms."""
    outside = {"cases", "__init__", "__main__"}
    return sorted(
        path
        for path in PACKAGE.rglob("*.py")
        if room_of(path) not in outside and "skeleton" not in path.parts
    )


def imported(path: Path) -> Iterator[str]:
    """Dotted names of everything a file imports, inside functions too."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def rooms_imported(path: Path) -> set[str]:
    """The rooms of casekit that a file imports from."""
    parts = [name.split(".") for name in imported(path)]
    return {part[1] for part in parts if part[0] == "casekit" and len(part) > 1}


def packages_imported(path: Path) -> set[str]:
    """The installed packages that a file imports from."""
    names = {name.split(".")[0] for name in imported(path)}
    return names - set(sys.stdlib_module_names) - {"casekit"}


def names_in(requirements: list[str]) -> set[str]:
    """The packages that requirements ask for."""
    return {line.split(">=")[0].split("[")[0] for line in requirements}


def each_source() -> pytest.MarkDecorator:
    return pytest.mark.parametrize("path", sources(), ids=lambda path: str(path.relative_to(PACKAGE)))


def test_every_room_has_floor():
    """A new room is a decision: it gets a line in the table."""
    assert set(FLOORS) == {room_of(path) for path in sources()}


@each_source()
def test_imports_go_down(path: Path):
    """A room imports only rooms on lower floors."""
    room = room_of(path)

    allowed = {other for other, floor in FLOORS.items() if floor < FLOORS[room]} | {room}

    assert set() == rooms_imported(path) - allowed


@each_source()
def test_packages_stay_confined(path: Path):
    """IPython, plotly, papermill and their like appear only in the rooms the table names."""
    room = room_of(path)

    strays = {name for name in packages_imported(path) if room not in CONFINED.get(name, {room})}

    assert set() == strays


def test_every_import_is_declared():
    """Whatever casekit imports is a dependency in pyproject.toml, not somebody else's dependency."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    used = {INSTALLED_AS.get(name, name) for path in sources() for name in packages_imported(path)}

    assert set() == {name.replace("_", "-") for name in used} - names_in(project["dependencies"]) - set(
        EXTRAS
    )
    for name, extra in EXTRAS.items():
        assert name in names_in(project["optional-dependencies"][extra])


def test_cases_import_world_only():
    """A case is content: of casekit it may import the world it declares, and nothing else."""
    worlds = sorted(PACKAGE.glob("cases/*/world.py"))

    assert worlds
    assert {"world"} == set().union(*(rooms_imported(path) for path in worlds))


def test_no_room_imports_cases():
    """Rooms find cases through the library, as folders."""
    assert [] == [path for path in sources() if "cases" in rooms_imported(path)]


@each_source()
def test_modules_stay_small(path: Path):
    """A module that outgrows 300 lines is split by noun, and none is named after nothing."""
    assert len(path.read_text(encoding="utf-8").splitlines()) <= MOST_LINES
    assert path.stem not in VAGUE_NAMES


@pytest.mark.parametrize("face", sorted(PACKAGE.glob("*/__init__.py")), ids=lambda face: face.parent.name)
def test_faces_stay_small(face: Path):
    """A room shows at most eight names and does no work when imported."""
    body = ast.parse(face.read_text(encoding="utf-8")).body
    names = [ast.literal_eval(node.value) for node in body if isinstance(node, ast.Assign)]

    assert 1 == len(names)
    assert 1 <= len(names[0]) <= MOST_NAMES
    assert all(isinstance(node, ast.Import | ast.ImportFrom | ast.Assign | ast.Expr) for node in body)
