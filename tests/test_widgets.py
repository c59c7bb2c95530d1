"""Forms hand plain values to whoever opened them."""

from __future__ import annotations

import subprocess
import sys

import ipywidgets as widgets
import pytest

from casekit.judge import count_words
from casekit.widgets import cards_form, choice_form, clarify_form, memo_form, predict_form
from casekit.widgets.memo import words_used

OPTIONS = [("traffic", "More traffic data"), ("issuer", "Success by <b>issuer</b>")]
CARDS = [("a", "First"), ("b", "Second"), ("c", "Third")]


def _all(form: widgets.Widget, kind: type) -> list:
    """Every widget of one kind inside a form, from the top."""
    found = [form] if isinstance(form, kind) else []
    return found + [inner for child in getattr(form, "children", ()) for inner in _all(child, kind)]


def _press(form: widgets.Widget, words: str, place: int = 0) -> None:
    buttons = [button for button in _all(form, widgets.Button) if button.description == words]
    buttons[place].click()


def _words(form: widgets.Widget) -> str:
    return " ".join(line.value for line in _all(form, widgets.HTML))


def test_choice_hands_in_id() -> None:
    """The id of the chosen option is handed in, not its text."""
    given: list[str] = []
    form = choice_form("Which?", OPTIONS, given.append)

    _all(form, widgets.RadioButtons)[0].value = "issuer"
    _press(form, "Hand in")

    assert given == ["issuer"]


def test_choice_needs_an_option() -> None:
    """Nothing is handed in before an option is chosen, and the form says so."""
    given: list[str] = []
    form = choice_form("Which?", OPTIONS, given.append)

    _press(form, "Hand in")

    assert given == []
    assert "Choose one option first" in _words(form)


def test_choice_remembers_the_last() -> None:
    """The form opens on the option chosen before; an unknown one is no choice."""
    assert _all(choice_form("?", OPTIONS, print, chosen="issuer"), widgets.RadioButtons)[0].value == "issuer"
    assert _all(choice_form("?", OPTIONS, print, chosen="gone"), widgets.RadioButtons)[0].value is None


def test_cards_move_by_buttons() -> None:
    """Up and Down move a card one place, the order is handed in as ids."""
    given: list[list[str]] = []
    form = cards_form("Order", CARDS, given.append)

    _press(form, "Up", place=2)
    _press(form, "Down", place=0)
    _press(form, "Hand in this order")

    assert given == [["c", "a", "b"]]
    assert "First: now 2 of 3." not in _words(form)
    assert "Handed in" in _words(form)


def test_cards_say_where_they_are() -> None:
    """A moved card tells its new place in a line that is read out."""
    form = cards_form("Order", CARDS, print)

    _press(form, "Down", place=0)

    assert "First: now 2 of 3." in _words(form)
    assert 'aria-live="polite"' in _words(form)


def test_end_cards_cannot_leave() -> None:
    """The first card has no way up and the last none down."""
    buttons = _all(cards_form("Order", CARDS, print), widgets.Button)

    disabled = [(button.description, at) for at, button in enumerate(buttons) if button.disabled]

    assert disabled == [("Up", 0), ("Down", 5)]


@pytest.mark.parametrize(
    ("order", "first"), [(["b", "c", "a"], "Second"), (["b"], "First"), (["x", "y", "z"], "First")]
)
def test_cards_open_as_left(order: list[str], first: str) -> None:
    """A complete earlier order is restored; anything else is dealt anew."""
    form = cards_form("Order", CARDS, print, order=order)

    assert first in _all(form, widgets.HTML)[1].value


def test_memo_counts_and_keeps() -> None:
    """Every change is counted against the limit and kept as a draft; the text is handed in as it is."""
    drafts: list[str] = []
    given: list[str] = []
    form = memo_form("Write", 3, given.append, count=count_words, draft="one", on_draft=drafts.append)

    _all(form, widgets.Textarea)[0].value = "one two three four"
    _press(form, "Hand in the memo")

    assert drafts == ["one two three four"]
    assert given == drafts
    assert "4 of 3 words, 1 too many" in _words(form)


@pytest.mark.parametrize(
    ("text", "limit", "expected"),
    [
        ("", 180, "0 of 180 words"),
        ("a b", 2, "2 of 2 words"),
        ("a", None, "1 word"),
        ("- **Mix:** a\n\n- b – c", None, "4 words"),
    ],
)
def test_words_are_counted(text: str, limit: int | None, expected: str) -> None:
    """The form counts as the judge does: bullets, dashes and markup are no words."""
    assert expected == words_used(count_words(text), limit)


def test_questions_run_out() -> None:
    """At the limit no further question can be asked, and the form counts minutes."""
    asked: list[str] = []

    def ask(question: str) -> int:
        asked.append(question)
        return 2 * len(asked)

    form = clarify_form([("q1", "One?"), ("q2", "Two?"), ("q3", "Three?")], 2, ask)
    _press(form, "Ask")
    _press(form, "Ask")

    assert asked == ["q1", "q2"]
    assert "0 questions left, 4 min spent." in _words(form)
    assert all(button.disabled for button in _all(form, widgets.Button))


def test_prediction_hands_in_range() -> None:
    """Direction and both ends are handed in."""
    given: list[tuple[str | None, float, float]] = []
    form = predict_form("What?", "pp", lambda *made: given.append(made), made=("up", 1.0, 2.0))

    _all(form, widgets.RadioButtons)[0].value = "down"
    _all(form, widgets.FloatText)[0].value = -2
    _press(form, "Record my prediction")

    assert given == [("down", -2.0, 2.0)]


def test_form_reads_without_kernel() -> None:
    """Where nothing can answer, the form is one stable line that says what to do."""
    form = choice_form("Which one?", OPTIONS, print)

    assert repr(form) == "[form] Which one?: run the cell to use it."


def test_form_words_are_escaped() -> None:
    """Texts of a case never become mark-up in a form."""
    form = cards_form("<script>", [("a", "<b>bold</b>"), ("b", "x")], print)

    assert "<script>" not in _words(form)
    assert "&lt;b&gt;bold" in _words(form)


def test_forms_know_no_judge() -> None:
    """The widgets room imports neither the judge nor the notebook."""
    code = "import sys, casekit.widgets; print(sorted(m for m in sys.modules if m.startswith('casekit.')))"
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert "casekit.judge" not in ran.stdout
    assert "casekit.notebook" not in ran.stdout
