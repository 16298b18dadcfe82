"""Weighted documents in plain arrays: rows for exact similarity, postings to find candidates.

Nothing in a segment ever changes, so its arrays can lie in memory-mapped files. Weights are those
of the statistics at the time of building.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from related.similarity.terms import N_TERM_IDS, N_WORD_IDS, TermCounts
from related.similarity.vectorizer import Vectorizer


class DenseQuery:
    """One query's weights by term id, in memory that is used again for the next query."""

    def __init__(self) -> None:
        self._weights = np.zeros(N_TERM_IDS, np.float32)
        # Whether the query has a term with these last 16 bits. 64 KB stay in the processor's
        # cache, the 32 MB of weights do not: asking here first is four times as fast.
        self._may_have = np.zeros(2**16, np.bool_)

    def load(self, term_ids: NDArray[np.uint32], weights: NDArray[np.float32]) -> None:
        self._weights[term_ids] = weights
        self._may_have[term_ids.astype(np.uint16)] = True

    def unload(self, term_ids: NDArray[np.uint32]) -> None:
        self._weights[term_ids] = 0
        self._may_have[term_ids.astype(np.uint16)] = False

    def shared(self, term_ids: NDArray[np.uint32]) -> tuple[NDArray[np.intp], NDArray[np.float32]]:
        """Places in ``term_ids`` of the terms that the query has, and their weights in it.

        A few that it does not have may be among them, with weight 0.
        """
        places = np.flatnonzero(self._may_have[term_ids.astype(np.uint16)])
        return places, self._weights[term_ids[places]]


@dataclass(frozen=True, slots=True, eq=False)
class Segment:
    """Rows are sorted by key; row r's terms lie in ``row_ends[r] : row_ends[r + 1]``.

    keys int64 [n], row_ends int64 [n + 1]; term_ids uint32, counts uint16, weights float32 [nnz];
    for single words only, term by term: posting_terms uint32 [t] sorted, posting_ends int64
    [t + 1], posting_rows uint32, posting_weights float32.
    """

    keys: NDArray[np.int64]
    row_ends: NDArray[np.int64]
    term_ids: NDArray[np.uint32]
    counts: NDArray[np.uint16]
    weights: NDArray[np.float32]
    posting_terms: NDArray[np.uint32]
    posting_ends: NDArray[np.int64]
    posting_rows: NDArray[np.uint32]
    posting_weights: NDArray[np.float32]

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
            np.concatenate([vectorizer.weights(document) for document in documents]),
        )

    @classmethod
    def merged(cls, parts: Sequence[tuple[Segment, NDArray[np.bool_]]]) -> Segment:
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
            np.concatenate([segment.weights for segment, _ in parts])[entries],
        )

    @classmethod
    def _from_rows(
        cls,
        keys: NDArray[np.int64],
        lengths: NDArray[np.int64],
        term_ids: NDArray[np.uint32],
        counts: NDArray[np.uint16],
        weights: NDArray[np.float32],
    ) -> Segment:
        words = np.flatnonzero(term_ids < N_WORD_IDS)
        by_term = words[np.argsort(term_ids[words], kind="stable")]
        rows = np.repeat(np.arange(len(keys), dtype=np.uint32), lengths)
        posting_terms, starts = np.unique(term_ids[by_term], return_index=True)
        return cls(
            keys=keys,
            row_ends=np.concatenate([[0], np.cumsum(lengths)]),
            term_ids=term_ids,
            counts=counts,
            weights=weights,
            posting_terms=posting_terms,
            posting_ends=np.append(starts, len(by_term)),
            posting_rows=rows[by_term],
            posting_weights=weights[by_term],
        )

    def __len__(self) -> int:
        return len(self.keys)

    def row_of(self, key: int) -> int | None:
        """The row of a key, found by halving; None when it is not here."""
        row = int(np.searchsorted(self.keys, key))
        return row if row < len(self.keys) and self.keys[row] == key else None

    def counts_of(self, row: int) -> TermCounts:
        entries = slice(self.row_ends[row], self.row_ends[row + 1])
        return TermCounts(self.term_ids[entries].copy(), self.counts[entries].copy())

    def partial_similarities(
        self, term_ids: NDArray[np.uint32], weights: NDArray[np.float32]
    ) -> NDArray[np.float64]:
        """``sum(weights[t] * document[t])`` over the given single words only; float64 [n].

        Each row's sum is taken in the order of ``term_ids``, so it does not depend on which
        segment a document lies in.
        """
        if not len(self.posting_terms):
            return np.zeros(len(self))
        at = np.minimum(np.searchsorted(self.posting_terms, term_ids), len(self.posting_terms) - 1)
        found = self.posting_terms[at] == term_ids
        at, weights = at[found], weights[found]
        lengths = self.posting_ends[at + 1] - self.posting_ends[at]
        entries = ranges(self.posting_ends[at], lengths)
        products = self.posting_weights[entries].astype(np.float64) * np.repeat(weights, lengths)
        return _sums(self.posting_rows[entries], products, len(self))

    def similarities(self, rows: NDArray[np.int64], query: DenseQuery) -> NDArray[np.float32]:
        """``document @ query`` of some rows; float32, aligned with ``rows``.

        Products and sums are float64 in the order of term ids: a's similarity to b is b's to a to
        the last bit, which lets neighbor lists be compared.
        """
        starts, ends = self.row_ends[rows], self.row_ends[rows + 1]
        slices = zip(starts.tolist(), ends.tolist(), strict=True)
        term_ids = np.concatenate([self.term_ids[start:end] for start, end in slices])
        shared, weights = query.shared(term_ids)
        # Back from the place among the joined slices to the row and to the entry of the segment.
        begins = np.cumsum(ends - starts) - (ends - starts)
        owners = np.searchsorted(begins, shared, side="right") - 1
        entries = shared - begins[owners] + starts[owners]
        products = self.weights[entries].astype(np.float64) * weights
        return _sums(owners, products, len(rows)).astype(np.float32)


def _sums(
    owners: NDArray[np.unsignedinteger] | NDArray[np.signedinteger],
    values: NDArray[np.float64],
    n_owners: int,
) -> NDArray[np.float64]:
    """The sum of each owner's values, added up in their order."""
    return np.bincount(owners, values, minlength=n_owners).astype(np.float64, copy=False)


def ranges(starts: NDArray[np.int64], lengths: NDArray[np.int64]) -> NDArray[np.int64]:
    """``start, start + 1, ... start + length - 1`` for each pair, behind one another."""
    ends = np.cumsum(lengths)
    total = int(ends[-1]) if len(ends) else 0
    return np.arange(total) + np.repeat(starts - ends + lengths, lengths)
