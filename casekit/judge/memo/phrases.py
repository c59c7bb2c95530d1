"""Phrases found whatever their ending, spelling or hyphen: `disable` also in `disabling`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

__all__ = ["find_phrase", "has_phrase", "is_negated", "plain_words"]

SPELLINGS = (
    (re.compile(r"(?<=\w{3})is(?=(?:e|ed|es|er|ers|ing|ation|ations)\b)"), "iz"),
    (re.compile(r"(?<=\w{3})ys(?=(?:e|ed|es|er|ers|ing)\b)"), "yz"),
    (re.compile(r"\b(behavi|col|fav|lab|hon)our"), r"\1or"),
    (re.compile(r"\b(cancel|label|model|channel|signal|level|travel)l(?=ed|ing|er|ation)"), r"\1"),
    (re.compile(r"\bprogramme"), "program"),
    (re.compile(r"\bcentre"), "center"),
    (re.compile(r"\bcatalogue"), "catalog"),
)
IRREGULAR = (
    "fall fell fallen",
    "lose lost",
    "hold held",
    "freeze froze frozen",
    "spend spent",
    "buy bought",
    "grow grew grown",
    "rise rose risen",
    "pay paid",
    "break broke broken",
    "shrink shrank shrunk",
    "choose chose chosen",
    "bring brought",
    "hide hidden hid",
    "withdraw withdrew withdrawn",
    "undo undid undone",
    "take took taken",
)
SIBLINGS = {word: group.split() for group in IRREGULAR for word in group.split()}
ENDINGS = "(?:e|es|ed|er|ers|ing|s|y|ies|ied|ment|ments|ion|ions)?"
PARTICLES = frozenset({"back", "off", "out", "down", "up", "over", "on"})
JOINT = r"[\s\-]*(?:(?:the|a|an|our|its|this|that|all|any)\s+)?"
WIDE_JOINT = r"[\s\-]*(?:[\w.,'%/\-]{1,30}\s+){0,5}?"
MIN_ROOT = 3

NEGATION = re.compile(
    r"(?:\b(?:not|never|no|nobody|no one|none|without|avoid|avoiding|cannot|nor|neither|against|instead of|"
    r"rather than)|n't)\s+"
    r"((?:[\w'-]+\s+){0,2})$"
)
HARMLESS = frozenset({"only", "just", "merely", "simply", "wait", "hesitate", "delay", "longer", "later"})


def plain_words(text: str) -> str:
    """*text* in small letters and American spelling."""
    text = text.casefold()
    for pattern, replacement in SPELLINGS:
        text = pattern.sub(replacement, text)
    return text


def find_phrase(term: str, plain: str) -> Iterator[re.Match[str]]:
    """Where *term* occurs in *plain* words, in any of its forms."""
    return _pattern(term).finditer(plain)


def has_phrase(terms: tuple[str, ...], plain: str) -> bool:
    """True when one of *terms* occurs."""
    return any(_pattern(term).search(plain) for term in terms)


def is_negated(plain: str, start: int) -> bool:
    """
    True when a negation stands at most two words before *start*.

    Deliberately short-sighted: a comma or a third word ends its reach.
    """
    negation = NEGATION.search(plain[max(0, start - 60) : start])
    return negation is not None and not HARMLESS.intersection(negation[1].split())


@lru_cache(maxsize=4096)
def _pattern(term: str) -> re.Pattern[str]:
    words = re.split(r"[\s\-]+", plain_words(term).strip(" -"))
    joints = [WIDE_JOINT if len(words) == 2 and word in PARTICLES else JOINT for word in words[1:]]
    body = _word(words[0]) + "".join(
        joint + _word(word) for joint, word in zip(joints, words[1:], strict=True)
    )
    before = r"(?<!\w)" if words[0][:1].isalnum() else ""
    after = r"(?!\w)" if words[-1][-1:].isalnum() else ""
    if words[-1][-1:].isdigit():
        after = r"(?!\d)" if "." in words[-1] else r"(?![.,]?\d)(?!\w)"
    return re.compile(before + body + after)


def _word(word: str) -> str:
    """A regular expression for the forms of one word."""
    if word in SIBLINGS:
        return "(?:" + "|".join(_word_forms(sibling) for sibling in SIBLINGS[word]) + ")"
    return _word_forms(word)


def _word_forms(word: str) -> str:
    if not word.isalpha() or len(word) < MIN_ROOT:
        return re.escape(word)
    root = _root(word)
    doubled = f"(?:{root[-1]}(?:ed|ing|er|ers))" if root[-1] in "bdgmnprt" else ""
    return root + (f"(?:{doubled}|{ENDINGS})" if doubled else ENDINGS)


def _root(word: str) -> str:
    for ending in ("ing", "ed", "es", "s", "e", "y"):
        root = word.removesuffix(ending)
        if root != word and len(root) >= MIN_ROOT and not (ending == "s" and word.endswith("ss")):
            undouble = ending in ("ing", "ed") and root[-1] == root[-2] and root[-1] in "bdgmnprt"
            return root[:-1] if undouble else root
    return word
