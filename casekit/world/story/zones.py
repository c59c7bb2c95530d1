"""
Local clocks: how far the clock of a place is ahead of UTC on a day.

The rules are written down here and reckoned in whole numbers, because what a machine knows about time zones
depends on when it was last updated. A day on which clocks change has its later offset all day long.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from casekit.world.calendar import weekday
from casekit.world.story.frames import Whole

__all__ = ["ZONES", "utc_offset_s"]

SUNDAY = 6
HOUR_S = 3_600
LAST = 5  # a Sunday later than the fourth: the last of its month
# The month and its Sunday from which clocks are an hour ahead, and those from which they are not any more; in
# the south the year begins with summer time.
RULES = {"": None, "EU": ((3, LAST), (10, LAST)), "US": ((3, 2), (11, 1)), "AU": ((10, 1), (4, 1))}
ZONES = {  # hours ahead of UTC in winter, and the rule of summer time
    "America/Chicago": (-6, "US"),
    "America/Los_Angeles": (-8, "US"),
    "America/New_York": (-5, "US"),
    "Asia/Singapore": (8, ""),
    "Asia/Tokyo": (9, ""),
    "Australia/Sydney": (10, "AU"),
    "Europe/Amsterdam": (1, "EU"),
    "Europe/Berlin": (1, "EU"),
    "Europe/London": (0, "EU"),
    "Europe/Madrid": (1, "EU"),
    "Europe/Paris": (1, "EU"),
    "UTC": (0, ""),
}


def utc_offset_s(zones: Sequence[str], place: Whole, days: Whole) -> Whole:
    """
    Seconds to add to UTC to get the local time: negative in America.

    Args:
        zones: IANA names, each in ``ZONES``.
        place: Which of them, one for each day.
        days: Local days since 1970.

    Raises:
        KeyError: A zone is not in ``ZONES``.
    """
    hours = np.zeros(len(days), np.int64)
    for number, zone in enumerate(zones):
        mine = place == number
        winter, rule = ZONES[zone]
        hours[mine] = winter + _is_ahead(rule, days[mine])
    return hours * HOUR_S


def _is_ahead(rule: str, days: Whole) -> Whole:
    """Whether summer time holds on each day."""
    terms = RULES[rule]
    if terms is None:
        return np.zeros(len(days), np.bool_)
    years = days.astype("M8[D]").astype("M8[Y]")
    begin, end = (_sunday(years, *term) for term in terms)
    north = (days >= begin) & (days < end)
    return np.where(begin < end, north, (days >= begin) | (days < end))


def _sunday(years: Whole, month: int, nth: int) -> Whole:
    """The day of the nth, or the last, Sunday of a month in each year."""
    months = years.astype("M8[M]") + (month - 1)
    first = months.astype("M8[D]").astype(np.int64)
    if nth == LAST:
        last = (months + 1).astype("M8[D]").astype(np.int64) - 1
        return np.asarray(last - (weekday(last) - SUNDAY) % 7)
    return np.asarray(first + (SUNDAY - weekday(first)) % 7 + 7 * (nth - 1))
