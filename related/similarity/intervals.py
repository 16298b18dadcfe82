"""How sure a mean over queries is, a paired difference, or a share of some."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

N_RESAMPLES = 2_000
CONFIDENCE = 0.95
# Of the normal distribution, at 95 %: between two bounds, and above one.
Z_OF_TWO_SIDES, Z_OF_ONE_SIDE = 1.96, 1.645
# One seed for all: two runs on the same figures print the same interval.
SEED = 20_240
NUMBERS_AT_ONCE = 1_000_000


@dataclass(frozen=True, slots=True)
class Interval:
    """A mean, and between which values it would lie for other queries like these."""

    mean: float
    low: float
    high: float

    @property
    def is_above_zero(self) -> bool:
        """Whether a difference is more than chance."""
        return self.low > 0


def bootstrap_interval(
    values: Sequence[float] | NDArray[np.float64],
    *,
    confidence: float = CONFIDENCE,
    n_resamples: int = N_RESAMPLES,
    seed: int = SEED,
) -> Interval:
    """Mean and percentile interval of one value per query, which is the unit drawn again.

    An interval of fewer than two values would be none, so it is as wide as 0 to 1 allows: the
    measures of a ranking lie there.

    Raises:
        ValueError: there are no values.
    """
    observed = np.asarray(values, np.float64)
    if not len(observed):
        raise ValueError("No values, so there is no mean.")
    mean = float(observed.mean())
    if len(observed) < 2:
        return Interval(mean, min(mean, 0.0), max(mean, 1.0))
    random = np.random.default_rng(seed)
    at_once = max(1, NUMBERS_AT_ONCE // len(observed))
    sizes = [min(at_once, n_resamples - done) for done in range(0, n_resamples, at_once)]
    means = [
        observed[random.integers(0, len(observed), (size, len(observed)))].mean(axis=1)
        for size in sizes
    ]
    tail = (1 - confidence) / 2
    low, high = np.quantile(np.concatenate(means), [tail, 1 - tail])
    return Interval(mean, float(low), float(high))


def paired_difference(
    values: Sequence[float] | NDArray[np.float64],
    others: Sequence[float] | NDArray[np.float64],
    *,
    confidence: float = CONFIDENCE,
    n_resamples: int = N_RESAMPLES,
    seed: int = SEED,
) -> Interval:
    """Interval of the mean of ``values - others``, aligned by query.

    Two rankings are good and bad at the same queries, so their difference is far surer than either
    mean.

    Raises:
        ValueError: there are no values, or not as many of the one as of the other.
    """
    ours, theirs = np.asarray(values, np.float64), np.asarray(others, np.float64)
    if ours.shape != theirs.shape:
        raise ValueError(f"{len(ours)} values cannot be paired with {len(theirs)}.")
    differences = ours - theirs
    if len(differences) == 1:
        return Interval(float(differences[0]), -1.0, 1.0)
    return bootstrap_interval(
        differences, confidence=confidence, n_resamples=n_resamples, seed=seed
    )


def wilson_interval(n_true: int, n: int, z: float = Z_OF_TWO_SIDES) -> Interval:
    """Share and Wilson's score interval (1927) of ``n_true`` among ``n``; at few and at all or
    none, where the textbook's interval has no width, it still says how little is known.

        center = (p + z²/2n) / (1 + z²/n)        p = n_true / n
        half   = z * sqrt(p (1 - p) / n + z²/4n²) / (1 + z²/n)

    Raises:
        ValueError: there is nothing to take a share of.
    """
    if n < 1:
        raise ValueError("No share of nothing.")
    share, square = n_true / n, z * z
    center = (share + square / (2 * n)) / (1 + square / n)
    half = z * math.sqrt(share * (1 - share) / n + square / (4 * n * n)) / (1 + square / n)
    return Interval(share, max(center - half, 0.0), min(center + half, 1.0))


@dataclass(frozen=True, slots=True)
class Ratio:
    """A sum of some over a sum of others, and how much it would vary with other groups."""

    mean: float
    variance: float

    @property
    def interval(self) -> Interval:
        half = Z_OF_TWO_SIDES * math.sqrt(self.variance)
        return Interval(self.mean, self.mean - half, self.mean + half)


def ratio_of_sums(parts: Sequence[int], wholes: Sequence[int]) -> Ratio:
    """Of groups such as articles, each with its part and its whole: what happens in one group is
    no accident of its own, so the group is the unit and not the single event.

        r = Σ c_i / Σ n_i        variance = m / (m - 1) * Σ (c_i - r n_i)² / (Σ n_i)²

    Raises:
        ValueError: there are fewer than two groups, or the wholes are nothing.
    """
    c, n = np.asarray(parts, np.float64), np.asarray(wholes, np.float64)
    total = float(n.sum())
    if len(n) < 2 or total <= 0:
        raise ValueError("A ratio needs two groups, and something in them.")
    mean = float(c.sum()) / total
    residuals = c - mean * n
    return Ratio(mean, float((residuals * residuals).sum()) * len(n) / (len(n) - 1) / total**2)


def difference_of_ratios(one: Ratio, other: Ratio, z: float = Z_OF_TWO_SIDES) -> Interval:
    """How much higher the one is, of groups that are not the same."""
    mean = one.mean - other.mean
    half = z * math.sqrt(one.variance + other.variance)
    return Interval(mean, mean - half, mean + half)
