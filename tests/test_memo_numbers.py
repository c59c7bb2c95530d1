"""Numbers in a memo: which ones the data must bear out, and which ways of writing them agree."""

from __future__ import annotations

import pytest

from casekit.judge.memo.ledger import check_numbers
from casekit.judge.memo.text import read_memo
from memo_case import LEDGER


def checked(text):
    """The numbers of *text* beside the ledger."""
    return check_numbers(read_memo(text), LEDGER)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("About 70 % of the fall is mix.", "mix_share_percent"),
        ("c. 70% of the fall", "mix_share_percent"),
        ("seventy per cent of the drop", "mix_share_percent"),
        ("2/3 of the decline is mix", "mix_share_percent"),
        ("Two-thirds of the fall is mix.", "mix_share_percent"),
        ("7 in 10 points lost", "mix_share_percent"),
        ("The split is 70/30.", "rate_share_percent"),
        ("A third of the fall is ours.", "rate_share_percent"),
        ("€26.2k", "lost_eur"),
        ("26,219 EUR", "lost_eur"),
        ("EUR 26 200", "lost_eur"),
        ("26.200 €", "lost_eur"),
        ("€26.219,10", "lost_eur"),
        ("26.2K€", "lost_eur"),
        ("roughly €25k", "lost_eur"),
        ("26 thousand euros", "lost_eur"),
        ("€20k-30k", "lost_eur"),
        ("€20–30k", "lost_eur"),
        ("between €22,000 and €30,000", "lost_eur"),
        ("It fell by 3.0 pp.", "fall_pp"),
        ("It fell by -3.0 percentage points.", "fall_pp"),
        ("It fell by three percentage points.", "fall_pp"),
        ("It fell by 3,0 pp.", "fall_pp"),
        ("Android −1.2pp", "android_rate_pp"),
        ("from 14.1 to 11.1 %", "conv_before_percent"),
        ("14.1% -> 11.1%", "conv_after_percent"),
        ("436 lost orders", "lost_orders"),
        ("some 400 orders", "lost_orders"),
    ],
)
def test_right_number_is_cited(text, name):
    """A ledger number is recognised in every usual way of writing it."""
    numbers = checked(text)
    assert (name in numbers.cited, numbers.wrong) == (True, ())


@pytest.mark.parametrize(
    "text",
    [
        "Conversion fell by 5.2 pp.",
        "We lost €91k.",
        "We lost $26k.",
        "We lost 900 orders.",
        "Half of the fall is Android.",
        "More than 90 % of the fall is Android.",
        "We lost €25k.",
        "Conversion fell to 9 %.",
        "We lost between €1 and €1,000,000.",
    ],
)
def test_wrong_number_is_found(text):
    """A number with a unit that agrees with nothing is wrong."""
    assert len(checked(text).wrong) >= 1


@pytest.mark.parametrize(
    "text",
    [
        "Android 5.2.0 and 3-D Secure fail since 31 March 2025.",
        "On 15–17 April, from 12:00 to 06:00, events vanished.",
        "Within 24 h, in 2 days or 6 weeks.",
        "There are three causes, 2 steps and a 3rd option in Q2, week 14.",
        "Roll out while success is >= 84 %; roll back below 80 %.",
        "Gate: 10 %, 50 %, then 100 % of users.",
        "Assumption: 12.5 % retry and 900 orders come back.",
        "We expect to win back €9k.",
        "We are 95 % confident, ±3 %.",
        "If success drops by 6 pp, stop.",
        "Target: 13.5 % conversion.",
        "By 28/4, 2025-05-02 or 28.04.2025.",
    ],
)
def test_no_claim_no_fault(text):
    """Versions, dates, durations, thresholds, targets and assumptions need no data."""
    assert checked(text).wrong == ()


@pytest.mark.parametrize(
    "text",
    [
        "Conversion rose by 3.0 pp.",
        "Conversion: +3.0 pp.",
        "Conversion went from 11.1 % to 14.1 %.",
        "Conversion rose from 14.1 % to 11.1 %.",
        "Card success is 86 % on the new version.",
        "On other versions card success is 42 %.",
    ],
)
def test_turned_number_is_wrong(text):
    """A number of the right size is wrong with the wrong direction, order or side."""
    assert {stated.mixed_up for stated in checked(text).wrong} == {"direction"}


@pytest.mark.parametrize(
    ("text", "n_wrong"),
    [
        ("Assuming 12.5 % retry, we lost €260,000.", 1),
        ("We lost €260,000, assuming they would have paid.", 1),
        ("Assumption: 900 orders come back.", 0),
        ("12.5 % retry is our assumption.", 0),
    ],
)
def test_assumption_excuses_its_own(text, n_wrong):
    """A word of assuming excuses the number it governs, and no other."""
    assert n_wrong == len(checked(text).wrong)


@pytest.mark.parametrize("text", ["58 % of cards fail.", "436 sessions ended without an order."])
def test_rest_and_kin_agree(text):
    """What a percentage leaves to 100 is right, and orders may be counted as sessions."""
    assert checked(text).wrong == ()


@pytest.mark.parametrize(("text", "unit"), [("It fell 3.0 %.", "pp"), ("70 pp is mix.", "percent")])
def test_mixed_up_units_are_named(text, unit):
    """Percent for percentage points, and the reverse, is recognised as that."""
    assert [stated.mixed_up for stated in checked(text).wrong] == [unit]


@pytest.mark.parametrize(
    "text",
    [
        "Card success is 42 % instead of 86 %, a gap of 44 pp.",
        "Conversion fell from 14.1 % to 11.1 %, by 21 %.",
        "Mix is 70 % of the fall; the other 30 % is rate.",
        "We lost 436 orders worth €26.2k, so €60 each.",
    ],
)
def test_simple_arithmetic_is_allowed(text):
    """What follows from two numbers cited beside it is right as well."""
    assert checked(text).wrong == ()
