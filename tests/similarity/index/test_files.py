"""Folders of arrays: the same documents again, and damage told by name."""

from pathlib import Path

import numpy as np
import pytest

from related.similarity.index.search import Index
from related.similarity.index.statistics import TermStatistics
from related.similarity.lists.neighbors import NeighborLists
from tests.similarity.corpora import as_ranking, make_counts, random_corpus

CORPUS = random_corpus(300, seed=9)
STATISTICS = TermStatistics.from_counts(CORPUS.values())


@pytest.fixture
def index() -> Index:
    index = Index(STATISTICS)
    index.put(list(CORPUS), list(CORPUS.values()))
    index.remove([5])
    return index


def same_answers(a: Index, b: Index) -> bool:
    return all(
        as_ranking(*a.search(CORPUS[key], n_candidates=50))
        == as_ranking(*b.search(CORPUS[key], n_candidates=50))
        for key in range(0, 300, 30)
    )


def test_an_index_comes_back_and_goes_on(index, tmp_path):
    index.save(tmp_path)
    again = Index.load(tmp_path, STATISTICS)
    assert again.keys().tolist() == index.keys().tolist()
    assert same_answers(again, index)
    for changed in (index, again):
        changed.put([5, 900], [CORPUS[5], CORPUS[6]])
        changed.remove([7])
    assert again.keys().tolist() == index.keys().tolist()
    assert same_answers(again, index)
    assert Index.load(tmp_path, STATISTICS).counts(7).to_bytes() == CORPUS[7].to_bytes()


def test_an_empty_index_comes_back(tmp_path):
    Index(STATISTICS).save(tmp_path)
    assert len(Index.load(tmp_path, STATISTICS)) == 0


def test_other_statistics_only_change_the_weights(index, tmp_path):
    other = TermStatistics.from_counts(list(CORPUS.values())[:100])
    index.save(tmp_path)
    fresh = Index(other)
    fresh.put(list(CORPUS), list(CORPUS.values()))
    fresh.remove([5])
    assert same_answers(Index.load(tmp_path, other), fresh)
    assert same_answers(index.with_statistics(other), fresh)


def test_statistics_come_back(tmp_path):
    STATISTICS.save(tmp_path)
    again = TermStatistics.load(tmp_path)
    assert again.n_documents == STATISTICS.n_documents
    assert (again.fingerprint() == STATISTICS.fingerprint()).all()


def test_lists_come_back_and_go_on(tmp_path):
    lists = NeighborLists(3, refill_below=2)
    for key in range(200):
        lists.set(key, np.array([key + 1, key + 2]), np.array([0.5, 0.25], np.float32))
    lists.remove(7)
    lists.save(tmp_path)
    again = NeighborLists.load(tmp_path, refill_below=2)
    assert len(again) == 199
    assert 7 not in again
    assert again.is_complete(3)
    assert [as_ranking(*again.get(key)) for key in (5, 6, 9)] == [
        as_ranking(*lists.get(key)) for key in (5, 6, 9)
    ]
    for changed in (lists, again):
        for key in range(1000, 1300):
            changed.set(key, np.array([9]), np.array([0.5], np.float32))
        assert sorted(changed.withdraw(9)) == [8, *range(1000, 1300)]
        assert changed.update(9, [10], [0.9]) == [10]
    assert as_ranking(*again.get(10)) == as_ranking(*lists.get(10))
    assert NeighborLists.load(tmp_path).get(8)[0].tolist() == [9, 10]


def write(path: Path, array: np.ndarray) -> None:
    np.save(path, array)


DAMAGE = {
    "missing": (lambda path: path.unlink(), "No such file"),
    "cut off": (lambda path: path.write_bytes(path.read_bytes()[:-3]), "damaged"),
    "empty": (lambda path: path.write_bytes(b""), "damaged"),
    "pickled": (lambda path: np.save(path, np.array([{}])), "damaged"),
    "other type": (lambda path: write(path, np.load(path).astype(np.float64)), "float64"),
    "shorter": (lambda path: write(path, np.load(path)[:-1]), "damaged"),
}


@pytest.mark.parametrize("damage", DAMAGE)
@pytest.mark.parametrize(
    "name",
    [
        "index.format",
        "segment0.keys",
        "segment0.lengths",
        "segment0.row_ends",
        "segment0.term_ids",
        "segment0.counts",
        "segment0.posting_terms",
        "segment0.posting_ends",
        "segment0.posting_rows",
        "segment0.posting_counts",
        "segment0.alive",
    ],
)
def test_a_damaged_index_is_refused(index, tmp_path, name, damage):
    index.save(tmp_path)
    break_it, message = DAMAGE[damage]
    break_it(tmp_path / f"{name}.npy")
    with pytest.raises(ValueError, match=message) as refused:
        Index.load(tmp_path, STATISTICS)
    assert "Build it again" in str(refused.value)


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        ("keys", 0, "keys must increase"),
        ("row_ends", 10**9, "rows do not fit"),
        ("posting_ends", 10**9, "postings do not fit"),
        ("posting_rows", 300, "a posting of a row that is not there"),
        ("lengths", 0, "lengths must be above 0"),
    ],
)
def test_numbers_that_would_lead_astray_are_refused(index, tmp_path, name, value, message):
    index.save(tmp_path)
    path = tmp_path / f"segment0.{name}.npy"
    array = np.load(path)
    array[len(array) // 2] = value
    write(path, array)
    with pytest.raises(ValueError, match=message):
        Index.load(tmp_path, STATISTICS)


@pytest.mark.parametrize("damage", DAMAGE)
@pytest.mark.parametrize(
    "name", ["ids", "similarities", "complete", "times_listed", "blocks_listed"]
)
def test_damaged_lists_are_refused(tmp_path, name, damage):
    lists = NeighborLists(2)
    lists.set(1, np.array([2]), np.array([0.5], np.float32))
    lists.save(tmp_path)
    break_it, message = DAMAGE[damage]
    break_it(tmp_path / f"neighbors.{name}.npy")
    with pytest.raises(ValueError, match=message):
        NeighborLists.load(tmp_path)


@pytest.mark.parametrize("damage", DAMAGE)
@pytest.mark.parametrize("name", ["n_documents", "document_frequencies"])
def test_damaged_statistics_are_refused(tmp_path, name, damage):
    TermStatistics.from_counts([make_counts({1: 1})]).save(tmp_path)
    break_it, message = DAMAGE[damage]
    break_it(tmp_path / f"statistics.{name}.npy")
    with pytest.raises(ValueError, match=message):
        TermStatistics.load(tmp_path)
