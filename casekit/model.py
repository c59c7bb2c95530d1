"""The nouns of a case interview as frozen dataclasses: what every other room passes around."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

__all__ = [
    "Answer",
    "Card",
    "CardRule",
    "CardsKey",
    "Case",
    "ChartAsk",
    "ChoiceKey",
    "CodeKey",
    "Column",
    "Debrief",
    "Exercise",
    "Exhibit",
    "Interview",
    "Key",
    "LedgerNumber",
    "MemoKey",
    "Option",
    "Prediction",
    "Question",
    "RedFlag",
    "Remark",
    "RubricLine",
    "Table",
    "Trap",
    "Verdict",
]

Kind = Literal["sql", "pandas", "number", "choice", "cards", "memo"]
ColumnType = Literal["date", "timestamp", "integer", "number", "text", "boolean"]
Status = Literal["correct", "trap", "wrong", "not yet", "not attempted", "broken"]
Stage = Literal["structure", "analyse", "sanity-check", "recommend"]


# --- results -------------------------------------------------------------------------------


@dataclass(frozen=True)
class Table:
    """
    A result: column names and rows of plain Python values.

    NULL is ``None``; dates and timestamps are ``datetime`` objects; nothing is rounded.

    Attributes:
        columns: Names as the query gave them.
        rows: One tuple a row, in the order they came.
        truncated: True when more rows existed than were fetched.
    """

    columns: tuple[str, ...]
    rows: tuple[tuple[object, ...], ...]
    truncated: bool = False


@dataclass(frozen=True)
class LedgerNumber:
    """
    A number computed from the data that prose and memos may cite by name.

    The unit is the last word of the name: ``mix_share_percent``, ``lost_eur``.
    """

    name: str
    value: float
    unit: str


# --- exercises: what everybody may read ----------------------------------------------------


@dataclass(frozen=True)
class Column:
    """
    One column of the answer an exercise asks for.

    Attributes:
        name: The column's name; letter case never matters.
        type: What the values are.
        what: One phrase that defines the column.
        unit: For example ``percent`` or ``EUR``; empty for none.
        decimals: The rounding asked for. An unrounded value is accepted too.
        tolerance_percent: How far off a number may be, relative to the expected one.
    """

    name: str
    type: ColumnType
    what: str
    unit: str = ""
    decimals: int | None = None
    tolerance_percent: float | None = None


@dataclass(frozen=True)
class Option:
    """One answer of a multiple-choice exercise."""

    id: str
    text: str


@dataclass(frozen=True)
class Card:
    """One hypothesis card to put in order."""

    id: str
    text: str


@dataclass(frozen=True)
class ChartAsk:
    """
    What the chart that goes with a table must show.

    Attributes:
        lines: How many line traces are wanted.
        markers: Dates (ISO) that need a vertical marker, each within a day.
        share_axis: True when the y axis must run 0 to 1 or 0 to 100 %.
        title_concepts: Each inner tuple holds synonyms; the title must contain one of each.
    """

    lines: int
    markers: tuple[str, ...]
    share_axis: bool
    title_concepts: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class Exercise:
    """One thing the candidate is asked to do, without anything that gives it away."""

    id: str
    code: str
    kind: Kind
    title: str
    stage: Stage
    skills: tuple[str, ...]
    difficulty: int
    minutes: int
    points: int
    ask: str
    hints: tuple[str, ...]
    grain: str = ""
    window: str = ""
    timezone: str = ""
    includes: str = ""
    columns: tuple[Column, ...] = ()
    key: tuple[str, ...] = ()
    ordered_by: tuple[str, ...] = ()
    options: tuple[Option, ...] = ()
    cards: tuple[Card, ...] = ()
    word_limit: int | None = None
    chart: ChartAsk | None = None
    unlocks: tuple[str, ...] = ()


# --- the interview -------------------------------------------------------------------------


@dataclass(frozen=True)
class Exhibit:
    """A table the interviewer hands over; *sql* runs on the candidate's data."""

    id: str
    title: str
    sql: str
    note: str = ""


