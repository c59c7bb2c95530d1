"""Cards to put in order, with buttons that a keyboard reaches."""

from __future__ import annotations

import html
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import ipywidgets as widgets

from casekit.widgets.parts import Form, action, busy, frame, say, speaker

__all__ = ["cards_form"]


def cards_form(
    ask: str,
    cards: Sequence[tuple[str, str]],
    on_submit: Callable[[list[str]], None],
    *,
    order: Sequence[str] = (),
) -> Form:
    """
    A form for an order of cards.

    Args:
        ask: What the order is about.
        cards: Id and text of each card, in the order they are dealt.
        on_submit: Called with the ids, first card first, when the order is handed in.
        order: Ids as they were left last time; ignored unless it holds every card once.
    """
    dealt = [card for card, _ in cards]
    hand = _Hand(dict(cards), list(order) if sorted(order) == sorted(dealt) else dealt)

    def submit() -> None:
        with busy(button):
            say(hand.line, "Handed in. The verdict is below.")
            on_submit(list(hand.order))

    button = action("Hand in this order", submit)
    rows = [row.box for row in hand.rows]
    return frame(ask, [*rows, widgets.HBox([button, hand.line])])


@dataclass(frozen=True)
class _Row:
    text: widgets.HTML
    up: widgets.Button
    down: widgets.Button
    box: widgets.HBox


class _Hand:
    """The cards as they lie. Rows stay where they are and texts move, so that focus can follow a card."""

    def __init__(self, texts: dict[str, str], order: list[str]) -> None:
        self.texts = texts
        self.order = order
        self.line = speaker("Move cards with Up and Down.")
        self.rows = [self._row(place) for place in range(len(order))]
        self._draw()

    def _row(self, place: int) -> _Row:
        text = widgets.HTML(layout=widgets.Layout(flex="1 1 auto"))
        up = action("Up", lambda: self._move(place, -1), main=False)
        down = action("Down", lambda: self._move(place, 1), main=False)
        layout = widgets.Layout(
            width="100%",
            align_items="center",
            border="1px solid rgba(128,128,128,0.3)",
            padding="2px 10px",
            margin="2px 0",
        )
        return _Row(text, up, down, widgets.HBox([text, up, down], layout=layout))

    def _move(self, place: int, step: int) -> None:
        target = place + step
        if not 0 <= target < len(self.order):
            return
        self.order[place], self.order[target] = self.order[target], self.order[place]
        self._draw()
        say(self.line, f"{self.texts[self.order[target]]}: now {target + 1} of {len(self.order)}.")
        self._focus(target, step)

    def _focus(self, place: int, step: int) -> None:
        row = self.rows[place]
        wanted, other = (row.up, row.down) if step < 0 else (row.down, row.up)
        (other if wanted.disabled else wanted).focus()

    def _draw(self) -> None:
        last = len(self.order) - 1
        for place, (card, row) in enumerate(zip(self.order, self.rows, strict=True)):
            words = html.escape(self.texts[card])
            row.text.value = f'<span lang="en" style="line-height:1.4"><b>{place + 1}</b>&ensp;{words}</span>'
            row.up.disabled, row.down.disabled = place == 0, place == last
            row.up.tooltip = f"Move up: {self.texts[card]}"
            row.down.tooltip = f"Move down: {self.texts[card]}"
