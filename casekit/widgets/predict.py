"""A prediction: a direction and a range."""

from __future__ import annotations

from collections.abc import Callable

import ipywidgets as widgets

from casekit.widgets.parts import Form, action, busy, frame, label

__all__ = ["predict_form"]

_DIRECTIONS = [("It rises", "up"), ("It falls", "down"), ("It stays flat", "flat")]


def predict_form(
    question: str,
    unit: str,
    on_submit: Callable[[str | None, float, float], None],
    *,
    made: tuple[str, float, float] | None = None,
) -> Form:
    """
    A form for a prediction.

    Args:
        question: What is predicted.
        unit: Unit of the range.
        on_submit: Called with direction (up, down, flat; None when none is chosen), low and high.
        made: The prediction as it stands; None when there is none.
    """
    direction, low_value, high_value = made or (None, 0.0, 0.0)
    radio = widgets.RadioButtons(options=_DIRECTIONS, value=direction, layout=widgets.Layout(width="auto"))
    low = _number(f"From ({unit})", low_value)
    high = _number(f"To ({unit})", high_value)

    def submit() -> None:
        with busy(button):
            on_submit(radio.value, low.value, high.value)

    button = action("Record my prediction", submit)
    hint = label("A change downwards is a negative number.")
    return frame(question, [radio, widgets.HBox([low, high]), hint, widgets.HBox([button])])


def _number(words: str, value: float) -> widgets.FloatText:
    style = {"description_width": "initial"}
    return widgets.FloatText(
        value=value, step=0.1, description=words, style=style, layout=widgets.Layout(width="190px")
    )