@dataclass(frozen=True)
class Question:
    """
    One clarifying question the candidate may choose.

    Attributes:
        value: 0 for a dead end, up to 3 for a question that changes the analysis.
        minutes: What asking costs on the interview clock.
        reveal: The interviewer's answer.
        exhibit: Id of the exhibit handed over; empty for none.
    """

    id: str
    ask: str
    value: int
    minutes: int
    reveal: str
    exhibit: str = ""


@dataclass(frozen=True)
class Prediction:
    """
    What the candidate predicts before the data opens.

    Attributes:
        question: The question, with metric, groups and periods stated.
        metric: Short name of the predicted number.
        unit: Unit of the range, for example ``pp``.
        ledger: Name of the ledger number that settles it.
        flat_within: Size of change, in *unit*, that still counts as flat.
    """

    question: str
    metric: str
    unit: str
    ledger: str
    flat_within: float


@dataclass(frozen=True)
class Interview:
    """The interviewer's script: who asks, what they reveal, how they push back."""

    interviewer: str
    role: str
    stake: str
    opening: str
    question_limit: int
    prediction: Prediction
    questions: tuple[Question, ...]
    exhibits: tuple[Exhibit, ...]
    pushbacks: tuple[str, ...]
    closing: str


@dataclass(frozen=True)
class Case:
    """
    One case: everything public about it. Keys are loaded apart, exercise by exercise.

    Attributes:
        slug: The folder's name, kebab-case.
        code: The short number people say, for example ``C04``.
        folder: Where the case folder is on this machine.
    """

    slug: str
    code: str
    title: str
    company: str
    domain: str
    summary: str
    prompt: str
    level: int
    minutes: int
    stage: str
    skills: tuple[str, ...]
    exercises: tuple[Exercise, ...]
    interview: Interview
    folder: str


# --- keys: what only the judge may read ----------------------------------------------------


@dataclass(frozen=True)
class Trap:
    """
    A typical wrong answer, stored as an answer, with what to say about it.

    Attributes:
        slug: Short name, unique in the exercise.
        tag: Misconception tag that profiles count, for example ``fanout``.
        say: The words the learner gets.
        submission: The wrong answer itself: code, an option id, card ids joined by spaces, a memo.
    """

    slug: str
    tag: str
    say: str
    submission: str


@dataclass(frozen=True)
class Remark:
    """
    What an interviewer would still say about a right answer.

    Attributes:
        pattern: Regular expression looked for in the submitted code.
        example: A right answer that earns the remark.
    """

    slug: str
    say: str
    pattern: str
    example: str


@dataclass(frozen=True)
class CodeKey:
    """Key of a ``sql``, ``pandas`` or ``number`` exercise: reference and traps as code."""

    language: Literal["sql", "python"]
    reference: str
    why: str
    traps: tuple[Trap, ...]
    remarks: tuple[Remark, ...] = ()


@dataclass(frozen=True)
class ChoiceKey:
    """Key of a ``choice`` exercise; every wrong option is a trap."""

    right: str
    why: str
    traps: tuple[Trap, ...]


@dataclass(frozen=True)
class CardRule:
    """
    A rule an order must obey; breaking it is a trap.

    Exactly one of *at*, *not_in_first* and *after* is set.

    Attributes:
        card: The card the rule is about.
        at: The place it must have, counted from 1.
        not_in_first: It may not be among the first so many cards.
        after: Cards that must all come before it.
    """

    trap: Trap
    card: str
    at: int | None = None
    not_in_first: int | None = None
    after: tuple[str, ...] = ()


@dataclass(frozen=True)
class CardsKey:
    """
    Key of a ``cards`` exercise.

    Attributes:
        order: The expert's order, card ids.
        max_distance: Largest accepted Kendall distance to it, as a share (0 same, 1 reversed).
    """

    order: tuple[str, ...]
    max_distance: float
    why: str
    rules: tuple[CardRule, ...]


