"""What the judge reads from a figure."""

from __future__ import annotations

import datetime as dt
import json
import re
import subprocess
import sys

import pandas as pd
import plotly.express as px
import plotly.graph_objects as go
import pytest

from casekit.charts import Chart
from casekit.charts.chart import PLOTLY_MIME
from casekit.compare.figure import read_chart
from casekit.model import Table

DAYS = pd.date_range("2025-03-24", periods=14)
DAILY = pd.DataFrame({"day": DAYS, "success": [0.86] * 7 + [0.42 + i / 100 for i in range(7)]})


def _figure() -> go.Figure:
    figure = px.line(DAILY, x="day", y="success", title="Card success<br>halved with <b>5.2.0</b>")
    return figure.update_yaxes(range=[0, 1])


def test_line_chart_is_read() -> None:
    """One line, its axis range and its title without mark-up."""
    facts = read_chart(_figure())

    assert (facts.lines, facts.y_low, facts.y_high) == (1, 0.0, 1.0)
    assert facts.title == "Card success halved with 5.2.0"


def test_markers_come_in_any_form() -> None:
    """Date strings, Timestamps, milliseconds, datetimes and two-point lines are vertical markers."""
    figure = _figure()
    figure.add_vline(x="2025-04-01", annotation_text=None)
    figure.add_vline(x=pd.Timestamp("2025-04-03"))
    figure.add_vline(x=pd.Timestamp("2025-04-05").timestamp() * 1000, annotation_text="92 %")
    figure.add_vline(x=dt.datetime(2025, 4, 6))
    figure.add_scatter(x=["2025-04-02", "2025-04-02"], y=[0, 1], mode="lines")

    facts = read_chart(figure)

    assert [day.day for day in facts.vertical_dates] == [1, 2, 3, 5, 6]
    assert facts.lines == 1


def test_other_shapes_are_no_markers() -> None:
    """A horizontal line, a rectangle and a level drawn by two points are not vertical markers nor series."""
    figure = _figure()
    figure.add_hline(y=0.8)
    figure.add_vrect(x0="2025-04-01", x1="2025-04-03")
    figure.add_scatter(x=["2025-03-24", "2025-04-06"], y=[0.8, 0.8], mode="lines")

    facts = read_chart(figure)

    assert (facts.vertical_dates, facts.lines) == ((), 1)


def test_binary_arrays_are_unpacked() -> None:
    """The y range is found in arrays that plotly stores as binary."""
    figure = px.line(DAILY, x="day", y="success")

    facts = read_chart(figure)

    assert "bdata" in figure.to_dict()["data"][0]["y"]
    assert (facts.y_low, facts.y_high) == (0.42, 0.86)


def test_hidden_and_point_traces_do_not_count() -> None:
    """Only visible traces drawn with lines are lines; a scatter without a mode has them."""
    figure = go.Figure()
    figure.add_scatter(x=[1, 2, 3], y=[1, 2, 3])
    figure.add_scatter(x=[1, 2, 3], y=[1, 2, 3], mode="markers")
    figure.add_scatter(x=[1, 2, 3], y=[1, 2, 3], visible="legendonly")
    figure.add_bar(x=[1, 2, 3], y=[1, 2, 3])

    assert read_chart(figure).lines == 1


def test_title_may_be_bare_text() -> None:
    """A figure dict whose title is a string reads like one whose title is an object."""
    bare = {"data": [], "layout": {"title": "Halved"}}

    assert read_chart(bare).title == "Halved"


def test_second_axis_is_followed() -> None:
    """The axis of the first line is the one that is read."""
    figure = go.Figure(go.Scatter(x=[1, 2, 3], y=[10, 20, 90], yaxis="y2"))
    figure.update_layout(yaxis2={"range": [0, 100]}, yaxis={"range": [3, 4]})

    facts = read_chart(figure)

    assert (facts.y_low, facts.y_high) == (0.0, 100.0)


def test_open_ended_range_is_filled() -> None:
    """Where only one end of the axis is set, the data gives the other."""
    figure = _figure().update_yaxes(range=[0, None])

    facts = read_chart(figure)

    assert (facts.y_low, facts.y_high) == (0.0, 0.86)


def test_chart_reads_like_its_figure() -> None:
    """A Chart is read as the figure inside it."""
    assert read_chart(_figure()) == read_chart(Chart(_figure(), "words"))


