"""What a story is made of: parts that are played in order, and twists that bend them."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass, field
from typing import ClassVar, Protocol

from casekit.world.story.scene import Scene
from casekit.world.story.scope import Scope

__all__ = ["FrameTwist", "Part", "Twist", "in_words"]


class Part(Protocol):
    """Something that happens in a story: it declares names, and later draws what they stand for."""

    def declare(self, scope: Scope) -> None:
        """Adds what it makes to *scope*, and tells what is wrong with it."""

    def play(self, scene: Scene) -> None:
        """Draws it."""


@dataclass(frozen=True)
class Twist(ABC):
    """
    A known thing that happened, and bends a part of the story.

    Attributes:
        name: snake_case; the ledger, facts and debriefs call it so.
        because: What really happened, one phrase for the ledger.
        subtle: It is meant to be hard to see: the lint does not ask for a stronger one.
    """

    name: str
    because: str = field(default="", kw_only=True)
    subtle: bool = field(default=False, kw_only=True)

    kind: ClassVar[str] = "twist"

    @property
    @abstractmethod
    def target(self) -> str:
        """The frame, or ``funnel.step``, that it bends."""

    @abstractmethod
    def declare(self, scope: Scope) -> None:
        """Tells what is wrong with it, and adds the columns it leaves on what it bends."""

    @abstractmethod
    def told(self) -> str:
        """Effect, where and window in words, for the ledger."""


@dataclass(frozen=True, kw_only=True)
class FrameTwist(Twist):
    """
    A twist on the entities of a frame.

    Attributes:
        of: The frame.
    """

    of: str

    @property
    def target(self) -> str:
        """The frame."""
        return self.of


def in_words(effect: str, where: str, since: str, until: str, because: str) -> str:
    """The declared effect of a twist as one line."""
    place = f" where {where}" if where else ""
    window = " ".join(part for part in (since and f"from {since}", until and f"until {until}") if part)
    reason = f": {because}" if because else ""
    return f"{effect}{place}{', ' + window if window else ''}{reason}"
