"""SQL's functions of plain values in Python, NULL when an argument is: enough to steer by, not to judge."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from typing import Any

from casekit.judge.evidence.families import fitted
from casekit.judge.evidence.operations import UnreadError, aligned, part_of

__all__ = ["STRICT", "truncated"]

LONGEST_PATTERN, LONGEST_MATCHED = 60, 16  # Python's own matching takes long where DuckDB's never does
CLOCK = {"HOUR": 3600, "MINUTE": 60, "SECOND": 1}


def truncated(unit: str, value: Any) -> Any:  # noqa: PLR0911 - one line a unit
    """
    The start of the year, quarter, month, week, day, hour, minute or second in which *value* lies.

    Raises:
        UnreadError: Another unit.
    """
    moment = fitted(value, "timestamp")
    if not isinstance(moment, datetime):
        return None
    midnight = datetime.combine(moment.date(), time.min)
    if unit in CLOCK:
        seconds = int((moment - midnight).total_seconds())
        return midnight + timedelta(seconds=seconds - seconds % CLOCK[unit])
    match unit:
        case "DAY":
            return midnight
        case "WEEK":
            return midnight - timedelta(days=moment.weekday())
        case "MONTH":
            return midnight.replace(day=1)
        case "QUARTER":
            return midnight.replace(month=(moment.month - 1) // 3 * 3 + 1, day=1)
        case "YEAR":
            return midnight.replace(month=1, day=1)
    raise UnreadError(unit)


def _matched(text: Any, pattern: Any) -> bool | None:
    compiled = _compiled(str(pattern))
    if compiled is None or len(str(text)) > LONGEST_MATCHED:
        return None
    return compiled.search(str(text)) is not None


@lru_cache(maxsize=100)
def _compiled(pattern: str) -> re.Pattern[str] | None:
    try:
        return re.compile(pattern) if len(pattern) <= LONGEST_PATTERN else None
    except (re.error, RecursionError, OverflowError):
        return None


def _cut(text: Any, start: Any, length: Any = None) -> str:
    first = max(0, int(start) - 1)
    return str(text)[first:] if length is None else str(text)[first : first + int(length)]


def _split(text: Any, delimiter: Any, place: Any) -> str | None:
    parts = str(text).split(str(delimiter)) if delimiter else [str(text)]
    return parts[int(place) - 1] if 0 < int(place) <= len(parts) else ""


def _rounded(value: Any, digits: Any = 0) -> Any:
    """Half a unit goes away from zero, as in SQL and unlike in Python."""
    unit = 10.0 ** int(digits)
    return math.copysign(math.floor(abs(float(value)) * unit + 0.5) / unit, value)


def _unless(value: Any, other: Any) -> Any:
    one, two = aligned(value, other)
    return None if one == two else value


def _part(unit: str) -> Callable[[Any], Any]:
    return lambda value: part_of(unit, value)


def _on_text(function: Callable[[str], Any]) -> Callable[[Any], Any]:
    return lambda value: function(str(value))


# By sqlglot's class: the names of its arguments, of which later ones may be missing, and the function.
STRICT: Mapping[str, tuple[tuple[str, ...], Callable[..., Any]]] = {
    "Lower": (("this",), _on_text(str.lower)),
    "Upper": (("this",), _on_text(str.upper)),
    "Trim": (("this",), _on_text(str.strip)),
    "Length": (("this",), _on_text(len)),
    "Left": (("this", "expression"), lambda text, count: str(text)[: int(count)]),
    "Right": (("this", "expression"), lambda text, count: str(text)[-int(count) :] if count else ""),
    "Substring": (("this", "start", "length"), _cut),
    "StartsWith": (("this", "expression"), lambda text, start: str(text).startswith(str(start))),
    "EndsWith": (("this", "expression"), lambda text, end: str(text).endswith(str(end))),
    "Contains": (("this", "expression"), lambda text, part: str(part) in str(text)),
    "RegexpLike": (("this", "expression"), _matched),
    "SplitPart": (("this", "delimiter", "part_index"), _split),
    "DPipe": (("this", "expression"), lambda one, other: f"{one}{other}"),
    "Nullif": (("this", "expression"), _unless),
    "Abs": (("this",), abs),
    "Round": (("this", "decimals"), _rounded),
    "Floor": (("this",), math.floor),
    "Ceil": (("this",), math.ceil),
    "Year": (("this",), _part("YEAR")),
    "Month": (("this",), _part("MONTH")),
    "Day": (("this",), _part("DAY")),
    "DayOfMonth": (("this",), _part("DAY")),
    "DayOfWeek": (("this",), _part("DOW")),
    "DayOfWeekIso": (("this",), lambda value: _part("DOW")(value) or 7),
    "Quarter": (("this",), _part("QUARTER")),
    "Hour": (("this",), _part("HOUR")),
    "LastDay": (("this",), lambda value: _last_day(fitted(value, "date"))),
}


def _last_day(day: Any) -> date | None:
    if not isinstance(day, date):
        return None
    after = (day.replace(day=28) + timedelta(days=4)).replace(day=1)
    return after - timedelta(days=1)
