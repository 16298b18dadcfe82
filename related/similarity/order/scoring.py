"""The score of a neighbor: its similarity, what the titles say, how common it is, and when.

    score(a -> b) = (cos + 0.5 tb - 0.1 tt) / 1.2 * (H / hub(b)) ** 0.25 * f(days apart) ** time

    cos    similarity of a and b
    tb     mean of the cosines of a's title with all of b, and of b's title with all of a
    tt     cosine of the two titles
    hub(b) mean of the ten highest similarities in b's own list; H the median of all hubs
    f      the archive's own closeness in time, 1 at its highest
    time   the slot's weight of time

Editors link to pieces that are *about* what a text mentions, so the target's title stands in the
text: hence tb. Titles that look alike are those of a series: hence the minus. A document that is
near to everything tells little: hence the hubs. 1.2 keeps scores on the scale of similarities.
How the constants were found, and what did not help: benchmarks/README.md.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from related.similarity.order.time_curve import TimeCurve

TITLE_IN_TEXT = 0.5
TITLES_ALIKE = 0.1
SCALE = 1.2
HUB = 0.25
N_HUB = 10
LEAST_HUB = 0.02
DEFAULT_TIME_WEIGHT = 0.1


@dataclass(frozen=True, slots=True, eq=False)
class Surroundings:
    """What a score needs to know of the whole corpus, frozen for a generation.

    ``median_hub``: 0 where no hub is known yet.
    """

    median_hub: float
    time_curve: TimeCurve

    @classmethod
    def unknown(cls) -> Surroundings:
        """Those of a corpus before its first rebuild: hubs and dates change nothing."""
        return cls(0.0, TimeCurve.flat())


def hub_of(similarities: NDArray[np.float32]) -> float:
    """How near a document is to its ten nearest, from its own list, nearest first."""
    nearest = similarities[:N_HUB]
    return max(float(nearest.mean()), LEAST_HUB) if len(nearest) else LEAST_HUB


def hubs_of(similarities: NDArray[np.float32]) -> NDArray[np.float32]:
    """``hub_of`` many lists, [n, n_neighbors]; places without a neighbor are 0 or below."""
    nearest = np.maximum(similarities[:, :N_HUB], 0)
    n_listed = np.maximum((nearest > 0).sum(axis=1), 1)
    return np.maximum(nearest.sum(axis=1) / n_listed, LEAST_HUB).astype(np.float32)


def scores(
    cosines: NDArray[np.float32],
    titles_in_texts: NDArray[np.float32],
    titles: NDArray[np.float32],
    hubs: NDArray[np.float32],
    surroundings: Surroundings,
) -> NDArray[np.float64]:
    """The score of each pair without its factor of time; all arrays are aligned.

    ``hubs`` are those of the targets, 0 where unknown.
    """
    texts = (cosines + TITLE_IN_TEXT * titles_in_texts - TITLES_ALIKE * titles) / SCALE
    is_known = (hubs > 0) & (surroundings.median_hub > 0)
    ratios = surroundings.median_hub / np.where(is_known, hubs, 1)
    return texts * np.where(is_known, ratios, 1.0) ** HUB


def time_factors(
    days: NDArray[np.float64], weight: float, surroundings: Surroundings
) -> NDArray[np.float64]:
    """``f(days apart) ** weight``; NaN stands for an unknown date."""
    return np.exp(weight * surroundings.time_curve.log_factors(days))


def known_weights(weights: Sequence[float]) -> list[float]:
    """The different weights of time of some slots, ascending."""
    return sorted(set(weights))
