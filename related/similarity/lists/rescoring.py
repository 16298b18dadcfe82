"""The nightly refresh: stored neighbors weighted again, without a search.

New statistics change similarities a little, and with them the order of a list; they hardly ever
bring in a document that was not among the 40 nearest before.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from related.similarity.index.search import Index
from related.similarity.lists.neighbors import NeighborLists


def rescore(
    index: Index, keys: Sequence[int], lists: NeighborLists
) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
    """The stored neighbors of each key, with the index's weights, in their new order.

    ids int64 and similarities float32, [len(keys), lists.n_neighbors]; most similar first, equals
    by key descending. A place without a neighbor has similarity 0, as has a neighbor that is not
    in the index.

    Raises:
        KeyError: a key is not in the index or has no list.
    """
    ids, _ = lists.tables(keys)
    similarities = index.list_similarities(keys, ids)
    order = np.lexsort((-ids, -similarities), axis=-1)
    return np.take_along_axis(ids, order, axis=1), np.take_along_axis(similarities, order, axis=1)
