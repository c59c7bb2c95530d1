"""Case folders: what is read, and that every problem is reported at once with file, exercise and field."""

from __future__ import annotations

import pytest

from casekit.errors import AuthorError, UnknownName
from casekit.library import (
    find_exercise,
    list_slugs,
    load_case,
    load_debrief,
    load_key,
    load_ledger,
    validate_case,
)
from casekit.library.sections import read_sections

CASE = """
code = "T01"
title = "Lost parcels"
company = "Postwell"
domain = "parcels"
summary = "Where do parcels go?"
prompt = "Find them."
level = 2
minutes = 20
stage = "technical case"
skills = ["join"]

[[exercise]]
id = "parcels-per-day"
code = "E01"
kind = "sql"
title = "Parcels a day"
stage = "analyse"
skills = ["group by"]
difficulty = 2
minutes = 5
points = 10
ask = "Count parcels per day."
grain = "one row per day"
window = "May 2025"
timezone = "UTC"
includes = "all parcels"
key = ["day"]
hints = ["Count.", "GROUP BY"]
unlocks = ["depots"]
columns = [
  {name = "day", type = "date", what = "the day"},
  {name = "parcels", type = "integer", what = "parcels"},
]

[[exercise]]
id = "first-step"
code = "E02"
kind = "choice"
title = "First step"
stage = "structure"
skills = ["structure"]
difficulty = 1
minutes = 1
points = 5
ask = "What first?"
options = [{id = "count", text = "Count"}, {id = "blame", text = "Blame"}]
"""
INTERVIEW = """
interviewer = "Ada Holm"
role = "COO"
stake = "Her bonus"
opening = "Hello."
closing = "Thank you."
[prediction]
question = "Up or down?"
metric = "parcels"
unit = "percent"
ledger = "change_percent"
flat_within = 1
[[question]]
id = "depots"
ask = "Which depots?"
value = 2
reveal = "Two."
exhibit = "depots"
[[exhibit]]
id = "depots"
title = "Depots"
sql = "SELECT 1"
"""
FILES = {
    "case.toml": CASE,
    "interview.toml": INTERVIEW,
    "lesson.md": "# Brief\n",
    "world.py": "WORLD = None\n",
    "answers/parcels-per-day.sql": """-- reference
-- say: Count once
--   and only once.
SELECT 1 AS day;

-- trap: all-rows
-- tag: fanout
-- say: You counted scans.
SELECT 2 AS day -- trap: not a header
""",
    "answers/first-step.toml": """right = "count"
why = "Facts."
[[trap]]
option = "blame"
tag = "haste"
say = "No."
""",
    "answers/ledger.sql": "-- numbers: change\nSELECT 3 AS change_percent;\n",
    "answers/debrief.md": "# Truth\nRain.\n\n# Trail\n1. Count\n   twice\n2. Ask\n\n# Aftermath\nFine.\n",
}


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """A whole case in a folder of its own, where the library looks."""
    monkeypatch.setenv("CASEKIT_CASES", str(tmp_path))
    root = tmp_path / "lost-parcels"
    (root / "answers").mkdir(parents=True)
    for name, text in FILES.items():
        (root / name).write_text(text)
    return root


def problems_of(slug: str = "lost-parcels") -> list[str]:
    """Every problem the library finds, as text."""
    with pytest.raises(AuthorError) as caught:
        validate_case(slug)
    return [str(problem) for problem in caught.value.problems]


def test_whole_case_reads(folder):
    """A complete folder becomes a case, and `list_slugs` finds it without being told."""
    assert "lost-parcels" in list_slugs()
    case = validate_case("lost-parcels")
    assert (case.company, [exercise.id for exercise in case.exercises]) == (
        "Postwell",
        ["parcels-per-day", "first-step"],
    )


def test_sections_become_key(folder):
    """Headers, their continued lines and the code under them become reference and traps."""
    key = load_key(load_case("lost-parcels"), "parcels-per-day")
    assert (key.reference, key.why) == ("SELECT 1 AS day", "Count once and only once.")
    assert [(trap.slug, trap.tag, trap.say) for trap in key.traps] == [
        ("all-rows", "fanout", "You counted scans.")
    ]
    assert key.traps[0].submission == "SELECT 2 AS day -- trap: not a header"


def test_ledger_and_debrief_read(folder):
    """The ledger is named queries; the debrief has its truth, the trail as steps, and the aftermath."""
    case = load_case("lost-parcels")
    assert load_ledger(case) == (("change", "SELECT 3 AS change_percent"),)
    assert load_debrief(case).trail == ("Count twice", "Ask")


