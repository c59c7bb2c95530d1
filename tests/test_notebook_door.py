"""The learner's door in plain Python: every method shows text, keeps a record and never raises for a slip."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator

import pandas as pd
import plotly.graph_objects as go
import pytest

from casekit.errors import AuthorError, Problem, UnknownName, UsageError
from casekit.library import load_case, load_key
from casekit.notebook import CaseDoor, board, open_case
from casekit.notebook.screen import learner_words
from casekit.progress import Store

SLUG = "checkout-drop"
ANSWER = load_key(load_case(SLUG), "weekly-conversion").reference
FAN_OUT = next(
    t for t in load_key(load_case(SLUG), "weekly-conversion").traps if t.tag == "fanout"
).submission


@pytest.fixture
def home(tmp_path, monkeypatch):
    """A candidate nobody has seen before."""
    monkeypatch.setenv("CASEKIT_HOME", str(tmp_path))
    return tmp_path


@pytest.fixture
def case(home, capsys) -> Iterator[CaseDoor]:
    """The case, open, with nothing on the screen yet."""
    door = open_case(SLUG, size="small")
    capsys.readouterr()
    yield door
    door.close()


@pytest.fixture
def screen(capsys):
    """What was shown since the last look."""
    return lambda: capsys.readouterr().out


def _attempts() -> list[tuple[str, str]]:
    with Store() as store:
        return [(row.exercise, row.status) for row in store.attempts(SLUG)]


def _kinds() -> list[str]:
    with Store() as store:
        return [event.kind for event in store.events(SLUG)]


# --- opening -------------------------------------------------------------------------------


def test_opening_greets(home, screen) -> None:
    """A first opening tells title, length, data and how to begin."""
    open_case(SLUG, size="small").close()
    shown = screen()

    assert "Checkout drop" in shown
    assert "45 minutes" in shown
    assert "5 tables" in shown
    assert "none tried yet" in shown


def test_opening_restores(case, screen) -> None:
    """A second opening knows what was solved and what comes next."""
    case.check("weekly-conversion", ANSWER)
    open_case(SLUG, size="small").close()
    shown = screen()

    assert "Welcome back: 1 of 13 exercises solved, 1 tried" in shown
    assert "checked" in shown


def test_unknown_case_is_named(home) -> None:
    """A case that does not exist is the one slip that raises, with near misses and a one-line traceback."""
    with pytest.raises(UnknownName, match="Did you mean 'checkout-drop'") as caught:
        open_case("checkout-dorp")

    assert caught.value._render_traceback_() == [f"UnknownName: {caught.value}"]


def test_opening_stays_light() -> None:
    """Opening a case imports neither pandas nor plotly nor ipywidgets nor what builds notebooks."""
    heavy = {"pandas", "plotly", "ipywidgets", "nbformat", "jsonschema", "nbconvert", "jinja2", "papermill"}
    code = (
        f"import sys, casekit; casekit.open_case('{SLUG}', size='small'); print({heavy} & set(sys.modules))"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert ran.stdout.splitlines()[-1] == "set()"


# --- handing in ----------------------------------------------------------------------------


def test_right_query_is_kept(case, screen) -> None:
    """A right answer shows result and verdict, names unlocked exhibits, and is recorded."""
    case.run_cell("weekly-conversion", ANSWER)
    shown = screen()

    assert case.last.status == "correct"
    assert "conv_percent" in shown
    assert "[✓ Correct] weekly-conversion" in shown
    assert _attempts() == [("weekly-conversion", "correct")]


def test_trap_gets_its_words(case, screen) -> None:
    """A known mistake shows its own words and is recorded with its tag."""
    case.run_cell("weekly-conversion", FAN_OUT)

    assert case.last.tag == "fanout"
    assert "[▲ Known mistake]" in screen()
    assert _attempts() == [("weekly-conversion", "trap")]


@pytest.mark.parametrize("cell", ["", "-- comment only", "/* nothing */ ;", "..."])
def test_blank_cell_is_no_attempt(case, screen, cell) -> None:
    """An empty answer is not attempted and leaves no record."""
    case.run_cell("weekly-conversion", cell)

    assert "[○ Not attempted]" in screen()
    assert _attempts() == []
    assert "data-opened" not in _kinds()


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("weekly-conversoin", "Did you mean 'weekly-conversion'?"),
        ("hypothesis-order", "is not answered in SQL"),
        ("success-by-day", "case.check('success-by-day', answer)"),
    ],
)
def test_wrong_name_is_a_notice(case, screen, line, expected) -> None:
    """A cell for an exercise that does not exist, or is no SQL, gets words instead of a traceback."""
    case.run_cell(line, "SELECT 1")

    assert expected in screen()
    assert _attempts() == []


def test_code_of_exercise_works(case) -> None:
    """E01 is as good as the name."""
    case.check("e01", ANSWER)

    assert case.last.status == "correct"


def test_numbers_come_by_name(case, screen) -> None:
    """Numbers are handed in by name, as a query, or in a DataFrame's row."""
    reference = load_key(load_case(SLUG), "bug-cost").reference
    row = case.sql(reference).iloc[0]
    case.check("bug-cost", **{str(name): row[name] for name in row.index})
    by_name = case.last.status
    case.check("bug-cost", reference)
    by_query = case.last.status
    case.run_cell("bug-cost", reference)

    assert ["correct"] * 3 == [by_name, by_query, case.last.status]


