"""Days, seconds and spans as whole numbers since 1970, UTC, the way datasets count time."""

from __future__ import annotations

import re
from datetime import date, datetime
from typing import Any

__all__ = ["DAY_S", "day", "is_weekend", "second", "seconds_of", "weekday"]

DAY_S = 86_400
EPOCH = datetime(1970, 1, 1)
EPOCH_WEEKDAY = 3  # a Thursday; Monday is 0
SATURDAY = 5
UNITS_S = {"s": 1, "m": 60, "h": 3_600, "d": DAY_S, "w": 7 * DAY_S}
SPAN = re.compile(r"(\d+(?:\.\d+)?) ?([smhdw])")


def day(iso: str) -> int:
    """Days from 1970 to a date such as ``2025-03-31``."""
    return (date.fromisoformat(iso) - EPOCH.date()).days


def second(iso: str) -> int:
    """
    Seconds from 1970 to a moment such as ``2025-04-15 12:00``, UTC.

    Raises:
        ValueError: It is none, or names a time zone.
    """
    moment = datetime.fromisoformat(iso)
    if moment.tzinfo is not None:
        raise ValueError(f"{iso!r} names a time zone; every moment is UTC, so leave it out")
    since = moment - EPOCH
    return since.days * DAY_S + since.seconds


def seconds_of(span: str) -> int:
    """
    Seconds of a span such as ``90s``, ``25m``, ``6h``, ``1.5d`` or ``2w``.

    Raises:
        ValueError: It is none.
    """
    match = SPAN.fullmatch(span.strip())
    if match is None:
        raise ValueError(
            f"{span!r} is no span of time; write a number and s, m, h, d or w, for example '25m'"
        )
    return round(float(match[1]) * UNITS_S[match[2]])


def weekday(days: Any) -> Any:
    """The weekday of each day counted from 1970; Monday is 0."""
    return (days + EPOCH_WEEKDAY) % 7


def is_weekend(days: Any) -> Any:
    """Whether each day, counted from 1970, is a Saturday or a Sunday."""
    return weekday(days) >= SATURDAY
