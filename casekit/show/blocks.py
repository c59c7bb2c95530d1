"""
The small vocabulary every display is made of: blocks that are HTML and plain text at once.

Styles are inline, because a notebook that is not trusted yet loses style sheets. Colours are written
twice: JupyterLab drops ``var()`` from untrusted output and keeps the plain colour before it.
"""

from __future__ import annotations

import html
import re
import textwrap
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

__all__ = [
    "TEXT_WIDTH",
    "Block",
    "bullets",
    "code",
    "escape",
    "fold",
    "heading",
    "link",
    "meter",
    "paragraph",
    "points",
    "prose",
    "quote",
    "styled_text",
]

TEXT_WIDTH = 96  # characters a line of a plain-text twin

_CODE_FONT = (
    "font-family:monospace;font-family:var(--jp-code-font-family,ui-monospace,SFMono-Regular,Menlo,monospace)"
)
_QUIET = "opacity:0.78;font-size:0.94em"
_QUOTED = "|".join(rf"(?<!\w){mark}[^\n]*?{mark}(?!\w)" for mark in map(html.escape, "'\"")) + "|“[^”\n]*”"
_INLINE = re.compile(rf"`([^`]+)`|\*\*([^*]+)\*\*|(?<![\w*])\*([^*\s][^*]*)\*(?![\w*])|({_QUOTED})")
_FENCE = re.compile(r"^```\w*\n(.*?)^```[ \t]*$", re.MULTILINE | re.DOTALL)

_SPACES = "\n\t\N{NO-BREAK SPACE}"  # between a number and its unit, which must stay on one line


@dataclass(frozen=True)
class Block:
    """A piece of a display, as HTML and as the plain text that says the same."""

    html: str
    text: str


def escape(text: str) -> str:
    """*text* as it may stand in HTML or in an attribute; control characters are replaced."""
    visible = "".join(
        char if char in _SPACES or char.isprintable() else "\N{REPLACEMENT CHARACTER}" for char in text
    )
    return html.escape(visible)


def styled_text(text: str) -> str:
    """
    *text* as HTML, with ```code```, ``**strong**`` and ``*emphasis*`` rendered.

    What stands in quotation marks is somebody's own value and stays as it was typed.
    """
    return _INLINE.sub(_inline, escape(text))


def _inline(found: re.Match[str]) -> str:
    code_words, strong, emphasis, quoted = found.groups()
    if quoted is not None:
        return str(quoted)
    if code_words is not None:
        return f'<code style="{_CODE_FONT};font-size:0.94em">{code_words}</code>'
    return f"<strong>{strong}</strong>" if strong is not None else f"<em>{emphasis}</em>"


def paragraph(words: str, *, quiet: bool = False) -> Block:
    """One paragraph; *quiet* for what is only worth knowing."""
    style = f"margin:6px 0;{_QUIET}" if quiet else "margin:6px 0"
    return Block(f'<p style="{style}">{styled_text(words)}</p>', _wrap(words))


def heading(words: str) -> Block:
    """A small heading inside a display."""
    style = "margin:14px 0 4px;font-weight:600;font-size:0.86em;letter-spacing:0.04em;opacity:0.8"
    return Block(f'<div style="{style}">{styled_text(words)}</div>', f"{words}:")


def bullets(items: Iterable[str], *, ordered: bool = False, quiet: bool = False) -> Block:
    """A list, one item a point; empty for no items."""
    listed = list(items)
    signs = [f"{number}. " for number in range(1, len(listed) + 1)] if ordered else ["- "] * len(listed)
    parts = [Block(styled_text(item), _wrap(item, sign)) for sign, item in zip(signs, listed, strict=True)]
    return _listed("ol" if ordered else "ul", parts, quiet=quiet)


def points(items: Iterable[str], *, quiet: bool = False) -> Block:
    """Points of a message; one of several lines keeps them, so that a caret stays under what it means."""
    return _listed("ul", [_point(item) for item in items], quiet=quiet)


def _point(item: str) -> Block:
    if "\n" not in item:
        return Block(styled_text(item), _wrap(item, "- "))
    return Block(code(item).html, "- " + textwrap.indent(item.strip("\n"), "  ").removeprefix("  "))


