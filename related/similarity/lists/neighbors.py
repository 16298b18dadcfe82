"""Every document's nearest neighbors, kept current while documents come, change and go."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from related.similarity.index.highest import NeighborList
from related.similarity.index.search import N_NEIGHBORS
from related.similarity.lists.hubs import hubs_of
from related.similarity.lists.key_rows import NOBODY
from related.similarity.lists.list_store import ListStore
from related.similarity.lists.list_table import NOTHING, Ids, Similarities, Titles
from related.similarity.lists.ordering import cleared, in_order

# So many documents of one story stand in a list at most.
MOST_OF_A_STORY = 3
_NOBODY_ELSE = np.empty(0, np.int64)


class NeighborLists:
    """A list of (key, similarity) per document, most similar first, equals by key descending.

    Each list always holds the best of what it was given, without a gap, but of one story no more
    than ``MOST_OF_A_STORY``. One that lost an entry is shorter and accepts only what beats its last
    entry, because documents that it does not know may come next. ``is_short`` tells when so few are
    left that it should be searched again, and ``crowded_with`` which lists may have left out the
    one that would follow.

    A changed or new document goes: ``crowded_with``, ``withdraw``, search, ``set``, ``update``;
    then search again for the lists that ``is_short`` and for the crowded ones. A deleted one:
    ``remove``, then the same search again.
    """

    def __init__(self, n_neighbors: int = N_NEIGHBORS, refill_below: int | None = None) -> None:
        """``refill_below``: the length below which a list is short; three quarters by default."""
        self.n_neighbors = n_neighbors
        self._refill_below = n_neighbors * 3 // 4 if refill_below is None else refill_below
        self._lists = ListStore.empty(n_neighbors)

    def __len__(self) -> int:
        return len(self._lists.rows)

    def __contains__(self, key: int) -> bool:
        return self._lists.rows.row_of(key) >= 0

    def get(self, key: int) -> NeighborList:
        """(keys, similarities) of a document's neighbors; KeyError if it has no list."""
        [ids], [similarities] = self._lists.read(np.array([self._lists.row_of(key)]))
        n = int((similarities > 0).sum())
        return ids[:n], similarities[:n]

    def holds(self, keys: Sequence[int]) -> NDArray[np.bool_]:
        """Which of some documents have a list."""
        return self._lists.rows.rows_of(np.asarray(keys, np.int64)) >= 0

    def tables(self, keys: Sequence[int]) -> tuple[Ids, Similarities]:
        """(neighbors' keys, similarities) of many documents, [len(keys), n_neighbors] each.

        ``NOBODY`` and a similarity below 0 follow the end of a list. KeyError for documents that
        have no list.
        """
        return self._lists.read(self._lists.known_rows_of(keys))

    def neighbors_of(self, keys: Sequence[int]) -> list[int]:
        """All that stand in the lists of those documents that have one; ascending."""
        there = np.asarray(keys, np.int64)[self.holds(keys)]
        ids, similarities = self.tables(there.tolist())
        found: list[int] = np.unique(ids[similarities > 0]).tolist()
        return found

    def full(self, keys: Sequence[int]) -> list[int]:
        """Those of some documents that have a list which is not short (``is_short``)."""
        there = np.asarray(keys, np.int64)[self.holds(keys)]
        rows = self._lists.rows.rows_of(there)
        found: list[int] = there[~self._are_short(rows)].tolist()
        return found

    def is_complete(self, key: int) -> bool:
        """Whether the list holds every document that resembles its own at all."""
        return bool(self._lists.complete[self._lists.row_of(key)])

    def titles(self, keys: Sequence[int]) -> Titles:
        """What is known of the titles of those in the lists of ``tables``, [len(keys),
        n_neighbors, 2]; see ``lists.titles``."""
        return self._lists.titles(self._lists.known_rows_of(keys))

    def keep_titles(self, keys: Sequence[int], titles: Titles) -> None:
        """Remember that until one of the two documents is withdrawn or changes."""
        self._lists.keep_titles(self._lists.known_rows_of(keys), titles)

    def hubs(self, keys: Sequence[int] | NDArray[np.int64]) -> NDArray[np.float32]:
        """``hubs_of`` the first list that each document had here; NaN for one without a list.

        It stays while the list changes: a publish would reorder the lists of a whole topic.
        """
        rows = self._lists.rows.rows_of(np.asarray(keys, np.int64))
        hubs = np.full(len(rows), np.nan, np.float32)
        hubs[rows >= 0] = self._lists.hubs[rows[rows >= 0]]
        return hubs

    def is_short(self, key: int) -> bool:
        """Whether so many entries have left the list that it should be searched again."""
        return bool(self._are_short(self._lists.known_rows_of([key]))[0])

    def set(
        self,
        key: int,
        ids: NDArray[np.int64],
        similarities: NDArray[np.float32],
        *,
        is_complete: bool | None = None,
    ) -> None:
        """Stores what a search found: sorted, similarities above 0, few of each story (see
        ``stories.pruning``); cut off where the list ends.

        A search that did not fill the list found everything, so the list is complete then; for a
        list that comes from storage, ``is_complete`` says so.
        """
        complete = len(ids) < self.n_neighbors if is_complete is None else is_complete
        lengths = np.array([len(ids)])
        self.set_many(np.array([key]), lengths, ids, similarities, np.array([complete]))

    def set_many(  # noqa: PLR0917 (a stored list has so many columns)
        self,
        keys: NDArray[np.int64],
        lengths: NDArray[np.int64],
        ids: NDArray[np.int64],
        similarities: NDArray[np.float32],
        is_complete: NDArray[np.bool_],
        hubs: NDArray[np.float32] | None = None,
    ) -> None:
        """``set`` for documents that differ: their lists, of these lengths, concatenated.

        ``hubs`` of lists that come from storage; a list that is new here gets its own.
        """
        is_new = self._lists.rows.rows_of(keys) < 0
        rows = self._lists.rows_for(keys)
        width = max(int(lengths.max(initial=0)), self.n_neighbors)
        is_there = np.arange(width) < lengths[:, None]
        new_ids = np.full(is_there.shape, NOBODY)
        new_similarities = np.full(is_there.shape, NOTHING)
        new_ids[is_there], new_similarities[is_there] = ids, similarities
        n = self.n_neighbors
        self._lists.write(rows, new_ids[:, :n], new_similarities[:, :n])
        self._lists.complete[rows] = is_complete
        if hubs is not None:
            self._lists.hubs[rows] = hubs
        elif is_new.any():
            self._lists.hubs[rows[is_new]] = hubs_of(new_similarities[is_new])

    def update(
        self,
        key: int,
        other_keys: Iterable[int],
        similarities: Iterable[float],
        versions: NDArray[np.int64] = _NOBODY_ELSE,
    ) -> list[int]:
        """Tells other documents how similar ``key`` is to them now; unknown ones are skipped.

        Args:
            versions: all documents of the story of ``key``, itself among them.

        Returns the keys of the lists that it entered, left, or stands in with another similarity.
        """
        similarity_of = dict(zip(map(int, other_keys), similarities, strict=True))
        similarity_of.pop(key, None)
        n = len(similarity_of)
        rows = self._lists.rows.rows_of(np.fromiter(similarity_of.keys(), np.int64, n))
        new = np.fromiter(similarity_of.values(), np.float32, n)
        rows, new = rows[(rows >= 0) & (new > 0)], new[(rows >= 0) & (new > 0)]

        # Most lists need only one comparison: with the similarity of their last entry.
        stored = self._lists.similarities(rows)
        last = np.where(stored > 0, stored, np.inf).min(axis=1, initial=np.inf)
        is_affected = (new >= last) | self._lists.complete[rows]
        if self._lists.may_list(key):
            ids, _ = self._lists.read(rows)
            is_affected |= (ids == key).any(axis=1)
        return self._insert(key, rows[is_affected], new[is_affected], versions)

    def _insert(
        self, key: int, rows: NDArray[np.int64], new: Similarities, versions: NDArray[np.int64]
    ) -> list[int]:
        ids, stored = self._without(key, rows)
        # An empty list ends with infinity: nothing beats what is not known.
        last = np.where(stored > 0, stored, np.inf).min(axis=1, initial=np.inf)
        last_id = np.where(stored == last[:, None], ids, np.iinfo(np.int64).max).min(axis=1)
        has_room = self._lists.complete[rows] & (stored[:, -1] <= 0)
        enters = has_room | (new > last) | ((new == last) & (key > last_id))

        ids, stored = in_order(
            np.column_stack([ids, np.where(enters, np.int64(key), NOBODY)]),
            np.column_stack([stored, np.where(enters, new, NOTHING)]),
        )
        if len(versions) > MOST_OF_A_STORY:
            is_version = np.isin(ids, versions)
            is_dropped = is_version & (is_version.cumsum(axis=1) > MOST_OF_A_STORY)
            ids, stored = in_order(*cleared(ids, stored, is_dropped))
        # No longer complete if the new entry or the former last one found no place.
        self._lists.complete[rows] &= enters & (stored[:, -1] <= 0)
        return self._lists.write(rows, ids[:, :-1], stored[:, :-1])

    def listing(self, key: int) -> list[int]:
        """The lists in which ``key`` stands."""
        keys: list[int] = self._lists.rows.keys[self._lists.rows_with(key)].tolist()
        return keys

    def crowded_with(self, key: int, versions: NDArray[np.int64]) -> list[int]:
        """The lists that may have left out a version because ``key`` stands in them.

        Args:
            versions: all documents of the story of ``key``, itself among them.
        """
        if len(versions) <= MOST_OF_A_STORY:
            return []
        rows = self._lists.rows_with(key)
        ids, _ = self._lists.read(rows)
        is_crowded = np.isin(ids, versions).sum(axis=1) >= MOST_OF_A_STORY
        crowded: list[int] = self._lists.rows.keys[rows[is_crowded]].tolist()
        return crowded

    def crowded(self, versions: NDArray[np.int64]) -> list[int]:
        """The lists of other documents in which the story of ``versions`` has all its places."""
        if len(versions) <= MOST_OF_A_STORY:
            return []
        each = [self.crowded_with(key, versions) for key in versions.tolist()]
        return sorted({key for found in each for key in found}.difference(versions.tolist()))

    def withdraw(self, key: int) -> list[int]:
        """Takes ``key`` out of all other lists; returns the keys of the lists that it left."""
        own = self._lists.rows.row_of(key)
        if own >= 0:
            self._lists.forget_titles(own)
        rows = self._lists.rows_with(key)
        return self._lists.write(rows, *self._without(key, rows)) if len(rows) else []

    def remove(self, key: int) -> list[int]:
        """Deletes the list of ``key`` and withdraws it; returns the lists that it left."""
        left = self.withdraw(key)
        if key in self:
            nothing = np.full((1, self.n_neighbors), NOTHING)
            row = self._lists.row_of(key)
            self._lists.write(np.array([row]), np.full(nothing.shape, NOBODY), nothing)
            self._lists.rows.remove(key)
        return left

    def save(self, directory: Path) -> None:
        """Writes all lists to a folder of ``.npy`` files."""
        self._lists.save(directory)

    @classmethod
    def load(cls, directory: Path, refill_below: int | None = None) -> NeighborLists:
        """What ``save`` wrote, in memory shared by all processes; lists that change are copied.

        Raises:
            ValueError: a file is missing or damaged; the message says which and how.
        """
        store = ListStore.load(directory)
        lists = cls(store.n_neighbors, refill_below)
        lists._lists = store
        return lists

    def _are_short(self, rows: NDArray[np.int64]) -> NDArray[np.bool_]:
        n_listed = (self._lists.similarities(rows) > 0).sum(axis=1)
        is_short: NDArray[np.bool_] = n_listed < self._refill_below
        return is_short & ~self._lists.complete[rows]

    def _without(self, key: int, rows: NDArray[np.int64]) -> tuple[Ids, Similarities]:
        """Copies of the given lists without ``key``."""
        ids, similarities = self._lists.read(rows)
        return in_order(*cleared(ids, similarities, ids == key))
