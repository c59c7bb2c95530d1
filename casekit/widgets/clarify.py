"""Clarifying questions to choose from, with what is left and what was spent."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

import ipywidgets as widgets

from casekit.widgets.parts import Form, action, busy, frame, label, say, speaker

__all__ = ["clarify_form"]


def clarify_form(
    questions: Sequence[tuple[str, str]],
    limit: int,
    on_ask: Callable[[str], int],
    *,
    asked: Sequence[str] = (),
    minutes: int = 0,
) -> Form:
    """
    A form for clarifying questions.

    Args:
        questions: Id and text of each, in order.
        limit: How many may be asked.
        on_ask: Called with the id of a question; gives the minutes spent on all questions so far.
        asked: Ids asked earlier.
        minutes: Minutes spent earlier.
    """
    done = list(asked)
    line = speaker()
    buttons: dict[str, widgets.Button] = {}

    def draw(spent: int) -> None:
        left = max(limit - len(done), 0)
        noun = "question" if left == 1 else "questions"
        say(line, f"{left} {noun} left, {spent} min spent.")
        for question, button in buttons.items():
            button.description = "Asked" if question in done else "Ask"
            button.disabled = question in done or left == 0

    def ask(question: str) -> None:
        with busy(buttons[question]):
            spent = on_ask(question)
        done.append(question)
        draw(spent)

    rows = []
    for question, text in questions:
        buttons[question] = action("Ask", partial(ask, question), main=False, tooltip=f"Ask: {text}")
        rows.append(_row(text, buttons[question]))
    draw(minutes)
    return frame(f"Choose at most {limit} questions.", [*rows, line])


def _row(text: str, button: widgets.Button) -> widgets.HBox:
    words = label(text)
    words.layout = widgets.Layout(flex="1 1 auto")
    return widgets.HBox(
        [button, words], layout=widgets.Layout(width="100%", align_items="center", margin="1px 0")
    )