def test_stray_numbers_are_refused(case, screen) -> None:
    """A number by name where none is asked for is explained."""
    case.check("weekly-conversion", sessions=3)

    assert "takes no sessions=" in screen()
    assert case.last is None


@pytest.mark.parametrize(
    "value", [None, 3, [], {}, object(), pd.Series([1]), pd.DataFrame({"a": [[1], {}]}), float("nan"), b"x"]
)
@pytest.mark.parametrize(
    "exercise",
    ["weekly-conversion", "success-by-day", "hypothesis-order", "deciding-exhibit", "recommendation"],
)
def test_odd_values_never_raise(case, screen, exercise, value) -> None:
    """Whatever is handed in, a verdict comes back."""
    case.check(exercise, value)

    assert case.last.status in ("wrong", "not attempted", "not yet")
    assert exercise in screen()


def test_form_without_notebook_prints(case, screen) -> None:
    """Without a notebook the form is a list of ids, and the verdict as it stands."""
    case.answer("hypothesis-order")
    shown = screen()

    assert "channel-mix:" in shown
    assert "[○ Not attempted] hypothesis-order" in shown


def test_cell_exercises_have_no_form(case, screen) -> None:
    """Asking for the form of a query says how to hand it in."""
    case.answer("weekly-conversion")

    assert "Begin a cell with `%%sql weekly-conversion`" in screen()


# --- the data ------------------------------------------------------------------------------


def test_exploring_shows_table(case, screen) -> None:
    """A query without a name shows its rows and is no attempt."""
    case.run_cell("", "SELECT count(*) AS n FROM app_releases")

    assert "n\n-\n5" in screen()
    assert _attempts() == []


def test_failed_query_is_explained(case, screen) -> None:
    """A slip in a query shows where, and the nearest name."""
    case.run_cell("", "SELECT * FROM sesions")
    shown = screen()

    assert "sessions" in shown
    assert "LINE 1" in shown


def test_own_view_lives_on(case, screen) -> None:
    """A view made in a cell can be queried, read as a frame and completed."""
    case.run_cell("", "CREATE VIEW web AS SELECT session_id FROM sessions WHERE platform = 'web'")
    case.run_cell("", "SELECT count(*) AS n FROM web")

    assert "[✓ Done]" in screen()
    assert case._desk.schema()["web"] == [("session_id", "bigint")]
    assert list(case.df("web").columns) == ["session_id"]


def test_data_cannot_be_harmed(case, screen) -> None:
    """Changing the data is refused in words, and the data stays."""
    case.run_cell("", "DROP TABLE ds.orders")
    case.run_cell("", "SELECT count(*) > 0 AS there FROM orders")

    assert "true" in screen()


