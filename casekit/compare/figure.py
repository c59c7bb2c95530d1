"""What a chart shows, read from the figure itself: lines, vertical markers, y axis and title."""

from __future__ import annotations

import array
import base64
import binascii
import html
import math
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

__all__ = ["ChartFacts", "as_values", "read_chart"]

# plotly's names for the item types of binary arrays -> the array module's
_ITEM_TYPES = {
    "i1": "b",
    "u1": "B",
    "i2": "h",
    "u2": "H",
    "i4": "i",
    "u4": "I",
    "i8": "q",
    "u8": "Q",
    "f4": "f",
    "f8": "d",
}
_MAKE_ONE = "Pass a plotly figure, for example chart=px.line(daily, x='day', y='success')."


@dataclass(frozen=True)
class ChartFacts:
    """
    What a reader of the chart sees.

    Attributes:
        lines: Line series that are visible; drawn markers and two-point rulers do not count.
        vertical_dates: Dates that carry a vertical line, in order.
        y_low: Where the y axis starts: as set, else the lowest value; None without values.
        y_high: Where the y axis ends: as set, else the highest value; None without values.
        title: The chart's title as plain words.
        highest: The highest value drawn, whatever the axis; None without values.
    """

    lines: int
    vertical_dates: tuple[date, ...]
    y_low: float | None
    y_high: float | None
    title: str
    highest: float | None = None


@dataclass(frozen=True)
class _Line:
    xs: list[object]
    ys: list[object]
    axis: str

    @property
    def is_marker(self) -> bool:
        return len(self.xs) == 2 and str(self.xs[0]) == str(self.xs[1])

    @property
    def is_ruler(self) -> bool:
        return len(self.ys) == 2 and self.ys[0] == self.ys[1]


def read_chart(figure: object) -> ChartFacts:
    """
    The facts of a plotly figure, of its dict or JSON-ready form, or of anything with ``to_dict()``.

    Raises:
        ValueError: *figure* is no chart that can be read; the message says what to pass instead.
    """
    parts = _as_mapping(figure)
    layout = _mapping(parts.get("layout"))
    drawn = [_line(trace) for trace in parts["data"] if _is_line(trace)]
    series = [line for line in drawn if line.ys and not line.is_marker and not line.is_ruler]
    dates = [*_shape_dates(layout), *(_as_date(line.xs[0]) for line in drawn if line.is_marker)]
    seen = [number for line in series for value in line.ys if (number := _as_number(value)) is not None]
    low, high = _y_range(layout, series, seen)
    return ChartFacts(
        lines=len(series),
        vertical_dates=tuple(sorted({day for day in dates if day is not None})),
        y_low=low,
        y_high=high,
        title=_title(layout.get("title")),
        highest=max(seen, default=None),
    )


def _as_mapping(figure: object) -> Mapping[str, Any]:
    kind = f"{type(figure).__module__}.{type(figure).__qualname__}".removeprefix("builtins.")
    parts: object = figure
    if not isinstance(figure, Mapping):
        to_dict = getattr(figure, "to_dict", None)
        if not callable(to_dict) or isinstance(figure, type):
            raise ValueError(f"the chart is of type {kind}, which cannot be read. {_MAKE_ONE}")
        try:
            parts = to_dict()
        except (TypeError, ValueError, KeyError, AttributeError) as error:
            raise ValueError(
                f"the chart is of type {kind} that does not open: {error}. {_MAKE_ONE}"
            ) from error
    if not isinstance(parts, Mapping) or not isinstance(parts.get("data"), list | tuple):
        raise ValueError(f"the chart is of type {kind} without traces. {_MAKE_ONE}")
    return parts


def _mapping(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def _is_line(trace: object) -> bool:
    if not isinstance(trace, Mapping) or trace.get("visible", True) is not True:
        return False
    # a scatter without a mode is drawn with lines
    mode = trace.get("mode") or "lines"
    return trace.get("type", "scatter") in {"scatter", "scattergl"} and "lines" in str(mode)


def _line(trace: Mapping[str, Any]) -> _Line:
    return _Line(as_values(trace.get("x")), as_values(trace.get("y")), str(trace.get("yaxis") or "y"))


def as_values(raw: object) -> list[object]:
    """The values of a trace's array: a list, an array or plotly's binary form; empty for anything else."""
    if isinstance(raw, Mapping):
        return _unpack(raw)
    to_list = getattr(raw, "tolist", None)
    if callable(to_list) and not _counts_nanoseconds(raw):
        raw = to_list()
    return list(raw) if isinstance(raw, Iterable) and not isinstance(raw, str | bytes) else []


def _counts_nanoseconds(raw: object) -> bool:
    # numpy turns nanosecond dates into bare integers; its items still print as dates
    return str(getattr(raw, "dtype", "")).endswith("[ns]")


def _unpack(packed: Mapping[str, Any]) -> list[object]:
    code = _ITEM_TYPES.get(str(packed.get("dtype")).lstrip("<|="))
    if code is None or not isinstance(packed.get("bdata"), str):
        return []
    numbers = array.array(code)
    try:
        numbers.frombytes(base64.b64decode(packed["bdata"], validate=True))
    except (binascii.Error, ValueError) as error:
        raise ValueError(f"the chart holds a damaged array: {error}. Draw it again.") from error
    return list(numbers)


def _shape_dates(layout: Mapping[str, Any]) -> list[date | None]:
    shapes = [shape for shape in layout.get("shapes") or () if isinstance(shape, Mapping)]
    return [_as_date(shape.get("x0")) for shape in shapes if _is_vertical(shape)]


def _is_vertical(shape: Mapping[str, Any]) -> bool:
    on_x_axis = not str(shape.get("xref", "x")).startswith("paper") and shape.get("visible", True) is True
    return shape.get("type") == "line" and on_x_axis and str(shape.get("x0")) == str(shape.get("x1"))


def _as_date(value: object) -> date | None:
    """The calendar day of *value*: a date, a date string, or milliseconds since 1970 (UTC)."""
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    number = _as_number(value)
    try:
        if number is not None:
            return datetime.fromtimestamp(number / 1000, UTC).date()
        return datetime.fromisoformat(str(value).strip()).date()
    except (ValueError, OverflowError, OSError):
        return None


def _as_number(value: object) -> float | None:
    if isinstance(value, str | bool) or not hasattr(value, "__float__"):
        return None
    number = float(value)
    return number if math.isfinite(number) else None


def _y_range(
    layout: Mapping[str, Any], series: list[_Line], seen: list[float]
) -> tuple[float | None, float | None]:
    axis = series[0].axis if series else "y"
    spec = _mapping(layout.get("yaxis" + axis.removeprefix("y")))
    low, high = _set_range(spec)
    if seen:
        low = min(seen) if low is None else low
        high = max(seen) if high is None else high
    if spec.get("rangemode") == "tozero" and low is not None and high is not None:
        low, high = min(low, 0.0), max(high, 0.0)
    return low, high


def _set_range(spec: Mapping[str, Any]) -> tuple[float | None, float | None]:
    ends = as_values(spec.get("range"))
    if len(ends) != 2:
        return None, None
    low, high = _as_number(ends[0]), _as_number(ends[1])
    # an axis may be drawn upside down
    return (high, low) if low is not None and high is not None and low > high else (low, high)


def _title(raw: object) -> str:
    text = raw.get("text") if isinstance(raw, Mapping) else raw
    plain = html.unescape(re.sub(r"<[^<>]*>", " ", str(text or "")))
    return " ".join(plain.split())
