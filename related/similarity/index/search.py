"""The documents of one language, searched for the nearest ones in two stages.

1. Candidates: the query's rarer terms, and always its heaviest, against the postings.
2. Order: the full vectors.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from related.similarity.index import over_segments
from related.similarity.index.files import load_segments, save_segments
from related.similarity.index.highest import ABOVE_ZERO, NeighborList, best, highest
from related.similarity.index.query import COMMON, Common, Query
from related.similarity.index.segment import Segment
from related.similarity.index.segments import Location, Segments
from related.similarity.index.statistics import TermStatistics
from related.similarity.index.vectorizer import Vectorizer
from related.similarity.text.terms import TermCounts

N_NEIGHBORS = 40
# Compared in the second stage; also how many lists of others one publish can change.
N_CANDIDATES = 400
# Compared beside the n that the first stage ranks highest, to learn how near the n-th nearest is.
N_SPARE = 20


class Index:
    """Documents by key, in memory, for one thread; all weights come from the given statistics.

    What is found depends on the documents alone, not on the order in which they were put in.
    """

    def __init__(self, statistics: TermStatistics) -> None:
        self.statistics = statistics
        self.vectorizer = Vectorizer(statistics)
        self._segments = Segments(self.vectorizer)
        self._common_lengths: dict[Common, NDArray[np.float32]] = {}  # until a document changes

    def __len__(self) -> int:
        return self._segments.n_documents

    def __contains__(self, key: int) -> bool:
        return self._segments.location_of(key) is not None

    def holds(self, keys: Sequence[int]) -> NDArray[np.bool_]:
        """Which of some documents are here."""
        return self._segments.rows_of(np.asarray(keys, np.int64)) >= 0

    def keys(self) -> NDArray[np.int64]:
        """The keys of all documents, ascending."""
        return self._segments.keys()

    def counts(self, key: int) -> TermCounts:
        """The counts of a document (without words); KeyError if it is not in the index."""
        segment, row, _ = self._location_of(key)
        return segment.counts_of(row)

    def query(self, key: int, common: Common = COMMON) -> Query:
        """A document as a query (see ``Query.of``); KeyError if it is not in the index."""
        return self._query_at(self._location_of(key), common)

    def put(self, keys: Sequence[int], counts: Sequence[TermCounts]) -> None:
        """Adds documents and replaces known ones; of a repeated key the last wins."""
        self._common_lengths.clear()
        self._segments.put(dict(zip(map(int, keys), counts, strict=True)))

    def remove(self, keys: Iterable[int]) -> None:
        """Takes documents out; unknown keys are skipped."""
        self._common_lengths.clear()
        self._segments.remove(map(int, keys))

    def with_statistics(self, statistics: TermStatistics) -> Index:
        """The same documents with other weights; the arrays of their counts are shared."""
        index = Index(statistics)
        for segment, alive in self._segments:
            index._segments.append(segment.reweighted(index.vectorizer), alive.copy())
        return index

    def with_more(self, keys: Sequence[int], counts: Sequence[TermCounts]) -> Index:
        """The same documents and some that are not here, for reading; the arrays are shared, and
        this index stays as it is."""
        index = Index(self.statistics)
        for segment, alive in self._segments:
            index._segments.append(segment, alive)
        index._segments.append(Segment.from_counts(keys, counts, index.vectorizer))
        return index

    def save(self, directory: Path) -> None:
        """Writes all documents to a folder of ``.npy`` files, for ``load``."""
        save_segments(directory, list(self._segments), self.statistics)

    @classmethod
    def load(cls, directory: Path, statistics: TermStatistics) -> Index:
        """What ``save`` wrote, mapped into memory that all processes of a host share.

        Statistics other than those it was saved with only change the weights.

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
        common: Common = COMMON,
    ) -> NeighborList:
        """The nearest documents with a similarity above 0, most similar first.

        Exact while there are at most ``n_candidates`` documents. ``exclude`` is the key of the
        query itself. Ask for ``n_candidates`` neighbors to get all similarities that were
        computed, as ``NeighborLists.update`` needs them.
        """
        location = None if exclude is None else self._segments.location_of(exclude)
        excluded = None if location is None else location.of_all
        query = Query.of(counts, self.vectorizer, common)
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
        """``search`` for an indexed document; KeyError if it is not in the index."""
        location = self._location_of(key)
        query = self._query_at(location, COMMON)
        return self._nearest(query, n_neighbors, n_candidates, location.of_all)

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
                # Documents that share only common terms belong in a list that has room.
                rows = self._candidates(query.of_all_terms(), n_candidates, excluded)
        return best(self._segments.keys_at(rows), self._similarities(rows, query), n_neighbors)

    def nearest_of_all(self, key: int, n_neighbors: int, common: Common) -> NeighborList:
        """``nearest_of`` a document for certain, whatever the first stage leaves out.

        By Cauchy and Schwarz the terms left out add at most the product of two lengths: that of
        the query's part and that of the document's. Every document that could thus reach the n-th
        nearest of those found first is compared, as in L2AP (Anastasiu and Karypis, ICDE 2014).
        """
        location = self._location_of(key)
        query, own_row = self._query_at(location, common), location.of_all
        sums = over_segments.partial_similarities(self._segments, query)
        sums[own_row] = 0
        rows = highest(sums, n_neighbors + N_SPARE, self._segments.keys_at)
        similarities = self._similarities(rows, query)
        least = ABOVE_ZERO
        if len(rows) >= n_neighbors:
            # Sums of float32 are off by at most one rounding per term.
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

    def _lengths_of_common(self, common: Common) -> NDArray[np.float32]:
        if common not in self._common_lengths:
            lengths = over_segments.common_lengths(self._segments, self.vectorizer, common)
            self._common_lengths[common] = lengths
        return self._common_lengths[common]

    def list_similarities(
        self, keys: Sequence[int], listed: NDArray[np.int64]
    ) -> NDArray[np.float32]:
        """Cosine of document ``keys[q]`` and ``listed[q, i]``, shaped as ``listed``.

        0 for keys in ``listed`` that are not in the index; KeyError for such ``keys``.
        """
        rows, listed_rows = self._rows_of_lists(keys, listed)
        return over_segments.list_similarities(self._segments, rows, listed_rows, self.vectorizer)

    def title_similarities(
        self, keys: Sequence[int], listed: NDArray[np.int64]
    ) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """What the titles of document ``keys[q]`` and ``listed[q, i]`` add, shaped as ``listed``.

        (Cosine of the one's title and the other's whole text, the mean of both ways; cosine of the
        two titles.) 0 for keys in ``listed`` that are not in the index; KeyError for such ``keys``.
        """
        rows, listed_rows = self._rows_of_lists(keys, listed)
        return over_segments.title_similarities(self._segments, rows, listed_rows, self.vectorizer)

    def contributions(self, query: Query, keys: Sequence[int]) -> NDArray[np.float32]:
        """What each term adds to the cosine of the query and some documents.

        [len(keys), terms of the query], all 0 for documents that are not in the index.
        """
        rows = self._segments.rows_of(np.asarray(keys, np.int64))
        return over_segments.contributions(self._segments, rows, query)

    def _rows_of_lists(
        self, keys: Sequence[int], listed: NDArray[np.int64]
    ) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        rows = self._segments.rows_of(np.asarray(keys, np.int64))
        if (rows < 0).any():
            raise KeyError(f"Document {keys[int(rows.argmin())]} is not in the index.")
        return rows, self._segments.rows_of(listed.ravel()).reshape(listed.shape)

    def _location_of(self, key: int) -> Location:
        location = self._segments.location_of(key)
        if location is None:
            raise KeyError(f"Document {key} is not in the index.")
        return location

    def _query_at(self, location: Location, common: Common) -> Query:
        segment, row, _ = location
        return Query.of(segment.counts_of(row), self.vectorizer, common, segment.lengths[row])

    def _candidates(self, query: Query, n: int, excluded: int | None) -> NDArray[np.int64]:
        """The rows of the n documents to which the searched terms alone are nearest."""
        sums = over_segments.partial_similarities(self._segments, query)
        if excluded is not None:
            sums[excluded] = 0
        return highest(sums, n, self._segments.keys_at)

    def _similarities(self, rows: NDArray[np.int64], query: Query) -> NDArray[np.float32]:
        return over_segments.similarities(self._segments, rows, query)
