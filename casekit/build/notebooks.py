"""Pages written into `notebooks/`, and the ones that are stale, missing or left over."""

from __future__ import annotations

from pathlib import Path

from casekit.build.case_page import case_page
from casekit.build.page import Page, is_untouched, page_text
from casekit.build.start_page import start_page
from casekit.library import list_slugs, load_case

__all__ = ["build_notebooks", "build_pages"]

FOLDER = "notebooks"
WORKED = ".worked.ipynb"  # what a candidate had written in a page that was rebuilt
BESIDE = (WORKED, ".new.ipynb")


def build_pages() -> tuple[Page, ...]:
    """
    Every page of the workbook: the start page, then one a case.

    Raises:
        AuthorError: A case or its lesson has problems.
    """
    cases = [load_case(slug) for slug in list_slugs()]
    return (start_page(cases), *(case_page(case) for case in cases))


def build_notebooks(root: Path, check: bool = False) -> list[Path]:
    """
    Write `notebooks/` under *root*; the paths that were stale, missing or left over.

    A page somebody worked in is never lost: it is kept beside the new one as ``<name>.worked.ipynb``.

    Args:
        root: The folder that holds `notebooks/`.
        check: Only look; write nothing.

    Raises:
        AuthorError: A case or its lesson has problems; nothing is written.
    """
    folder = root / FOLDER
    texts = {folder / page.name: page_text(page) for page in build_pages()}
    stale = [path for path, text in texts.items() if _read(path) != text]
    left_over = _left_over(folder, texts)
    if check:
        return [*stale, *left_over]
    folder.mkdir(parents=True, exist_ok=True)
    for path in stale:
        _keep_work(path)
        write_whole(path, texts[path])
    removed = [path for path in left_over if is_untouched(path.read_text(encoding="utf-8"))]
    for path in removed:
        path.unlink()
    return [*stale, *removed]


def write_whole(path: Path, text: str) -> None:
    """Write *text* so that a reader finds the old file or the new one, never half of one."""
    half = path.with_name(f".{path.name}.part")
    half.write_text(text, encoding="utf-8", newline="\n")
    half.replace(path)


def _left_over(folder: Path, texts: dict[Path, str]) -> list[Path]:
    """Notebooks no case builds; a candidate's kept work does not count."""
    found = sorted(folder.glob("*.ipynb"))
    return [path for path in found if path not in texts and not path.name.endswith(BESIDE)]


def _keep_work(path: Path) -> None:
    text = _read(path)
    if text is None or is_untouched(text):
        return
    kept = path.with_name(path.name.removesuffix(".ipynb") + WORKED)
    number = 2
    while kept.exists():
        kept = path.with_name(f"{path.name.removesuffix('.ipynb')}-{number}{WORKED}")
        number += 1
    path.replace(kept)


def _read(path: Path) -> str | None:
    try:
        return path.read_text(encoding="utf-8")
    except FileNotFoundError:
        return None
