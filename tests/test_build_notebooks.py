"""`notebooks/` and `docs/`: what the build writes, what it calls stale, and whose work it keeps."""

from __future__ import annotations

import json
from pathlib import Path
from typing import get_args

import pytest

from casekit.build import build_docs, build_notebooks, build_schemas, new_case
from casekit.build.page import is_untouched
from casekit.errors import AuthorError, UsageError
from casekit.library import list_slugs, load_case, validate_case
from casekit.model.verdicts import Status
from casekit.show.verdict import status_mark


@pytest.fixture
def case_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The skeleton as the only case of its own folder, beside the package's cases."""
    monkeypatch.setenv("CASEKIT_CASES", str(tmp_path / "cases"))
    return new_case("kitchen-shop", tmp_path / "cases")


@pytest.fixture
def root(tmp_path: Path, case_folder: Path) -> Path:
    """A folder with every notebook built."""
    build_notebooks(tmp_path)
    return tmp_path


def page_path(root: Path) -> Path:
    return next((root / "notebooks").glob("c*_kitchen_shop.ipynb"))


def work_in(path: Path) -> str:
    """Put an answer into the page's attempt, as a candidate does; the text that is then on disk."""
    notebook = json.loads(path.read_text(encoding="utf-8"))
    attempt = next(cell for cell in notebook["cells"] if cell["metadata"].get("tags") == ["answer"])
    attempt["source"] = ["%%sql conversion-by-device\n", "SELECT 42"]
    path.write_text(json.dumps(notebook), encoding="utf-8")
    return path.read_text(encoding="utf-8")


def test_first_build_writes_everything(tmp_path: Path, case_folder: Path):
    """The start page and one page a case are written, and nothing else."""
    written = build_notebooks(tmp_path)

    assert sorted(written) == sorted((tmp_path / "notebooks").iterdir())
    assert len(list_slugs()) + 1 == len(written)
    assert tmp_path / "notebooks" / "00_start_here.ipynb" in written


def test_second_build_changes_nothing(root: Path):
    """Building twice gives the same bytes."""
    before = {path: path.read_bytes() for path in (root / "notebooks").iterdir()}

    assert [] == build_notebooks(root)
    assert [] == build_notebooks(root, check=True)
    assert before == {path: path.read_bytes() for path in (root / "notebooks").iterdir()}


def test_lesson_change_makes_stale(root: Path, case_folder: Path):
    """A page that is not what its lesson builds is named, and a check writes nothing."""
    lesson = case_folder / "lesson.md"
    lesson.write_text(lesson.read_text(encoding="utf-8") + "\nOne more line.\n", encoding="utf-8")
    before = page_path(root).read_bytes()

    assert [page_path(root)] == build_notebooks(root, check=True)
    assert before == page_path(root).read_bytes()
    assert [page_path(root)] == build_notebooks(root)
    assert [] == build_notebooks(root, check=True)


def test_title_change_makes_stale(root: Path, case_folder: Path):
    """What case.toml says reaches the case's page and the map on the start page."""
    toml = case_folder / "case.toml"
    toml.write_text(toml.read_text(encoding="utf-8").replace("Kitchen shop", "Kitchen"), encoding="utf-8")

    stale = build_notebooks(root, check=True)

    assert {root / "notebooks" / "00_start_here.ipynb", page_path(root)} == set(stale)


def test_missing_page_is_stale(root: Path):
    """A page that is not there is named and written again."""
    page_path(root).unlink()

    assert [True] == ["kitchen_shop" in path.name for path in build_notebooks(root, check=True)]
    assert [] != build_notebooks(root)
    assert page_path(root).is_file()


def test_renamed_case_leaves_nothing(root: Path, case_folder: Path):
    """The untouched page of a case that is gone is named as left over, then removed."""
    old = page_path(root)
    case_folder.rename(case_folder.with_name("corner-shop"))

    assert old in build_notebooks(root, check=True)
    assert old in build_notebooks(root)
    assert not old.exists()


def test_foreign_notebooks_are_kept(root: Path):
    """A notebook the build did not write is named in a check, and never removed."""
    own = root / "notebooks" / "my_notes.ipynb"
    own.write_text("{}", encoding="utf-8")

    assert [own] == build_notebooks(root, check=True)
    assert [] == build_notebooks(root)
    assert own.is_file()


def test_rebuild_keeps_work(root: Path):
    """A page somebody answered in is kept beside the new one, each time under a name of its own."""
    path = page_path(root)
    first = work_in(path)
    build_notebooks(root)
    second = work_in(path).replace("42", "43")
    path.write_text(second, encoding="utf-8")
    build_notebooks(root)

    kept = path.name.removesuffix(".ipynb")
    assert first == path.with_name(f"{kept}.worked.ipynb").read_text(encoding="utf-8")
    assert second == path.with_name(f"{kept}-2.worked.ipynb").read_text(encoding="utf-8")
    assert is_untouched(path.read_text(encoding="utf-8"))
    assert [] == build_notebooks(root, check=True)


def test_saving_alone_is_no_work(root: Path):
    """A page Jupyter saved without a new word or an output may be replaced."""
    path = page_path(root)
    notebook = json.loads(path.read_text(encoding="utf-8"))
    notebook["metadata"]["language_info"] = {"name": "python", "version": "3.13.1"}

    assert is_untouched(json.dumps(notebook))


