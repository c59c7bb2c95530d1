"""Churn: chances spread as a Beta, so that whoever stays is likelier to stay again."""

from __future__ import annotations

import math

import numpy as np
import pytest

from casekit.world.quantiles import N_NODES
from casekit.world.story.churn import Churn, beta_nodes, beta_share_below

SHAPES = [(0.668, 3.806), (0.704, 1.182), (2.0, 3.0), (1.0, 1.0), (40.0, 160.0), (0.05, 0.05)]


def binomial_share_below(alpha: int, beta: int, at: float) -> float:
    """For whole shapes: the chance of at least *alpha* successes in alpha + beta - 1 trials."""
    n = alpha + beta - 1
    return math.fsum(math.comb(n, k) * at**k * (1 - at) ** (n - k) for k in range(alpha, n + 1))


@pytest.mark.parametrize(("alpha", "beta"), [(1, 1), (2, 3), (5, 2), (40, 160)])
def test_share_below_is_exact(alpha: int, beta: int):
    """The share below a point is the binomial sum that it equals for whole shapes."""
    points = np.arange(0, 101) / 100
    expected = [binomial_share_below(alpha, beta, at) for at in points.tolist()]

    assert np.allclose(expected, beta_share_below(alpha, beta, points), atol=2e-9)


@pytest.mark.parametrize(("alpha", "beta"), SHAPES)
def test_nodes_are_quantiles(alpha: float, beta: float):
    """Each node is the first millionth at which the share below reaches the node's own."""
    nodes = np.array(beta_nodes(alpha, beta))
    aims = np.arange(1, N_NODES) / N_NODES
    inner = nodes[1:-1]

    assert (np.diff(nodes) >= 0).all()
    assert (beta_share_below(alpha, beta, inner / 1e6) >= aims).all()
    assert (beta_share_below(alpha, beta, np.maximum(inner - 1, 0) / 1e6) < aims).all() or inner.min() == 0


@pytest.mark.parametrize(("alpha", "beta"), [(0.668, 3.806), (0.704, 1.182), (2.0, 3.0), (40.0, 160.0)])
def test_nodes_have_the_mean(alpha: float, beta: float):
    """The mean chance is alpha / (alpha + beta)."""
    mean = np.mean(beta_nodes(alpha, beta)) / 1e6

    assert abs(mean - alpha / (alpha + beta)) < 0.001


def test_nodes_are_pinned():
    """The chances are part of the format: no release, machine or numpy changes them."""
    nodes = beta_nodes(0.668, 3.806)

    assert [3, 98_386, 836_697] == [nodes[0], nodes[512], nodes[-1]]


def test_retention_rises():
    """Fader and Hardie's high-end cohort keeps 85.1 % at its first renewal and more at each later one."""
    kept = [Churn(0.668, 3.806).retention(renewal) for renewal in range(1, 13)]

    assert 0.851 == round(kept[0], 3)
    assert sorted(kept) == kept
