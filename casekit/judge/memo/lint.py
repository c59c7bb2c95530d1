"""Remarks on style that cost nothing: filler, long sentences, what was not read."""

from __future__ import annotations

import re

from casekit.judge.memo.text import MAX_CHARACTERS, Memo, Sentence

__all__ = ["style_notes"]

FILLER = re.compile(
    r"\b(?:leverag(?:e|es|ed|ing)|synerg(?:y|ies)|deep[- ]dives?|move the needle|low[- ]hanging fruit|"
    r"circle back|touch base|best[- ]in[- ]class|world[- ]class|holistic(?:ally)?|at the end of the day|"
    r"(?:going|moving) forward|in order to|it is (?:important|worth) (?:to note|noting)|needless to say|"
    r"as you know|basically|paradigm|utili[sz](?:e|es|ed|ing)|seamless(?:ly)?|game[- ]changer|"
    r"think outside the box|boil the ocean|value[- ]add|take (?:it|this) to the next level|cutting[- ]edge|"
    r"win[- ]win|actionable insights?|data[- ]driven)\b",
    re.IGNORECASE,
)
LONG_SENTENCE_WORDS = 40
MAX_NOTES = 8


def style_notes(memo: Memo) -> list[str]:
    """What an editor would mark, with the place of each."""
    notes = [note for sentence in memo.sentences for note in _notes(sentence)]
    if len(notes) > MAX_NOTES:
        notes = [*notes[:MAX_NOTES], f"{len(notes) - MAX_NOTES} more of the kind."]
    if memo.is_cut:
        notes.append(f"Only the first {MAX_CHARACTERS:,} characters were read.")
    return notes


def _notes(sentence: Sentence) -> list[str]:
    place = sentence.place.capitalize()
    notes = [f"{place}: “{hit[0]}” is filler; cut it." for hit in FILLER.finditer(sentence.text)]
    n_words = len(sentence.text.split())
    if n_words > LONG_SENTENCE_WORDS:
        notes.append(f"{place} has {n_words} words; make it two.")
    return notes
