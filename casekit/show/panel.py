"""The frame around a message: a tone (icon, word and colour), a title, blocks, and a plain-text twin."""

from __future__ import annotations

import textwrap
from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, field

from casekit.show.blocks import Block, escape, styled_text

__all__ = ["TONES", "Panel", "Tone", "View"]


class View(ABC):
    """Anything that shows itself: HTML where there is a page, plain text where there is none."""

    @abstractmethod
    def html(self) -> str:
        """The display as one HTML block without scripts or outside resources."""

    @abstractmethod
    def text(self) -> str:
        """The same in plain text."""

    def data(self) -> Mapping[str, object]:
        """Further forms by MIME type, for programs that read a saved notebook."""
        return {}

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> dict[str, object]:  # noqa: ARG002  (IPython passes them by name)
        return {"text/plain": self.text(), "text/html": self.html(), **self.data()}

    def __str__(self) -> str:
        return self.text()


@dataclass(frozen=True)
class Tone:
    """
    How a message feels: never by colour alone.

    Attributes:
        colour: Readable as border and icon (3:1) on white and on near black.
        variable: The JupyterLab variable that themes it; empty for none.
    """

    icon: str
    colour: str
    variable: str

    def declared(self, name: str) -> str:
        """CSS for property *name*: the plain colour first, then the themed one."""
        themed = f";{name}:var({self.variable},{self.colour})" if self.variable else ""
        return f"{name}:{self.colour}{themed}"

    def tint(self, share: float) -> str:
        """The colour as a thin wash for a background."""
        red, green, blue = (int(self.colour[i : i + 2], 16) for i in (1, 3, 5))
        return f"rgba({red},{green},{blue},{share})"


# the characters have no emoji form, so every font draws them in the colour given
TONES: Mapping[str, Tone] = {
    "good": Tone("✓", "#388e3c", "--jp-success-color1"),
    "near": Tone("◐", "#b26a00", "--jp-warn-color1"),
    "trap": Tone("▲", "#b26a00", "--jp-warn-color1"),
    "bad": Tone("✗", "#d32f2f", "--jp-error-color1"),
    "note": Tone("●", "#1976d2", "--jp-info-color1"),
    "open": Tone("○", "#757575", ""),
    "fault": Tone("■", "#7b5ea7", ""),
}

_FRAME = (
    "box-sizing:border-box;max-width:860px;margin:8px 0 12px;padding:14px 18px 12px;line-height:1.5;"
    "color:inherit;border:1px solid rgba(128,128,128,0.28);border-left-width:4px;border-radius:6px;"
    "overflow-wrap:break-word"
)
_HEAD = "display:flex;flex-wrap:wrap;align-items:center;gap:6px 12px;font-size:0.94em"


@dataclass(frozen=True)
class Panel(View):
    """
    A framed message.

    Attributes:
        tone: A key of `TONES`.
        word: One or two words that say what it is, for example ``Correct``.
        subject: What it is about, for example an exercise id; empty for none.
        title: The sentence that can stand alone; empty for none.
        aside: A few words at the far end, for example a score.
        label: The name assistive software reads; by default word and subject.
        extra: Further forms by MIME type.
    """

    tone: str
    word: str
    subject: str = ""
    title: str = ""
    blocks: tuple[Block, ...] = ()
    aside: str = ""
    label: str = ""
    extra: Mapping[str, object] = field(default_factory=dict)

    def html(self) -> str:
        """The panel as an accessible status region."""
        tone = TONES[self.tone]
        label = self.label or ": ".join(part for part in (self.word, self.subject) if part)
        style = f"{_FRAME};{tone.declared('border-left-color')};background:{tone.tint(0.06)}"
        inside = self._head(tone) + self._title() + "".join(block.html for block in self.blocks)
        return (
            f'<div class="casekit" lang="en" role="status" aria-label="{escape(label)}" style="{style}">'
            f"{inside}</div>"
        )

    def _head(self, tone: Tone) -> str:
        icon = f'<span aria-hidden="true" style="{tone.declared("color")};font-weight:700">{tone.icon}</span>'
        pill = (
            f"display:inline-block;padding:1px 10px;border-radius:12px;font-weight:600;white-space:nowrap;"
            f"border:1px solid {tone.colour};{tone.declared('border-color')};background:{tone.tint(0.1)}"
        )
        subject = f'<span style="opacity:0.8">{escape(self.subject)}</span>' if self.subject else ""
        aside = (
            f'<span style="margin-left:auto;font-weight:600">{escape(self.aside)}</span>'
            if self.aside
            else ""
        )
        word = f'<span style="{pill}">{icon} {escape(self.word)}</span>'
        return f'<div style="{_HEAD}">{word}{subject}{aside}</div>'

    def _title(self) -> str:
        if not self.title:
            return ""
        return (
            f'<div style="margin:10px 0 4px;font-size:1.08em;font-weight:600">{styled_text(self.title)}</div>'
        )

    def text(self) -> str:
        """The panel as lines of plain text."""
        head = f"[{TONES[self.tone].icon} {self.word}] {self.subject}".rstrip()
        first = f"{head}  ({self.aside})" if self.aside else head
        title = [textwrap.indent(textwrap.fill(self.title, 94), "  ")] if self.title else []
        body = [textwrap.indent(block.text, "  ") for block in self.blocks if block.text]
        return "\n".join([first, *title, *body])

    def data(self) -> Mapping[str, object]:
        """The further forms it was given."""
        return self.extra
