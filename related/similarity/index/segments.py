"""The documents of an index as a stack of segments, the largest first, as in Lucene.

A new document becomes a small segment of its own, and adjacent segments are merged when they are
of similar size. So adding one costs little at any size, and the large first segment, which
processes share, stays unchanged for long.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from related.similarity.index.segment import Segment
from related.similarity.index.vectorizer import Vectorizer
from related.similarity.text.terms import TermCounts

# A segment is merged with the one after it as soon as that has this fraction of its size.
_MERGE_FRACTION = 1 / 8
# With more dead rows than this fraction, everything is rewritten without them.
_MAX_DEAD_FRACTION = 1 / 2


class Location(NamedTuple):
    """A document's segment, its row there, and its row over all segments."""

    segment: Segment
    row: int
    of_all: int


class Segments:
    """Documents by key.

    A "row" counts through all segments, one after the other. The rows of removed documents stay
    until a merge, but are dead.
    """

    def __init__(self, vectorizer: Vectorizer) -> None:
        self._vectorizer = vectorizer
        self._segments: list[Segment] = []
        self._alive: list[NDArray[np.bool_]] = []
        self.n_documents = 0

    def __len__(self) -> int:
        return len(self._segments)

    def __iter__(self) -> Iterator[tuple[Segment, NDArray[np.bool_]]]:
        """(segment, which of its rows are alive)."""
        return iter(zip(self._segments, self._alive, strict=True))

    @property
    def n_rows(self) -> int:
        return sum(map(len, self._segments))

    def spans(self) -> Iterator[tuple[Segment, NDArray[np.bool_], slice]]:
        """(segment, which of its rows are alive, its rows)."""
        start = 0
        for segment, alive in self:
            yield segment, alive, slice(start, start + len(segment))
            start += len(segment)

    def keys(self) -> NDArray[np.int64]:
        """The keys of all documents, ascending."""
        return np.sort(self.keys_at(self.rows()))

    def rows(self) -> NDArray[np.int64]:
        """The rows of all documents."""
        return np.flatnonzero(np.concatenate([np.empty(0, np.bool_), *self._alive]))

    def keys_at(self, rows: NDArray[np.int64]) -> NDArray[np.int64]:
        if len(self._segments) == 1:  # nearly always in a rebuild, where it saves a twentieth
            return self._segments[0].keys[rows]
        keys = np.empty(len(rows), np.int64)
        for segment, _, span in self.spans():
            here = (rows >= span.start) & (rows < span.stop)
            keys[here] = segment.keys[rows[here] - span.start]
        return keys

    def rows_of(self, keys: NDArray[np.int64]) -> NDArray[np.int64]:
        """The rows of documents; -1 for keys without one."""
        rows = np.full(len(keys), -1, np.int64)
        for segment, alive, span in self.spans():
            at = np.minimum(np.searchsorted(segment.keys, keys), len(segment) - 1)
            here = (segment.keys[at] == keys) & alive[at]
            rows[here] = at[here] + span.start
        return rows

    def location_of(self, key: int) -> Location | None:
        """Where one document is; quicker than ``rows_of`` for many."""
        for segment, alive, span in self.spans():
            row = segment.row_of(key)
            if row is not None and alive[row]:
                return Location(segment, row, int(span.start) + row)
        return None

    def put(self, documents: Mapping[int, TermCounts]) -> None:
        """Adds documents and replaces known ones."""
        if documents:
            self._bury(documents)
            keys, counts = list(documents), list(documents.values())
            self.append(Segment.from_counts(keys, counts, self._vectorizer))
            self._merge()

    def remove(self, keys: Iterable[int]) -> None:
        """Takes documents out; unknown keys are skipped."""
        self._bury(keys)
        self._merge()

    def append(self, segment: Segment, alive: NDArray[np.bool_] | None = None) -> None:
        """Adds a segment after all others, unless it is empty; its keys must not be alive there."""
        if not len(segment):
            return
        self._segments.append(segment)
        self._alive.append(np.ones(len(segment), np.bool_) if alive is None else alive)
        self.n_documents += int(self._alive[-1].sum())

    def _bury(self, keys: Iterable[int]) -> None:
        for key in keys:
            for segment, alive in self:
                row = segment.row_of(key)
                if row is not None and alive[row]:
                    alive[row] = False
                    self.n_documents -= 1

    def _merge(self) -> None:
        """Keeps few segments, each much larger than the next, and few dead rows."""
        sizes = [len(segment) for segment in self._segments]
        kept = len(sizes)
        if self.n_documents < sum(sizes) * (1 - _MAX_DEAD_FRACTION):
            kept = 0
        else:
            while kept > 1 and sum(sizes[kept - 1 :]) >= sizes[kept - 2] * _MERGE_FRACTION:
                kept -= 1
            kept = kept - 1 if kept < len(sizes) else kept
        if kept < len(sizes):
            parts = list(self)[kept:]
            self.n_documents -= sum(int(alive.sum()) for _, alive in parts)
            del self._segments[kept:], self._alive[kept:]
            self.append(Segment.merged(parts, self._vectorizer))