def test_broken_lesson_writes_nothing(root: Path, case_folder: Path):
    """An author's mistake stops the build before a file is touched."""
    (case_folder / "lesson.md").write_text("```{exam} one\n```\n", encoding="utf-8")
    before = {path: path.read_bytes() for path in (root / "notebooks").iterdir()}

    with pytest.raises(AuthorError, match="no such directive"):
        build_notebooks(root)

    assert before == {path: path.read_bytes() for path in (root / "notebooks").iterdir()}


def test_start_page_links_cases(root: Path):
    """Every case is on the map, and its link leads to a file that is there."""
    start = json.loads((root / "notebooks" / "00_start_here.ipynb").read_text(encoding="utf-8"))
    text = "\n".join("".join(cell["source"]) for cell in start["cells"])

    for slug in list_slugs():
        case = load_case(slug)
        name = f"{case.code.lower()}_{slug.replace('-', '_')}.ipynb"
        assert f"[{case.code} {case.title}]({name})" in text
        assert (root / "notebooks" / name).is_file()


def test_start_page_explains_verdicts(root: Path):
    """Every word a verdict can start with is explained before the first case."""
    text = (root / "notebooks" / "00_start_here.ipynb").read_text(encoding="utf-8")

    words = [status_mark(status)[1] for status in get_args(Status)]

    assert [] == [word for word in words if f"| **{word}** |" not in text]


def test_docs_describe_cases(tmp_path: Path, case_folder: Path):
    """Each case has a page of its exercises and one of its data, and a changed world makes that stale."""
    build_docs(tmp_path)
    page, data = (tmp_path / "docs" / folder / "kitchen-shop.md" for folder in ("cases", "data"))
    text, told = page.read_text(encoding="utf-8"), data.read_text(encoding="utf-8")

    assert "| E01 | Conversion by device | `conversion-by-device` | sql | analyse |" in text
    assert "[the data dictionary](../data/kitchen-shop.md)" in text
    assert "## orders\n\nOne row per order; a visit may have none or several. " in told
    assert "| `device` | text |  |  | device of the visit: phone, laptop |" in told
    assert [] == build_docs(tmp_path, check=True)

    world = case_folder / "world.py"
    world.write_text(world.read_text(encoding="utf-8").replace("day of the", "date of the"), encoding="utf-8")

    assert [data] == build_docs(tmp_path, check=True)


def test_docs_of_gone_cases_go(tmp_path: Path, case_folder: Path):
    """The pages of a case that was renamed are named as left over, then removed."""
    build_docs(tmp_path)
    old = {tmp_path / "docs" / folder / "kitchen-shop.md" for folder in ("cases", "data")}
    case_folder.rename(case_folder.with_name("corner-shop"))

    assert old <= set(build_docs(tmp_path, check=True))
    assert old <= set(build_docs(tmp_path))
    assert [] == build_docs(tmp_path, check=True)


def test_schemas_notice_staleness(tmp_path: Path):
    """Schemas are written once, and one that was changed by hand is named."""
    written = build_schemas(tmp_path)
    assert {"case.schema.json", "interview.schema.json"} <= {path.name for path in written}
    assert [] == build_schemas(tmp_path, check=True)

    schema = tmp_path / "docs" / "case.schema.json"
    schema.write_text(schema.read_text(encoding="utf-8") + " ", encoding="utf-8")

    assert [schema] == build_schemas(tmp_path, check=True)


def test_schema_describes_cases(tmp_path: Path):
    """The schema names the fields of a case, says which it needs, and refuses others."""
    build_schemas(tmp_path)
    schema = json.loads((tmp_path / "docs" / "case.schema.json").read_text(encoding="utf-8"))

    assert {"code", "title", "exercise"} <= set(schema["required"])
    assert schema["additionalProperties"] is False
    assert "ask" in schema["$defs"]["ExerciseSpec"]["properties"]


def test_skeleton_validates(case_folder: Path):
    """A new case has no problem in any of its files."""
    case = validate_case("kitchen-shop")

    assert ["sql", "choice"] == [exercise.kind for exercise in case.exercises]
    assert "Kitchen shop" == case.title
    assert not list(case_folder.rglob("__pycache__"))


def test_skeleton_takes_free_code(case_folder: Path):
    """Each new case gets the code after the highest in use."""
    new_case("corner-shop", case_folder.parent)

    first, second = (int(load_case(slug).code[1:]) for slug in ("kitchen-shop", "corner-shop"))

    assert first + 1 == second


def test_skeleton_never_overwrites(case_folder: Path):
    """A folder that is there already is refused and stays as it was."""
    (case_folder / "case.toml").write_text("mine", encoding="utf-8")

    with pytest.raises(UsageError, match="there already"):
        new_case("kitchen-shop", case_folder.parent)

    assert "mine" == (case_folder / "case.toml").read_text(encoding="utf-8")


@pytest.mark.parametrize("slug", ["Kitchen", "kitchen_shop", "kitchen--shop", "-kitchen", "", "../kitchen"])
def test_odd_names_are_refused(slug: str, tmp_path: Path):
    """A case's name is kebab-case, and never leaves its folder."""
    with pytest.raises(UsageError, match="is no name for a case"):
        new_case(slug, tmp_path)

    assert [] == list(tmp_path.iterdir())
