"""A memo to write, with its words counted as it grows and its draft kept."""

from __future__ import annotations

from collections.abc import Callable

import ipywidgets as widgets

from casekit.widgets.parts import Form, action, busy, frame, say, speaker

__all__ = ["memo_form"]


def memo_form(  # noqa: PLR0913 - a form has that many sides
    ask: str,
    word_limit: int | None,
    on_submit: Callable[[str], None],
    *,
    count: Callable[[str], int],
    draft: str = "",
    on_draft: Callable[[str], None] | None = None,
) -> Form:
    """
    A form for a written answer.

    Args:
        ask: What is to be written.
        word_limit: How many words it may have; None for no limit.
        on_submit: Called with the text when it is handed in.
        count: Counts the words of a text, as its reader will.
        draft: The text as it was left last time.
        on_draft: Called with the text after every change, so that nothing is lost.
    """
    area = widgets.Textarea(
        value=draft,
        placeholder="Decision first. Then why, what it costs, who does what by when.",
        layout=widgets.Layout(width="auto", height="260px"),
        continuous_update=True,
    )
    told = speaker(words_used(count(draft), word_limit))

    def changed(change: dict[str, object]) -> None:
        text = str(change["new"])
        say(told, words_used(count(text), word_limit))
        if on_draft is not None:
            on_draft(text)

    def submit() -> None:
        with busy(button):
            on_submit(area.value)

    area.observe(changed, names="value")
    button = action("Hand in the memo", submit)
    return frame(ask, [area, widgets.HBox([button, told])])


def words_used(words: int, word_limit: int | None) -> str:
    """How many words a text has, and how many are too many."""
    noun = "word" if words == 1 else "words"
    if word_limit is None:
        return f"{words} {noun}"
    over = words - word_limit
    return f"{words} of {word_limit} words" + (f", {over} too many" if over > 0 else "")
