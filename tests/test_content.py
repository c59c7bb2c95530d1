"""What Marrowby's content promises beyond the format: clear asks, prose without spoilers, fair memos."""

from __future__ import annotations

import math
import re
from pathlib import Path

import pytest

from casekit.judge import Bench, fill, judge
from casekit.judge.hidden import WARM_MODULES
from casekit.library import find_exercise, load_case, load_debrief, load_key
from casekit.model import Answer
from casekit.model.keys import CardsKey, CodeKey, MemoKey
from casekit.sandbox import AnswerBox
from casekit.world import ensure_dataset

SLUG = "checkout-drop"
SEEDS = (7, 11, 12, 21)
CASE = load_case(SLUG)
CODED = [exercise for exercise in CASE.exercises if exercise.kind in ("sql", "pandas", "number")]
HERE = Path(__file__).parent
LESSON = (Path(CASE.folder) / "lesson.md").read_text(encoding="utf-8")
FENCE = re.compile(r"^```.*?^```$", flags=re.M | re.S)

# Right answers by somebody who had only the ask and its contract.
SECOND_OPINIONS = sorted((HERE / "data/second_opinions").glob("*.sql"))


@pytest.fixture(scope="module")
def benches():
    """Marrowby's bench on each seed."""
    box = AnswerBox(warm=WARM_MODULES)
    made = {seed: Bench(CASE, ensure_dataset(Path(CASE.folder), SLUG, seed=seed).path, box) for seed in SEEDS}
    yield made
    for bench in made.values():
        bench.close()
    box.close()


def memo_verdict(text: str, bench: Bench):
    """The verdict on a memo, its marks filled with the numbers of the data."""
    exercise = find_exercise(CASE, "recommendation")
    return judge(exercise, load_key(CASE, exercise.id), Answer(fill(text, bench.ledger)), bench)


@pytest.mark.parametrize("exercise", CODED, ids=lambda exercise: exercise.id)
def test_ask_has_contract(exercise):
    """An ask states grain, window, zone and inclusions, and each number its unit and precision."""
    assert "" not in (exercise.grain, exercise.window, exercise.timezone, exercise.includes)
    for column in exercise.columns:
        if column.type == "number":
            assert column.unit
            assert column.decimals is not None or column.tolerance_percent is not None


@pytest.mark.parametrize("exercise", CODED, ids=lambda exercise: exercise.id)
def test_window_is_dated(exercise):
    """A window spells its dates out."""
    assert len(re.findall(r"2025-\d\d-\d\d", exercise.window)) >= 2


def test_effort_adds_up():
    """The points of all exercises make 100, and the minutes leave room to read and ask."""
    assert sum(exercise.points for exercise in CASE.exercises) == 100
    assert 36 <= sum(exercise.minutes for exercise in CASE.exercises) <= CASE.minutes


def test_codes_stand_in_order():
    """The exercises carry the blueprint's codes, and a candidate meets them in that order."""
    codes = [exercise.code for exercise in CASE.exercises]
    wanted = ["E01", "E02", "E03", "E04", "E05", "E06", "E07", "E08", "E08b", "E09", "E10", "E11", "E12"]
    assert codes == wanted
    stands = re.findall(r"^```\{exercise\} (\S+)$", LESSON, flags=re.M)
    assert stands == [exercise.id for exercise in CASE.exercises]


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("path", SECOND_OPINIONS, ids=lambda path: path.stem)
def test_text_alone_suffices(path, seed, benches):
    """An answer written from the ask alone, in other SQL and rounded as asked, is correct."""
    exercise, answer = find_exercise(CASE, path.stem), Answer(path.read_text(encoding="utf-8"), sql=True)
    verdict = judge(exercise, load_key(CASE, exercise.id), answer, benches[seed])
    assert (verdict.status, verdict.headline if verdict.status != "correct" else "") == ("correct", "")


def test_prose_types_no_number():
    """The lesson's prose holds no digit: whatever the data decides is computed."""
    prose = re.sub(r"`[^`]*`", "", FENCE.sub("", LESSON))
    assert re.findall(r".{0,20}\d.{0,20}", prose) == []


