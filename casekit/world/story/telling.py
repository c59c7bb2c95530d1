"""A story told: checked as a whole before a row is drawn, then played block by block."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from casekit.errors import AuthorError
from casekit.world.calendar import DAY_S, day
from casekit.world.declare import Drawn, Fact, TableSpec, World
from casekit.world.story.frames import Frame, Whole
from casekit.world.story.parts import Part, Twist
from casekit.world.story.scene import Scene
from casekit.world.story.scope import Scope
from casekit.world.story.tables import Shown, Table

if TYPE_CHECKING:
    from casekit.world.draws import Draws

__all__ = ["Story", "tell"]


@dataclass(frozen=True)
class Story:
    """
    Everything an author says about a world.

    Attributes:
        begins: The first day, ``2025-03-03``.
        ends: The last day.
        parts: What happens, in order.
        twists: The known things that bend it.
        tables: What a candidate sees.
        off: Twists told as if they had never happened.
    """

    begins: str
    ends: str
    parts: Sequence[Part]
    tables: Sequence[Shown]
    twists: Sequence[Twist] = ()
    off: frozenset[str] = field(default_factory=frozenset)

    @cached_property
    def scope(self) -> Scope:
        """Every name the story declares, and everything that is wrong with it."""
        scope = self._window()
        waiting = list(self.twists)
        for part in self.parts:
            part.declare(scope)
            for twist in [twist for twist in waiting if _is_known(scope, twist)]:
                twist.declare(scope)
                waiting.remove(twist)
        for twist in waiting:
            twist.declare(scope)
        for twice in _twice(twist.name for twist in self.twists):
            scope.tell(twice, "", "is the name of two twists; give one another name")
        return scope

    def specs(self, scope: Scope) -> tuple[TableSpec, ...]:
        """The tables as the dictionary shows them."""
        for twice in _twice(table.name for table in self.tables):
            scope.tell(twice, "", "is the name of two tables; give one another name")
        return tuple(table.spec(scope) for table in self.tables)

    def play(self, draws: Draws, people: int, watched: bool = False) -> Scene:
        """One block, drawn: every frame, and the ledger; *watched*: and whom each twist touched."""
        scene = Scene(draws, people, self.scope, tuple(self.twists), self.off, watched=watched)
        for part in self.parts:
            part.play(scene)
        return scene

    def build(self, draws: Draws, people: int) -> Drawn:
        """The rows of one block, and what the twists did there."""
        scene = self.play(draws, people)
        return Drawn(self.rows(scene), tuple(scene.ledger))

    def rows(self, scene: Scene, chosen: np.ndarray | None = None) -> dict[str, Mapping[str, np.ndarray]]:
        """Every drawn table's rows; of the people *chosen* only, when they are given."""
        made = {}
        for table in self.tables:
            if isinstance(table, Table):
                frame = scene.frames[table.frame]
                kept = None if chosen is None or frame.once else chosen[root_rows(frame)]
                made[table.name] = table.rows(frame, kept)
        return made

    def without(self, *names: str) -> Story:
        """The same story as if these twists had never happened, with the same people and chances."""
        return replace(self, off=self.off | set(names))

    def _window(self) -> Scope:
        try:
            begin, end = day(self.begins), day(self.ends) + 1
        except ValueError:
            scope = Scope(0, DAY_S)
            scope.tell(
                "", "begins", f"{self.begins!r} to {self.ends!r} are no dates; write them as '2025-03-03'"
            )
            return scope
        scope = Scope(begin * DAY_S, max(end, begin + 1) * DAY_S)
        if end <= begin:
            scope.tell("", "ends", f"{self.ends!r} lies before {self.begins!r}; put the dates in order")
        return scope


def tell(  # noqa: PLR0913  one door, told apart by keyword
    *,
    begins: str,
    ends: str,
    parts: Sequence[Part],
    tables: Sequence[Shown],
    sizes: Mapping[str, int],
    twists: Sequence[Twist] = (),
    facts: Sequence[Fact] = (),
    block: int = 0,
) -> World:
    """
    The world of a story.

    Args:
        begins: The first day of the window, ``2025-03-03``.
        ends: The last day.
        parts: What happens, in order: people first, then what they do.
        tables: What a candidate sees, in the order of meeting.
        sizes: How many people, by name; ``default`` is needed.
        twists: The known things that happened; each lands in the ledger.
        facts: What must be true of the rows, whatever the seed.
        block: People a block of a large world; those of the default size when 0.

    Raises:
        AuthorError: Something is wrong with the story; everything that is, at once.
    """
    story = Story(begins, ends, tuple(parts), tuple(tables), tuple(twists))
    scope = story.scope
    specs = story.specs(scope)
    for name, people in sizes.items():
        if type(people) is not int or people < 1:
            scope.tell("sizes", name, f"is {people!r}; a size is a whole number of people from 1 up")
    if scope.problems:
        raise AuthorError("", scope.problems)
    return World(specs, tuple(facts), story.build, dict(sizes), block or sizes.get("default", 0), story)


def root_rows(frame: Frame) -> Whole:
    """For each entity of a frame the row of the person it belongs to."""
    *_, root = frame.lineage()
    return frame.owner(root.name)


def _is_known(scope: Scope, twist: Twist) -> bool:
    frame, _, step = twist.target.partition(".")
    return step in scope.steps.get(frame, ()) if step else frame in scope.frames


def _twice(names: Iterable[str]) -> list[str]:
    seen = list(names)
    return sorted({name for name in seen if seen.count(name) > 1})
