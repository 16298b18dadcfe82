"""Sketches by row: those in files stay there, new ones are added in this process's memory."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from related.similarity.stories.overlap import Sketches


class SketchTable:
    """Rows of one width. The first ones may be mapped, copied page by page where one changes."""

    def __init__(self, mapped: Sketches) -> None:
        self._mapped = mapped
        self._added = np.empty((0, mapped.shape[1]), np.uint32)

    def read(self, rows: NDArray[np.int64]) -> Sketches:
        """Copies of some rows."""
        is_mapped = rows < len(self._mapped)
        found = np.empty((len(rows), self._mapped.shape[1]), np.uint32)
        found[is_mapped] = self._mapped[rows[is_mapped]]
        found[~is_mapped] = self._added[rows[~is_mapped] - len(self._mapped)]
        return found

    def write(self, rows: NDArray[np.int64], sketches: Sketches) -> None:
        """Replaces some rows, and adds those that are not there yet."""
        n = int(rows.max(initial=-1)) + 1 - len(self._mapped)
        if n > len(self._added):
            room = np.empty((max(n, len(self._added) * 3 // 2, 64), sketches.shape[1]), np.uint32)
            room[: len(self._added)] = self._added
            self._added = room
        is_mapped = rows < len(self._mapped)
        self._mapped[rows[is_mapped]] = sketches[is_mapped]
        self._added[rows[~is_mapped] - len(self._mapped)] = sketches[~is_mapped]
