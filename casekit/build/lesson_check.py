"""Everything that can be wrong with a lesson, found at once, each with its line."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from casekit.build.asks import starter_names
from casekit.build.lesson import Block, Directive, Prose, read_blocks
from casekit.errors import AuthorError, Problem, near_names
from casekit.library.reading import read_text
from casekit.model import Case, Exercise

__all__ = ["lesson_problems", "validate_lesson"]

LESSON = "lesson.md"

# Each directive: whether it names something, and whether lines may stand inside it.
DIRECTIVES = {
    "exercise": ("an exercise id", True),
    "exhibit": ("an exhibit id", False),
    "interviewer": ("opening or closing", False),
    "code": ("", True),
    "predict": ("", False),
    "clarify": ("", False),
    "debrief": ("", False),
}
ONCE = ("predict", "clarify", "debrief")
SPEECHES = ("opening", "closing")


def validate_lesson(case: Case) -> tuple[Block, ...]:
    """
    The blocks of the lesson of *case*, in order, after everything was looked at.

    Raises:
        AuthorError: `lesson.md` is missing or has problems; all are named, with their lines.
    """
    problems: list[Problem] = []
    text = read_text(Path(case.folder), LESSON, problems)
    blocks = read_blocks(text or "")
    problems += lesson_problems(case, blocks) if text is not None else []
    if problems:
        raise AuthorError(case.slug, problems)
    return blocks


def lesson_problems(case: Case, blocks: tuple[Block, ...]) -> list[Problem]:
    """Everything wrong with a lesson: unknown, missing, doubled or unclosed, each with its line."""
    directives = [block for block in blocks if isinstance(block, Directive)]
    found = [problem for directive in directives for problem in _form_problems(directive)]
    found += _name_problems(case, directives)
    found += _count_problems(case, directives)
    found += [
        _problem(block.line, "", "the build writes the title; start headings at '##'")
        for block in blocks
        if isinstance(block, Prose) and block.text.startswith("# ")
    ]
    return sorted(found, key=lambda problem: int(problem.where.removeprefix("line ") or 0))


def _form_problems(directive: Directive) -> Iterator[Problem]:
    name, line = directive.name, directive.line
    if name not in DIRECTIVES:
        near = near_names(name, DIRECTIVES) or list(DIRECTIVES)
        yield _problem(line, name, f"there is no such directive; use {', '.join(near)}")
        return
    wanted, body_allowed = DIRECTIVES[name]
    if wanted and not directive.argument:
        yield _problem(line, name, f"needs {wanted} behind it")
    if not wanted and directive.argument:
        yield _problem(line, name, f"takes nothing behind it; it has {directive.argument!r}")
    if directive.body and not body_allowed:
        yield _problem(line, name, "takes no lines inside it")
    if name == "code" and not directive.body.strip():
        yield _problem(line, name, "is empty; write the code of the cell inside it")
    if not directive.closed:
        yield _problem(line, name, "is never closed; end it with a line of ```")


def _name_problems(case: Case, directives: list[Directive]) -> Iterator[Problem]:
    exercises = {exercise.id: exercise for exercise in case.exercises}
    exhibits = [exhibit.id for exhibit in case.interview.exhibits]
    for directive in directives:
        name = directive.argument
        if directive.name == "exhibit" and name and name not in exhibits:
            yield _problem(directive.line, "exhibit", _unknown(name, "interview.toml", exhibits))
        if directive.name == "interviewer" and name and name not in SPEECHES:
            yield _problem(directive.line, "interviewer", f"speaks at opening or closing, not at {name!r}")
        if directive.name == "exercise" and name:
            if name not in exercises:
                yield _problem(directive.line, "exercise", _unknown(name, "case.toml", list(exercises)))
            else:
                yield from _starter_problems(directive, exercises[name])


def _starter_problems(directive: Directive, exercise: Exercise) -> Iterator[Problem]:
    """A starter must leave what the check cell reads, and must not be an answer yet."""
    body = directive.body
    if not body.strip():
        return
    if exercise.kind == "sql":
        code = [line for line in body.splitlines() if line.strip() and not line.lstrip().startswith("--")]
        if code:
            message = f"starter code of a sql exercise may hold comments only; it has {code[0]!r}"
            yield _problem(directive.line, exercise.id, message)
        return
    if exercise.kind not in ("pandas", "number"):
        yield _problem(directive.line, exercise.id, f"a {exercise.kind} exercise takes no starter code")
        return
    for name in starter_names(exercise):
        if not re.search(rf"^{name}\s*=", body, flags=re.M):
            message = f"the starter code must set {name!r}, because the check cell hands it in"
            yield _problem(directive.line, exercise.id, message)


def _count_problems(case: Case, directives: list[Directive]) -> Iterator[Problem]:
    for exercise in case.exercises:
        lines = [d.line for d in directives if d.name == "exercise" and d.argument == exercise.id]
        if not lines:
            yield _problem(0, exercise.id, "the exercise is in case.toml, but nowhere in the lesson")
        if len(lines) > 1:
            yield _problem(lines[1], exercise.id, f"the exercise already stands at line {lines[0]}")
    for name in ONCE:
        lines = [directive.line for directive in directives if directive.name == name]
        if len(lines) > 1:
            yield _problem(lines[1], name, f"already stands at line {lines[0]}")


def _unknown(name: str, file: str, known: list[str]) -> str:
    near = near_names(name, known)
    advice = f"did you mean {' or '.join(map(repr, near))}?" if near else f"there is {', '.join(known)}"
    return f"{name!r} is not in {file}; {advice}"


def _problem(line: int, where: str, message: str) -> Problem:
    return Problem(LESSON, f"line {line}" if line else "", where, message)
