"""How good a ranking is: nDCG, reciprocal rank, precision."""

from collections.abc import Collection, Iterable, Sequence
from math import log2
from typing import TypeVar

T = TypeVar("T")


def ndcg_at(k: int, ranked: Sequence[T], relevant: Collection[T]) -> float:
    """Normalized discounted cumulative gain of the first ``k``, every relevant item worth 1.

    ``DCG = sum(1 / log2(rank + 1))`` over the relevant items among the first k (ranks from 1),
    divided by the DCG of the best possible order (Järvelin and Kekäläinen 2002). 0 when nothing
    is relevant.
    """
    best = sum(1 / log2(rank + 1) for rank in range(1, min(k, len(relevant)) + 1))
    gained = sum(
        1 / log2(rank + 1) for rank, item in enumerate(ranked[:k], start=1) if item in relevant
    )
    return gained / best if best else 0.0


def reciprocal_rank(ranked: Sequence[T], relevant: Collection[T]) -> float:
    """``1 / rank`` of the first relevant item (ranks from 1); 0 when there is none."""
    ranks = (1 / rank for rank, item in enumerate(ranked, start=1) if item in relevant)
    return next(ranks, 0.0)


def mean_reciprocal_rank(queries: Iterable[tuple[Sequence[T], Collection[T]]]) -> float:
    """The mean of ``reciprocal_rank`` over pairs (ranked, relevant); 0 when there are none."""
    ranks = [reciprocal_rank(ranked, relevant) for ranked, relevant in queries]
    return sum(ranks) / len(ranks) if ranks else 0.0


def precision_at(k: int, ranked: Sequence[T], relevant: Collection[T]) -> float:
    """``relevant among the first k / k``; a ranking shorter than k is not forgiven."""
    return sum(item in relevant for item in ranked[:k]) / k
