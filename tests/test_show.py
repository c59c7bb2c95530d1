"""What verdicts, tables and boards look like: HTML that says the same as its plain text."""

from __future__ import annotations

import datetime as dt
import re
from decimal import Decimal
from html import unescape
from html.parser import HTMLParser

import pytest

from casekit.model import Table, Verdict
from casekit.model.interviews import Question
from casekit.show import Panel, TableView, VerdictView, View, board_view, dictionary_view, notice
from casekit.show.blocks import prose, styled_text
from casekit.show.board import CaseLine, ExerciseLine, start_board
from casekit.show.cells import column_texts
from casekit.show.dictionary import ColumnSheet, TableSheet
from casekit.show.moments import Aside, failure_view, hint_view, questions_view
from casekit.show.panel import TONES
from casekit.show.verdict import VERDICT_MIME

STATUSES = {
    "correct": ("✓", "Correct"),
    "trap": ("▲", "Known mistake"),
    "wrong": ("✗", "Wrong"),
    "not yet": ("◐", "Not yet"),
    "not attempted": ("○", "Not attempted"),
    "broken": ("■", "Broken"),
}
HOSTILE = '<script>alert(1)</script> & "quotes" \x00'
WEEKS = Table(
    ("week", "session_id", "sessions", "conv_percent"),
    ((dt.date(2025, 3, 3), 12345, 12345, 13.5), (dt.date(2025, 3, 10), 12346, 900, None)),
)


