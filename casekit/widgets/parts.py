"""What every form is made of: a frame, a button that cannot be pressed twice, a line that speaks."""

from __future__ import annotations

import html
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

import ipywidgets as widgets

__all__ = ["Form", "action", "busy", "frame", "label", "say", "speaker"]


class Form(widgets.VBox):  # type: ignore[misc]  # ipywidgets carries no types
    """A form; where there is no kernel to answer it, its text says how to get it back."""

    def __init__(self, title: str, children: Sequence[widgets.Widget], layout: widgets.Layout) -> None:
        super().__init__(children, layout=layout)
        self._title = title

    def __repr__(self) -> str:
        return f"[form] {self._title[:60]}: run the cell to use it."


def frame(title: str, children: Sequence[widgets.Widget]) -> Form:
    """The parts of a form below its title, no wider than a line of prose."""
    layout = widgets.Layout(
        width="calc(100% - 20px)",
        max_width="860px",
        padding="12px 16px",
        border="1px solid rgba(128,128,128,0.35)",
        margin="6px 0",
    )
    return Form(title, [label(title, strong=True), *children], layout)


def label(words: str, *, strong: bool = False) -> widgets.HTML:
    """A line of words above or beside a control."""
    style = f"font-weight:{'600' if strong else '400'};line-height:1.4;padding:4px 0"
    return widgets.HTML(f'<div lang="en" style="{style}">{html.escape(words)}</div>')


def action(words: str, run: Callable[[], None], *, main: bool = True, tooltip: str = "") -> widgets.Button:
    """A button that calls *run*."""
    button = widgets.Button(
        description=words,
        tooltip=tooltip or words,
        button_style="primary" if main else "",
        layout=widgets.Layout(width="auto", min_width="72px"),
    )
    button.on_click(lambda _pressed: run())
    return button


@contextmanager
def busy(button: widgets.Button) -> Iterator[None]:
    """While something runs the button is off, so that one press is one answer."""
    button.disabled = True
    try:
        yield
    finally:
        button.disabled = False


def speaker(words: str = "") -> widgets.HTML:
    """A line that assistive software reads out when it changes."""
    line = widgets.HTML()
    say(line, words)
    return line


def say(line: widgets.HTML, words: str) -> None:
    """Puts *words* on a `speaker`."""
    line.value = (
        f'<span lang="en" role="status" aria-live="polite" style="opacity:0.8">{html.escape(words)}</span>'
    )
