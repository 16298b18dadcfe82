"""The documents of one language, searched for the nearest in two stages.

1. Candidates: the query's rarer terms, and always its heaviest, against the postings.
2. Order: the full vectors.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from related.similarity.index.files import load_segments, save_segments
from related.similarity.index.highest import ABOVE_ZERO, NeighborList, best, highest
from related.similarity.index.query import COMMON, Query
from related.similarity.index.segments import Location, Segments
from related.similarity.index.statistics import TermStatistics
from related.similarity.index.vectorizer import Vectorizer
from related.similarity.text.terms import TermCounts

N_NEIGHBORS = 40
N_CANDIDATES = 400
# Compared beside the n that the first stage puts first, to learn how near the n-th nearest is.
N_SPARE = 20


class Index:
    """Documents by key, in memory, for one thread; all weights come from the given statistics.

    What is found depends on the documents alone, not on the order in which they were put in.
    """

    def __init__(self, statistics: TermStatistics) -> None:
        self.statistics = statistics
        self.vectorizer = Vectorizer(statistics)
        self._segments = Segments(self.vectorizer)
        # By fraction of the documents; of the documents that are here now.
        self._common_lengths: dict[float, NDArray[np.float32]] = {}

    def __len__(self) -> int:
        return self._segments.n_documents

    def __contains__(self, key: int) -> bool:
        return self._segments.place_of(key) is not None

    def holds(self, keys: Sequence[int]) -> NDArray[np.bool_]:
        """Which of some documents are here."""
        return self._segments.rows_of(np.asarray(keys, np.int64)) >= 0

    def keys(self) -> NDArray[np.int64]:
        """The keys of all documents, ascending."""
        return self._segments.keys()

    def counts(self, key: int) -> TermCounts:
        """The counts of a document (without words); KeyError when it is not in the index."""
        segment, row, _ = self._place_of(key)
        return segment.counts_of(row)

    def query(self, key: int, common: float = COMMON) -> Query:
        """A document as a query (see ``Query.of``); KeyError when it is not in the index."""
        return self._query_at(self._place_of(key), common)

    def put(self, keys: Sequence[int], counts: Sequence[TermCounts]) -> None:
        """Adds documents and replaces known ones; of a repeated key the last wins."""
        self._common_lengths.clear()
        self._segments.put(dict(zip(map(int, keys), counts, strict=True)))

    def remove(self, keys: Iterable[int]) -> None:
        """Takes documents out; unknown keys are passed over."""
        self._common_lengths.clear()
        self._segments.remove(map(int, keys))

    def with_statistics(self, statistics: TermStatistics) -> Index:
        """The same documents with other weights; the arrays of their counts are shared."""
        index = Index(statistics)
        for segment, alive in self._segments:
            index._segments.append(segment.reweighted(index.vectorizer), alive.copy())
        return index

    def save(self, directory: Path) -> None:
        """Writes all documents to a folder of ``.npy`` files, for ``load``."""
        save_segments(directory, list(self._segments), self.statistics)

    @classmethod
    def load(cls, directory: Path, statistics: TermStatistics) -> Index:
        """What ``save`` wrote, mapped into memory that all processes of a host share.

        Other statistics than those it was saved with only change the weights.

        Raises:
            ValueError: a file is missing or damaged; the message says which and how.
        """
        index = cls(statistics)
        for segment, alive in load_segments(directory, statistics):
            index._segments.append(segment, alive)
        return index

    def search(
        self,
        counts: TermCounts,
        n_neighbors: int = N_NEIGHBORS,
        n_candidates: int = N_CANDIDATES,
        exclude: int | None = None,
    ) -> NeighborList:
        """The nearest documents with a similarity above 0, most similar first.

        Exact while there are at most ``n_candidates`` documents. ``exclude`` is the key of the
        query itself. Ask for ``n_candidates`` neighbors to learn all similarities that were
        computed, as ``NeighborLists.update`` wants them.
        """
        place = None if exclude is None else self._segments.place_of(exclude)
        excluded = None if place is None else place.of_all
        query = Query.of(counts, self.vectorizer)
        return self._nearest(query, n_neighbors, n_candidates, excluded)

    def search_many(
        self,
        keys: Iterable[int],
        n_neighbors: int = N_NEIGHBORS,
        n_candidates: int = N_CANDIDATES,
    ) -> Iterator[tuple[int, NDArray[np.int64], NDArray[np.float32]]]:
        """(key, neighbors' keys, similarities) of indexed documents; KeyError for unknown keys."""
        for key in map(int, keys):
            yield key, *self.nearest_of(key, n_neighbors, n_candidates)

    def nearest_of(self, key: int, n_neighbors: int, n_candidates: int) -> NeighborList:
        """``search`` for an indexed document; KeyError when it is not in the index."""
        place = self._place_of(key)
        query = self._query_at(place, COMMON)
        return self._nearest(query, n_neighbors, n_candidates, place.of_all)

    def _nearest(
        self, query: Query, n_neighbors: int, n_candidates: int, excluded: int | None
    ) -> NeighborList:
        """``excluded`` is a row."""
        if len(self) <= n_candidates:
            rows = self._segments.rows()
            rows = rows if excluded is None else rows[rows != excluded]
        else:
            rows = self._candidates(query, n_candidates, excluded)
            if len(rows) < min(n_neighbors, n_candidates) and not query.is_searched.all():
                # Whoever shares common terms alone belongs into a list that has room.
                rows = self._candidates(query.of_all_terms(), n_candidates, excluded)
        return best(self._segments.keys_at(rows), self._similarities(rows, query), n_neighbors)

    def nearest_of_all(self, key: int, n_neighbors: int, common: float) -> NeighborList:
        """``nearest_of`` a document for certain, whatever the first stage leaves out.

        By Cauchy and Schwarz the terms left out add at most the product of two lengths: that of
        the query's part and that of the document's. Whatever could reach the n-th nearest of
        those found first is compared. So do L2AP (Anastasiu and Karypis, ICDE 2014) and others.
        """
        place = self._place_of(key)
        query, own_row = self._query_at(place, common), place.of_all
        sums = self._partial_similarities(query)
        sums[own_row] = 0
        rows = highest(sums, n_neighbors + N_SPARE, self._segments.keys_at)
        similarities = self._similarities(rows, query)
        least = ABOVE_ZERO
        if len(rows) >= n_neighbors:
            # Sums of float32 are off by a rounding per term at most.
            rounding = 2 * (len(query.weights) + 1) * np.finfo(np.float32).eps
            least = max(least, np.partition(similarities, -n_neighbors)[-n_neighbors] - rounding)
        left_out = np.linalg.norm(query.weights[~query.is_searched])
        sums += left_out * self._lengths_of_common(common)
        sums[own_row] = 0
        sums[rows] = 0
        more = np.flatnonzero(sums >= least)
        return best(
            self._segments.keys_at(np.concatenate([rows, more])),
            np.concatenate([similarities, self._similarities(more, query)]),
            n_neighbors,
        )

    def _lengths_of_common(self, common: float) -> NDArray[np.float32]:
        """How much of each row's vector are terms of more than a fraction of the documents."""
        if common not in self._common_lengths:
            lengths = [
                alive * segment.common_lengths(self.vectorizer, common)
                for segment, alive in self._segments
            ]
            self._common_lengths[common] = np.concatenate([np.empty(0, np.float32), *lengths])
        return self._common_lengths[common]

    def list_similarities(
        self, keys: Sequence[int], listed: NDArray[np.int64]
    ) -> NDArray[np.float32]:
        """Cosine of document ``keys[q]`` and ``listed[q, i]``, shaped as ``listed``.

        0 for keys in ``listed`` that are not in the index; KeyError for such ``keys``.
        """
        rows = self._segments.rows_of(np.asarray(keys, np.int64))
        if (rows < 0).any():
            raise KeyError(f"Document {keys[int(rows.argmin())]} is not in the index.")
        listed_rows = self._segments.rows_of(listed.ravel()).reshape(listed.shape)
        found = np.zeros(listed.shape, np.float32)
        for segment, _, span in self._segments.spans():
            queries = np.flatnonzero((rows >= span.start) & (rows < span.stop))
            vectors = segment.vectors(rows[queries] - span.start, self.vectorizer)
            for other, _, other_span in self._segments.spans():
                places = listed_rows[queries] - other_span.start
                places[(places < 0) | (places >= len(other))] = -1
                found[queries] += other.list_similarities(places, vectors)
        return found

    def contributions(self, query: Query, keys: Sequence[int]) -> NDArray[np.float32]:
        """What each term adds to the cosine of the query and some documents.

        [len(keys), terms of the query], all 0 for documents that are not in the index.
        """
        rows = self._segments.rows_of(np.asarray(keys, np.int64))
        found = np.zeros((len(rows), len(query.term_ids)), np.float32)
        for segment, _, span in self._segments.spans():
            here = np.flatnonzero((rows >= span.start) & (rows < span.stop))
            if len(here):
                found[here] = segment.contributions(rows[here] - span.start, query)
        return found

    def _place_of(self, key: int) -> Location:
        place = self._segments.place_of(key)
        if place is None:
            raise KeyError(f"Document {key} is not in the index.")
        return place

    def _query_at(self, place: Location, common: float) -> Query:
        segment, row, _ = place
        return Query.of(segment.counts_of(row), self.vectorizer, common, segment.lengths[row])

    def _candidates(self, query: Query, n: int, excluded: int | None) -> NDArray[np.int64]:
        """The rows of the n documents to which the searched terms alone are nearest."""
        partial = self._partial_similarities(query)
        if excluded is not None:
            partial[excluded] = 0
        return highest(partial, n, self._segments.keys_at)

    def _partial_similarities(self, query: Query) -> NDArray[np.float32]:
        """Of every row, what the searched terms contribute; 0 for dead rows."""
        sums = np.zeros(self._segments.n_rows + 1, np.float32)[:-1]
        for segment, alive, span in self._segments.spans():
            segment.add_partial_similarities(query, sums[span])
            if not alive.all():
                sums[span] *= alive
        return sums

    def _similarities(self, rows: NDArray[np.int64], query: Query) -> NDArray[np.float32]:
        """Cosine similarities to some rows, aligned with them."""
        if len(self._segments) == 1:  # as in ``keys_at``
            [(segment, _)] = self._segments
            return segment.similarities(rows, query)
        found = np.empty(len(rows), np.float32)
        for segment, _, span in self._segments.spans():
            here = (rows >= span.start) & (rows < span.stop)
            found[here] = segment.similarities(rows[here] - span.start, query)
        return found
