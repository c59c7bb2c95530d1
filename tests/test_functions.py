"""A function handed in for a DataFrame: right ones pass, lucky ones meet rows that show their mistake."""

from __future__ import annotations

import functools
import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace

import duckdb
import pandas as pd
import pytest

from casekit.judge import Bench, judge
from casekit.judge.analysis import THIS_DATA_ALONE
from casekit.judge.functions.calling import is_function
from casekit.judge.functions.judging import NOT_YET
from casekit.library import case_folder, find_exercise, load_case, load_key
from casekit.model import Answer, Column, Exercise, Verdict
from casekit.model.keys import CodeKey
from casekit.notebook.answering import submission_text
from casekit.show import VerdictView
from casekit.world import ensure_dataset

CASE = load_case("checkout-drop")
ASKED = find_exercise(CASE, "success-by-day")
TABLE_ONLY = replace(ASKED, chart=None)
KEY = load_key(CASE, "success-by-day")

BY_METHOD = Exercise(
    "events-by-method",
    "E99",
    "pandas",
    "Events by method",
    "analyse",
    (),
    1,
    1,
    4,
    "How many events are there of each payment method?",
    (),
    grain="one row per method",
    columns=(Column("payment_method", "text", "the method"), Column("events", "integer", "events")),
    key=("payment_method",),
)
BY_METHOD_KEY = CodeKey(
    "python",
    'answer = checkout_events.groupby("payment_method", dropna=False).size().reset_index(name="events")',
    "",
    (),
)


def daily(sessions: pd.DataFrame, checkout_events: pd.DataFrame, orders: pd.DataFrame) -> pd.DataFrame:
    """The reference of the exercise as a function."""
    pay = checkout_events[
        (checkout_events["event_name"] == "add_payment") & (checkout_events["payment_method"] == "card")
    ]
    android = sessions[sessions["platform"] == "android"]
    pay = pay[["session_id"]].drop_duplicates().merge(android, on="session_id")
    pay = pay.assign(
        day=pay["started_at"].dt.normalize(), bought=pay["session_id"].isin(orders["session_id"])
    )
    days = pay.groupby("day")["bought"].agg(attempts="size", successes="sum")
    week = days.rolling(7).sum()
    days["success_share"] = days["successes"] / days["attempts"]
    days["success_7d_share"] = week["successes"] / week["attempts"]
    return days.reset_index()[["day", "attempts", "success_share", "success_7d_share"]]


def by_calendar(sessions: pd.DataFrame, checkout_events: pd.DataFrame, orders: pd.DataFrame) -> pd.DataFrame:
    """Right, but for days without any attempt, which the data does not have."""
    pay = checkout_events.query("event_name == 'add_payment' and payment_method == 'card'")
    pay = pay.merge(sessions.query("platform == 'android'"), on="session_id")
    pay = pay.assign(bought=pay["session_id"].isin(orders["session_id"]))
    days = pay.set_index("started_at").resample("D")["bought"].agg(["size", "sum"])
    week = days.rolling(7).sum()
    shares = {"success_share": days["sum"] / days["size"], "success_7d_share": week["sum"] / week["size"]}
    return days.rename(columns={"size": "attempts"}).assign(**shares).rename_axis("day").reset_index()


def by_errors(sessions: pd.DataFrame, checkout_events: pd.DataFrame) -> pd.DataFrame:
    """Right by the rules of the case: an attempt either fails or leads to an order."""
    failed = checkout_events.loc[checkout_events["event_name"] == "payment_error", "session_id"]
    return daily(sessions, checkout_events, checkout_events[~checkout_events["session_id"].isin(failed)])


def without_midnight(
    sessions: pd.DataFrame, checkout_events: pd.DataFrame, orders: pd.DataFrame
) -> pd.DataFrame:
    """The planted boundary mistake: a session at the very start of the window is lost."""
    return daily(sessions[sessions["started_at"] > "2025-03-03"], checkout_events, orders)


