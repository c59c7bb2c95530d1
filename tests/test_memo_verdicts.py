"""Memos in many forms against one key: good ones pass whatever their dress, others are told why not."""

from __future__ import annotations

import json

import pytest

from casekit.errors import AuthorError
from casekit.judge.memo import judge_memo
from memo_case import EXERCISE, KEY, LEDGER, MEMOS, VALUES, judged, stored

NAMES = sorted(path.name for path in MEMOS.glob("*.md"))
STRONG = stored("strong-bullets.md")


@pytest.mark.parametrize("name", [name for name in NAMES if name.startswith("strong")])
def test_strong_memo_passes(name):
    """A good memo passes as bullets, prose, table or HTML, in British or American words."""
    verdict = judged(stored(name))
    assert (verdict.status, verdict.points) == ("correct", ())


@pytest.mark.parametrize("name", [name for name in NAMES if name.startswith(("weak", "wrong"))])
def test_weak_memo_waits(name):
    """A vague, number-free, wrong or reversed memo is not yet right, and is told what is missing."""
    verdict = judged(stored(name))
    assert (verdict.status, verdict.points != ()) == ("not yet", True)


@pytest.mark.parametrize(
    ("name", "slug", "tag"),
    [
        ("trap-redesign.md", "redesign", "solution_first"),
        ("trap-web-demand.md", "web-demand", "wrong_source"),
    ],
)
def test_red_flag_traps(name, slug, tag):
    """A red flag makes a trap with its own words, the sentence quoted, whatever else is good."""
    verdict = judged(stored(name))
    flag = next(flag for flag in KEY.red_flags if flag.trap.slug == slug)
    assert (verdict.status, verdict.trap, verdict.tag) == ("trap", slug, tag)
    assert verdict.headline == flag.trap.say.split(". ")[0].rstrip(".") + "."
    assert any("“" in point and "costs 20 points" in point for point in verdict.points)


@pytest.mark.parametrize(
    "sentence",
    [
        "Do not redesign the checkout.",
        "Nobody should rebuild checkout.",
        "We see no need to redesign checkout.",
        "Web demand did not fall.",
        "Has web demand fallen? No: orders held.",
        "Web demand seemed to fall, which is a tracking fault.",
    ],
)
def test_harmless_mention_stays_harmless(sentence):
    """A red flag that is negated or taken back in its sentence is none."""
    assert judged(f"{STRONG}\n\n{sentence}").trap == ""


def test_reversed_shares_are_named():
    """A share pinned on the wrong cause is named with its sentence and blocks the pass."""
    verdict = judged(stored("wrong-reversed.md"))
    assert verdict.points[0].startswith("Sentence 2, “About 70 %")
    assert "another cause's share" in verdict.points[0]


def test_wrong_numbers_are_quoted():
    """Each number the data does not bear out is quoted with its sentence."""
    said = " ".join(judged(stored("wrong-numbers.md")).points)
    missing = [
        words for words in ("“55 %”", "“2.4 pp”", "“5.2 pp”", "“€91k”", "“1,340 orders”") if words not in said
    ]
    assert missing == []


@pytest.mark.parametrize("name", NAMES)
def test_ledger_never_leaks(name):
    """No point or note holds a ledger value that the memo did not state itself."""
    memo = stored(name)
    verdict = judged(memo)
    said = " ".join((verdict.headline, *verdict.points, *verdict.notes))
    shown = [f"{abs(value):.{digits}f}" for value in VALUES.values() for digits in (1, 2)]
    assert [number for number in shown if number in said and number not in memo] == []


@pytest.mark.parametrize("nothing", [None, ..., "", " \n\t", "...", "…", " . . . ", "\0\0", "<p></p>", "---"])
def test_nothing_is_not_attempted(nothing):
    """Nothing, blanks and dots are not attempted."""
    assert judged(nothing).status == "not attempted"


@pytest.mark.parametrize("value", [42, ["Roll back"], {"memo": "x"}, b"Roll back", 1.5, object()])
def test_other_types_are_told(value):
    """A value that is no text is wrong, and the words say what to pass."""
    verdict = judged(value)
    assert verdict.status == "wrong"
    assert type(value).__name__ in verdict.headline
    assert 'case.check("recommendation"' in verdict.points[0]


def test_long_memo_names_count():
    """A memo over the limit is never right and learns by how many words."""
    verdict = judged("\n\n".join([STRONG, "Every word of this paragraph is one too many. " * 10]))
    words = verdict.extra["words"]
    assert verdict.status == "not yet"
    assert verdict.points[0] == f"{words} words; the limit is 180. Cut {words - 180}."


def test_ten_thousand_words_are_read():
    """Ten thousand words get a verdict with their count."""
    verdict = judged("Roll back Android today. " * 2500)
    assert (verdict.status, verdict.extra["words"]) == ("not yet", 10_000)


def test_evidence_adds_up():
    """The score is the sum of the lines, and each earned line quotes words of the memo."""
    verdict = judged(STRONG)
    assert verdict.score == sum(earned for _, earned, _, _ in verdict.evidence)
    assert verdict.score_of == sum(points for _, _, points, _ in verdict.evidence) == 100
    assert [label for label, earned, _, words in verdict.evidence if earned and not words] == []
    assert max(len(words) for *_, words in verdict.evidence) <= 120


def test_most_valuable_comes_first():
    """What is missing is told in the order of the points it would bring."""
    verdict = judged("Conversion fell by 3.0 pp. Paid social is 70 % of the fall, by mix.")
    labels = [point.split(" (")[0] for point in verdict.points]
    assert labels == ["Release", "Decision first", "Actions", "Web", "Loop"]


def test_filler_is_a_note():
    """Filler costs nothing and is noted with its sentence."""
    verdict = judged(f"{STRONG}\n\nGoing forward, we leverage this.")
    assert verdict.status == "correct"
    assert any("“Going forward” is filler" in note for note in verdict.notes)


def test_verdict_is_plain_data():
    """The verdict turns into JSON and is the same every time, also for odd characters."""
    memo = f"{STRONG}\n\n\ud800 \u202e \0 👩‍💻 ½ ﷺ"
    first, second = (json.dumps(judged(memo).as_dict(), ensure_ascii=False).encode() for _ in range(2))
    assert first == second


def test_unknown_ledger_name_is_authors():
    """A rubric that asks for a number the ledger does not hold is the author's fault."""
    with pytest.raises(AuthorError, match="mix_share_percent"):
        judge_memo(EXERCISE, KEY, STRONG, {k: v for k, v in LEDGER.items() if k != "mix_share_percent"})
