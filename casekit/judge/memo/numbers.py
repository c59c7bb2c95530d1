"""The numbers a sentence states: value, unit, how exactly, and whether the data has to bear them out."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from functools import lru_cache

from casekit.judge.memo.claims import Claim, merged, readings
from casekit.judge.memo.excuses import excused
from casekit.judge.memo.masks import blank_out
from casekit.judge.memo.shares import spoken_numbers

__all__ = ["read_numbers"]

GROUPED = r"\d{1,3}(?:[ ,.']\d{3})+(?:[.,]\d{1,4})?(?!\d)"
CURRENCY = r"€|\$|£|EUR|USD|GBP"
SCALES = {"k": 1e3, "thousand": 1e3, "tsd": 1e3, "m": 1e6, "mn": 1e6, "mio": 1e6, "million": 1e6, "bn": 1e9}
POINTS = r"(?:percentage|percent|pct|%)[\s.-]?points?|ppts?\b|pps?\b|p\.\s?p\.|%p\b"
UNIT_WORDS = (
    ("pp", POINTS),
    ("bp", r"bps?\b|basis\spoints?"),
    ("percent", r"%|percent\b|per[\s-]cent\b|pct\b|pc\b"),
    ("eur", r"€|EUR\b|euros?\b"),
    ("money", r"\$|£|USD\b|GBP\b|dollars?\b|pounds?\b"),
    ("times", r"x\b|×|times\b|-?fold\b"),
    ("hours", r"-?\s?(?:h|hrs?|hours?|min|mins|minutes?|s|secs?|seconds?)\b"),
    ("days", r"-?\s?(?:d|days?)\b"),
    ("time", r"-?\s?(?:weeks?|wks?|months?|quarters?|years?|sprints?)\b"),
)
GLUE = r"(?!(?:of|in|per|for|by|to|at|before|after|and|or|on|with|from|than|is|are|was|were|vs|times)\b)"
SMALL_COUNT = 10
PLAIN_STEP = 0.5

JOINS = re.compile(
    r"\s*(?:to|and|or|vs\.?|versus|against|compared (?:to|with)|down to|up to|[-–—/,|]|→|[-=]?>)\s*"
)
LISTS = re.compile(r"\s*(?:and|or|,)\s*")
RANGES = re.compile(r"\s*(?:-|–|—|to|and)\s*")
FROM = re.compile(r"\bfrom\s+[^\d]{0,12}$", re.IGNORECASE)
MAX_RANGE_RATIO = 2.0


def read_numbers(text: str, nouns: Iterable[str]) -> list[Claim]:
    """
    Every number in one sentence, in order.

    Args:
        text: The sentence.
        nouns: What the case counts besides percent, points and money, for example ``orders``.
    """
    bare = blank_out(text)
    found = [_claim(hit, bare) for hit in _pattern(tuple(sorted(nouns))).finditer(bare)]
    claims = _with_shared_units([claim for claim in found if claim is not None], bare)
    claims = [claim for claim in _with_ranges(claims, bare) if not _is_small_count(claim)]
    spoken = list(spoken_numbers(text))
    covered = {place for one in spoken for place in range(one.start, one.end)}
    claims = [claim for claim in claims if claim.end - 1 not in covered] + spoken
    return [excused(claim, bare) for claim in sorted(claims, key=lambda claim: claim.start)]


@lru_cache(maxsize=64)
def _pattern(nouns: tuple[str, ...]) -> re.Pattern[str]:
    words = [rf"(?P<u_{unit}>{pattern})" for unit, pattern in UNIT_WORDS]
    counted = "|".join(re.escape(noun.removesuffix("s")) + "s?" for noun in nouns) or "(?!)"
    words.append(rf"(?:{GLUE}[a-z]{{2,15}}[\s-]){{0,2}}\(?(?P<noun>{counted})\b")
    scales = "|".join(sorted(SCALES, key=len, reverse=True))
    return re.compile(
        rf"(?<![\w#])(?:(?P<currency>{CURRENCY})\s?)?(?<![\w#][.,])(?P<number>{GROUPED}|\d+(?:[.,]\d+)?|"
        rf"[.]\d+)"
        rf"(?:\s?(?P<scale>{scales})(?![a-z]))?(?P<gap>[\s-]?)(?:{'|'.join(words)})?",
        re.IGNORECASE,
    )


def _claim(hit: re.Match[str], text: str) -> Claim | None:
    unit = _unit(hit)
    has_word = any(hit[name] for name in ("noun", *(f"u_{unit}" for unit, _ in UNIT_WORDS)))
    end = hit.end() if has_word else max(hit.end("number"), hit.end("scale"))
    is_cut = text[end : end + 1].isalnum() and not unit
    if is_cut or unit in ("hours", "time"):
        return None
    factor = SCALES[hit["scale"].lower()] if hit["scale"] else 1.0
    values = readings(hit["number"], factor / 100 if unit == "bp" else factor)
    if not values:
        return None
    is_hard = unit not in ("", "times", "days") and not (hit["noun"] and values[0].value < SMALL_COUNT)
    return Claim(
        hit.start(), end, text[hit.start() : end], "pp" if unit == "bp" else unit, values, is_hard=is_hard
    )


def _unit(hit: re.Match[str]) -> str:
    if hit["currency"]:
        return "eur" if hit["currency"].upper() in ("€", "EUR") else "money"
    if hit["noun"]:
        return hit["noun"].lower().removesuffix("s") + "s"
    return next((unit for unit, _ in UNIT_WORDS if hit[f"u_{unit}"]), "")


def _is_small_count(claim: Claim) -> bool:
    """A bare number below ten, such as the 3 of ``3 causes``."""
    return not claim.unit and claim.values[0].value < SMALL_COUNT and claim.values[0].step == PLAIN_STEP


def _with_shared_units(claims: list[Claim], text: str) -> list[Claim]:
    """``from 14.2 to 11.2 %``: the first number takes the unit of the second, and ``€20-30k`` the scale."""
    shared = list(claims)
    for at in reversed(range(len(shared) - 1)):
        left, right = shared[at], shared[at + 1]
        joint = text[left.end : right.start]
        if not JOINS.fullmatch(joint):
            continue
        if not left.unit and right.unit not in ("", "times", "days"):
            is_hard = right.is_hard and not LISTS.fullmatch(joint)
            shared[at] = left = replace(left, unit=right.unit, is_hard=is_hard)
        elif left.unit in ("eur", "money") and not right.unit and not LISTS.fullmatch(joint):
            shared[at + 1] = right = replace(right, unit=left.unit, is_hard=True)
        shared[at] = _same_scale(left, right)
    return shared


def _same_scale(left: Claim, right: Claim) -> Claim:
    """*left* in thousands or millions when only *right* says so."""
    scale = next((word for word in SCALES if re.search(rf"\d\s?{word}\b", right.text, re.IGNORECASE)), "")
    if not scale or left.unit != right.unit or re.search(r"\d\s?[a-zA-Z]", left.text):
        return left
    if left.values[0].value >= right.values[0].value:
        return left
    return replace(left, values=tuple(reading.times(SCALES[scale]) for reading in left.values))


def _with_ranges(claims: list[Claim], text: str) -> list[Claim]:
    """``€20k-30k`` becomes one claim; ``from 14.2 to 11.2 %`` stays two."""
    kept: list[Claim] = []
    for claim in claims:
        if kept and _is_range(kept[-1], claim, text):
            low = kept.pop()
            kept.append(merged(low, claim, text[low.start : claim.end]))
        else:
            kept.append(claim)
    return kept


def _is_range(low: Claim, high: Claim, text: str) -> bool:
    if not low.unit or low.unit != high.unit or low.upper:
        return False
    if not RANGES.fullmatch(text[low.end : high.start]):
        return False
    before = text[max(0, low.start - 24) : low.start].lower()
    if "and" in text[low.end : high.start] and "between" not in before:
        return False
    if FROM.search(before) and low.unit != "eur":
        return False
    return low.values[0].value < high.values[0].value <= MAX_RANGE_RATIO * low.values[0].value
