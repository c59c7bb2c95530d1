"""The verdict on a recommendation memo: length, red flags, the rubric, and every number against the data."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace

from casekit.errors import AuthorError, Problem
from casekit.judge.memo.flags import Raised, raised_flags
from casekit.judge.memo.ledger import Stated, check_numbers
from casekit.judge.memo.lint import style_notes
from casekit.judge.memo.rubric import Desk, ScoredLine, score_line
from casekit.judge.memo.swaps import find_swap
from casekit.judge.memo.text import Memo, quote, read_memo
from casekit.model import Exercise, Verdict
from casekit.model.keys import MemoKey
from casekit.model.results import LedgerNumber

__all__ = ["judge_memo"]

MAX_WRONG_NUMBERS = 5
NOTHING = re.compile(r"[\s.…]*")


def judge_memo(exercise: Exercise, key: MemoKey, text: object, ledger: Mapping[str, LedgerNumber]) -> Verdict:
    """
    The verdict on the memo in *text*; any text gets one.

    It is ``correct`` when it earns the key's pass points, opens with the decision, raises no red flag, keeps
    to the length, pins no share on the wrong cause, and neither contradicts a number the rubric asks for
    nor tells one the wrong way round. Its score is the rubric's points less the penalties.

    Raises:
        AuthorError: The rubric asks for a number the ledger does not hold, or for nothing.
    """
    if text is None or text is ... or (isinstance(text, str) and NOTHING.fullmatch(text)):
        advice = f'Hand in the form of case.answer("{exercise.id}"), or pass the text to case.check.'
        return Verdict(exercise.id, "not attempted", "No memo yet.", (advice,))
    if not isinstance(text, str):
        return _not_a_text(exercise, text)
    problem = _key_problem(key, ledger)
    if problem:
        raise AuthorError(
            exercise.id, [Problem(f"answers/{exercise.id}.toml", exercise.id, "rubric", problem)]
        )
    memo = read_memo(text)
    if memo.n_words == 0:
        return Verdict(exercise.id, "not attempted", "There are no words in this memo.")
    desk = Desk(memo, check_numbers(memo, ledger), key, ledger, exercise.word_limit)
    return _verdict(exercise, desk)


def _verdict(exercise: Exercise, desk: Desk) -> Verdict:
    lines = [score_line(line, desk) for line in desk.key.rubric]
    raised = raised_flags(desk.memo, desk.key.red_flags)
    swap = find_swap(desk.memo, desk.numbers, desk.key.rubric, desk.ledger)
    score_of = sum(line.line.points for line in lines)
    score = max(0, sum(line.earned for line in lines) - sum(one.flag.penalty for one in raised))
    verdict = Verdict(
        exercise.id,
        "not yet",
        f"Not yet: {score} of {score_of} points, and {desk.key.pass_points} are needed.",
        notes=tuple(style_notes(desk.memo)),
        score=score,
        score_of=score_of,
        evidence=tuple(line.evidence for line in lines),
        extra={
            "words": desk.memo.n_words,
            "word_limit": desk.word_limit,
            "rubric": {line.line.id: line.earned for line in lines},
        },
    )
    advice = [
        *_length_advice(desk), *_swap_advice(desk.memo, swap), *_contradictions(desk), *_advice(lines, desk)
    ]  # fmt: skip
    if raised:
        return _trap(verdict, raised, advice)
    if 100 * score < desk.key.pass_points * score_of:
        return replace(verdict, points=tuple(advice))
    obstacle = _obstacle(lines, desk, swap)
    if obstacle:
        return replace(verdict, headline=obstacle, points=tuple(advice))
    headline = f"Right: {verdict.score} of {verdict.score_of} points; {desk.key.pass_points} were needed."
    return replace(verdict, status="correct", headline=headline, notes=(*advice, *verdict.notes))


def _obstacle(lines: list[ScoredLine], desk: Desk, swap: Stated | None) -> str:
    """Why a memo with points enough is still not right; empty when it is."""
    if any(line.is_undecided for line in lines):
        return "Points enough, but the memo does not open with the decision."
    if not desk.is_within_limit:
        return f"Good, and too long: {desk.memo.n_words:,} words where {desk.word_limit} are allowed."
    if swap is not None:
        return "Points enough, but a share stands with the wrong cause."
    if desk.contradicted:
        return "Points enough, but a number the decision rests on is wrong."
    if any(stated.mixed_up == "direction" for stated in desk.numbers.wrong):
        return "Points enough, but a number is told the wrong way round."
    return ""


def _trap(verdict: Verdict, raised: list[Raised], advice: list[str]) -> Verdict:
    """The first red flag's own words, then what it cost, then the others'."""
    trap = raised[0].flag.trap
    headline, _, rest = trap.say.partition(". ")
    points = [rest] if rest else []
    for one in raised:
        said = "" if one is raised[0] else f" {one.flag.trap.say}"
        place = one.sentence.place.capitalize()
        points.append(f"{place}, “{quote(one.sentence.text)}”, costs {one.flag.penalty} points.{said}")
    return replace(
        verdict,
        status="trap",
        headline=headline + "." if rest else headline,
        points=(*points, *advice),
        trap=trap.slug,
        tag=trap.tag,
    )


def _length_advice(desk: Desk) -> list[str]:
    if desk.is_within_limit or desk.word_limit is None:
        return []
    n_words = desk.memo.n_words
    return [f"{n_words:,} words; the limit is {desk.word_limit}. Cut {n_words - desk.word_limit:,}."]


def _swap_advice(memo: Memo, swap: Stated | None) -> list[str]:
    if swap is None:
        return []
    sentence = memo.sentences[swap.at]
    said = f"{sentence.place.capitalize()}, “{quote(sentence.text)}”"
    return [
        f"{said}: {swap.claim.text} is another cause's share. Look again at which part of the fall is which."
    ]


def _contradictions(desk: Desk) -> list[str]:
    """Numbers that do not go with their subject; those that agree with nothing are named elsewhere."""
    return [
        f"{_quoted(desk.memo, stated)} does not go with what it is said of. Look again at what it measures."
        for stated in desk.contradicted.values()
        if stated.is_right
    ]


def _advice(lines: list[ScoredLine], desk: Desk) -> list[str]:
    """What each line still misses, the most points first; then numbers no line asks about."""
    open_lines = [line for line in lines if line.earned < line.line.points]
    advice: list[str] = []
    for scored in sorted(open_lines, key=lambda one: one.earned - one.line.points):
        advice.append(_line_advice(scored))
        if "numbers" in scored.line.checks:
            advice += _number_advice(desk)
    is_asked = any("numbers" in line.line.checks for line in open_lines)
    return advice if is_asked else advice + _number_advice(desk)


def _line_advice(scored: ScoredLine) -> str:
    line = scored.line
    say = " ".join(line.say.split())
    words = [f"{line.label} ({scored.earned} of {line.points}): {say}", *scored.missing]
    if scored.best and scored.earned:
        words.append(f"Best so far: {scored.best.place}.")
    return " ".join(words)


def _number_advice(desk: Desk) -> list[str]:
    wrong = desk.numbers.wrong
    advice = [_wrong_number(desk.memo, stated) for stated in wrong[:MAX_WRONG_NUMBERS]]
    if len(wrong) > MAX_WRONG_NUMBERS:
        advice.append(f"{len(wrong) - MAX_WRONG_NUMBERS} more numbers agree with nothing in the data.")
    return advice


def _wrong_number(memo: Memo, stated: Stated) -> str:
    said = _quoted(memo, stated)
    if stated.mixed_up == "direction":
        return f"{said}: the wrong way round. Check rise or fall, before or after, and whose number it is."
    if stated.mixed_up == "pp":
        return f"{said}: percent or percentage points? The difference of two percentages is in pp."
    if stated.mixed_up == "percent":
        return f"{said}: percentage points or percent? A share or a rate is in percent."
    if stated.claim.unit == "money":
        return f"{said}: the data is in euros."
    return f"{said} agrees with nothing computed from the data. Check it, or call it an assumption."


def _quoted(memo: Memo, stated: Stated) -> str:
    return f"{memo.sentences[stated.at].place.capitalize()}, “{stated.claim.text}”"


def _not_a_text(exercise: Exercise, value: object) -> Verdict:
    kind = type(value).__name__
    article = "an" if kind[:1].lower() in "aeiou" else "a"
    headline = f"A memo is text; this is {article} {kind}."
    advice = f'Pass one string: case.check("{exercise.id}", """Roll back ...""")'
    return Verdict(exercise.id, "wrong", headline, (advice,))


def _key_problem(key: MemoKey, ledger: Mapping[str, LedgerNumber]) -> str:
    """What is wrong with the key; empty when nothing is."""
    for line in key.rubric:
        if not (line.concepts or line.numbers or line.checks):
            return f"the rubric line {line.id!r} asks for nothing"
        unknown = [name for name in line.numbers if name not in ledger]
        if unknown:
            return f"the rubric line {line.id!r} asks for {unknown[0]!r}, which is no ledger number"
    return ""
