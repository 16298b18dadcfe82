"""Lists of neighbors by row: those in shared files stay as they are, changed ones are private."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from related.similarity.lists import loops
from related.similarity.lists.key_rows import NOBODY

# Follows the end of a list.
NOTHING = np.float32(-1)

Ids = NDArray[np.int64]
Similarities = NDArray[np.float32]
# [n, width, 2]: with a neighbor's text and with its title; NaN where they are not known.
Titles = NDArray[np.float32]


class ListTable:
    """Tables of [rows, width]: ids int64, similarities float32, and those of titles.

    The first rows may lie in mapped files that all processes of a host share. Writing there would
    copy whole pages of memory, with several other lists for each list that changes. So a changed
    list gets a place in this process's private memory; ``_places`` says by row where a list lies.
    """

    def __init__(self, ids: Ids, similarities: Similarities, titles: Titles) -> None:
        """The rows that exist already; never written to."""
        self.width: int = ids.shape[1]
        self._shared_ids, self._shared_similarities = ids, similarities
        self._shared_titles = titles
        for table in (ids, similarities, titles):
            table.setflags(write=False)
        self._own_ids = np.empty((0, self.width), np.int64)
        self._own_similarities = np.empty((0, self.width), np.float32)
        self._own_titles = np.empty((0, self.width, 2), np.float32)
        self._places = np.arange(len(ids), dtype=np.int32)  # private ones after the shared
        self._n_own = 0
        self._n_rows = len(ids)

    def grow(self, n_rows: int) -> None:
        """Adds empty lists until there are ``n_rows``."""
        n_more = n_rows - self._n_rows
        if n_more > 0:
            self._places = _with_room(self._places, n_rows)
            self._places[self._n_rows : n_rows] = self._new_places(n_more)
            self._n_rows = n_rows

    def read(self, rows: NDArray[np.int64]) -> tuple[Ids, Similarities]:
        """Copies of some lists."""
        places, is_own = self._places_of(rows)
        ids = _chosen(self._shared_ids, self._own_ids, places, is_own)
        return ids, _chosen(self._shared_similarities, self._own_similarities, places, is_own)

    def similarities(self, rows: NDArray[np.int64]) -> Similarities:
        """The second part of ``read``."""
        places, is_own = self._places_of(rows)
        return _chosen(self._shared_similarities, self._own_similarities, places, is_own)

    def titles(self, rows: NDArray[np.int64]) -> Titles:
        """A copy of what is known of the titles of some lists."""
        places, is_own = self._places_of(rows)
        return _chosen(self._shared_titles, self._own_titles, places, is_own)

    def write(
        self, rows: NDArray[np.int64], ids: Ids, similarities: Similarities, titles: Titles
    ) -> None:
        """Replaces some lists; the rows differ."""
        shared = rows[self._places[rows] < len(self._shared_ids)]
        self._places[shared] = self._new_places(len(shared))
        places, _ = self._places_of(rows)
        self._own_ids[places], self._own_similarities[places] = ids, similarities
        self._own_titles[places] = titles

    def keep_titles(self, rows: NDArray[np.int64], titles: Titles) -> None:
        """Replaces what is known of the titles of those lists that are private."""
        places, is_own = self._places_of(rows)
        self._own_titles[places[is_own]] = titles[is_own]

    def rows_with(
        self, key: int, blocks: NDArray[np.int64], rows_per_block: int, n_rows: int
    ) -> NDArray[np.int64]:
        """The rows of these blocks in which ``key`` stands; stops once ``n_rows`` are found."""
        places = self._places[: self._n_rows]
        tables = self._shared_ids, self._own_ids
        return loops.rows_with(*tables, places, blocks, rows_per_block, key, n_rows)

    def _places_of(self, rows: NDArray[np.int64]) -> tuple[NDArray[np.int32], NDArray[np.bool_]]:
        """Where the lists lie: in the shared tables or, where the second is True, the private."""
        places = self._places[rows]
        is_own = places >= len(self._shared_ids)
        return places - is_own * np.int32(len(self._shared_ids)), is_own

    def _new_places(self, n: int) -> NDArray[np.int32]:
        """Private places, with empty lists."""
        start, self._n_own = self._n_own, self._n_own + n
        self._own_ids = _with_room(self._own_ids, self._n_own)
        self._own_similarities = _with_room(self._own_similarities, self._n_own)
        self._own_titles = _with_room(self._own_titles, self._n_own)
        self._own_ids[start : self._n_own] = NOBODY
        self._own_similarities[start : self._n_own] = NOTHING
        self._own_titles[start : self._n_own] = np.nan
        return np.arange(start, self._n_own, dtype=np.int32) + np.int32(len(self._shared_ids))


def _chosen(
    shared: NDArray[Any],
    own: NDArray[Any],
    places: NDArray[np.int32],
    is_own: NDArray[np.bool_],
) -> NDArray[Any]:
    if is_own.all():
        return own[places]
    chosen = shared[np.where(is_own, 0, places)]
    chosen[is_own] = own[places[is_own]]
    return chosen


def _with_room(array: NDArray[Any], n: int) -> NDArray[Any]:
    """The array, or a longer copy, with at least ``n`` rows."""
    if n <= len(array):
        return array
    longer = np.empty((max(n, len(array) * 3 // 2, 64), *array.shape[1:]), array.dtype)
    longer[: len(array)] = array
    return longer
