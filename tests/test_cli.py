"""The casekit command: what a person sees in a terminal, and what lands in their folder."""

from __future__ import annotations

import io
import json
import os
import re
import subprocess
import sys
import urllib.request
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from rich.console import Console

from block_world import PEOPLE, write_case
from browser.lab import LabServer
from casekit.build import new_case
from casekit.cli.datasets import prepare_datasets
from casekit.cli.launcher import can_open_browser
from casekit.cli.workbook import find_checkout, place_workbook
from casekit.errors import DataError

ROOT = Path(__file__).parents[1]
COMMANDS = ("lab", "validate", "build", "data", "new-case", "progress", "where")


def run(*arguments: str, folder: Path = ROOT, **variables: str) -> subprocess.CompletedProcess[str]:
    """The casekit command as a person without a terminal gets it."""
    return subprocess.run(
        [sys.executable, "-m", "casekit", *arguments],
        cwd=folder,
        env={**os.environ, "NO_COLOR": "1", "PYTHONPATH": str(ROOT), **variables},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )


@pytest.fixture
def shipped(tmp_path: Path) -> Path:
    """A workbook as an installation carries it."""
    return ship(tmp_path / "shipped", "first version")


def ship(folder: Path, text: str) -> Path:
    for name in ("notebooks/00_start_here.ipynb", "notebooks/c04_checkout_drop.ipynb", "data/manifest.json"):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    return folder


def test_help_names_commands():
    """`casekit --help` lists every command and exits with 0."""
    shown = run("--help")

    assert 0 == shown.returncode
    assert [] == [name for name in COMMANDS if name not in shown.stdout]


def test_unknown_case_is_one_message():
    """An error of casekit's own is a clear message on stderr and exit code 2, never a traceback."""
    shown = run("validate", "checkout-dorp")

    assert 2 == shown.returncode
    assert "Did you mean 'checkout-drop'?" in shown.stdout + shown.stderr
    assert "Traceback" not in shown.stdout + shown.stderr


def test_every_case_validates():
    """`casekit validate` reads and runs the cases that are shipped, says so, and finds nothing wrong."""
    shown = run("validate")

    assert (0, "checkout-drop: good") == (shown.returncode, shown.stdout.splitlines()[0])
    assert "checkout-drop: reads well; running it on the seeds 7, 11, 12, 21 ..." in shown.stderr


def test_reading_alone_says_so():
    """`casekit validate --read-only` does not call a case good that it never ran."""
    shown = run("validate", "--read-only")

    assert (0, "") == (shown.returncode, shown.stderr)
    assert "checkout-drop: reads well, not run" == shown.stdout.splitlines()[0]


def test_build_outside_checkout_refused(tmp_path: Path):
    """`casekit build` says that it works on the source when it is called anywhere else."""
    shown = run("build", "all", folder=tmp_path)

    assert 2 == shown.returncode
    assert "checkout" in shown.stderr


def test_everything_built_is_fresh():
    """Notebooks, schemas and the data manifest in the repository are what the cases build."""
    shown = run("build", "all", "--check")

    assert (0, "Everything is up to date.\n") == (shown.returncode, shown.stdout)


def test_where_names_own_folders(tmp_path: Path):
    """`casekit where` shows the folders the variables name."""
    home, data = tmp_path / "home", tmp_path / "data"

    shown = run("where", CASEKIT_HOME=str(home), CASEKIT_DATA=str(data)).stdout

    assert str(home) in shown
    assert str(data) in shown


def test_progress_begins_empty(tmp_path: Path):
    """`casekit progress` says what to do when nothing has been tried."""
    shown = run("progress", CASEKIT_HOME=str(tmp_path))

    assert 0 == shown.returncode
    assert "casekit lab" in shown.stdout


