"""A story told once more without one of its twists: what comes, goes and changes, frame by frame."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from casekit.world.declare import Entry
from casekit.world.draws import Draws
from casekit.world.story.frames import Frame
from casekit.world.story.scene import Scene
from casekit.world.story.telling import Story


@dataclass(frozen=True)
class Retold:
    """
    Attributes:
        told: The scene with every twist.
        other: The scene without the one.
        entry: The twist's line in the ledger.
    """

    told: Scene
    other: Scene
    entry: Entry

    def added(self, frame: str) -> set[int]:
        """Keys that only the twist brings."""
        return keys(self.told.frames[frame]) - keys(self.other.frames[frame])

    def gone(self, frame: str) -> set[int]:
        """Keys that the twist takes away."""
        return keys(self.other.frames[frame]) - keys(self.told.frames[frame])

    def owners(self, frame: str, of: str) -> set[int]:
        """Keys of those to whom what came or went belongs."""
        found = set()
        for scene, which in ((self.told, self.added(frame)), (self.other, self.gone(frame))):
            made = scene.frames[frame]
            rows = np.isin(made.key, list(which))
            found |= set(scene.frames[of].key[made.owner(of)[rows]].tolist())
        return found

    def changed(self, frame: str, numbers: tuple[str, ...] = ()) -> set[str]:
        """Columns, numbers apart, in which any row that is in both is another one."""
        one, two = (in_key_order(scene.frames[frame]) for scene in (self.told, self.other))
        both = np.intersect1d(one.key, two.key)
        one, two = (made.taken(np.isin(made.key, both)) for made in (one, two))
        names = one.columns.keys() & two.columns.keys() - set(numbers)
        return {name for name in names if not same(one.columns[name], two.columns[name])}


def retold(story: Story, slug: str, people: int, twist: str, seed: int = 7) -> Retold:
    """The story with and without *twist*, with the same people and chances."""
    scenes = [one.play(Draws(slug, seed), people) for one in (story, story.without(twist))]
    (entry,) = (line for line in scenes[0].ledger if line.twist == twist)
    return Retold(*scenes, entry)


def keys(frame: Frame) -> set[int]:
    """The keys of a frame; no two are the same."""
    made = set(frame.key.tolist())
    assert len(frame) == len(made)
    return made


def in_key_order(frame: Frame) -> Frame:
    return frame.taken(np.argsort(frame.key))


def same(one: np.ndarray, two: np.ndarray) -> bool:
    return np.array_equal(one, two, equal_nan=one.dtype.kind == "f")
