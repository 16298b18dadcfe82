"""Every document's nearest neighbors, kept current while documents come, change and go."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from related.similarity.arrays import Arrays, check, load_arrays, save_arrays
from related.similarity.index.highest import NeighborList
from related.similarity.index.search import N_NEIGHBORS
from related.similarity.lists.key_rows import NOBODY, KeyRows
from related.similarity.lists.list_table import NOTHING, ListTable
from related.similarity.lists.where_listed import ROWS_PER_BLOCK, WhereListed

_MANY = 1000
_SHARED = {"keys": "<i8", "ids": "<i8", "similarities": "<f4"}
# One's own where something is written to them.
_COPIED = {"complete": "?", "times_listed": "<i4", "blocks_listed": "u1"}


class NeighborLists:
    """A list of (key, similarity) per document, most similar first, equals by key descending.

    Each list always holds the best of what it was given, without a gap: one that lost an entry is
    shorter, and only takes in what beats its last entry, because documents that it does not know
    may come next. ``is_short`` tells when so few are left that it should be searched again.

    A changed or new document goes: ``withdraw``, search, ``set``, ``update``; then search again for
    the lists that ``is_short``. A deleted one: ``remove``, then the same search again.
    """

    def __init__(self, n_neighbors: int = N_NEIGHBORS, refill_below: int | None = None) -> None:
        """``refill_below``: the length under which a list is short; three quarters if left out."""
        self.n_neighbors = n_neighbors
        self._refill_below = n_neighbors * 3 // 4 if refill_below is None else refill_below
        self._rows = KeyRows()
        nothing = np.empty((0, n_neighbors))
        self._table = ListTable(nothing.astype(np.int64), nothing.astype(np.float32))
        self._complete = np.empty(0, np.bool_)
        self._where_listed = WhereListed()

    def __len__(self) -> int:
        return len(self._rows)

    def __contains__(self, key: int) -> bool:
        return self._rows.row_of(key) >= 0

    def get(self, key: int) -> NeighborList:
        """(keys, similarities) of a document's neighbors; KeyError when it has no list."""
        [ids], [similarities] = self._table.read(np.array([self._row(key)]))
        n = int((similarities > 0).sum())
        return ids[:n], similarities[:n]

    def holds(self, keys: Sequence[int]) -> NDArray[np.bool_]:
        """Which of some documents have a list."""
        return self._rows.rows_of(np.asarray(keys, np.int64)) >= 0

    def tables(self, keys: Sequence[int]) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
        """(neighbors' keys, similarities) of many documents, [len(keys), n_neighbors] each.

        Behind the end of a list stand ``NOBODY`` and a similarity below 0. KeyError for documents
        that have no list.
        """
        rows = self._rows.rows_of(np.asarray(keys, np.int64))
        if (rows < 0).any():
            raise KeyError(f"Document {keys[int(rows.argmin())]} has no list of neighbors.")
        return self._table.read(rows)

    def neighbors_of(self, keys: Sequence[int]) -> list[int]:
        """Whoever stands in the lists of these documents, as far as they have any; ascending."""
        there = np.asarray(keys, np.int64)[self.holds(keys)]
        ids, similarities = self.tables(there.tolist())
        found: list[int] = np.unique(ids[similarities > 0]).tolist()
        return found

    def full(self, keys: Sequence[int]) -> list[int]:
        """Those of some documents whose list is there and not short (``is_short``)."""
        there = np.asarray(keys, np.int64)[self.holds(keys)]
        rows = self._rows.rows_of(there)
        n_listed = (self._table.similarities(rows) > 0).sum(axis=1)
        found: list[int] = there[(n_listed >= self._refill_below) | self._complete[rows]].tolist()
        return found

    def is_complete(self, key: int) -> bool:
        """Whether the list holds everything that resembles its document at all."""
        return bool(self._complete[self._row(key)])

    def is_short(self, key: int) -> bool:
        """Whether so many entries left the list that it should be searched again."""
        row = self._row(key)
        n = int((self._table.similarities(np.array([row])) > 0).sum())
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
        complete = len(ids) < self.n_neighbors if is_complete is None else is_complete
        lengths = np.array([len(ids)])
        self.set_many(np.array([key]), lengths, ids, similarities, np.array([complete]))

    def set_many(
        self,
        keys: NDArray[np.int64],
        lengths: NDArray[np.int64],
        ids: NDArray[np.int64],
        similarities: NDArray[np.float32],
        is_complete: NDArray[np.bool_],
    ) -> None:
        """``set`` for documents that differ: lists of ``lengths``, one behind the other."""
        rows = self._rows.rows_of(keys)
        if (rows < 0).any():
            rows[rows < 0] = self._new_rows(keys[rows < 0])
        width = max(int(lengths.max(initial=0)), self.n_neighbors)
        is_there = np.arange(width) < lengths[:, None]
        new_ids, new_similarities = (
            np.full(is_there.shape, NOBODY),
            np.full(is_there.shape, NOTHING),
        )
        new_ids[is_there], new_similarities[is_there] = ids, similarities
        n = self.n_neighbors
        self._store(rows, new_ids[:, :n], new_similarities[:, :n])
        self._complete[rows] = is_complete

    def update(
        self, key: int, other_keys: Iterable[int], similarities: Iterable[float]
    ) -> list[int]:
        """Tells other documents how similar ``key`` is to them now; unknown ones are skipped.

        Gives the keys of the lists that it entered, left, or stands in with another similarity.
        """
        offers = dict(zip(map(int, other_keys), similarities, strict=True))
        offers.pop(key, None)
        rows = self._rows.rows_of(np.fromiter(offers.keys(), np.int64, len(offers)))
        offered = np.fromiter(offers.values(), np.float32, len(offers))
        rows, offered = rows[(rows >= 0) & (offered > 0)], offered[(rows >= 0) & (offered > 0)]

        # Most lists need one comparison only: with the similarity of their last entry.
        stored = self._table.similarities(rows)
        last = np.where(stored > 0, stored, np.inf).min(axis=1, initial=np.inf)
        concerned = (offered >= last) | self._complete[rows]
        if self._where_listed.most(key):
            ids, _ = self._table.read(rows)
            concerned |= (ids == key).any(axis=1)
        return self._insert(key, rows[concerned], offered[concerned])

    def _insert(self, key: int, rows: NDArray[np.int64], offered: NDArray[np.float32]) -> list[int]:
        ids, stored = self._without(key, rows)
        # An empty list ends with infinity: nothing beats what is not known.
        last = np.where(stored > 0, stored, np.inf).min(axis=1, initial=np.inf)
        last_id = np.where(stored == last[:, None], ids, np.iinfo(np.int64).max).min(axis=1)
        has_room = self._complete[rows] & (stored[:, -1] <= 0)
        enters = has_room | (offered > last) | ((offered == last) & (key > last_id))

        ids, stored = _sorted(
            np.column_stack([ids, np.where(enters, np.int64(key), NOBODY)]),
            np.column_stack([stored, np.where(enters, offered, NOTHING)]),
        )
        # Complete no longer, if the offer or the former last entry found no place.
        self._complete[rows] &= enters & (stored[:, -1] <= 0)
        return self._store(rows, ids[:, :-1], stored[:, :-1])

    def withdraw(self, key: int) -> list[int]:
        """Takes ``key`` out of all other lists; gives the keys of the lists that it left."""
        n_lists = self._where_listed.most(key)
        if not n_lists:
            return []
        blocks = self._where_listed.blocks_with(key)
        rows = self._table.rows_with(key, blocks, ROWS_PER_BLOCK, n_lists)
        return self._store(rows, *self._without(key, rows))

    def remove(self, key: int) -> list[int]:
        """Deletes the list of ``key`` and withdraws it; gives the lists that it left."""
        left = self.withdraw(key)
        row = self._rows.row_of(key)
        if row >= 0:
            nothing = np.full((1, self.n_neighbors), NOTHING)
            self._store(np.array([row]), np.full(nothing.shape, NOBODY), nothing)
            self._rows.remove(key)
        return left

    def save(self, directory: Path) -> None:
        """Writes all lists to a folder of ``.npy`` files."""
        n = self._rows.n_rows
        ids, similarities = self._table.read(np.arange(n))
        arrays: Arrays = {
            "keys": self._rows.keys[:n],
            "ids": ids,
            "similarities": similarities,
            "complete": self._complete[:n],
            "times_listed": self._where_listed.times,
            "blocks_listed": self._where_listed.blocks_for(n + n // 8),  # room for new ones
        }
        save_arrays(directory, "neighbors", arrays)

    @classmethod
    def load(cls, directory: Path, refill_below: int | None = None) -> NeighborLists:
        """What ``save`` wrote, in memory shared by all processes; lists that change are copied.

        Raises:
            ValueError: a file is missing or damaged; the message says which and how.
        """
        shared = load_arrays(directory, "neighbors", _SHARED)
        copied = load_arrays(directory, "neighbors", _COPIED, mode="c")
        ids, n = shared["ids"], len(shared["keys"])
        listed = WhereListed(copied["times_listed"], copied["blocks_listed"])
        fits = ids.ndim == 2 and len(ids) == n and shared["similarities"].shape == ids.shape
        fits &= copied["complete"].shape == (n,) and listed.fits(n)
        check(directory, [("lists of neighbors do not fit together", fits)])
        lists = cls(ids.shape[1], refill_below)
        lists._rows = KeyRows(shared["keys"])
        lists._table = ListTable(ids, shared["similarities"])
        lists._complete, lists._where_listed = copied["complete"], listed
        return lists

    def _row(self, key: int) -> int:
        row = self._rows.row_of(key)
        if row < 0:
            raise KeyError(f"Document {key} has no list of neighbors.")
        return row

    def _without(
        self, key: int, rows: NDArray[np.int64]
    ) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
        """Copies of the given lists in which ``key`` is not."""
        ids, similarities = self._table.read(rows)
        is_key = ids == key
        return _sorted(np.where(is_key, NOBODY, ids), np.where(is_key, NOTHING, similarities))

    def _store(
        self, rows: NDArray[np.int64], ids: NDArray[np.int64], similarities: NDArray[np.float32]
    ) -> list[int]:
        """Writes lists; gives the keys of those that differ from what was there."""
        before, similarities_before = self._table.read(rows)
        differs = ((ids != before) | (similarities != similarities_before)).any(axis=1)
        rows = rows[differs]
        self._where_listed.replace(rows, before[differs], ids[differs])
        self._table.write(rows, ids[differs], similarities[differs])
        changed: list[int] = self._rows.keys[rows].tolist()
        return changed

    def _new_rows(self, keys: NDArray[np.int64]) -> NDArray[np.int64]:
        """Rows with empty lists. A few keys are told apart without sorting all of them anew."""
        few = len(keys) < _MANY
        rows = (
            np.array([self._rows.add(int(key)) for key in keys])
            if few
            else self._rows.add_many(keys)
        )
        n_more = self._rows.n_rows - len(self._complete)
        if n_more > 0:
            more = max(64, n_more, len(self._complete) // 2)
            self._complete = np.concatenate([self._complete, np.zeros(more, np.bool_)])
        self._table.grow(self._rows.n_rows)
        return rows


def _sorted(
    ids: NDArray[np.int64], similarities: NDArray[np.float32]
) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
    """Each row most similar first, equals by key descending."""
    order = np.lexsort((-ids, -similarities), axis=-1)
    return np.take_along_axis(ids, order, axis=1), np.take_along_axis(similarities, order, axis=1)