def without_null(checkout_events: pd.DataFrame) -> pd.DataFrame:
    """The planted NULL mistake: pandas leaves NULL out of the groups."""
    return checkout_events.groupby("payment_method").size().reset_index(name="events")


def stops_at_null(checkout_events: pd.DataFrame) -> pd.DataFrame:
    """Right on data without NULL; a missing method has no length."""
    checkout_events["length"] = [len(method) for method in checkout_events["payment_method"]]
    return checkout_events.groupby("payment_method").size().reset_index(name="events")


@pytest.fixture(scope="module")
def bench() -> Iterator[Bench]:
    made = Bench(CASE, ensure_dataset(case_folder(CASE.slug), CASE.slug).path)
    yield made
    made.close()


@pytest.fixture(scope="module")
def bench_without_null(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bench]:
    """The case on data in which every event happens to have a payment method."""
    path = tmp_path_factory.mktemp("full") / "full.duckdb"
    shutil.copy(ensure_dataset(case_folder(CASE.slug), CASE.slug, size="tiny").path, path)
    with duckdb.connect(path) as con:
        con.execute("DELETE FROM checkout_events WHERE payment_method IS NULL")
    made = Bench(CASE, path)
    yield made
    made.close()


def verdict_on(function: object, bench: Bench, exercise: Exercise = TABLE_ONLY) -> Verdict:
    return judge(exercise, KEY, Answer(function), bench)


@pytest.mark.parametrize("function", [daily, by_errors, by_calendar])
def test_right_function_passes(bench: Bench, function: Callable[..., object]):
    """What is right on all data that keeps the rules is right, and the verdict says what it rests on."""
    verdict = verdict_on(function, bench)

    assert "correct" == verdict.status
    assert verdict.databases > 0
    assert verdict.counterexample is None
    assert THIS_DATA_ALONE not in verdict.notes


def test_boundary_mistake_is_shown(bench: Bench):
    """A session at midnight is lost: right on the data, and a few rows show the mistake."""
    verdict = verdict_on(without_midnight, bench)
    shown = verdict.counterexample

    assert ("not yet", NOT_YET) == (verdict.status, verdict.headline)
    assert shown is not None
    tables = dict(shown.tables)
    sessions = [dict(zip(tables["sessions"].columns, row, strict=True)) for row in tables["sessions"].rows]
    assert "2025-03-03 00:00:00" in {str(row["started_at"]) for row in sessions}
    assert max(len(table.rows) for table in tables.values()) <= 12
    assert "missing in yours" in VerdictView(verdict).text()


def test_counterexample_shows_what_is_read(bench: Bench):
    """Tables and columns that neither answer names are left out; rows belong together."""
    shown = verdict_on(without_midnight, bench).counterexample

    assert shown is not None
    tables = dict(shown.tables)
    assert {"sessions", "checkout_events", "orders"} == set(tables)
    assert ("session_id", "started_at", "platform") == tables["sessions"].columns
    ids = {row[0] for row in tables["sessions"].rows}
    assert {row[0] for row in tables["checkout_events"].rows} <= ids


def test_null_mistake_is_shown(bench_without_null: Bench):
    """Where the data at hand has no NULL, a hidden database has one."""
    verdict = judge(BY_METHOD, BY_METHOD_KEY, Answer(without_null), bench_without_null)

    assert "not yet" == verdict.status
    assert verdict.counterexample is not None
    assert any(row[0] is None for row in verdict.counterexample.expected.rows)


def test_error_on_hidden_data_is_shown(bench_without_null: Bench):
    """A function that stops on a hidden database is told the error and the line."""
    verdict = judge(BY_METHOD, BY_METHOD_KEY, Answer(stops_at_null), bench_without_null)

    assert "not yet" == verdict.status
    assert verdict.counterexample is not None
    assert isinstance(verdict.counterexample.yours, str)
    assert "TypeError" in verdict.counterexample.yours
    assert 'line 3: checkout_events["length"]' in verdict.counterexample.yours


