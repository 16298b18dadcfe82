"""How likely a score is to be approved: a curve that is shipped, and what decisions make of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

# A curve is stored as its values at these scores, and is straight in between.
N_POINTS = 101

# What a site starts with: odds that grow as a power of the score. Estimated by
# benchmarks/strength.py on links that editors of digital.gov placed themselves: which of the first
# ten by score are linked? Nobody rejected the others, so the curve is low rather than high.
EVEN_SCORE = 0.16  # as likely as not
STEEPNESS = 2.7

# So many decisions weigh as much as the curve that they correct. Measured by the same program.
PSEUDO_COUNT = 50


Numbers = Sequence[float] | NDArray[np.float64]


def _scores(n_points: int = N_POINTS) -> NDArray[np.float64]:
    return np.linspace(0, 1, n_points)


def _as_points(chances: NDArray[np.float64]) -> tuple[float, ...]:
    """Rounded, as they are stored; what floating point lost of the order comes back."""
    return tuple(np.maximum.accumulate(chances.clip(0, 1)).round(6).tolist())


@dataclass(frozen=True, slots=True)
class Curve:
    """From a score to the chance of approval; both are 0 to 1, and a higher one never is less."""

    points: tuple[float, ...]

    def chance(self, score: float) -> float:
        """The chance at one score."""
        place = min(max(score, 0.0), 1.0) * (len(self.points) - 1)
        left = min(int(place), len(self.points) - 2)
        low, high = self.points[left], self.points[left + 1]
        return low + (high - low) * (place - left)

    def chances(self, scores: Numbers) -> NDArray[np.float64]:
        """The chances at many."""
        return np.interp(scores, _scores(len(self.points)), self.points)

    def score_for(self, chance: float) -> float | None:
        """The lowest score with at least this chance; None where no score has it."""
        for place, point in enumerate(self.points):
            if point >= chance:
                before = self.points[max(place - 1, 0)]
                part = (chance - before) / (point - before) if point > before else 1.0
                return max(0.0, place - 1 + part) / (len(self.points) - 1)
        return None


def shipped_curve() -> Curve:
    """What holds before anything was decided."""
    odds = (_scores() / EVEN_SCORE) ** STEEPNESS
    return Curve(_as_points(odds / (1 + odds)))


SHIPPED = shipped_curve()


def learn_curve(
    scores: Numbers, approved: Sequence[bool] | NDArray[np.bool_], prior: Curve = SHIPPED
) -> Curve:
    """What decisions say, shrunk towards ``prior`` while they are few.

    Isotonic regression of the verdict on the score says how often at least as good links were
    approved, whatever the shape; both parts never fall, so neither does their mean.

    Args:
        scores: one for each decision, 0 to 1.
        approved: the verdicts, aligned with the scores.
    """
    n = len(scores)
    if not n:
        return prior
    from sklearn.isotonic import IsotonicRegression  # imported late: a web process never learns

    regression = IsotonicRegression(y_min=0, y_max=1, out_of_bounds="clip")
    regression.fit(np.asarray(scores, np.float64), np.asarray(approved, np.float64))
    at = _scores(len(prior.points))
    weight = n / (n + PSEUDO_COUNT)
    learned = weight * regression.predict(at) + (1 - weight) * np.array(prior.points)
    return Curve(_as_points(learned))
