"""Counts -> TF-IDF vectors of length 1."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from related.similarity.index.loops import ROOTS
from related.similarity.index.statistics import TermStatistics
from related.similarity.text.term_ids import N_TERM_IDS
from related.similarity.text.terms import TermCounts

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix

# Terms whose weights are computed at a time, some 40 bytes each; more would only take more memory.
AT_ONCE = 2**19


class Vectorizer:
    """scikit-learn's ``TfidfTransformer`` on the square roots of counts whose terms are hashed."""

    def __init__(self, statistics: TermStatistics, at_once: int = AT_ONCE) -> None:
        self.statistics = statistics
        self._at_once = at_once

    def weights(
        self,
        counts: TermCounts,
        length: np.float32 | None = None,
        idf: NDArray[np.float32] | None = None,
    ) -> NDArray[np.float32]:
        """``sqrt(tf) * idf``, divided by the vector's length; aligned with the term ids.

        The square root (Lucene's classic similarity) dampens repetition as ``1 + ln tf`` does. By
        ``benchmarks/quality.py`` it ranks ECB+ and the sets by topic better than that; Lee and
        the Russian pairs a little worse. ``length`` and ``idf`` save time where they are known.
        """
        if length is None:
            row_ends = np.array([0, len(counts)])
            length = self.lengths(row_ends, counts.term_ids, counts.counts)[0]
        if idf is None:
            idf = self.statistics.idf(counts.term_ids)
        return ROOTS[counts.counts] * idf / length

    def lengths(
        self,
        row_ends: NDArray[np.int64],
        term_ids: NDArray[np.uint32],
        counts: NDArray[np.uint16],
    ) -> NDArray[np.float32]:
        """Euclidean length of each document's ``sqrt(tf) * idf``; 1 for one without terms.

        Row r's terms lie in ``row_ends[r] : row_ends[r + 1]``. A document's length is the same
        to the last bit alone and among a million.
        """
        lengths = self.partial_lengths(row_ends, term_ids, counts, np.inf)
        return np.where(lengths > 0, lengths, np.float32(1))

    def title_lengths(
        self, title_ends: NDArray[np.int64], title_ids: NDArray[np.uint32]
    ) -> NDArray[np.float32]:
        """Euclidean length of each title's idf, every term once; 1 for one without terms.

        The terms of title r lie in ``title_ends[r] : title_ends[r + 1]``.
        """
        n = len(title_ends) - 1
        owners = np.repeat(np.arange(n), np.diff(title_ends))
        squares = self.statistics.idf(title_ids).astype(np.float64) ** 2
        lengths = np.sqrt(np.bincount(owners, squares, minlength=n)).astype(np.float32)
        return np.where(lengths > 0, lengths, np.float32(1))

    def partial_lengths(
        self,
        row_ends: NDArray[np.int64],
        term_ids: NDArray[np.uint32],
        counts: NDArray[np.uint16],
        idf_below: float,
    ) -> NDArray[np.float32]:
        """``lengths`` of only the terms with a smaller idf; 0 for a document without any."""
        # Imported late, for they take a second: most processes of a site never compare anything.
        from scipy.sparse import csr_matrix
        from sklearn.utils.extmath import row_norms

        lengths = np.empty(len(row_ends) - 1, np.float32)
        start = 0
        while start < len(lengths):
            stop = int(np.searchsorted(row_ends, row_ends[start] + self._at_once, side="right")) - 1
            stop = max(stop, start + 1)  # a row alone, however long
            ends = row_ends[start : stop + 1]
            entries = slice(ends[0], ends[-1])
            idf = self.statistics.idf(term_ids[entries])
            weights = ROOTS[counts[entries]] * np.where(idf < idf_below, idf, 0)
            columns = np.zeros(len(weights), np.int32)  # row_norms looks at the values only
            values = (weights.astype(np.float64), columns, ends - ends[0])
            norms = row_norms(csr_matrix(values, shape=(len(ends) - 1, 1)))
            lengths[start:stop] = norms
            start = stop
        return lengths

    def transform(self, documents: Sequence[TermCounts]) -> csr_matrix[np.float32]:
        """One row of ``weights`` per document: float32, shape (n_documents, 2**23)."""
        from scipy.sparse import csr_matrix

        row_ends = np.cumsum([0, *map(len, documents)])
        term_ids = np.concatenate([np.empty(0, np.uint32), *(d.term_ids for d in documents)])
        counts = np.concatenate([np.empty(0, np.uint16), *(d.counts for d in documents)])
        lengths = np.repeat(self.lengths(row_ends, term_ids, counts), np.diff(row_ends))
        weights = ROOTS[counts] * self.statistics.idf(term_ids) / lengths
        return csr_matrix(
            (weights, term_ids.astype(np.int64), row_ends), shape=(len(documents), N_TERM_IDS)
        )
