from math import log2

import numpy as np
import pytest
from sklearn.metrics import ndcg_score

from related.similarity.ranking import (
    mean_reciprocal_rank,
    ndcg_at,
    precision_at,
    reciprocal_rank,
)


def test_ndcg_by_hand():
    # Relevant at ranks 1 and 3 of three relevant: (1 + 1/2) / (1 + 1/log2(3) + 1/2)
    assert ndcg_at(10, ["a", "x", "b"], {"a", "b", "c"}) == pytest.approx(1.5 / (1.5 + 1 / log2(3)))


def test_ndcg_agrees_with_scikit_learn():
    random = np.random.default_rng(1)
    for _ in range(20):
        relevance = random.integers(0, 2, 30)
        relevance[0] = 1
        scores = random.permutation(30)
        ranked = np.argsort(-scores).tolist()
        relevant = set(np.flatnonzero(relevance).tolist())
        assert ndcg_at(10, ranked, relevant) == pytest.approx(
            ndcg_score([relevance], [scores], k=10)
        )


def test_nothing_relevant_is_worth_nothing():
    assert ndcg_at(10, ["a"], set()) == 0
    assert reciprocal_rank(["a"], {"b"}) == 0
    assert mean_reciprocal_rank([]) == 0


def test_reciprocal_rank_and_precision():
    assert reciprocal_rank(["x", "a", "b"], {"a", "b"}) == 1 / 2
    assert mean_reciprocal_rank([(["a"], {"a"}), (["x", "a"], {"a"})]) == 3 / 4
    assert precision_at(5, ["a", "x", "b"], {"a", "b"}) == 2 / 5
