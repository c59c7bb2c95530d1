"""Bad input gets a clear message, loses nothing, and the next answer is judged as usual."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from casekit.judge import Bench, judge
from casekit.library import load_case, load_key
from casekit.model import Answer
from casekit.world import ensure_dataset

SLUG = "checkout-drop"


@pytest.fixture(scope="module")
def bench():
    """The case's bench."""
    case = load_case(SLUG)
    made = Bench(case, ensure_dataset(Path(case.folder), SLUG).path)
    yield made
    made.close()


def verdict_on(bench: Bench, id_: str, value: object, **more):
    """The verdict on one answer."""
    exercise = next(exercise for exercise in bench.case.exercises if exercise.id == id_)
    return judge(exercise, load_key(bench.case, id_), Answer(value, **more), bench)


def frame(bench: Bench) -> pd.DataFrame:
    """The right daily table, as a candidate would have it."""
    reference = bench.reference(load_key(bench.case, "success-by-day"))
    return pd.DataFrame([list(row) for row in reference.rows], columns=list(reference.columns))


SQL = {
    "does not parse": ("SELEC week FROM sessions", "read"),
    "open parenthesis": ("SELECT (1 FROM sessions", "read"),
    "two statements": ("SELECT 1; SELECT 2", "one statement"),
    "drop": ("DROP TABLE orders", "one SELECT"),
    "delete": ("DELETE FROM orders", "one SELECT"),
    "delete in a CTE": ("WITH d AS (DELETE FROM orders RETURNING *) SELECT * FROM d", ""),
    "copy": ("COPY orders TO 'orders.csv'", "one SELECT"),
    "attach": ("ATTACH 'other.duckdb' AS other", "one SELECT"),
    "read a file": ("SELECT * FROM read_csv('/etc/passwd')", ""),
    "file as table": ("SELECT * FROM '/etc/passwd'", ""),
    "settings": ("SET threads = 64", "one SELECT"),
    "install": ("INSTALL httpfs", "one SELECT"),
    "unknown table": ("SELECT * FROM session", "does not exist"),
    "unknown column": ("SELECT sesion_id FROM sessions", "does not exist"),
    "huge result": (
        "SELECT a.session_id AS week, 1 sessions, 1 converting, 1 conv_percent FROM sessions a, orders",
        "more than",
    ),
    "NUL": ("SELECT 1\0", ""),
    "lone surrogate": ("SELECT '\udc80'", ""),
}


@pytest.mark.parametrize("name", SQL)
def test_bad_sql_is_explained(bench, name):
    """SQL that cannot be an answer is wrong with words, harms nothing, and the next answer works."""
    sql, words = SQL[name]
    verdict = verdict_on(bench, "weekly-conversion", sql, sql=True)
    right = load_key(bench.case, "weekly-conversion").reference
    assert verdict.status == "wrong"
    assert words in verdict.headline
    assert "Traceback" not in "".join(verdict.points)
    assert verdict_on(bench, "weekly-conversion", right, sql=True).status == "correct"


@pytest.mark.parametrize(
    "endless",
    [
        "WITH RECURSIVE t(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM t) SELECT max(n) FROM t",
        "SELECT count(*) FROM range(1000000000000) a, range(1000000000000) b",
        "SELECT levenshtein(repeat('a', 500000), repeat('b', 500000))",
    ],
)
def test_endless_query_is_stopped(bench, endless):
    """A query that never ends is stopped, and the next answer is judged."""
    verdict = verdict_on(bench, "weekly-conversion", endless, sql=True)
    right = load_key(bench.case, "weekly-conversion").reference
    assert (verdict.status, "stopped" in verdict.headline) == ("wrong", True)
    assert verdict_on(bench, "weekly-conversion", right, sql=True).status == "correct"


def test_misspelt_names_are_suggested(bench):
    """An unknown table or column gets the name that was probably meant."""
    table = verdict_on(bench, "weekly-conversion", "SELECT * FROM session", sql=True)
    column = verdict_on(bench, "weekly-conversion", "SELECT sesion_id FROM sessions", sql=True)
    assert any("sessions" in line for line in table.points)
    assert any("session_id" in line for line in column.points)


FRAMES = {
    "a Series": (lambda daily: daily.iloc[:, -1], "Series"),
    "a scalar": (lambda _: 0.42, "single value 0.42"),
    "text": (lambda _: "daily", "single value"),
    "a list": (lambda _: [1, 2], "list"),
    "a dict": (lambda _: {"day": [1]}, "dict"),
    "duplicate columns": (lambda daily: pd.concat([daily, daily.iloc[:, :1]], axis=1), "more than once"),
    "nested values": (lambda daily: daily.assign(success_share=[[1]] * len(daily)), "list in a cell"),
    "a dict in a cell": (lambda daily: daily.assign(success_share=[{"a": 1}] * len(daily)), "dict in a cell"),
    "an array in a cell": (
        lambda daily: daily.assign(success_share=[np.ones(2)] * len(daily)),
        "ndarray in a cell",
    ),
    "levels of columns": (lambda daily: daily.set_axis([[*"abcd"], [*"efgh"]], axis=1), "several levels"),
    "no rows": (lambda daily: daily.iloc[:0], "You have 0 rows"),
    "no columns": (lambda _: pd.DataFrame(), "cannot be found"),
    "all missing": (lambda daily: daily.assign(success_share=np.nan), "success_share"),
    "infinity": (lambda daily: daily.assign(success_share=np.inf), "too high"),
    "the wrong column": (lambda daily: daily.drop(columns="success_share"), "success_share"),
    "numbers as text": (
        lambda daily: daily.assign(success_share=daily.success_share.astype(str)),
        "are text",
    ),
    "a million rows": (lambda daily: pd.concat([daily] * 20_000, ignore_index=True), "rows"),
}


