"""The numbers a rubric asks for, contradicted: another value said of the same thing."""

from __future__ import annotations

import re
from collections.abc import Mapping

from casekit.judge.memo.ledger import Numbers, Stated
from casekit.judge.memo.swaps import TURNED, clause_of, mentions
from casekit.judge.memo.text import Memo
from casekit.model.keys import RubricLine
from casekit.model.results import LedgerNumber

__all__ = ["contradicted"]

RATES = frozenset({"percent", "pp"})
PLAIN = frozenset({"share", "rate", "percent", "pp", "eur"})
TIMES = frozenset({"before", "after"})
EXPLAINS = re.compile(
    r"\b(?:explains?|accounts? for|is responsible for)\s+"
    r"(?:(?:only|about|roughly|nearly|around|just|some)\s+)?$",
    re.IGNORECASE,
)
COST = re.compile(r"\b(?:costs?|lost|loss(?:es)?|damage|price|worth)\b[^;.]{0,40}$", re.IGNORECASE)
EACH = re.compile(
    r"\W*(?:each|per|apiece|an? (?:order|day|week|year|month)|a piece|every|basket)\b", re.IGNORECASE
)
AT_LEAST = re.compile(r"\b(?:cost|lost)(?:\s+us)?\s+(?:at least|more than|over|above)\s+$", re.IGNORECASE)
NEAR = 60


def contradicted(
    memo: Memo, numbers: Numbers, rubric: tuple[RubricLine, ...], ledger: Mapping[str, LedgerNumber]
) -> Mapping[str, Stated]:
    """
    By rubric line, the number that contradicts one the line asks for.

    A contradiction is a number of the same kind in a clause about the line and no other, which the data
    does not bear out or which belongs to another line. A memo that also says the right one is let off.
    """
    book = _Book(memo, numbers, tuple(line for line in rubric if line.numbers), ledger)
    found: dict[str, Stated] = {}
    for line in book.lines:
        rivals = (book.rival(line, name) for name in line.numbers)
        rival = next((stated for stated in rivals if stated is not None), None)
        if rival is not None:
            found[line.id] = rival
    return found


class _Book:
    """The memo's numbers, each with the words of its clause."""

    def __init__(
        self, memo: Memo, numbers: Numbers, lines: tuple[RubricLine, ...], ledger: Mapping[str, LedgerNumber]
    ) -> None:
        self.lines = lines
        self._ledger = ledger
        self._entries = [
            (stated, sentence.text, clause_of(sentence.text, stated))
            for stated in numbers.stated
            for sentence in (memo.sentences[stated.at],)
        ]

    def rival(self, line: RubricLine, name: str) -> Stated | None:
        """The first number that contradicts *name*; None if there is none or the right one is said."""
        unit = self._ledger[name].unit
        if unit == "eur":
            return self._other_cost(name)
        if unit not in RATES or any(
            name in stated.names and mentions(line, clause) for stated, _, clause in self._entries
        ):
            return None
        for stated, text, clause in self._entries:
            is_other = stated.claim.is_hard and name not in stated.names
            if is_other and self._differs(line, name, stated, text) and self._is_about(line, clause):
                return stated
        return None

    def _differs(self, line: RubricLine, name: str, stated: Stated, text: str) -> bool:
        if "share" in name.split("_"):
            return _is_other_share(name, stated, text)
        return self._is_other_effect(line, name, stated)

    def _is_about(self, line: RubricLine, clause: str) -> bool:
        others = [other for other in self._rated() if other is not line]
        is_own = mentions(line, clause) and not any(mentions(other, clause) for other in others)
        return is_own and TURNED.search(clause) is None

    def _rated(self) -> list[RubricLine]:
        return [one for one in self.lines if any(self._ledger[name].unit in RATES for name in one.numbers)]

    def _is_other_effect(self, line: RubricLine, name: str, stated: Stated) -> bool:
        """Percentage points that agree with nothing, or only with what another line is about."""
        if stated.claim.unit != "pp":
            return False
        names = [one for other in self.lines if other is not line for one in other.numbers]
        others = set[str]().union(*map(_topics, names)) - _topics(name)
        is_others = bool(stated.names) and all(others.intersection(one.split("_")) for one in stated.names)
        return not stated.is_right or is_others

    def _other_cost(self, name: str) -> Stated | None:
        """A wrong sum of money that is called a cost or a loss, where the right one is not said."""
        wrong = [
            (stated, text)
            for stated, text, _ in self._entries
            if stated.claim.unit in ("eur", "money")
            and (not stated.is_right or self._is_above(name, stated, text))
            and COST.search(text[max(0, stated.claim.start - NEAR) : stated.claim.start])
            and EACH.match(text, stated.claim.end) is None
        ]
        at = {stated.at for stated, _ in wrong}
        is_said = any(
            name in stated.names and not (stated.claim.upper and stated.at in at)
            for stated, *_ in self._entries
        )
        return None if is_said or not wrong else wrong[0][0]

    def _is_above(self, name: str, stated: Stated, text: str) -> bool:
        """True for ``cost at least €260,000`` where it was less than half of that."""
        before = text[max(0, stated.claim.start - NEAR) : stated.claim.start]
        is_unknown = not stated.names and AT_LEAST.search(before) is not None
        return is_unknown and stated.claim.values[0].value > 2 * abs(self._ledger[name].value)


def _is_other_share(name: str, stated: Stated, text: str) -> bool:
    """A share of the fall, or one that stands beside the number's own word: ``55 % mix``."""
    claim = stated.claim
    if claim.unit not in ("percent", "fraction"):
        return False
    if claim.is_share or EXPLAINS.search(text, max(0, claim.start - NEAR), claim.start):
        return True
    word = "|".join(map(re.escape, sorted(_topics(name)))) or "(?!)"
    behind = re.compile(rf"\s*(?:(?:is|are|was|were)\s+)?(?:the\s+|channel\s+)?(?:{word})\b", re.IGNORECASE)
    before = re.compile(rf"\b(?:{word})\s*(?:is|was|=|:)?\s*$", re.IGNORECASE)
    is_beside = behind.match(text, claim.end) or before.search(text[: claim.start])
    return bool(is_beside) and not any(TIMES.intersection(one.split("_")) for one in stated.names)


def _topics(name: str) -> set[str]:
    """What a ledger number is about: ``mix`` of ``mix_share_percent``."""
    return set(name.split("_")) - PLAIN