def test_code_finds_exercise(folder):
    """An exercise answers to its id and to its code."""
    case = load_case("lost-parcels")
    assert find_exercise(case, "e01") is find_exercise(case, "parcels-per-day")


@pytest.mark.parametrize(
    ("name", "meant"), [("parcel-per-day", "parcels-per-day"), ("first step", "first-step")]
)
def test_near_miss_is_named(folder, name, meant):
    """An unknown exercise id names the one that was probably meant."""
    with pytest.raises(UnknownName, match=f"Did you mean '{meant}'"):
        find_exercise(load_case("lost-parcels"), name)


def test_unknown_case_is_named(folder):
    """An unknown slug names the nearest case."""
    with pytest.raises(UnknownName, match="lost-parcels"):
        load_case("lost-parcel")


def test_answers_may_be_elsewhere(folder):
    """A build without answers is valid: its keys live on a server."""
    for file in (folder / "answers").iterdir():
        file.unlink()
    (folder / "answers").rmdir()
    assert validate_case("lost-parcels").code == "T01"


def test_all_problems_at_once(folder):
    """Mistakes in several files are reported together, each with its file, exercise and field."""
    (folder / "case.toml").write_text(
        CASE.replace("difficulty = 2", "difficulty = 20").replace("level = 2", "levl = 2")
    )
    (folder / "interview.toml").write_text(INTERVIEW.replace('exhibit = "depots"', 'exhibit = "deposts"'))
    (folder / "lesson.md").unlink()
    found = problems_of()
    assert any(line.startswith("case.toml › parcels-per-day › exercise.difficulty") for line in found)
    assert any(line.startswith("case.toml › levl") for line in found)
    assert any(line.startswith("case.toml › level") for line in found)
    assert any("interview.toml" in line and "deposts" in line for line in found)
    assert any(line.startswith("lesson.md") for line in found)


BROKEN = {
    "unlocked exhibit": ("case.toml", 'unlocks = ["depots"]', 'unlocks = ["depot"]', "is no exhibit"),
    "missing contract": ("case.toml", 'window = "May 2025"\n', "", "a sql exercise needs window"),
    "order of nothing": ("case.toml", 'key = ["day"]', 'key = ["day"]\nordered_by = [""]', "'column desc'"),
    "order sideways": (
        "case.toml",
        'key = ["day"]',
        'key = ["day"]\nordered_by = ["day sideways"]',
        "write 'column' or 'column desc' (it is 'day sideways')",
    ),
    "marker is no day": (
        "case.toml",
        'key = ["day"]',
        'key = ["day"]\nchart = {lines = 1, markers = ["1.4.2025"]}',
        "is no day; write it as 2025-04-07 (it is '1.4.2025')",
    ),
    "error without class": (
        "answers/parcels-per-day.sql",
        "-- tag: fanout",
        "-- tag: fanout\n-- fails: yes",
        "'fails:' names one error class",
    ),
    "reference that fails": (
        "answers/parcels-per-day.sql",
        "-- say: Count once",
        "-- fails: BinderException\n-- say: Count once",
        "'fails:' belongs to traps only",
    ),
    "one hint": ("case.toml", '"Count.", ', "", "fewer than two"),
    "key without column": ("case.toml", 'key = ["day"]', 'key = ["date"]', "which is not a column"),
    "two of an id": ("case.toml", 'id = "first-step"', 'id = "parcels-per-day"', "share the id"),
    "bad TOML": ("case.toml", "level = 2", "level = ", "is not valid TOML"),
    "right is no option": (
        "answers/first-step.toml",
        'right = "count"',
        'right = "cont"',
        "none of the options",
    ),
    "option without words": ("answers/first-step.toml", 'option = "blame"', 'option = "blam"', "must cover"),
    "no reference": ("answers/parcels-per-day.sql", "-- reference", "-- referenze", "0 reference sections"),
    "trap without tag": ("answers/parcels-per-day.sql", "-- tag: fanout\n", "", "has no tag:"),
    "header field unknown": (
        "answers/parcels-per-day.sql",
        "-- tag: fanout",
        "-- tagg: fanout",
        "no header field",
    ),
    "ledger with trap": (
        "answers/ledger.sql",
        "-- numbers: change",
        "-- trap: change",
        "'numbers: name' sections only",
    ),
    "debrief without trail": ("answers/debrief.md", "# Trail", "# Train", "'# Trail'"),
}


