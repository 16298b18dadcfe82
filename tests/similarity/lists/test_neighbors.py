import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from related.similarity.index.search import Index
from related.similarity.index.statistics import TermStatistics
from related.similarity.lists.neighbors import NeighborLists
from tests.similarity.corpora import as_ranking, brute_force, documents

N_NEIGHBORS = 4
changes = st.lists(st.tuples(st.integers(0, 14), st.none() | documents), min_size=1, max_size=40)


def search_again(index: Index, lists: NeighborLists, key: int) -> None:
    lists.set(key, *index.search(index.counts(key), N_NEIGHBORS, exclude=key))


@given(changes, st.lists(documents, max_size=10), st.integers(1, N_NEIGHBORS))
def test_lists_kept_current_equal_lists_made_from_scratch(changes, background, refill_below):
    """Inserts, edits (a key again) and deletions (None) in random order, statistics frozen."""
    statistics = TermStatistics.from_counts(background)
    index, corpus = Index(statistics), {}
    lists = NeighborLists(N_NEIGHBORS, refill_below)
    for key, counts in changes:
        before = {other: as_ranking(*lists.get(other)) for other in corpus if other != key}
        if counts is None:
            corpus.pop(key, None)
            index.remove([key])
            touched = lists.remove(key)
        else:
            corpus[key] = counts
            index.put([key], [counts])
            touched = lists.withdraw(key)
            found = index.search(counts, n_neighbors=400, exclude=key)
            lists.set(key, *found)
            touched += lists.update(key, *found)
        assert key not in touched
        after = {other: as_ranking(*lists.get(other)) for other in before}
        assert {other for other in before if before[other] != after[other]} <= set(touched)
        for other in set(touched):
            if lists.is_short(other):
                search_again(index, lists, other)

        assert len(lists) == len(corpus)
        for other, its_counts in corpus.items():
            stored = as_ranking(*lists.get(other))
            # Exact as far as it goes, and as long as promised.
            exact = as_ranking(*index.search(its_counts, 400, exclude=other))
            assert stored == exact[: len(stored)]
            assert len(stored) >= min(refill_below, len(exact))
            assert lists.is_complete(other) is False or stored == exact
            slow = brute_force(corpus, statistics, other)[: len(stored)]
            assert [s for _, s in stored] == pytest.approx([s for _, s in slow], abs=1e-6)


def make_lists(**entries: list[tuple[int, float]]) -> NeighborLists:
    lists = NeighborLists(3, refill_below=2)
    for name, ranking in entries.items():
        ids, similarities = zip(*ranking, strict=True)
        lists.set(int(name[1:]), np.array(ids), np.array(similarities, np.float32))
    return lists


def test_a_full_list_is_entered_by_what_beats_its_last():
    lists = make_lists(d1=[(2, 0.9), (3, 0.8), (4, 0.7)])
    assert lists.update(5, [1], [0.75]) == [1]
    assert lists.get(1)[0].tolist() == [2, 3, 5]
    assert lists.update(6, [1], [0.5]) == []


def test_equals_are_decided_by_key_descending():
    lists = make_lists(d1=[(2, 0.5), (3, 0.25), (4, 0.25)])
    lists.set(1, np.array([2, 7, 4]), np.array([0.5, 0.25, 0.25], np.float32))
    assert lists.update(3, [1], [0.25]) == []
    assert lists.update(5, [1], [0.25]) == [1]
    assert lists.get(1)[0].tolist() == [2, 7, 5]


def test_a_list_that_is_not_full_takes_everything():
    lists = make_lists(d1=[(2, 0.9)])
    assert lists.is_complete(1)
    assert lists.update(3, [1], [0.1]) == [1]
    assert lists.update(3, [1], [0.1]) == []
    assert lists.update(3, [1], [0.2]) == [1]
    assert as_ranking(*lists.get(1)) == [(2, np.float32(0.9)), (3, np.float32(0.2))]


def test_a_list_that_lost_an_entry_does_not_know_what_comes_next():
    lists = make_lists(d1=[(2, 0.9), (3, 0.8), (4, 0.7)])
    assert lists.withdraw(3) == [1]
    assert lists.update(5, [1], [0.1]) == []
    assert not lists.is_short(1)
    assert lists.withdraw(2) == [1]
    assert lists.is_short(1)
    assert lists.update(5, [1], [0.8]) == [1]
    assert lists.get(1)[0].tolist() == [5, 4]


def test_an_entry_that_became_too_weak_leaves():
    lists = make_lists(d1=[(2, 0.9), (3, 0.8), (4, 0.7)])
    assert lists.update(2, [1], [0.1]) == [1]
    assert lists.get(1)[0].tolist() == [3, 4]


def test_strangers_itself_and_zero_are_passed_over():
    lists = make_lists(d1=[(2, 0.9)])
    assert lists.update(1, [1, 99], [1.0, 0.5]) == []
    assert lists.update(3, [1], [0.0]) == []
    assert lists.withdraw(99) == []
    assert lists.remove(99) == []


def test_removing_a_list_moves_no_other():
    lists = make_lists(d1=[(3, 0.9)], d2=[(1, 0.4)], d3=[(1, 0.9)])
    assert sorted(lists.remove(1)) == [2, 3]
    assert 1 not in lists
    assert len(lists) == 2
    assert [lists.get(key)[0].tolist() for key in (2, 3)] == [[], []]
    with pytest.raises(KeyError):
        lists.get(1)


def test_a_list_from_storage_says_itself_whether_it_is_complete():
    lists = NeighborLists(3)
    lists.set(1, np.array([2]), np.array([0.5], np.float32), is_complete=False)
    assert not lists.is_complete(1)
    assert lists.is_short(1)


def test_room_for_many_lists():
    lists = NeighborLists(2)
    for key in range(300):
        lists.set(key, np.array([key + 1]), np.array([0.5], np.float32))
    assert [lists.get(key)[0].tolist() for key in range(300)] == [[key + 1] for key in range(300)]
