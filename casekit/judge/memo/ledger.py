"""The memo's numbers held against the computed ones."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import permutations

from casekit.judge.memo.claims import Claim, Reading
from casekit.judge.memo.directions import Found, turned_round
from casekit.judge.memo.numbers import read_numbers
from casekit.judge.memo.text import Memo
from casekit.model.results import LedgerNumber

__all__ = ["Numbers", "Stated", "check_numbers"]

MAX_NEAR = 8
WITHIN = 0.02
WITHIN_ABOUT = 0.05
NOT_COUNTED = frozenset({"percent", "pp", "eur", "days", "times", "share", "ratio", "x"})
ALWAYS_COUNTED = frozenset({"orders", "sessions"})
CHANGES = frozenset({"change", "relative", "lift", "growth", "share"})
LACKS = re.compile(
    r"\b(?:fail|declin|reject|refus|tim(?:e|ed|es|ing) out|bounc|br[eo]k|lost|los[es]|never|not|no\b|without|"
    r"miss|drop|abandon|other|rest|remain|else|stop|error|leave|left|quit|un[a-z]{4})|n't\b",
    re.IGNORECASE,
)
WORD = re.compile(r"[a-z]+")
PIECES = re.compile(r"[;:()|]|,(?!\d)|\s[-–—]\s")
UNIT_WORDS = frozenset(
    {"percent", "per", "cent", "pp", "points", "percentage", "eur", "about", "by", "to", "of"}
)


@dataclass(frozen=True)
class Stated:
    """
    One number of the memo beside the ledger.

    Attributes:
        at: Index of its sentence in the memo.
        claim: The number as stated.
        names: The ledger numbers it agrees with.
        is_right: True when the data bears it out, or does not have to.
        mixed_up: The unit it would agree in, when percent and percentage points are mixed up, or
            ``direction`` when only its direction, order or side is wrong.
    """

    at: int
    claim: Claim
    names: frozenset[str]
    is_right: bool
    mixed_up: str = ""


@dataclass(frozen=True)
class Numbers:
    """Every number of a memo, checked."""

    stated: tuple[Stated, ...]

    @cached_property
    def cited(self) -> Mapping[str, int]:
        """By ledger name, the index of the first sentence that cites it."""
        found: dict[str, int] = {}
        for stated in self.stated:
            for name in sorted(stated.names):
                found.setdefault(name, stated.at)
        return found

    @cached_property
    def wrong(self) -> tuple[Stated, ...]:
        """The numbers the data does not bear out, in order."""
        return tuple(stated for stated in self.stated if not stated.is_right)

    @cached_property
    def right(self) -> tuple[Stated, ...]:
        """The numbers that agree with the data, in order."""
        return tuple(
            stated for stated in self.stated if stated.is_right and (stated.names or stated.claim.is_hard)
        )


def check_numbers(memo: Memo, ledger: Mapping[str, LedgerNumber]) -> Numbers:
    """
    The numbers of *memo*, each with the ledger numbers it agrees with.

    A number that is no ledger number is still right when it follows from two that its own sentence or
    the one before cites: their difference, their sum, their quotient, the change in percent, the rest to 100.
    The rest to 100 of any percentage is right too where the sentence says what fails or is missing.
    Whatever its size, a number told the wrong way round is wrong.
    What is called a share of the fall can only be a number whose name says ``share``, where there are such.
    """
    nouns = ALWAYS_COUNTED | {number.unit for number in ledger.values()} - NOT_COUNTED
    measured = {_unit(number) for number in ledger.values()}
    matched = _Matcher(ledger)
    found = [_found(sentence.text, nouns, matched) for sentence in memo.sentences]
    cited = [frozenset[str]().union(*(names for _, names in one)) for one in found]
    stated = []
    for at, sentence in enumerate(memo.sentences):
        turned = turned_round(sentence.text, found[at], ledger)
        near = cited[at] | (cited[at - 1] if at else frozenset())
        beside = [ledger[name] for name in sorted(near)[:MAX_NEAR]]
        for place, (claim, names) in enumerate(found[at]):
            if place in turned:
                stated.append(Stated(at, claim, frozenset(), is_right=False, mixed_up="direction"))
                continue
            is_open = not names and claim.is_hard and claim.unit in measured | {"money", "fraction"}
            is_right = not is_open or _follows(claim, beside) or matched.is_rest(claim, sentence.text)
            stated.append(Stated(at, claim, names, is_right, "" if is_right else matched.mixed_up(claim)))
    return Numbers(tuple(stated))


def _found(text: str, nouns: frozenset[str], matched: _Matcher) -> list[Found]:
    claims = read_numbers(text, nouns)
    return [(claim, _of_its_subject(matched.names(claim), text, claim.start)) for claim in claims]


def _of_its_subject(names: frozenset[str], text: str, at: int) -> frozenset[str]:
    """*names*; only those of the subject named just before, where some are: ``iOS lost 1.2 pp``."""
    pieces = [set(WORD.findall(piece.casefold())) for piece in PIECES.split(text[max(0, at - 100) : at])]
    said = next((words for words in reversed(pieces) if words - UNIT_WORDS), set[str]())
    own = frozenset(name for name in names if name.split("_")[0] in said)
    return own or names


class _Matcher:
    """Finds ledger numbers for claims; equal claims are looked up once."""

    def __init__(self, ledger: Mapping[str, LedgerNumber]) -> None:
        self._targets = [(n.name, _unit(n), abs(_value(n))) for n in ledger.values()]
        self._shares = frozenset(name for name in ledger if "share" in name.split("_"))
        self._known: dict[tuple[object, ...], frozenset[str]] = {}

    def names(self, claim: Claim) -> frozenset[str]:
        """The ledger numbers that *claim* agrees with."""
        key = (claim.unit, claim.values, claim.upper, claim.is_about, claim.is_share)
        if key not in self._known:
            found = self._look_up(claim)
            is_share = claim.is_share and claim.unit in ("percent", "fraction") and self._shares
            self._known[key] = found & self._shares if is_share else found
        return self._known[key]

    def mixed_up(self, claim: Claim) -> str:
        """The unit the number would agree in; empty when units are not its trouble."""
        other = {"percent": "pp", "pp": "percent"}.get(claim.unit, "")
        return other if other and self.names(replace(claim, unit=other)) else ""

    def is_rest(self, claim: Claim, text: str) -> bool:
        """True when *claim* is what a percentage leaves to 100, and *text* speaks of what is missing."""
        if claim.unit != "percent" or claim.is_share or LACKS.search(text) is None:
            return False
        rests = [
            100 - value
            for name, unit, value in self._targets
            if unit == "percent" and value <= 100 and not CHANGES.intersection(name.split("_"))
        ]
        return any(_agrees(reading, rest, claim) for rest in rests for reading in claim.values)

    def _look_up(self, claim: Claim) -> frozenset[str]:
        if not claim.upper:
            return self._near(claim, claim.values)
        lows, highs = self._near(claim, claim.values), self._near(claim, claim.upper)
        low, high = claim.values[0].value, claim.upper[0].value
        within = frozenset(
            n for n, unit, value in self._targets if unit == claim.unit and low <= value <= high
        )
        return within | (lows | highs if lows and highs else frozenset())

    def _near(self, claim: Claim, values: tuple[Reading, ...]) -> frozenset[str]:
        unit = "percent" if claim.unit == "fraction" else claim.unit
        return frozenset(
            name
            for name, known_unit, value in self._targets
            if (unit in (known_unit, "") or {unit, known_unit} == ALWAYS_COUNTED)
            and any(_agrees(reading, value, claim) for reading in values)
        )


def _agrees(reading: Reading, value: float, claim: Claim) -> bool:
    """Within 2 %, or equal at the digits shown; what calls itself rounded may be rounder."""
    off = abs(reading.value - value)
    if claim.unit == "fraction":
        return off <= reading.coarse
    allowed = max(WITHIN * value, reading.step)
    if claim.is_about:
        allowed = max(allowed, WITHIN_ABOUT * value, reading.coarse)
    return off <= allowed * (1 + 1e-9)


def _follows(claim: Claim, near: list[LedgerNumber]) -> bool:
    """True when *claim* is simple arithmetic on the numbers cited beside it."""
    if claim.unit == "fraction":
        return False
    derived = [value for one, other in permutations(near, 2) for value in _derived(claim.unit, one, other)]
    if claim.unit == "percent":
        derived += [100 - abs(_value(number)) for number in near if _unit(number) == "percent"]
    return any(_agrees(reading, value, claim) for value in derived for reading in claim.values)


def _derived(unit: str, one: LedgerNumber, other: LedgerNumber) -> Iterator[float]:
    units = (_unit(one), _unit(other))
    first, second = abs(_value(one)), abs(_value(other))
    if units == (unit, unit) or (unit == "pp" and units == ("percent", "percent")):
        yield abs(first - second)
        yield first + second
    if unit == "percent" and units[0] == units[1] and second:
        yield 100 * abs(first - second) / second
        yield 100 * first / second
    if units[0] == unit and units[1] in ("orders", "days", "sessions") and units[1] != unit and second:
        yield first / second


def _unit(number: LedgerNumber) -> str:
    if number.unit in ("share", "ratio", "pct"):
        return "percent"
    return "times" if number.unit == "x" else number.unit


def _value(number: LedgerNumber) -> float:
    """The value; shares from 0 to 1 as percent."""
    return 100 * number.value if number.unit in ("share", "ratio") else number.value
