"""Marrowby's memo on its data: opposite decisions and turned numbers never pass, sane words cost nothing."""

from __future__ import annotations

from pathlib import Path

import pytest

from casekit.judge import Bench, fill
from casekit.judge.memo import judge_memo
from casekit.library import find_exercise, load_case, load_key
from casekit.model.keys import MemoKey
from casekit.world import ensure_dataset

SLUG = "checkout-drop"
CASE = load_case(SLUG)
EXERCISE = find_exercise(CASE, "recommendation")
MEMOS = Path(__file__).parent / "data" / "memos"
OPENING = "Switch off the new card payment kit in Android 5.2.0 today, and do not rebuild checkout."
MONEY = "The fault cost about €25,500, between €23,500 and €27,600. Assumption: without it,"


@pytest.fixture(scope="module")
def key():
    """The key of Marrowby's memo."""
    loaded = load_key(CASE, "recommendation")
    assert isinstance(loaded, MemoKey)
    return loaded


@pytest.fixture(scope="module")
def ledger():
    """The numbers of the data with seed 7."""
    bench = Bench(CASE, ensure_dataset(Path(CASE.folder), SLUG, seed=7).path)
    yield bench.ledger
    bench.close()


@pytest.fixture
def good(key, ledger):
    """The exemplar with its numbers."""
    return fill(key.exemplar, ledger)


@pytest.fixture
def verdict_on(key, ledger):
    """Judges a memo."""
    return lambda text: judge_memo(EXERCISE, key, fill(text, ledger), ledger)


def exchanged(memo, *pairs):
    """*memo* with words exchanged, each of which it holds."""
    for old, new in pairs:
        assert old in memo
        memo = memo.replace(old, new)
    return memo


def lines_of(verdict):
    """Points earned by rubric line."""
    return verdict.extra["rubric"]


@pytest.mark.parametrize(
    "opening",
    [
        "We must not roll back Android 5.2.0.",
        "Keep Android 5.2.0 as it is and pause paid social.",
        "Ship 5.2.0 to everybody today.",
        "Rolling back 5.2.0 would be a mistake; keep it.",
        "Fire Tobias today.",
        "Under no circumstances should we roll back Android 5.2.0.",
        "I do not think we should roll back Android 5.2.0.",
        "Stop the rollback of Android 5.2.0.",
        "Postpone the rollback of Android 5.2.0 to June.",
        "A rollback of Android 5.2.0 is off the table.",
        "Should we roll back Android 5.2.0?",
        "Switch off paid social today.",
        "Pause paid social, for Android 5.2.0 is fine.",
        "Hold Android 5.2.0.",
        "Keep Android 5.2.0.",
        "Fix Android 5.2.0.",
        "Stop paid social on Android.",
        "Paid social must be switched off today while Android 5.2.0 stays.",
        "It would be wrong to roll back Android 5.2.0.",
        "Rolling back Android 5.2.0 won't help.",
        "Android 5.2.0 does not need to be rolled back.",
        "Revert the paid social budget to the March level.",
        "Roll back? No, keep 5.2.0.",
        "Conversion fell.",
    ],
)
def test_other_decision_never_passes(opening, good, verdict_on):
    """A memo that opens with no decision, another one or the opposite is not right, however good the rest."""
    verdict = verdict_on(exchanged(good, (OPENING, opening)))
    assert verdict.status in ("not yet", "trap")
    assert lines_of(verdict)["decision"] < 15


@pytest.mark.parametrize(
    "opening",
    [
        "Roll back Android 5.2.0 today.",
        "Ines, roll Android back to the old payment kit this morning.",
        "We recommend disabling the card kit on Android 5.2.0.",
        "Do not wait to roll back Android 5.2.0.",
        "There is no alternative to rolling back Android 5.2.0 today.",
        "Do not redesign checkout; revert Android 5.2.0.",
        "Android 5.2.0 breaks card payments, so roll it back within the hour.",
        "Android 5.2.0 must be withdrawn by noon.",
        "Stop the Android 5.2.0 rollout today and go back to the old kit.",
        "Pull Android 5.2.0 from the store by tonight.",
        "On Monday, turn the new card kit off.",
        "Pause the rollout and revert Android to 5.1.4.",
        "Not checkout but the payment kit is broken: switch it off on Android 5.2.0 now.",
        "Since checkout is not broken we should roll back Android 5.2.0.",
        "The rollback of Android 5.2.0 must not wait until Friday.",
        "Kill the new payment kit on Android 5.2.0 today.",
        "Hotfix the card kit on Android 5.2.0 today.",
        "Replace the payment kit in Android 5.2.0 today.",
        "We have to get the old payment kit back on Android.",
        "It would be a mistake not to roll back Android 5.2.0.",
        "My recommendation is to roll back today: Android 5.2.0 breaks card payments.",
        "We should not redesign checkout and roll back Android 5.2.0.",
        "No doubt we should roll back Android 5.2.0.",
        "Roll back Android 5.2.0 no later than Monday.",
        "Android 5.2.0 must be pulled today.",
    ],
)
def test_decision_in_many_words(opening, good, verdict_on):
    """A memo that opens with the decision is right in whatever words."""
    verdict = verdict_on(exchanged(good, (OPENING, opening)))
    assert (verdict.status, lines_of(verdict)["decision"]) == ("correct", 15)


