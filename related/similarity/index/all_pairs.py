"""The neighbors of many documents: a cold rebuild, block by block, in any number of processes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import numpy as np
from numpy.typing import NDArray

from related.similarity.index.query import Common
from related.similarity.index.search import N_NEIGHBORS, Index

# Fewer candidates than a publish compares: there they also update the lists of others.
N_CANDIDATES = 150
# With fewer terms left out than usual, the bound on what they add excludes nearly all documents.
COMMON_IF_EXACT = Common(share=0.2)


def all_neighbors(
    index: Index,
    keys: Iterable[int],
    n_neighbors: int = N_NEIGHBORS,
    n_candidates: int = N_CANDIDATES,
    *,
    exact: bool = False,
) -> Iterator[tuple[int, NDArray[np.int64], NDArray[np.float32]]]:
    """(key, neighbors' keys, similarities) of indexed documents, as ``Index.search_many``.

    Terms that at most a twentieth of the documents have give the candidates: they make up most of
    a similarity and a tenth of the work. With ``exact``, any document that could be nearer is
    compared too.

    Raises:
        KeyError: a key is not in the index.
    """
    for key in map(int, keys):
        if exact:
            yield key, *index.nearest_of_all(key, n_neighbors, COMMON_IF_EXACT)
        else:
            yield key, *index.nearest_of(key, n_neighbors, n_candidates)
