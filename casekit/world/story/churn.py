"""Who leaves at a renewal: everybody has a chance of their own, so those who stay are the loyal ones."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from casekit.world.cells import SHARE_UNITS
from casekit.world.quantiles import DIGITS, N_NODES
from casekit.world.story.scope import Scope

__all__ = ["Churn", "beta_nodes", "beta_share_below"]

FRACTION_STEPS = 120  # of the continued fraction; shapes up to a few thousand need fewer
BISECTIONS = SHARE_UNITS.bit_length()
OUTER = 0.5  # of a node: the outer 0.05 % of each tail is cut
TINY = 1e-300


@dataclass(frozen=True)
class Churn:
    """
    The shifted-beta-geometric model of churn.

    Everybody has a chance of their own to leave at a renewal, the same each time; over the people it is
    spread as a Beta distribution. The shaky ones leave first, so a cohort's retention rises with its age.

    Source: Peter Fader and Bruce Hardie, "How to project customer retention", Journal of Interactive
    Marketing 21(1), 2007; their two cohorts have (0.668, 3.806) and (0.704, 1.182).

    Attributes:
        alpha, beta: The Beta's parameters, both above 0. The first renewal loses alpha / (alpha + beta).
    """

    alpha: float
    beta: float

    def check(self, scope: Scope, where: str) -> None:
        """Tells what is wrong with it."""
        scope.check_over_nought(self.alpha, where, "churn alpha")
        scope.check_over_nought(self.beta, where, "churn beta")

    def retention(self, renewal: int) -> float:
        """The share of those still there that stays at a renewal, counted from 1."""
        return (self.beta + renewal - 1) / (self.alpha + self.beta + renewal - 1)

    def nodes(self) -> tuple[int, ...]:
        """1,025 quantiles of the chance to leave, in millionths."""
        return beta_nodes(self.alpha, self.beta)


@cache
def beta_nodes(alpha: float, beta: float) -> tuple[int, ...]:
    """
    1,025 quantiles of a Beta distribution, in whole millionths; the outer 0.05 % of each tail is cut.

    Each is found by bisection over the whole millionths. The share below one is rounded before it is
    compared, so that no machine's last bit decides on which side a node lies.
    """
    aims = np.clip(np.arange(N_NODES + 1), OUTER, N_NODES - OUTER) / N_NODES
    low, high = np.zeros(N_NODES + 1, np.int64), np.full(N_NODES + 1, SHARE_UNITS)
    for _ in range(BISECTIONS):
        middle = (low + high) // 2
        reached = beta_share_below(alpha, beta, middle / SHARE_UNITS) >= aims
        low, high = np.where(reached, low, np.minimum(middle + 1, high)), np.where(reached, middle, high)
    return tuple(high.tolist())


def beta_share_below(alpha: float, beta: float, points: Any) -> NDArray[np.float64]:
    """The share of a Beta distribution at or below each of *points* from 0 to 1, to nine digits."""
    at = np.asarray(points, np.float64)
    swapped = at > (alpha + 1) / (alpha + beta + 2)  # there the fraction of the mirror image is the quick one
    mirrored = _lower_tail(beta, alpha, np.where(swapped, 1 - at, 0.5))
    shares = np.where(swapped, 1 - mirrored, _lower_tail(alpha, beta, np.where(swapped, 0.5, at)))
    return np.round(np.clip(shares, 0.0, 1.0), DIGITS)


def _lower_tail(alpha: float, beta: float, at: NDArray[np.float64]) -> NDArray[np.float64]:
    """The regularised incomplete beta function: its leading factor times its continued fraction."""
    log_whole = math.lgamma(alpha) + math.lgamma(beta) - math.lgamma(alpha + beta)
    inner = np.clip(at, TINY, 1 - 1e-16)
    front = np.exp(alpha * np.log(inner) + beta * np.log1p(-inner) - log_whole)
    share: NDArray[np.float64] = np.where(at <= 0, 0.0, front * _fraction(alpha, beta, inner) / alpha)
    return share


def _fraction(alpha: float, beta: float, at: NDArray[np.float64]) -> NDArray[np.float64]:
    """The continued fraction, from the front, by Lentz's method."""
    above = np.ones_like(at)
    below = 1 / _off_nought(1 - (alpha + beta) * at / (alpha + 1))
    value = below.copy()
    for step in range(1, FRACTION_STEPS + 1):
        even = step * (beta - step) / ((alpha + 2 * step - 1) * (alpha + 2 * step))
        total = (alpha + step) * (alpha + beta + step)
        odd = -total / ((alpha + 2 * step) * (alpha + 2 * step + 1))
        for factor in (even * at, odd * at):
            below = 1 / _off_nought(1 + factor * below)
            above = _off_nought(1 + factor / above)
            value = value * above * below
    return value


def _off_nought(values: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.where(np.abs(values) < TINY, TINY, values)
