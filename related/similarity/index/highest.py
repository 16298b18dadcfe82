"""Which rows have the highest scores, and the nearest of them in order."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

# The smallest score that counts as one.
ABOVE_ZERO = np.finfo(np.float32).tiny
# Scores are put into so many groups; only the highest of each counts.
_N_GROUPS = 2048

# (keys int64 [m], similarities float32 [m]), most similar first, equals by key descending.
NeighborList = tuple[NDArray[np.int64], NDArray[np.float32]]


def highest(
    scores: NDArray[np.float32],
    n: int,
    keys_at: Callable[[NDArray[np.int64]], NDArray[np.int64]],
) -> NDArray[np.int64]:
    """The rows with the n highest scores above 0, ascending; equals by key descending."""
    rows = np.flatnonzero(scores >= _reached_by(scores, n))
    if len(rows) <= n:
        return rows
    scores = scores[rows]
    least = np.partition(scores, -n)[-n]
    above, equal = rows[scores > least], rows[scores == least]
    if len(above) + len(equal) > n:
        equal = equal[np.argsort(-keys_at(equal))[: n - len(above)]]
    return np.sort(np.concatenate([above, equal]))


def best(keys: NDArray[np.int64], similarities: NDArray[np.float32], n: int) -> NeighborList:
    """The n most similar of those above 0, in order."""
    above_zero = similarities > 0
    keys, similarities = keys[above_zero], similarities[above_zero]
    order = _order(keys, similarities, n)
    return keys[order], similarities[order]


def _reached_by(scores: NDArray[np.float32], n: int) -> np.float32:
    """A score above 0 that at least n reach (all above 0, if they are fewer), and few more.

    The n-th highest of the groups' highest: n groups have one that reaches it. A group is every
    2,048th score, so that one pass over the memory finds all the highest.
    """
    n_full = len(scores) // _N_GROUPS * _N_GROUPS
    if not n_full or n > _N_GROUPS:
        return ABOVE_ZERO
    group_highest = scores[:n_full].reshape(-1, _N_GROUPS).max(axis=0)
    return max(np.partition(group_highest, -n)[-n], ABOVE_ZERO)


def _order(keys: NDArray[np.int64], scores: NDArray[np.float32], n: int) -> NDArray[np.intp]:
    """Where the n highest scores are, highest first, equals by key descending."""
    chosen = np.arange(len(scores))
    if 0 < n < len(scores):
        # Only scores that reach the n-th highest need sorting.
        chosen = np.flatnonzero(scores >= np.partition(scores, -n)[-n])
    return chosen[np.lexsort((-keys[chosen], -scores[chosen]))][:n]
