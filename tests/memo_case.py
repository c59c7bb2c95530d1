"""A memo exercise with a key and a ledger of its own, so that the judge is tested apart from any case."""

from __future__ import annotations

from pathlib import Path

from casekit.judge.memo import judge_memo
from casekit.model import Exercise, Trap, Verdict
from casekit.model.keys import MemoKey, RedFlag, RubricLine
from casekit.model.results import LedgerNumber

MEMOS = Path(__file__).parent / "data" / "memos" / "judge"

VALUES = {
    "conv_before_percent": 14.14,
    "conv_after_percent": 11.11,
    "fall_pp": 3.03,
    "mix_pp": -2.13,
    "mix_share_percent": 70.16,
    "rate_share_percent": 29.84,
    "android_rate_pp": -1.22,
    "card_new_percent": 41.88,
    "card_old_percent": 85.83,
    "social_before_percent": 12.1,
    "social_after_percent": 30.7,
    "lost_orders": 435.5,
    "lost_eur": 26219.1,
    "lost_low_eur": 24100.0,
    "lost_high_eur": 28300.0,
    "untracked_days": 2.0,
}
LEDGER = {name: LedgerNumber(name, value, name.rsplit("_", 1)[1]) for name, value in VALUES.items()}

REDESIGN = RedFlag(
    Trap(
        "redesign",
        "solution_first",
        "You fix before you locate. Checkout works.",
        "Redesign checkout by June.",
    ),
    (r"\bredesign\w*\W+(?:the\W+)?checkout", r"\brebuild\w*\W+(?:the\W+)?checkout"),
    (r"\bno need\b",),
    20,
)
WEB_DEMAND = RedFlag(
    Trap("web-demand", "wrong_source", "Orders on the web did not move.", "Web demand fell in April."),
    (r"\bweb demand\b.{0,20}\b(?:fell|fall|dropped)\b",),
    (r"\bnot\b", r"n't\b", r"\btracking\b"),
    20,
)

KEY = MemoKey(
    exemplar="Roll back Android 5.2.0 today.",
    why="",
    pass_points=70,
    decision_verbs=(
        "roll back", "revert", "switch off", "switch back", "turn off", "disable", "withdraw", "kill", "stop",
    ),
    rubric=(
        RubricLine("decision", "Decision first", 15, (), (), ("decision-first",), "Open with the decision."),
        RubricLine(
            "mix", "Mix", 20,
            (("paid social", "marketing"), ("mix", "buy less", "rarely buy", "seldom buy", "seldom order")),
            ("mix_share_percent",), (), "Say how much is mix.",
        ),
        RubricLine(
            "release", "Release", 20, (("android",), ("card", "payment")), ("android_rate_pp",), (),
            "Size what is ours.",
        ),
        RubricLine("web", "Web", 10, (("tracking", "tag", "untracked"),), (), (), "Clear up the web dip."),
        RubricLine("numbers", "Numbers", 10, (), (), ("numbers",), "Check the numbers."),
        RubricLine("actions", "Actions", 15, (), (), ("owner", "date"), "Who, by when?"),
        RubricLine("loop", "Loop", 10, (), ("lost_eur",), ("metric", "guardrail"), "Say what stops you."),
    ),
    red_flags=(REDESIGN, WEB_DEMAND),
)  # fmt: skip

EXERCISE = Exercise(
    id="recommendation", code="E12", kind="memo", title="Memo", stage="recommend", skills=("memo",),
    difficulty=6, minutes=8, points=12, ask="Write to the CEO.", hints=(), word_limit=180,
)  # fmt: skip


def judged(text: object) -> Verdict:
    """The verdict on *text* with this key and ledger."""
    return judge_memo(EXERCISE, KEY, text, LEDGER)


def stored(name: str) -> str:
    """One of the stored memos."""
    return (MEMOS / name).read_text(encoding="utf-8")
