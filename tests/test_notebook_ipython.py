"""The door inside IPython: cell magics, completion, displays that carry their data."""

from __future__ import annotations

import atexit
import io
import sys
from collections.abc import Iterator
from typing import Any

import pytest
from IPython.core.displaypub import CapturingDisplayPublisher
from IPython.core.interactiveshell import InteractiveShell
from traitlets.config import Config

from casekit.library import load_case, load_key
from casekit.notebook import CaseDoor, board, list_cases, open_case
from casekit.show.verdict import VERDICT_MIME

SLUG = "checkout-drop"
ANSWER = load_key(load_case(SLUG), "weekly-conversion").reference


@pytest.fixture
def shell(tmp_path, monkeypatch) -> Iterator[InteractiveShell]:
    """A fresh IPython without history, and a candidate nobody has seen before."""
    monkeypatch.setenv("CASEKIT_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("IPYTHONDIR", str(tmp_path / "ipython"))
    quiet = Config({"HistoryManager": {"enabled": False}, "InteractiveShell": {"cache_size": 0}})
    # The shell replaces __main__ for good; whoever starts a process later needs the real one.
    monkeypatch.setitem(sys.modules, "__main__", sys.modules["__main__"])
    running = InteractiveShell.instance(config=quiet)
    running.display_pub = CapturingDisplayPublisher()
    yield running
    atexit.unregister(running.atexit_operations)
    running.atexit_operations()
    InteractiveShell.clear_instance()


@pytest.fixture
def case(shell) -> Iterator[CaseDoor]:
    """The case, open, with nothing on the screen yet."""
    door = open_case(SLUG, size="small")
    shell.display_pub.outputs.clear()
    yield door
    door.close()


def _shown(shell: InteractiveShell) -> list[dict]:
    outputs = [output["data"] for output in shell.display_pub.outputs]
    shell.display_pub.outputs.clear()
    return outputs


def _controls(data: dict) -> list[Any]:
    """Every control of the form that was displayed as *data*."""
    from ipywidgets.widgets.widget import _instances

    def inside(widget: Any) -> list[Any]:
        return [widget, *(inner for child in getattr(widget, "children", ()) for inner in inside(child))]

    return inside(_instances[data["application/vnd.jupyter.widget-view+json"]["model_id"]])


def _completed(shell: InteractiveShell, text: str) -> list[str]:
    """What the kernel's own completion gives at the end of *text*."""
    from IPython.core.completer import provisionalcompleter

    with provisionalcompleter():
        return [found.text for found in shell.Completer.completions(text, len(text))]


def test_cell_magic_judges(shell, case) -> None:
    """``%%sql exercise-id`` shows the table and one verdict, which carries its JSON."""
    shell.run_cell(f"%%sql weekly-conversion\n{ANSWER}")
    nudge, table, verdict = _shown(shell)

    assert "before you have predicted" in nudge["text/plain"]
    assert "conv_percent" in table["text/html"]
    assert verdict[VERDICT_MIME]["status"] == "correct"


def test_cell_magic_explores(shell, case) -> None:
    """``%%sql`` shows the rows of any query."""
    shell.run_cell("%%sql\nSELECT count(*) AS n FROM app_releases")

    assert "n\n-\n5" in _shown(shell)[-1]["text/plain"]


def test_magic_never_raises(shell, case) -> None:
    """A slip in a cell is a display, not an exception."""
    cells = [
        "%%sql nope\nSELECT 1",
        "%%sql\nSELEC",
        "%%sql",
        "%%sql\n-- x",
        "%%sql weekly-conversion",
        "%%sql a b c\n1",
    ]

    assert all(shell.run_cell(cell).error_in_exec is None for cell in cells)
    assert len(_shown(shell)) == len(cells) + 1


def test_check_displays_one_verdict(shell, case) -> None:
    """One call shows one verdict and returns nothing, so a cell shows it once."""
    assert case.check("weekly-conversion", ANSWER) is None
    assert [VERDICT_MIME in data for data in _shown(shell)] == [True]


@pytest.mark.parametrize("exercise", ["hypothesis-order", "deciding-exhibit", "recommendation"])
def test_form_comes_with_verdict(shell, case, exercise) -> None:
    """Below a form stands the verdict, so that a saved notebook tells where it stood."""
    case.answer(exercise)
    form, verdict = _shown(shell)

    assert "application/vnd.jupyter.widget-view+json" in form
    assert verdict[VERDICT_MIME]["status"] == "not attempted"


def test_form_restores_last_verdict(shell, case) -> None:
    """A form opened again shows the verdict on what was handed in last, without counting it again."""
    right = load_key(load_case(SLUG), "deciding-exhibit").right
    case.check("deciding-exhibit", right)
    _shown(shell)
    case.answer("deciding-exhibit")

    assert _shown(shell)[-1][VERDICT_MIME]["status"] == "correct"
    assert len(case._desk.record.attempts("deciding-exhibit")) == 1


@pytest.mark.parametrize("call", ["predict", "clarify"])
def test_interview_forms_show(shell, case, call) -> None:
    """Prediction and clarification each have a form and, below it, words that stay."""
    getattr(case, call)()
    form, words = _shown(shell)

    assert "application/vnd.jupyter.widget-view+json" in form
    assert "text/html" in words


def test_kernel_completion_knows_sql(shell, case) -> None:
    """Exercise ids, tables and columns come over IPython's own completion, and Python's stay out."""
    assert _completed(shell, "%%sql weekly") == ["weekly-conversion"]
    assert _completed(shell, "%%sql\nSELECT * FROM app_") == ["app_releases"]
    assert _completed(shell, "%%sql\nSELECT * FROM sessions s WHERE s.plat") == ["platform"]
    assert [text for text in _completed(shell, "%%sql\nSELECT zzz") if text != "zzz"] == []


def test_python_completion_is_untouched(shell, case) -> None:
    """Outside ``%%sql`` cells completion is Python's."""
    shell.user_ns["casual_name"] = 1

    assert "casual_name" in _completed(shell, "casual_n")


def test_reopening_replaces(shell, case) -> None:
    """Opening again leaves one matcher and one magic."""
    open_case(SLUG, size="small").close()
    ids = [getattr(one, "matcher_identifier", "") for one in shell.Completer.custom_matchers]

    assert ids.count("casekit_sql") == 1


def test_start_page_boards_show(shell, case) -> None:
    """The map and the progress board show every case."""
    list_cases()
    board()

    assert all("C04 Checkout drop" in data["text/plain"] for data in _shown(shell))


def test_unknown_case_has_short_traceback(shell, monkeypatch) -> None:
    """An unknown case prints one line, not a stack."""
    written = io.StringIO()
    monkeypatch.setattr("sys.stdout", written)
    shell.run_cell("import casekit.notebook\ncasekit.notebook.open_case('checkout-dorp')")

    assert "Did you mean 'checkout-drop'" in written.getvalue()
    assert "site-packages" not in written.getvalue()
    assert len(written.getvalue().splitlines()) < 4


def test_lone_case_needs_no_line(shell, case) -> None:
    """With one case open, also when its first cell ran twice, nothing is said about where a cell goes."""
    again = open_case(SLUG, size="small")
    _shown(shell)
    shell.run_cell("%%sql\nSELECT 1 AS one")
    shell.run_cell("%%sql\nSELECT 1 AS one")
    again.close()

    assert not any("opened last" in data["text/plain"] for data in _shown(shell))


def test_switch_is_told_once(shell, case) -> None:
    """After another case was opened, the first cell says where it goes, and later ones do not."""
    other = open_case(SLUG, size="small", seed=8)
    _shown(shell)
    shell.run_cell("%%sql\nSELECT 1 AS one")
    first = _shown(shell)
    shell.run_cell("%%sql\nSELECT 1 AS one")
    later = _shown(shell)
    other.close()

    expected = "`%%sql` goes to C04 checkout-drop, seed 8, size small, which was opened last."
    assert expected in " ".join(first[0]["text/plain"].split())
    assert "C04 checkout-drop, seed 7, size small" in " ".join(first[0]["text/plain"].split())
    assert not any("opened last" in data["text/plain"] for data in later)


def test_closed_case_takes_no_cell(shell, case) -> None:
    """After its case was closed a cell goes nowhere, and the words say to open a case again."""
    other = open_case(SLUG, size="small", seed=8)
    other.close()
    _shown(shell)
    shell.run_cell("%%sql weekly-conversion\nSELECT 1")
    (told,) = _shown(shell)
    words = " ".join(told["text/plain"].split())

    assert "seed 8, size small is closed, so this cell went nowhere" in words
    assert "Open a case again" in words
    assert "Still open: C04 checkout-drop, seed 7, size small" in words
    assert other.last is None
    assert case.last is None


def test_reopened_case_takes_cells(shell, case) -> None:
    """A case opened again takes cells again, without a word about the one that was closed."""
    case.close()
    again = open_case(SLUG, size="small")
    _shown(shell)
    shell.run_cell("%%sql\nSELECT count(*) AS n FROM app_releases")
    shown = _shown(shell)
    again.close()

    assert "n\n-\n5" in shown[-1]["text/plain"]
    assert not any("closed" in data["text/plain"] for data in shown)


def test_untouched_form_asks_for_range(shell, case) -> None:
    """The prediction form handed in as it opens is not recorded; it asks for direction, then for a range."""
    case.predict()
    controls = _controls(_shown(shell)[0])
    (radio,) = (one for one in controls if hasattr(one, "options"))
    (button,) = (one for one in controls if hasattr(one, "click"))
    button.click()
    radio.value = "flat"
    button.click()
    told = [data["text/plain"] for data in _shown(shell)]

    assert "Choose 'up', 'down' or 'flat'" in told[0]
    assert "is a point, not a range" in told[1]
    assert case._desk.record.prediction() is None
