"""Compiled or not, the same numbers; and how much a search looks at, counted, not timed."""

import os
import subprocess
import sys

import numpy as np
import pytest

from related.similarity import array_loops, compiled_loops, loops
from related.similarity.index.query import COMMON, Query
from related.similarity.index.search import Index
from related.similarity.index.statistics import TermStatistics
from related.similarity.lists.neighbors import NeighborLists
from tests.similarity.corpora import random_corpus

CORPUS = random_corpus(400, seed=12)
STATISTICS = TermStatistics.from_counts(CORPUS.values())
INDEX = Index(STATISTICS)
INDEX.put(list(CORPUS), list(CORPUS.values()))
SEGMENT = next(iter(INDEX._segments))[0]


@pytest.mark.parametrize("key", [0, 17])
def test_both_ways_give_the_same_to_the_last_bit(key):
    query = INDEX.query(key)
    starts, ends = SEGMENT._posting_ranges(query.term_ids)
    rows = np.arange(0, 400, 3)
    answers = []
    for way in (array_loops, compiled_loops):
        sums = np.zeros(400, np.float32)
        postings = SEGMENT.posting_rows, SEGMENT.posting_counts
        way.add_postings(sums, *postings, starts, ends, query.weights)
        arrays = SEGMENT.row_ends, SEGMENT.term_ids, SEGMENT.counts, SEGMENT.lengths
        weighted = query.term_ids, query.idf, query.weights
        found = way.similarities(rows, *arrays, way.make_finder(query.term_ids), *weighted)
        listed = rows.reshape(2, -1)
        vectors = SEGMENT.vectors(np.array([key, 5]), INDEX.vectorizer)
        in_lists = np.zeros(listed.shape, np.float32)
        way.list_similarities(listed, *arrays, *vectors, in_lists)
        answers.append((sums.tolist(), found.tolist(), in_lists.tolist()))
    assert answers[0] == answers[1]
    assert found[: len(found) // 2].tolist() == in_lists[0].tolist()


@pytest.mark.parametrize("way", [array_loops, compiled_loops])
@pytest.mark.parametrize("n_shared", [0, 3, 5])
def test_rows_with_a_key(way, n_shared):
    """Rows lie in either of two tables, and a row that moved has left another list behind."""
    lists = np.array([[1, 2], [3, 4], [2, 5], [6, 2], [7, 8]], np.int64)
    shared = lists[:n_shared].copy()
    places = np.arange(5, dtype=np.int32)
    own = lists[n_shared:]
    if n_shared:
        places[1] = 5
        own = np.concatenate([own, lists[1:2]])
        shared[1] = 2

    def rows_with(key, n_rows, blocks):
        where = np.array(blocks, np.int64)
        return way.rows_with(shared, own, places, where, 2, key, n_rows).tolist()

    assert rows_with(2, 3, [0, 1, 2]) == [0, 2, 3]
    assert rows_with(3, 1, [0, 1]) == [1]
    assert rows_with(2, 3, [1, 2]) == [2, 3]
    assert rows_with(2, 1, [0, 1]) == [0]
    assert rows_with(8, 1, [0, 1, 2, 3]) == [4]  # the last block may be cut, or not be there
    assert rows_with(2, 3, []) == rows_with(9, 2, [0, 1, 2]) == []


def python(program: str, **environment: str) -> list[str]:
    """What a fresh process prints."""
    return subprocess.run(
        [sys.executable, "-c", program],
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=True,
    ).stdout.split()


def test_numba_can_be_switched_off():
    program = (
        "import sys; from related.similarity import compiled, loops;"
        "print(compiled.path(), loops.add_postings.__module__, loops.count_sorted.__module__);"
        "print('numba' in sys.modules)"
    )
    assert python(program, RELATED_COMPILED="0") == [
        "numpy",
        "related.similarity.array_loops",
        "related.similarity.text.array_words",
        "False",
    ]


def test_a_numba_that_cannot_be_imported_is_done_without(tmp_path):
    (tmp_path / "numba.py").write_text('raise ImportError("Numba needs NumPy 2.0 or less.")')
    program = (
        "from related.similarity import compiled, loops;"
        "print(compiled.path(), loops.add_postings.__module__)"
    )
    found = python(program, PYTHONPATH=f"{tmp_path}{os.pathsep}.")
    assert found == ["numpy", "related.similarity.array_loops"]


def test_a_process_that_compares_nothing_imports_nothing_for_it():
    program = (
        "import sys, related.similarity.lists.neighbors, related.similarity.text.terms;"
        "print(*{'numba', 'scipy', 'sklearn'} & sys.modules.keys())"
    )
    assert python(program) == []


def test_without_a_folder_to_keep_machine_code_in_it_is_made_anew():
    """As in a container whose file system cannot be written to."""
    program = (
        "from related.similarity.compiled import compiled;print(compiled(lambda a: a + 1)(41))"
    )
    assert python(program, NUMBA_CACHE_LOCATOR_CLASSES="ZipCacheLocator") == ["42"]


def test_an_unknown_loop_is_no_attribute():
    with pytest.raises(AttributeError, match="There is no inner loop 'nothing'"):
        loops.nothing  # noqa: B018


def n_postings(query: Query) -> int:
    starts, ends = SEGMENT._posting_ranges(query.term_ids[query.is_searched])
    return int((ends - starts).sum())


@pytest.fixture
def _common_words_are_left_out(monkeypatch):
    """As in a large corpus."""
    monkeypatch.setattr("related.similarity.index.query.FEW", 0)


@pytest.mark.usefixtures("_common_words_are_left_out")
def test_a_search_looks_at_a_small_part_of_the_postings():
    searched = sum(n_postings(INDEX.query(key)) for key in range(0, 400, 10))
    everything = sum(n_postings(INDEX.query(key, common=1.0)) for key in range(0, 400, 10))
    assert searched < everything / 3


@pytest.mark.usefixtures("_common_words_are_left_out")
def test_terms_of_few_documents_and_the_heaviest_are_searched():
    query = INDEX.query(3)
    share = STATISTICS.document_frequencies[query.term_ids] / 400
    assert query.is_searched[share <= COMMON].all()
    assert query.is_searched[np.argsort(-query.weights)[:25]].all()
    assert not query.is_searched.all()


def test_second_stage_compares_no_more_than_the_candidates(monkeypatch):
    compared = []
    similarities = type(SEGMENT).similarities

    def count(segment, rows, query):
        compared.append(len(rows))
        return similarities(segment, rows, query)

    monkeypatch.setattr(type(SEGMENT), "similarities", count)
    INDEX.search(CORPUS[3], n_candidates=50)
    assert sum(compared) == 50


def test_a_new_document_is_withdrawn_without_looking(monkeypatch):
    lists = NeighborLists(3)
    lists.set(1, np.array([2]), np.array([0.5], np.float32))

    def look(*arguments):
        raise AssertionError("looked through all lists")

    monkeypatch.setattr(loops, "rows_with", look)
    assert lists.withdraw(3) == []
    with pytest.raises(AssertionError):
        lists.withdraw(2)
