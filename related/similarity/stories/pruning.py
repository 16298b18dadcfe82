"""At most three of a story in a list of neighbors, so that fifty versions of one leave room."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from related.similarity.index.highest import NeighborList
from related.similarity.lists.list_table import Similarities
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


def are_crowded(stories: NDArray[np.int64], similarities: Similarities) -> NDArray[np.bool_]:
    """Which of many lists hold more of a story: [n, width] each, similarity 0 after the end."""
    width = stories.shape[1]
    no_stories = np.iinfo(np.int64).min + np.arange(width, dtype=np.int64)
    in_order = np.sort(np.where(similarities > 0, stories, no_stories), axis=1)
    most = MOST_OF_A_STORY
    is_crowded: NDArray[np.bool_] = (in_order[:, most:] == in_order[:, :-most]).any(axis=1)
    return is_crowded


def _n_before(stories: NDArray[np.int64]) -> NDArray[np.int64]:
    """How many of the same story stand before each."""
    order = np.argsort(stories, kind="stable")
    in_order = stories[order]
    first = np.searchsorted(in_order, in_order)
    n_before = np.empty(len(stories), np.int64)
    n_before[order] = np.arange(len(stories)) - first
    return n_before
