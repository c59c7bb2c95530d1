"""One number a memo states, with everything its digits may mean."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

__all__ = ["Claim", "Reading", "merged", "readings"]

MAX_DIGITS = 18
GROUP = re.compile(r"[ ,.'](?=\d{3})")


@dataclass(frozen=True)
class Reading:
    """
    One way to read the digits: ``25.600`` is 25.6 to some and 25,600 to others.

    Attributes:
        value: The number, without its sign.
        step: Half of the last digit shown.
        coarse: Half of the last digit that is not a zero: 5 for 70.
    """

    value: float
    step: float
    coarse: float

    def times(self, factor: float) -> Reading:
        """The reading in another scale."""
        return Reading(self.value * factor, self.step * factor, self.coarse * factor)


@dataclass(frozen=True)
class Claim:
    """
    A number as the memo states it.

    Attributes:
        start: Where it starts in its sentence.
        end: Where it ends.
        text: The words.
        unit: ``percent``, ``pp``, ``eur``, ``money`` (another currency), ``fraction``, ``times``, ``days``,
            a noun that is counted, or empty.
        values: The readings; of a range, those of its lower end.
        upper: The readings of a range's upper end; empty for a single number.
        is_hard: True when the data has to bear it out; False for targets, assumptions and labels.
        is_about: True when it says of itself that it is rounded.
        is_share: True when it is called a share of the fall.
    """

    start: int
    end: int
    text: str
    unit: str
    values: tuple[Reading, ...]
    upper: tuple[Reading, ...] = ()
    is_hard: bool = True
    is_about: bool = False
    is_share: bool = False


def readings(number: str, factor: float = 1.0) -> tuple[Reading, ...]:
    """What the digits of *number* may mean, the likeliest first."""
    if sum(map(str.isdigit, number)) > MAX_DIGITS:
        return ()
    separators = re.findall(r"[ ,.']", number)
    if not separators:
        found = [_reading(number)]
    elif len(separators) == 1:
        found = _one_separator(number, separators[0])
    else:
        found = _several_separators(number, separators)
    return tuple(reading.times(factor) for reading in found)


def merged(low: Claim, high: Claim, words: str) -> Claim:
    """The range from *low* to *high*."""
    return replace(
        low,
        end=high.end,
        text=words,
        upper=high.values,
        is_about=low.is_about,
        is_hard=low.is_hard or high.is_hard,
    )


def _one_separator(number: str, separator: str) -> list[Reading]:
    whole, part = number.split(separator)
    if separator in " '":
        joined = _reading(whole + part)
        return [joined, _reading(part)] if separator == " " else [joined]
    decimal = _reading(f"{whole}.{part}")
    if len(part) != 3 or not whole.lstrip("0"):
        return [decimal]
    grouped = _reading(whole + part)
    return [grouped, decimal] if separator == "," else [decimal, grouped]


def _several_separators(number: str, separators: list[str]) -> list[Reading]:
    last = separators[-1]
    if last in ",." and separators.count(last) == 1:
        whole, _, part = number.rpartition(last)
        return [_reading(re.sub(r"[ ,.']", "", whole) + "." + part)]
    joined = _reading(re.sub(r"[ ,.']", "", number))
    return [joined, _reading(number.rsplit(" ", 1)[1])] if last == " " else [joined]


def _reading(digits: str) -> Reading:
    decimals = len(digits.partition(".")[2])
    step = 0.5 * 10.0**-decimals
    zeros = 0 if decimals else len(digits) - len(digits.rstrip("0"))
    return Reading(float(digits), step, step * 10.0**zeros)
