"""One of several options, as radio buttons."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import ipywidgets as widgets

from casekit.widgets.parts import Form, action, busy, frame, say, speaker

__all__ = ["choice_form"]


def choice_form(
    ask: str, options: Sequence[tuple[str, str]], on_submit: Callable[[str], None], *, chosen: str = ""
) -> Form:
    """
    A form for one option.

    Args:
        ask: The question.
        options: Id and text of each option, in order.
        on_submit: Called with the id when the answer is handed in.
        chosen: Id that is chosen at first; empty for none.
    """
    known = {option for option, _ in options}
    radio = widgets.RadioButtons(
        options=[(text, option) for option, text in options],
        value=chosen if chosen in known else None,
        tooltip=ask,
        layout=widgets.Layout(width="auto"),
    )
    line = speaker()

    def submit() -> None:
        if radio.value is None:
            say(line, "Choose one option first.")
            return
        with busy(button):
            say(line, "Handed in. The verdict is below.")
            on_submit(str(radio.value))

    button = action("Hand in", submit)
    return frame(ask, [radio, widgets.HBox([button, line])])
