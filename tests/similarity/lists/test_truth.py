"""Documents published one by one have the neighbors that a rebuild gives them.

With few documents ``test_neighbors`` shows it to the last entry. Here there are more documents
than a search compares, so candidates are chosen, lists run full and short, and segments merge.
"""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from related.similarity.index.all_pairs import all_neighbors
from related.similarity.index.search import Index
from related.similarity.index.statistics import TermStatistics
from related.similarity.lists.neighbors import NeighborLists
from related.similarity.lists.rescoring import rescore
from related.similarity.text.terms import TermCounts
from tests.similarity.corpora import random_corpus

TEXTS = list(random_corpus(1000, seed=21).values())
N_START = 600
N_NEIGHBORS = 20
actions = st.sampled_from(["publish", "publish", "edit", "withdraw", "delete"])


class Newsroom:
    """An index and its lists, changed as a worker changes them; statistics stay as they were."""

    def __init__(self) -> None:
        self.texts: dict[int, TermCounts] = dict(enumerate(TEXTS[:N_START]))
        self.index = Index(TermStatistics.from_counts(self.texts.values()))
        self.index.put(list(self.texts), list(self.texts.values()))
        self.lists = NeighborLists(N_NEIGHBORS)
        for key, ids, similarities in all_neighbors(self.index, self.texts, N_NEIGHBORS):
            self.lists.set(key, ids, similarities)

    def put(self, key: int, counts: TermCounts) -> None:
        self.texts[key] = counts
        self.index.put([key], [counts])
        touched = self.lists.withdraw(key)
        found = self.index.search(counts, n_neighbors=400, exclude=key)
        self.lists.set(key, *found)
        self.refill(touched + self.lists.update(key, *found))

    def remove(self, key: int) -> None:
        del self.texts[key]
        self.index.remove([key])
        self.refill(self.lists.remove(key))

    def refill(self, touched: list[int]) -> None:
        for key in set(touched):
            if self.lists.is_short(key):
                found = self.index.search(self.texts[key], N_NEIGHBORS, exclude=key)
                self.lists.set(key, *found)


def recall(newsroom: Newsroom, index: Index, ids_of: dict[int, np.ndarray]) -> float:
    """Of an exact rebuild with the statistics of ``index``; documents of equal rank may swap."""
    shares = []
    for key, exact, _ in all_neighbors(index, list(newsroom.texts)[::3], 10, exact=True):
        shares.append(len(np.intersect1d(exact, ids_of[key][:10])) / len(exact))
    return float(np.mean(shares))


@pytest.mark.slow  # hundreds of changes, each found in every list
@settings(max_examples=4)
@given(st.lists(actions, min_size=150, max_size=250), st.integers(0, 2**32 - 1))
def test_publishing_one_by_one_gives_what_a_rebuild_gives(actions, seed):
    random = np.random.default_rng(seed)
    newsroom, unused = Newsroom(), list(range(N_START, len(TEXTS)))
    withdrawn: dict[int, TermCounts] = {}
    for action in actions:
        key = int(random.choice(list(newsroom.texts)))
        if action == "publish" and withdrawn and random.random() < 0.3:
            newsroom.put(*withdrawn.popitem())  # published again
        elif action == "publish" and unused:
            new = unused.pop()
            newsroom.put(new, TEXTS[new])
        elif action == "edit":
            newsroom.put(key, TEXTS[int(random.integers(len(TEXTS)))])
        elif action in ("withdraw", "delete"):
            if action == "withdraw":
                withdrawn[key] = newsroom.texts[key]
            newsroom.remove(key)

    stored = {key: newsroom.lists.get(key)[0] for key in newsroom.texts}
    assert recall(newsroom, newsroom.index, stored) >= 0.999

    refreshed = newsroom.index.with_statistics(TermStatistics.from_counts(newsroom.texts.values()))
    assert recall(newsroom, refreshed, stored) >= 0.97
    keys = list(newsroom.texts)
    ids, _ = rescore(refreshed, keys, newsroom.lists)
    assert recall(newsroom, refreshed, dict(zip(keys, ids, strict=True))) >= 0.995