def test_same_function_same_words(bench_without_null: Bench):
    """The same function gets the same words twice."""
    first, second = (
        judge(BY_METHOD, BY_METHOD_KEY, Answer(without_null), bench_without_null) for _ in range(2)
    )

    assert (first.headline, first.points) == (second.headline, second.points)


def test_wrong_function_is_judged_as_its_value(bench: Bench):
    """What is wrong on the data at hand gets the words that its DataFrame would get."""

    def all_methods(sessions, checkout_events, orders):
        return daily(sessions, checkout_events.assign(payment_method="card"), orders)

    frames = bench.frames()
    wanted = ("sessions", "checkout_events", "orders")
    value = all_methods(*(frames[name] for name in wanted))

    assert replace(verdict_on(value, bench), notes=()) == verdict_on(all_methods, bench)
    assert "every-method" == verdict_on(all_methods, bench).trap


def test_right_value_says_what_it_rests_on(bench: Bench):
    """A right DataFrame is told that it was judged on this data alone; a wrong one is not."""
    frames = bench.frames()
    right = daily(frames["sessions"], frames["checkout_events"], frames["orders"])
    wrong = right.assign(attempts=1)

    assert (THIS_DATA_ALONE,) == verdict_on(right, bench).notes
    assert () == verdict_on(wrong, bench).notes


