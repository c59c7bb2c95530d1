"""A memo as sentences: markup taken off, unicode made plain, every sentence with its number."""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from casekit.judge.memo.phrases import plain_words

__all__ = ["Memo", "Sentence", "quote", "read_memo"]

MAX_CHARACTERS = 100_000
MAX_SENTENCE = 900
QUOTE_CHARACTERS = 120
TITLE_WORDS = 3

LINE_BREAKS = re.compile(r"\r\n?|[\x0b\x0c\x1c-\x1e\x85\u2028\u2029]")
HTML_COMMENT = re.compile(r"<!--.{0,400}?-->", re.DOTALL)
HTML_BLOCK = re.compile(
    r"</?(?:p|br|li|ul|ol|div|h[1-6]|tr|table|blockquote)\b[^<>\n]{0,200}>", re.IGNORECASE
)
HTML_CELL = re.compile(r"</t[dh]\b[^<>\n]{0,200}>", re.IGNORECASE)
HTML_TAG = re.compile(r"</?[a-zA-Z][^<>\n]{0,200}>")
LINK = re.compile(r"!?\[([^\[\]\n]{0,300})\]\([^()\n]{0,300}\)")
EMPHASIS = re.compile(r"\*{2,}|~~+|`+|(?<!\w)_+|_+(?!\w)|(?<!\d)\*|\*(?!\d)")
BULLET = re.compile(
    r"^\s*(?:>\s*)*(?:(?:[-+*•‣◦▪●·–—]|\(?(?:\d{1,2}|[a-zA-Z])\)|\d{1,2}\.)\s+)(?:\[[ xX]\]\s*)?|^\s*>+\s*"
)
HEADING = re.compile(r"^\s*#{1,6}\s*")
RULE = re.compile(r"^[\s|:=_*\-]+$")
LEAD = re.compile(r"^(?:dear|hi|hello|hey|good (?:morning|afternoon|evening))\b.{0,40}$", re.IGNORECASE)
LABEL = re.compile(r"^(?:to|from|cc|subject|re|date|memo)\s*:.{0,120}$", re.IGNORECASE)
STOP = re.compile(r"[.!?]+[\"')\]]*(?=\s)")
LAST_WORD = re.compile(r"[\w.&]+$")
MONTHS = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|"
    r"oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)"
)
MONTH_NEXT = re.compile(rf"\s+{MONTHS}\b", re.IGNORECASE)
ABBREVIATIONS = frozenset(
    """approx appr ca c e.g i.e eg ie vs no nr incl excl est etc mr mrs ms dr st fig al a.m p.m p.a resp min
    max jan feb mar apr jun jul aug sep sept oct nov dec mon tue tues wed thu thur thurs fri sat
    sun""".split()  # noqa: SIM905 - a list of words reads best as words
)
REPLACED = str.maketrans(
    {"−": "-", "‒": "-", "‐": "-", "‑": "-", "⁄": "/", "’": "'", "‘": "'", "“": '"', "”": '"', "\t": " "}
)
HIDDEN = frozenset({"Cc", "Cf", "Cs", "Cn", "Co"})
VULGAR = re.compile(r"(?<=\d)(?=[¼½¾⅓⅔⅕⅖⅗⅘⅙⅚⅛⅜⅝⅞])")


@dataclass(frozen=True)
class Sentence:
    """
    One sentence, bullet, table row or heading.

    Attributes:
        number: Its place in the memo from 1; 0 for headings and salutations, which are not counted.
        text: The words without markup, one line.
    """

    number: int
    text: str

    @cached_property
    def plain(self) -> str:
        """The words in small letters and one spelling, for looking up phrases."""
        return plain_words(self.text)

    @property
    def place(self) -> str:
        """How to point at it: ``sentence 3`` or ``the heading``."""
        return f"sentence {self.number}" if self.number else "the heading"


@dataclass(frozen=True)
class Memo:
    """
    A memo, read.

    Attributes:
        sentences: In order, headings among them.
        n_words: Words as a reader counts them: markup and dashes are none.
        is_cut: True when the end was left out because the text is far too long to read.
    """

    sentences: tuple[Sentence, ...]
    n_words: int
    is_cut: bool

    @property
    def opening(self) -> tuple[Sentence, ...]:
        """Headings before the first sentence, the first sentence, and what its colon leads to."""
        found: list[Sentence] = []
        for sentence in self.sentences:
            found.append(sentence)
            if sentence.number and not sentence.text.endswith(":"):
                break
            if sentence.number > 1:
                break
        return tuple(found)


def read_memo(text: str) -> Memo:
    """The memo in *text*, whatever characters it is made of."""
    whole = _without_markup(text)
    sentences: list[Sentence] = []
    count = 0
    for is_lead, words in _units(whole[:MAX_CHARACTERS]):
        count += not is_lead
        sentences.append(Sentence(0 if is_lead else count, words))
    n_words = sum(_count_words(sentence.text) for sentence in sentences)
    n_words += _count_words(whole[MAX_CHARACTERS:])
    return Memo(tuple(sentences), n_words, len(whole) > MAX_CHARACTERS)


