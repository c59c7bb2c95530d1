"""What `case.toml` and `interview.toml` may hold, as pydantic models: the source of the JSON Schemas too."""

from __future__ import annotations

import re
from datetime import date
from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints, model_validator

__all__ = ["CardSpec", "CaseSpec", "ColumnSpec", "ExerciseSpec", "InterviewSpec", "OptionSpec"]

Slug = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")]
Text = Annotated[str, StringConstraints(min_length=1, strip_whitespace=True)]
Name = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$")]

TABLE_KINDS = ("sql", "pandas", "number")

_ORDER = re.compile(r"\S+( desc)?")


def _is_order(item: str) -> str:
    if not _ORDER.fullmatch(item):
        raise ValueError("write 'column' or 'column desc'")
    return item


def _is_day(text: str) -> str:
    try:
        day = date.fromisoformat(text).isoformat()
    except ValueError:
        day = ""
    if text != day:
        raise ValueError("is no day; write it as 2025-04-07")
    return text


Order = Annotated[str, AfterValidator(_is_order)]
Day = Annotated[str, AfterValidator(_is_day)]


class Spec(BaseModel):
    """A table in a TOML file; unknown fields are mistakes."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class ColumnSpec(Spec):
    """One column of the answer."""

    name: Name
    type: Literal["date", "timestamp", "integer", "number", "text", "boolean"]
    what: Text
    unit: str = ""
    decimals: int | None = Field(default=None, ge=0, le=12)
    tolerance_percent: float | None = Field(default=None, gt=0, le=50)


class OptionSpec(Spec):
    """One answer of a choice."""

    id: Slug
    text: Text


class CardSpec(Spec):
    """One card to put in order."""

    id: Slug
    text: Text


class ChartSpec(Spec):
    """What the chart that goes with a table must show."""

    lines: int = Field(ge=1)
    markers: tuple[Day, ...] = ()
    share_axis: bool = False
    title_concepts: tuple[tuple[Text, ...], ...] = ()


class ExerciseSpec(Spec):
    """One exercise; which fields are required depends on its kind."""

    id: Slug
    code: Text
    kind: Literal["sql", "pandas", "number", "choice", "cards", "memo"]
    title: Text
    stage: Literal["structure", "analyse", "sanity-check", "recommend"]
    skills: tuple[Text, ...] = Field(min_length=1)
    difficulty: int = Field(ge=1, le=10)
    minutes: int = Field(ge=1, le=60)
    points: int = Field(ge=1, le=100)
    ask: Text
    hints: tuple[Text, ...] = ()
    grain: str = ""
    window: str = ""
    timezone: str = ""
    includes: str = ""
    columns: tuple[ColumnSpec, ...] = ()
    key: tuple[Name, ...] = ()
    ordered_by: tuple[Order, ...] = ()
    options: tuple[OptionSpec, ...] = ()
    cards: tuple[CardSpec, ...] = ()
    word_limit: int | None = Field(default=None, ge=20, le=2000)
    chart: ChartSpec | None = None
    unlocks: tuple[Slug, ...] = ()

    @model_validator(mode="before")
    @classmethod
    def kind_has_its_fields(cls, raw: Any) -> Any:
        """Name the fields a kind needs and lacks, before anything else hides them."""
        if isinstance(raw, dict):
            missing = [name for name in _required(str(raw.get("kind"))) if not raw.get(name)]
            if missing:
                raise ValueError(f"a {raw.get('kind')} exercise needs {', '.join(missing)}")
        return raw

    @model_validator(mode="after")
    def parts_agree(self) -> Self:
        """Key and order name columns; ids are unique; code kinds carry two hints."""
        names = [column.name for column in self.columns]
        for label, wanted in (
            ("key", self.key),
            ("ordered_by", [item.split()[0] for item in self.ordered_by]),
        ):
            unknown = [name for name in wanted if name not in names]
            if unknown:
                raise ValueError(f"{label} names {', '.join(unknown)}, which is not a column")
        for label, ids in (
            ("columns", names),
            ("options", [option.id for option in self.options]),
            ("cards", [card.id for card in self.cards]),
        ):
            if len(set(ids)) != len(ids):
                raise ValueError(f"{label} holds the same name twice")
        if self.kind in TABLE_KINDS and len(self.hints) < 2:
            raise ValueError("hints holds fewer than two: give the idea, then the skeleton")
        return self


class CaseSpec(Spec):
    """A whole `case.toml`."""

    code: Text
    title: Text
    company: Text
    domain: Text
    summary: Text
    prompt: Text
    level: int = Field(ge=1, le=10)
    minutes: int = Field(ge=5, le=120)
    stage: Text
    skills: tuple[Text, ...] = Field(min_length=1)
    exercise: tuple[ExerciseSpec, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def exercises_differ(self) -> Self:
        """Ids and codes are unique in the case."""
        for label in ("id", "code"):
            values = [getattr(exercise, label) for exercise in self.exercise]
            twice = sorted({value for value in values if values.count(value) > 1})
            if twice:
                raise ValueError(f"two exercises share the {label} {', '.join(twice)}")
        return self


class PredictionSpec(Spec):
    """What is predicted before the data opens."""

    question: Text
    metric: Text
    unit: Text
    ledger: Name
    flat_within: float = Field(ge=0)


class QuestionSpec(Spec):
    """One clarifying question."""

    id: Slug
    ask: Text
    value: int = Field(ge=0, le=3)
    minutes: int = Field(default=1, ge=0, le=10)
    reveal: Text
    exhibit: str = ""


class ExhibitSpec(Spec):
    """A table the interviewer hands over."""

    id: Slug
    title: Text
    sql: Text
    note: str = ""


class InterviewSpec(Spec):
    """A whole `interview.toml`."""

    interviewer: Text
    role: Text
    stake: Text
    opening: Text
    question_limit: int = Field(default=6, ge=1, le=20)
    closing: Text
    pushbacks: tuple[Text, ...] = ()
    prediction: PredictionSpec
    question: tuple[QuestionSpec, ...] = Field(min_length=1)
    exhibit: tuple[ExhibitSpec, ...] = ()

    @model_validator(mode="after")
    def exhibits_exist(self) -> Self:
        """Every exhibit a question hands over exists; ids are unique."""
        exhibits = [exhibit.id for exhibit in self.exhibit]
        questions = [question.id for question in self.question]
        for label, ids in (("exhibit", exhibits), ("question", questions)):
            if len(set(ids)) != len(ids):
                raise ValueError(f"{label} holds the same id twice")
        unknown = sorted({q.exhibit for q in self.question if q.exhibit} - set(exhibits))
        if unknown:
            raise ValueError(f"question hands over {', '.join(unknown)}, which is no exhibit")
        return self


def _required(kind: str) -> tuple[str, ...]:
    match kind:
        case "sql" | "pandas" | "number":
            return ("grain", "window", "timezone", "includes", "columns")
        case "choice":
            return ("options",)
        case "cards":
            return ("cards",)
        case "memo":
            return ("word_limit",)
        case _:
            return ()
