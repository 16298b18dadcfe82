"""The neighbors of many documents: a cold rebuild, block by block, in any number of processes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import numpy as np
from numpy.typing import NDArray

from related.similarity.index import N_NEIGHBORS, Index
from related.similarity.query import COMMON

# Fewer candidates than a publish compares: there they are also offered to others' lists.
N_CANDIDATES = 150
# When all terms are searched, the order of the candidates is nearly final: sums in float32 may only
# change places with their next neighbors.
N_SPARE_IF_EXACT = 20


def all_neighbors(
    index: Index,
    keys: Iterable[int],
    n_neighbors: int = N_NEIGHBORS,
    n_candidates: int = N_CANDIDATES,
    *,
    exact: bool = False,
) -> Iterator[tuple[int, NDArray[np.int64], NDArray[np.float32]]]:
    """(key, neighbors' keys, similarities) of indexed documents, as ``Index.search_many``.

    The terms of at most a twentieth of the documents give the candidates: they make up most of a
    similarity and a tenth of the work. With ``exact``, all terms do; then the candidates are the
    nearest but for the rounding of their partial similarities, which the second stage puts right.

    Raises:
        KeyError: a key is not in the index.
    """
    common = COMMON
    if exact:
        common, n_candidates = 1.0, n_neighbors + N_SPARE_IF_EXACT
    for key in map(int, keys):
        query = index.query(key, common)
        yield key, *index.nearest(query, n_neighbors, n_candidates, exclude=key)
