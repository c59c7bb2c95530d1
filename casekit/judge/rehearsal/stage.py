"""The rehearsal of a whole case: its data built for each seed, and everything it holds tried on it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

from casekit.errors import AuthorError, DataError, Problem
from casekit.judge.bench import Bench
from casekit.judge.rehearsal.code_keys import rehearse_code
from casekit.judge.rehearsal.findings import Findings, Spot, first_line
from casekit.judge.rehearsal.planted import check_planted, load_planted
from casekit.judge.rehearsal.word_keys import (
    rehearse_cards,
    rehearse_choice,
    rehearse_debrief,
    rehearse_memo,
    unknown_number,
)
from casekit.library import load_debrief, load_ledger
from casekit.library.keys import ANSWERS, read_key
from casekit.model import Case, Exercise
from casekit.model.keys import CardsKey, ChoiceKey, CodeKey, MemoKey
from casekit.model.results import LedgerNumber
from casekit.sandbox import AnswerBox, Failure
from casekit.world import ensure_dataset

__all__ = ["SEEDS", "rehearse"]

SEEDS = (7, 11, 12, 21)


def rehearse(case: Case, seeds: Sequence[int] = SEEDS) -> list[Problem]:
    """
    Everything that does not work in *case*; empty when all of it does.

    The data of each seed is built in a temporary folder. There every reference, trap, remark, exhibit and
    ledger query runs and is judged, every fact is measured, every rule of ``rules.sql`` is tried, and every
    text that cites the ledger is filled. A twist that nobody could see is told once.

    Raises:
        DataError: This machine cannot keep a dataset.
    """
    findings = Findings(seeds)
    keys = _read_keys(case, findings)
    planted = load_planted(case, findings)
    with TemporaryDirectory(prefix="casekit-") as place, closing(AnswerBox()) as box:
        for seed in seeds:
            path = _dataset(case, seed, Path(place), findings)
            if path is None:
                continue
            check_planted(case, planted, path, seed, findings)
            with closing(Bench(case, path, box, evidence_seconds=0)) as bench:
                _rehearse_on(bench, keys, seed, findings)
    return findings.problems()


def _read_keys(case: Case, findings: Findings) -> list[tuple[Exercise, CodeKey | MemoKey]]:
    """The keys that can be read; choices and cards need no data and are tried at once."""
    keys: list[tuple[Exercise, CodeKey | MemoKey]] = []
    for exercise in case.exercises if _has_answers(case) else ():
        problems: list[Problem] = []
        key = read_key(Path(case.folder), exercise, problems)
        findings.add_all(problems)
        spot = Spot(findings, None, f"{ANSWERS}/{exercise.id}.toml", exercise.id)
        match key:
            case CodeKey():  # what can be read of it runs all the same; a remark may have no pattern
                keys.append((exercise, replace(key, remarks=()) if problems else key))
            case MemoKey() if not problems:
                keys.append((exercise, key))
            case ChoiceKey() if not problems:
                rehearse_choice(exercise, key, spot)
            case CardsKey() if not problems:
                rehearse_cards(exercise, key, spot)
    return keys


def _has_answers(case: Case) -> bool:
    return (Path(case.folder) / ANSWERS).is_dir()


def _dataset(case: Case, seed: int, place: Path, findings: Findings) -> Path | None:
    try:
        return ensure_dataset(Path(case.folder), case.slug, seed=seed, data_dir=place).path
    except AuthorError as error:
        findings.add_all(error.problems, seed)
    except DataError:
        raise
    except Exception as error:  # noqa: BLE001 - whatever an author's rows make of the build is told to the author
        detail = f"{type(error).__name__}: {first_line(str(error))}"
        findings.add(Problem("world.py", "", "", "its rows cannot be stored"), seed, detail)
    return None


def _rehearse_on(
    bench: Bench, keys: list[tuple[Exercise, CodeKey | MemoKey]], seed: int, findings: Findings
) -> None:
    _rehearse_exhibits(bench, seed, findings)
    if not _has_answers(bench.case):
        return
    ledger = _ledger(bench, seed, findings)
    for exercise, key in keys:
        match key:
            case CodeKey():
                ending = "sql" if key.language == "sql" else "py"
                spot = Spot(findings, seed, f"{ANSWERS}/{exercise.id}.{ending}", exercise.id)
                rehearse_code(exercise, key, bench, spot)
            case MemoKey() if ledger is not None:
                spot = Spot(findings, seed, f"{ANSWERS}/{exercise.id}.toml", exercise.id)
                rehearse_memo(exercise, key, ledger, spot)
    if ledger is not None:
        _rehearse_citations(bench.case, ledger, seed, findings)


def _rehearse_exhibits(bench: Bench, seed: int, findings: Findings) -> None:
    for exhibit in bench.case.interview.exhibits:
        spot = Spot(findings, seed, "interview.toml", exhibit.id)
        result = bench.result(exhibit.sql, "sql")
        if isinstance(result, Failure):
            spot.tell("exhibit.sql", "does not run", first_line(result.message))
        elif not result.rows:
            spot.tell("exhibit.sql", "gives no rows")


def _ledger(bench: Bench, seed: int, findings: Findings) -> Mapping[str, LedgerNumber] | None:
    """The ledger, or None when part of it does not work: then no name can be called unknown."""
    try:
        ledger = bench.ledger
    except AuthorError as error:
        findings.add_all(error.problems, seed)
        return None
    owner: dict[str, str] = {}
    for section, sql in load_ledger(bench.case):
        result = bench.result(sql, "sql")
        for name in () if isinstance(result, Failure) else result.columns:
            if owner.setdefault(name, section) != section:
                message = f"the section {owner[name]!r} holds a number of this name already"
                findings.add(Problem(f"{ANSWERS}/ledger.sql", section, name, message), seed)
    return ledger


def _rehearse_citations(
    case: Case, ledger: Mapping[str, LedgerNumber], seed: int, findings: Findings
) -> None:
    settled_by = case.interview.prediction.ledger
    message = unknown_number(settled_by, ledger) if settled_by else ""
    if message:
        findings.add(Problem("interview.toml", "", "prediction.ledger", message), seed)
    try:
        rehearse_debrief(load_debrief(case), ledger, Spot(findings, seed, f"{ANSWERS}/debrief.md", ""))
    except AuthorError as error:
        findings.add_all(error.problems)