def test_new_case_validates(tmp_path: Path):
    """`casekit new-case` writes a folder that `casekit validate` accepts as it is."""
    made = run("new-case", "late-parcels", "--into", str(tmp_path))

    assert 0 == made.returncode
    assert 0 == run("validate", "late-parcels", CASEKIT_CASES=str(tmp_path)).returncode


def test_author_hears_everything(tmp_path: Path):
    """What is wrong in case.toml, the lesson, the keys and the data is told in one go."""
    folder = new_case("late-parcels", tmp_path)
    for file, old, new in (
        ("case.toml", 'id = "more-visits"', 'id = "More visits"'),
        ("lesson.md", "```{predict}", "```{predit}"),
        ("world.py", "        3.9,", "        4.09,"),
        ("answers/conversion-by-device.sql", "USING (visit_id)", "USING (visit)"),
        ("answers/debrief.md", "{phone_", "{phones_"),
    ):
        text = (folder / file).read_text(encoding="utf-8")
        assert old in text
        (folder / file).write_text(text.replace(old, new, 1), encoding="utf-8")

    shown = run("validate", "late-parcels", CASEKIT_CASES=str(tmp_path))
    files = [line.split()[1].rstrip(":") for line in shown.stdout.splitlines()[1:]]

    assert 2 == shown.returncode
    assert [
        "case.toml",
        "lesson.md",
        "world.py",
        "answers/conversion-by-device.sql",
        "answers/debrief.md",
    ] == files
    assert "2 problems so far; running it" in shown.stderr
    assert "Traceback" not in shown.stderr


@pytest.mark.parametrize(
    "file", ["case.toml", "interview.toml", "lesson.md", "world.py", "answers/ledger.sql"]
)
def test_missing_file_is_told(tmp_path: Path, file: str):
    """Whatever file a case lacks is told as missing, without a traceback."""
    (new_case("late-parcels", tmp_path) / file).unlink()

    shown = run("validate", "late-parcels", CASEKIT_CASES=str(tmp_path))

    assert 2 == shown.returncode
    assert f"  - {file}: the file is missing" in shown.stdout
    assert "Traceback" not in shown.stderr


def test_empty_folder_gets_workbook(tmp_path: Path, shipped: Path):
    """A folder without a workbook gets the notebooks and the manifest."""
    notes = place_workbook(tmp_path / "mine", shipped)

    assert (f"The workbook is now in {tmp_path / 'mine'}.",) == notes
    assert "first version" == (tmp_path / "mine/notebooks/c04_checkout_drop.ipynb").read_text()
    assert (tmp_path / "mine/data/manifest.json").is_file()


def test_current_workbook_is_left_alone(tmp_path: Path, shipped: Path):
    """Opening the same version again copies nothing, whatever the candidate has written."""
    place_workbook(tmp_path / "mine", shipped)
    own = tmp_path / "mine/notebooks/c04_checkout_drop.ipynb"
    own.write_text("my answers")

    assert () == place_workbook(tmp_path / "mine", shipped)
    assert "my answers" == own.read_text()


def test_new_version_arrives_beside(tmp_path: Path, shipped: Path):
    """A candidate's notebook is never overwritten: the newer one gets a name of its own, once."""
    place_workbook(tmp_path / "mine", shipped)
    own = tmp_path / "mine/notebooks/c04_checkout_drop.ipynb"
    own.write_text("my answers")

    notes = place_workbook(tmp_path / "mine", ship(shipped, "second version"))

    assert "my answers" == own.read_text()
    assert "second version" == own.with_suffix(".new.ipynb").read_text()
    assert any("c04_checkout_drop.new.ipynb" in note for note in notes)
    assert () == place_workbook(tmp_path / "mine", shipped)


def test_untouched_notebook_is_renewed(tmp_path: Path, shipped: Path):
    """A notebook the candidate never changed simply becomes the newer version."""
    place_workbook(tmp_path / "mine", shipped)

    place_workbook(tmp_path / "mine", ship(shipped, "second version"))

    assert "second version" == (tmp_path / "mine/notebooks/c04_checkout_drop.ipynb").read_text()
    assert [] == list((tmp_path / "mine/notebooks").glob("*.new.ipynb"))


