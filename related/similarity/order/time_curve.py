"""How much more often two articles belong together that came out soon after one another.

Learned from the archive alone, without a label: the days between pairs that are each other's
nearest neighbors, against the days between pairs that resemble each other just a little.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

# Days apart at which a bin begins; the last has no end, and is taken for twice as far.
EDGES = (0, 1, 3, 7, 14, 30, 60, 120, 240, 480, 960)
_MIDDLES = np.log1p(np.convolve([*EDGES, 2 * EDGES[-1]], [0.5, 0.5], "valid"))
# So many made-up close pairs, as far apart as all others, keep a small archive's curve flat.
PRIOR_PAIRS = 100


@dataclass(frozen=True, slots=True)
class TimeCurve:
    """``log f`` at the middle of each bin of ``EDGES``: 0 at its highest, never rising."""

    log_ratios: tuple[float, ...] = (0.0,) * len(EDGES)

    @classmethod
    def learn(cls, close: NDArray[np.int64], others: NDArray[np.int64]) -> TimeCurve:
        """From how many close pairs and how many others are how far apart (``count_days``).

        The ratio of two shares, shrunk towards 1, made non-increasing by isotonic regression (pool
        adjacent violators). Flat where there are fewer others than close pairs: a small archive
        does not know what is usual.
        """
        from sklearn.isotonic import IsotonicRegression  # imported late: it takes a second

        if others.sum() <= close.sum():
            return cls()
        usual = (others + 1) / (others.sum() + len(EDGES))
        found = (close + PRIOR_PAIRS * usual) / (close.sum() + PRIOR_PAIRS)
        ratios = IsotonicRegression(increasing=False).fit_transform(_MIDDLES, found / usual)
        return cls(tuple(np.log(ratios / ratios.max()).tolist()))

    def log_closeness(self, days: NDArray[np.float64]) -> NDArray[np.float64]:
        """``log f`` of days apart, linear in log(1 + days) between bins; NaN counts as the mean."""
        found = np.interp(np.log1p(np.abs(days)), _MIDDLES, self.log_ratios)
        return np.where(np.isnan(days), np.mean(self.log_ratios), found)


def count_days(days: NDArray[np.float64]) -> NDArray[np.int64]:
    """How many of these days apart fall into each bin; NaN, a missing date, into none."""
    counts, _ = np.histogram(np.abs(days[~np.isnan(days)]), [*EDGES, np.inf])
    return counts
