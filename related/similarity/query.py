"""A document as the question of a search: its weighted terms, ready to be looked up."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from related.similarity import loops
from related.similarity.terms import TermCounts
from related.similarity.vectorizer import Vectorizer

# A term in more than this fraction of the documents adds little to a similarity and would make a
# search read much: it is left to the second stage, unless it is among the heaviest of its text.
COMMON = 0.05
N_HEAVIEST = 25


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

        Terms of more than the fraction ``common`` of the documents are not searched, unless they
        are among the ``N_HEAVIEST``.
        """
        idf = vectorizer.statistics.idf(counts.term_ids)
        weights = vectorizer.weights(counts, length)
        is_searched = idf >= vectorizer.statistics.idf_at(common)
        if len(weights) > N_HEAVIEST:
            is_searched |= weights >= np.partition(weights, -N_HEAVIEST)[-N_HEAVIEST]
        else:
            is_searched[:] = True
        finder = loops.make_finder(counts.term_ids)
        return cls(counts.term_ids, idf, weights, is_searched, finder)
