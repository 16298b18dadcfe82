"""The counts of documents in plain arrays: rows for exact similarity, postings for candidates.

Nothing in a segment ever changes, so its arrays can lie in memory-mapped files. Counts are kept,
not weights: a weight is ``sqrt(count) * idf / length``, and of these only the lengths (one number
per document) have to be made anew when the statistics change.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace

import numpy as np
from numpy.typing import NDArray

from related.similarity import loops
from related.similarity.index.query import Query, least_searched_idf
from related.similarity.index.vectorizer import ROOTS, Vectorizer
from related.similarity.text.term_ids import N_TERM_IDS
from related.similarity.text.terms import TermCounts

# (ends int64 [m + 1], term_ids uint32, idf float32, weights float32 [nnz]) of m documents.
Vectors = tuple[NDArray[np.int64], NDArray[np.uint32], NDArray[np.float32], NDArray[np.float32]]
# With fewer entries, a table of all 2**23 term ids would take more memory than they do.
_FEW_ENTRIES = 2**21
# What the ends of postings can count: those of some ten million articles.
_MOST_ENTRIES = 2**32 - 1


@dataclass(frozen=True, slots=True, eq=False)
class Segment:
    """Rows are sorted by key; row r's terms lie in ``row_ends[r] : row_ends[r + 1]``.

    keys int64 [n], lengths float32 [n], row_ends int64 [n + 1]; term_ids uint32, counts uint16
    [nnz]; the same term by term, by row within a term: posting_terms uint32 [t] sorted,
    posting_ends uint32 [t + 1], posting_rows uint32, posting_counts uint16 [nnz]. A large segment
    has all terms there can be: posting_terms is empty then and posting_ends counts 2**23.
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
            np.array([len(document) for document in documents], np.int64),
            np.concatenate([document.term_ids for document in documents]),
            np.concatenate([document.counts for document in documents]),
            vectorizer,
        )

    @classmethod
    def merged(
        cls, parts: Sequence[tuple[Segment, NDArray[np.bool_]]], vectorizer: Vectorizer
    ) -> Segment:
        """One segment of the rows that are still alive in several."""
        keys = np.concatenate([segment.keys[alive] for segment, alive in parts])
        order = np.argsort(keys, kind="stable")
        lengths = np.concatenate([np.diff(segment.row_ends)[alive] for segment, alive in parts])
        # Where each row begins when the entries of all segments are put behind one another.
        offsets = np.cumsum([0, *(len(segment.term_ids) for segment, _ in parts)])
        starts = np.concatenate(
            [
                segment.row_ends[:-1][alive] + offset
                for (segment, alive), offset in zip(parts, offsets[:-1], strict=True)
            ]
        )
        entries = ranges(starts[order], lengths[order])
        return cls._from_rows(
            keys[order],
            lengths[order],
            np.concatenate([segment.term_ids for segment, _ in parts])[entries],
            np.concatenate([segment.counts for segment, _ in parts])[entries],
            vectorizer,
        )

    @classmethod
    def _from_rows(
        cls,
        keys: NDArray[np.int64],
        n_terms: NDArray[np.int64],
        term_ids: NDArray[np.uint32],
        counts: NDArray[np.uint16],
        vectorizer: Vectorizer,
    ) -> Segment:
        row_ends = np.concatenate([[0], np.cumsum(n_terms)])
        return cls(
            keys,
            vectorizer.lengths(row_ends, term_ids, counts),
            row_ends,
            term_ids,
            counts,
            *_postings(row_ends, term_ids, counts),
        )

    def reweighted(self, vectorizer: Vectorizer) -> Segment:
        """The same documents by other statistics; only the lengths take new memory."""
        lengths = vectorizer.lengths(self.row_ends, self.term_ids, self.counts)
        return replace(self, lengths=lengths)

    def __len__(self) -> int:
        return len(self.keys)

    def row_of(self, key: int) -> int | None:
        """The row of a key, found by halving; None when it is not here."""
        row = int(np.searchsorted(self.keys, key))
        return row if row < len(self.keys) and self.keys[row] == key else None

    def counts_of(self, row: int) -> TermCounts:
        entries = slice(self.row_ends[row], self.row_ends[row + 1])
        return TermCounts(self.term_ids[entries].copy(), self.counts[entries].copy())

    def add_partial_similarities(self, query: Query, sums: NDArray[np.float32]) -> None:
        """``sums += document @ query`` over the searched terms only; float32 [n].

        Each row's sum is taken in the order of term ids, so it does not depend on which segment a
        document lies in.
        """
        term_ids = query.term_ids[query.is_searched]
        weights = query.weights[query.is_searched] * query.idf[query.is_searched]
        starts, ends = self._posting_ranges(term_ids)
        loops.add_postings(sums, self.posting_rows, self.posting_counts, starts, ends, weights)
        sums /= self.lengths

    def common_lengths(self, vectorizer: Vectorizer, common: float) -> NDArray[np.float32]:
        """Length of the part of each vector that a query need not search (``Query.of``); [n]."""
        least = least_searched_idf(vectorizer.statistics, common)
        part = vectorizer.partial_lengths(self.row_ends, self.term_ids, self.counts, least)
        return part / self.lengths

    def _posting_ranges(
        self, term_ids: NDArray[np.uint32]
    ) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Where the postings of each term start and end; the same for a term that has none."""
        if not len(self.posting_terms):
            ends = self.posting_ends
            return ends[term_ids].astype(np.int64), ends[term_ids + 1].astype(np.int64)
        at = np.minimum(np.searchsorted(self.posting_terms, term_ids), len(self.posting_terms) - 1)
        starts = self.posting_ends[at].astype(np.int64)
        has_some = self.posting_terms[at] == term_ids
        return starts, np.where(has_some, self.posting_ends[at + 1].astype(np.int64), starts)

    def similarities(self, rows: NDArray[np.int64], query: Query) -> NDArray[np.float32]:
        """``document @ query`` of some rows; float32, aligned with ``rows``.

        Sums are float64 in the order of term ids: a's similarity to b is b's to a to the last
        bit, which lets neighbor lists be compared.
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
        n_terms = self.row_ends[rows + 1] - self.row_ends[rows]
        entries = ranges(self.row_ends[rows], n_terms)
        term_ids = self.term_ids[entries]
        idf = vectorizer.statistics.idf(term_ids)
        lengths = np.repeat(self.lengths[rows], n_terms)
        ends = np.concatenate([[0], np.cumsum(n_terms)])
        return ends, term_ids, idf, (ROOTS[self.counts[entries]] * idf / lengths).astype(np.float32)

    def list_similarities(self, listed: NDArray[np.int64], queries: Vectors) -> NDArray[np.float32]:
        """[q, i] = similarity of query q and row ``listed[q, i]``; 0 where that is -1."""
        found = np.zeros(listed.shape, np.float32)
        loops.list_similarities(
            listed, self.row_ends, self.term_ids, self.counts, self.lengths, *queries, found
        )
        return found


