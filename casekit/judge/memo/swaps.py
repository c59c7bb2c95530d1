"""Shares pinned on the wrong cause: `70 % of the fall is Android` where 70 % is the mix."""

from __future__ import annotations

import re
from collections.abc import Mapping
from itertools import pairwise

from casekit.judge.memo.ledger import Numbers, Stated
from casekit.judge.memo.phrases import has_phrase, plain_words
from casekit.judge.memo.text import Memo
from casekit.model.keys import RubricLine
from casekit.model.results import LedgerNumber

__all__ = ["TURNED", "clause_of", "find_swap", "mentions"]

STRONG = re.compile(r";|:|\s-\s|[–—]|\b(?:while|whereas|but|against|versus|vs)\b")
WEAK = re.compile(r",(?!\d)|\band\b")
EXPLAINS = re.compile(
    r"\b(?:explain|account|caus|due|because|come|came|driv|stem|from|responsible|contribut|is|are|was|were)"
)
TURNED = re.compile(
    r"\b(?:not|no|nothing|none|never|without|outside|other than|rather|instead|unrelated|except|besides|"
    r"only|beyond|apart|elsewhere|neither|nor|despite|although|even)\b|n't\b"
)
RATES = frozenset({"percent", "pp"})


def find_swap(
    memo: Memo, numbers: Numbers, rubric: tuple[RubricLine, ...], ledger: Mapping[str, LedgerNumber]
) -> Stated | None:
    """
    The first share of the fall that belongs to one line of the rubric and is said of another.

    Only plain cases count: the number is called a share of the fall, its clause names another line's
    subject and not its own, nothing in the clause turns it round, and no clause gets it right.
    """
    lines = [line for line in rubric if line.concepts and any(ledger[n].unit in RATES for n in line.numbers)]
    for line in lines:
        others = [other for other in lines if other is not line]
        found = [stated for stated in numbers.stated if stated.names.intersection(line.numbers)]
        clauses = [clause_of(memo.sentences[stated.at].text, stated) for stated in found]
        if any(mentions(line, clause) for clause in clauses):
            continue
        for stated, clause in zip(found, clauses, strict=True):
            if _is_said(stated, clause) and any(mentions(other, clause) for other in others):
                return stated
    return None


def mentions(line: RubricLine, clause: str) -> bool:
    """True when *clause* holds a synonym of any of the line's concepts."""
    return any(has_phrase(synonyms, clause) for synonyms in line.concepts)


def _is_said(stated: Stated, clause: str) -> bool:
    """True when the clause plainly says that its subject is this share of the fall."""
    is_share = stated.claim.is_share and stated.claim.unit in ("percent", "fraction")
    return is_share and TURNED.search(clause) is None and EXPLAINS.search(clause) is not None


def clause_of(sentence: str, stated: Stated) -> str:
    """The words that go with the number: parts without a number of their own join the part before."""
    start, end = _around(STRONG, sentence, 0, len(sentence), stated.claim.start)
    cuts = [start, *(hit.start() for hit in WEAK.finditer(sentence, start, end)), end]
    parts = [(left, right) for left, right in pairwise(cuts) if left < right]
    joined: list[list[int]] = []
    for left, right in parts:
        has_number = any(char.isdigit() for char in sentence[left:right])
        if joined and not (has_number and any(map(str.isdigit, sentence[joined[-1][0] : joined[-1][1]]))):
            joined[-1][1] = right
        else:
            joined.append([left, right])
    own = next((part for part in joined if part[0] <= stated.claim.start < part[1]), [start, end])
    return plain_words(sentence[own[0] : own[1]])


def _around(pattern: re.Pattern[str], text: str, start: int, end: int, at: int) -> tuple[int, int]:
    for hit in pattern.finditer(text, start, end):
        if hit.end() <= at:
            start = hit.end()
        elif hit.start() >= at:
            return start, hit.start()
    return start, end
