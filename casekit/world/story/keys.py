"""Keys: the number of each entity, on which its draws hang, whatever else is drawn."""

from __future__ import annotations

from casekit.world.draws import mixed
from casekit.world.story.frames import Frame, Whole

__all__ = ["COPY_BITS", "KEY_BITS", "keys_of"]

KEY_BITS = 12  # up to 4,095 of one kind for each owner
COPY_BITS = 56  # keys from here on are those of copies


def keys_of(owners: Frame, row: Whole | slice, nth: Whole | int, bits: int = KEY_BITS) -> Whole:
    """
    The key of each owner's *nth*, a number of so many *bits*.

    It is the owner's key with *nth* behind it. Where both are too long together, for rows that lie deep
    below people who arrive, it is a number mixed from both. Among a million such rows two have the same
    key, and then draw alike, by a chance of 1 in 70,000.
    """
    own = owners.key[row]
    key: Whole = own << bits
    key += nth
    deep = own >> COPY_BITS - bits != 0
    if deep.any():
        whole = mixed(own[deep], bits) ^ mixed(key[deep], bits)
        key[deep] = (whole >> 65 - COPY_BITS).astype(key.dtype) | 1 << COPY_BITS - 1
    return key
