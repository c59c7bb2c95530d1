"""Keys that are words, rehearsed: choices, card orders, memos, and every text that cites the ledger."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from casekit.errors import AuthorError, Problem, near_names
from casekit.judge.choices import judge_cards, judge_choice
from casekit.judge.ledger_text import MARK, fill
from casekit.judge.memo import judge_memo
from casekit.judge.rehearsal.findings import Spot
from casekit.model import Exercise, Trap, Verdict
from casekit.model.interviews import Debrief
from casekit.model.keys import CardsKey, ChoiceKey, MemoKey
from casekit.model.results import LedgerNumber

__all__ = ["rehearse_cards", "rehearse_choice", "rehearse_debrief", "rehearse_memo", "unknown_number"]

Ledger = Mapping[str, LedgerNumber]
SNIPPET = 40


def rehearse_choice(exercise: Exercise, key: ChoiceKey, spot: Spot) -> None:
    """Pick every option."""
    _expect_correct(judge_choice(exercise, key, key.right), "right", spot)
    for trap in key.traps:
        _expect_words(judge_choice(exercise, key, trap.submission), trap, spot)


def rehearse_cards(exercise: Exercise, key: CardsKey, spot: Spot) -> None:
    """Hand in the expert's order and, for each rule, the order that breaks it."""
    _expect_correct(judge_cards(exercise, key, list(key.order)), "order", spot)
    for rule in key.rules:
        _expect_words(judge_cards(exercise, key, rule.trap.submission.split()), rule.trap, spot)


def rehearse_memo(exercise: Exercise, key: MemoKey, ledger: Ledger, spot: Spot) -> None:
    """Hand in the exemplar and, for each red flag, the memo that raises it."""
    unknown = [
        (line.id, message)
        for line in key.rubric
        for name in line.numbers
        if (message := unknown_number(name, ledger))
    ]
    for line_id, message in unknown:
        spot.tell(f"rubric.{line_id}", message)
    marks = list(mark_problems(key.exemplar, ledger))
    for message in marks:
        spot.findings.add(_in_exemplar(exercise, message), spot.seed)
    if not unknown and not marks:
        _judge_memos(exercise, key, ledger, spot)


def rehearse_debrief(debrief: Debrief, ledger: Ledger, spot: Spot) -> None:
    """Fill every mark of the debrief."""
    parts = {"Truth": debrief.truth, "Trail": "\n".join(debrief.trail), "Aftermath": debrief.aftermath}
    for name, text in parts.items():
        for message in mark_problems(text, ledger):
            spot.tell(name, message)


def mark_problems(text: str, ledger: Ledger) -> Iterator[str]:
    """Every mark in *text* that the ledger cannot fill, and every brace that makes no mark."""
    for mark in MARK.finditer(text):
        try:
            fill(mark[0], ledger)
        except KeyError as error:
            yield str(error.args[0])
    rest = MARK.sub(lambda mark: "." * len(mark[0]), text)
    for place, letter in enumerate(rest):
        if letter == "{":
            snippet = text[place : place + SNIPPET].partition("\n")[0]
            yield f"{snippet!r} starts no mark; write {{name}} or {{name:.1f}}"


def unknown_number(name: str, ledger: Ledger) -> str:
    """What to say when *name* is no ledger number; empty when it is one."""
    if name in ledger:
        return ""
    near = near_names(name, ledger)
    meant = f"; did you mean {near[0]!r}?" if near else ""
    return f"{name!r} is no number of answers/ledger.sql{meant}"


def _judge_memos(exercise: Exercise, key: MemoKey, ledger: Ledger, spot: Spot) -> None:
    try:
        verdict = judge_memo(exercise, key, fill(key.exemplar, ledger), ledger)
        if verdict.status != "correct":
            said = " ".join((verdict.headline, *verdict.points[:1]))
            spot.findings.add(_in_exemplar(exercise, "is not judged correct"), spot.seed, said)
        for flag in key.red_flags:
            _expect_words(judge_memo(exercise, key, flag.trap.submission, ledger), flag.trap, spot)
    except AuthorError as error:
        spot.findings.add_all(error.problems, spot.seed)
    except Exception as error:  # noqa: BLE001 - a fault of the judge's own hides nothing else in the case
        spot.tell("", "the judge fails on its memos", f"{type(error).__name__}: {error}")


def _in_exemplar(exercise: Exercise, message: str) -> Problem:
    return Problem(f"answers/{exercise.id}.md", exercise.id, "exemplar", message)


def _expect_correct(verdict: Verdict, field: str, spot: Spot) -> None:
    if verdict.status != "correct":
        spot.tell(field, f"is judged {verdict.status!r}, not correct", verdict.headline)


def _expect_words(verdict: Verdict, trap: Trap, spot: Spot) -> None:
    if verdict.trap == trap.slug:
        return
    instead = f"the trap {verdict.trap!r} speaks" if verdict.trap else f"it is judged {verdict.status!r}"
    spot.tell(f"trap: {trap.slug}", f"its example does not get its own words: {instead}")
