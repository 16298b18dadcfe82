"""At most three of a story in a list of neighbors, so that fifty versions of one leave room."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from related.similarity.index.highest import NeighborList
from related.similarity.lists.list_table import Ids, Similarities
from related.similarity.lists.neighbors import MOST_OF_A_STORY


def pruned(found: NeighborList, stories: NDArray[np.int64], n_neighbors: int) -> NeighborList:
    """The first ``n_neighbors`` of a list in order, without the fourth of a story and later ones.

    The best by any weights under such limits can be had one by one (a truncated partition matroid:
    Edmonds 1971), so a list that takes documents in as they come is the same.

    Args:
        stories: aligned with the list.
    """
    keys, similarities = found
    kept = np.flatnonzero(_n_before(stories) < MOST_OF_A_STORY)[:n_neighbors]
    return keys[kept], similarities[kept]


def prune_tables(ids: Ids, similarities: Similarities, stories: NDArray[np.int64]) -> None:
    """``pruned`` for many lists at once, in place: [n, width] each, similarity 0 after the end."""
    in_order = np.sort(np.where(similarities > 0, stories, _differing(stories.shape[1])), axis=1)
    is_crowded = (in_order[:, MOST_OF_A_STORY:] == in_order[:, :-MOST_OF_A_STORY]).any(axis=1)
    for row in np.flatnonzero(is_crowded):
        n = int((similarities[row] > 0).sum())
        kept_ids, kept = pruned((ids[row, :n], similarities[row, :n]), stories[row, :n], n)
        ids[row, : len(kept)], similarities[row, : len(kept)] = kept_ids, kept
        similarities[row, len(kept) :] = 0


def _differing(n: int) -> NDArray[np.int64]:
    """Names of no story, below all others."""
    return np.iinfo(np.int64).min + np.arange(n, dtype=np.int64)


def _n_before(stories: NDArray[np.int64]) -> NDArray[np.int64]:
    """How many of the same story stand before each."""
    order = np.argsort(stories, kind="stable")
    in_order = stories[order]
    first = np.searchsorted(in_order, in_order)
    n_before = np.empty(len(stories), np.int64)
    n_before[order] = np.arange(len(stories)) - first
    return n_before
