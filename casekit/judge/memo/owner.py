"""Whether a sentence says who does something."""

from __future__ import annotations

import re

from casekit.judge.memo.dates import has_date
from casekit.judge.memo.text import Sentence

__all__ = ["has_owner"]

PERSON = (
    r"(?:head of [a-z]+|vp(?: of)? [a-z]+|directors?|managers?|leads?|teams?|squads?|guild|crew|engineers?|"
    r"on-?call|analysts?|c[etmfop]o|pm|developers?|devs?|agency|marketers?|buyers? of media|staff)"
)
DEPARTMENT = (
    r"(?:engineering|marketing|growth|finance|ops|operations|product|analytics|support|legal|qa|design|sre|"
    r"data|web analytics|performance marketing|release management|payments engineering)"
)
DOES = (
    r"(?:to|will|must|shall|should|can|owns?|leads?|takes?|does|runs?|fix(?:es)?|ships?|rolls?|disables?|"
    r"reverts?|switch(?:es)?|turns?|backfills?|decides?|reports?|reviews?|signs?|delivers?|monitors?|"
    r"watch(?:es)?|adds?|builds?|sets?|gates?|restores?|releases?|pauses?|cuts?|checks?|confirms?|repairs?|"
    r"deploys?|presents?|brings?|approves?|is responsible|is accountable|responsible|accountable|on it)"
)
NOBODY = (
    r"(?!\s*(?:tbd|tba|tbc|unknown|none|nobody|no one|open|\?|n/a|to be|and\b|date|metric|due|by when|\|))"
)
LABELLED = re.compile(
    rf"\b(?:owners?|dri|responsible|accountable|assignees?|in charge|who|lead)\b\s*(?:[:=|(-]|is\b|are\b)"
    rf"{NOBODY}\s*[a-z@]"
    rf"|\b(?:owned by|assigned to|handed to|in the hands of)\b{NOBODY}\s+[a-z@]"
)
AT_WORK = re.compile(
    rf"\b{PERSON}\b\s*(?:\([^()]{{1,40}}\)\s*)?,?\s*(?:(?:has|have)\s+)?\b{DOES}\b"
    rf"|(?:^|[:;|,.(]\s*|\band\s+|\bthen\s+)(?:the\s+|our\s+)?{DEPARTMENT}\s+(?!to\s+blame){DOES}\b"
)
NOTED = re.compile(
    rf"(?:^|[(\[|:;→@,-]|->|\bby|\bwith|\bask|\bvia|—|–)\s*(?:the\s+|"
    rf"our\s+)?(?:[a-z/&-]+\s+){{0,2}}{PERSON}\b"
    rf"(?:\s*\([^()]{{1,40}}\))?\s*(?:[):,;|.\]]|\b(?:by|on|today|tonight|tomorrow|from|within)\b|—|–|->|→|"
    rf"-|$)"
    rf"|(?:[(\[|@]|^)\s*{DEPARTMENT}\s*(?:[):,|\]]|by\b)"
)
NO_OWNER = re.compile(r"\b(?:no|without an?|lacks an?|needs an?) (?:clear )?owner\b")

NO_NAMES = frozenset(
    """Actions After Also And Android App Assumption At Before But By Calendar Card Cause Causes Channel
    Checkout Conversion Cost Costs Decision Easter Events Everyone Fact Facts Finally First Friday
    From Guardrail Hotfix If In It Its January February March April May June July August September
    October November December Loss Metric Mix Monday Money Next No Nobody Now Numbers On Orders Our
    Owner Owners Paid Payment Payments Plan Problem Rate Recommendation Release Result Risk Risks
    Rollback Saturday Second Sessions Since Social Someone Step Steps Summary Sunday That The Then
    There These They Third This Thursday Today Tomorrow Tracking Traffic Tuesday Uncertainty Version
    Web Wednesday We What Which Why You Your""".split()  # noqa: SIM905 - a list of words reads best as words
)
NAME = r"(?P<name>[A-ZÀ-Þ][a-zà-ÿ]{1,15})(?:\s[A-ZÀ-Þ][a-zà-ÿ]+)?"
NAME_DOES = re.compile(
    rf"\b{NAME}(?:\s*\([^()]{{1,40}}\))?,?\s+(?:owns?|leads|ships|rolls|disables|switches|turns|decides|"
    rf"reports|fixes|"
    r"backfills|repairs|reviews|sets|adds|signs off|mends|takes|gates|(?:will|to|must|should) "
    r"(?:own|lead|ship|fix|roll|disable|switch|turn|decide|report|run|review|repair|mend|take|add|set|gate|"
    r"sign))\b"
)
NAME_ACTS = re.compile(rf"\b{NAME},?\s+(?:[a-z]+s|has|goes)\b")
NAME_NOTED = re.compile(rf"(?:^|[(\[|@]\s*|[-–—]\s+){NAME}(?=\s*[:,)\]|]|\s+(?:by|on|[-–—])\s)")


def has_owner(sentence: Sentence) -> bool:
    """
    True when the sentence names a role or a person and what they do.

    A bare name counts beside a verb of doing; with a date in the sentence also beside any other verb, in
    front of a colon or in brackets.
    """
    plain = sentence.text.casefold()
    if NO_OWNER.search(plain):
        return False
    if any(pattern.search(plain) for pattern in (LABELLED, AT_WORK, NOTED)):
        return True
    if _has_name(NAME_DOES, sentence.text):
        return True
    named = _has_name(NAME_NOTED, sentence.text) or _has_name(NAME_ACTS, sentence.text)
    return named and has_date(sentence)


def _has_name(pattern: re.Pattern[str], text: str) -> bool:
    return any(hit["name"] not in NO_NAMES for hit in pattern.finditer(text))
