"""Which row of a table belongs to which key: a million keys without a Python object each."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

NOBODY = np.int64(1 - 2**63)
# The newest keys are looked up in a dict; with more of them than this, all are sorted again.
_MAX_RECENT = 4096
# For fewer new keys at a time, not all known ones are sorted again.
_MANY = 1000


class KeyRows:
    """``keys[row]`` is the key of a row; free rows have ``NOBODY`` and are used again."""

    def __init__(self, keys: NDArray[np.int64] | None = None) -> None:
        """``keys``: those of rows that exist already, ``NOBODY`` for free ones."""
        self.keys = np.empty(0, np.int64) if keys is None else keys.astype(np.int64)
        self.n_rows = len(self.keys)
        self._free = np.flatnonzero(self.keys == NOBODY).tolist()
        self._sort()

    def __len__(self) -> int:
        return self.n_rows - len(self._free)

    def row_of(self, key: int) -> int:
        """The row of a key; -1 if it has none."""
        return int(self.rows_of(np.array([key], np.int64))[0])

    def rows_of(self, keys: NDArray[np.int64]) -> NDArray[np.int64]:
        """The row of each key; -1 for those without one."""
        if not self.n_rows:
            return np.full(len(keys), -1, np.int64)
        at = np.minimum(np.searchsorted(self._sorted_keys, keys), len(self._sorted_keys) - 1)
        rows = self._sorted_rows[at] if len(self._sorted_rows) else np.full(len(keys), -1, np.int64)
        # A row may have been given to another key since the keys were sorted.
        rows = np.where(self.keys[rows] == keys, rows, -1)
        if self._recent:
            for i in np.flatnonzero(rows < 0).tolist():
                rows[i] = self._recent.get(int(keys[i]), -1)
        return rows

    def rows_for(self, keys: NDArray[np.int64]) -> NDArray[np.int64]:
        """The rows of keys that differ; those without one get one."""
        rows = self.rows_of(keys)
        new = keys[rows < 0]
        if len(new) < _MANY:
            rows[rows < 0] = [self.add(int(key)) for key in new]
        else:
            rows[rows < 0] = self.add_many(new)
        return rows

    def sorted_keys(self) -> NDArray[np.int64]:
        """All keys, ascending."""
        return np.sort(self.keys[self.keys != NOBODY])

    def add(self, key: int) -> int:
        """A row for a key without one: a free row, or the next."""
        if len(self._recent) >= _MAX_RECENT:
            self._sort()
        if self._free:
            row = int(self._free.pop())
        else:
            row = self.n_rows
            self.n_rows += 1
            if row == len(self.keys):
                more = np.full(max(64, row // 2), NOBODY)
                self.keys = np.concatenate([self.keys, more])
        self.keys[row] = key
        self._recent[key] = row
        return row

    def add_many(self, keys: NDArray[np.int64]) -> NDArray[np.int64]:
        """Rows for keys that differ and have none: free rows, then the next."""
        free = [int(self._free.pop()) for _ in range(min(len(keys), len(self._free)))]
        after = np.arange(self.n_rows, self.n_rows + len(keys) - len(free))
        rows = np.concatenate([np.array(free, np.int64), after])
        self.n_rows += len(after)
        if self.n_rows > len(self.keys):
            more = np.full(max(64, self.n_rows - len(self.keys), self.n_rows // 2), NOBODY)
            self.keys = np.concatenate([self.keys, more])
        self.keys[rows] = keys
        self._sort()
        return rows

    def remove(self, key: int) -> None:
        """Frees the row of a key, which must have one."""
        row = self.row_of(key)
        self._recent.pop(key, None)
        self.keys[row] = NOBODY
        self._free.append(row)

    def _sort(self) -> None:
        rows = np.flatnonzero(self.keys[: self.n_rows] != NOBODY)
        self._sorted_rows = rows[np.argsort(self.keys[rows], kind="stable")]
        self._sorted_keys = self.keys[self._sorted_rows]
        self._recent: dict[int, int] = {}
