"""The documents of one language, searched for the nearest in two stages.

1. Candidates: the query's rarer terms, and always its heaviest, against the postings.
2. Order: the full vectors.

The documents lie in segments, the largest first, as in Lucene: a new document becomes a small
segment of its own, and neighbouring segments are merged when they are of similar size. So adding
one document costs little at any size, and the large first segment stays as it is for long.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from related.similarity.query import Query
from related.similarity.segment import Segment
from related.similarity.snapshots import load_segments, save_segments
from related.similarity.statistics import CorpusStatistics
from related.similarity.terms import TermCounts
from related.similarity.vectorizer import Vectorizer

N_NEIGHBORS = 40
N_CANDIDATES = 400
# A segment is merged with the one behind it as soon as that has this fraction of its size.
_MERGE_FRACTION = 1 / 8
# With more dead rows than this fraction, everything is written anew without them.
_MAX_DEAD_FRACTION = 1 / 2

# (keys int64 [m], similarities float32 [m]), most similar first, equals by key descending.
Neighbors = tuple[NDArray[np.int64], NDArray[np.float32]]


class Index:
    """Documents by key, in memory, for one thread; all weights come from the given statistics.

    What is found depends on the documents alone, not on the order in which they were put in.
    A "row" is a document's place over all segments behind one another.
    """

    def __init__(self, statistics: CorpusStatistics) -> None:
        self.statistics = statistics
        self.vectorizer = Vectorizer(statistics)
        self._segments: list[Segment] = []
        self._alive: list[NDArray[np.bool_]] = []
        self._n_documents = 0

    def __len__(self) -> int:
        return self._n_documents

    def __contains__(self, key: int) -> bool:
        return self._place_of(key) is not None

    def keys(self) -> NDArray[np.int64]:
        """The keys of all documents, ascending."""
        alive = [s.keys[alive] for s, alive in zip(self._segments, self._alive, strict=True)]
        return np.sort(np.concatenate([np.empty(0, np.int64), *alive]))

    def counts(self, key: int) -> TermCounts:
        """The counts of a document (without words); KeyError when it is not in the index."""
        place = self._place_of(key)
        if place is None:
            raise KeyError(f"Document {key} is not in the index.")
        segment, row = place
        return self._segments[segment].counts_of(row)

    def put(self, keys: Sequence[int], counts: Sequence[TermCounts]) -> None:
        """Adds documents and replaces known ones; of a repeated key the last wins."""
        latest = dict(zip(map(int, keys), counts, strict=True))
        if latest:
            self._bury(latest)
            segment = Segment.from_counts(list(latest), list(latest.values()), self.vectorizer)
            self._append(segment)
            self._merge()

    def remove(self, keys: Iterable[int]) -> None:
        """Takes documents out; unknown keys are passed over."""
        self._bury(map(int, keys))
        self._merge()

    def with_statistics(self, statistics: CorpusStatistics) -> Index:
        """The same documents with other weights; the arrays of their counts are shared."""
        index = Index(statistics)
        for segment, alive in zip(self._segments, self._alive, strict=True):
            index._append(segment.reweighted(index.vectorizer), alive.copy())
        return index

    def save(self, directory: Path) -> None:
        """Writes all documents to a folder of ``.npy`` files, for ``load``."""
        parts = list(zip(self._segments, self._alive, strict=True))
        save_segments(directory, parts, self.statistics)

    @classmethod
    def load(cls, directory: Path, statistics: CorpusStatistics) -> Index:
        """What ``save`` wrote, mapped into memory that all processes of a host share.

        Other statistics than those it was saved with only change the weights.

        Raises:
            ValueError: a file is missing or damaged; the message says which and how.
        """
        index = cls(statistics)
        for segment, alive in load_segments(directory, statistics):
            index._append(segment, alive)
        return index

    def search(
        self,
        counts: TermCounts,
        n_neighbors: int = N_NEIGHBORS,
        n_candidates: int = N_CANDIDATES,
        exclude: int | None = None,
    ) -> Neighbors:
        """The nearest documents with a similarity above 0, most similar first.

        Exact while there are at most ``n_candidates`` documents. ``exclude`` is the key of the
        query itself. Ask for ``n_candidates`` neighbors to learn all similarities that were
        computed, as ``NeighborLists.offer`` wants them.
        """
        query = Query.of(counts, self.vectorizer)
        if self._n_documents <= n_candidates:
            rows = self._others(exclude)
        else:
            rows = self.highest(self.partial_similarities(query, exclude), n_candidates)
        return best(self.keys_at(rows), self.similarities_at(rows, query), n_neighbors)

    def search_many(
        self,
        keys: Iterable[int],
        n_neighbors: int = N_NEIGHBORS,
        n_candidates: int = N_CANDIDATES,
    ) -> Iterator[tuple[int, NDArray[np.int64], NDArray[np.float32]]]:
        """(key, neighbors' keys, similarities) of indexed documents; KeyError for unknown keys."""
        for key in map(int, keys):
            yield key, *self.search(self.counts(key), n_neighbors, n_candidates, exclude=key)

    def partial_similarities(self, query: Query, exclude: int | None) -> NDArray[np.float32]:
        """Of every row, what the searched terms contribute; 0 for the dead and the excluded."""
        sums = np.zeros(sum(map(len, self._segments)), np.float32)
        for segment, alive, rows in self._parts():
            segment.add_partial_similarities(query, sums[rows])
            if not alive.all():
                sums[rows] *= alive
        if exclude is not None:
            sums[self.rows_of(np.array([exclude]))] = 0
        return sums

    def highest(self, scores: NDArray[np.float32], n: int) -> NDArray[np.int64]:
        """The rows with the n highest scores above 0, ascending; equals by key descending."""
        least = np.partition(scores, -n)[-n] if 0 < n < len(scores) else 0
        rows = np.flatnonzero(scores >= least if least > 0 else scores > 0)
        if len(rows) > n:
            rows = np.sort(rows[_order(self.keys_at(rows), scores[rows], n)])
        return rows

    def similarities_at(self, rows: NDArray[np.int64], query: Query) -> NDArray[np.float32]:
        """Cosine similarities to some rows, aligned with them."""
        found = np.empty(len(rows), np.float32)
        for segment, _, span in self._parts():
            here = (rows >= span.start) & (rows < span.stop)
            found[here] = segment.similarities(rows[here] - span.start, query)
        return found

    def keys_at(self, rows: NDArray[np.int64]) -> NDArray[np.int64]:
        keys = np.empty(len(rows), np.int64)
        for segment, _, span in self._parts():
            here = (rows >= span.start) & (rows < span.stop)
            keys[here] = segment.keys[rows[here] - span.start]
        return keys

    def rows_of(self, keys: NDArray[np.int64]) -> NDArray[np.int64]:
        """The rows of living documents; -1 for unknown keys."""
        rows = np.full(len(keys), -1, np.int64)
        for segment, alive, span in self._parts():
            at = np.minimum(np.searchsorted(segment.keys, keys), len(segment) - 1)
            here = (segment.keys[at] == keys) & alive[at]
            rows[here] = at[here] + span.start
        return rows

    def _others(self, exclude: int | None) -> NDArray[np.int64]:
        alive = np.concatenate([np.empty(0, np.bool_), *self._alive])
        rows = np.flatnonzero(alive)
        return rows if exclude is None else rows[rows != self.rows_of(np.array([exclude]))]

    def _parts(self) -> Iterator[tuple[Segment, NDArray[np.bool_], slice]]:
        """(segment, which of it are alive, its rows)."""
        start = 0
        for segment, alive in zip(self._segments, self._alive, strict=True):
            yield segment, alive, slice(start, start + len(segment))
            start += len(segment)

    def _place_of(self, key: int) -> tuple[int, int] | None:
        """(segment, row within it) of a living document."""
        for number, (segment, alive) in enumerate(zip(self._segments, self._alive, strict=True)):
            row = segment.row_of(key)
            if row is not None and alive[row]:
                return number, row
        return None

    def _bury(self, keys: Iterable[int]) -> None:
        for key in keys:
            place = self._place_of(key)
            if place is not None:
                segment, row = place
                self._alive[segment][row] = False
                self._n_documents -= 1

    def _append(self, segment: Segment, alive: NDArray[np.bool_] | None = None) -> None:
        self._segments.append(segment)
        self._alive.append(np.ones(len(segment), np.bool_) if alive is None else alive)
        self._n_documents += int(self._alive[-1].sum())

    def _merge(self) -> None:
        """Keeps few segments, each much larger than the one behind it, and few dead rows."""
        sizes = [len(segment) for segment in self._segments]
        kept = len(sizes)
        if self._n_documents < sum(sizes) * (1 - _MAX_DEAD_FRACTION):
            kept = 0
        else:
            while kept > 1 and sum(sizes[kept - 1 :]) >= sizes[kept - 2] * _MERGE_FRACTION:
                kept -= 1
            kept = kept - 1 if kept < len(sizes) else kept
        if kept < len(sizes):
            parts = list(zip(self._segments[kept:], self._alive[kept:], strict=True))
            self._n_documents -= sum(int(alive.sum()) for _, alive in parts)
            del self._segments[kept:], self._alive[kept:]
            self._append(Segment.merged(parts, self.vectorizer))


def best(keys: NDArray[np.int64], similarities: NDArray[np.float32], n: int) -> Neighbors:
    """The n most similar of those above 0, in order."""
    above_zero = similarities > 0
    keys, similarities = keys[above_zero], similarities[above_zero]
    order = _order(keys, similarities, n)
    return keys[order], similarities[order]


def _order(keys: NDArray[np.int64], scores: NDArray[np.float32], n: int) -> NDArray[np.intp]:
    """Where the n highest scores are, highest first, equals by key descending."""
    chosen = np.arange(len(scores))
    if 0 < n < len(scores):
        # Only scores that reach the n-th highest need sorting.
        chosen = np.flatnonzero(scores >= np.partition(scores, -n)[-n])
    return chosen[np.lexsort((-keys[chosen], -scores[chosen]))][:n]
