"""
Marks of who hangs on a twist: the law that a twist can be taken back.

A draw hangs on an entity's key, so nobody else can change it. What is *dealt* hangs on who else is there.
So whoever a twist brings, takes away or changes is dealt apart from all others, whether it is on or off:
the marks make cells.
"""

from __future__ import annotations

from casekit.world.story.frames import Frame, Whole
from casekit.world.story.scene import Scene

__all__ = ["hanging", "marks_of"]


def hanging(twist: str) -> str:
    """Name of the column that marks who hangs on a twist, the same whether it is on or off."""
    return f"{twist}: hangs"


def marks_of(scene: Scene, frame: Frame) -> tuple[Whole, ...]:
    """Who hangs on which twist: a column for each that was played on the frame, or on one it belongs to."""
    names = {name for one in frame.lineage() for name in one.columns}
    chosen = (next((n for n in (hanging(t.name), t.name) if n in names), "") for t in scene.twists)
    return tuple(frame[name] for name in chosen if name)
