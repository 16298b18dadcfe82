"""How much closeness in time says about a pair, learned from the archive's own neighbors."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

# Where the bins of days apart begin; the last one has no end.
EDGES = np.array([0, 1, 3, 7, 14, 30, 60, 120, 240, 480, 960], np.float64)
N_BINS = len(EDGES)
# So many pairs spread like those of the background are added to the close ones: a small archive
# learns little, and one without dates nothing.
PRIOR_PAIRS = 100

# The middle of each bin in log(1 + days); the last is taken to be as wide as the one before it.
_ENDS = np.log1p(np.append(EDGES, 2 * EDGES[-1]))
_MIDDLES = (_ENDS[:-1] + _ENDS[1:]) / 2


@dataclass(frozen=True, slots=True, eq=False)
class TimeCurve:
    """``log_ratios`` float64 [N_BINS]: by days apart, the log of how much more often two documents
    are each other's nearest than mere neighbors; never rising, 0 at its highest."""

    log_ratios: NDArray[np.float64]

    @classmethod
    def flat(cls) -> TimeCurve:
        """The curve of an archive that nothing is known about: time says nothing."""
        return cls(np.zeros(N_BINS))

    @classmethod
    def learn(cls, close: NDArray[np.int64], background: NDArray[np.int64]) -> TimeCurve:
        """The curve of an archive; no label is needed.

        The likelihood ratio of two histograms, smoothed, then made non-increasing by pooling
        adjacent violators (Barlow and others, 1972), weighted by the background.

        Args:
            close: int64 [N_BINS], ``histogram`` of the pairs that stand in each other's first two
                places.
            background: the same of the pairs at the ranks 21 to 40.
        """
        expected = (background + 1) / (background.sum() + N_BINS)
        found = (close + PRIOR_PAIRS * expected) / (close.sum() + PRIOR_PAIRS)
        ratios = _non_increasing(found / expected, expected)
        return cls(np.log(ratios / ratios[0]))

    def log_factors(self, days: NDArray[np.float64]) -> NDArray[np.float64]:
        """The curve at some distances, linear between the bins' middles in log(1 + days).

        NaN, where a date is unknown, gets the mean of the curve.
        """
        at = np.interp(np.log1p(np.abs(days)), _MIDDLES, self.log_ratios)
        return np.where(np.isnan(days), self.log_ratios.mean(), at)


def histogram(days: NDArray[np.float64]) -> NDArray[np.int64]:
    """How many of some distances fall into each bin; int64 [N_BINS]. NaN falls into none."""
    known = np.abs(days[~np.isnan(days)])
    bins = np.searchsorted(EDGES, known, side="right") - 1
    return np.bincount(bins, minlength=N_BINS).astype(np.int64)


def _non_increasing(
    values: NDArray[np.float64], weights: NDArray[np.float64]
) -> NDArray[np.float64]:
    """The non-increasing sequence nearest to ``values`` by weighted least squares."""
    from sklearn.isotonic import isotonic_regression  # here: most processes never need it

    fitted: NDArray[np.float64] = isotonic_regression(
        values, sample_weight=weights, increasing=False
    )
    return fitted
