"""What the first publish of a process would compile, compiled before anybody waits for it.

The inner loops are compiled at their first use, or read from where they were kept: some tenths of
a second, and some seconds after an installation.
"""

from __future__ import annotations

from functools import cache

import numpy as np

from related.similarity.index.explaining import Explainer
from related.similarity.index.query import Query
from related.similarity.index.search import Index
from related.similarity.index.statistics import TermStatistics
from related.similarity.lists.neighbors import NeighborLists
from related.similarity.text.term_ids import N_WORD_IDS
from related.similarity.text.terms import TermCounts


@cache
def rehearse_publish() -> None:
    """Do with three short texts, once, all that a publish does to an index and to lists.

    Segments are read-only in memory as in mapped files, so the loops are the same for both.
    """
    term_ids = np.array([0, 1, 2, N_WORD_IDS], np.uint32)
    counts = TermCounts(term_ids, np.ones(len(term_ids), np.uint16), ("ferry", "late", "pilot"))
    index = Index(TermStatistics.from_counts([counts] * 3))
    index.put([1, 2, 3], [counts] * 3)
    lists = NeighborLists(2)
    for key in (1, 2):
        lists.set(key, *index.search(counts, n_neighbors=2, n_candidates=2, exclude=key))
    lists.withdraw(3)
    [contributions] = index.contributions(Query.of(counts, index.vectorizer), [1])
    Explainer(counts, index.vectorizer).heaviest(contributions)
