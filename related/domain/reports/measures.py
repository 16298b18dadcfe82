"""nDCG@10, MRR and precision@5 of rankings, query by query."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from related.domain.reports.queries import Query
from related.similarity.intervals import Interval, bootstrap_interval, paired_difference
from related.similarity.ranking import ndcg_at, precision_at, reciprocal_rank

Rankings = Mapping[int, Sequence[int]]  # document id -> targets, best first


@dataclass(frozen=True, slots=True)
class Measures:
    """Each 0 to 1, aligned by query; and how long a ranking is on average."""

    ndcg_at_10: NDArray[np.float64]
    reciprocal_rank: NDArray[np.float64]
    precision_at_5: NDArray[np.float64]
    n_offered: float

    @property
    def ndcg(self) -> Interval:
        return bootstrap_interval(self.ndcg_at_10)

    @property
    def mrr(self) -> Interval:
        return bootstrap_interval(self.reciprocal_rank)

    @property
    def precision(self) -> Interval:
        return bootstrap_interval(self.precision_at_5)

    def gain_over(self, other: Measures) -> Interval:
        """By how much nDCG@10 is better, on the same queries."""
        return paired_difference(self.ndcg_at_10, other.ndcg_at_10)


def measure(queries: Iterable[Query], rankings: Rankings) -> Measures:
    """A query without a ranking found nothing."""
    rows = []
    n_offered = []
    for query in queries:
        ranked = [key for key in rankings.get(query.key, ()) if key not in query.unjudged]
        relevant = query.relevant
        n_offered.append(len(ranked))
        rows.append(
            (
                ndcg_at(10, ranked, relevant),
                reciprocal_rank(ranked, relevant),
                precision_at(5, ranked, relevant),
            )
        )
    ndcg, reciprocal, precision = np.array(rows, np.float64).reshape(-1, 3).T
    return Measures(ndcg, reciprocal, precision, n_offered=sum(n_offered) / max(len(n_offered), 1))
