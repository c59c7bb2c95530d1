"""What the candidate is asked to do, without anything that gives it away."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

__all__ = ["Card", "ChartAsk", "Column", "ColumnType", "Exercise", "Kind", "Option", "Stage"]

Kind = Literal["sql", "pandas", "number", "choice", "cards", "memo"]
ColumnType = Literal["date", "timestamp", "integer", "number", "text", "boolean"]
Stage = Literal["structure", "analyse", "sanity-check", "recommend"]


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
