"""Whether chances come true: a table of what was said and what happened, and Brier's score."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

N_BINS = 10


@dataclass(frozen=True, slots=True)
class Bin:
    """What was said between two chances, and how often it came true."""

    low: float
    high: float
    n: int
    said: float
    came_true: float


def brier_score(chances: NDArray[np.float64], outcomes: NDArray[np.bool_]) -> float:
    """Mean squared distance of what was said from what happened (Brier 1950); 0 is perfect."""
    return float(np.mean((chances - outcomes) ** 2))


def reliability(chances: NDArray[np.float64], outcomes: NDArray[np.bool_]) -> list[Bin]:
    """Tenths of the scale from 0 to 1, without those in which nothing was said."""
    edges = np.linspace(0, 1, N_BINS + 1)
    places = np.minimum((chances * N_BINS).astype(int), N_BINS - 1)
    return [
        Bin(
            low=float(edges[place]),
            high=float(edges[place + 1]),
            n=int((places == place).sum()),
            said=float(chances[places == place].mean()),
            came_true=float(outcomes[places == place].mean()),
        )
        for place in np.unique(places).tolist()
    ]
