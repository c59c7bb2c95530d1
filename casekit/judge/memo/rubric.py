"""The rubric, line by line: what a memo earned, where, and what to say about the rest."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property

from casekit.judge.memo.checks import MISSING, has_guardrail, has_metric
from casekit.judge.memo.contradictions import contradicted
from casekit.judge.memo.dates import has_date
from casekit.judge.memo.decision import decided_at, states_decision
from casekit.judge.memo.ledger import Numbers, Stated
from casekit.judge.memo.owner import has_owner
from casekit.judge.memo.phrases import has_phrase
from casekit.judge.memo.text import Memo, Sentence, quote
from casekit.model.keys import MemoKey, RubricLine
from casekit.model.results import LedgerNumber

__all__ = ["Desk", "ScoredLine", "score_line"]

DECISION = "decision-first"


@dataclass(frozen=True)
class Desk:
    """
    What scoring a line needs, laid out once.

    Attributes:
        memo: The memo.
        numbers: Its numbers beside the ledger.
        key: The key.
        ledger: The computed numbers.
        word_limit: Most words allowed; None for no limit.
    """

    memo: Memo
    numbers: Numbers
    key: MemoKey
    ledger: Mapping[str, LedgerNumber]
    word_limit: int | None

    @cached_property
    def contradicted(self) -> Mapping[str, Stated]:
        """By rubric line, the number of the memo that contradicts one the line asks for."""
        return contradicted(self.memo, self.numbers, self.key.rubric, self.ledger)

    @property
    def is_within_limit(self) -> bool:
        """True when the memo is no longer than allowed."""
        return self.word_limit is None or self.memo.n_words <= self.word_limit


@dataclass(frozen=True)
class ScoredLine:
    """
    One line of the rubric, scored.

    Attributes:
        line: The line.
        earned: Points earned: its share of concepts met, numbers cited and checks passed; at most half
            where a number it asks for is missing or contradicted.
        best: The sentence that earned most of it; None when nothing did.
        missing: What the checks found missing, in words.
    """

    line: RubricLine
    earned: int
    best: Sentence | None
    missing: tuple[str, ...]

    @property
    def is_undecided(self) -> bool:
        """True for the line about the decision when the memo does not open with it."""
        return DECISION in self.line.checks and self.earned < self.line.points

    @property
    def evidence(self) -> tuple[str, int, int, str]:
        """The line as a verdict carries it."""
        words = quote(self.best.text) if self.best and self.earned else ""
        return (self.line.label, self.earned, self.line.points, words)


def score_line(line: RubricLine, desk: Desk) -> ScoredLine:
    """The points *line* earns on the memo on the desk."""
    shares: list[float] = []
    hits: list[int] = []
    for found in _concept_places(line, desk.memo):
        shares.append(1.0 if found else 0.0)
        hits += found
    for name in line.numbers:
        shares.append(1.0 if name in desk.numbers.cited else 0.0)
        hits += [stated.at for stated in desk.numbers.stated if name in stated.names]
    missing = []
    for check in line.checks:
        share, places = _check(check, desk)
        shares.append(share)
        hits += places
        missing += [] if share == 1 else _missing(check, desk)
    earned = int(line.points * sum(shares) / len(shares) + 0.5)
    if line.id in desk.contradicted or not desk.numbers.cited.keys() >= set(line.numbers):
        earned = min(earned, line.points // 2)
    best = max(sorted(set(hits)), key=hits.count, default=None)
    return ScoredLine(line, earned, None if best is None else desk.memo.sentences[best], tuple(missing))


def _concept_places(line: RubricLine, memo: Memo) -> list[list[int]]:
    """
    For each concept of *line*, the indexes of the sentences in which one of its synonyms occurs.

    The concepts of the line about the decision are one: the opening decides it, or it does not.
    """
    if DECISION in line.checks:
        return [decided_at(memo, line.concepts)] if line.concepts else []
    return [
        [at for at, sentence in enumerate(memo.sentences) if has_phrase(synonyms, sentence.plain)]
        for synonyms in line.concepts
    ]


def _check(check: str, desk: Desk) -> tuple[float, list[int]]:
    """The share of a built-in check that is passed, and the indexes of the sentences that pass it."""
    if check == "length":
        return float(desk.is_within_limit), []
    if check == "numbers":
        right = desk.numbers.right
        judged = len(right) + len(desk.numbers.wrong)
        return (len(right) / judged, [right[0].at]) if right else (0.0, [])
    tests: dict[str, Callable[[Sentence], bool]] = {
        DECISION: lambda sentence: states_decision(sentence, desk.key.decision_verbs),
        "owner": has_owner,
        "date": has_date,
        "metric": lambda sentence: has_metric(sentence, desk.ledger),
        "guardrail": has_guardrail,
    }
    sentences = desk.memo.opening if check == DECISION else desk.memo.sentences
    places = [at for at, sentence in enumerate(sentences) if tests[check](sentence)]
    return float(bool(places)), places


def _missing(check: str, desk: Desk) -> list[str]:
    if check == DECISION:
        opening = quote(desk.memo.opening[-1].text, 80)
        return [f"Sentence 1 is “{opening}”: it does not say what to do, and to what."]
    if check == "numbers" and not desk.numbers.right:
        return ["No number in the memo agrees with the data."]
    return [MISSING[check]] if check in MISSING else []
