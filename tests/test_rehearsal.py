"""The rehearsal of a case: whatever does not work in it is told, with file, exercise and seed."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from casekit.build import new_case
from casekit.errors import Problem
from casekit.judge.rehearsal import rehearse
from casekit.judge.rehearsal.findings import Findings
from casekit.library import load_case, validate_case

MORE_EXERCISES = """
[[exercise]]
id = "daily-visits"
code = "E03"
kind = "pandas"
title = "Visits a day"
stage = "analyse"
skills = ["group by"]
difficulty = 2
minutes = 5
points = 20
ask = "Count the visits of each day and draw them."
grain = "one row per day"
window = "all of March 2025"
timezone = "UTC"
includes = "every visit"
key = ["day"]
hints = ["Group.", "Count."]
columns = [
  {name = "day", type = "date", what = "the day"},
  {name = "visits", type = "integer", what = "visits of the day"},
]
chart = {lines = 1, title_concepts = [["steady"]]}

[[exercise]]
id = "order-of-work"
code = "E04"
kind = "cards"
title = "Order of work"
stage = "structure"
skills = ["structure"]
difficulty = 2
minutes = 2
points = 10
ask = "What comes first?"
cards = [{id = "count", text = "Count"}, {id = "cut", text = "Cut"}, {id = "fix", text = "Fix"}]

[[exercise]]
id = "advice"
code = "E05"
kind = "memo"
title = "Advice"
stage = "recommend"
skills = ["recommendation"]
difficulty = 3
minutes = 5
points = 30
ask = "Who gets the developer?"
word_limit = 60
"""
FILES = {
    "answers/daily-visits.py": """# reference
# say: One row a visit, so the size of a group is its visits.
import plotly.express as px

answer = visits.groupby("day").size().rename("visits").reset_index()
chart = px.line(answer, x="day", y="visits", title="Visits are steady in March")

# trap: one-too-many
# tag: off_by_one
# say: You count one visit too many. Count rows, not fence posts.
answer = (visits.groupby("day").size() + 1).rename("visits").reset_index()
""",
    "answers/order-of-work.toml": """order = ["count", "cut", "fix"]
max_distance = 0.3
why = "Look before you mend."
[[trap]]
slug = "fix-first"
tag = "solution_first"
say = "You mend before you look."
card = "fix"
not_in_first = 1
example = ["fix", "count", "cut"]
""",
    "answers/advice.md": """Give the developer to the phone checkout until 30 April. Phones convert at
{phone_conversion_percent:.1f} %, laptops at {laptop_conversion_percent:.1f} %.
""",
    "answers/advice.toml": """pass_points = 60
why = "The gap is in every week."
decision_verbs = ["give"]
[[rubric]]
id = "decision"
label = "Decision first"
points = 50
concepts = [["give"], ["developer"]]
checks = ["decision-first"]
say = "Say first what to do."
[[rubric]]
id = "gap"
label = "The gap"
points = 50
numbers = ["phone_conversion_percent"]
say = "Give the rate of the phones."
[[red_flag]]
slug = "relaunch"
tag = "solution_first"
say = "Nobody asked for a relaunch."
patterns = ["relaunch"]
penalty = 30
example = "Relaunch the shop in May."
""",
}
SQL = "answers/conversion-by-device.sql"
SECTION = "\n-- {kind}: {name}\n{fields}\n-- say: Look at {name}.\n{code}\n"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A small case that works, with an exercise of nearly every kind."""
    monkeypatch.setenv("CASEKIT_CASES", str(tmp_path))
    case = new_case("kitchen-shop", tmp_path)
    for name, text in FILES.items():
        (case / name).write_text(text, encoding="utf-8")
    append(case / "case.toml", MORE_EXERCISES)
    return case


def change(file: Path, old: str, new: str) -> None:
    """Put *new* where *old* stands for the first time."""
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new, 1), encoding="utf-8")


def append(file: Path, text: str) -> None:
    file.write_text(file.read_text(encoding="utf-8") + text, encoding="utf-8")