class _Balance(HTMLParser):
    """Counts what is open, so that a block never breaks the page around it."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: object) -> None:  # noqa: ARG002
        if tag != "br":
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def _verdict(status: str) -> Verdict:
    return Verdict(
        "weekly-conversion",
        status,  # type: ignore[arg-type]
        "Two orders became two rows.",
        ("Reduce orders first.",),
        ("The column `extra` was left out.",),
        score=3,
        score_of=8,
        evidence=(("Decision", 10, 15, "Roll back"), ("Uncertainty", 0, 10, "")),
    )


def _views() -> list[View]:
    sheet = TableSheet("orders", "one row per order", 2, (ColumnSheet("x", "integer", HOSTILE),), WEEKS)
    line = ExerciseLine("a", "E01", HOSTILE, "analyse", "", 0, 0, 0, 5)
    case = CaseLine("a", "C01", HOSTILE, "Co", HOSTILE, 5, 45, 1, 2, 3, 4, address='x" onclick="y')
    question = Question("q", HOSTILE, 1, 1, "reveal")
    return [
        VerdictView(Verdict(HOSTILE, "wrong", HOSTILE, (HOSTILE,), evidence=((HOSTILE, 1, 2, HOSTILE),))),
        TableView(Table((HOSTILE,), ((HOSTILE,),)), caption=HOSTILE, units={HOSTILE: HOSTILE}),
        notice(HOSTILE, [HOSTILE], subject=HOSTILE, word=HOSTILE),
        failure_view(HOSTILE, (HOSTILE, f"{HOSTILE}\n^^^")),
        dictionary_view([sheet]),
        board_view(HOSTILE, [line], [HOSTILE]),
        start_board([case]),
        questions_view([question], {}, 3),
        hint_view(HOSTILE, 1, [f"```sql\n{HOSTILE}\n```", HOSTILE]),
    ]


@pytest.mark.parametrize("status", STATUSES)
def test_verdict_is_never_colour_alone(status: str) -> None:
    """Every status has an icon, a word and a label of its own, in HTML and in text."""
    icon, word = STATUSES[status]
    view = VerdictView(_verdict(status))

    assert f'role="status" aria-label="Verdict for weekly-conversion: {word}"' in view.html()
    assert icon in view.html()
    assert view.text().startswith(f"[{icon} {word}] weekly-conversion  (3 of 8 points)")


def test_verdict_text_says_it_all() -> None:
    """The plain text holds headline, points, evidence and notes."""
    expected = "\n".join(
        [
            "[▲ Known mistake] weekly-conversion  (3 of 8 points)",
            "  Two orders became two rows.",
            "  - Reduce orders first.",
            "  Line by line:",
            "  - Decision: 10 of 15  “Roll back”",
            "  - Uncertainty: 0 of 10",
            "  Worth knowing:",
            "  - The column `extra` was left out.",
        ]
    )

    assert expected == VerdictView(_verdict("trap")).text()


def test_points_stay_on_one_line() -> None:
    """Points are read as ``10 of 15``, unbroken, with no character a browser cannot show."""
    html = VerdictView(_verdict("trap")).html()

    assert "10\N{NO-BREAK SPACE}of\N{NO-BREAK SPACE}15" in html
    assert "\N{REPLACEMENT CHARACTER}" not in html


def test_verdict_carries_its_json() -> None:
    """A program reads the verdict from the saved notebook."""
    bundle = VerdictView(_verdict("trap"))._repr_mimebundle_()

    assert bundle[VERDICT_MIME] == _verdict("trap").as_dict()
    assert {"text/plain", "text/html", VERDICT_MIME} == set(bundle)


@pytest.mark.parametrize("view", _views(), ids=lambda view: type(view).__name__)
def test_strings_never_become_markup(view: View) -> None:
    """Nothing a learner or an author writes becomes a tag, an attribute or a control character."""
    html = view.html()

    assert "<script" not in html
    assert 'onclick="' not in html
    assert "\x00" not in html
    assert _Balance(html).open == []


@pytest.mark.parametrize("view", _views(), ids=lambda view: type(view).__name__)
def test_displays_load_nothing(view: View) -> None:
    """No display names a script, a style sheet or a place outside the page, and each says its language."""
    html = view.html()

    assert not re.search(r"<(script|style|link|img|iframe)|https?://|url\(", html)
    assert 'lang="en"' in html


@pytest.mark.parametrize("tone", TONES)
def test_themed_colours_have_a_plain_one(tone: str) -> None:
    """A colour from the theme follows the same property with a plain colour, which survives untrusted."""
    html = Panel(tone, "Word", title="Title").html()

    for name in re.findall(r"([\w-]+):var\(", html):
        assert re.search(rf"{name}:#[0-9a-f]{{6}};{name}:var\(", html)


@pytest.mark.parametrize("tone", TONES.values(), ids=TONES)
def test_tones_stand_out_on_both_grounds(tone: object) -> None:
    """Icon and border colours have a contrast of 3:1 on white and on near black."""
    colour = tone.colour  # type: ignore[attr-defined]

    assert min(_contrast(colour, "#ffffff"), _contrast(colour, "#111111")) >= 3


def _contrast(one: str, other: str) -> float:
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _luminance(colour: str) -> float:
    shares = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in shares]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def test_table_text_is_aligned() -> None:
    """Numbers stand right with one number of decimals, NULL is written, ids are not grouped."""
    expected = "\n".join(
        [
            "week        session_id  sessions  conv_percent",
            "----------  ----------  --------  ------------",
            "2025-03-03       12345    12,345          13.5",
            "2025-03-10       12346       900          NULL",
            "2 rows, 4 columns",
        ]
    )

    assert expected == TableView(WEEKS).text()


def test_null_differs_from_empty() -> None:
    """NULL is dim and in words; an empty text is empty."""
    html = TableView(Table(("a", "b"), ((None, ""),))).html()

    assert html.count("NULL") == 1
    assert "></td>" in html


def test_long_table_tells_its_size() -> None:
    """Only the first rows are shown, and the line below says of how many."""
    rows = tuple((i,) for i in range(1_500))

    assert TableView(Table(("n",), rows)).text().endswith("1,500 rows, 1 column; the first 20 are shown")
    assert "more than 1,500 rows" in TableView(Table(("n",), rows, truncated=True)).text()
    assert TableView(Table(("n",), rows)).html().count("<tr") == 21


def test_empty_table_says_so() -> None:
    """A result without rows shows its columns and says why there may be none."""
    text = TableView(Table(("n", "day"), ())).text()

    assert "n  day\n-  ---\nNo rows" in text


def test_same_table_looks_the_same() -> None:
    """The display depends on the table alone."""
    assert TableView(WEEKS).html() == TableView(WEEKS).html()


def test_units_stand_where_names_lack_them() -> None:
    """A unit stands under its column unless the name ends in it."""
    units = {"sessions": "count", "CONV_PERCENT": "percent"}

    text = TableView(WEEKS, units=units).text()

    assert "sessions (count)  conv_percent" in text


@pytest.mark.parametrize(
    ("name", "values", "expected"),
    [
        ("x", (1, 2.5, None), ["1.0", "2.5", None]),
        ("x", (1234567, 5), ["1,234,567", "5"]),
        ("year", (20250, 1), ["20250", "1"]),
        ("x", (0.1 + 0.2, 1e-9), ["0.3000", "1e-09"]),
        ("x", (float("nan"), float("inf"), -0.5), ["nan", "inf", "-0.5"]),
        ("x", (Decimal("887.40"), Decimal("900.00")), ["887.40", "900.00"]),
        ("x", (True, False, None), ["true", "false", None]),
        ("x", (dt.datetime(2025, 3, 3), dt.datetime(2025, 3, 3, 1, 2, 3, 500)), None),
        ("x", ("a" * 500,), ["a" * 119 + "…"]),
        ("x", ([1, 2], {"a": 1}, b"x"), ["[1, 2]", "{'a': 1}", "b'x'"]),
    ],
)
def test_values_are_readable(
    name: str, values: tuple[object, ...], expected: list[str | None] | None
) -> None:
    """Every kind of value has one short form."""
    if expected is None:
        expected = ["2025-03-03 00:00:00", "2025-03-03 01:02:03.000500"]

    assert expected == column_texts(name, values)


def test_marks_become_styles() -> None:
    """Backticks, stars and double stars are rendered; a lone star and snake_case are left alone."""
    expected = "<strong>a</strong> <em>b</em> 2 * 3 * 4 count(*) snake_case_name"

    assert expected == styled_text("**a** *b* 2 * 3 * 4 count(*) snake_case_name")
    assert ">x &lt; 1</code>" in styled_text("`x < 1`")


def test_prose_reads_markdown() -> None:
    """Paragraphs, lists, headings and fenced code keep their form in the text twin."""
    text = prose("# Head\n\none\ntwo\n\n- a\n- b\n\n1. c\n2. d\n\n```sql\nSELECT 1\n\nFROM t\n```").text

    assert text == "Head:\n\none two\n\n- a\n- b\n\n1. c\n2. d\n\n    SELECT 1\n\n    FROM t"


def test_past_last_hint_all_return() -> None:
    """After the last hint, all of them are shown again."""
    text = hint_view("a", 3, ["idea", "skeleton"]).text()

    assert "That was all: 2 hints" in text
    assert "idea" in text
    assert "skeleton" in text


def test_board_names_what_is_next() -> None:
    """The board counts what is solved and names the first exercise that is not."""
    lines = [
        ExerciseLine("one", "E01", "One", "analyse", "correct", 2, 1, 5, 5),
        ExerciseLine("two", "E02", "Two", "analyse", "trap", 1, 0, 0, 5),
    ]

    text = board_view("Case", lines).text()

    assert "1 of 2 solved" in text
    assert "5 of 10 points" in text
    assert "Next: `two`." in text


CARET = "LINE 1: SELECT sesion_id, started_at FROM sessions WHERE platform = 1\n               ^^^^^^^^^"
CARET_PLACES = {line.index(sign) for line, sign in zip(CARET.split("\n"), ("sesion_id", "^"), strict=True)}


@pytest.mark.parametrize(
    "view",
    [
        VerdictView(Verdict("a", "wrong", "It does not run.", ("Advice.", CARET))),
        VerdictView(Verdict("a", "correct", "Right.", notes=(CARET,))),
        notice("It does not run.", ["Advice.", CARET]),
    ],
    ids=["point", "note", "notice"],
)
def test_caret_keeps_its_place(view: View) -> None:
    """A point of several lines is shown as written, so that a caret stands under what it means."""
    html, lines = view.html(), view.text().splitlines()
    pointed = next(i for i, line in enumerate(lines) if "LINE 1" in line)

    assert {15} == CARET_PLACES
    assert re.search(r"<li[^>]*><pre[^>]*>LINE 1:[^<]*\n {15}\^{9}</pre></li>", html)
    assert lines[pointed].index("sesion_id") == lines[pointed + 1].index("^")
    assert _Balance(html).open == []


@pytest.mark.parametrize(
    "text",
    [
        "there is no table '**a**'. Did you mean 'b'?",
        "there is no table '`a`'.",
        'Referenced column "*a*" was not found',
        "Sentence 2, “**12 %** of `all`”, is nowhere",
        "it's **not** 'a *b* c' nor the analysts' way",
    ],
)
def test_quoted_values_stay_literal(text: str) -> None:
    """What stands in quotation marks is a value: its stars and backticks are shown as they are."""
    shown = re.sub(r"</?strong>", "**", styled_text(text))

    assert text == unescape(shown)


def test_marks_around_quotes_work() -> None:
    """Code that holds quotation marks is code, and an apostrophe opens no quotation."""
    assert ">f(&#x27;a&#x27;)</code>" in styled_text("`f('a')`")
    assert "<strong>b</strong>" in styled_text("the judge's **b** and yours', too")


def test_own_words_stay_literal() -> None:
    """A memo's sentences and the values of a column are shown as they were written."""
    memo = VerdictView(Verdict("a", "not yet", "Not yet.", evidence=(("Line", 1, 2, "**Roll** `back`"),)))
    sheet = ColumnSheet("x", "text", "a `name`", values=("*a*", "**b**"))
    tables = dictionary_view([TableSheet("t", "one row", 2, (sheet,), WEEKS)])

    assert "“**Roll** `back`”" in memo.html()
    assert "*a*, **b**" in tables.html()
    assert ">name</code>" in tables.html()


def test_aside_is_one_line() -> None:
    """An aside is a quiet line without a frame, the same in text."""
    line = Aside("`%%sql` goes to <b>.")

    assert "border" not in line.html()
    assert "&lt;b&gt;" in line.html()
    assert line.text() == "`%%sql` goes to <b>."
