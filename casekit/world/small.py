"""
Small worlds: some dozens of people and all that is theirs, with both sides of every twist among them.

A small world is not a scaled one, in which a rare twist would touch nobody. A block of some thousand people
is played and a few of them are chosen: for every twist somebody it touched, somebody it could have
touched but did not, and somebody it is not about. What is kept is kept whole: every row that belongs to a
person, so that no reference points to nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from casekit.errors import UsageError
from casekit.world.blocks import Block, draw_block
from casekit.world.declare import Drawn, World
from casekit.world.draws import Draws
from casekit.world.story.frames import Frame, Mask
from casekit.world.story.parts import Twist
from casekit.world.story.row_twists import RowTwist
from casekit.world.story.scene import Scene
from casekit.world.story.step_twists import StepChange
from casekit.world.story.telling import root_rows
from casekit.world.story.where import matches

__all__ = ["SmallDrawn", "draw_small"]

NOBODY = np.zeros(0, np.bool_)
FEWEST_PLAYED = 1_000  # people to choose from
EACH = 3  # people wanted on each side of a twist, when there is room for them


@dataclass(frozen=True)
class SmallDrawn(Drawn):
    """
    The rows of a few people; their ledger is empty, since a twist counts in whole blocks.

    Attributes:
        uncovered: Names of twists that do not have both sides: too rare, or too many for so few people.
    """

    uncovered: tuple[str, ...] = ()


def draw_small(world: World, slug: str, seed: int, people: int = 60) -> SmallDrawn:
    """
    The rows of a few people, 20 to 200, chosen so that both sides of every twist are there.

    A twist that touched nobody in a block of the tiny size is looked for in larger ones, up to the
    default size. The same arguments give the same rows.

    Raises:
        AuthorError: ``build`` fails, or its rows do not fit the declared tables.
        UsageError: *people* is less than 1.
    """
    if people < 1:
        raise UsageError(f"{people} people cannot make a world; ask for 1 or more, for example 60")
    if world.story is None:
        return SmallDrawn(draw_block(world, slug, seed, Block(0, people)).rows)
    for played in _sizes(world, people):
        drawn, is_enough = _draw(world, slug, seed, people, played)
        if is_enough:
            break
    return drawn


def _sizes(world: World, people: int) -> Iterator[int]:
    """How many people to play: the tiny size, then twice as many, at most those of the default size."""
    most = max(world.sizes.get("default", 0), people)
    played = max(world.sizes.get("tiny", FEWEST_PLAYED), people)
    while played < most:
        yield played
        played *= 2
    yield most


def _draw(world: World, slug: str, seed: int, people: int, played: int) -> tuple[SmallDrawn, bool]:
    """The rows of the people chosen from those played; True when every twist met somebody played."""
    missed: set[str] = set()
    uncovered: list[str] = []

    def build(draws: Draws, n_people: int) -> Drawn:
        scene = world.story.play(draws, n_people, watched=True)
        sides = _sides(scene)
        chosen = _chosen(scene, sides, people)
        missed.update(name for name, found in sides.items() if not _is_covered(found))
        uncovered.extend(
            name for name, found in sides.items() if not _is_covered([side & chosen for side in found])
        )
        return Drawn(world.story.rows(scene, chosen))

    drawn = draw_block(replace(world, build=build), slug, seed, Block(0, played))
    return SmallDrawn(drawn.rows, uncovered=tuple(uncovered)), not missed


def _chosen(scene: Scene, sides: dict[str, list[Mask]], people: int) -> Mask:
    """Who is kept: at random, but somebody for every side of every twist and every kind of row."""
    order = np.argsort(scene.draws.bits("small world", np.arange(scene.people)), kind="stable")
    owners = _owners(scene)
    wanted = [*(side for found in sides.values() for side in found), *owners]
    places = _cover(np.array(wanted, np.bool_).reshape(-1, scene.people)[:, order], people)
    is_seen = np.logical_or.reduce(owners or [np.zeros(scene.people, np.bool_)])[order]
    others = [*np.flatnonzero(is_seen), *np.flatnonzero(~is_seen)]
    everyone = list(dict.fromkeys([*places, *others]))
    chosen = np.zeros(scene.people, np.bool_)
    chosen[order[everyone[:people]]] = True
    return chosen


def _cover(members: NDArray[np.bool_], people: int) -> list[int]:
    """The people (columns) to begin with: each is the one who is on most sides (rows) still short of any."""
    each = min(EACH, max(1, people // (2 * max(len(members), 1))))
    short = np.minimum(members.sum(axis=1), each)
    found: list[int] = []
    while short.any() and len(found) < people:
        on = members[short > 0].sum(axis=0)
        on[found] = 0
        if not on.any():
            break
        found.append(int(on.argmax()))
        short = np.maximum(short - members[:, found[-1]], 0)
    return found


def _owners(scene: Scene) -> list[Mask]:
    """For each frame of what people do or have: who has any, so that no table stays empty."""
    frames = [frame for frame in scene.frames.values() if frame.parent is not None and _belongs(scene, frame)]
    return [np.bincount(root_rows(frame), minlength=scene.people) > 0 for frame in frames]


def _belongs(scene: Scene, frame: Frame) -> bool:
    *_, root = frame.lineage()
    return not frame.once and len(root) == scene.people


def _is_covered(sides: list[Mask]) -> bool:
    """True when somebody was touched, and something else was not."""
    touched, *others = sides
    return bool(touched.any() and any(side.any() for side in others))


def _sides(scene: Scene) -> dict[str, list[Mask]]:
    """For each twist who has something that it touched, that it spared, of its kind at other times, other."""
    found = {}
    for twist in scene.twists:
        frame, touched, exposed = _met(scene, twist)
        if frame is not None and _belongs(scene, frame):  # not days: they are there whoever is chosen
            people = root_rows(frame)
            sides = (touched, exposed & ~touched, _alike(twist, frame) & ~exposed, ~exposed)
            found[twist.name] = [np.bincount(people[on], minlength=scene.people) > 0 for on in sides]
    return found


def _alike(twist: Twist, frame: Frame) -> Mask:
    """Whom a twist is about at other times: its condition without its window."""
    if isinstance(twist, RowTwist | StepChange):
        return matches(frame, twist.where)
    return np.zeros(len(frame), np.bool_)


def _met(scene: Scene, twist: Twist) -> tuple[Frame | None, Mask, Mask]:
    """The frame a twist bends, whom it touched there and whom it could have; else whom its column marks."""
    if twist.name in scene.seen:
        frame, touched, exposed = scene.seen[twist.name]
        if exposed is None:
            exposed = twist.exposed(scene, frame) if isinstance(twist, RowTwist) else touched
        return frame, touched, exposed
    for frame in scene.frames.values():
        if twist.name in frame.columns:
            touched = frame[twist.name] != 0
            return frame, touched, touched
    return None, NOBODY, NOBODY
