"""The lint's parts: sentences, phrases, owners, dates, thresholds, guardrails."""

from __future__ import annotations

import pytest

from casekit.judge.ledger_text import fill
from casekit.judge.memo.checks import has_guardrail, has_metric
from casekit.judge.memo.dates import has_date
from casekit.judge.memo.decision import states_decision
from casekit.judge.memo.owner import has_owner
from casekit.judge.memo.phrases import has_phrase, plain_words
from casekit.judge.memo.text import Sentence, read_memo
from memo_case import KEY, LEDGER


def says(test, text):
    """Whether one sentence passes a test of the lint."""
    return test(Sentence(1, text))


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("One. Two! Three?", ["One.", "Two!", "Three?"]),
        ("Use 5.2.0 today. It costs 3.5 pp.", ["Use 5.2.0 today.", "It costs 3.5 pp."]),
        ("C. 70 %, e.g. mix, i.e. social.", ["C. 70 %, e.g. mix, i.e. social."]),
        ("- one\n- two\n1. three", ["one", "two", "three"]),
        ("a long line that was wrapped by an editor at\nseventy characters", 1),
        ("| A | B |\n|---|---|\n| 1 | 2 |", ["A | B", "1 | 2"]),
        ("<p>One</p><p>Two</p>", ["One", "Two"]),
        ("By 28. April it ends.", ["By 28. April it ends."]),
        ("**Bold** and _soft_ and [a link](http://x).", ["Bold and soft and a link."]),
    ],
)
def test_sentences_are_found(text, sentences):
    """Sentences end where a reader ends them, without the markup."""
    found = [sentence.text for sentence in read_memo(text).sentences]
    assert (found if isinstance(sentences, list) else len(found)) == sentences


@pytest.mark.parametrize(
    "start",
    ["# Memo\n\n", "Dear Ines,\n\n", "To: Ines\nSubject: checkout\n\n", "**Advice:**\n", "Advice\n======\n"],
)
def test_salutation_is_not_sentence_one(start):
    """Headings and salutations are not counted as sentences."""
    memo = read_memo(f"{start}Roll back 5.2.0.")
    assert memo.opening[-1] == Sentence(1, "Roll back 5.2.0.")


@pytest.mark.parametrize(
    ("term", "text"),
    [
        ("disable", "We are disabling it"),
        ("disabled", "Disable it"),
        ("roll back", "the rollback of 5.2"),
        ("roll back", "Roll Android 5.2.0 back"),
        ("roll back", "rolled-back builds"),
        ("prioritise", "We prioritize"),
        ("behavior", "Behaviours"),
        ("stop", "stopping it"),
        ("lose", "we lost it"),
        ("5.2", "Android 5.2.0"),
        ("paid social", "Paid-social"),
        ("fix tag", "fix the tag"),
    ],
)
def test_phrase_in_any_form(term, text):
    """A synonym is found in its other endings, spellings and hyphens."""
    assert has_phrase((term,), plain_words(text))


@pytest.mark.parametrize(
    ("term", "text"), [("tag", "stage"), ("mix", "fixed"), ("car", "card"), ("roll", "role")]
)
def test_phrase_not_inside_words(term, text):
    """A synonym is not found inside another word."""
    assert not has_phrase((term,), text)


@pytest.mark.parametrize(
    ("text", "decides"),
    [
        ("Roll back Android 5.2.0 today.", True),
        ("Please turn the card kit off.", True),
        ("Don't wait to disable the kit.", True),
        ("Do not redesign; revert 5.2.0.", True),
        ("We should not roll back 5.2.0.", False),
        ("Rolling back 5.2.0 would be a mistake.", False),
        ("We oppose reverting 5.2.0.", False),
        ("Should we revert 5.2.0?", False),
        ("It would be a mistake not to revert 5.2.0.", True),
        ("Roll it back today.", False),
        ("Conversion fell.", False),
    ],
)
def test_decision_needs_object(text, decides):
    """A decision is a verb that is not negated, with what it is done to."""
    assert says(lambda sentence: states_decision(sentence, KEY.decision_verbs), text) == decides


