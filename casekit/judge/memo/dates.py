"""Whether a sentence says by when."""

from __future__ import annotations

import re

from casekit.judge.memo.text import MONTHS, Sentence

__all__ = ["has_date"]

DEADLINE = re.compile(
    r"\b(?:(?:mon|tues|wednes|thurs|fri|satur|sun)days?|today|tonight|tomorrow|immediately|right away|"
    r"straight away|at once|asap|eod|eow|cob|this (?:morning|afternoon|evening|week)|next (?:week|month|"
    r"sprint|release)|(?:by |before |at )?(?:noon|midday|midnight|lunch)|(?:end|close) of (?:the )?(?:day|"
    r"week|month|business)|(?:within|in|under) (?:the next |an? |one |two |three )?(?:\d+ ?)?(?:h|hrs?|"
    r"hours?|days?|weeks?)\b|(?:by|for|from|on|before) (?:mon|tue|wed|thu|fri|sat|sun)\b)"
)
PAST = re.compile(
    r"(?:\b(?:since|from|between|after|before|of|through|until|till|in|and|to|at)|[-–])\s*(?:the\s+)?$"
)
CALENDAR = re.compile(
    rf"\b\d{{4}}-\d{{1,2}}-\d{{1,2}}\b|\b\d{{1,2}}(?:st|nd|rd|th|\.)?\s*(?:of\s+)?{MONTHS}\b|"
    rf"\b{MONTHS}\.?\s+\d{{1,2}}(?:st|nd|rd|th)?\b(?!\s*[%€])|"
    r"(?<![\d.,€/])\b(?:[12]\d|3[01])/(?:0?[1-9]|1[0-2])(?:/(?:20)?\d\d)?(?![\d%.])(?=\s|[,;:)]|$)|"
    r"(?<![\d.,€/])\b(?:0?[1-9]|[12]\d|3[01])\.(?:0?[1-9]|1[0-2])\.(?:(?:20)?\d\d)?(?!\d)"
)
DUE = re.compile(r"\b(?:by|until|before|due|deadline|review|effective)\s*:?\s*(?:the\s+)?$")


def has_date(sentence: Sentence) -> bool:
    """True when the sentence holds a day or a deadline, and not merely since when something happened."""
    plain = sentence.text.casefold()
    if DEADLINE.search(plain):
        return True
    return any(_is_ahead(plain, hit.start()) for hit in CALENDAR.finditer(plain))


def _is_ahead(plain: str, start: int) -> bool:
    before = plain[max(0, start - 24) : start]
    return DUE.search(before) is not None or PAST.search(before) is None
