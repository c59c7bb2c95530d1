"""
Small worlds: some dozens of people and all that is theirs, with both sides of every twist among them.

A small world is not a scaled one, in which a rare twist would touch nobody. A block of some thousand people
is played and a few of them are chosen: for every twist somebody it touched, somebody it could have
touched but did not, and somebody it is not about. What is kept is kept whole: every row that belongs to a
person, so that no reference points to nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
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
        chosen = {root.name: _chosen(scene, root, people) for root in scene.roots()}
        for twist in scene.twists:
            if not _is_once(scene, twist):  # what is drawn once is there whoever is chosen
                sides = _sides(scene, twist)
                missed.update([] if sides.is_covered() else [twist.name])
                uncovered.extend([] if sides.is_covered(chosen) else [twist.name])
        return Drawn(world.story.rows(scene, chosen))

    drawn = draw_block(replace(world, build=build), slug, seed, Block(0, played))
    return SmallDrawn(drawn.rows, uncovered=tuple(uncovered)), not missed


def _chosen(scene: Scene, root: Frame, people: int) -> Mask:
    """Who is kept: at random, but somebody for every side of every twist and every kind of row."""
    order = np.argsort(scene.draws.bits(f"small world: {root.name}", np.arange(len(root))), kind="stable")
    owners = _owners(scene, root)
    sides = [side for twist in scene.twists for side in _sides(scene, twist).of(root)]
    places = _cover(np.array([*sides, *owners], np.bool_).reshape(-1, len(root))[:, order], people)
    is_seen = np.logical_or.reduce(owners or [np.zeros(len(root), np.bool_)])[order]
    others = [*np.flatnonzero(is_seen), *np.flatnonzero(~is_seen)]
    everyone = dict.fromkeys(order[[*places, *others]].tolist())
    return np.isin(np.arange(len(root)), list(_together(everyone, _companions(scene, root), people)))


def _companions(scene: Scene, root: Frame) -> dict[int, set[int]]:
    """By person: the others that his or her rows speak of."""
    found: dict[int, set[int]] = {}
    for frame, others in scene.tied:
        if frame.root is root:
            for person, other in zip(root_rows(frame).tolist(), others.tolist(), strict=True):
                found.setdefault(person, set()).add(other)
    return found


def _together(everyone: Iterable[int], companions: dict[int, set[int]], people: int) -> set[int]:
    """The first of them, each with all companions; who brings more than there is room for is left out."""
    chosen: set[int] = set()
    for person in everyone:
        group, waiting = set(chosen), [person]
        while waiting and len(group) <= people:
            found = waiting.pop()
            if found not in group:
                group.add(found)
                waiting += companions.get(found, ())
        if len(group) <= people:
            chosen = group
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


def _owners(scene: Scene, root: Frame) -> list[Mask]:
    """For each frame of what people do or have: who has any, so that no table stays empty."""
    frames = [frame for frame in scene.frames.values() if frame.parent is not None and frame.root is root]
    return [np.bincount(root_rows(frame), minlength=len(root)) > 0 for frame in frames]


@dataclass(frozen=True)
class _Sides:
    """Who has something that a twist touched, that it spared, of its kind at other times, any other."""

    root: Frame | None = None
    masks: tuple[Mask, ...] = ()

    def of(self, root: Frame) -> tuple[Mask, ...]:
        """Those among the people of one frame; none when it is about others."""
        return self.masks if self.root is root else ()

    def is_covered(self, chosen: Mapping[str, Mask] | None = None) -> bool:
        """True when somebody was touched, and something else was not; among those *chosen*."""
        if self.root is None:
            return False
        kept = True if chosen is None else chosen[self.root.name]
        touched, *others = (bool((side & kept).any()) for side in self.masks)
        return touched and any(others)


def _sides(scene: Scene, twist: Twist) -> _Sides:
    frame, touched, exposed = _met(scene, twist)
    if frame is None or frame.once:
        return _Sides()
    keys, root = frame.root.key[root_rows(frame)], scene.frames[frame.root.name]
    sides = (touched, exposed & ~touched, _alike(twist, frame) & ~exposed, ~exposed)
    return _Sides(root, tuple(np.isin(root.key, keys[on]) for on in sides))  # a frame may have changed since


def _is_once(scene: Scene, twist: Twist) -> bool:
    frame = scene.frames.get(twist.target.partition(".")[0])
    return frame is not None and frame.once


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
