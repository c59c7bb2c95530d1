"""Tables that stand for distributions hold exactly what they stand for."""

from __future__ import annotations

import numpy as np
import pytest

from casekit.world.quantiles import N_SLOTS, even_nodes, places_below, slots_of


@pytest.mark.parametrize("ends", [(), (0,), (3, 3, 7), (10,), (2, 12)])
def test_places_are_counted_ends(ends: tuple[int, ...]):
    """The place of a number is how many ends it has reached, also where ends coincide or lie outside."""
    numbers = np.arange(10)

    assert np.searchsorted(ends, numbers, side="right").tolist() == places_below(ends, 10).tolist()


def test_slots_hold_shares():
    """Each place fills its share of the slots, to within one, in order."""
    slots = slots_of([0.5, 0.2, 0.3])

    assert N_SLOTS == len(slots)
    assert (np.diff(slots.astype(int)) >= 0).all()
    assert np.abs(np.bincount(slots) - N_SLOTS * np.array([0.5, 0.2, 0.3])).max() <= 1


def test_even_nodes_run_straight():
    """Quantiles of an even distribution run straight from the least to the greatest."""
    nodes = np.array(even_nodes(100, 10_340))

    assert (100, 10_340) == (nodes[0], nodes[-1])
    assert {10} == set(np.diff(nodes).tolist())
