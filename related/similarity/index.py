"""The documents of one language, searched for the nearest in two stages.

1. Candidates: the query's heaviest single words against the postings of single words.
2. Order: the full vectors, word pairs included.

The documents lie in segments, the largest first, as in Lucene: a new document becomes a small
segment of its own, and neighbouring segments are merged when they are of similar size. So adding
one document costs little at any size, and the large first segment stays as it is for long.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from related.similarity.segment import DenseQuery, Segment
from related.similarity.statistics import CorpusStatistics
from related.similarity.terms import TermCounts
from related.similarity.vectorizer import Vectorizer

N_NEIGHBORS = 40
N_CANDIDATES = 400
N_QUERY_WORDS = 25
# A segment is merged with the one behind it as soon as that has this fraction of its size.
_MERGE_FRACTION = 1 / 8
# With more dead rows than this fraction, everything is written anew without them.
_MAX_DEAD_FRACTION = 1 / 2

# (keys int64 [m], similarities float32 [m]), most similar first, equals by key descending.
Neighbors = tuple[NDArray[np.int64], NDArray[np.float32]]


class Index:
    """Documents by key, in memory, for one thread; all weights come from the given statistics.

    What is found depends on the documents alone, not on the order in which they were put in.
    """

    def __init__(self, statistics: CorpusStatistics) -> None:
        self.statistics = statistics
        self._vectorizer = Vectorizer(statistics)
        self._segments: list[Segment] = []
        self._alive: list[NDArray[np.bool_]] = []
        self._n_documents = 0
        self._query = DenseQuery()

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
            segment = Segment.from_counts(list(latest), list(latest.values()), self._vectorizer)
            self._append(segment)
            self._merge()

    def remove(self, keys: Iterable[int]) -> None:
        """Takes documents out; unknown keys are passed over."""
        self._bury(map(int, keys))
        self._merge()

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
        weights = self._vectorizer.weights(counts)
        places = self._candidates(counts, weights, n_candidates, exclude)
        keys, similarities = self._similarities(counts, weights, places)
        return best(keys, similarities, n_neighbors)

    def search_many(
        self,
        keys: Iterable[int],
        n_neighbors: int = N_NEIGHBORS,
        n_candidates: int = N_CANDIDATES,
    ) -> Iterator[tuple[int, NDArray[np.int64], NDArray[np.float32]]]:
        """(key, neighbors' keys, similarities) of indexed documents; KeyError for unknown keys."""
        for key in map(int, keys):
            yield key, *self.search(self.counts(key), n_neighbors, n_candidates, exclude=key)

    def _candidates(
        self,
        counts: TermCounts,
        weights: NDArray[np.float32],
        n_candidates: int,
        exclude: int | None,
    ) -> list[NDArray[np.int64]]:
        """For each segment, the rows that are worth comparing in full."""
        eligible = [alive.copy() for alive in self._alive]
        place = None if exclude is None else self._place_of(exclude)
        if place is not None:
            segment, row = place
            eligible[segment][row] = False
        if self._n_documents <= n_candidates:
            return [np.flatnonzero(rows) for rows in eligible]

        words = np.lexsort((counts.term_ids[: counts.n_words], -weights[: counts.n_words]))
        words = words[:N_QUERY_WORDS]
        partial = np.concatenate(
            [
                segment.partial_similarities(counts.term_ids[words], weights[words]) * rows
                for segment, rows in zip(self._segments, eligible, strict=True)
            ]
        )
        touched = np.flatnonzero(partial)
        offsets = np.cumsum([0, *map(len, self._segments)])
        if len(touched) > n_candidates:
            keys = np.concatenate([segment.keys for segment in self._segments])
            touched = touched[_order(keys[touched], partial[touched], n_candidates)]
            touched.sort()
        bounds = np.searchsorted(touched, offsets)
        return [
            touched[start:end] - offset
            for start, end, offset in zip(bounds[:-1], bounds[1:], offsets[:-1], strict=True)
        ]

    def _similarities(
        self,
        counts: TermCounts,
        weights: NDArray[np.float32],
        places: Sequence[NDArray[np.int64]],
    ) -> Neighbors:
        """Cosine similarities to the given rows of each segment; those above 0, in any order."""
        self._query.load(counts.term_ids, weights)
        try:
            parts = [
                (segment.keys[rows], segment.similarities(rows, self._query))
                for segment, rows in zip(self._segments, places, strict=True)
                if len(rows)
            ]
        finally:
            self._query.unload(counts.term_ids)
        keys = np.concatenate([np.empty(0, np.int64), *(part[0] for part in parts)])
        similarities = np.concatenate([np.empty(0, np.float32), *(part[1] for part in parts)])
        above_zero = similarities > 0
        return keys[above_zero], similarities[above_zero]

    def _place_of(self, key: int) -> tuple[int, int] | None:
        """(segment, row) of a living document."""
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

    def _append(self, segment: Segment) -> None:
        self._segments.append(segment)
        self._alive.append(np.ones(len(segment), np.bool_))
        self._n_documents += len(segment)

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
            self._append(Segment.merged(parts))


def best(keys: NDArray[np.int64], similarities: NDArray[np.float32], n: int) -> Neighbors:
    """The n most similar, in order."""
    order = _order(keys, similarities, n)
    return keys[order], similarities[order]


def _order(
    keys: NDArray[np.int64], scores: NDArray[np.float32] | NDArray[np.float64], n: int
) -> NDArray[np.intp]:
    """Where the n highest scores are, highest first, equals by key descending."""
    chosen = np.arange(len(scores))
    if 0 < n < len(scores):
        # Only scores that reach the n-th highest need sorting.
        chosen = np.flatnonzero(scores >= np.partition(scores, -n)[-n])
    return chosen[np.lexsort((-keys[chosen], -scores[chosen]))][:n]
