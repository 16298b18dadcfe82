"""Every document's nearest neighbors, kept current while documents come, change and go."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from related.similarity.index import N_NEIGHBORS, Neighbors

_NOBODY = np.int64(1 - 2**63)
_NOTHING = np.float32(-1)


class NeighborLists:
    """A list of (key, similarity) per document, most similar first, equals by key descending.

    Each list always holds the best of what it was given, without a gap: one that lost an entry is
    shorter, and only takes in what beats its last entry, because documents that it does not know
    may come next. ``is_short`` tells when so few are left that it should be searched again.

    A changed or new document goes: ``withdraw``, search, ``set``, ``offer``; then search again for
    the lists that ``is_short``. A deleted one: ``remove``, then the same search again.
    """

    def __init__(self, n_neighbors: int = N_NEIGHBORS, refill_below: int | None = None) -> None:
        """``refill_below``: the length under which a list is short; three quarters if left out."""
        self.n_neighbors = n_neighbors
        self._refill_below = n_neighbors * 3 // 4 if refill_below is None else refill_below
        self._rows: dict[int, int] = {}
        self._keys = np.empty(0, np.int64)
        self._ids = np.empty((0, n_neighbors), np.int64)
        self._similarities = np.empty((0, n_neighbors), np.float32)
        self._complete = np.empty(0, np.bool_)

    def __len__(self) -> int:
        return len(self._rows)

    def __contains__(self, key: int) -> bool:
        return key in self._rows

    def get(self, key: int) -> Neighbors:
        """(keys, similarities) of a document's neighbors; KeyError when it has no list."""
        row = self._rows[key]
        n = int((self._similarities[row] > 0).sum())
        return self._ids[row, :n].copy(), self._similarities[row, :n].copy()

    def is_complete(self, key: int) -> bool:
        """Whether the list holds everything that resembles its document at all."""
        return bool(self._complete[self._rows[key]])

    def is_short(self, key: int) -> bool:
        """Whether so many entries left the list that it should be searched again."""
        row = self._rows[key]
        n = int((self._similarities[row] > 0).sum())
        return n < self._refill_below and not self._complete[row]

    def set(
        self,
        key: int,
        ids: NDArray[np.int64],
        similarities: NDArray[np.float32],
        *,
        is_complete: bool | None = None,
    ) -> None:
        """Stores what a search found: sorted, similarities above 0; more than fit are cut off.

        A search that did not fill the list found everything, so the list is complete then;
        ``is_complete`` says it of a list that comes from storage.
        """
        row = self._rows.get(key)
        if row is None:
            row = self._new_row(key)
        n = min(len(ids), self.n_neighbors)
        self._ids[row], self._similarities[row] = _NOBODY, _NOTHING
        self._ids[row, :n], self._similarities[row, :n] = ids[:n], similarities[:n]
        self._complete[row] = len(ids) < self.n_neighbors if is_complete is None else is_complete

    def offer(
        self, key: int, other_keys: Iterable[int], similarities: Iterable[float]
    ) -> list[int]:
        """Tells other documents how similar ``key`` is to them now; unknown ones are skipped.

        Gives the keys of the lists that it entered, left, or stands in with another similarity.
        """
        offers = {
            self._rows[other]: similarity
            for other, similarity in zip(map(int, other_keys), similarities, strict=True)
            if other in self._rows and other != key and similarity > 0
        }
        rows = np.fromiter(offers.keys(), np.intp, len(offers))
        offered = np.fromiter(offers.values(), np.float32, len(offers))

        ids, stored = self._without(key, rows)
        # An empty list ends with infinity: nothing beats what is not known.
        last = np.where(stored > 0, stored, np.inf).min(axis=1)
        last_id = np.where(stored == last[:, None], ids, np.iinfo(np.int64).max).min(axis=1)
        has_room = self._complete[rows] & (stored[:, -1] <= 0)
        enters = has_room | (offered > last) | ((offered == last) & (key > last_id))

        ids, stored = _sorted(
            np.column_stack([ids, np.where(enters, np.int64(key), _NOBODY)]),
            np.column_stack([stored, np.where(enters, offered, _NOTHING)]),
        )
        # Complete no longer, if the offer or the former last entry found no place.
        self._complete[rows] &= enters & (stored[:, -1] <= 0)
        return self._store(rows, ids[:, :-1], stored[:, :-1])

    def withdraw(self, key: int) -> list[int]:
        """Takes ``key`` out of all other lists; gives the keys of the lists that it left."""
        rows = np.flatnonzero((self._ids[: len(self)] == key).any(axis=1))
        return self._store(rows, *self._without(key, rows))

    def remove(self, key: int) -> list[int]:
        """Deletes the list of ``key`` and withdraws it; gives the lists that it left."""
        left = self.withdraw(key)
        row = self._rows.pop(key, None)
        if row is not None:
            last = len(self)  # the last row takes the place of the one that is gone
            if row != last:
                moved = int(self._keys[last])
                self._rows[moved] = row
                for column in (self._keys, self._ids, self._similarities, self._complete):
                    column[row] = column[last]
            self._ids[last] = _NOBODY
        return left

    def _without(
        self, key: int, rows: NDArray[np.intp]
    ) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
        """Copies of the given lists in which ``key`` is not."""
        is_key = self._ids[rows] == key
        return _sorted(
            np.where(is_key, _NOBODY, self._ids[rows]),
            np.where(is_key, _NOTHING, self._similarities[rows]),
        )

    def _store(
        self, rows: NDArray[np.intp], ids: NDArray[np.int64], similarities: NDArray[np.float32]
    ) -> list[int]:
        """Writes lists; gives the keys of those that differ from what was there."""
        differs = (ids != self._ids[rows]) | (similarities != self._similarities[rows])
        self._ids[rows], self._similarities[rows] = ids, similarities
        changed: list[int] = self._keys[rows[differs.any(axis=1)]].tolist()
        return changed

    def _new_row(self, key: int) -> int:
        row = len(self)
        if row == len(self._keys):
            more = max(64, row)
            self._keys = np.concatenate([self._keys, np.zeros(more, np.int64)])
            self._complete = np.concatenate([self._complete, np.zeros(more, np.bool_)])
            shape = (more, self.n_neighbors)
            self._ids = np.concatenate([self._ids, np.full(shape, _NOBODY)])
            self._similarities = np.concatenate([self._similarities, np.full(shape, _NOTHING)])
        self._rows[key], self._keys[row] = row, key
        return row


def _sorted(
    ids: NDArray[np.int64], similarities: NDArray[np.float32]
) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
    """Each row most similar first, equals by key descending."""
    order = np.lexsort((-ids, -similarities), axis=-1)
    return np.take_along_axis(ids, order, axis=1), np.take_along_axis(similarities, order, axis=1)