@dataclass(frozen=True)
class RubricLine:
    """
    One line of a memo's rubric.

    Attributes:
        id: Short name, used for self-scores.
        label: What the line rewards, in the reader's words.
        points: Full points.
        concepts: Each inner tuple holds synonyms; a concept is met when one of them occurs.
        numbers: Ledger names; a number of the memo must match each.
        checks: Names of built-in lint checks that count here, for example ``owner``.
        say: What to say when the line is not fully met.
    """

    id: str
    label: str
    points: int
    concepts: tuple[tuple[str, ...], ...]
    numbers: tuple[str, ...]
    checks: tuple[str, ...]
    say: str


@dataclass(frozen=True)
class RedFlag:
    """
    A claim that costs points; *patterns* are regular expressions.

    Attributes:
        unless: Regular expressions that, in the same sentence, take the flag back.
    """

    trap: Trap
    patterns: tuple[str, ...]
    unless: tuple[str, ...]
    penalty: int


@dataclass(frozen=True)
class MemoKey:
    """
    Key of a ``memo`` exercise; the exemplar cites ledger numbers as ``{name}``.

    Attributes:
        decision_verbs: Verbs of which one must stand in the first sentence.
        pass_points: Points of 100 from which the memo counts as correct.
    """

    exemplar: str
    why: str
    pass_points: int
    decision_verbs: tuple[str, ...]
    rubric: tuple[RubricLine, ...]
    red_flags: tuple[RedFlag, ...]


Key = CodeKey | ChoiceKey | CardsKey | MemoKey


@dataclass(frozen=True)
class Debrief:
    """
    What is told at the end; texts cite ledger numbers as ``{name}``.

    Attributes:
        truth: Markdown: what happened, fact by fact.
        trail: The expert's path, one step a line.
        aftermath: What happened next, one paragraph.
    """

    truth: str
    trail: tuple[str, ...]
    aftermath: str


# --- answers and verdicts ------------------------------------------------------------------


@dataclass(frozen=True)
class Answer:
    """
    What a candidate submitted, as the judge gets it.

    Attributes:
        value: SQL text, a DataFrame, a number or a mapping of numbers, an option id, a list of
            card ids, or a memo's text; ``...`` or ``None`` for nothing.
        chart: The plotly figure that goes with it, if any.
        sql: True when *value* is SQL text.
    """

    value: object
    chart: object = None
    sql: bool = False


@dataclass(frozen=True)
class Verdict:
    """
    The judge's word on one answer.

    Attributes:
        exercise: The exercise's id.
        status: One of ``correct``, ``trap``, ``wrong``, ``not yet``, ``not attempted``, ``broken``.
        headline: One sentence that can stand alone.
        points: What differs and why, one sentence each, most useful first.
        notes: What does not change the verdict but is worth knowing.
        trap: Slug of the matched trap; empty for none.
        tag: Misconception tag; empty for none.
        score: Points earned, or None when the exercise is not scored in parts.
        score_of: Points that could be earned.
        evidence: For rubrics: (line, points earned, points, quoted evidence) in order.
    """

    exercise: str
    status: Status
    headline: str
    points: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    trap: str = ""
    tag: str = ""
    score: int | None = None
    score_of: int | None = None
    evidence: tuple[tuple[str, int, int, str], ...] = ()
    extra: Mapping[str, object] = field(default_factory=dict)

    def as_dict(self) -> dict[str, object]:
        """The verdict as JSON-ready values, in field order."""
        return {
            "exercise": self.exercise,
            "status": self.status,
            "headline": self.headline,
            "points": list(self.points),
            "notes": list(self.notes),
            "trap": self.trap,
            "tag": self.tag,
            "score": self.score,
            "score_of": self.score_of,
            "evidence": [list(line) for line in self.evidence],
            "extra": dict(self.extra),
        }
