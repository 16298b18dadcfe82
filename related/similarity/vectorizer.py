"""Counts -> TF-IDF vectors of length 1."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from related.similarity.statistics import CorpusStatistics
from related.similarity.terms import N_TERM_IDS, TermCounts


class Vectorizer:
    """scikit-learn's ``TfidfTransformer`` on the square roots of counts that are hashed already."""

    def __init__(self, statistics: CorpusStatistics) -> None:
        self.statistics = statistics

    def weights(self, counts: TermCounts) -> NDArray[np.float32]:
        """``sqrt(tf) * idf``, divided by the vector's length; aligned with the term ids.

        The square root (Lucene's classic similarity) dampens repetition as ``1 + ln tf`` does, and
        ranked better on all of the sets of ``benchmarks/quality.py``.
        """
        weights = np.sqrt(counts.counts, dtype=np.float32) * self.statistics.idf(counts.term_ids)
        length = np.sqrt(np.square(weights, dtype=np.float64).sum())
        return (weights / (length or 1.0)).astype(np.float32)

    def transform(self, documents: Sequence[TermCounts]) -> csr_matrix[np.float32]:
        """One row of ``weights`` per document: float32, shape (n_documents, 2**23)."""
        row_ends = np.cumsum([0, *map(len, documents)])
        return csr_matrix(
            (
                np.concatenate([np.empty(0, np.float32), *map(self.weights, documents)]),
                np.concatenate([np.empty(0, np.int64), *(d.term_ids for d in documents)]),
                row_ends,
            ),
            shape=(len(documents), N_TERM_IDS),
        )
