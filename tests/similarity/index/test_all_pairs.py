import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from related.similarity.index.all_pairs import all_neighbors
from related.similarity.index.query import Common
from related.similarity.index.search import Index
from related.similarity.index.statistics import TermStatistics
from related.similarity.lists.neighbors import NeighborLists
from related.similarity.lists.rescoring import rescore
from tests.similarity.corpora import as_ranking, brute_force, documents, random_corpus

CORPUS = random_corpus(1500, seed=11)
STATISTICS = TermStatistics.from_counts(CORPUS.values())
SOME = list(range(0, 1500, 25))


@pytest.fixture(scope="module")
def index() -> Index:
    index = Index(STATISTICS)
    index.put(list(CORPUS), list(CORPUS.values()))
    return index


def recall(found: dict[int, np.ndarray], exact: dict[int, np.ndarray]) -> float:
    return np.mean([len(np.intersect1d(found[key][:10], exact[key][:10])) / 10 for key in exact])


def test_an_exact_rebuild_equals_brute_force(index):
    for key, ids, similarities in all_neighbors(index, SOME[:8], 30, exact=True):
        expected = brute_force(CORPUS, STATISTICS, key)[:30]
        assert similarities.tolist() == pytest.approx([s for _, s in expected], abs=1e-6)
        assert len(set(ids.tolist()) ^ {other for other, _ in expected}) <= 2  # equals but for 1e-7


def test_what_is_left_out_is_found_by_its_bound(index):
    common = Common(share=0.01, few=1)
    gone = list(range(1, 1500, 50))
    index = index.with_statistics(STATISTICS)
    index.remove(gone)
    left_out = [~index.query(key, common).is_searched for key in SOME]
    assert np.mean([places.mean() for places in left_out]) > 0.3
    left = {key: counts for key, counts in CORPUS.items() if key not in gone}
    for key in SOME[:8]:
        ids, similarities = index.nearest_of_all(key, 30, common)
        expected = brute_force(left, STATISTICS, key)[:30]
        assert similarities.tolist() == pytest.approx([s for _, s in expected], abs=1e-6)
        assert len(set(ids.tolist()) ^ {other for other, _ in expected}) <= 2


@given(st.dictionaries(st.integers(0, 30), documents, min_size=2, max_size=12), st.integers(1, 5))
def test_small_corpora_are_searched_exactly_too(corpus, n_neighbors):
    statistics = TermStatistics.from_counts(corpus.values())
    index = Index(statistics)
    for key, counts in corpus.items():  # several segments
        index.put([key], [counts])
    for key, ids, similarities in all_neighbors(index, list(corpus), n_neighbors, exact=True):
        found = index.search(corpus[key], n_neighbors, exclude=key)
        assert as_ranking(ids, similarities) == as_ranking(*found)


def test_a_rebuild_finds_nearly_all(index):
    exact = {key: ids for key, ids, _ in all_neighbors(index, SOME, exact=True)}
    assert recall({key: ids for key, ids, _ in all_neighbors(index, SOME)}, exact) > 0.995


def test_a_rebuild_means_what_a_search_means(index):
    for key, ids, similarities in all_neighbors(index, SOME[:5], n_candidates=400):
        assert as_ranking(ids, similarities) == as_ranking(*index.search(CORPUS[key], exclude=key))


def test_an_unknown_key_is_refused(index):
    with pytest.raises(KeyError, match="Document 5000 is not in the index"):
        list(all_neighbors(index, [5000]))


def test_rescoring_after_new_statistics_equals_an_exact_rebuild(index):
    before = index.with_statistics(TermStatistics.from_counts(list(CORPUS.values())[:1000]))
    lists = NeighborLists()
    for key, ids, similarities in all_neighbors(before, SOME):
        lists.set(key, ids, similarities)
    ids, similarities = rescore(index, SOME, lists)
    exact = {key: ids for key, ids, _ in all_neighbors(index, SOME, exact=True)}
    assert recall(dict(zip(SOME, ids, strict=True)), exact) > 0.999
    for key, row, scores in zip(SOME, ids, similarities, strict=True):
        found = dict(as_ranking(*index.search(CORPUS[key], 400, exclude=key)))
        for other, similarity in zip(row.tolist(), scores.tolist(), strict=True):
            assert found.get(other, similarity) == similarity  # to the last bit


@given(st.dictionaries(st.integers(0, 30), documents, min_size=2, max_size=12), st.integers(1, 5))
def test_rescoring_with_the_same_statistics_changes_nothing(corpus, n_neighbors):
    index, lists = Index(TermStatistics.from_counts(corpus.values())), NeighborLists(n_neighbors)
    for key, counts in corpus.items():  # several segments
        index.put([key], [counts])
    for key, counts in corpus.items():
        lists.set(key, *index.search(counts, n_neighbors, exclude=key))
    ids, similarities = rescore(index, list(corpus), lists)
    for i, key in enumerate(corpus):
        n = int((similarities[i] > 0).sum())
        assert as_ranking(ids[i, :n], similarities[i, :n]) == as_ranking(*lists.get(key))


def test_rescoring_drops_what_is_gone_and_refuses_strangers():
    index, lists = Index(STATISTICS), NeighborLists(3)
    index.put([1, 2], [CORPUS[1], CORPUS[1]])
    lists.set(1, np.array([9, 2]), np.array([0.9, 0.5], np.float32))
    ids, similarities = rescore(index, [1], lists)
    assert ids[0, 0] == 2
    assert similarities[0].tolist() == [pytest.approx(1), 0, 0]
    with pytest.raises(KeyError, match="Document 2 has no list"):
        rescore(index, [2], lists)
    lists.set(3, np.array([1]), np.array([0.5], np.float32))
    with pytest.raises(KeyError, match="Document 3 is not in the index"):
        rescore(index, [3], lists)
