"""The points of a figure as a table, for readers who do not see the drawing."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from casekit.compare.figure import as_values
from casekit.model import Table

__all__ = ["short_date", "trace_table"]


def trace_table(figure: Mapping[str, Any]) -> Table:
    """
    The data of *figure*: one row a point, or one row an x value with a column for each series.

    Series that share their x values stand side by side; others are listed one after another.
    """
    traces = [trace for trace in figure.get("data", ()) if as_values(trace.get("y"))]
    x_name = _axis_name(figure, "xaxis", "x")
    names = [str(trace.get("name") or _axis_name(figure, "yaxis", "y")) for trace in traces]
    columns = [_points(trace) for trace in traces]
    if columns and all(xs == columns[0][0] for xs, _ in columns) and len(set(names)) == len(names):
        rows = tuple(zip(columns[0][0], *(ys for _, ys in columns), strict=True))
        return Table((x_name, *names), rows)
    listed = tuple(
        (name, x, y)
        for name, (xs, ys) in zip(names, columns, strict=True)
        for x, y in zip(xs, ys, strict=True)
    )
    return Table(("series", x_name, _axis_name(figure, "yaxis", "y")), listed)


def _points(trace: Mapping[str, Any]) -> tuple[list[object], list[object]]:
    ys = as_values(trace.get("y"))
    xs = [short_date(x) for x in as_values(trace.get("x"))] or list(range(len(ys)))
    count = min(len(xs), len(ys))
    return xs[:count], ys[:count]


def short_date(x: object) -> object:
    """A day without its midnight; anything else as it is."""
    return str(x)[:10] if isinstance(x, str) and "T00:00:00" in x else x


def _axis_name(figure: Mapping[str, Any], axis: str, otherwise: str) -> str:
    spec = figure.get("layout", {}).get(axis) or {}
    title: Any = spec.get("title") or {}
    text = title.get("text") if isinstance(title, Mapping) else title
    return str(text or otherwise)
