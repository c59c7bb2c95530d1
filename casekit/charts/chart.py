"""A chart as one bundle: the live figure, the words that say what it shows, and its data as a table."""

from __future__ import annotations

import json
import textwrap
from collections.abc import Mapping
from typing import Any

from casekit.charts.style import CONFIG, HEIGHT_PX, LINE_PX, TEMPLATE, TOP_PX
from casekit.charts.traces import short_date, trace_table
from casekit.charts.twin import escape, table_html, table_text
from casekit.compare.figure import read_chart
from casekit.model import Table

__all__ = ["PLOTLY_MIME", "Chart"]

PLOTLY_MIME = "application/vnd.plotly.v1+json"
_ROWS_SHOWN = 60
_TEXT_ROWS = 20
_WORDS_WIDTH = 100  # characters a line under the title


class Chart:
    """
    A plotly figure that also reads without plotly.

    JupyterLab draws it; a plain HTML export and a screen reader get the words and the data table.

    Args:
        figure: A plotly figure.
        words: One sentence that says what the chart shows.
        table: The data behind it; taken from the figure when None. A DataFrame will do.

    Raises:
        ValueError: *figure* is no plotly figure or *table* no table; the message says what to pass.
    """

    def __init__(self, figure: object, words: str, table: object = None) -> None:
        self.facts = read_chart(figure)
        self.figure = figure
        self.words = " ".join(str(words).split())
        self._table = None if table is None else _as_table(table)

    def to_dict(self) -> dict[str, Any]:
        """The figure as a dict, so that a chart can stand wherever its figure can."""
        return dict(self.figure if isinstance(self.figure, Mapping) else self.figure.to_dict())  # type: ignore[attr-defined]

    def table(self) -> Table:
        """The data of the chart, one row a point."""
        return trace_table(self._json_ready()) if self._table is None else self._table

    def html(self) -> str:
        """The words and the data table, for places that cannot draw."""
        caption = f'<figcaption style="font-weight:600;margin:4px 0">{escape(self.words)}</figcaption>'
        rows = table_html(self.table(), _ROWS_SHOWN)
        inside = f'<details open><summary style="cursor:pointer">Its data</summary>{rows}</details>'
        return f'<figure class="casekit" lang="en" style="margin:8px 0">{caption}{inside}</figure>'

    def text(self) -> str:
        """The chart in words, with its data."""
        return f"[chart] {self.words}\n{table_text(self.table(), _TEXT_ROWS)}"

    def standalone_html(self) -> str:
        """A whole page with the live chart, its words and its data; needs no network."""
        from plotly import io as pio

        drawn = pio.to_html(self._compact(), include_plotlyjs=True, full_html=False, config=dict(CONFIG))
        title = escape(self.facts.title or self.words)
        style = "body{font-family:system-ui,sans-serif;max-width:960px;margin:24px auto;padding:0 16px}"
        return (
            f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{title}</title>'
            f"<style>{style}</style></head><body>"
            f'<div role="img" aria-label="{escape(self.words)}">{drawn}</div>{self.html()}</body></html>'
        )

    def _json_ready(self) -> dict[str, Any]:
        to_json = getattr(self.figure, "to_json", None)
        text = to_json() if callable(to_json) else json.dumps(self.figure, default=str)
        return dict(json.loads(text))

    def _compact(self) -> dict[str, Any]:
        figure = self._json_ready()
        for trace in figure["data"]:
            if isinstance(trace.get("x"), list):
                trace["x"] = [short_date(x) for x in trace["x"]]
        layout = figure.setdefault("layout", {})
        layout["template"] = TEMPLATE
        layout.setdefault("height", HEIGHT_PX)
        lines = [escape(line) for line in textwrap.wrap(self.words, _WORDS_WIDTH)]
        layout["title"] = _titled(layout.get("title"), "<br>".join(lines))
        margin = layout.setdefault("margin", {})
        margin.setdefault("t", TOP_PX + LINE_PX * len(lines))
        return figure

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> dict[str, object]:  # noqa: ARG002 - IPython passes them by name
        live = {**self._compact(), "config": CONFIG}
        return {PLOTLY_MIME: live, "text/html": self.html(), "text/plain": self.text()}

    def __str__(self) -> str:
        return self.text()


def _as_table(given: object) -> Table:
    if isinstance(given, Table):
        return given
    frame: Any = given
    if isinstance(given, type) or not hasattr(frame, "itertuples"):
        kind = "the class itself" if isinstance(given, type) else f"of type {type(given).__name__}"
        raise ValueError(f"the chart's table is {kind}. Pass a DataFrame, or leave it out.")
    values = frame.astype(object).where(frame.notna(), None)
    rows = tuple(tuple(row) for row in values.itertuples(index=False, name=None))
    return Table(tuple(map(str, frame.columns)), rows)


def _titled(title: object, words: str) -> dict[str, Any]:
    """The title with *words* under it, so that they are read where the figure is drawn."""
    spec = dict(title) if isinstance(title, Mapping) else {"text": title}
    if not spec.get("text"):
        return {**spec, "text": words}
    return {"subtitle": {"text": words}, **spec}