@pytest.mark.parametrize("name", FRAMES)
def test_bad_frames_are_explained(bench, name):
    """Whatever is passed for a table, the message says what it is and what differs."""
    make, words = FRAMES[name]
    verdict = verdict_on(bench, "success-by-day", make(frame(bench)))
    assert verdict.status == "wrong"
    assert words in verdict.headline


@pytest.mark.parametrize(
    "make",
    [
        lambda daily: daily,
        lambda daily: daily.set_index("day"),
        lambda daily: daily.sample(frac=1, random_state=1),
        lambda daily: daily.assign(day=pd.to_datetime(daily.day)).set_index("day"),
        lambda daily: daily.assign(day=pd.to_datetime(daily.day)).set_index("day").rename_axis(None),
        lambda daily: daily.convert_dtypes(),
        lambda daily: daily.astype({"attempts": "float32"}),
    ],
)
def test_good_frames_pass(bench, make):
    """A right table passes with its key in the index, shuffled, in other dtypes; the chart is missing."""
    verdict = verdict_on(bench, "success-by-day", make(frame(bench)))
    assert (verdict.status, verdict.headline) == (
        "not yet",
        "The table is right; the chart is still missing.",
    )


@pytest.mark.parametrize(
    ("value", "status", "words"),
    [
        ({"lost_orders": 1}, "not attempted", "lost_eur"),
        ({"lost_orders": float("nan"), "lost_eur": 1}, "wrong", "NaN"),
        ({"lost_orders": float("inf"), "lost_eur": 1}, "wrong", "infinite"),
        ({"lost_orders": "425", "lost_eur": "25,600"}, "wrong", "text"),
        ({"lost_orders": True, "lost_eur": 1}, "wrong", "bool"),
        ({"lost_orders": [1], "lost_eur": 1}, "wrong", "list"),
        (425, "wrong", "by name"),
        ([425, 25_600], "wrong", "by name"),
        ({"lost_orders": -(10**30), "lost_eur": 10**30}, "wrong", "too low"),
        ({"lost_orders": 10**400, "lost_eur": 1}, "wrong", "beyond every number"),
        ({"lost_orders": Decimal("sNaN"), "lost_eur": 1}, "wrong", "beyond every number"),
        ({"lost_orders": pd.Series([1, 2]), "lost_eur": 1}, "wrong", "of type Series"),
        ({"orders": 436, "eur": 26_000, "note": "x"}, "wrong", "lost_orders and lost_eur cannot be found"),
        ({"lost_orders": 436, "lost_money": 26_000}, "wrong", "lost_eur cannot be found"),
    ],
)
def test_bad_numbers_are_explained(bench, value, status, words):
    """Numbers that are missing, text, NaN or infinite are named one by one."""
    verdict = verdict_on(bench, "bug-cost", value)
    assert verdict.status == status
    assert words in verdict.headline


def test_numpy_numbers_pass(bench):
    """Numbers straight out of pandas and NumPy are numbers, whatever their type."""
    key = load_key(bench.case, "bug-cost")
    reference = bench.reference(key)
    right = {
        name: np.float64(value) for name, value in zip(reference.columns, reference.rows[0], strict=True)
    }
    for kind in (np.float64, np.float32, np.int64, np.int32, np.array, lambda value: pd.Series([value])):
        typed = {name: kind(value) for name, value in right.items()}
        assert verdict_on(bench, "bug-cost", typed).status == "correct"
    assert verdict_on(bench, "bug-cost", pd.DataFrame([right])).status == "correct"


@pytest.mark.parametrize(
    ("id_", "value", "words"),
    [
        ("deciding-exhibit", "trafic", "Did you mean 'traffic'?"),
        ("deciding-exhibit", 7, "There is no option"),
        ("deciding-exhibit", ["a", "b"], "There is no option"),
        ("hypothesis-order", ["a", "b"], "There is no card"),
        ("hypothesis-order", 5, "missing"),
        ("hypothesis-order", [None] * 8, "There is no card"),
        ("hypothesis-order", pd.DataFrame({"card": ["release"]}), "card"),
        ("deciding-exhibit", pd.Series(["traffic"]), "There is no option"),
    ],
)
def test_bad_choices_are_explained(bench, id_, value, words):
    """An option or card that does not exist is told, and nothing counts as an attempt gone wrong."""
    verdict = verdict_on(bench, id_, value)
    assert verdict.status == "not attempted"
    assert words in verdict.headline