def add_sections(folder: Path, kind: str, *sections: tuple[str, str, str]) -> None:
    """Add sections to the SQL key, each a name, its header fields and its code."""
    for name, fields, code in sections:
        append(folder / SQL, SECTION.format(kind=kind, name=name, fields=fields, code=code))


def stored_code(folder: Path) -> tuple[str, str]:
    """The reference and the trap of the SQL key, without their headers."""
    sections = (folder / SQL).read_text(encoding="utf-8").split("\n\n")
    reference, trap = ("\n".join(n for n in s.splitlines() if not n.startswith("--")) for s in sections)
    return reference, trap


def told(folder: Path, *seeds: int) -> list[str]:
    """What the rehearsal tells, as text."""
    return [str(problem) for problem in rehearse(load_case(folder.name), seeds or (7,))]


def break_references(folder: Path) -> None:
    change(folder / SQL, "SELECT v.device", "SELEC v.device")
    change(folder / "answers/daily-visits.py", "visits.groupby", "visitz.groupby")


def break_traps(folder: Path) -> None:
    reference, trap = stored_code(folder)
    cast = "SELECT device::INTEGER AS device FROM visits"
    add_sections(
        folder,
        "trap",
        ("typo", "-- tag: slip", trap.replace("o.order_id", "o.order_idd")),
        ("right-after-all", "-- tag: slip", reference),
        ("another-name", "-- tag: slip", trap),
        ("cast", "-- tag: slip", cast),
        ("declared", "-- tag: slip\n-- fails: ConversionException", cast),
        ("other-error", "-- tag: slip\n-- fails: OutOfRangeException", cast),
        ("no-error", "-- tag: slip\n-- fails: ConversionException", trap.replace("100.0", "50.0")),
    )


def break_remarks(folder: Path) -> None:
    reference, trap = stored_code(folder)
    add_sections(
        folder,
        "remark",
        ("wrong-example", "-- when: count", trap),
        ("other-pattern", "-- when: median", reference.replace("100.0", "100.00")),
        ("dead-example", "-- when: count", reference.replace("visits v", "visit v")),
        ("earned", "-- when: count", reference.replace("100.0", "100.000")),
    )


def break_names(folder: Path) -> None:
    change(folder / "answers/advice.md", "{phone_conversion_percent", "{phone_conversion_precent")
    change(folder / "answers/advice.toml", '["phone_conversion_percent"]', '["phone_convers_percent"]')
    change(folder / "answers/debrief.md", "{laptop_conversion_percent:.1f}", "{laptops_percent} {laptop x}")
    change(folder / "interview.toml", 'ledger = "phone_conversion_percent"', 'ledger = "nope_pp"')


def break_words(folder: Path) -> None:
    change(folder / "answers/advice.md", "Give the developer to the phone checkout", "Nothing is known")
    change(folder / "answers/advice.toml", "Relaunch the shop", "Restart the shop")
    change(folder / "answers/order-of-work.toml", '["fix", "count", "cut"]', '["count", "cut", "fix"]')


def break_queries(folder: Path) -> None:
    change(folder / "answers/ledger.sql", "FROM visits v", "FROM visit v")
    change(folder / "interview.toml", "FROM visits GROUP", "FROM visits WHERE false GROUP")
    change(folder / "world.py", "        3.9,\n        4.1,", "        90,\n        91,")
    change(folder / "world.py", 'CONVERSION_SQL.format(device="laptop")', '"SELECT nothing"')