def _postings(
    row_ends: NDArray[np.int64], term_ids: NDArray[np.uint32], counts: NDArray[np.uint16]
) -> tuple[NDArray[np.uint32], NDArray[np.uint32], NDArray[np.uint32], NDArray[np.uint16]]:
    """(posting_terms, posting_ends, posting_rows, posting_counts) of rows."""
    n_rows = len(row_ends) - 1
    if len(term_ids) > _MOST_ENTRIES:
        raise ValueError(
            f"The documents have {len(term_ids):,} terms; an index holds {_MOST_ENTRIES:,}."
            " Leave out documents, by age for example."
        )
    if len(term_ids) < _FEW_ENTRIES:
        order = np.argsort(term_ids, kind="stable")
        rows = np.repeat(np.arange(n_rows, dtype=np.uint32), np.diff(row_ends))
        # Term 0 is there in any case, if only with no postings: no terms would mean all.
        terms, starts = np.unique(np.append(np.uint32(0), term_ids[order]), return_index=True)
        ends = np.append(np.maximum(starts - 1, 0), len(order))
        return terms, ends.astype(np.uint32), rows[order], counts[order]
    from scipy.sparse import csr_matrix  # here: see Vectorizer.lengths

    by_term = csr_matrix((counts, term_ids, row_ends), shape=(n_rows, N_TERM_IDS)).tocsc()
    terms = np.empty(0, np.uint32)
    rows = by_term.indices.astype(np.uint32)
    return terms, by_term.indptr.astype(np.uint32), rows, by_term.data


def ranges(starts: NDArray[np.int64], lengths: NDArray[np.int64]) -> NDArray[np.int64]:
    """``start, start + 1, ... start + length - 1`` for each pair, behind one another."""
    ends = np.cumsum(lengths)
    total = int(ends[-1]) if len(ends) else 0
    return np.arange(total) + np.repeat(starts - ends + lengths, lengths)
