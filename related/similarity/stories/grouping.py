"""Documents into stories: a version of a version tells the same story, however far it has moved."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from related.similarity.stories.overlap import NO_SHINGLE, Sketches, are_versions
from related.similarity.text.term_ids import GOLDEN, MIX

# A document is compared with the next so many, by key, that have a hash in common with it. A
# passage that thousands repeat thus costs no more than one that two do, and versions follow one
# another.
COMPARED = 3
PAIRS_AT_ONCE = 100_000


def own_stories(keys: NDArray[np.int64], sketches: Sketches) -> NDArray[np.int64]:
    """The story that each document begins: named after its sketch, so that equal texts agree.

    A document without a sketch has nothing to tell it by, and a negative name from its key.
    """
    mixed = np.zeros(len(sketches), np.uint64)
    for column in sketches.T:
        mixed = (mixed + column + np.uint64(1)) * np.uint64(GOLDEN)
        mixed = (mixed ^ (mixed >> np.uint64(29))) * np.uint64(MIX)
    is_empty = sketches[:, 0] == NO_SHINGLE
    return np.where(is_empty, ~keys, (mixed >> np.uint64(1)).astype(np.int64))


def find_stories(keys: NDArray[np.int64], sketches: Sketches) -> NDArray[np.int64]:
    """The story of each of all documents: that which its version with the smallest key begins.

    What is found depends on the documents alone. Time and memory grow with their number.
    """
    from scipy import sparse  # imported late: web processes never group
    from scipy.sparse.csgraph import connected_components

    order = np.argsort(keys, kind="stable")
    keys, rows = keys[order], sketches[order]
    n = len(rows)
    a, b = _compared(rows)
    is_edge = np.concatenate(
        [np.empty(0, np.bool_)]
        + [
            are_versions(rows[a[i : i + PAIRS_AT_ONCE]], rows[b[i : i + PAIRS_AT_ONCE]])
            for i in range(0, len(a), PAIRS_AT_ONCE)
        ]
    )
    edges = sparse.coo_array(
        (np.ones(is_edge.sum(), np.bool_), (a[is_edge], b[is_edge])), shape=(n, n)
    )
    _, labels = connected_components(edges, directed=False)
    _, firsts, group = np.unique(labels, return_index=True, return_inverse=True)
    stories = np.empty(n, np.int64)
    stories[order] = own_stories(keys[firsts], rows[firsts])[group]
    return stories


def divided(before: NDArray[np.int64], now: NDArray[np.int64], most: int) -> NDArray[np.bool_]:
    """Which of some documents belonged to a story of more than ``most`` that has fallen apart.

    before, now: the story that each tells.
    """
    _, group, sizes = np.unique(before, return_inverse=True, return_counts=True)
    lowest = np.full(len(sizes), np.iinfo(np.int64).max)
    highest = np.full(len(sizes), np.iinfo(np.int64).min)
    np.minimum.at(lowest, group, now)
    np.maximum.at(highest, group, now)
    fell_apart: NDArray[np.bool_] = ((sizes > most) & (lowest < highest))[group]
    return fell_apart


def _compared(rows: Sketches) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Pairs of rows that share a hash, each once, the smaller row first."""
    owners, places = np.nonzero(rows != NO_SHINGLE)
    hashes = rows[owners, places]
    order = np.argsort(hashes, kind="stable")  # of one hash, by row
    owners, hashes = owners[order], hashes[order]
    pairs = [np.empty(0, np.int64)]
    for distance in range(1, COMPARED + 1):
        is_same = hashes[distance:] == hashes[:-distance]
        pairs.append(owners[:-distance][is_same] * len(rows) + owners[distance:][is_same])
    return np.divmod(np.unique(np.concatenate(pairs)), max(len(rows), 1))
