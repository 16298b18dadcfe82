"""A document as the question of a search: its weighted terms, ready to be looked up."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from related.similarity import loops
from related.similarity.index.statistics import TermStatistics
from related.similarity.index.vectorizer import Vectorizer
from related.similarity.text.terms import TermCounts

# A term in more than this fraction of the documents adds little to a similarity and would make a
# search read much: it is left to the second stage, unless it is among the heaviest of its text.
COMMON = 0.05
# Of a term in no more documents than this there is little to read, so it is searched in any case:
# in a small corpus the words of one topic stand in many of the documents.
FEW = 500
N_HEAVIEST = 25


def least_searched_idf(statistics: TermStatistics, common: float) -> float:
    """Where terms begin that are searched in any case, not only among the heaviest of a text."""
    return statistics.idf_of(max(common * statistics.n_documents, FEW))


@dataclass(frozen=True, slots=True, eq=False)
class Query:
    """term_ids uint32 sorted, idf and weights float32, all aligned; weights have length 1."""

    term_ids: NDArray[np.uint32]
    idf: NDArray[np.float32]
    weights: NDArray[np.float32]
    is_searched: NDArray[np.bool_]  # whether the first stage looks at the term
    finder: NDArray[Any]

    @classmethod
    def of(
        cls,
        counts: TermCounts,
        vectorizer: Vectorizer,
        common: float = COMMON,
        length: np.float32 | None = None,
    ) -> Query:
        """The query of a document; ``length``: that of its vector where it is known.

        Terms of more than the fraction ``common`` of the documents (and of more than ``FEW``) are
        not searched, unless they are among the ``N_HEAVIEST``.
        """
        statistics = vectorizer.statistics
        idf = statistics.idf(counts.term_ids)
        weights = vectorizer.weights(counts, length, idf)
        is_searched = idf >= least_searched_idf(statistics, common)
        if len(weights) > N_HEAVIEST:
            is_searched |= weights >= np.partition(weights, -N_HEAVIEST)[-N_HEAVIEST]
        else:
            is_searched[:] = True
        finder = loops.make_finder(counts.term_ids)
        return cls(counts.term_ids, idf, weights, is_searched, finder)

    def of_all_terms(self) -> Query:
        """The same document, all of its terms searched."""
        return replace(self, is_searched=np.ones_like(self.is_searched))