def test_work_in_new_version_is_kept(tmp_path: Path, shipped: Path):
    """A notebook that arrived beside an older one is never overwritten either."""
    place_workbook(tmp_path / "mine", shipped)
    own = tmp_path / "mine/notebooks/c04_checkout_drop.ipynb"
    own.write_text("my answers")
    own.with_suffix(".new.ipynb").write_text("more answers")

    notes = place_workbook(tmp_path / "mine", ship(shipped, "third version"))

    assert "more answers" == own.with_suffix(".new.ipynb").read_text()
    assert any("Move c04_checkout_drop.new.ipynb away" in note for note in notes)

    own.with_suffix(".new.ipynb").unlink()
    place_workbook(tmp_path / "mine", shipped)

    assert "third version" == own.with_suffix(".new.ipynb").read_text()


def test_damaged_record_loses_nothing(tmp_path: Path, shipped: Path):
    """When the record of what was copied is unreadable, every own notebook counts as changed."""
    place_workbook(tmp_path / "mine", shipped)
    (tmp_path / "mine/notebooks/.casekit.json").write_text("{")

    place_workbook(tmp_path / "mine", ship(shipped, "second version"))

    assert "first version" == (tmp_path / "mine/notebooks/c04_checkout_drop.ipynb").read_text()


def test_checkout_is_its_own_workbook():
    """Inside the repository nothing is copied: its notebooks are the workbook."""
    assert ROOT == find_checkout(ROOT / "casekit" / "cli")
    assert () == place_workbook(ROOT)


def test_unwritable_folder_is_explained(tmp_path: Path, shipped: Path):
    """A folder that cannot hold the workbook gives a DataError that says what to do."""
    (tmp_path / "notebooks").write_text("a file where a folder must be")

    with pytest.raises(DataError, match="casekit lab --dir FOLDER"):
        place_workbook(tmp_path, shipped)


def test_unfinished_case_is_left_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """A case with a fault is named, and the others are built all the same."""
    (new_case("half-written", tmp_path) / "world.py").write_text("WORLD = None\n")
    monkeypatch.setenv("CASEKIT_CASES", str(tmp_path))
    shown = io.StringIO()

    prepare_datasets(Console(file=shown, width=200))

    assert re.search(r"checkout-drop: [\d,]+ rows", shown.getvalue())
    assert "half-written: left out, it has a fault: casekit validate half-written" in shown.getvalue()


@pytest.fixture
def cases(tmp_path: Path) -> Path:
    """A folder of cases with one that has a world of several blocks."""
    (write_case(tmp_path / "cases" / "toy") / "case.toml").touch()
    return tmp_path / "cases"