@pytest.mark.parametrize(
    ("text", "owned"),
    [
        ("Owner: Android lead", True),
        ("Tobias owns the rollback.", True),
        ("Tobias: flag off today.", True),
        ("Tobias – flag off today", True),
        ("The payments squad fixes it.", True),
        ("Flag off (Android lead, today)", True),
        ("Rollback | Head of Apps | Monday", True),
        ("Marketing will decide.", True),
        ("Owner: TBD", False),
        ("Card payments fail on Android.", False),
        ("Mix: 70 % since Monday.", False),
        ("Paid social brings visitors who buy less.", False),
    ],
)
def test_owner_is_found(text, owned):
    """An owner is a role or a person with something to do."""
    assert says(has_owner, text) == owned


@pytest.mark.parametrize(
    ("text", "dated"),
    [
        ("by Monday", True),
        ("today", True),
        ("hotfix by 2 May", True),
        ("due 2025-05-02", True),
        ("within 48 hours", True),
        ("on April 28th", True),
        ("by 28/4", True),
        ("soon", False),
        ("since 31 March", False),
        ("it is 2/3 of it", False),
        ("version 5.2", False),
    ],
)
def test_date_is_found(text, dated):
    """A date is when something will be done, not since when it is broken."""
    assert says(has_date, text) == dated


@pytest.mark.parametrize(
    ("text", "measured"),
    [
        ("payment success >= 80 %", True),
        ("conversion back above 13 %", True),
        ("error rate under 1 %", True),
        ("success below baseline", True),
        ("a gate of 84 % payment success", True),
        ("payment success matters", False),
        ("within 24 h of payment", False),
        ("Up to 27 April this cost orders", False),
    ],
)
def test_metric_needs_threshold(text, measured):
    """A metric counts with the value that decides."""
    assert says(lambda sentence: has_metric(sentence, LEDGER), text) == measured


@pytest.mark.parametrize(
    ("text", "guarded"),
    [
        ("Roll back if success is under 80 %.", True),
        ("Guardrail: refunds.", True),
        ("Ship it unless errors rise.", True),
        ("If success falls, then stop.", True),
        ("Automatic rollback under 80 %", True),
        ("success by version >= 84 %, else stop", True),
        ("We need no guardrail.", False),
        ("We disable it, as payments fail.", False),
    ],
)
def test_guardrail_is_found(text, guarded):
    """A guardrail says what would make one stop."""
    assert says(has_guardrail, text) == guarded


def test_fill_formats_numbers():
    """A mark shows its number in its own format or in the unit's."""
    text = fill("{fall_pp:.1f} pp, {lost_eur} EUR, {fall_pp} pp, {not a mark}", LEDGER)
    assert text == "3.0 pp, 26,219 EUR, 3.0 pp, {not a mark}"


@pytest.mark.parametrize(("text", "words"), [("{fall_p}", "fall_pp"), ("{fall_pp:zz}", "cannot format")])
def test_fill_names_faults(text, words):
    """An unknown name or a format that does not work is named."""
    with pytest.raises(KeyError, match=words):
        fill(text, LEDGER)


@pytest.mark.parametrize(
    "text",
    [
        "Tobias removes 5.2.0 today and has a fix out by 2 May.",
        "Mireille goes back to 3,600 euros a week by Monday.",
        "Mireille cuts paid social by Monday.",
        "Tobias has until Tuesday 29 April for a hotfix.",
    ],
)
def test_named_person_with_date_owns(text):
    """A person with any verb and a date in the same sentence owns what is said."""
    assert has_owner(read_memo(text).sentences[0])


@pytest.mark.parametrize("text", ["Android fails since 1 April.", "Checkout loses orders until 27 April."])
def test_thing_with_date_owns_nothing(text):
    """What is no person owns nothing, whatever the date."""
    assert not has_owner(read_memo(text).sentences[0])
