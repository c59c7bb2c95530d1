"""
Whether the twists of a world can be seen: told to the author before a row is written.

A twist changes a count. How far the count moves, in standard errors of the difference between two groups
of that size, is its visibility; below 3 an analyst could not tell it from chance.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from casekit.errors import Problem
from casekit.world.blocks import Block, draw_block
from casekit.world.declare import Entry, World
from casekit.world.loading import DEFAULT_SIZE, WORLD_FILE

__all__ = ["VISIBLE", "Sight", "lint_world", "sights_of"]

VISIBLE = 3.0
DEFAULT_SEED = 7


@dataclass(frozen=True)
class Sight:
    """
    How well one line of the ledger can be seen.

    Attributes:
        entry: What the twist did, scaled to the size asked for.
        errors: How many standard errors the count moves.
        subtle: The author wants it hard to see.
    """

    entry: Entry
    errors: float
    subtle: bool

    @property
    def is_visible(self) -> bool:
        """Whether an analyst can tell it from chance, or need not."""
        return self.subtle or self.errors >= VISIBLE


def sights_of(world: World, slug: str, people: int = 0, seed: int = DEFAULT_SEED) -> tuple[Sight, ...]:
    """
    How well each twist can be seen in a world of so many people; the default size when 0.

    One block is drawn in memory and scaled; nothing is written.

    Raises:
        AuthorError: The world cannot be drawn.
    """
    people = people or world.sizes[DEFAULT_SIZE]
    drawn = draw_block(world, slug, seed, Block(0, min(people, world.block or people)))
    scale = people / min(people, world.block or people)
    subtle = {twist.name for twist in world.story.twists if twist.subtle} if world.story else set()
    return tuple(_sight(entry, scale, entry.twist in subtle) for entry in drawn.ledger)


def lint_world(world: World, slug: str, people: int = 0) -> tuple[Problem, ...]:
    """What an author should know about each twist that cannot be seen; nothing when all can."""
    best: dict[str, Sight] = {}
    for sight in sights_of(world, slug, people):  # a twist is seen where any of its counts shows it
        known = best.get(sight.entry.twist)
        best[sight.entry.twist] = max(known or sight, sight, key=lambda one: one.errors)
    return tuple(_problem(sight) for sight in best.values() if not sight.is_visible)


def _sight(entry: Entry, scale: float, subtle: bool) -> Sight:
    exposed, base, actual = (round(count * scale) for count in (entry.exposed, entry.base, entry.actual))
    scaled = Entry(entry.twist, entry.kind, entry.declared, entry.counts, exposed, base, actual)
    return Sight(scaled, _errors(scaled), subtle)


def _errors(entry: Entry) -> float:
    """The difference in standard errors: of two shares of those exposed, or else of two counts."""
    moved = abs(entry.actual - entry.base)
    if not moved:
        return 0.0
    middle = (entry.base + entry.actual) / 2
    if max(entry.base, entry.actual) <= entry.exposed:
        return moved / math.sqrt(2 * middle * (1 - middle / entry.exposed))
    return moved / math.sqrt(2 * middle)


def _problem(sight: Sight) -> Problem:
    entry = sight.entry
    if not entry.exposed:
        message = "touches nobody; widen its where or its window"
    else:
        moved = f"moves {entry.counts} from {entry.base:,} to {entry.actual:,} of {entry.exposed:,} exposed"
        message = (
            f"{moved}, {sight.errors:.1f} standard errors; below {VISIBLE:g} nobody can tell it from chance. "
            "Make it stronger, or touch more people, or say subtle=True"
        )
    return Problem(WORLD_FILE, entry.twist, "", message)
