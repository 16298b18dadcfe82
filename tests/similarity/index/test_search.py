import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from related.similarity.index.highest import best
from related.similarity.index.query import Common
from related.similarity.index.search import Index
from related.similarity.index.statistics import TermStatistics
from related.similarity.text.terms import TermCounts
from tests.similarity.corpora import (
    as_ranking,
    brute_force,
    documents,
    make_counts,
    random_corpus,
)

puts = st.tuples(st.just("put"), st.lists(st.tuples(st.integers(0, 15), documents), max_size=5))
removals = st.tuples(st.just("remove"), st.lists(st.integers(0, 15), max_size=5))


def index_of(corpus: dict[int, TermCounts], statistics: TermStatistics | None = None) -> Index:
    index = Index(statistics or TermStatistics.from_counts(corpus.values()))
    index.put(list(corpus), list(corpus.values()))
    return index


@given(st.lists(puts | removals, max_size=25), st.lists(documents, max_size=10))
def test_any_order_of_changes_equals_a_fresh_index(changes, background):
    statistics = TermStatistics.from_counts(background)
    index, corpus = Index(statistics), {}
    for action, items in changes:
        if action == "put":
            index.put([key for key, _ in items], [counts for _, counts in items])
            corpus.update(items)
        else:
            index.remove(items)
            for key in items:
                corpus.pop(key, None)

    assert index.keys().tolist() == sorted(corpus)
    assert len(index) == len(corpus)
    fresh = index_of(corpus, statistics)
    for key, counts in corpus.items():
        assert index.counts(key).to_bytes() == counts.to_bytes()
        # Few candidates, so that the choice of candidates is compared as well.
        for n_candidates in (2, 400):
            found, expected = (
                as_ranking(*i.search(counts, n_candidates=n_candidates, exclude=key))
                for i in (index, fresh)
            )
            assert found == expected


@given(st.dictionaries(st.integers(-5, 30), documents, min_size=1, max_size=20))
def test_a_small_index_is_exact(corpus):
    statistics = TermStatistics.from_counts(corpus.values())
    index = index_of(corpus, statistics)
    for key in corpus:
        found = as_ranking(*index.search(corpus[key], n_neighbors=30, exclude=key))
        # The same numbers, added up in another order: compared by value, then the order by rule.
        expected = brute_force(corpus, statistics, key)
        assert dict(found) == pytest.approx(dict(expected), abs=1e-6)
        assert found == sorted(found, key=lambda entry: (-entry[1], -entry[0]))


@given(st.dictionaries(st.integers(0, 30), documents, min_size=2, max_size=12))
def test_similarity_is_the_same_in_both_directions_to_the_last_bit(corpus):
    index = index_of(corpus)
    found = {key: dict(as_ranking(*rest)) for key, *rest in index.search_many(corpus)}
    for a, neighbors in found.items():
        for b, similarity in neighbors.items():
            assert found[b][a] == similarity


def test_excluding_a_stranger_excludes_nobody():
    corpus = random_corpus(500, seed=4)
    index = Index(TermStatistics.from_counts(corpus.values()))
    index.put(list(corpus), list(corpus.values()))
    last = max(corpus)
    keys, _ = index.search(corpus[last], 5, 50, exclude=10_000)
    assert keys[0] == last


def test_two_stages_find_what_brute_force_finds():
    corpus = random_corpus(1500, seed=3)
    statistics = TermStatistics.from_counts(corpus.values())
    index = index_of(corpus, statistics)
    recalls = []
    for key in range(0, 1500, 100):
        exact = {other for other, _ in brute_force(corpus, statistics, key)[:10]}
        found, _ = index.search(corpus[key], n_neighbors=10, exclude=key)
        recalls.append(len(exact & set(found.tolist())) / len(exact))
    assert np.mean(recalls) > 0.97


@pytest.mark.parametrize("n_topics", [2, 30])
def test_words_of_a_topic_count_however_much_of_the_corpus_it_is(n_topics):
    """A third of the documents on one topic: its words are common, and tell all the same."""
    random = np.random.default_rng(8)
    corpus = {}
    for key in range(900):
        topic = key % n_topics
        own = 100 * topic + random.choice(90, 32, replace=False)
        corpus[key] = make_counts(dict.fromkeys([*own.tolist(), *range(50_000, 50_008)], 1))
    statistics = TermStatistics.from_counts(corpus.values())
    index = index_of(corpus, statistics)
    for key in range(0, 900, 90):
        found = as_ranking(*index.search(corpus[key], n_candidates=150, exclude=key))
        expected = brute_force(corpus, statistics, key)[:40]
        assert [s for _, s in found] == pytest.approx([s for _, s in expected], abs=1e-6)


def test_a_list_with_room_holds_documents_that_share_only_common_terms():
    corpus = {
        key: make_counts({**dict.fromkeys(range(100 * key, 100 * key + 30), 9), key % 3: 1})
        for key in range(10, 900)
    }
    index = index_of(corpus)
    for key in (10, 500):
        keys, _ = index.search(corpus[key], 40, 150, exclude=key, common=Common(few=0))
        assert len(keys) == 40
        assert {other % 3 for other in keys.tolist()} == {key % 3}


def test_one_by_one_equals_all_at_once():
    corpus = random_corpus(600, seed=4)
    statistics = TermStatistics.from_counts(corpus.values())
    whole, grown = index_of(corpus, statistics), Index(statistics)
    for key in np.random.default_rng(5).permutation(600).tolist():
        grown.put([key], [corpus[key]])
    for key in range(0, 600, 20):
        assert as_ranking(*grown.search(corpus[key], n_candidates=50)) == as_ranking(
            *whole.search(corpus[key], n_candidates=50)
        )


def test_many_single_puts_leave_few_segments():
    corpus = random_corpus(600, seed=6)
    index = Index(TermStatistics.from_counts(corpus.values()))
    for key, counts in corpus.items():
        index.put([key], [counts])
        assert len(index._segments) <= 6
    index.remove(range(500))
    assert index._segments.n_rows <= 2 * len(index)


def test_the_rest_of_its_manners():
    corpus = {7: make_counts({1: 1, 2: 1}), 8: make_counts({1: 1}), 9: TermCounts.empty()}
    index = index_of(corpus)
    assert 7 in index
    assert 10 not in index
    assert index.search(corpus[7], exclude=7)[0].tolist() == [8]
    assert index.search(corpus[7])[0].tolist() == [7, 8]
    assert index.search(corpus[7], n_neighbors=1)[0].tolist() == [7]
    assert index.search(corpus[9])[0].tolist() == []
    assert index.search(make_counts({5: 1}))[0].tolist() == []
    index.remove([7, 7, 10])
    assert index.keys().tolist() == [8, 9]
    with pytest.raises(KeyError, match="Document 7 is not in the index"):
        index.counts(7)


def test_an_empty_index_finds_nothing():
    keys, similarities = Index(TermStatistics.from_counts([])).search(make_counts({1: 1}))
    assert (keys.dtype, len(keys)) == (np.int64, 0)
    assert (similarities.dtype, len(similarities)) == (np.float32, 0)


def test_equals_are_ordered_by_key_descending_and_cut_at_n():
    keys = np.arange(6, dtype=np.int64)
    similarities = np.array([0.5, 0.9, 0.5, 0.5, 0.1, 0.5], np.float32)
    assert best(keys, similarities, 3)[0].tolist() == [1, 5, 3]
    assert best(keys, similarities, 100)[0].tolist() == [1, 5, 3, 2, 0, 4]
    assert best(keys, similarities, 0)[0].tolist() == []
