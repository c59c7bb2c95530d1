"""What holds for every text whatever: a verdict, the same twice, and no number lost by adding words."""

from __future__ import annotations

import json

from hypothesis import given, settings
from hypothesis import strategies as st

from casekit.judge.memo.ledger import check_numbers
from casekit.judge.memo.text import read_memo
from memo_case import LEDGER, judged, stored

SCRAPS = st.sampled_from(
    [
        "70 %",
        "€25.6k",
        "3.0 pp",
        "5.2.0",
        "roll back",
        "not",
        "if",
        "< 80 %",
        "Owner:",
        "by Monday",
        "paid social",
        "\n",
        "\n- ",
        "# ",
        "**",
        "<b>",
        "&euro;",
        ". ",
        "; ",
        "(\n    ",
        "of the fall",
        "2/3",
        "from",
        "to",
        "-",
        "–",
        "🚨",
        "\x00",
        "about",
        "android",
        "web demand fell",
        "25 600 EUR",
        "1,234,567.89",
        "half",
        "and",
        "is",
        "…",
        "14.1",
    ]
)
NOISE = st.one_of(
    st.text(max_size=300), st.lists(st.one_of(SCRAPS, st.text(max_size=5)), max_size=60).map(" ".join)
)


@settings(max_examples=200, deadline=None)
@given(NOISE)
def test_any_text_is_judged(text):
    """No text makes the judge fail, and its verdict is JSON, UTF-8 and the same twice."""
    verdict = judged(text)
    assert verdict.status in ("correct", "trap", "not yet", "not attempted")
    assert (
        json.dumps(verdict.as_dict(), ensure_ascii=False).encode()
        == json.dumps(judged(text).as_dict(), ensure_ascii=False).encode()
    )


@settings(max_examples=60, deadline=None)
@given(NOISE)
def test_more_words_lose_nothing(words):
    """Paragraphs added to a memo never make one of its numbers wrong or uncited."""
    memo = stored("strong-bullets.md")
    before = check_numbers(read_memo(memo), LEDGER)
    after = check_numbers(read_memo(f"{memo}\n\n{words}"), LEDGER)
    assert before.cited.keys() <= after.cited.keys()
    assert after.stated[: len(before.stated)] == before.stated


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(["conv_before_percent", "fall_pp", "lost_eur", "lost_orders"]), st.integers(0, 2))
def test_rounded_number_is_right(name, decimals):
    """A ledger number is right at any rounding."""
    number = LEDGER[name]
    unit = {"percent": "%", "pp": "pp", "eur": "EUR"}.get(number.unit, number.unit)
    checked = check_numbers(read_memo(f"It is {abs(number.value):,.{decimals}f} {unit} now."), LEDGER)
    assert (checked.wrong, name in checked.cited) == ((), True)
