"""Whether a sentence takes back what it says: not, never, stop the, would be a mistake."""

from __future__ import annotations

import re

__all__ = ["clause_around", "is_denied"]

BOUNDARY = re.compile(
    r"[;:!?()|]|,(?!\d)|\s[-–—]+\s|\b(?:and|but|so|because|while|whereas|then|yet|since|although)\b"
)
NEGATIVE = r"(?:\b(?:not|never|no|nobody|none|nothing|cannot|neither|nor|against)\b|n't\b)"
NEGATED = re.compile(rf"{NEGATIVE}(?P<between>(?:\s+\S+){{0,7}}?)\s*$")
NEW_SUBJECT = re.compile(
    r"^(?!\W*(?:think|believe|see|feel|recommend|suggest|want|propose|agree|say|advise)\b)"
    r"(?:.*(?<!should)(?<!must)(?<!shall)(?<!can)(?<!do)(?<!will))\s(?:we|please|let's)\b"
)
HARMLESS = frozenset(
    """only just merely simply wait hesitate delay longer later sooner alternative choice but doubt question
    excuse time shy""".split()  # noqa: SIM905 - a list of words reads best as words
)
HINDERED = re.compile(
    r"\b(?:avoid\w*|oppos\w*|reject\w*|refus\w*|delay\w*|postpon\w*|defer\w*|cancel\w*|forget|skip|veto\w*|"
    r"dismiss\w*|resist\w*|stop|halt|before|until|instead of|rather than|without)"
    r"(?:\s+(?!(?:by|via|through|with|using)\b)[\w.'-]+){0,2}\s+$"
)
WRONG = (
    r"\b(?:wrong|mistake|premature|unnecessary|error|bad idea|too early|too risky|pointless|needless|"
    r"overreaction|folly)"
)
WRONG_TO = re.compile(rf"{WRONG}\s+to\s+(?:\w+\s+)?$")
WRONG_NOT_TO = re.compile(rf"{WRONG}\s+not\s+to\s+(?:\w+\s+)?$")
DOUBTED = re.compile(
    r"(?:\s+(?!(?:because|as|which|that|whose|where|until|if|when|before|to|on|by)\b)[\w.'%-]+){0,5}?\s+"
    r"(?:is|are|was|were|be|would|will|wo|can|ca|could|should|must|may|might|makes?|does|seems?|looks?)(?:"
    r"(?:n't|\s+(?:not|never))(?!\s+(?:be\s+)?(?:wait|delay|postpone|later|hesitate|only|just))|"
    r"(?:\s+(?!(?:because|as|which|that|until|if|when|before|only|to)\b)[\w'-]+){0,3}?\s+(?:mistake|wrong|"
    r"error|premature|unnecessary|needless|overreaction|pointless|unjustified|too (?:early|risky)|"
    r"no (?:sense|use|option|answer|need|solution|good)|bad idea|not needed|off the table|"
    r"out of the question|wait)\b(?<!not wait)(?<!cannot wait)(?<!n't wait))"
)
OF_THE_CURE = re.compile(
    r"\W+(?:(?:the|any|a|our|this|that|all|planned|proposed|android|5\.2|5\.2\.0|of)\W+){0,3}"
    r"(?:roll-?\s?backs?|rolling|revert\w*|withdraw\w*|hot-?fix\w*)\b"
)


REACH = 120


def is_denied(plain: str, start: int, end: int) -> bool:
    """
    True when what stands from *start* to *end* is negated, hindered or called wrong in its own clause.

    "We must not roll back", "stop the rollback" and "rolling back would be a mistake" are denials; "do not
    wait to roll back" and "not checkout: roll back" are none.
    """
    left, right = _bounds(plain, start, end)
    before, after = plain[left:start], plain[end:right]
    if WRONG_NOT_TO.search(before):
        return False
    if _is_negated(before) or WRONG_TO.search(before) or HINDERED.search(before[-REACH:]):
        return True
    return DOUBTED.match(after) is not None or OF_THE_CURE.match(after) is not None


def clause_around(plain: str, start: int, end: int) -> tuple[str, str, str]:
    """The clause that holds *start* to *end*: the words before, those between, and the words after."""
    left, right = _bounds(plain, start, end)
    return plain[left:start], plain[start:end], plain[end:right]


def _is_negated(before: str) -> bool:
    hit = NEGATED.search(before[-REACH:])
    if hit is None:
        return False
    between = hit["between"]
    return not HARMLESS.intersection(between.split()) and NEW_SUBJECT.match(between) is None


def _bounds(plain: str, start: int, end: int) -> tuple[int, int]:
    left = max((hit.end() for hit in BOUNDARY.finditer(plain, 0, start)), default=0)
    following = BOUNDARY.search(plain, end)
    return left, following.start() if following else len(plain)