def test_frame_has_plain_text(case) -> None:
    """Text columns come as text unless categories are asked for; missing values stay missing."""
    events = case.df("Checkout_Events")
    small = case.df("sessions", text="category")

    assert str(events.dtypes["event_name"]) == "str"
    assert events["error_code"].isna().any()
    assert str(small.dtypes["platform"]) == "category"
    assert str(small.dtypes["started_at"]).startswith("datetime64")


def test_unknown_table_is_a_notice(case, screen) -> None:
    """A table that does not exist gives near misses and no frame."""
    assert case.df("order") is None
    assert "Did you mean 'orders'" in screen()


def test_query_frame_has_duckdb_types(case, screen) -> None:
    """Dates are timestamps, decimals are floats, two columns may share a name; a failed query gives None."""
    frame = case.sql("SELECT DATE '2025-03-03' AS d, 1.50::DECIMAL(5,2) AS x, NULL AS gone, 1 AS a, 2 AS a")

    assert [str(kind)[:8] for kind in frame.dtypes] == ["datetime", "float64", "object", "int64", "int64"]
    assert case.sql("SELEC 1") is None
    assert "Did not run" in screen()


def test_tables_are_described(case, screen) -> None:
    """Each table has grain, size, columns, values that occur, and first rows."""
    case.tables()
    shown = screen()

    assert "sessions – one row per session" in shown
    assert "Values: android, ios, web" in shown
    assert shown.count("First rows:") == 5


def test_chart_is_one_bundle(case, screen) -> None:
    """A figure becomes a chart; what is no figure gets words."""
    chart = case.chart(go.Figure(go.Scatter(x=[1, 2, 3], y=[1, 2, 4])), "It rises.")

    assert "[chart] It rises." in str(chart)
    assert case.chart("no figure", "words") is None
    assert "Pass a plotly figure" in screen()


# --- help ----------------------------------------------------------------------------------


def test_hints_come_in_order(case, screen) -> None:
    """The idea comes first, the skeleton next, then all again; two are recorded."""
    hints = load_case(SLUG).exercises[0].hints
    for expected in ("Hint 1 of 2", "Hint 2 of 2", "That was all", "That was all"):
        case.hint("weekly-conversion")
        assert expected in screen()

    case.check("weekly-conversion", ANSWER)
    with Store() as store:
        assert store.attempts(SLUG)[0].hints_used == len(hints)


def test_solution_waits_for_attempt(case, screen) -> None:
    """A solution opens after an attempt, right or wrong, or on purpose."""
    case.solution("weekly-conversion")
    assert "opens after your first attempt" in screen()

    case.check("weekly-conversion", "SELECT 1 AS a")
    case.solution("weekly-conversion")
    assert "SELECT DISTINCT session_id" in screen()


@pytest.mark.parametrize("exercise", [one.id for one in load_case(SLUG).exercises])
def test_every_solution_shows(case, screen, exercise) -> None:
    """Each kind of exercise has a solution that can be read, with no mark left unfilled."""
    case.solution(exercise, anyway=True)
    shown = screen()

    assert f"[● Solution] {exercise}" in shown
    if exercise == "recommendation":
        assert "{" not in shown


def test_self_score_stands_beside(case, screen) -> None:
    """Own points are given blind, checked, kept, and then shown beside the judge's."""
    key = load_key(load_case(SLUG), "recommendation")
    line = key.rubric[0]
    case.check("recommendation", "Roll back Android 5.2.0 today. Tobias does it by Monday.")
    screen()
    case.self_score("recommendation")
    empty = screen()
    assert "Score yourself first" in empty
    assert "Your score beside the judge's" not in empty

    case.self_score("recommendation", **{line.id: line.points})
    shown = screen()
    assert "Your score beside the judge's" in shown

    case.self_score("recommendation", **{line.id: 999})
    assert f"whole points from 0 to {line.points}" in screen()
    case.self_score("recommendation", nonsense=1)
    assert "no rubric line 'nonsense'" in screen()


