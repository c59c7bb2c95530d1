"""What the TOML keys in `answers/` may hold: choices, card orders and memos."""

from __future__ import annotations

from typing import Literal, Self

from pydantic import Field, RootModel, model_validator

from casekit.library.specs import Name, Slug, Spec, Text

__all__ = ["CardsKeySpec", "ChoiceKeySpec", "EquivalentsSpec", "MemoKeySpec"]


class ChoiceTrapSpec(Spec):
    """A wrong option and what to say about it."""

    option: Slug
    tag: Name
    say: Text


class ChoiceKeySpec(Spec):
    """The key of a choice."""

    right: Slug
    why: Text
    trap: tuple[ChoiceTrapSpec, ...] = ()


class CardTrapSpec(Spec):
    """A rule an order must obey, with an order that breaks it and none of the rules above it."""

    slug: Slug
    tag: Name
    say: Text
    card: Slug
    example: tuple[Slug, ...]
    at: int | None = Field(default=None, ge=1)
    not_in_first: int | None = Field(default=None, ge=1)
    after: tuple[Slug, ...] = ()

    @model_validator(mode="after")
    def one_rule_only(self) -> Self:
        """Exactly one of at, not_in_first and after is set."""
        if sum((self.at is not None, self.not_in_first is not None, bool(self.after))) != 1:
            raise ValueError("set exactly one of at, not_in_first and after")
        return self


class CardsKeySpec(Spec):
    """The key of a card order."""

    order: tuple[Slug, ...]
    max_distance: float = Field(ge=0, le=1)
    why: Text
    trap: tuple[CardTrapSpec, ...] = ()


class RubricSpec(Spec):
    """One line of a memo's rubric."""

    id: Slug
    label: Text
    points: int = Field(ge=1, le=100)
    concepts: tuple[tuple[Text, ...], ...] = ()
    numbers: tuple[Name, ...] = ()
    checks: tuple[
        Literal["decision-first", "owner", "date", "metric", "guardrail", "numbers", "length"], ...
    ] = ()
    say: Text


class RedFlagSpec(Spec):
    """A claim that costs points."""

    slug: Slug
    tag: Name
    say: Text
    patterns: tuple[Text, ...] = Field(min_length=1)
    unless: tuple[Text, ...] = ()
    penalty: int = Field(ge=1, le=100)
    example: Text


class MemoKeySpec(Spec):
    """The key of a memo; its exemplar stands in the Markdown file beside it."""

    pass_points: int = Field(ge=1, le=100)
    why: Text
    decision_verbs: tuple[Text, ...] = Field(min_length=1)
    rubric: tuple[RubricSpec, ...] = Field(min_length=1)
    red_flag: tuple[RedFlagSpec, ...] = ()

    @model_validator(mode="after")
    def rubric_adds_up(self) -> Self:
        """The rubric's points add up to 100."""
        total = sum(line.points for line in self.rubric)
        if total != 100:
            raise ValueError(f"the rubric's points add up to {total}, not 100")
        return self


class EquivalentSpec(Spec):
    """A changed reference that is as right as the reference."""

    mutant: Slug
    why: Text


class EquivalentsSpec(RootModel[dict[Slug, tuple[EquivalentSpec, ...]]]):
    """By exercise, the changed references that are as right as the reference."""
