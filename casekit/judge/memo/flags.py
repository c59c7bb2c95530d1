"""Red flags: claims that cost points wherever they stand."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from casekit.judge.memo.phrases import is_negated
from casekit.judge.memo.text import Memo, Sentence
from casekit.model.keys import RedFlag

__all__ = ["Raised", "raised_flags"]


PARTS = re.compile(r"[,;:](?!\d)|\s[-–—]\s|[()|]")


@dataclass(frozen=True)
class Raised:
    """A red flag and the sentence that raised it."""

    flag: RedFlag
    sentence: Sentence


def raised_flags(memo: Memo, flags: tuple[RedFlag, ...]) -> list[Raised]:
    """Each flag the memo raises, once, the dearest first."""
    raised = []
    for flag in flags:
        sentence = next((one for one in memo.sentences if _is_raised(flag, one)), None)
        if sentence is not None:
            raised.append(Raised(flag, sentence))
    return sorted(raised, key=lambda one: -one.flag.penalty)


def _is_raised(flag: RedFlag, sentence: Sentence) -> bool:
    """True when a pattern hits that is neither asked, nor negated, nor taken back in the same sentence."""
    text = sentence.text
    if text.rstrip("\"') ").endswith("?") or not _is_meant(flag.patterns, text):
        return False
    return not any(_compiled(pattern).search(text) for pattern in flag.unless)


def _is_meant(patterns: tuple[str, ...], text: str) -> bool:
    """True when a pattern hits inside one of the sentence's parts; a comma, a colon or a dash ends a part."""
    return any(
        not is_negated(part.casefold(), hit.start())
        for part in PARTS.split(text)
        for pattern in patterns
        for hit in _compiled(pattern).finditer(part)
    )


@lru_cache(maxsize=512)
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.IGNORECASE)
