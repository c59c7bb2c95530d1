"""The stage of one block: its frames, its draws, the twists that are on, and the ledger they write."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from casekit.world.declare import Entry
from casekit.world.draws import Draws
from casekit.world.story.frames import Frame, Mask, Whole
from casekit.world.story.scope import Scope

if TYPE_CHECKING:
    from casekit.world.story.parts import Twist

__all__ = ["Scene"]

NUMBERS_A_BLOCK = 10_000_000


@dataclass
class Scene:
    """
    Attributes:
        draws: The block's draws.
        people: How many people the block holds.
        scope: What was declared: the window, and every frame's columns.
        twists: Every twist of the story, in order.
        off: Names of twists that are told as if they had never happened.
        frames: What has been drawn so far.
        ledger: What the twists have done so far.
        watched: True when the scene keeps whom each twist touched, which costs memory.
        seen: By twist: the frame, and which of its entities it touched, and could have touched.
    """

    draws: Draws
    people: int
    scope: Scope
    twists: tuple[Twist, ...] = ()
    off: frozenset[str] = frozenset()
    frames: dict[str, Frame] = field(default_factory=dict)
    ledger: list[Entry] = field(default_factory=list)
    watched: bool = False
    seen: dict[str, tuple[Frame, Mask, Mask | None]] = field(default_factory=dict)

    def bending(self, kind: type[Any], target: str) -> Iterator[Any]:
        """The twists of one kind that bend *target*, whether they are on or off."""
        return (twist for twist in self.twists if isinstance(twist, kind) and twist.target == target)

    def is_on(self, twist: Twist) -> bool:
        """False when the story is told as if the twist had never happened."""
        return twist.name not in self.off

    def write(self, twist: Twist, counts: str, exposed: Any, base: Any, actual: Any) -> None:
        """
        Adds a line to the ledger; a twist that is off changed nothing.

        What is drawn once is told once, with the first block.
        """
        target = self.frames.get(twist.target)
        if self.draws.block and target is not None and target.once:
            return
        told = int(actual if self.is_on(twist) else base)
        self.ledger.append(Entry(twist.name, twist.kind, twist.told(), counts, int(exposed), int(base), told))

    def watch(self, twist: Twist, frame: Frame, touched: Mask, exposed: Mask | None = None) -> None:
        """Keeps whom a twist touched, and could have touched, when the scene is watched."""
        if self.watched:
            self.seen[twist.name] = (frame, touched, exposed)

    def frame(self, name: str, key: Any, once: bool = False) -> Frame:
        """A new frame on stage, with the columns it was declared to have, none of them drawn."""
        self.frames[name] = Frame(name, key, self.scope.frames[name].fields, once=once)
        return self.frames[name]

    def children(self, name: str, parent: str, rows: Any, key: Any) -> Frame:
        """A new frame on stage whose entities belong to *rows* of the frame *parent*."""
        owner = self.frames[parent]
        made = Frame(name, key, self.scope.frames[name].fields, parent=owner, row=rows, once=owner.once)
        self.frames[name] = made
        return made

    def number(self, count: int) -> Whole:
        """The numbers of *count* entities, unique over all blocks, from 1 in the first."""
        first = self.draws.block * NUMBERS_A_BLOCK
        if count >= NUMBERS_A_BLOCK:
            raise ValueError(f"a block holds {count:,} entities of one kind; make the world's block smaller")
        numbers: Whole = np.arange(first + 1, first + 1 + count)
        return numbers
