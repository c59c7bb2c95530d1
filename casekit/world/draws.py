"""
Random draws without a random stream: each draw depends on its name and the entity's id alone.

``draws.coin("returns", order_id, 0.1)`` gives order 17 the same answer whatever was drawn before it,
in whatever order, block or process. Nothing but integers and one correctly rounded float operation at
a time decides a draw, so every machine draws the same.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from casekit.world.cells import SHARE_UNITS, Cells, Keys, units_of
from casekit.world.quantiles import lognormal_nodes

__all__ = ["Draws"]

Ids = NDArray[np.int64]
Mask = NDArray[np.bool_]
Bits = NDArray[np.uint64]

GOLDEN_GAMMA = np.uint64(0x9E3779B97F4A7C15)
SPLITMIX64_ROUNDS = (
    (np.uint64(30), np.uint64(0xBF58476D1CE4E5B9)),
    (np.uint64(27), np.uint64(0x94D049BB133111EB)),
)
SPLITMIX64_LAST_SHIFT = np.uint64(31)
HALF_WORD = np.uint64(32)
SLOT_SHIFT = np.uint64(48)  # the upper 16 bits choose one of 65,536 slots
NODE_BITS = 10
COARSE_BITS = 12
PIECE = 1 << 15  # ids mixed at once: what fits into a core's cache


@dataclass(frozen=True)
class Draws:
    """
    The draws of one block of a dataset.

    Attributes:
        case: The case's slug; two cases with the same seed share nothing.
        seed: Another seed is another set of people in the same story.
        block: Which block of people; each has draws of its own, so it can be drawn anywhere, alone.
    """

    case: str
    seed: int
    block: int = 0

    def bits(self, stream: str, ids: ArrayLike) -> Bits:
        """64 random bits for each id: splitmix64 of the id under the stream's key."""
        place = f"{self.seed}.{self.block}" if self.block else str(self.seed)
        key = hashlib.sha256(f"{self.case}/{place}/{stream}".encode()).digest()
        mixed = np.asarray(ids).astype(np.uint64)
        whole = mixed.reshape(-1)
        spare = np.empty(min(len(whole), PIECE), np.uint64)
        for first in range(0, len(whole), PIECE):
            piece = whole[first : first + PIECE]
            _mix(piece, spare[: len(piece)], np.uint64(int.from_bytes(key[:8], "little")))
        return mixed

    def uniform(self, stream: str, ids: ArrayLike) -> NDArray[np.float64]:
        """A number from 0 up to but not including 1: a multiple of 2**-32, so exact."""
        return self._word(stream, ids) / 2.0**32

    def whole(self, stream: str, ids: ArrayLike, low: int, high: int) -> Ids:
        """A whole number from *low* to *high*, both included, all equally likely."""
        point = self._word(stream, ids)
        point *= np.uint64(high - low + 1)
        point >>= HALF_WORD
        drawn = point.view(np.int64)
        drawn += low
        return drawn

    def coin(self, stream: str, ids: ArrayLike, share: ArrayLike) -> Mask:
        """True with probability *share*, independently for each id."""
        point = self._word(stream, ids)
        point *= np.uint64(SHARE_UNITS)  # below share x 2**32: the whole number below is below the share
        drawn: Mask = point < units_of(share).astype(np.uint64) << HALF_WORD
        return drawn

    def coin_where(self, stream: str, ids: NDArray[np.int64], share: float, where: Mask) -> Mask:
        """As ``coin``, for the ids *where* says; False for all others."""
        if where.all():
            return self.coin(stream, ids, share)
        drawn = where.copy()
        drawn[where] = self.coin(stream, ids[where], share)
        return drawn

    def pick(self, stream: str, ids: ArrayLike, weights: Sequence[int]) -> Ids:
        """A place in *weights*, each as likely as its whole-number weight says."""
        return _place(self._word(stream, ids), weights)[0]

    def slot(self, stream: str, ids: ArrayLike, slots: NDArray[np.generic]) -> NDArray[np.generic]:
        """One of 65,536 slots for each id: the fast way to draw from a table made beforehand."""
        return slots[(self.bits(stream, ids) >> SLOT_SHIFT).astype(np.intp)]

    def owner(self, stream: str, ids: ArrayLike, weights: NDArray[np.int64]) -> Ids:
        """A place in the long array *weights*, for example the person each session belongs to."""
        ends = np.cumsum(weights)
        point = self.bits(stream, ids) % np.uint64(ends[-1])
        return np.searchsorted(ends, point.astype(np.int64), side="right")

    def quantile(self, stream: str, ids: ArrayLike, nodes: Sequence[int] | NDArray[np.int64]) -> Ids:
        """A whole number from the 1,025 evenly spaced quantiles *nodes*, and straight between them."""
        return _between(self._word(stream, ids), nodes)

    def stratified(self, stream: str, ids: ArrayLike, nodes: Sequence[int], count: int) -> Ids:
        """
        As ``quantile``, but the *count* ids from 0 divide the distribution evenly, in order of their ids.

        So the ids' order is the values' order: person 0 comes first, and every day has its share.
        """
        within = self._word(stream, ids)
        point = (np.asarray(ids).astype(np.uint64) << HALF_WORD | within) // np.uint64(count)
        return _between(point, nodes)

    def strata(
        self, stream: str, ids: ArrayLike, cells: Cells | Keys, nodes: Sequence[int] | NDArray[np.int64]
    ) -> Ids:
        """As ``quantile``, but the ids of each cell divide the distribution evenly among them, at random."""
        rank, size = self.rank(f"{stream}: stratum", ids, cells)
        point = rank.astype(np.uint64) << HALF_WORD | self._word(stream, ids)
        return _between(point // size.astype(np.uint64), nodes)

    def lognormal(self, stream: str, ids: ArrayLike, median: int, sigma: float) -> Ids:
        """A whole number spread log-normally around *median*; the outer 0.05 % of each tail is cut."""
        return self.quantile(stream, ids, lognormal_nodes(median, sigma))

    def second_of_day(self, stream: str, ids: ArrayLike, hour_weights: Sequence[int]) -> Ids:
        """A second from 0 to 86,399; *hour_weights* gives the 24 hours' whole-number weights."""
        hour, within = _place(self._word(stream, ids), hour_weights)
        return hour * 3600 + (within * 3600 >> 32)

    def rank(self, stream: str, ids: ArrayLike, cells: Cells | Keys) -> tuple[Ids, Ids]:
        """
        Each id's random place in its cell, from 0, and how many ids its cell has.

        Args:
            stream: The draw's name.
            ids: The entities.
            cells: What makes the cells: one value per id, or a tuple of such keys; ``()`` puts all ids
                in one cell.
        """
        bits = self.bits(stream, ids)
        cells = _as_cells(cells, len(bits))
        order = _shuffled(bits, cells)
        first = np.cumsum(cells.sizes) - cells.sizes
        ranks = np.empty(len(order), np.int64)
        ranks[order] = np.arange(len(order)) - np.repeat(first, cells.sizes)
        return ranks, cells.sizes[cells.place]

    def deal(self, stream: str, ids: ArrayLike, cells: Cells | Keys, shares: ArrayLike) -> Ids:
        """
        A place in *shares* for each id, dealt so that every cell holds the shares to within one id.

        *shares* is one row for all, or one row per id that is the same all over a cell.
        """
        rank, size = self.rank(stream, ids, cells)
        ends = np.cumsum(units_of(shares), axis=-1)
        point = (2 * rank + 1) * ends[..., -1]
        dealt: Ids = (point[:, None] >= ends * (2 * size)[:, None]).sum(axis=1)
        return dealt

    def quota(self, stream: str, ids: ArrayLike, cells: Cells | Keys, share: ArrayLike) -> Mask:
        """
        True for exactly ``round(n * share)`` of the *n* ids of every cell, chosen at random.

        *share* is one number, or one per id that is the same all over a cell.
        """
        units = units_of(share)
        made = _as_cells(cells, len(np.asarray(ids)))
        rank, size = self.rank(stream, ids, made)
        due = size * units
        chosen: Mask = rank < (2 * due + SHARE_UNITS) // (2 * SHARE_UNITS)
        return chosen

    def funnel(self, stream: str, ids: ArrayLike, cells: Cells | Keys, steps: Sequence[ArrayLike]) -> Ids:
        """
        How many steps each id passes, with the number of passers fixed in every cell.

        One random rank decides how far an id goes, so each step is exact for all who started, not
        only for those who passed the step before. Rounding carries over from cell to cell along the
        last key: a cell is off by less than one passer, and the wider cell of the other keys does
        not add up its cells' roundings.

        Args:
            stream: The draw's name.
            ids: The entities.
            cells: What makes the cells, as in ``rank``; several keys go from outer to inner.
            steps: Share that passes each step, of those who passed the one before; one number, or one
                per id that is the same all over a cell.
        """
        made = _as_cells(cells, len(np.asarray(ids)))
        rank, _ = self.rank(stream, ids, made)
        passed = np.zeros(len(rank), np.int64)
        going = np.ones(len(rank), np.bool_)
        left: Ids = np.full(len(made.sizes), SHARE_UNITS)
        for step in steps:
            left = left * units_of(made.value(step)) // SHARE_UNITS
            going &= rank < made.passers(left)[made.place]
            passed += going
        return passed

    def _word(self, stream: str, ids: ArrayLike) -> Bits:
        word = self.bits(stream, ids)
        word >>= HALF_WORD
        return word


def _mix(mixed: Bits, spare: Bits, key: np.uint64) -> None:
    """Splitmix64 in place."""
    mixed *= GOLDEN_GAMMA
    mixed ^= key
    for shift, factor in SPLITMIX64_ROUNDS:
        mixed ^= np.right_shift(mixed, shift, out=spare)
        mixed *= factor
    mixed ^= np.right_shift(mixed, SPLITMIX64_LAST_SHIFT, out=spare)


def _as_cells(cells: Cells | Keys, n_rows: int) -> Cells:
    return cells if isinstance(cells, Cells) else Cells.of(cells, n_rows)


def _shuffled(bits: Bits, cells: Cells) -> Ids:
    """The rows cell by cell, at random within each: sorting whole numbers that hold cell, chance and row."""
    n_rows = len(bits)
    row_bits = np.uint64(max(n_rows - 1, 1).bit_length())
    cell_shift = np.uint64(64 - max(len(cells.sizes) - 1, 1).bit_length())
    chance = bits >> (np.uint64(64) - cell_shift + row_bits) << row_bits
    packed = (cells.place.astype(np.uint64) << cell_shift) | chance | np.arange(n_rows, dtype=np.uint64)
    packed.sort()
    return (packed & ((np.uint64(1) << row_bits) - np.uint64(1))).astype(np.int64)


def _place(word: Bits, weights: Sequence[int]) -> tuple[Ids, Ids]:
    """The place in *weights* a 32-bit word falls on, and how far into it, from 0 to 2**32 - 1."""
    width = np.array(weights, np.int64)
    ends = np.cumsum(width) << 32
    step = ends[-1] >> COARSE_BITS
    coarse = np.searchsorted(ends, np.arange(1 << COARSE_BITS) * step, side="right")
    place: Ids = coarse[(word >> np.uint64(32 - COARSE_BITS)).view(np.int64)]
    point = word.view(np.int64) * np.int64(ends[-1] >> 32)
    while (behind := point >= ends[place]).any():  # a few: those with an end in their coarse step
        place += behind
    point -= (ends - (width << 32))[place]
    point //= width[place]
    return place, point


def _between(word: Bits, nodes: Sequence[int] | NDArray[np.int64]) -> Ids:
    """The value of a 32-bit word among nodes that divide its range evenly."""
    table = np.asarray(nodes, np.int64)
    rest_bits = np.int64(32 - NODE_BITS)
    point = word.view(np.int64)
    node = point >> rest_bits
    value: Ids = np.diff(table)[node]
    value *= point & ((1 << rest_bits) - 1)
    value >>= rest_bits
    value += table[node]
    return value
