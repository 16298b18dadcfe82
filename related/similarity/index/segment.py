"""The counts of documents in plain arrays: rows for exact similarity, postings for candidates.

Nothing in a segment ever changes, so its arrays can lie in memory-mapped files. Counts are kept,
not weights: a weight is ``sqrt(count) * idf / length``, and only the lengths (one number per
document) have to be computed again when the statistics change.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from related.similarity.index import loops, title_loops
from related.similarity.index.loops import ROOTS
from related.similarity.index.postings import posting_ranges, postings_of
from related.similarity.index.query import Common, Query
from related.similarity.index.rows import Rows, entries_of
from related.similarity.index.vectorizer import Vectorizer
from related.similarity.text.terms import TermCounts


class Vectors(NamedTuple):
    """The weighted terms of m documents: ends int64 [m + 1]; the others [nnz], by document."""

    ends: NDArray[np.int64]
    term_ids: NDArray[np.uint32]
    idf: NDArray[np.float32]
    weights: NDArray[np.float32]


class Texts(NamedTuple):
    """The terms of m documents: ends int64 [m + 1], lengths [m]; ids, idf and the roots of their
    counts [nnz]."""

    ends: NDArray[np.int64]
    term_ids: NDArray[np.uint32]
    idf: NDArray[np.float32]
    roots: NDArray[np.float32]
    lengths: NDArray[np.float32]


class Titles(NamedTuple):
    """The titles of m documents: ends int64 [m + 1], lengths [m]; ids and idf [nnz]."""

    ends: NDArray[np.int64]
    term_ids: NDArray[np.uint32]
    idf: NDArray[np.float32]
    lengths: NDArray[np.float32]


@dataclass(frozen=True, slots=True, eq=False)
class Segment:
    """Rows are sorted by key; row r's terms lie in ``row_ends[r] : row_ends[r + 1]``.

    keys int64 [n], lengths float32 [n], row_ends int64 [n + 1]; term_ids uint32, counts uint16
    [nnz]; the same term by term, by row within a term: posting_terms uint32 [t] sorted,
    posting_ends uint32 [t + 1], posting_rows uint32, posting_counts uint16 [nnz]. A large segment
    lists all possible terms: posting_terms is empty then and posting_ends counts 2**23.
    The titles: title_ids uint32, those of row r in ``title_ends[r] : title_ends[r + 1]``; and
    title_lengths float32 [n], of their idf.
    """

    keys: NDArray[np.int64]
    lengths: NDArray[np.float32]
    row_ends: NDArray[np.int64]
    term_ids: NDArray[np.uint32]
    counts: NDArray[np.uint16]
    posting_terms: NDArray[np.uint32]
    posting_ends: NDArray[np.uint32]
    posting_rows: NDArray[np.uint32]
    posting_counts: NDArray[np.uint16]
    title_ends: NDArray[np.int64]
    title_ids: NDArray[np.uint32]
    title_lengths: NDArray[np.float32]

    def __post_init__(self) -> None:
        for field in fields(self):
            getattr(self, field.name).setflags(write=False)

    @classmethod
    def from_counts(
        cls, keys: Sequence[int], documents: Sequence[TermCounts], vectorizer: Vectorizer
    ) -> Segment:
        """A segment of one or more documents in any order; the keys must differ."""
        order = np.argsort(np.asarray(keys, np.int64), kind="stable")
        documents = [documents[i] for i in order]
        return cls._from_rows(
            np.asarray(keys, np.int64)[order],
            Rows.of([document.term_ids for document in documents]),
            np.concatenate([document.counts for document in documents]),
            Rows.of([document.title_ids for document in documents]),
            vectorizer,
        )

    @classmethod
    def merged(
        cls, parts: Sequence[tuple[Segment, NDArray[np.bool_]]], vectorizer: Vectorizer
    ) -> Segment:
        """One segment of the rows that are still alive in several."""
        keys = np.concatenate([segment.keys[alive] for segment, alive in parts])
        order = np.argsort(keys, kind="stable")
        rows, entries = Rows.merged(
            [(segment.row_ends, segment.term_ids, alive) for segment, alive in parts], order
        )
        titles, _ = Rows.merged(
            [(segment.title_ends, segment.title_ids, alive) for segment, alive in parts], order
        )
        counts = np.concatenate([segment.counts for segment, _ in parts])[entries]
        return cls._from_rows(keys[order], rows, counts, titles, vectorizer)

    @classmethod
    def _from_rows(
        cls,
        keys: NDArray[np.int64],
        rows: Rows,
        counts: NDArray[np.uint16],
        titles: Rows,
        vectorizer: Vectorizer,
    ) -> Segment:
        return cls(
            keys,
            vectorizer.lengths(rows.ends, rows.term_ids, counts),
            rows.ends,
            rows.term_ids,
            counts,
            *postings_of(rows.ends, rows.term_ids, counts),
            titles.ends,
            titles.term_ids,
            vectorizer.title_lengths(titles.ends, titles.term_ids),
        )

    def reweighted(self, vectorizer: Vectorizer) -> Segment:
        """The same documents by other statistics; only the lengths take new memory."""
        lengths = vectorizer.lengths(self.row_ends, self.term_ids, self.counts)
        title_lengths = vectorizer.title_lengths(self.title_ends, self.title_ids)
        return replace(self, lengths=lengths, title_lengths=title_lengths)

    def __len__(self) -> int:
        return len(self.keys)

    def row_of(self, key: int) -> int | None:
        """The row of a key; None if it is not here."""
        row = int(np.searchsorted(self.keys, key))
        return row if row < len(self.keys) and self.keys[row] == key else None

    def counts_of(self, row: int) -> TermCounts:
        entries = slice(self.row_ends[row], self.row_ends[row + 1])
        title = slice(self.title_ends[row], self.title_ends[row + 1])
        return TermCounts(
            self.term_ids[entries].copy(),
            self.counts[entries].copy(),
            title_ids=self.title_ids[title].copy(),
        )

    def add_partial_similarities(self, query: Query, sums: NDArray[np.float32]) -> None:
        """``sums += document @ query`` over the searched terms only; float32 [n].

        Each row is summed in the order of term ids, so the sum does not depend on the segment in
        which a document lies.
        """
        term_ids = query.term_ids[query.is_searched]
        weights = query.weights[query.is_searched] * query.idf[query.is_searched]
        starts, ends = self.posting_ranges(term_ids)
        loops.add_postings(sums, self.posting_rows, self.posting_counts, starts, ends, weights)
        sums /= self.lengths

    def common_lengths(self, vectorizer: Vectorizer, common: Common) -> NDArray[np.float32]:
        """Length of the part of each vector that a query need not search (``Query.of``); [n]."""
        least = common.least_searched_idf(vectorizer.statistics)
        part = vectorizer.partial_lengths(self.row_ends, self.term_ids, self.counts, least)
        return part / self.lengths

    def posting_ranges(
        self, term_ids: NDArray[np.uint32]
    ) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Where the postings of each term start and end; equal for a term without any."""
        return posting_ranges(self.posting_terms, self.posting_ends, term_ids)

    def similarities(self, rows: NDArray[np.int64], query: Query) -> NDArray[np.float32]:
        """``document @ query`` of some rows; float32, aligned with ``rows``.

        Sums are float64, in the order of term ids: a's similarity to b is b's to a to the last
        bit, so neighbor lists can be compared.
        """
        return loops.similarities(
            rows,
            self.row_ends,
            self.term_ids,
            self.counts,
            self.lengths,
            query.finder,
            query.term_ids,
            query.idf,
            query.weights,
        )

    def contributions(self, rows: NDArray[np.int64], query: Query) -> NDArray[np.float32]:
        """The products that ``similarities`` adds up, [len(rows), terms of the query]."""
        found = np.zeros((len(rows), len(query.term_ids)), np.float32)
        loops.contributions(
            rows,
            self.row_ends,
            self.term_ids,
            self.counts,
            self.lengths,
            query.finder,
            query.term_ids,
            query.idf,
            query.weights,
            found,
        )
        return found

    def vectors(self, rows: NDArray[np.int64], vectorizer: Vectorizer) -> Vectors:
        """The weighted terms of some rows."""
        ends, term_ids, idf, roots, lengths = self.texts(rows, vectorizer)
        weights = (roots * idf / np.repeat(lengths, np.diff(ends))).astype(np.float32)
        return Vectors(ends, term_ids, idf, weights)

    def texts(self, rows: NDArray[np.int64], vectorizer: Vectorizer) -> Texts:
        """The terms of some rows."""
        ends, entries = entries_of(self.row_ends, rows)
        term_ids = self.term_ids[entries]
        idf = vectorizer.statistics.idf(term_ids)
        return Texts(ends, term_ids, idf, ROOTS[self.counts[entries]], self.lengths[rows])

    def titles(self, rows: NDArray[np.int64], vectorizer: Vectorizer) -> Titles:
        """The titles of some rows."""
        ends, entries = entries_of(self.title_ends, rows)
        term_ids = self.title_ids[entries]
        idf = vectorizer.statistics.idf(term_ids)
        return Titles(ends, term_ids, idf, self.title_lengths[rows])

    def list_similarities(self, listed: NDArray[np.int64], queries: Vectors) -> NDArray[np.float32]:
        """[q, i] = similarity of query q and row ``listed[q, i]``; 0 where that is -1."""
        found = np.zeros(listed.shape, np.float32)
        loops.list_similarities(
            listed, self.row_ends, self.term_ids, self.counts, self.lengths, *queries, found
        )
        return found

    def title_similarities(
        self, listed: NDArray[np.int64], queries: Texts, titles: Titles
    ) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """Of each query and row ``listed[q, i]``: (cosine of the one's title and the other's whole
        text, the mean of both ways; cosine of the titles). 0 where the row is -1."""
        with_text = np.zeros(listed.shape, np.float32)
        with_title = np.zeros(listed.shape, np.float32)
        title_loops.title_similarities(
            listed,
            self.row_ends,
            self.term_ids,
            self.counts,
            self.lengths,
            self.title_ends,
            self.title_ids,
            self.title_lengths,
            *queries,
            *titles,
            with_text,
            with_title,
        )
        return with_text, with_title
