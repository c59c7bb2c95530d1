"""Whether the memo opens with the decision that is asked for."""

from __future__ import annotations

import re

from casekit.judge.memo.denials import clause_around, is_denied
from casekit.judge.memo.phrases import find_phrase, has_phrase, plain_words
from casekit.judge.memo.text import Memo, Sentence

__all__ = ["decided_at", "states_decision"]

EMPTY_WORDS = frozenset(
    """a about action also an and any are as asap at away be been being but by can could decision do does
    for from had has have here him his how i if immediately in into is it its just let me monday
    must my need needs no not now of on once our ours please plan propose recommend recommendation
    right should so something soon straight suggest that the their them then there these they thing
    things this those to today tomorrow tonight until up us we what when will with would you your
    tuesday wednesday thursday friday saturday sunday""".split()  # noqa: SIM905 - a list of words reads best as words
)
DETERMINERS = frozenset({"the", "a", "an", "our", "its", "this", "that", "all", "any", "your"})
PASSIVE = re.compile(r"\b(?:be|is|are|been|being|gets?)\s+(?!to\b)[\w\s]{1,24}$")
PREPOSITIONS = frozenset({"within", "before", "after", "during", "over", "under", "through", "via", "first"})
WORD = re.compile(r"[\w.%-]*\w")
KIN = 4


def states_decision(sentence: Sentence, verbs: tuple[str, ...]) -> bool:
    """True when the sentence decides something: one of *verbs*, not denied, and what it is done to."""
    if sentence.text.rstrip("\"') ").endswith("?"):
        return False
    return any(
        not is_denied(sentence.plain, hit.start(), hit.end()) and _has_object(sentence.plain, verb)
        for verb in verbs
        for hit in find_phrase(verb, sentence.plain)
    )


def decided_at(memo: Memo, concepts: tuple[tuple[str, ...], ...]) -> list[int]:
    """
    Indexes of the opening's sentences that decide what *concepts* ask for; none when the last denies it.

    The first inner tuple holds what is done, the others what it is done to; all must meet in one clause, or
    the clause names nothing else and the sentence does.
    """
    places: list[int] = []
    for at, sentence in enumerate(memo.opening):
        asserted, denied = _decisions(sentence, concepts)
        if asserted:
            places.append(at)
        elif denied:
            places = []
    return places


def _decisions(sentence: Sentence, concepts: tuple[tuple[str, ...], ...]) -> tuple[bool, bool]:
    """Whether the sentence decides it, and whether it decides against it."""
    acts, *objects = concepts
    plain = sentence.plain
    is_question = sentence.text.rstrip("\"') ").endswith("?")
    hits = [hit for term in acts for hit in find_phrase(term, plain) if _acts_on(hit, plain, objects)]
    denials = [is_question or is_denied(plain, hit.start(), hit.end()) for hit in hits]
    return not all(denials), any(denials)


def _acts_on(hit: re.Match[str], plain: str, objects: list[tuple[str, ...]]) -> bool:
    before, act, after = clause_around(plain, hit.start(), hit.end())
    if all(has_phrase(synonyms, before + act + after) for synonyms in objects):
        return True
    following = [word for word in WORD.findall(after) if word not in DETERMINERS]
    is_open = not following or following[0] in EMPTY_WORDS | PREPOSITIONS or following[0][0].isdigit()
    if PASSIVE.search(before + act):
        is_open = is_open and not any(word not in EMPTY_WORDS for word in WORD.findall(before))
    return is_open and all(has_phrase(synonyms, plain) for synonyms in objects)


def _has_object(plain: str, verb: str) -> bool:
    """True when words are left besides the verb itself and words that name nothing."""
    kin = {word[:KIN] for word in WORD.findall(plain_words(verb))}
    return any(word not in EMPTY_WORDS and word[:KIN] not in kin for word in WORD.findall(plain))