# --- the interview -------------------------------------------------------------------------


def test_first_look_is_nudged_once(case, screen) -> None:
    """The first look at the data without a prediction says so, once, and locks nothing."""
    case.run_cell("", "SELECT 1 AS one")
    first = screen()
    case.df("orders")

    assert "before you have predicted" in first
    assert "one" in first
    assert "before you have predicted" not in screen()


def test_prediction_is_stamped(case, screen) -> None:
    """A prediction may change until the data opens; then it stands."""
    case.predict("up", 0.5, 1.5)
    case.predict("falls", -1.5, -0.5)
    assert "down, -1.5 to -0.5 pp" in screen()

    case.run_cell("", "SELECT 1 AS one")
    assert "before you have predicted" not in screen()
    case.predict("up", 1, 2)
    shown = screen()
    assert "Already kept" in shown
    assert "Recorded before you looked at the data" in shown


def test_late_prediction_says_so(case, screen) -> None:
    """A prediction made after the first look is stamped as late."""
    case.df("orders")
    case.predict("flat", -0.2, 0.2)

    assert "after you had looked at the data" in screen()


@pytest.mark.parametrize(
    ("made", "expected"),
    [
        (("sideways", 1, 2), "'up', 'down' or 'flat'"),
        (("up",), "needs a range"),
        (("up", float("nan"), 1), "needs a range"),
        (("down", 0.5, 1.5), "case.predict('down', -1.5, -0.5)"),
        (("up", -2, -1), "does not"),
        (("flat", 1, 2), "around 0"),
    ],
)
def test_odd_predictions_are_explained(case, screen, made, expected) -> None:
    """A prediction that cannot be meant is not recorded."""
    case.predict(*made)

    assert expected in screen()
    assert "prediction" not in _kinds()


def test_questions_cost_and_end(case, screen) -> None:
    """A question costs once, the same one again is free, and past the limit there are no more."""
    interview = load_case(SLUG).interview
    for question in interview.questions[: interview.question_limit]:
        case.ask(question.id)
    assert "0 questions left" in screen()

    case.ask(interview.questions[0].id)
    assert interview.questions[0].reveal[:30] in screen()
    case.ask(interview.questions[-1].id)
    assert "You have asked your 6 questions" in screen()
    assert _kinds().count("question") == interview.question_limit


@pytest.mark.parametrize("exhibit", [one.id for one in load_case(SLUG).interview.exhibits])
def test_exhibits_run(case, screen, exhibit) -> None:
    """Every exhibit shows a table."""
    case.exhibit(exhibit, anyway=True)
    shown = screen()

    assert f"[● Exhibit] {exhibit}" in shown
    assert "row" in shown


def test_debrief_comes_last(case, screen) -> None:
    """The debrief waits for the last exercise, then sets prediction and trail beside what happened."""
    case.debrief()
    assert "it comes last" in screen()

    case.predict("up", 0.5, 1.5)
    case.check("weekly-conversion", ANSWER)
    case.check("recommendation", "Roll back 5.2.0 today. Tobias does it by Monday.")
    screen()
    case.debrief()
    shown = screen()
    assert "You said:" in shown
    assert "`weekly-conversion`: solved (1 try)." in shown
    assert "{" not in shown


def test_progress_shows_the_way(case, screen) -> None:
    """The board counts tries, hints and points, and survives a new kernel."""
    case.hint("weekly-conversion")
    case.check("weekly-conversion", FAN_OUT)
    case.check("weekly-conversion", ANSWER)
    screen()
    case.progress()

    line = next(line for line in screen().splitlines() if line.strip().startswith("weekly-conversion"))
    assert line.split()[-6:-3] == ["Correct", "2", "1"]


def test_two_doors_share_progress(case, screen) -> None:
    """Two notebooks open at once see each other's attempts."""
    other = open_case(SLUG, size="small")
    other.check("weekly-conversion", ANSWER)
    screen()
    case.progress()
    other.close()

    assert "1 of 13 solved" in screen()


