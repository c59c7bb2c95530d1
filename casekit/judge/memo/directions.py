"""Numbers told the wrong way round: rose for fell, after for before, the new version's for the old one's."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from casekit.judge.memo.claims import Claim
from casekit.model.results import LedgerNumber

__all__ = ["Found", "turned_round"]

Found = tuple[Claim, frozenset[str]]

UP = r"\b(?:rose|risen|grew|grown|increased|improved|gained|climbed|went up|is up|are up|was up|jumped)"
DOWN = r"\b(?:fell|fallen|dropped|declined|decreased|lost|slid|sank|went down|is down|are down|slumped)"
ABOUT = r"(?:\s+(?:by|about|roughly|around|nearly|almost|some|only|-|a|the))*\s*[-−~]?$"
UP_BY, DOWN_BY = (re.compile(words + ABOUT, re.IGNORECASE) for words in (UP, DOWN))
UP_FROM, DOWN_FROM = (
    re.compile(words + r"(?:\s+\w+){0,3}?\s+(?:from|to)" + ABOUT, re.IGNORECASE) for words in (UP, DOWN)
)
PLUS = re.compile(r"(?<![\w+/-])\+\s?$")
TO = re.compile(r"\s*(?:[-–—=]+>|→|(?:down |up )?to)\s*(?:about\s+|only\s+)?", re.IGNORECASE)
FROM = re.compile(r"\s*(?:up |down )?from\s*", re.IGNORECASE)
RECOVERS = re.compile(
    r"\b(?:back|restor\w*|recover\w*|regain\w*|return\w*|again|target|goal|bring\w*|lift\w*|raise|would|will|"
    r"should|must|aim\w*)\b",
    re.IGNORECASE,
)
LOSSES = re.compile(
    r"\b(?:loss(?:es)?|lost|gap|fall|drop|decline|fault|failures?|errors?|costs?|damage|difference|dip)\b",
    re.IGNORECASE,
)
DECLINES = frozenset({"fall", "drop", "decline", "loss", "lost", "decrease"})
NEW = (
    r"(?:(?:the\s+)?(?:new|newest|latest)\b|"
    r"(?:the\s+)?(?:android\s+|version\s+|release\s+)?v?\d+\.\d+(?:\.\d+)?)"
)
OLD = r"(?:(?:the\s+|all\s+)?(?:other|older|old|earlier|previous|former)\b)"
LINKS = r"(?:\s+(?:cards?|payments?|success|rates?|is|was|only|just|it|stands|at|of|about))*"
ON = r"(?:on|in|with|for|under)"
SIDES = {"new": NEW, "old": OLD}
AFTER_IT, NEAR_IT, BEFORE_IT = (
    {side: re.compile(shape.replace("SIDE", words), re.IGNORECASE) for side, words in SIDES.items()}
    for shape in (
        rf"\s*(?:of\s+\w+\s+(?:\w+\s+){{0,2}})?{ON}\s+SIDE(?!\s+(?:off|removed|excluded))",
        rf"[^,;:\d]{{0,40}}?\b{ON}\s+SIDE",
        rf"(?P<lead>^|.)\s*\b{ON}\s+SIDE(?:\s+versions?|\s+kit|\s+release)?[,:]?{LINKS}\s*$",
    )
)


def turned_round(text: str, found: Sequence[Found], ledger: Mapping[str, LedgerNumber]) -> frozenset[int]:
    """
    Which of a sentence's numbers have the right size and the wrong direction, order or side.

    Args:
        text: The sentence.
        found: Its numbers in order, each with the ledger names it agrees with.
        ledger: The computed numbers.
    """
    turned = {
        at
        for at, one in enumerate(found)
        if _has_wrong_sign(text, one, ledger) or _is_on_wrong_side(text, one)
    }
    for at in range(len(found) - 1):
        if _is_wrong_order(text, found[at], found[at + 1]):
            turned |= {at, at + 1}
    return frozenset(turned)


def _has_wrong_sign(text: str, one: Found, ledger: Mapping[str, LedgerNumber]) -> bool:
    claim, names = one
    before = _clause_before(text, claim.start)
    signs = {_sign(ledger[name]) for name in names}
    if not claim.is_hard or not signs or 0 in signs or LOSSES.search(before):
        return False
    if PLUS.search(before) or UP_BY.search(before):
        return signs == {-1}
    return DOWN_BY.search(before) is not None and signs == {1}


def _sign(number: LedgerNumber) -> int:
    """1 for what rose, -1 for what fell, 0 for what is no change."""
    words = number.name.split("_")
    if DECLINES.intersection(words):
        return -1
    if (number.unit != "pp" and "change" not in words) or "gap" in words or not number.value:
        return 0
    return 1 if number.value > 0 else -1


def _is_wrong_order(text: str, left: Found, right: Found) -> bool:
    """True for ``from 11 to 14`` where it was 14 before, and for ``rose from 14 to 11``."""
    joint = text[left[0].end : right[0].start]
    is_back = FROM.fullmatch(joint) is not None
    if not (is_back or TO.fullmatch(joint)) or not (left[0].is_hard and right[0].is_hard):
        return False
    first, second = (right, left) if is_back else (left, right)
    before = _clause_before(text, left[0].start)
    if RECOVERS.search(before) or left[0].unit != right[0].unit:
        return False
    start, end = first[0].values[0].value, second[0].values[0].value
    if (UP_FROM.search(before) and end < start) or (DOWN_FROM.search(before) and end > start):
        return True
    was, became = first[1], second[1]
    return bool(_stems(was, "after") & _stems(became, "before")) and not (
        _stems(was, "before") & _stems(became, "after")
    )


def _stems(names: frozenset[str], word: str) -> frozenset[str]:
    return frozenset(name.replace(f"_{word}_", "_") for name in names if f"_{word}_" in name)


def _is_on_wrong_side(text: str, one: Found) -> bool:
    """True for ``86 % on the new version`` where 86 is the old one's."""
    claim, names = one
    sides = {side for side in SIDES for name in names if side in name.split("_")}
    if not claim.is_hard or len(sides) != 1:
        return False
    other = "old" if "new" in sides else "new"
    here = sides.pop()
    if NEAR_IT[here].match(text, claim.end):
        return False
    if AFTER_IT[other].match(text, claim.end):
        return True
    before = text[max(0, claim.start - 60) : claim.start]
    led = BEFORE_IT[other].search(before)
    is_anothers = led is not None and (led["lead"].isdigit() or led["lead"] == "%")
    return led is not None and not is_anothers and BEFORE_IT[here].search(before) is None


def _clause_before(text: str, at: int) -> str:
    return re.split(r"[;:]|,(?!\d)|\s[-–—]\s", text[max(0, at - 120) : at])[-1]
