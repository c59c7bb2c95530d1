"""Days and seconds as whole numbers since 1970, UTC, the way datasets count time."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

__all__ = ["DAY_S", "day", "is_weekend", "second"]

DAY_S = 86_400
EPOCH = datetime(1970, 1, 1)
EPOCH_WEEKDAY = 3  # a Thursday; Monday is 0
SATURDAY = 5


def day(iso: str) -> int:
    """Days from 1970 to a date such as ``2025-03-31``."""
    return (date.fromisoformat(iso) - EPOCH.date()).days


def second(iso: str) -> int:
    """Seconds from 1970 to a moment such as ``2025-04-15 12:00``, UTC."""
    since = datetime.fromisoformat(iso) - EPOCH
    return since.days * DAY_S + since.seconds


def is_weekend(days: Any) -> Any:
    """Whether each day, counted from 1970, is a Saturday or a Sunday."""
    return (days + EPOCH_WEEKDAY) % 7 >= SATURDAY
