"""Whether the data has to bear a number out, or the memo plans or supposes it."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import lru_cache

from casekit.judge.memo.claims import Claim
from casekit.judge.memo.shares import FALL

__all__ = ["excused"]

ABOUT = re.compile(
    r"(?:\b(?:about|roughly|around|nearly|almost|some|approx(?:imately|\.)?|circa|ca?\.|close to|near|"
    r"(?:just|slightly|a (?:little|bit)|well) (?:over|under|above|below)|(?:of the|the) order of)|[~≈])"
    r"\s*(?:the\s+|a\s+)?$",
    re.IGNORECASE,
)
ABOUT_AFTER = re.compile(r"\s*(?:-?ish\b|or so\b)", re.IGNORECASE)
BOUND = re.compile(
    r"(?:>=|<=|(?<![-=])[<>≥≤]|\b(?:at least|at most|below|under|above|over|exceed(?:s|ing)?|up to|within|"
    r"until|hits?|(?:less|more|fewer|better|worse) than|back (?:to|at|above|over)|return(?:s|ed)? to|"
    r"reach(?:es)?|(?:min(?:imum)?|max(?:imum)?)\.?(?: of)?|(?:targets?|threshold|floor|limit)(?: of)?|"
    r"capp?e?d?(?: at)?|stays?(?: at)?))"
    r"\s*:?\s*(?:the\s+|a\s+)?(?:[a-z]+\s+)?$",
    re.IGNORECASE,
)
PLAN = re.compile(
    r"\b(?:guard-?rails?|thresholds?|targets?|goals?|gates?|gated|gating|triggers?|alerts?|alarms?|canary|"
    r"staged|ramp|stages?|tripwire|stop[- ]rule|budget cap)\b|\b(?:stop|pause|halt|revert|hold|roll(?:ed|"
    r"ing)? back|escalate|alert|unless)\b[^;]{0,60}\b(?:if|when|once)\b",
    re.IGNORECASE,
)
SUPPOSED = re.compile(
    r"\b(?:hypothe\w*|guess\w*|illustrat\w*|extrapolat\w*|placeholder|would|could(?! have)|expect\w*|"
    r"forecast\w*|project(?:ed|ion|ions)|aim\w*)\b",
    re.IGNORECASE,
)
AT_THIS_RATE = re.compile(r"\bat (?:this|the current) (?:rate|pace)\b", re.IGNORECASE)
ASSUMED = re.compile(r"\bassum\w*\b\W*", re.IGNORECASE)
CALLED_ASSUMED = re.compile(
    r"\s*(?:[a-z]+\s+){0,4}(?:is|are)\s+(?:\w+\s+)?(?:assumed|(?:an?|our|my)\s+assumption)\b"
    r"|\s*[,(]\s*(?:an?\s+|our\s+)?assum(?:ed|ption)\b(?!\s*(?::|that|of))",
    re.IGNORECASE,
)
PARTS = re.compile(r"[;()]|,(?!\d)|\s[-–—]\s|\b(?:if|assum\w*|because|since)\b\W*", re.IGNORECASE)
CONDITION = re.compile(
    r"\b(?:if|unless|once|until(?!\s+(?:the\s+)?(?:end of\s+)?(?:#|now\b|today\b|(?:january|february|march|"
    r"april|may|june)\b)))\b(?P<then>[^;]{0,80})$",
    re.IGNORECASE,
)
COST_SO_FAR = re.compile(r",(?!\d).*\b(?:costs?|lost|loss)\b", re.IGNORECASE)
WHOLE = 100.0


def excused(claim: Claim, text: str) -> Claim:
    """
    *claim*, no longer hard where it is a threshold, a target, an assumption or simply all or nothing.

    A share "of the fall" is always a statement about the data, whatever stands before it.
    """
    before = text[max(0, claim.start - 48) : claim.start]
    is_about = claim.is_about or bool(ABOUT.search(before) or ABOUT_AFTER.match(text, claim.end))
    is_share = FALL.match(text, claim.end) is not None
    if _is_supposed(text, claim):
        return replace(claim, is_hard=False, is_about=is_about, is_share=is_share)
    is_bound = BOUND.search(before) is not None
    if is_share:
        return replace(claim, is_about=is_about or is_bound, is_share=True)
    is_planned = is_bound or _is_planned(_clause(text, claim.start)) or bool(_condition(text, claim.start))
    is_all = claim.unit == "percent" and claim.values[0].value in (0.0, WHOLE)
    return replace(claim, is_hard=claim.is_hard and not (is_planned or is_all), is_about=is_about)


def _condition(text: str, start: int) -> bool:
    """True behind an ``if``; what it cost is a statement again: ``if cards had passed, we lost ...``."""
    hit = CONDITION.search(text[max(0, start - 100) : start])
    return hit is not None and COST_SO_FAR.search(hit["then"]) is None


def _clause(text: str, start: int) -> str:
    end = text.find(";", start)
    return text[text.rfind(";", 0, start) + 1 : end if end >= 0 else len(text)]


def _is_supposed(text: str, claim: Claim) -> bool:
    """True when a word of supposing stands in the number's own part of the sentence, not merely near it."""
    if AT_THIS_RATE.search(text):
        return True
    assumed = [hit.end() for hit in ASSUMED.finditer(text, 0, claim.start)]
    if assumed and PARTS.search(text, assumed[-1], claim.start) is None:
        return True
    if CALLED_ASSUMED.match(text, claim.end):
        return True
    left, right = _part(text, claim.start, claim.end)
    return SUPPOSED.search(text, left, right) is not None


def _part(text: str, start: int, end: int) -> tuple[int, int]:
    cuts = list(PARTS.finditer(text))
    left = max((hit.end() for hit in cuts if hit.end() <= start), default=0)
    right = min((hit.start() for hit in cuts if hit.start() >= end), default=len(text))
    return left, right


@lru_cache(maxsize=256)
def _is_planned(clause: str) -> bool:
    return PLAN.search(clause) is not None
