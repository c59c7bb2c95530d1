"""
Marks of who hangs on a twist: the law that a twist can be taken back.

A draw hangs on an entity's key, so nobody else can change it. What is *dealt* hangs on who else is there.
So whoever a twist brings, takes away or changes is dealt apart from all others, whether it is on or off:
the marks make cells. Everything that is dealt is dealt in ``cells_of`` a frame.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from casekit.world.cells import Cells
from casekit.world.story.frames import Frame, Mask, Whole
from casekit.world.story.scene import Scene

__all__ = ["cells_of", "climb", "hanging", "marks_of", "read_off"]

NOBODY = np.False_


def hanging(twist: str) -> str:
    """Name of the column that marks who hangs on a twist, the same whether it is on or off."""
    return f"{twist}: hangs"


def marks_of(scene: Scene, frame: Frame) -> tuple[Whole, ...]:
    """Who hangs on which twist: a column for each that was played on the frame, or on one it belongs to."""
    names = {name for one in frame.lineage() for name in one.columns}
    chosen = (next((n for n in (hanging(t.name), t.name) if n in names), "") for t in scene.twists)
    return tuple(frame[name] for name in chosen if name)


def cells_of(scene: Scene, frame: Frame, *keys: Any, rows: Any = slice(None)) -> Cells:
    """
    The cells in which something is dealt to entities of a frame: those who hang on a twist apart.

    Args:
        scene: The stage.
        frame: Whose cells.
        keys: What makes the cells beyond that, outer first; one value for each of *rows*.
        rows: Only these entities of the frame (places, or a mask).
    """
    marks = [mark[rows] for mark in marks_of(scene, frame)]
    return Cells.of((*marks, *keys), len(frame.key[rows]))


def climb(frame: Frame, twist: str, hangs: Mask) -> None:
    """Notes on the owners, however far up, that some of their rows hang on a twist; for ``read_off``."""
    if not hangs.any():
        return
    for owner in list(frame.lineage())[1:]:
        touched = np.bincount(frame.owner(owner.name)[hangs], minlength=len(owner)) > 0
        owner.columns[_below(twist)] = owner.columns.get(_below(twist), NOBODY) | touched


def read_off(scene: Scene, owner: Frame) -> None:
    """
    Marks the owners whose rows hang on a twist: something was read off the rows, and hangs on it too.

    Whatever adds a column to a frame that is about rows further down, such as the first of them, says so.
    """
    for twist in scene.twists:
        if _below(twist.name) in owner.columns:
            own = owner.columns.get(hanging(twist.name), NOBODY)
            owner.columns[hanging(twist.name)] = own | owner.columns[_below(twist.name)]


def _below(twist: str) -> str:
    return f"{twist}: hangs below"
