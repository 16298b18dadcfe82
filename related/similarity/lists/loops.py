"""Looking for keys in neighbor lists, compiled by numba."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from related.similarity.compiled import compiled


@compiled
def rows_with(  # noqa: PLR0917 (numba takes arguments by their places)
    shared: NDArray[np.int64],
    own: NDArray[np.int64],
    places: NDArray[np.int32],
    blocks: NDArray[np.int64],
    rows_per_block: int,
    key: int,
    n_rows: int,
) -> NDArray[np.int64]:
    """The rows of these blocks in which ``key`` stands; stops once ``n_rows`` are found.

    ``places`` says by row where its list lies in the two tables, the own one after the shared.
    """
    found = np.empty(n_rows, np.int64)
    n_found = 0
    for block in blocks:
        start = block * rows_per_block
        for row in range(start, min(start + rows_per_block, len(places))):
            place = places[row]
            is_there = False
            if place < len(shared):
                for i in range(shared.shape[1]):  # to the end, so that it runs on vectors
                    is_there |= shared[place, i] == key
            else:
                place -= len(shared)
                for i in range(own.shape[1]):
                    is_there |= own[place, i] == key
            if is_there:
                found[n_found] = row
                n_found += 1
                if n_found == n_rows:
                    return found
    return found[:n_found]


@compiled
def carried(
    before: NDArray[np.int64], after: NDArray[np.int64], titles: NDArray[np.float32]
) -> NDArray[np.float32]:
    """[n, width, 2]: for each key of a list what ``titles`` says of it; NaN of one that is new.

    before, after: the keys of the lists, [n, width]. titles: aligned with ``before``.
    """
    found = np.full(titles.shape, np.float32(np.nan))
    width = before.shape[1]
    for row in range(len(after)):
        at = 0  # where the next key was before, unless it is new or moved
        for i in range(width):
            for _ in range(width):
                is_it = before[row, at] == after[row, i]
                if is_it:
                    found[row, i] = titles[row, at]
                at = at + 1 if at + 1 < width else 0
                if is_it:
                    break
    return found
