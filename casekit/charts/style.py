"""The look of every chart: a small template instead of plotly's own, which is seven times its size."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

__all__ = ["CONFIG", "HEIGHT_PX", "LINE_PX", "TEMPLATE", "TOP_PX"]

HEIGHT_PX = 400
TOP_PX = 64  # room for the title
LINE_PX = 18  # and for each line under it

# readable at 3:1 or better on white and on near black
_TEXT = "#808080"
_GRID = "rgba(128,128,128,0.25)"
_AXIS = {
    "gridcolor": _GRID,
    "linecolor": _GRID,
    "zerolinecolor": "rgba(128,128,128,0.5)",
    "automargin": True,
    "title": {"font": {"size": 13}},
}

TEMPLATE: Mapping[str, Any] = {
    "layout": {
        "colorway": ["#4477AA", "#CC6677", "#228833", "#B8860B", "#3A9FBF", "#AA4499", "#888888"],
        "paper_bgcolor": "rgba(0,0,0,0)",
        "plot_bgcolor": "rgba(0,0,0,0)",
        "font": {"color": _TEXT, "size": 13},
        "title": {"x": 0.01, "xanchor": "left", "font": {"size": 16}, "subtitle": {"font": {"size": 13}}},
        "margin": {"r": 20, "b": 48, "l": 56},
        "hovermode": "closest",
        "modebar": {"bgcolor": "rgba(0,0,0,0)", "color": _TEXT},
        "xaxis": _AXIS,
        "yaxis": _AXIS,
        "shapedefaults": {"line": {"color": _TEXT, "dash": "dot", "width": 1.5}},
        "annotationdefaults": {"font": {"color": _TEXT, "size": 12}, "arrowcolor": _TEXT},
    }
}

# not "responsive": it takes the height of an output that has none yet, and the chart collapses
CONFIG: Mapping[str, Any] = {"displaylogo": False}
