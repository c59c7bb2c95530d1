"""Digits that are no measured number: versions, dates, times, ordinals, labels. They are blanked out."""

from __future__ import annotations

import re

from casekit.judge.memo.text import MONTHS

__all__ = ["blank_out"]

NO_UNIT = r"(?!\s*(?:[%€kK]|per\s?cent|pct|pp\b|EUR|eur|percentage|to\b|-\s?\d|and\b|→|,\d))"
COUNTED = r"(?:percent|pp|orders|sessions)\b"
LABELS = r"week|wk|day|step|exhibit|figure|table|sentence|option|phase|priority|no\.|nr\.|ticket|chart|page"
CERTAINTY = r"-?\s*(?:confidence|ci\b|interval|significance|power|sure|certain|confident)"
DAY = r"\d{1,2}(?:st|nd|rd|th|\.)?"
SPAN = rf"{DAY}(?:\s*(?:-|–|to|and|or|,|&)\s*{DAY}){{0,3}}"

MASKS = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        r"\b\d{4}-\d{1,2}-\d{1,2}(?:[T ]\d{1,2}:\d{2}(?::\d{2})?)?",
        r"\b\d{1,2}:\d{2}(?::\d{2})?\b",
        r"\b\d+(?:\.\d+){2,}(?:\.\d{2,4})?",
        r"\b\d{1,2}\.\d{1,2}\.(?!\d)",
        r"\b\d{1,2}/\d{1,2}/\d{2,4}\b",
        r"\b24/7\b",
        rf"\b{SPAN}\s*(?:of\s+)?{MONTHS}\b\.?,?(?:\s+(?:19|20)\d\d\b)?",
        rf"\b{MONTHS}\b\.?\s+{SPAN}(?![\d%€kK.,]*\d|\s*[%€]|\s?{COUNTED})(?:,?\s+(?:19|20)\d\d\b)?",
        rf"\b{MONTHS}\b\.?,?\s+(?:19|20)\d\d\b",
        rf"\b(?:in|of|since|by|until|during|year|from)\s+(?:19|20)\d\d\b(?![\d.,]|\s*[%€]|\s*{COUNTED})",
        r"\b\d+(?:st|nd|rd|th)\b",
        r"\b\d\s?-?D(?:\b|S)",
        rf"\b(?:v|version|release|android|ios|build|app|sdk|python|easter)\.?\s?\d+(?:\.\d+)*\b{NO_UNIT}",
        rf"\b(?:{LABELS})\s?#?\d+\b{NO_UNIT}",
        r"#\d+\b",
        r"\bq[1-4]\b|\bh[12]\b",
        r"(?:±|\+/-|\+-)\s*[€]?\d+(?:[.,]\d+)?\s*(?:%|pp|k|€|EUR|percent|points?)?",
        rf"\b\d{{2}}(?:\.\d)?\s*(?:%|percent|per cent)\s*(?:{CERTAINTY})",
        r"\b(?:19|20)\d\d\b(?=\s*[).;]|$)",
    )
)
DIGIT = re.compile(r"\d")


def blank_out(text: str) -> str:
    """*text*, as long as before, with ``#`` for every digit that belongs to a label or a date."""
    for mask in MASKS:
        text = mask.sub(lambda hit: DIGIT.sub("#", hit[0]), text)
    return text