REFERENCE = f"{SQL} › conversion-by-device › reference: "
TRAP = f"{SQL} › conversion-by-device › trap: "
REMARK = f"{SQL} › conversion-by-device › remark: "
BROKEN: dict[Callable[[Path], None], list[str]] = {
    break_references: [
        REFERENCE + "does not run: Parser Error: syntax error at or near",
        "answers/daily-visits.py › daily-visits › reference: does not run: NameError: name 'visitz'",
    ],
    break_traps: [
        TRAP + "typo: does not run: Binder Error",
        TRAP + "right-after-all: gives the right result",
        TRAP + "another-name: cannot be told from the trap 'fan-out'",
        TRAP + "cast: does not run; if it has to stop, say '-- fails: ConversionException': Conversion Error",
        TRAP + "other-error: stops with ConversionException, not with the OutOfRangeException it declares",
        TRAP + "no-error: runs, though it declares 'fails: ConversionException'",
    ],
    break_remarks: [
        REMARK + "wrong-example: its example is not a right answer",
        REMARK + "other-pattern: its pattern is not found in its own example",
        REMARK + "dead-example: its example does not run: Catalog Error",
    ],
    break_names: [
        "answers/advice.toml › advice › rubric.gap: 'phone_convers_percent' is no number of answers/ledger",
        "answers/advice.md › advice › exemplar: the text cites {phone_conversion_precent:.1f}",
        "interview.toml › prediction.ledger: 'nope_pp' is no number",
        "answers/debrief.md › Truth: the text cites {laptops_percent}",
        "answers/debrief.md › Truth: '{laptop x}",
    ],
    break_words: [
        "answers/order-of-work.toml › order-of-work › trap: fix-first: its example does not get",
        "answers/advice.md › advice › exemplar: is not judged correct: ",
        "answers/advice.toml › advice › trap: relaunch: its example does not get its own words",
    ],
    break_queries: [
        "world.py › phone_conversion_percent: lies outside its range, 90 to 91: ",
        "world.py › laptop_conversion_percent: cannot be measured: Binder Error",
        "interview.toml › releases › exhibit.sql: gives no rows",
        "answers/ledger.sql › conversion: does not run: Catalog Error",
    ],
}


def test_sound_case_passes(folder: Path):
    """Nothing is told about a case that works, on several seeds."""
    assert [] == told(folder, 7, 11)


@pytest.mark.parametrize("spoil", BROKEN, ids=lambda spoil: spoil.__name__)
def test_every_fault_is_told(folder: Path, spoil: Callable[[Path], None]):
    """What reads well and does not work is told, all of it, in one line each, and nothing else is."""
    spoil(folder)
    validate_case(folder.name)

    found = told(folder)

    assert len(BROKEN[spoil]) == len(found), found
    assert [] == [pair for pair in zip(found, BROKEN[spoil], strict=True) if not pair[0].startswith(pair[1])]
    assert not any("\n" in line for line in found)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("AS visits,", "AS visit_count,", "lacks the column visits; it has device, visit_count, conversion_"),
        ("GROUP BY v.device\n\n", "WHERE false GROUP BY v.device\n\n", "gives no rows"),
        ("GROUP BY v.device\n\n", "GROUP BY v.device, v.day\n\n", "repeats its key: device"),
    ],
)
def test_reference_keeps_contract(folder: Path, old: str, new: str, message: str):
    """A reference has the columns asked for, has rows, and has each key once."""
    change(folder / SQL, old, new)

    (found,) = told(folder)

    assert found.startswith(REFERENCE + message)


def test_reference_draws_its_chart(folder: Path):
    """The chart of a reference shows what the exercise asks of a chart."""
    change(folder / "answers/daily-visits.py", "are steady", "stand still")

    (found,) = told(folder)

    assert "daily-visits › reference: is not judged correct when it is handed in: " in found


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("PARTS = (", "PARTS = = (", "does not run: SyntaxError: invalid syntax (world.py, line 8)"),
        ("laptop=1", "laptop=-1", "people › device: has a negative share"),
        (
            '"device": "device of',
            '"devise": "device of',
            "no column of visits 'devise'; did you mean 'device'?",
        ),
        ("s.price(45.00, 0.5)", 's.derived("money", lambda orders: orders.key / 0)', "build fails: "),
        (
            "s.price(45.00, 0.5)",
            's.derived("money", lambda orders: orders.key + 0.5j)',
            "its rows cannot be stored: ",
        ),
    ],
)
def test_broken_world_is_told(folder: Path, old: str, new: str, message: str):
    """A world that does not run, or whose rows do not fit its tables, is told once and never raised."""
    change(folder / "world.py", old, new)

    found = told(folder, 7, 11)

    assert 1 == len([line for line in found if line.startswith("world.py") and message in line]), found


