"""
Random draws without a random stream: each draw depends on its name and the entity's id alone.

``draws.coin("returns", order_id, 0.1)`` gives order 17 the same answer whatever was drawn before it,
in whatever order, block or process. Nothing but integers and one correctly rounded float operation at
a time decides a draw, so every machine draws the same.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from statistics import NormalDist

import numpy as np
from numpy.typing import ArrayLike, NDArray

__all__ = ["Draws"]

Ids = NDArray[np.int64]
Mask = NDArray[np.bool_]
Bits = NDArray[np.uint64]
Cells = ArrayLike | tuple[ArrayLike, ...]

GOLDEN_GAMMA = np.uint64(0x9E3779B97F4A7C15)
SPLITMIX64_ROUNDS = (
    (np.uint64(30), np.uint64(0xBF58476D1CE4E5B9)),
    (np.uint64(27), np.uint64(0x94D049BB133111EB)),
)
SPLITMIX64_LAST_SHIFT = np.uint64(31)
HALF_WORD = np.uint64(32)

SHARE_UNITS = 1_000_000
QUANTILE_NODES = 1024
QUANTILE_BITS = 32 - 10


@dataclass(frozen=True)
class Draws:
    """
    The draws of one dataset.

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
        mixed = np.asarray(ids).astype(np.uint64) * GOLDEN_GAMMA
        mixed ^= np.uint64(int.from_bytes(key[:8], "little"))
        for shift, factor in SPLITMIX64_ROUNDS:
            mixed ^= mixed >> shift
            mixed *= factor
        return mixed ^ (mixed >> SPLITMIX64_LAST_SHIFT)

    def uniform(self, stream: str, ids: ArrayLike) -> NDArray[np.float64]:
        """A number from 0 up to but not including 1: a multiple of 2**-32, so exact."""
        return self._word(stream, ids) / 2.0**32

    def whole(self, stream: str, ids: ArrayLike, low: int, high: int) -> Ids:
        """A whole number from *low* to *high*, both included, all equally likely."""
        span = np.uint64(high - low + 1)
        return low + ((self._word(stream, ids) * span) >> HALF_WORD).astype(np.int64)

    def coin(self, stream: str, ids: ArrayLike, share: ArrayLike) -> Mask:
        """True with probability *share*, independently for each id."""
        drawn: Mask = self.whole(stream, ids, 0, SHARE_UNITS - 1) < _units(share)
        return drawn

    def pick(self, stream: str, ids: ArrayLike, weights: Sequence[int]) -> Ids:
        """A place in *weights*, each as likely as its whole-number weight says."""
        return _place(self._word(stream, ids), weights)[0]

    def owner(self, stream: str, ids: ArrayLike, weights: NDArray[np.int64]) -> Ids:
        """A place in the long array *weights*, for example the person each session belongs to."""
        ends = np.cumsum(weights)
        point = self.bits(stream, ids) % np.uint64(ends[-1])
        return np.searchsorted(ends, point.astype(np.int64), side="right")

    def lognormal(self, stream: str, ids: ArrayLike, median: int, sigma: float) -> Ids:
        """A whole number spread log-normally around *median*; the outer 0.05 % of each tail is cut."""
        table = np.array(_lognormal_table(median, sigma), np.int64)
        word = self._word(stream, ids)
        node = (word >> np.uint64(QUANTILE_BITS)).astype(np.int64)
        rest = (word & np.uint64((1 << QUANTILE_BITS) - 1)).astype(np.int64)
        return table[node] + ((table[node + 1] - table[node]) * rest >> QUANTILE_BITS)

    def second_of_day(self, stream: str, ids: ArrayLike, hour_weights: Sequence[int]) -> Ids:
        """A second from 0 to 86,399; *hour_weights* gives the 24 hours' whole-number weights."""
        hour, within = _place(self._word(stream, ids), hour_weights)
        return hour * 3600 + (within * 3600 >> 32)

    def rank(self, stream: str, ids: ArrayLike, cells: Cells) -> tuple[Ids, Ids]:
        """
        Each id's random place in its cell, from 0, and how many ids its cell has.

        Args:
            stream: The draw's name.
            ids: The entities.
            cells: What makes the cells: one value per id, or a tuple of such keys; ``()`` puts all ids
                in one cell.
        """
        bits = self.bits(stream, ids)
        _, cell = _nest(cells, len(bits))
        _, place, sizes = np.unique(cell, return_inverse=True, return_counts=True)
        order = np.lexsort((bits, place))
        first = np.cumsum(sizes) - sizes
        ranks = np.empty(len(order), np.int64)
        ranks[order] = np.arange(len(order)) - np.repeat(first, sizes)
        return ranks, sizes[place].astype(np.int64)

    def deal(self, stream: str, ids: ArrayLike, cells: Cells, shares: Sequence[float]) -> Ids:
        """A place in *shares* for each id, dealt so that every cell holds the shares to within one id."""
        rank, size = self.rank(stream, ids, cells)
        ends = np.cumsum(_units(shares))
        point = (2 * rank + 1) * ends[-1]
        dealt: Ids = (point[:, None] >= ends * (2 * size)[:, None]).sum(axis=1)
        return dealt

    def quota(self, stream: str, ids: ArrayLike, cells: Cells, share: ArrayLike) -> Mask:
        """
        True for exactly ``round(n * share)`` of the *n* ids of every cell, chosen at random.

        *share* is one number, or one per id that is the same all over a cell.
        """
        rank, _ = self.rank(stream, ids, cells)
        _, cell = _nest(cells, len(rank))
        chosen: Mask = rank < _passers(cell, cell, _units(share) + 0 * rank)
        return chosen

    def funnel(self, stream: str, ids: ArrayLike, cells: Cells, steps: Sequence[ArrayLike]) -> Ids:
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
        rank, _ = self.rank(stream, ids, cells)
        block, cell = _nest(cells, len(rank))
        passed = np.zeros(len(rank), np.int64)
        going = np.ones(len(rank), np.bool_)
        left: Ids = np.full(len(rank), SHARE_UNITS)
        for step in steps:
            left = left * _units(step) // SHARE_UNITS
            going &= rank < _passers(block, cell, left)
            passed += going
        return passed

    def _word(self, stream: str, ids: ArrayLike) -> Bits:
        return self.bits(stream, ids) >> HALF_WORD


