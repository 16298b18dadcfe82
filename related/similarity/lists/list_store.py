"""The lists of all documents in memory: where they lie, what changed, and files of them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from related.similarity.arrays import Arrays, check, load_arrays, save_arrays
from related.similarity.lists import loops
from related.similarity.lists.key_rows import KeyRows
from related.similarity.lists.list_table import Ids, ListTable, Similarities, Titles
from related.similarity.lists.where_listed import ROWS_PER_BLOCK, WhereListed

_SHARED = {"keys": "<i8", "ids": "<i8", "similarities": "<f4", "titles": "<f4"}
# Private to the process as soon as it writes to them.
_COPIED = {"complete": "?", "hubs": "<f4", "times_listed": "<i4", "blocks_listed": "u1"}


class ListStore:
    """Lists by row: ids and similarities, whether each is complete, and who stands where.

    ``hubs``: see ``NeighborLists.hubs``.
    """

    def __init__(self, rows: KeyRows, table: ListTable, where_listed: WhereListed) -> None:
        self.rows = rows
        self.complete = np.zeros(rows.n_rows, np.bool_)
        self.hubs = np.zeros(rows.n_rows, np.float32)
        self._table = table
        self._where_listed = where_listed

    @classmethod
    def empty(cls, n_neighbors: int) -> ListStore:
        nothing = np.empty((0, n_neighbors), np.float32)
        titles = np.empty((0, n_neighbors, 2), np.float32)
        table = ListTable(nothing.astype(np.int64), nothing, titles)
        return cls(KeyRows(), table, WhereListed())

    @property
    def n_neighbors(self) -> int:
        return self._table.width

    def row_of(self, key: int) -> int:
        """The row of a document's list; KeyError if it has none."""
        return int(self.known_rows_of([key])[0])

    def known_rows_of(self, keys: Sequence[int]) -> NDArray[np.int64]:
        """The rows of documents; KeyError if one has no list."""
        rows = self.rows.rows_of(np.asarray(keys, np.int64))
        if (rows < 0).any():
            raise KeyError(f"Document {keys[int(rows.argmin())]} has no list of neighbors.")
        return rows

    def rows_for(self, keys: NDArray[np.int64]) -> NDArray[np.int64]:
        """The rows of documents; those without a list get an empty one."""
        rows = self.rows.rows_for(keys)
        n_more = self.rows.n_rows - len(self.complete)
        if n_more > 0:
            more = max(64, n_more, len(self.complete) // 2)
            self.complete = np.concatenate([self.complete, np.zeros(more, np.bool_)])
            self.hubs = np.concatenate([self.hubs, np.zeros(more, np.float32)])
        self._table.grow(self.rows.n_rows)
        return rows

    def read(self, rows: NDArray[np.int64]) -> tuple[Ids, Similarities]:
        """Copies of some lists."""
        return self._table.read(rows)

    def similarities(self, rows: NDArray[np.int64]) -> Similarities:
        """The second part of ``read``."""
        return self._table.similarities(rows)

    def write(self, rows: NDArray[np.int64], ids: Ids, similarities: Similarities) -> list[int]:
        """Replaces lists; returns the keys of those that differ from what was there.

        What is known of the titles of those who stay in a list stays known.
        """
        before, similarities_before = self._table.read(rows)
        differs = ((ids != before) | (similarities != similarities_before)).any(axis=1)
        rows = rows[differs]
        self._where_listed.replace(rows, before[differs], ids[differs])
        titles = loops.carried(before[differs], ids[differs], self._table.titles(rows))
        self._table.write(rows, ids[differs], similarities[differs], titles)
        changed: list[int] = self.rows.keys[rows].tolist()
        return changed

    def titles(self, rows: NDArray[np.int64]) -> Titles:
        """What is known of the titles of some lists."""
        return self._table.titles(rows)

    def keep_titles(self, rows: NDArray[np.int64], titles: Titles) -> None:
        """Remembers them, of lists that this process does not share with others."""
        self._table.keep_titles(rows, titles)

    def forget_titles(self, row: int) -> None:
        """Of a document whose own title or text has changed."""
        rows = np.array([row])
        ids, similarities = self._table.read(rows)
        self._table.write(rows, ids, similarities, np.full((*ids.shape, 2), np.nan, np.float32))

    def may_list(self, key: int) -> bool:
        """Whether ``key`` may stand in a list; a new document stands in none."""
        return self._where_listed.most(key) > 0

    def rows_with(self, key: int) -> NDArray[np.int64]:
        """The rows of all lists in which ``key`` stands."""
        n_lists = self._where_listed.most(key)
        if not n_lists:
            return np.empty(0, np.int64)
        blocks = self._where_listed.blocks_with(key)
        return self._table.rows_with(key, blocks, ROWS_PER_BLOCK, n_lists)

    def save(self, directory: Path) -> None:
        """Writes all lists to a folder of ``.npy`` files."""
        n = self.rows.n_rows
        rows = np.arange(n)
        ids, similarities = self._table.read(rows)
        arrays: Arrays = {
            "keys": self.rows.keys[:n],
            "ids": ids,
            "similarities": similarities,
            "titles": self._table.titles(rows),
            "complete": self.complete[:n],
            "hubs": self.hubs[:n],
            "times_listed": self._where_listed.times,
            "blocks_listed": self._where_listed.blocks_for(n + n // 8),  # room for new ones
        }
        save_arrays(directory, "neighbors", arrays)

    @classmethod
    def load(cls, directory: Path) -> ListStore:
        """What ``save`` wrote, in memory shared by all processes; lists that change are copied.

        Raises:
            ValueError: a file is missing or damaged; the message says which and how.
        """
        shared = load_arrays(directory, "neighbors", _SHARED)
        copied = load_arrays(directory, "neighbors", _COPIED, mode="c")
        ids, n = shared["ids"], len(shared["keys"])
        listed = WhereListed(copied["times_listed"], copied["blocks_listed"])
        fits = ids.ndim == 2 and len(ids) == n and shared["similarities"].shape == ids.shape
        fits &= shared["titles"].shape == (*ids.shape, 2)
        fits &= copied["complete"].shape == copied["hubs"].shape == (n,) and listed.fits(n)
        check(directory, [("lists of neighbors do not fit together", fits)])
        table = ListTable(ids, shared["similarities"], shared["titles"])
        store = cls(KeyRows(shared["keys"]), table, listed)
        store.complete, store.hubs = copied["complete"], copied["hubs"]
        return store