@pytest.mark.parametrize(
    ("text", "status"),
    [
        ("word " * 10_000, "not yet"),
        ("5.2.0 % €" * 3_000, "not yet"),
        ("\0\n" * 4_000 + "x", "not yet"),
        ("🙂" * 5_000, "not attempted"),
        ("(((" * 9_000, "not attempted"),
    ],
)
def test_huge_memo_is_judged(bench, text, status):
    """Ten thousand words are judged, and signs without words are no memo; nothing crashes."""
    assert verdict_on(bench, "recommendation", text).status == status


@pytest.mark.parametrize("value", [180, ["memo"], {"memo": "x"}, dt.date(2025, 4, 28)])
def test_memo_must_be_text(bench, value):
    """A memo that is no text is told so."""
    assert verdict_on(bench, "recommendation", value).status in ("wrong", "not attempted")


def test_lost_dataset_is_broken(bench, tmp_path):
    """A dataset that vanished is our fault: nothing is counted, and the words say to open the case again."""
    exercise = bench.case.exercises[0]
    lost = Bench(bench.case, tmp_path / "gone.duckdb")
    verdict = judge(exercise, load_key(bench.case, exercise.id), Answer("SELECT 1", sql=True), lost)
    lost.close()
    assert verdict.status == "broken"
    assert "Open the case again" in verdict.headline


def test_misleading_condition_is_noted(bench):
    """A comparison with NULL runs and finds nothing; the verdict says why."""
    sql = "SELECT session_id AS week, 1 AS sessions, 1 AS converting, 1 AS conv_percent FROM sessions "
    verdict = verdict_on(bench, "weekly-conversion", sql + "WHERE channel = NULL", sql=True)
    assert verdict.status == "wrong"
    assert any("NULL" in note for note in verdict.notes)


@pytest.mark.parametrize("change", [lambda value: round(value, 1), lambda value: int(value * 10) / 10])
def test_coarse_answer_is_no_trap(bench, change):
    """A right answer with too few decimals is told so, and not accused of another mistake."""
    reference = bench.reference(load_key(bench.case, "first-alarm"))
    first, *numbers = reference.rows[0]
    shown = ", ".join(f"{change(float(n))} AS c{place}" for place, n in enumerate(numbers))
    verdict = verdict_on(bench, "first-alarm", f"SELECT DATE '{first}' AS d, {shown}", sql=True)
    assert (verdict.status, verdict.trap) == ("wrong", "")
    assert "decimals" in verdict.headline


@pytest.mark.parametrize(
    ("sql", "words"),
    [
        ("SELECT upper(platform) AS platform, app_version FROM ({})", "only in letter case"),
        ("SELECT length(platform::VARCHAR) AS platform, app_version FROM ({})", "another type"),
    ],
)
def test_near_keys_are_named(bench, sql, words):
    """Keys that differ in letter case or type are told so, instead of being missing rows."""
    reference = load_key(bench.case, "latest-version").reference
    verdict = verdict_on(bench, "latest-version", sql.format(reference), sql=True)
    assert words in " ".join(verdict.points)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"range": [0, 0.3]}, "end where a rate can end"),
        ({"range": [0, 100]}, "end where a rate can end"),
        ({"range": [0.4, 1]}, "Start the y axis at 0"),
        ({}, "Start the y axis at 0"),
    ],
)
def test_axis_must_be_whole(bench, change, words):
    """A rate's axis runs from nothing to everything: neither cut off nor blown up."""
    verdict = verdict_on(bench, "success-by-day", frame(bench), chart=figure(bench, change))
    assert words in " ".join(verdict.points)


def figure(
    bench: Bench, axis: dict, markers: tuple[str, ...] = ("2025-04-01", "2025-04-03", "2025-04-07")
) -> dict:
    """A chart of the right table with the given y axis and markers."""
    daily = frame(bench)
    line = {
        "type": "scatter",
        "mode": "lines",
        "x": daily.iloc[:, 0].tolist(),
        "y": daily.iloc[:, -1].tolist(),
    }
    shapes = [{"type": "line", "x0": day, "x1": day, "y0": 0, "y1": 1} for day in markers]
    title = "Android card payments fail more often with every step of 5.2.0"
    return {"data": [line], "layout": {"yaxis": axis, "shapes": shapes, "title": {"text": title}}}


def test_each_marker_needs_line(bench):
    """Two lines cannot mark three dates, however near they are."""
    two = figure(bench, {"range": [0, 1]}, ("2025-04-02", "2025-04-07"))
    three = figure(bench, {"range": [0, 1]})
    assert "2 of them" in " ".join(verdict_on(bench, "success-by-day", frame(bench), chart=two).points)
    assert verdict_on(bench, "success-by-day", frame(bench), chart=three).status == "correct"