def _listed(tag: str, parts: Sequence[Block], *, quiet: bool) -> Block:
    if not parts:
        return Block("", "")
    lines = "".join(f'<li style="margin:3px 0">{part.html}</li>' for part in parts)
    style = f"margin:6px 0;padding-left:1.4em;{_QUIET if quiet else ''}"
    return Block(f'<{tag} style="{style}">{lines}</{tag}>', "\n".join(part.text for part in parts))


def code(source: str) -> Block:
    """Source text in a frame of its own, line by line as written."""
    style = (
        f"{_CODE_FONT};font-size:0.92em;line-height:1.5;white-space:pre-wrap;overflow-x:auto;margin:8px 0;"
        "padding:10px 12px;border-radius:4px;background:rgba(128,128,128,0.12);color:inherit"
    )
    plain = source.strip("\n")
    return Block(f'<pre style="{style}">{escape(plain)}</pre>', textwrap.indent(plain, "    "))


def quote(words: str) -> Block:
    """What somebody said or wrote, word for word."""
    style = (
        "margin:8px 0;padding:2px 0 2px 12px;border-left:3px solid rgba(128,128,128,0.45);font-style:italic"
    )
    return Block(f'<blockquote style="{style}">{styled_text(words)}</blockquote>', _wrap(words, "> "))


def prose(markdown: str) -> Block:
    """Paragraphs, headings, lists and fenced code of a short Markdown text."""
    fenced = _FENCE.split(markdown.strip())
    parts = [
        part for i, chunk in enumerate(fenced) for part in ([code(chunk)] if i % 2 else _prose_parts(chunk))
    ]
    return Block("".join(part.html for part in parts), "\n\n".join(part.text for part in parts))


def _prose_parts(chunk: str) -> list[Block]:
    return [_prose_part(part.strip()) for part in re.split(r"\n\s*\n", chunk) if part.strip()]


def _prose_part(part: str) -> Block:
    if part.startswith("#"):
        return heading(part.lstrip("# ").strip())
    if re.match(r"\s*[-*] ", part):
        return bullets(" ".join(item.split()) for item in re.split(r"(?:^|\n)\s*[-*] ", part) if item.strip())
    if re.match(r"\s*\d+\. ", part):
        items = (" ".join(item.split()) for item in re.split(r"(?:^|\n)\s*\d+\. ", part) if item.strip())
        return bullets(items, ordered=True)
    return paragraph(" ".join(part.split()))


def fold(summary: str, blocks: Sequence[Block], *, is_open: bool = False) -> Block:
    """A part that opens on demand, also without a kernel; the text twin shows it all."""
    head = f'<summary style="cursor:pointer;padding:4px 0">{summary_html(summary)}</summary>'
    inside = "".join(block.html for block in blocks)
    text = "\n".join(block.text for block in blocks if block.text)
    state = " open" if is_open else ""
    body = f'<div style="padding:2px 0 6px 16px">{inside}</div>'
    return Block(
        f'<details{state} style="margin:4px 0">{head}{body}</details>',
        f"{summary}\n{textwrap.indent(text, '  ')}",
    )


def summary_html(summary: str) -> str:
    """The line of a fold: what stands before an en dash is strong."""
    name, dash, rest = summary.partition(" – ")
    return f"<strong>{styled_text(name)}</strong>{escape(dash)}{styled_text(rest)}"


def link(words: str, address: str) -> Block:
    """A link to a place in the workbook."""
    return Block(f'<a href="{escape(address)}">{styled_text(words)}</a>', words)


def meter(done: int, of: int, label: str) -> Block:
    """How much of a whole is done, as a bar with *label* beside it."""
    bar = (
        f'<progress value="{done}" max="{max(of, 1)}" aria-label="{escape(label)}" '
        'style="width:120px;height:10px;vertical-align:middle"></progress>'
    )
    return Block(f'{bar} <span style="white-space:nowrap">{escape(label)}</span>', label)


def _wrap(words: str, sign: str = "") -> str:
    lines = words.splitlines() or [""]
    indents = [sign, *[" " * len(sign)] * (len(lines) - 1)]
    return "\n".join(
        textwrap.fill(line, TEXT_WIDTH, initial_indent=indent, subsequent_indent=" " * len(sign))
        for indent, line in zip(indents, lines, strict=True)
    )