def test_renamed_column_is_told(folder: Path):
    """A column renamed in the world and nowhere else is told by every query that reads it."""
    told_so = '"device": "device of the visit"'
    change(folder / "world.py", told_so, '"gadget": s.column("device of the visit", source="device")')

    files = {problem.file for problem in rehearse(load_case(folder.name), (7,))}

    assert {"world.py", "answers/ledger.sql", SQL} == files


def test_rules_are_tried(folder: Path):
    """A rule that the rows break is told, one that does not run as well, and one that is kept is not."""
    rules = {
        "visits have days": "FROM visits WHERE day IS NULL",
        "nobody calls": "FROM visits",
        "odd": "FROM calls",
    }
    (folder / "rules.sql").write_text("".join(f"-- rule: {name}\n{sql};\n" for name, sql in rules.items()))

    broken, odd = told(folder, 7, 11)

    assert "rules.sql › nobody calls: is not kept: some rows break it; mend the world, or the rule" == broken
    assert odd.startswith("rules.sql › odd: does not run: Catalog Error")


def test_empty_rules_are_told(folder: Path):
    """A file of rules without a rule is told, and the rest of the case is played through."""
    (folder / "rules.sql").write_text("-- What is always true.\n", encoding="utf-8")
    change(folder / "interview.toml", "FROM visits GROUP", "FROM visits WHERE false GROUP")

    rules, exhibit = told(folder)

    assert rules.startswith("rules.sql: holds no rule")
    assert exhibit.startswith("interview.toml")


def test_invisible_twist_is_told(folder: Path):
    """A twist that nobody could tell from chance is told once, unless it is meant to be subtle."""
    change(folder / "world.py", 'where="device=phone", times=0.5', 'where="device=phone", times=0.99')
    faint = [line for line in told(folder, 7, 11) if line.startswith("world.py › covered_button")]
    change(folder / "world.py", "times=0.99", "times=0.99, subtle=True")
    meant = [line for line in told(folder) if line.startswith("world.py › covered_button")]

    assert 1 == len(faint)
    assert "nobody can tell it from chance" in faint[0]
    assert [] == meant


def test_unknown_size_is_told(folder: Path):
    """A fact about a size that the world does not have would never be measured."""
    change(folder / "world.py", 'leads to an order.",', 'leads to an order.",\n        ("default", "smal"),')

    (found,) = told(folder)

    assert found.startswith("world.py › phone_conversion_percent: holds at the size 'smal'")


def test_numbers_have_one_section(folder: Path):
    """Two ledger sections may not give a number the same name."""
    append(folder / "answers/ledger.sql", "\n-- numbers: again\nSELECT 4 AS laptop_conversion_percent\n")

    (found, *_) = told(folder)

    assert found.startswith("answers/ledger.sql › again › laptop_conversion_percent: the section 'conv")


def test_half_read_key_runs(folder: Path):
    """A key with a fault in one header is played through all the same."""
    change(folder / SQL, "-- tag: fanout\n", "")
    change(folder / SQL, "FROM visits v LEFT JOIN buyers", "FROM visitz v LEFT JOIN buyers")

    header, reference = told(folder)

    assert "has no tag:" in header
    assert "Table with name visitz does not exist" in reference


def test_case_without_answers_runs(folder: Path):
    """A build without answers is played through as far as it goes: its data, facts and exhibits."""
    for file in (folder / "answers").iterdir():
        file.unlink()
    (folder / "answers").rmdir()
    change(folder / "interview.toml", "FROM visits GROUP", "FROM visitz GROUP")

    assert ["interview.toml"] == [problem.file for problem in rehearse(load_case(folder.name), (7,))]


def test_seeds_are_told_once():
    """A problem on every seed is told without seeds; one on some seeds, or different on each, names them."""
    findings = Findings((7, 11))
    everywhere, somewhere, differing = (Problem("world.py", "", "", word) for word in ("all", "one", "two"))
    for seed in (7, 11):
        findings.add(everywhere, seed)
        findings.add(differing, seed, f"it is {seed}")
    findings.add(somewhere, 11)

    messages = [problem.message for problem in findings.problems()]

    assert ["all", "two: it is 7 (seed 7); it is 11 (seed 11)", "one (seed 11)"] == messages
