"""Which rows have the highest scores, and the nearest of them in order."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

# The smallest score that is one.
ABOVE_ZERO = np.finfo(np.float32).tiny
# A sample of about this many scores tells where the highest begin.
_SAMPLE = 4096

# (keys int64 [m], similarities float32 [m]), most similar first, equals by key descending.
Neighbors = tuple[NDArray[np.int64], NDArray[np.float32]]


def highest(
    scores: NDArray[np.float32],
    n: int,
    keys_at: Callable[[NDArray[np.int64]], NDArray[np.int64]],
) -> NDArray[np.int64]:
    """The rows with the n highest scores above 0, ascending; equals by key descending."""
    rows = np.flatnonzero(scores >= _probable_threshold(scores, n))
    if len(rows) < n:  # the sample was unlucky, or so few are above 0
        rows = np.flatnonzero(scores > 0)
    if len(rows) <= n:
        return rows
    scores = scores[rows]
    least = np.partition(scores, -n)[-n]
    above, equal = rows[scores > least], rows[scores == least]
    if len(above) + len(equal) > n:
        equal = equal[np.argsort(-keys_at(equal))[: n - len(above)]]
    return np.sort(np.concatenate([above, equal]))


def best(keys: NDArray[np.int64], similarities: NDArray[np.float32], n: int) -> Neighbors:
    """The n most similar of those above 0, in order."""
    above_zero = similarities > 0
    keys, similarities = keys[above_zero], similarities[above_zero]
    order = _order(keys, similarities, n)
    return keys[order], similarities[order]


def _probable_threshold(scores: NDArray[np.float32], n: int) -> np.float32:
    """A score above 0 that the n highest reach, as a sample tells, and not many more."""
    step = max(1, len(scores) // _SAMPLE)
    rank = 8 + 2 * n // step  # twice what is expected: a sample may be unlucky
    sample = scores[::step]
    least = np.partition(sample, -rank)[-rank] if rank < len(sample) else 0
    return np.float32(max(least, ABOVE_ZERO))


def _order(keys: NDArray[np.int64], scores: NDArray[np.float32], n: int) -> NDArray[np.intp]:
    """Where the n highest scores are, highest first, equals by key descending."""
    chosen = np.arange(len(scores))
    if 0 < n < len(scores):
        # Only scores that reach the n-th highest need sorting.
        chosen = np.flatnonzero(scores >= np.partition(scores, -n)[-n])
    return chosen[np.lexsort((-keys[chosen], -scores[chosen]))][:n]
