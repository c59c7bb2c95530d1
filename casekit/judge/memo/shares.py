"""Shares and numbers in words: two thirds, 7 in 10, seventy percent."""

from __future__ import annotations

import re
from collections.abc import Iterator

from casekit.judge.memo.claims import Claim, Reading

__all__ = ["FALL", "spoken_numbers"]

FALL = re.compile(
    r"\s*[),]?\s*(?:of|in)\s+(?:(?:the|this|that|our|all)\s+)?(?:[a-z-]+\s+){0,2}?"
    r"(?:fall|drop|decline|decrease|loss|dip|gap|change|movement|shortfall|difference|slump|damage|"
    r"problem)\b",
    re.IGNORECASE,
)
ONES = dict(
    zip(
        ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"],
        range(1, 13),
        strict=True,
    )
)
TENS = dict(
    zip(
        ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"],
        range(20, 100, 10),
        strict=True,
    )
)
PARTS = {"half": 2, "halve": 2, "third": 3, "quarter": 4, "fifth": 5, "sixth": 6, "tenth": 10}
ONE = "|".join(ONES)
TEN = "|".join(TENS)
IN_WORDS = re.compile(
    rf"\b(?:(?P<ten>{TEN})(?:[- ](?P<one>{ONE}))?|(?P<small>{ONE}))\s+"
    r"(?P<unit>percentage[\s-]points?|pp\b|percent\b|per[\s-]cent\b)",
    re.IGNORECASE,
)
IN_PARTS = re.compile(
    rf"\b(?P<count>an?|{ONE}|\d)[\s-]+(?P<part>thirds?|quarters?|fifths?|sixths?|tenths?)\b"
    r"(?!\s*(?:causes?|reasons?|steps?|part(?:y|ies)|drivers?|points?|options?|issues?|effects?|"
    r"of\s+(?:april|march)))"
    r"|(?<!first )(?<!second )\b(?P<half>half)\b(?![\s-]+(?:an?\b|days?|hours?|years?|way))"
    r"|(?<![\w/.,#])(?P<over>[1-9])/(?P<under>[2-9]|1[02])(?![\w/%]|[.,]\d|\s*%)"
    rf"|\b(?P<some>{ONE}|[1-9])\s+(?:in|out of)\s+(?:every\s+)?(?P<of>ten|four|five|three|10|[3-5])\b",
    re.IGNORECASE,
)


def spoken_numbers(text: str) -> Iterator[Claim]:
    """Every number or share that *text* spells out."""
    for hit in IN_WORDS.finditer(text):
        value = float(_ones(hit["small"]) if hit["small"] else TENS[hit["ten"].lower()] + _ones(hit["one"]))
        unit = "pp" if hit["unit"].lower().startswith(("pp", "percentage")) else "percent"
        coarse = 0.5 if value % 10 else 5.0
        yield Claim(hit.start(), hit.end(), hit[0], unit, (Reading(value, 0.5, coarse),), is_about=True)
    for hit in IN_PARTS.finditer(text):
        share = _share(hit)
        if 0 < share < 1:
            is_hard = FALL.match(text, hit.end()) is not None
            readings = (Reading(100 * share, 5.0, 5.0),)
            yield Claim(hit.start(), hit.end(), hit[0], "fraction", readings, is_hard=is_hard, is_about=True)


def _share(hit: re.Match[str]) -> float:
    if hit["half"]:
        return 0.5
    if hit["part"]:
        return _ones(hit["count"]) / PARTS[hit["part"].lower().removesuffix("s")]
    if hit["over"]:
        return int(hit["over"]) / int(hit["under"])
    return _ones(hit["some"]) / _ones(hit["of"])


def _ones(word: str | None) -> int:
    if word is None:
        return 0
    if word.isdigit():
        return int(word)
    return ONES.get(word.lower(), 1)