def build_data(cases: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    data = str(cases.parent / "data")
    return run("data", "build", *arguments, CASEKIT_CASES=str(cases), CASEKIT_DATA=data)


def test_dataset_is_ensured(cases: Path):
    """`casekit data build CASE` builds the dataset that the notebook opens, once, and says where it is."""
    first, second = build_data(cases, "toy"), build_data(cases, "toy", "--size", "default")

    assert re.fullmatch(r"toy: [\d,]+ rows built in \S+/toy-7-default\.duckdb\n", first.stdout)
    assert first.stdout.replace(" built in ", " ready in ") == second.stdout


@pytest.mark.parametrize("form", ["parquet", "duckdb"])
def test_world_is_built_in_folder(cases: Path, tmp_path: Path, form: str):
    """A world of any size lands in its folder, with plain lines on the way; the second time it is there."""
    asked = ("toy", "--users", f"{PEOPLE:_}", "--out", str(tmp_path / "big"), "--format", form)

    first, second = build_data(cases, *asked), build_data(cases, *asked)

    assert (0, 0) == (first.returncode, second.returncode)
    assert re.search(r"^2,350 of 2,350 people, [\d,]+ rows, [\d,]+ a second$", first.stdout, re.MULTILINE)
    built, found = first.stdout.splitlines()[-1], second.stdout.splitlines()[-1]
    assert re.match(r"toy: [\d,]+ rows built in .*digest [0-9a-f]{16}$", built)
    assert built.replace(" built in ", " there already, and sound in ") == found


def test_parts_say_what_is_missing(cases: Path, tmp_path: Path):
    """A part says that others are still to come; the last one makes the world whole."""
    asked = ("toy", "--users", "400000", "--out", str(tmp_path / "big"))

    parts = [build_data(cases, *asked, "--part", f"{number}/2").stdout.splitlines()[-1] for number in (2, 1)]

    assert "chunks of other parts are still missing" in parts[0]
    assert re.match(r"toy: [\d,]+ rows built in ", parts[1])


IMPOSSIBLE = {
    "no folder": (("--users", "10"), "Type --out DIR as well"),
    "part without folder": (("--part", "1/2"), "Type --out DIR as well"),
    "users and size": (("--users", "10", "--size", "tiny"), "Type one of them"),
    "no number": (("--users", "many", "--out", "OUT"), "a whole number, for example --users 10_000_000"),
    "nobody": (("--users", "0", "--out", "OUT"), "1 or more; you gave 0."),
    "fewer than nobody": (("--users", "-5", "--out", "OUT"), "1 or more; you gave -5."),
    "size": (("--size", "tinny", "--out", "OUT"), "Did you mean 'tiny'?"),
    "seed": (("--seed", "-1"), "the seed is a whole number from 0 up"),
    "part 3 of 2": (("--users", "10", "--out", "OUT", "--part", "3/2"), "there is no part 3 of 2"),
    "part 0 of 2": (("--users", "10", "--out", "OUT", "--part", "0/2"), "there is no part 0 of 2"),
    "part of none": (("--users", "10", "--out", "OUT", "--part", "1/0"), "there is no part 1 of 0"),
    "half a part": (("--users", "10", "--out", "OUT", "--part", "1"), "written I/N, for example --part 2/5"),
    "duckdb in parts": (
        ("--users", "10", "--out", "OUT", "--part", "1/2", "--format", "duckdb"),
        "type --format parquet",
    ),
}


@pytest.mark.parametrize("name", IMPOSSIBLE)
def test_impossible_data_is_refused(cases: Path, tmp_path: Path, name: str):
    """What cannot be built is one message that says what to type, exit code 2, and leaves nothing."""
    asked, said = IMPOSSIBLE[name]

    shown = build_data(cases, "toy", *(str(tmp_path / "out") if word == "OUT" else word for word in asked))

    assert (2, True) == (shown.returncode, said in shown.stderr), shown.stderr
    assert "Traceback" not in shown.stderr
    assert not (tmp_path / "out").exists()


def test_browser_stays_closed_in_ci(monkeypatch: pytest.MonkeyPatch):
    """With CI=true no browser is opened, whatever the machine has."""
    monkeypatch.setenv("CI", "true")

    assert not can_open_browser()


def test_lab_opens_without_terminal(tmp_path: Path):
    """`casekit lab` in an empty folder with an awkward name copies, builds, serves and says where."""
    folder = tmp_path / "my [new] cases"

    server = LabServer(folder, tmp_path / "private")
    try:
        parts = urlsplit(server.address)
        with urllib.request.urlopen(f"http://{parts.netloc}/api/status?{parts.query}", timeout=60) as reply:
            status = json.load(reply)
    finally:
        server.close()

    assert "started" in status
    assert "/lab/tree/notebooks/00_start_here.ipynb" == parts.path
    assert (folder / "notebooks/00_start_here.ipynb").is_file()
    assert list((folder / "data").glob("checkout-drop-7-default.duckdb")) != []
    assert "checkout-drop:" in server.log()