def test_own_view_is_explained(case, screen) -> None:
    """A view made while exploring is not there for an answer, and the words say to put it into a WITH."""
    case.run_cell("", "CREATE VIEW weekly AS SELECT date_trunc('week', started_at) AS week FROM sessions")
    screen()
    case.run_cell("weekly-conversion", "SELECT * FROM weekly")
    assert "WITH" in screen()


def test_chart_is_shown_with_verdict(case, screen) -> None:
    """A chart that is handed in is shown above its verdict, right or not; what is no chart is told."""
    figure = {"data": [{"type": "scatter", "mode": "lines", "x": [1, 2], "y": [0.5, 0.4]}], "layout": {}}
    frame = case.sql("SELECT 1 AS day")
    screen()
    case.check("success-by-day", frame, chart=figure)
    shown = screen()
    assert shown.index("[chart]") < shown.index("success-by-day")

    case.check("success-by-day", frame, chart=42)
    assert "[chart]" not in screen()


# --- what should never have been passed ----------------------------------------------------


@pytest.mark.parametrize("query", [5, None, b"SELECT 1", [], float("nan"), pd.NA, pd.DataFrame()])
def test_odd_query_is_explained(case, screen, query) -> None:
    """What is no text is no query, and the words say what to pass."""
    assert case.sql(query) is None
    assert "Pass SQL as text: case.sql('SELECT" in screen()
    assert _kinds() == []


@pytest.mark.parametrize(
    ("args", "expected"),
    [
        ((5,), "Type its name: case.df('sessions')"),
        ((None,), "None names no table"),
        ((pd.DataFrame(),), "A value of type DataFrame names no table"),
        (("orders", pd.NA), "Type text='str' or text='category'"),
        (("orders", []), "Type text='str' or text='category'"),
        (("orders", "cat"), "Text columns do not come as 'cat'"),
    ],
)
def test_odd_frame_is_explained(case, screen, args, expected) -> None:
    """A table is named as text, and its text comes in one of two ways."""
    assert case.df(*args) is None
    assert expected in " ".join(screen().split())
    assert _kinds() == []


@pytest.mark.parametrize("anyway", [None, 1, "yes", pd.NA, pd.DataFrame()])
def test_anyway_is_yes_or_no(case, screen, anyway) -> None:
    """Solutions and the debrief open on a clear yes alone."""
    case.debrief(anyway)
    case.solution("weekly-conversion", anyway)

    assert screen().count("Type anyway=True, or leave it out.") == 2
    assert _kinds() == []


@pytest.mark.parametrize("table", [5, "x", pd.DataFrame, pd.Series([1])])
def test_odd_chart_table_is_explained(case, screen, table) -> None:
    """A chart whose data is no table is told at once."""
    assert case.chart(go.Figure(go.Scatter(x=[1, 2], y=[1, 2])), "words", table) is None
    assert "Pass a DataFrame, or leave it out" in screen()


@pytest.mark.parametrize("slug", [None, [], 5, pd.NA])
def test_odd_case_name_is_explained(home, slug) -> None:
    """A case is named as text; the words name those there are."""
    with pytest.raises(UsageError, match=f"names no case.*There is: .*{SLUG}") as caught:
        open_case(slug)

    assert caught.value._render_traceback_() == [f"UsageError: {caught.value}"]


@pytest.mark.parametrize(
    ("options", "kind", "expected"),
    [
        ({"seed": "7"}, UsageError, "Type seed=7; you gave '7'"),
        ({"seed": True}, UsageError, "Type seed=7; you gave True"),
        ({"seed": -1}, UsageError, "from 0 up"),
        ({"seed": None}, UsageError, "you gave None"),
        ({"seed": pd.DataFrame()}, UsageError, "a value of type DataFrame"),
        ({"size": 5}, UnknownName, "There is: "),
        ({"size": "smal"}, UnknownName, "Did you mean 'small'"),
    ],
)
def test_odd_data_is_not_built(home, monkeypatch, options, kind, expected) -> None:
    """A seed or size that is none is refused before anything is written."""
    monkeypatch.setenv("CASEKIT_DATA", str(home / "data"))

    with pytest.raises(kind, match=expected):
        open_case(SLUG, **options)
    assert not (home / "data").exists()