@pytest.mark.parametrize("name", BROKEN)
def test_problem_is_told(folder, name):
    """Each mistake an author can make is told with the file it is in."""
    file, old, new, words = BROKEN[name]
    text = (folder / file).read_text()
    assert old in text
    (folder / file).write_text(text.replace(old, new))
    assert [line for line in problems_of() if line.startswith(file) and words in line] != []


@pytest.mark.parametrize("order", ["day", "day desc"])
def test_order_reads(folder, order):
    """An order is a column, or a column from the largest down."""
    text = CASE.replace('key = ["day"]', f'key = ["day"]\nordered_by = ["{order}"]')
    (folder / "case.toml").write_text(text)
    assert validate_case("lost-parcels").exercises[0].ordered_by == (order,)


def test_trap_may_declare_error(folder):
    """A trap says which error it stops with; without a word it has to run."""
    key = folder / "answers/parcels-per-day.sql"
    assert load_key(load_case("lost-parcels"), "parcels-per-day").traps[0].fails == ""
    key.write_text(key.read_text().replace("-- tag: fanout", "-- tag: fanout\n-- fails: BinderException"))
    assert load_key(load_case("lost-parcels"), "parcels-per-day").traps[0].fails == "BinderException"


def test_analysis_never_fails(folder):
    """An analysis that stops with an error is never handed in, so its traps cannot declare one."""
    text = (folder / "answers/parcels-per-day.sql").read_text().replace("--", "#")
    (folder / "answers/parcels-per-day.py").write_text(text.replace("# tag", "# fails: KeyError\n# tag"))
    (folder / "case.toml").write_text(CASE.replace('kind = "sql"', 'kind = "pandas"'))
    assert any("'fails' is for SQL" in line for line in problems_of())


HIDING = {
    "exercise": ("case.toml", "difficulty = 2", "difficulty = 20"),
    "header": ("case.toml", "level = 2", "level = 0"),
    "whole file": ("case.toml", "level = 2", "level = "),
    "script": ("interview.toml", "stake", "stakes"),
}


@pytest.mark.parametrize("name", HIDING)
def test_no_problem_hides_another(folder, name):
    """Whatever is wrong with the public files, the problems of every secret file are told too."""
    file, *change = HIDING[name]
    changes = {
        file: change,
        "answers/parcels-per-day.sql": ["-- tag: fanout\n", ""],
        "answers/first-step.toml": ["why = ", "why = = "],
        "answers/ledger.sql": ["-- numbers", "-- trap"],
        "answers/debrief.md": ["# Trail", "# Train"],
    }
    for path, (good, bad) in changes.items():
        (folder / path).write_text((folder / path).read_text().replace(good, bad, 1))
    assert {line.partition(" ›")[0].partition(":")[0] for line in problems_of()} == set(changes)


def test_good_exercise_is_compared(folder):
    """One broken exercise does not keep the others' keys from being compared with what they ask."""
    (folder / "case.toml").write_text(CASE.replace("difficulty = 2", "difficulty = 20"))
    key = folder / "answers/first-step.toml"
    key.write_text(key.read_text().replace('right = "count"', 'right = "cont"'))
    found = problems_of()
    assert any("none of the options" in line for line in found)
    assert not any("belongs to no exercise" in line for line in found)


def test_folder_without_case_is_named(folder):
    """A folder that lacks its `case.toml` is not called unknown."""
    (folder / "case.toml").unlink()
    (line,) = problems_of()
    assert line.startswith(f"case.toml: the file is missing: the folder {folder} exists")
    assert "lost-parcels" not in list_slugs()


def test_empty_debrief_is_told(folder):
    """A debrief without a word lacks its three parts."""
    (folder / "answers/debrief.md").write_text("")
    assert len(problems_of()) == 3


def test_left_over_answer_is_told(folder):
    """A key that belongs to no exercise is reported."""
    (folder / "answers" / "old-exercise.sql").write_text("-- reference\n-- say: x\nSELECT 1\n")
    assert any("belongs to no exercise" in line for line in problems_of())


def test_code_before_header_is_told():
    """Code that stands before the first header is reported with its line."""
    _, problems = read_sections("SELECT 1\n-- reference\n-- say: x\nSELECT 2\n", "--")
    assert problems == ["line 1: code before the first header, such as '-- reference'"]
