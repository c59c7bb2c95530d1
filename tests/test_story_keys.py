"""Keys of what belongs to others: side by side where there is room, mixed where there is not."""

from __future__ import annotations

import numpy as np
import pytest

from casekit.world.story.frames import Frame
from casekit.world.story.keys import COPY_BITS, KEY_BITS, keys_of


def owners(first: int, count: int = 2_000) -> Frame:
    return Frame("owners", np.arange(first, first + count), {})


@pytest.mark.parametrize("first", [0, 1 << COPY_BITS - KEY_BITS - 1, 1 << 45, 1 << 55])
def test_keys_are_their_own(first: int):
    """However long the owner's key, each of its things has a number of its own, below those of copies."""
    row, nth = np.divmod(np.arange(200_000), 100)

    keys = keys_of(owners(first), row, nth)

    assert len(row) == len(np.unique(keys))
    assert 0 <= keys.min() <= keys.max() < 1 << COPY_BITS


@pytest.mark.parametrize("first", [0, (1 << COPY_BITS - KEY_BITS) - 1_000, 1 << 45])
def test_company_changes_no_key(first: int):
    """A key hangs on its owner's key and its number alone, also where only some owners' keys are long."""
    made, some = owners(first), np.arange(0, 2_000, 7)

    assert keys_of(made, slice(None), 3)[some].tolist() == keys_of(made.taken(some), slice(None), 3).tolist()


def test_short_keys_stand_side_by_side():
    """Where there is room a key is the owner's with the number behind it."""
    assert [(5 << KEY_BITS) + 9, (6 << KEY_BITS) + 9] == keys_of(owners(5, 2), slice(None), 9).tolist()
    assert [(5 << 3) + 1] == keys_of(owners(5, 1), slice(None), 1, bits=3).tolist()