@pytest.mark.parametrize("direction", ["up", "down", "flat"])
def test_untouched_range_is_asked_for(case, screen, direction) -> None:
    """A range that is a single point, as in a form nobody touched, is no prediction."""
    case.predict(direction, 0.0, 0.0)

    assert "0 to 0 is a point, not a range. Give a lower and a higher number" in " ".join(
        screen().replace("- ", "").split()
    )
    assert "prediction" not in _kinds()


def test_range_ends_are_finite(case, screen) -> None:
    """A range without an end is no range."""
    case.predict("up", 1, float("inf"))
    case.predict("up", 1, 10**5_000)

    assert screen().count("needs a range") == 2


# --- one record a kernel -------------------------------------------------------------------


def test_unsaved_progress_is_shared(tmp_path, monkeypatch, screen) -> None:
    """Where progress cannot be saved, the board, both doors and a door opened later tell the same story."""
    (tmp_path / "file").write_text("no folder")
    monkeypatch.setenv("CASEKIT_HOME", str(tmp_path / "file"))
    first, second = open_case(SLUG, size="small"), open_case(SLUG, size="small", seed=8)
    first.check("weekly-conversion", ANSWER)
    first.close()
    screen()
    second.progress()
    board()
    second.close()
    shown = screen()

    assert "1 of 13 solved" in shown
    assert "1 of 13 " in shown[shown.index("Your cases") :]
    open_case(SLUG, size="small").close()
    assert "Welcome back: 1 of 13 exercises solved" in screen()


def test_deleted_record_begins_anew(home, screen) -> None:
    """Who deletes the progress file and opens the case again begins anew, in a file that is kept."""
    door = open_case(SLUG, size="small")
    door.check("weekly-conversion", ANSWER)
    door.close()
    for file in home.glob("progress.sqlite3*"):
        file.unlink()
    screen()
    open_case(SLUG, size="small").close()

    assert "A fresh start" in screen()
    assert (home / "progress.sqlite3").is_file()


def test_author_error_keeps_lines(capsys) -> None:
    """What an author broke is shown with its lines as they came."""
    with learner_words():
        raise AuthorError("toy", [Problem("a.sql", "one", "", "does not run\nLINE 1: x\n        ^")])
    lines = capsys.readouterr().out.splitlines()
    place = next(i for i, line in enumerate(lines) if "LINE 1: x" in line)

    assert lines[place].index("x") == lines[place + 1].index("^")
    assert any("Nothing is counted against you" in line for line in lines)


def test_earned_exhibit_waits(case, screen) -> None:
    """An exhibit that an answer earns opens with that answer, or on purpose."""
    case.exhibit("error-codes")
    assert "isolate-failure" in screen()
    case.exhibit("error-codes", anyway=True)
    assert "THREEDS_TIMEOUT" in screen()


def test_failed_query_is_no_try(case, screen) -> None:
    """A query that did not run is named so and counts as no try."""
    case.run_cell("weekly-conversion", "SELEC 1")
    assert "Did not run" in screen()
    case.run_cell("weekly-conversion", "SELECT 1 AS week")
    screen()
    case.progress()
    line = next(line for line in screen().splitlines() if "weekly-conversion" in line)
    assert line.split()[4] == "1"


def test_missing_name_is_told(case, screen) -> None:
    """A call without the exercise's name lists the exercises instead of raising."""
    for call in (case.hint, case.solution, case.check, case.answer, case.self_score):
        call()
        assert "weekly-conversion" in screen()


def test_memo_points_are_put_in_scale(case, screen) -> None:
    """A memo's rubric has 100 points; the verdict says what they count for in the case."""
    case.check("recommendation", "Switch off the card kit in Android 5.2.0 today. Tobias does it by Monday.")
    assert "of 16 points" in screen()