@pytest.mark.parametrize(
    "sentence",
    [
        "We must not roll back Android 5.2.0.",
        "Keep Android 5.2.0 as it is and pause paid social.",
        "Ship 5.2.0 to everybody today.",
        "Rolling back 5.2.0 would be a mistake; keep it.",
    ],
)
def test_keeping_release_is_flagged(sentence, good, verdict_on):
    """Keeping or shipping the faulty release is a red flag, also behind a good opening."""
    verdict = verdict_on(f"{good}\n\n{sentence}")
    assert (verdict.status, verdict.trap) == ("trap", "release-kept")


@pytest.mark.parametrize(
    "sentence",
    [
        "Do not ship 5.2.0 to everybody.",
        "Keep Android 5.2.0 users on the old kit.",
        "Keep Android 5.2.0 off the store.",
        "Keep Android 5.2.0 but switch off its card kit.",
        "Ship 5.2.1 to everybody by 5 May.",
        "We need not roll back 5.2.0 entirely; the flag suffices.",
        "Do not wait to roll back 5.2.0.",
    ],
)
def test_holding_back_is_no_flag(sentence, verdict_on):
    """Words that keep the release from people are no red flag."""
    assert verdict_on(f"{OPENING} {sentence}").trap == ""


@pytest.mark.parametrize(
    "pairs",
    [
        [("69 % of the fall", "31 % of the fall")],
        [("Mix, 69 % of the fall.", "Mix is 55 %.")],
        [("Mix, 69 % of the fall.", "55 % mix.")],
        [("Mix, 69 % of the fall.", "31 % of the fall is mix."), ("Android, -1.2 pp", "Android, -2.1 pp")],
        [("Android, -1.2 pp", "Android, -2.1 pp")],
        [("Android, -1.2 pp", "Android, +1.2 pp")],
        [("Android, -1.2 pp", "iOS -1.2 pp is ours")],
        [(MONEY, "The fault cost about €260,000, assuming that without it,")],
        [(MONEY, "The fault cost about €260,000. Assumption: without it,")],
        [("about €25,500, between", "about €260,000, between")],
        [(MONEY, "The fault cost at least €260,000. Assumption: without it,")],
        [(MONEY, "The fault could have cost €260,000. Assumption: without it,")],
        [(MONEY, "Until 27 April the fault cost €260,000. Assumption: without it,")],
        [(MONEY, "If these buyers had paid, we lost €260,000. Assumption: without it,")],
        [("Mix, 69 % of the fall.", "A third of the fall is mix.")],
        [("Mix, 69 % of the fall.", "Mix explains 31 %.")],
        [("Android, -1.2 pp", "Android rose 1.2 pp")],
        [
            (MONEY, "The fault cost €90,000, if customers would have paid: without it,"),
            ("69 %", "55 %"),
            ("€139", "€17"),
        ],
        [("42 % on 5.2.0, 86 % on other versions", "86 % on 5.2.0 and 42 % on other versions")],
        [("an order fell 3.0 pp, from 14.1 % to 11.1 %", "an order rose from 11.1 % to 14.1 %")],
        [("an order fell 3.0 pp, from 14.1 % to 11.1 %", "an order rose 3.0 pp, from 14.1 % to 11.1 %")],
        [("an order fell 3.0 pp, from 14.1 % to 11.1 %", "an order fell from 11.1 % to 14.1 %")],
    ],
)
def test_turned_numbers_never_pass(pairs, good, verdict_on):
    """A headline number that is wrong, turned round or said of another keeps a memo from right."""
    verdict = verdict_on(exchanged(good, *pairs))
    assert verdict.status in ("not yet", "trap")
    assert verdict.points != ()


@pytest.mark.parametrize(
    ("pairs", "line", "most"),
    [
        ([("Mix, 69 % of the fall.", "Mix is most of the fall.")], "mix", 6),
        ([("Mix, 69 % of the fall.", "Mix, 31 % of the fall.")], "mix", 6),
        ([("Android, -1.2 pp.", "Android.")], "release", 6),
        ([("Android, -1.2 pp.", "iOS, -1.2 pp.")], "release", 6),
        ([(MONEY, "The fault cost money. Assumption: without it,")], "uncertainty", 5),
    ],
)
def test_named_numbers_are_needed(pairs, line, most, good, verdict_on):
    """A line that asks for a number earns at most half without it."""
    assert lines_of(verdict_on(exchanged(good, *pairs)))[line] <= most