def test_sentences_stay_short():
    """Half of the lesson's sentences have at most fifteen words, and none has more than forty."""
    prose = " ".join(FENCE.sub("", LESSON).split())
    lengths = sorted(len(sentence.split()) for sentence in re.split(r"(?<=[.?!])\s+", prose))
    assert lengths[len(lengths) // 2] <= 15
    assert lengths[-1] <= 40


@pytest.mark.parametrize("id_", [exercise.id for exercise in CODED])
def test_words_hide_the_answer(id_, benches):
    """No hint and no trap's words hold a number of the expected answer."""
    exercise, key = find_exercise(CASE, id_), load_key(CASE, id_)
    assert isinstance(key, CodeKey)
    values = [v for row in benches[7].reference(key).rows for v in row if isinstance(v, int | float)]
    expected = {
        shown for v in values if v and math.isfinite(v) for shown in (f"{v:.1f}", f"{v:.2f}") if v > 3
    }
    words = " ".join([*exercise.hints, *(trap.say for trap in key.traps)])
    assert expected.isdisjoint(re.findall(r"\d+\.\d+", words))


def test_traps_have_own_words():
    """No two traps of the case say the same thing, and none is longer than a glance."""
    keys = [load_key(CASE, exercise.id) for exercise in CASE.exercises]
    said = [trap.say for key in keys for trap in getattr(key, "traps", ())]
    said += [rule.trap.say for key in keys if isinstance(key, CardsKey) for rule in key.rules]
    said += [flag.trap.say for key in keys if isinstance(key, MemoKey) for flag in key.red_flags]
    assert len(set(said)) == len(said)
    assert max(len(say.split()) for say in said) <= 60


@pytest.mark.parametrize("seed", SEEDS)
def test_ledger_holds_numbers(seed, benches):
    """Every ledger number is finite, and its unit is one a memo can use."""
    ledger = benches[seed].ledger
    assert [number.name for number in ledger.values() if not math.isfinite(number.value)] == []
    units = {number.unit for number in ledger.values()}
    assert units <= {"percent", "pp", "eur", "orders", "sessions", "days", "errors", "attempts"} | {
        "successes",
        "failures",
        "times",
        "channels",
    }


@pytest.mark.parametrize("seed", SEEDS)
def test_debrief_fills_up(seed, benches):
    """Every number the debrief cites is in the ledger."""
    debrief = load_debrief(CASE)
    texts = [fill(text, benches[seed].ledger) for text in (debrief.truth, *debrief.trail, debrief.aftermath)]
    assert [text for text in texts if "{" in text] == []


def test_interview_has_dead_ends():
    """There are more questions than may be asked, good ones among them and dead ends too."""
    interview = CASE.interview
    values = [question.value for question in interview.questions]
    assert 10 <= len(values) <= 12
    assert interview.question_limit == 6
    assert values.count(0) >= 2
    assert values.count(3) >= 3


@pytest.mark.parametrize("seed", SEEDS)
def test_exemplar_passes_lint(seed, benches):
    """The exemplar passes on every seed, with every point for its numbers, within the limit."""
    key = load_key(CASE, "recommendation")
    assert isinstance(key, MemoKey)
    verdict = memo_verdict(key.exemplar, benches[seed])
    assert verdict.status == "correct"
    assert verdict.score is not None
    assert verdict.score >= 95


@pytest.mark.parametrize("seed", SEEDS)
def test_memos_rank_as_read(seed, benches):
    """A strong memo in other words passes; a middling one does not, and beats a weak one."""
    memos = {name: HERE / f"data/memos/checkout-drop-{name}.md" for name in ("strong", "middling", "weak")}
    verdicts = {n: memo_verdict(path.read_text(encoding="utf-8"), benches[seed]) for n, path in memos.items()}
    scores = {name: verdict.score or 0 for name, verdict in verdicts.items()}
    assert [verdicts[name].status for name in memos] == ["correct", "not yet", "not yet"]
    assert scores["strong"] >= 80
    assert scores["strong"] > scores["middling"] + 20
    assert scores["middling"] > scores["weak"] + 20


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("name", ["plain", "table"])
def test_other_words_pass(name, seed, benches):
    """A good memo passes whether it is written in plain words or around a table."""
    verdict = memo_verdict(
        (HERE / f"data/memos/checkout-drop-{name}.md").read_text(encoding="utf-8"), benches[seed]
    )
    assert verdict.status == "correct"


@pytest.mark.parametrize(
    "sentence",
    [
        "Do not redesign checkout.",
        "There is no case for rebuilding the checkout.",
        "Cancel the request for a new checkout design.",
        "We don’t need to redesign the whole checkout.",
        "Withdraw the money for the checkout rebuild.",
        "A redesign of the checkout would leave the fault inside.",
        "Web demand did not fall; the tag lost purchase events.",
        "The drop in web purchases is missing tracking.",
        "Web orders were normal while tracked purchases fell.",
        "There is nothing to fix on iOS.",
        "The release does not explain the whole fall.",
        "Not all of the drop comes from the bug.",
        "iOS looked worse only because its mix changed.",
    ],
)
def test_denial_is_no_red_flag(sentence, benches):
    """A red flag's words in a sentence that denies them cost nothing."""
    text = f"Switch off the card payment kit in Android 5.2.0 today. {sentence}"
    assert memo_verdict(text, benches[7]).trap == ""


@pytest.mark.parametrize(
    ("sentence", "trap"),
    [
        ("We should rebuild our entire checkout this summer.", "redesign-checkout"),
        ("Fund the checkout redesign.", "redesign-checkout"),
        ("Mireille should launch a new checkout flow by June.", "redesign-checkout"),
        ("The web lost customers: web orders fell by half on 16 April.", "web-demand-fell"),
        ("The dip in web demand needs a campaign.", "web-demand-fell"),
        ("Tobias must also fix the iOS app.", "ios-blamed"),
        ("iOS 5.10.0 is broken as well.", "ios-blamed"),
        ("Android 5.2.0 explains the entire drop.", "release-blamed-for-all"),
    ],
)
def test_red_flag_is_seen(sentence, trap, benches):
    """A red flag is seen in other words than its example's."""
    text = f"Switch off the card payment kit in Android 5.2.0 today. {sentence}"
    assert memo_verdict(text, benches[7]).trap == trap