@pytest.mark.parametrize(
    "garbage",
    [None, 3, "a chart", [1], DAILY, go.Figure, {"data": 3}, {}, object()],
    ids=lambda g: type(g).__name__,
)
def test_garbage_is_told_in_words(garbage: object) -> None:
    """Whatever is no chart gives words that say what to pass."""
    with pytest.raises(ValueError, match="Pass a plotly figure"):
        read_chart(garbage)


def test_odd_parts_are_passed_over() -> None:
    """Damaged parts of a figure never stop the reading of the rest."""
    odd = {
        "data": [None, {"y": 3, "x": None}, {"y": [None, float("nan"), 2], "x": [1, 2, 3]}],
        "layout": {"shapes": [None, {"type": "line", "x0": "soon", "x1": "soon"}], "yaxis": 3, "title": None},
    }

    facts = read_chart(odd)

    assert (
        facts.lines,
        facts.vertical_dates,
        facts.y_low,
        facts.y_high,
        facts.title,
    ) == (1, (), 2.0, 2.0, "")


def test_reading_needs_no_plotly() -> None:
    """The reader itself imports neither plotly nor numpy nor pandas."""
    code = "import sys, casekit.compare.figure; print({'plotly', 'numpy', 'pandas'} & set(sys.modules))"
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert ran.stdout.strip() == "set()"


def test_bundle_stays_small() -> None:
    """A figure of 56 days costs about ten kilobytes in a saved notebook."""
    frame = pd.DataFrame({"day": pd.date_range("2025-03-03", periods=56), "success": [0.8] * 56})
    bundle = Chart(px.line(frame, x="day", y="success"), "Flat")._repr_mimebundle_()

    assert len(json.dumps(bundle[PLOTLY_MIME])) < 5_000
    assert len(json.dumps(bundle)) < 14_000


def test_table_twin_holds_every_point() -> None:
    """The table taken from the figure has one row a day and one column a series."""
    table = Chart(_figure(), "Card success halved").table()

    assert table.columns == ("day", "success")
    assert table.rows[7] == ("2025-03-31", 0.42)
    assert len(table.rows) == 14


def test_series_apart_are_listed() -> None:
    """Series with their own x values are listed one after another with their names."""
    figure = go.Figure([go.Scatter(x=[1, 2], y=[3, 4], name="a"), go.Scatter(x=[5], y=[6], name="b")])
    figure.update_layout(xaxis_title="day")

    table = Chart(figure, "Two").table()

    assert table == Table(("series", "day", "y"), (("a", 1, 3), ("a", 2, 4), ("b", 5, 6)))


def test_frame_may_be_the_table() -> None:
    """A DataFrame given as table is shown, its missing values as a dash."""
    frame = pd.DataFrame({"day": ["Mon", "Tue"], "success_7d": [float("nan"), 0.5]})

    text = Chart(_figure(), "words", frame).text()

    assert "Mon  –" in text


def test_words_are_escaped() -> None:
    """Words and data never become mark-up."""
    chart = Chart(go.Figure(go.Scatter(x=["<b>"], y=[1])), "a <script> & b")

    assert "<script>" not in chart.html()
    assert "&lt;b&gt;" in chart.html()


def test_standalone_page_needs_no_network() -> None:
    """The page carries plotly itself and loads nothing."""
    page = Chart(_figure(), "Card success halved").standalone_html()

    assert page.startswith("<!doctype html>")
    assert not re.search(r"<(script|link|img)[^>]+(src|href)=", page)
    assert "Card success halved" in page


def test_chart_refuses_what_is_none() -> None:
    """A DataFrame passed as the figure is refused with words."""
    with pytest.raises(ValueError, match="Pass a plotly figure"):
        Chart(DAILY, "words")


@pytest.mark.parametrize(
    "table",
    [5, "x", b"", {"a": [1]}, [1], pd.Series([1]), pd.DataFrame, pd.NA, float("nan")],
    ids=lambda table: type(table).__name__,
)
def test_chart_refuses_odd_table(table: object) -> None:
    """What is no table is refused when the chart is made, not when it is shown."""
    with pytest.raises(ValueError, match="Pass a DataFrame, or leave it out"):
        Chart(_figure(), "words", table)