@pytest.mark.parametrize(
    "sentence",
    [
        "58 % of card payments on 5.2.0 fail.",
        "70 web orders left no event.",
        "Compared with 86 % on older versions, 42 % succeed on 5.2.0.",
        "Card success fell from 86 % to 42 % on 5.2.0.",
        "42 % of card payments on 5.2.0 succeed instead of 86 % elsewhere.",
        "On 5.2.0 card success is 42 %, on other versions 86 %.",
        "Bring conversion back from 11.1 % to 14.1 %.",
        "Conversion is 11.1 %, down from 14.1 %.",
        "Conversion fell to 11.1 % from 14.1 %.",
        "iOS improved by 0.3 pp within its channels.",
        "iOS as a whole fell by 1.2 pp, by its mix alone.",
        "Until 27 April the fault cost €25,500.",
        "The rest, 31 % of the fall, is ours.",
        "Only 31 % of the fall is not mix.",
        "About 40 % of the fall is Android.",
        "The rate effect is 0.9 pp, Android alone 1.2 pp.",
        "We assume that 12.5 % of them retry.",
        "At this rate it costs €9,000 a week.",
        "We expect to win back €9,000 a week.",
        "Paid social explains 69 % of the fall, Android cards the other 31 %.",
        "Mix took 2.1 pp, Android 1.2 pp, and iOS gave 0.3 pp back.",
        "Since 31 March, Android 5.2.0 cost us 1.2 pp of the 3.0 pp.",
        "86 % of cards pass on older versions; 5.2.0 passes 42 %.",
        "At least €23,500 was lost.",
        "86 % of sessions end without an order.",
    ],
)
def test_right_number_in_other_words(sentence, good, verdict_on):
    """Right numbers, the rest to a hundred, assumptions and plans keep a right memo right."""
    verdict = verdict_on(f"{good}\n\n{sentence}")
    assert "agrees with nothing" not in " ".join((*verdict.points, *verdict.notes))
    assert (verdict.trap, verdict.headline.partition(":")[0]) in (
        ("", "Right"),
        ("", "Good, and too long"),
    )


@pytest.mark.parametrize(
    "sentence",
    [
        "The checkout redesign can wait.",
        "Checkout redesign: off the table.",
        "Veto the checkout redesign.",
        "Dismiss the checkout redesign.",
        "Turn down the checkout redesign.",
        "A redesign of checkout is the last thing we need.",
        "The redesign of checkout has zero support in the data.",
        "The answer to “redesign checkout?” is no.",
        "Before we redesign checkout, look at payment.",
        "Web purchases vanished from the event stream; the orders table has them all.",
        "Web orders fell in the events but the server shows them as usual.",
        "Weak web demand is a myth.",
        "iOS got worse only in total; every channel rose.",
        "Roll back Android, iOS stays.",
        "Fix Android, iOS needs nothing.",
        "The whole fall comes from mix and the release.",
        "The full fall is explained by paid social and Android 5.2.0 together.",
        "The whole fall comes from the release and the mix.",
    ],
)
def test_sane_sentence_is_no_flag(sentence, good, verdict_on):
    """A sentence that argues against a mistake, or says the truth in its words, raises no red flag."""
    assert verdict_on(f"{OPENING} {sentence}").trap == ""
    assert verdict_on(f"{good}\n\n- {sentence}").trap == ""


@pytest.mark.parametrize(
    ("sentence", "slug"),
    [
        ("Redesign the checkout by June.", "redesign-checkout"),
        ("Tobias should redesign the whole checkout.", "redesign-checkout"),
        ("Checkout needs a redesign.", "redesign-checkout"),
        ("Product team to rebuild the checkout by June.", "redesign-checkout"),
        ("A new checkout design is needed.", "redesign-checkout"),
        ("Checkout redesign by June.", "redesign-checkout"),
        ("Web demand fell in mid-April.", "web-demand-fell"),
        ("Part of it is due to weaker web demand.", "web-demand-fell"),
        ("Fix iOS by Friday.", "ios-blamed"),
        ("Fix Android and iOS.", "ios-blamed"),
        ("The whole fall is caused by Android 5.2.0.", "release-blamed-for-all"),
        ("All of the decline comes from the payment bug.", "release-blamed-for-all"),
    ],
)
def test_mistake_is_flagged(sentence, slug, good, verdict_on):
    """A mistake that is asserted or asked for raises its red flag."""
    assert verdict_on(f"{OPENING} {sentence}").trap == slug
    assert verdict_on(f"{good}\n\n- {sentence}").trap == slug