def _units(share: ArrayLike) -> NDArray[np.int64]:
    """Shares as whole millionths: from here on all arithmetic is exact."""
    return np.rint(np.asarray(share, np.float64) * SHARE_UNITS).astype(np.int64)


def _place(word: Bits, weights: Sequence[int]) -> tuple[Ids, Ids]:
    """The place in *weights* a 32-bit word falls on, and how far into it, from 0 to 2**32 - 1."""
    width = np.array(weights, np.int64)
    ends = np.cumsum(width)
    point = word.astype(np.int64) * ends[-1]
    place = np.searchsorted(ends << 32, point, side="right")
    return place.astype(np.int64), (point - ((ends - width)[place] << 32)) // width[place]


def _nest(cells: Cells, n_rows: int) -> tuple[Ids, Ids]:
    """A number for each row's block (every key but the last) and for its cell (every key)."""
    block: Ids = np.zeros(n_rows, np.int64)
    cell = block
    for key in cells if isinstance(cells, tuple) else (cells,):
        _, place = np.unique(np.asarray(key), return_inverse=True)
        block, cell = cell, cell * (place.max(initial=0) + 1) + place
    return block, cell


def _passers(block: Ids, cell: Ids, share: Ids) -> Ids:
    """How many ids of each row's cell pass, as whole ids; rounding carries from cell to cell of a block."""
    _, row, place, sizes = np.unique(cell, return_index=True, return_inverse=True, return_counts=True)
    due = np.cumsum(sizes * share[row])
    starts_block = np.diff(block[row], prepend=-1) != 0
    due_before = np.concatenate(([0], due[:-1]))
    block_before = due_before[starts_block][np.cumsum(starts_block) - 1]
    counts: Ids = _rounded(due - block_before) - _rounded(due_before - block_before)
    return counts[place]


def _rounded(units: Ids) -> Ids:
    return (2 * units + SHARE_UNITS) // (2 * SHARE_UNITS)


@cache
def _normal_nodes() -> tuple[float, ...]:
    """The normal quantiles at the nodes, rounded so that no machine's last bit can show."""
    inner = (min(max(node, 0.5), QUANTILE_NODES - 0.5) for node in range(QUANTILE_NODES + 1))
    return tuple(round(NormalDist().inv_cdf(node / QUANTILE_NODES), 6) for node in inner)


@cache
def _lognormal_table(median: int, sigma: float) -> tuple[int, ...]:
    return tuple(round(median * math.exp(sigma * z)) for z in _normal_nodes())
