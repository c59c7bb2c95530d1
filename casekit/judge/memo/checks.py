"""The lint every memo goes through: a metric with its threshold, a guardrail."""

from __future__ import annotations

import re
from collections.abc import Mapping

from casekit.judge.memo.masks import blank_out
from casekit.judge.memo.phrases import is_negated
from casekit.judge.memo.text import Sentence
from casekit.model.results import LedgerNumber

__all__ = ["MISSING", "has_guardrail", "has_metric"]

MISSING = {
    "owner": "Nobody owns it: name the role or the person who does it.",
    "date": "There is no date: say by when.",
    "metric": "There is no metric with a threshold: say which number, and above or below what.",
    "guardrail": "There is no guardrail: say what would make you stop or roll back.",
}

WORD = re.compile(r"[\w.%-]*\w")
KIN = 4

COMPARED = (
    r"(?:>=|<=|[<>≥≤]|\b(?:at least|at most|below|beneath|under|above|over|exceed(?:s|ing)?|up to|within|"
    r"(?:less|more|fewer|better|worse|lower|higher|greater) than|back (?:to|at|above|over|up to)|"
    r"return(?:s|ing)? to|reach(?:es|ing)?|minimum|maximum|min|max|targets?|thresholds?|floor|limit|cap|"
    r"(?:falls?|drops?|rises?|moves?|deviates?|slips?|dips?|goes|recovers?|stays?|holds?|climbs?)"
    r"(?: back)? (?:by|to|at|of)|"
    r"(?:gates?|gated|roll-?back|roll back|alarms?|alerts?|stops?|triggers?) (?:of|at))\b)"
)
NO_TIME = r"(?!\s*-?\s?(?:h|hrs?|hours?|days?|d|weeks?|months?|minutes?|min|st|nd|rd|th|am|pm)\b)(?![\d:])"
A_NUMBER = rf"[^\n;]{{0,28}}?(?<![\w.])(?:€|eur\s?)?\d+(?:[.,]\d+)*{NO_TIME}"
A_LEVEL = (
    r"\s+(?:the\s+|its\s+|our\s+|their\s+)?(?:[a-z]+\s+){0,2}(?:baseline|benchmark|pre-?\w+|floor|(?:old|"
    r"normal|usual|previous|former|base|march|target) (?:level|rate|value))\b"
)
THRESHOLD = re.compile(rf"{COMPARED}(?:{A_NUMBER}|{A_LEVEL})")
METRICS = re.compile(
    r"\b(?:success|conversion|rates?|costs?|errors?|orders?|revenue|coverage|share|time-?outs?|cp[aoc]|cac|"
    r"roas|metric|kpi|volume|sessions|attempts|failures?|payments?|spend|margin|retention|complaints|"
    r"refunds|traffic|latency|crash\w*|events?)\b"
)

UNTIL = r"(?:if|when|whenever|once|as soon as|below|above|under|over|until|unless)"
HALT = (
    r"(?:stop(?:s|ped)?|pauses?|halts?|reverts?|roll(?:ed|s|ing)? back|roll-?backs?|back out|holds?|freeze|"
    r"cut|pull|switch(?:ed|es)? (?:it )?off|turn(?:ed)? off|disable|escalate|undo|blocks?|abort)"
)
BAND = r"(?:above|below|under|over|at|within|fall|drop|exceed)"
GUARDRAILS = tuple(
    re.compile(pattern)
    for pattern in (
        r"\bguard-?\s?rails?\b|\bunless\b|\bcircuit[- ]breaker\b|\btripwire\b|\bcounter-?metrics?\b",
        r"\bstop[- ](?:rule|loss|condition)s?\b|\bkill[- ]criteri\w+|\bno[- ]go\b|\bgo/no[- ]go\b",
        rf"\b{HALT}\b[^;]{{0,80}}\b{UNTIL}\b",
        rf"\b{HALT}\b (?:\w+ ){{0,3}}at \d|\b(?:else|otherwise)\b[^;]{{0,20}}\b{HALT}\b",
        rf"\b(?:if|when|whenever|once|as soon as)\b[^;]{{3,140}}?(?:[,:→]|->|\bthen\b|\bwe\b|\b{HALT}\b)",
        r"\bshould\s(?:\S+\s){1,5}(?:fall|drop|dip|slip|rise|exceed|go)\b",
        rf"\b(?:do not|don't|only|never|no)\b[^;]{{0,60}}\b(?:{UNTIL}|before|while)\b",
        rf"\b(?:must|may|should) (?:not|never|stay|remain|hold) (?:\w+ ){{0,3}}{BAND}\b",
        r"\bno further (?:roll-?out|release|ramp)\b|\bonly (?:with|at|above|while)\b",
    )
)


def has_metric(sentence: Sentence, ledger: Mapping[str, LedgerNumber]) -> bool:
    """True when the sentence sets a threshold for something that is measured."""
    plain = blank_out(sentence.text).casefold()
    if THRESHOLD.search(plain) is None:
        return False
    if METRICS.search(plain):
        return True
    measured = {word for name in ledger for word in name.split("_")[:-1] if len(word) > KIN}
    return not measured.isdisjoint(WORD.findall(plain))


def has_guardrail(sentence: Sentence) -> bool:
    """True when the sentence says what would make one stop, or what must not get worse."""
    plain = sentence.text.casefold()
    return any(
        not is_negated(plain, hit.start()) for pattern in GUARDRAILS for hit in pattern.finditer(plain)
    )