def quote(text: str, limit: int = QUOTE_CHARACTERS) -> str:
    """*text* shortened to *limit* characters at a word's end."""
    if len(text) <= limit:
        return text
    cut = text[: limit - 1]
    head = cut.rsplit(" ", 1)[0] if " " in cut[limit // 2 :] else cut
    return head.rstrip(" ,;:") + "…"


def count_words(text: str) -> int:
    """Words as a reader counts them, in a whole memo with its markup."""
    return read_memo(text).n_words


def _count_words(text: str) -> int:
    return sum(any(map(str.isalnum, word)) for word in text.split())


def _without_markup(text: str) -> str:
    text = HTML_COMMENT.sub(" ", LINE_BREAKS.sub("\n", text))
    text = HTML_TAG.sub("", HTML_CELL.sub(" | ", HTML_BLOCK.sub("\n", text)))
    text = unicodedata.normalize("NFKC", VULGAR.sub(" ", html.unescape(text))).translate(REPLACED)
    text = "".join(char for char in text if char == "\n" or unicodedata.category(char) not in HIDDEN)
    return LINK.sub(r"\1", text)


def _units(text: str) -> Iterator[tuple[bool, str]]:
    """Every sentence in order, each with whether it is a heading or a salutation."""
    for is_heading, block in _blocks(text):
        for words in _sentences(block):
            yield is_heading or bool(LEAD.match(words) or LABEL.match(words)) or _is_name(words), words


def _blocks(text: str) -> Iterator[tuple[bool, str]]:
    """Paragraphs, list items, table rows and headings; lines that only wrap are joined."""
    open_lines: list[str] = []
    is_plain = False
    for line in [*text.split("\n"), ""]:
        starts_new = bool(BULLET.match(line) or HEADING.match(line)) or "|" in line
        if open_lines and (starts_new or _ends_block(open_lines, line)):
            yield is_plain and _is_title(open_lines), " ".join(open_lines)
            open_lines = []
        words = _bare(line)
        if words and (HEADING.match(line) or _is_bold_title(line, words)):
            yield True, words
        elif words:
            is_plain = is_plain if open_lines else not starts_new
            open_lines.append(words)


def _is_title(lines: list[str]) -> bool:
    """A line of up to three words that does not end like a sentence."""
    return len(lines) == 1 and len(lines[0].split()) <= TITLE_WORDS and lines[0][-1:].isalnum()


def _ends_block(open_lines: list[str], line: str) -> bool:
    """A blank or ruled line ends a block, and so does a short line before a capital letter."""
    if not line.strip() or RULE.match(line):
        return True
    return len(open_lines[-1]) < 45 and line.strip()[0].isupper()


def _bare(line: str) -> str:
    if RULE.match(line) or line.lstrip().startswith("```"):
        return ""
    line = HEADING.sub("", BULLET.sub("", line))
    return " ".join(EMPHASIS.sub("", line).replace("|", " | ").split()).strip(" |")


def _is_bold_title(line: str, words: str) -> bool:
    bold = line.strip()
    whole = (
        bold.startswith(("**", "__"))
        and bold.rstrip(":").endswith(("**", "__"))
        and bold.count(bold[:2]) == 2
    )
    label = words.endswith(":") and len(words.split()) <= TITLE_WORDS and not BULLET.match(line)
    return whole or label


def _is_name(words: str) -> bool:
    """A salutation such as ``Ines,`` on a line of its own."""
    return words.endswith(",") and len(words.split()) <= TITLE_WORDS and words[:1].isupper()


def _sentences(block: str) -> Iterator[str]:
    start = 0
    for stop in STOP.finditer(block):
        if stop[0][0] == "." and _is_abbreviation(block, start, stop.start(), stop.end()):
            continue
        yield from _pieces(block[start : stop.end()].strip())
        start = stop.end()
    yield from _pieces(block[start:].strip())


def _is_abbreviation(block: str, start: int, dot: int, after: int) -> bool:
    word = LAST_WORD.search(block[max(start, dot - 30) : dot])
    if word is None:
        return False
    last = word[0].casefold()
    if last.isdigit():
        return MONTH_NEXT.match(block, after) is not None
    return last in ABBREVIATIONS or (len(last) == 1 and last.isalpha())


def _pieces(sentence: str) -> Iterator[str]:
    """The sentence, cut where it is too long to be one, so that no pattern runs away on it."""
    while len(sentence) > MAX_SENTENCE:
        cut = sentence.rfind(" ", 1, MAX_SENTENCE)
        cut = cut if cut > 0 else MAX_SENTENCE
        yield sentence[:cut].strip()
        sentence = sentence[cut:].strip()
    if sentence:
        yield sentence
