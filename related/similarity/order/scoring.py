"""The score by which a document's stored neighbors are put in order.

    score(a -> b) = (cos + 0.5 tb - 0.1 tt) / 1.2  *  (H / hub(b))^0.25  *  f(days apart)^w

cos     the stored similarity of the two texts
tb      cosine of the one's title and the other's whole text, the mean of both ways: editors link to
        what a text is about, so the target's title stands in it
tt      cosine of the two titles: titles that look alike are those of a series
hub(b)  how close b is to many others (``hubs_of`` its list), H the median over the corpus
f       the archive's own closeness in time (``TimeCurve``), 1 at its highest
w       the slot's weight of it, 0 to 0.3

The constants are those of ``benchmarks/quality.py``, where the top is flat: half or twice of each
changes little. Dividing by 1.2 keeps scores on the scale of similarities.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

TITLE_AND_TEXT = 0.5
BOTH_TITLES = 0.1
SCALE = 1.2
HUB_EXPONENT = 0.25
# A document that is close to nothing is no better a target than one that is close to little.
LEAST_HUB = 0.02
DEFAULT_TIME_WEIGHT = 0.1

Floats = NDArray[np.floating]


def relevance(
    similarities: Floats, with_text: Floats, with_title: Floats, hubs: Floats, typical_hub: float
) -> NDArray[np.float64]:
    """The score without closeness in time; arrays of one shape, at least 0.

    Args:
        with_text, with_title: tb and tt.
        hubs: NaN where none is known; such a document is taken for a typical one.
        typical_hub: H; 0 before a corpus has one, and hubs count for nothing then.
    """
    about = similarities + TITLE_AND_TEXT * with_text - BOTH_TITLES * with_title
    hubs = np.where(np.isnan(hubs) | (typical_hub <= 0), max(typical_hub, LEAST_HUB), hubs)
    rarity = (max(typical_hub, LEAST_HUB) / np.maximum(hubs, LEAST_HUB)) ** HUB_EXPONENT
    found: NDArray[np.float64] = np.maximum(about, 0) / SCALE * rarity
    return found


def score(
    relevance: NDArray[np.float64], log_closeness: NDArray[np.float64], time_weight: float
) -> NDArray[np.float64]:
    """``relevance * f^w``, with log f as ``TimeCurve.log_closeness`` gives it."""
    return relevance * np.exp(time_weight * log_closeness)
