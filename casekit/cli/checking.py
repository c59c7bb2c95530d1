"""One case checked: read, its lesson compared with it, and played through."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from casekit.build.lesson import Block, Directive, read_blocks
from casekit.build.lesson_check import LESSON, lesson_problems
from casekit.errors import AuthorError, Problem
from casekit.library.cases import CaseDraft
from casekit.library.reading import read_text
from casekit.library.validation import survey_case

__all__ = ["check_case"]


def check_case(slug: str, *, run: bool, tell: Callable[[str], None]) -> None:
    """
    Look at the whole case *slug*; what is broken in one file hides nothing in the others.

    Args:
        slug: The case.
        run: Play it through as well, on several seeds; what cannot be read is left out.
        tell: Called with one line before what takes a while.

    Raises:
        UnknownName: No such case.
        AuthorError: Every problem found.
    """
    draft, problems = survey_case(slug)
    problems += _lesson_problems(draft)
    if run:
        problems += _rehearsed(draft, len(problems), tell)
    if problems:
        raise AuthorError(slug, dict.fromkeys(problems))


def _lesson_problems(draft: CaseDraft) -> list[Problem]:
    text = read_text(Path(draft.case.folder), LESSON, [])  # a missing lesson is told by the survey
    if text is None:
        return []
    known = tuple(block for block in read_blocks(text) if not _is_about_unread(block, draft))
    return lesson_problems(draft.case, known)


def _is_about_unread(block: Block, draft: CaseDraft) -> bool:
    """True for a directive whose exercise or exhibit could not be read, so that it cannot be checked."""
    if not isinstance(block, Directive):
        return False
    if block.name == "exercise":
        return not draft.has_list or block.argument in draft.broken
    return block.name == "exhibit" and not draft.has_script


def _rehearsed(draft: CaseDraft, count: int, tell: Callable[[str], None]) -> list[Problem]:
    from casekit.judge.rehearsal import SEEDS, rehearse

    so_far = f"{count} problem{'s' * (count != 1)} so far" if count else "files read"
    tell(f"{draft.case.slug}: {so_far}; running it on the seeds {', '.join(map(str, SEEDS))} ...")
    return rehearse(draft.case)