def test_chart_still_counts(bench: Bench):
    """A right function without the chart that is asked for earns half."""
    verdict = verdict_on(daily, bench, ASKED)

    assert ("not yet", ASKED.points // 2) == (verdict.status, verdict.score)
    assert "chart" in verdict.headline


def raises(sessions):
    return sessions["no_such_column"]


def gives_nothing(sessions):
    len(sessions)


def gives_number(sessions):
    return sessions["user_id"].clip(upper=1).max()


def leaves(sessions):
    raise SystemExit(3)


def stopped(sessions):
    raise KeyboardInterrupt


async def later(sessions):
    return sessions


def one_by_one(sessions):
    yield sessions


SLIPS = {
    "unknown table": (lambda sesions: sesions, "Did you mean 'sessions'?"),
    "unlike any table": (lambda x: x, "The tables are"),
    "no table": (lambda: None, "takes no table"),
    "nothing": (gives_nothing, "Your function returns None. Return a DataFrame"),
    "a number": (gives_number, "returns a int64"),
    "a series": (lambda sessions: sessions["user_id"], "returns a Series"),
    "a coroutine": (later, "returns a coroutine"),
    "a generator": (one_by_one, "returns a generator"),
    "an error": (raises, "stops with an error"),
    "an exit": (leaves, "stops with an error"),
    "a stop": (stopped, "was stopped before it was done"),
    "a built-in": (len, "which tables this takes|no table of that name"),
    "a class": (pd.DataFrame, "You passed a type"),
}


@pytest.mark.parametrize("slip", SLIPS)
def test_slips_are_verdicts(bench: Bench, slip: str):
    """Whatever a function does instead of answering is a verdict with what to do, never an exception."""
    function, words = SLIPS[slip]
    verdict = verdict_on(function, bench)

    assert verdict.status in ("wrong", "not yet")
    assert any(part in verdict.headline for part in words.split("|"))


def test_error_names_its_line(bench: Bench):
    """An error comes with its message and the line of the function that it came from."""
    points = verdict_on(raises, bench).points

    assert ("KeyError: 'no_such_column'", 'In line 2: return sessions["no_such_column"]') == points
    assert "did_not_run" == verdict_on(raises, bench).tag


def test_given_frames_are_copies(bench: Bench):
    """What a function does to its frames changes nothing for anybody else."""

    def ruins(sessions, checkout_events, orders):
        answer = daily(sessions, checkout_events, orders)
        for frame in (sessions, checkout_events, orders):
            frame["session_id"] = 0
            del frame[frame.columns[-1]]
        return answer

    assert "correct" == verdict_on(ruins, bench).status
    assert "correct" == verdict_on(daily, bench).status


def test_hidden_rows_are_not_printed(bench: Bench, capsys: pytest.CaptureFixture[str]):
    """What a function prints is seen once, on the data at hand, and never from hidden data."""

    def prints(sessions, checkout_events, orders):
        print("rows:", len(sessions))  # noqa: T201
        return daily(sessions, checkout_events, orders)

    verdict = verdict_on(prints, bench)

    assert "correct" == verdict.status
    assert [f"rows: {len(bench.frames()['sessions'])}"] == capsys.readouterr().out.splitlines()


def test_stop_while_hidden_data_is_tried(bench: Bench):
    """Ctrl-C during the hidden part ends in a verdict that does not count."""
    calls = []

    def stopped_later(sessions, checkout_events, orders):
        calls.append(1)
        if len(calls) > 2:
            raise KeyboardInterrupt
        return daily(sessions, checkout_events, orders)

    verdict = verdict_on(stopped_later, bench)

    assert "did_not_run" == verdict.tag
    assert "on this data it is right" in verdict.headline


def test_outside_frames_are_named(bench: Bench):
    """A function that answers from a DataFrame outside is told its name."""
    my_orders = bench.frames()["orders"]

    def from_outside(sessions, checkout_events):
        return daily(sessions, checkout_events, my_orders)

    verdict = verdict_on(from_outside, bench)

    assert "not yet" == verdict.status
    assert "`my_orders`" in verdict.points[0]
    assert verdict.counterexample is None


@pytest.mark.parametrize(
    "function",
    [
        functools.partial(daily),
        lambda orders, sessions, checkout_events: daily(sessions, checkout_events, orders),
        lambda sessions, /, checkout_events, *, orders: daily(sessions, checkout_events, orders),
        lambda sessions, checkout_events, orders, top=99: daily(sessions, checkout_events, orders).head(top),
    ],
    ids=["partial", "lambda", "by place and by name", "default"],
)
def test_any_callable_will_do(bench: Bench, function: Callable[..., object]):
    """Partials, lambdas and every kind of parameter work; one with a default is left alone."""
    assert "correct" == verdict_on(function, bench).status


def test_attempt_keeps_the_source():
    """What is kept of a function is its text; of what has none, its name."""
    assert submission_text(raises).startswith("def raises(sessions):\n    return sessions")
    assert "partial" in submission_text(functools.partial(raises))
    assert "DataFrame (0, 0)" == submission_text(pd.DataFrame())


def test_frames_are_no_functions():
    """A DataFrame, a class and a text are not called."""
    assert [True, False, False, False] == [
        is_function(value) for value in (daily, pd.DataFrame(), pd.DataFrame, "daily")
    ]


def every_day(checkout_events, sessions, orders):
    """The right answer with days told that nobody came on, but for whoever comes at the first midnight."""
    pay = checkout_events[
        (checkout_events["event_name"] == "add_payment") & (checkout_events["payment_method"] == "card")
    ]
    android = sessions[(sessions["platform"] == "android") & (sessions["started_at"] > "2025-03-03")]
    pay = pay[["session_id"]].drop_duplicates().merge(android, on="session_id")
    pay = pay.assign(
        day=pay["started_at"].dt.normalize(), bought=pay["session_id"].isin(orders["session_id"])
    )
    daily = pay.groupby("day")["bought"].agg(attempts="size", successes="sum")
    daily = daily.reindex(pd.date_range("2025-03-03", "2025-04-27", name="day"), fill_value=0)
    last_7d = daily.rolling(7).sum()
    daily["success_share"] = daily["successes"] / daily["attempts"]
    daily["success_7d_share"] = last_7d["successes"] / last_7d["attempts"]
    return daily.reset_index()[["day", "attempts", "success_share", "success_7d_share"]]


def test_empty_days_are_not_blamed(bench: Bench):
    """Days that nobody came on are in a right answer too, so what is told is the midnight that is lost."""
    verdict = verdict_on(every_day, bench)

    assert "not yet" == verdict.status
    assert not any("does not belong" in line for line in verdict.points)
    assert "day 2025-03-03" in verdict.points[0]
