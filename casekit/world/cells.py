"""Cells: rows that are alike, within which shares are kept exactly instead of by chance."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

__all__ = ["SHARE_UNITS", "Cells", "Keys", "units_of"]

Whole = NDArray[np.int64]
Keys = ArrayLike | tuple[ArrayLike, ...]

SHARE_UNITS = 1_000_000
MOST_CODES_A_ROW, FEWEST_CODES = 16, 1 << 10  # beyond, counting the codes takes longer than sorting them


def units_of(share: ArrayLike) -> Whole:
    """Shares as whole millionths: from here on all arithmetic is exact."""
    return np.rint(np.asarray(share, np.float64) * SHARE_UNITS).astype(np.int64)


@dataclass(frozen=True)
class Cells:
    """
    The cells of some rows.

    Attributes:
        place: The number of each row's cell.
        sizes: How many rows each cell has.
        block: For each cell the number of its block: the cells that differ in the last key only.
    """

    place: Whole
    sizes: Whole
    block: Whole

    @classmethod
    def of(cls, keys: Keys, n_rows: int) -> Cells:
        """The cells of rows that share every one of *keys*, the outer key first; ``()``: one cell of all."""
        block = cell = np.zeros(n_rows, np.int64)
        for key in keys if isinstance(keys, tuple) else (keys,):
            place, n_places = _numbered(np.asarray(key))
            block, (cell, _) = cell, _numbered(cell * n_places + place)
        sizes = np.bincount(cell, minlength=0).astype(np.int64)
        numbers = np.zeros(len(sizes), np.int64)
        numbers[cell] = block
        return cls(cell, sizes, numbers)

    def value(self, per_row: ArrayLike) -> NDArray[np.float64]:
        """One value a cell, of values that are the same all over each cell."""
        values = np.zeros(len(self.sizes), np.float64)
        values[self.place] = per_row
        return values

    def passers(self, units: Whole) -> Whole:
        """
        How many rows of each cell pass, for shares in millionths, one a cell.

        Rounding carries over from cell to cell of a block: a cell is off by less than one row, and
        a block does not add up its cells' roundings.
        """
        due = np.cumsum(self.sizes * units)
        due_before = np.concatenate(([0], due[:-1]))
        starts = np.diff(self.block, prepend=-1) != 0
        block_before = due_before[starts][np.cumsum(starts) - 1]
        return _rounded(due - block_before) - _rounded(due_before - block_before)


def _numbered(values: NDArray[np.generic]) -> tuple[Whole, int]:
    """Each value's place among the different ones, in their order, and how many there are."""
    if values.dtype.kind in "iub" and len(values):
        codes = values.astype(np.int64)
        codes -= codes.min()
        if codes.max() < max(MOST_CODES_A_ROW * len(codes), FEWEST_CODES):
            there = np.bincount(codes) > 0
            places = np.cumsum(there) - 1
            return places[codes], int(places[-1]) + 1
    different, place = np.unique(values, return_inverse=True)
    return place.astype(np.int64), max(len(different), 1)


def _rounded(units: Whole) -> Whole:
    whole: Whole = (2 * units + SHARE_UNITS) // (2 * SHARE_UNITS)
    return whole
