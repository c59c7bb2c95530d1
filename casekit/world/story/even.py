"""Numbers spread evenly, not by chance, so that totals and top shares come out the same on every seed."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from casekit.world.calendar import seconds_of
from casekit.world.cells import Cells
from casekit.world.quantiles import N_NODES, lognormal_nodes
from casekit.world.story.frames import Field, Frame, Whole
from casekit.world.story.measures import Spread
from casekit.world.story.scene import Scene
from casekit.world.story.scope import Scope

__all__ = ["evenly"]


@dataclass(frozen=True)
class Even:
    """A spread whose entities divide it evenly among them, in every cell."""

    spread: Spread
    cells: tuple[str, ...] = ()

    def declare(self, scope: Scope, frame: str, where: str, name: str) -> Field:
        """Whole numbers of the spread's type."""
        for column in self.cells:
            scope.field_of(frame, column, where, name)
        return self.spread.declare(scope, frame, where, name)

    def draw(self, scene: Scene, frame: Frame, name: str) -> Whole:
        """The number of each entity: a random place in its cell, and what the spread has there."""
        median = self.spread.median
        seconds = seconds_of(median) if isinstance(median, str) else round(median)
        nodes = np.array(lognormal_nodes(seconds, self.spread.sigma))
        cells = Cells.of(tuple(frame[column] for column in self.cells), len(frame))
        place, of = scene.draws.rank(f"{frame.name}.{name}", frame.key, cells)
        node, rest = np.divmod((2 * place + 1) * N_NODES, 2 * of)
        drawn: Whole = nodes[node] + (nodes[node + 1] - nodes[node]) * rest // (2 * of)
        return drawn.clip(self.spread.least, self.spread.most)


def evenly(spread: Spread, *within: str) -> Even:
    """
    The same spread, dealt: every cell of *within* has its share of low, middle and high numbers.

    Where few hold most, such as runs of an automation by customer, chance would move the total and the
    share of the top 5 % from seed to seed; dealt, the numbers stay and only who has which is chance. Only
    for entities and cells that no twist adds to or takes from.
    """
    return Even(spread, within)
