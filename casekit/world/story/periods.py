"""Billing periods: the moment so many weeks, months or years after another."""

from __future__ import annotations

from typing import Any

import numpy as np

from casekit.world.calendar import DAY_S
from casekit.world.story.frames import Whole

__all__ = ["PERIODS", "moment_after"]

PERIODS = ("week", "month", "year")
WEEK_S = 7 * DAY_S
MONTHS = np.array([0, 1, 12])  # of each period


def moment_after(started: Whole, period: Whole, count: Any) -> Whole:
    """
    The moment *count* periods after each start; a month that lacks the day gives its last one.

    Args:
        started: Seconds since 1970.
        period: Places in ``PERIODS``, one for each start.
        count: How many periods, one for all or one for each.
    """
    months = MONTHS[period] * count
    return np.where(period == 0, started + WEEK_S * count, _months_after(started, months))


def _months_after(started: Whole, months: Whole) -> Whole:
    day, second = np.divmod(started, DAY_S)
    month = day.astype("M8[D]").astype("M8[M]")
    nth_day = day - month.astype("M8[D]").astype(np.int64)
    aim = month + months
    first = aim.astype("M8[D]").astype(np.int64)
    last = (aim + 1).astype("M8[D]").astype(np.int64) - 1
    moment: Whole = np.minimum(first + nth_day, last) * DAY_S + second
    return moment
