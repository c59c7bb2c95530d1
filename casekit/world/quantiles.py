"""
Distributions as tables of whole numbers: 1,025 quantiles, or 65,536 slots.

A table is made once, in Python floats rounded before they can show a machine's last bit; after that only
integers decide what is drawn.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import cache, lru_cache
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

__all__ = [
    "N_NODES",
    "N_SLOTS",
    "curve_nodes",
    "even_nodes",
    "exponential_nodes",
    "geometric_slots",
    "lognormal_nodes",
    "places_below",
    "poisson_slots",
    "power_nodes",
    "slots_of",
]

N_NODES = 1024
N_SLOTS = 65_536
DIGITS = 9  # what is left of a float before it becomes a whole number
TAIL = 1e-6


@cache
def lognormal_nodes(median: int, sigma: float) -> tuple[int, ...]:
    """Quantiles of a log-normal of this median; the outer 0.05 % of each tail is cut."""
    return tuple(round(median * math.exp(sigma * z)) for z in _normal_nodes())


@cache
def exponential_nodes(mean: int) -> tuple[int, ...]:
    """Quantiles of a waiting time of this mean without a memory; the outer 0.05 % is cut."""
    upper = (min(node, N_NODES - 0.5) for node in range(N_NODES + 1))
    return tuple(round(mean * round(math.log(N_NODES / (N_NODES - node)), DIGITS)) for node in upper)


@cache
def even_nodes(low: int, high: int) -> tuple[int, ...]:
    """Quantiles of a whole number from *low* to *high*, all equally likely."""
    return tuple(low + (high - low) * node // N_NODES for node in range(N_NODES + 1))


@cache
def power_nodes(share_at_1: float, share_at_30: float, end: int, unit: int) -> tuple[int, ...]:
    """
    Quantiles of how long after the start people come back, falling off by a power of the time.

    Args:
        share_at_1: Share of people seen at time 1, for example on day 1.
        share_at_30: Share seen at time 30.
        end: Where the curve ends, in whole times.
        unit: What one time is in the result, for example 86,400 seconds.
    """
    shape = round(math.log(share_at_1 / share_at_30) / math.log(30), DIGITS)
    power = 1 - shape
    if abs(power) < TAIL:
        return tuple(round(unit * ((1 + end) ** (node / N_NODES) - 1)) for node in range(N_NODES + 1))
    whole = (1 + end) ** power - 1
    times = ((1 + node / N_NODES * whole) ** (1 / power) - 1 for node in range(N_NODES + 1))
    return tuple(round(unit * round(time, DIGITS)) for time in times)


def curve_nodes(weights: Sequence[float], start: int, step: int) -> tuple[int, ...]:
    """Quantiles of a moment in a curve of *weights*, one each *step* from *start*, straight within a step."""
    ends = np.cumsum(np.asarray(weights, np.float64))
    points = np.arange(N_NODES + 1) / N_NODES * ends[-1]
    place = np.minimum(np.searchsorted(ends, points, side="right"), len(ends) - 1)
    before = np.concatenate(([0.0], ends[:-1]))[place]
    within = (points - before) / np.maximum((ends - np.concatenate(([0.0], ends[:-1])))[place], TAIL)
    nodes = start + np.floor(np.round((place + np.clip(within, 0, 1)) * step, 3)).astype(np.int64)
    return tuple(np.minimum(nodes, start + len(ends) * step - 1).tolist())


def slots_of(shares: Sequence[float]) -> NDArray[np.uint8]:
    """65,536 slots that hold each place of *shares* as often as its share says, to within one slot."""
    ends = np.rint(np.cumsum(np.asarray(shares, np.float64)) / math.fsum(shares) * N_SLOTS).astype(np.int64)
    return np.repeat(np.arange(len(ends), dtype=np.uint8), np.diff(ends, prepend=0))


@lru_cache(maxsize=32)
def places_below(ends: tuple[int, ...], count: int) -> NDArray[np.uint16]:
    """For each whole number below *count* its place among *ends*: how many of them it has reached."""
    lengths = np.diff(np.minimum(np.array(ends, np.int64), count), prepend=0, append=count)
    return np.repeat(np.arange(len(lengths), dtype=np.uint16), lengths)


@cache
def geometric_slots(mean: float, most: int = 250) -> NDArray[np.uint8]:
    """Slots of a geometric count from 0 with this mean: many low ones, a long tail."""
    keep = mean / (1 + mean)
    return slots_of([round((1 - keep) * keep**count, DIGITS) for count in range(most + 1)])


@cache
def poisson_slots(mean: float, most: int = 250) -> NDArray[np.uint8]:
    """Slots of a Poisson count with this mean."""
    log_mean = math.log(mean) if mean > 0 else 0.0
    logs = (count * log_mean - mean - math.lgamma(count + 1) for count in range(most + 1))
    return slots_of([round(math.exp(log), DIGITS) for log in logs])


@cache
def _normal_nodes() -> tuple[float, ...]:
    """The normal quantiles at the nodes, rounded so that no machine's last bit can show."""
    inner = (min(max(node, 0.5), N_NODES - 0.5) for node in range(N_NODES + 1))
    return tuple(round(NormalDist().inv_cdf(node / N_NODES), 6) for node in inner)
