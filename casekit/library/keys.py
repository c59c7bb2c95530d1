"""Keys, ledger and debrief: the secret half of a case, read file by file when it is needed."""

from __future__ import annotations

import re
from pathlib import Path

from casekit.errors import AuthorError, Problem
from casekit.library.cases import find_exercise
from casekit.library.keyspecs import CardsKeySpec, ChoiceKeySpec, MemoKeySpec
from casekit.library.reading import read_spec, read_text, read_toml
from casekit.library.sections import Section, read_sections
from casekit.model import Case, Exercise, Key, Trap
from casekit.model.interviews import Debrief
from casekit.model.keys import (
    CardRule,
    CardsKey,
    ChoiceKey,
    CodeKey,
    MemoKey,
    RedFlag,
    Remark,
    RubricLine,
)

__all__ = [
    "load_debrief",
    "load_key",
    "load_ledger",
    "read_debrief",
    "read_key",
    "read_ledger",
    "read_loose_key",
]

ANSWERS = "answers"


def load_key(case: Case, exercise_id: str) -> Key:
    """
    The key of one exercise.

    Raises:
        UnknownName: No such exercise.
        AuthorError: The key has problems; all are named.
    """
    problems: list[Problem] = []
    key = read_key(Path(case.folder), find_exercise(case, exercise_id), problems)
    if key is None or problems:
        raise AuthorError(case.slug, problems)
    return key


def load_ledger(case: Case) -> tuple[tuple[str, str], ...]:
    """
    The ledger queries of *case* as (section name, SQL); each gives one row of named numbers.

    Raises:
        AuthorError: `answers/ledger.sql` has problems; all are named.
    """
    problems: list[Problem] = []
    sections = read_ledger(Path(case.folder), problems)
    if problems:
        raise AuthorError(case.slug, problems)
    return tuple((section.slug, section.code) for section in sections)


def load_debrief(case: Case) -> Debrief:
    """
    What is told at the end of *case*, with its ledger marks still unfilled.

    Raises:
        AuthorError: `answers/debrief.md` is missing or lacks a part.
    """
    problems: list[Problem] = []
    debrief = read_debrief(Path(case.folder), problems)
    if debrief is None or problems:
        raise AuthorError(case.slug, problems)
    return debrief


def read_debrief(folder: Path, problems: list[Problem]) -> Debrief | None:
    """What `answers/debrief.md` tells, or None; what is wrong is added to *problems*."""
    file = f"{ANSWERS}/debrief.md"
    text = read_text(folder, file, problems)
    if text is None:
        return None
    parts = dict(re.findall(r"^# +(\w+)\s*\n(.*?)(?=^# |\Z)", text, flags=re.M | re.S))
    lacking = [name for name in ("Truth", "Trail", "Aftermath") if not parts.get(name, "").strip()]
    problems += [Problem(file, "", name, f"has no '# {name}' heading with text under it") for name in lacking]
    if lacking:
        return None
    steps = re.findall(r"^(?:[-*]|\d+\.) +(.*?)(?=^(?:[-*]|\d+\.) |\Z)", parts["Trail"], flags=re.M | re.S)
    trail = tuple(" ".join(step.split()) for step in steps)
    return Debrief(parts["Truth"].strip(), trail, parts["Aftermath"].strip())


def read_ledger(folder: Path, problems: list[Problem]) -> list[Section]:
    """The sections of `answers/ledger.sql`; what is wrong is added to *problems*."""
    file = f"{ANSWERS}/ledger.sql"
    text = read_text(folder, file, problems)
    sections, found = read_sections(text or "", "--")
    found += [
        f"line {section.line}: a ledger holds 'numbers: name' sections only, not {section.kind}"
        for section in sections
        if section.kind != "numbers"
    ]
    problems += [Problem(file, "", "", message) for message in found]
    return sections


def read_key(folder: Path, exercise: Exercise, problems: list[Problem]) -> Key | None:
    """The key of *exercise*, or None; what is wrong is added to *problems*."""
    match exercise.kind:
        case "sql" | "number":
            return _read_code(folder, exercise.id, "sql", problems)
        case "pandas":
            return _read_code(folder, exercise.id, "py", problems)
        case "choice":
            return _read_choice(folder, exercise, problems)
        case "cards":
            return _read_cards(folder, exercise, problems)
        case "memo":
            return _read_memo(folder, exercise.id, problems)


def read_loose_key(folder: Path, name: str, problems: list[Problem]) -> None:
    """Look for problems in the key *name* as far as that goes without its exercise, which is broken."""
    here = {file.suffix for file in (folder / ANSWERS).iterdir() if file.stem == name}
    for ending in sorted(here & {".sql", ".py"}):
        _read_code(folder, name, ending.removeprefix("."), problems)
    if {".toml", ".md"} <= here:
        _read_memo(folder, name, problems)
    elif ".toml" in here:
        read_toml(folder, f"{ANSWERS}/{name}.toml", problems, name)


