"""What lists know of titles: computed once for two documents, forgotten when one changes."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from related.similarity.index.search import Index
from related.similarity.index.statistics import TermStatistics
from related.similarity.lists.neighbors import NeighborLists
from related.similarity.lists.titles import fill_titles, title_similarities
from related.similarity.text.terms import count_terms

WORDS = ["ferry", "strike", "harbor", "bridge", "budget", "council", "vote"]
TEXTS = st.tuples(*[st.lists(st.sampled_from(WORDS), max_size=5).map(" ".join) for _ in range(2)])
CHANGES = st.lists(st.tuples(st.sampled_from(range(1, 9)), st.none() | TEXTS), max_size=25)
STATISTICS = TermStatistics.from_counts([count_terms("", word, "en") for word in WORDS])


def change(index: Index, lists: NeighborLists, key: int, text: tuple[str, str] | None) -> None:
    """As ``LiveCorpus.put`` does."""
    counts = None if text is None else count_terms(*text, "en")
    if counts is None or not len(counts):
        index.remove([key])
        lists.remove(key)
        return
    index.put([key], [counts])
    lists.withdraw(key)
    found = index.search(counts, n_neighbors=9, n_candidates=9, exclude=key)
    lists.set(key, *found)
    lists.update(key, *found)


def assert_known(index: Index, lists: NeighborLists) -> None:
    keys = index.keys().tolist()
    found = title_similarities(index, lists, keys)
    ids, _ = lists.tables(keys)
    expected = index.title_similarities(keys, ids)
    assert [part.tolist() for part in found] == [part.tolist() for part in expected]
    known = lists.titles(keys)
    assert not np.isnan(known[ids >= 0]).any()


@settings(max_examples=60)
@given(CHANGES)
def test_what_is_known_is_what_would_be_found(changes) -> None:
    index, lists = Index(STATISTICS), NeighborLists(3)
    for key, text in changes:
        change(index, lists, key, text)
        assert_known(index, lists)


def test_a_new_article_is_compared_once_from_its_own_side() -> None:
    index, lists = Index(STATISTICS), NeighborLists(3)
    for key in range(1, 6):
        change(index, lists, key, ("ferry strike", "harbor bridge " * key))
    fill_titles(index, lists)
    change(index, lists, 9, ("ferry strike", "harbor bridge"))
    compared = []

    class Noting(Index):
        def title_similarities(self, keys, listed):
            compared.append((list(keys), np.sort(listed[listed >= 0]).tolist()))
            return super().title_similarities(keys, listed)

    index.__class__ = Noting
    assert_known(index, lists)
    [(queries, others), _the_test_itself] = compared
    assert queries == [9]
    assert set(others) <= {1, 2, 3, 4, 5}


@pytest.mark.parametrize("is_filled", [True, False])
def test_files_hold_what_is_known(tmp_path: Path, is_filled) -> None:
    index, lists = Index(STATISTICS), NeighborLists(3)
    for key in range(1, 6):
        change(index, lists, key, ("ferry strike", "harbor bridge " * key))
    if is_filled:
        fill_titles(index, lists)
    lists.save(tmp_path)
    loaded = NeighborLists.load(tmp_path)
    keys = index.keys().tolist()
    assert np.array_equal(loaded.titles(keys), lists.titles(keys), equal_nan=True)
    assert np.isnan(loaded.titles(keys)[:, 0]).any() != is_filled
    change(index, loaded, 3, ("budget vote", "harbor bridge"))
    found = title_similarities(index, loaded, keys)
    expected = index.title_similarities(keys, loaded.tables(keys)[0])
    assert [part.tolist() for part in found] == [part.tolist() for part in expected]
