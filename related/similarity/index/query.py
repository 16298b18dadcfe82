"""A document as the query of a search: its weighted terms, ready to be looked up."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from related.similarity.index import loops
from related.similarity.index.statistics import TermStatistics
from related.similarity.index.vectorizer import Vectorizer
from related.similarity.text.terms import TermCounts

N_HEAVIEST = 25


class Common(NamedTuple):
    """Which terms are too common to be searched, unless they are among the heaviest of a text.

    A term that more than the fraction ``share`` of the documents have adds little to a similarity
    and would make a search read much. A term that at most ``few`` documents have is searched in
    any case: there is little to read, and in a small corpus the words of one topic stand in many
    of the documents.
    """

    share: float = 0.05
    few: int = 500

    def least_searched_idf(self, statistics: TermStatistics) -> float:
        """From this idf on, a term is searched in any case."""
        return statistics.idf_of(max(self.share * statistics.n_documents, self.few))


COMMON = Common()


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
        common: Common = COMMON,
        length: np.float32 | None = None,
    ) -> Query:
        """The query of a document; ``length`` is that of its vector, where it is known.

        ``common`` terms are not searched, unless they are among the ``N_HEAVIEST``.
        """
        statistics = vectorizer.statistics
        idf = statistics.idf(counts.term_ids)
        weights = vectorizer.weights(counts, length, idf)
        is_searched = idf >= common.least_searched_idf(statistics)
        if len(weights) > N_HEAVIEST:
            is_searched |= weights >= np.partition(weights, -N_HEAVIEST)[-N_HEAVIEST]
        else:
            is_searched[:] = True
        finder = loops.make_finder(counts.term_ids)
        return cls(counts.term_ids, idf, weights, is_searched, finder)

    def of_all_terms(self) -> Query:
        """The same document with all of its terms searched."""
        return replace(self, is_searched=np.ones_like(self.is_searched))