def _read_code(folder: Path, name: str, ending: str, problems: list[Problem]) -> CodeKey | None:
    file = f"{ANSWERS}/{name}.{ending}"
    text = read_text(folder, file, problems, name)
    if text is None:
        return None
    sections, found = read_sections(text, "--" if ending == "sql" else "#")
    references = [section for section in sections if section.kind == "reference"]
    if len(references) != 1:
        found.append(f"holds {len(references)} reference sections; exactly one is needed")
    found += [f"line {s.line}: 'numbers' belongs into ledger.sql" for s in sections if s.kind == "numbers"]
    if ending == "py":
        found += [
            f"line {s.line}: 'fails' is for SQL; an analysis that stops is never handed in"
            for s in sections
            if "fails" in s.fields
        ]
    problems += [Problem(file, name, "", message) for message in found]
    if not references:
        return None
    return CodeKey(
        language="sql" if ending == "sql" else "python",
        reference=references[0].code,
        why=references[0].fields.get("say", ""),
        traps=tuple(
            Trap(s.slug, s.fields.get("tag", ""), s.fields.get("say", ""), s.code, s.fields.get("fails", ""))
            for s in sections
            if s.kind == "trap"
        ),
        remarks=tuple(
            Remark(s.slug, s.fields.get("say", ""), _pattern(s, file, name, problems), s.code)
            for s in sections
            if s.kind == "remark"
        ),
    )


def _pattern(section: Section, file: str, name: str, problems: list[Problem]) -> str:
    pattern = section.fields.get("when", "")
    problems += _regex_problems([pattern], file, name, f"remark: {section.slug}")
    return pattern


def _read_choice(folder: Path, exercise: Exercise, problems: list[Problem]) -> ChoiceKey | None:
    file = f"{ANSWERS}/{exercise.id}.toml"
    spec = read_spec(folder, file, ChoiceKeySpec, problems, exercise.id)
    if spec is None:
        return None
    wrong = {option.id for option in exercise.options} - {spec.right}
    told = [trap.option for trap in spec.trap]
    if len(wrong) == len(exercise.options):
        problems.append(Problem(file, exercise.id, "right", f"{spec.right!r} is none of the options"))
    if sorted(told) != sorted(wrong):
        message = f"traps must cover the wrong options {sorted(wrong)} once each; they cover {sorted(told)}"
        problems.append(Problem(file, exercise.id, "trap", message))
    return ChoiceKey(spec.right, spec.why, tuple(Trap(t.option, t.tag, t.say, t.option) for t in spec.trap))


def _read_cards(folder: Path, exercise: Exercise, problems: list[Problem]) -> CardsKey | None:
    file = f"{ANSWERS}/{exercise.id}.toml"
    spec = read_spec(folder, file, CardsKeySpec, problems, exercise.id)
    if spec is None:
        return None
    cards = sorted(card.id for card in exercise.cards)
    if sorted(spec.order) != cards:
        problems.append(Problem(file, exercise.id, "order", f"must hold each card once: {cards}"))
    for trap in spec.trap:
        if sorted(trap.example) != cards:
            where = f"trap.{trap.slug}.example"
            problems.append(Problem(file, exercise.id, where, "must hold each card once"))
        unknown = [card for card in (trap.card, *trap.after) if card not in cards]
        if unknown:
            problems.append(Problem(file, exercise.id, f"trap.{trap.slug}", f"{unknown} are no cards"))
    rules = tuple(
        CardRule(
            Trap(trap.slug, trap.tag, trap.say, " ".join(trap.example)),
            trap.card,
            trap.at,
            trap.not_in_first,
            trap.after,
        )
        for trap in spec.trap
    )
    return CardsKey(spec.order, spec.max_distance, spec.why, rules)


def _read_memo(folder: Path, name: str, problems: list[Problem]) -> MemoKey | None:
    file = f"{ANSWERS}/{name}.toml"
    spec = read_spec(folder, file, MemoKeySpec, problems, name)
    exemplar = read_text(folder, f"{ANSWERS}/{name}.md", problems, name)
    if spec is None or exemplar is None:
        return None
    for flag in spec.red_flag:
        problems += _regex_problems([*flag.patterns, *flag.unless], file, name, f"red_flag.{flag.slug}")
    return MemoKey(
        exemplar=exemplar.strip(),
        why=spec.why,
        pass_points=spec.pass_points,
        decision_verbs=spec.decision_verbs,
        rubric=tuple(
            RubricLine(
                line.id,
                line.label,
                line.points,
                line.concepts,
                line.numbers,
                line.checks,
                line.say,
            )
            for line in spec.rubric
        ),
        red_flags=tuple(
            RedFlag(
                Trap(flag.slug, flag.tag, flag.say, flag.example),
                flag.patterns,
                flag.unless,
                flag.penalty,
            )
            for flag in spec.red_flag
        ),
    )


def _regex_problems(patterns: list[str], file: str, where: str, field: str) -> list[Problem]:
    found = []
    for pattern in patterns:
        try:
            re.compile(pattern)
        except re.error as error:
            found.append(Problem(file, where, field, f"{pattern!r} is no regular expression: {error}"))
    return found
