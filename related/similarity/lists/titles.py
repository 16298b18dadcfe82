"""What titles say of the neighbors in lists, computed once for each two documents.

Of the neighbors in a list one is new with a publish. What its title and text have in common with
the other's is the same from either side (``title_loops``), so the new article is compared once
with all whose lists it enters; of all others the lists know.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from related.similarity.index.search import Index
from related.similarity.lists.key_rows import NOBODY
from related.similarity.lists.neighbors import NeighborLists

AT_ONCE = 500  # lists, when all are filled


def title_similarities(
    index: Index, lists: NeighborLists, keys: Sequence[int]
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """``Index.title_similarities`` of documents and their lists, [len(keys), n_neighbors]."""
    titles = lists.titles(keys)
    ids, _ = lists.tables(keys)
    is_unknown = np.isnan(titles[:, :, 0]) & (ids != NOBODY)
    if is_unknown.any():
        if is_unknown.sum() > is_unknown.size // 2:  # new lists, as in a rebuild
            titles = np.stack(index.title_similarities(keys, ids), axis=-1)
        else:
            owners, places = np.nonzero(is_unknown)
            pairs = np.array(keys, np.int64)[owners], ids[owners, places]
            titles[is_unknown] = _of_pairs(index, *pairs)
        changed = np.flatnonzero(is_unknown.any(axis=1))
        lists.keep_titles([keys[row] for row in changed.tolist()], titles[changed])
    titles[ids == NOBODY] = 0
    return titles[:, :, 0], titles[:, :, 1]


def fill_titles(index: Index, lists: NeighborLists) -> None:
    """Have it known of all neighbors in the lists of indexed documents."""
    keys = index.keys()
    keys = keys[lists.holds(keys.tolist())]
    for start in range(0, len(keys), AT_ONCE):
        title_similarities(index, lists, keys[start : start + AT_ONCE].tolist())


def _of_pairs(
    index: Index, owners: NDArray[np.int64], others: NDArray[np.int64]
) -> NDArray[np.float32]:
    """[n, 2], of each two documents, looked at from the side of the one that has more of them."""
    _, both, times = np.unique([owners, others], return_inverse=True, return_counts=True)
    n_own, n_others = times[both].reshape(2, -1)
    is_turned = (n_others > n_own) & index.holds(others.tolist())
    sides = np.where(is_turned, others, owners), np.where(is_turned, owners, others)
    queries, rows, lengths = np.unique(sides[0], return_inverse=True, return_counts=True)
    order = np.argsort(rows, kind="stable")
    columns = np.empty(len(rows), np.int64)
    columns[order] = np.arange(len(rows)) - np.repeat(np.cumsum(lengths) - lengths, lengths)
    listed = np.full((len(queries), lengths.max()), NOBODY)
    listed[rows, columns] = sides[1]
    found = index.title_similarities(queries.tolist(), listed)
    return np.stack([part[rows, columns] for part in found], axis=-1)
