"""Documents into stories: a version of a version tells the same story, however far it has moved."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from related.similarity.stories.overlap import NO_SHINGLE, Sketches, are_versions
from related.similarity.stories.verdicts import Said, compared, grouped
from related.similarity.text.term_ids import GOLDEN, MIX

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


def find_stories(keys: NDArray[np.int64], sketches: Sketches, said: Said = ()) -> NDArray[np.int64]:
    """The story of each of all documents: that which its version with the smallest key begins.

    What is found depends on the documents alone, and on what editors said of them. Time and memory
    grow with their number.
    """
    from scipy import sparse  # imported late: web processes never group
    from scipy.sparse.csgraph import connected_components

    order = np.argsort(keys, kind="stable")
    keys, rows = keys[order], sketches[order]
    n = len(rows)
    a, b = compared(rows)
    is_edge = np.concatenate(
        [np.empty(0, np.bool_)]
        + [
            are_versions(rows[a[i : i + PAIRS_AT_ONCE]], rows[b[i : i + PAIRS_AT_ONCE]])
            for i in range(0, len(a), PAIRS_AT_ONCE)
        ]
    )
    ends = np.array([pair[:2] for pair in said], np.int64).reshape(-1, 2)
    ends = ends[np.isin(ends, keys).all(axis=1)]
    if len(ends):
        named = np.searchsorted(keys, ends)
        a, b = np.concatenate([a, named[:, 0]]), np.concatenate([b, named[:, 1]])
        is_edge = np.concatenate([is_edge, np.ones(len(ends), np.bool_)])
    edges = sparse.coo_array(
        (np.ones(is_edge.sum(), np.bool_), (a[is_edge], b[is_edge])), shape=(n, n)
    )
    _, labels = connected_components(edges, directed=False)
    _, firsts, group = np.unique(labels, return_index=True, return_inverse=True)
    stories = np.empty(n, np.int64)
    found = own_stories(keys[firsts], rows[firsts])[group]
    touched = np.isin(group, group[np.searchsorted(keys, ends.ravel())])
    if touched.any():
        found[touched] = _as_said(keys[touched], rows[touched], said)
    stories[order] = found
    return stories


def _as_said(keys: NDArray[np.int64], rows: Sketches, said: Said) -> NDArray[np.int64]:
    """The stories of all documents that have to do with what editors said. Of equal texts that
    they parted one begins the story that is named after both."""
    begun = dict(zip(keys.tolist(), own_stories(keys, rows).tolist(), strict=True))
    names: dict[int, int] = {}
    taken: set[int] = set()
    for group in grouped(keys, rows, said):
        name = begun[group[0]] if begun[group[0]] not in taken else ~group[0]
        taken.add(name)
        names |= dict.fromkeys(group, name)
    return np.array([names[key] for key in keys.tolist()], np.int64)


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
