"""The compiled sums against the reference; and how much a search looks at, counted, not timed."""

import numpy as np
import pytest

from related.similarity.index import loops
from related.similarity.index.query import Common, Query
from related.similarity.index.search import Index
from related.similarity.index.statistics import TermStatistics
from tests.similarity import reference_loops
from tests.similarity.corpora import random_corpus

CORPUS = random_corpus(400, seed=12)
STATISTICS = TermStatistics.from_counts(CORPUS.values())
INDEX = Index(STATISTICS)
INDEX.put(list(CORPUS), list(CORPUS.values()))
SEGMENT = next(iter(INDEX._segments))[0]
NONE_IS_FEW = Common(few=0)  # as in a large corpus


@pytest.mark.parametrize("key", [0, 17])
def test_sums_are_those_of_the_reference_to_the_last_bit(key):
    query = INDEX.query(key)
    starts, ends = SEGMENT.posting_ranges(query.term_ids)
    rows = np.arange(0, 400, 3)
    answers = []
    for way in (reference_loops, loops):
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


@pytest.mark.parametrize("key", [0, 17])
def test_contributions_are_those_of_the_reference(key):
    query = INDEX.query(key)
    rows = np.arange(0, 400, 7)
    arrays = SEGMENT.row_ends, SEGMENT.term_ids, SEGMENT.counts, SEGMENT.lengths
    found = []
    for way in (reference_loops, loops):
        result = np.zeros((len(rows), len(query.term_ids)), np.float32)
        finder = way.make_finder(query.term_ids)
        way.contributions(rows, *arrays, finder, query.term_ids, query.idf, query.weights, result)
        found.append(result.tolist())
    assert found[0] == found[1]
    assert np.any(found[0])


def n_postings(query: Query) -> int:
    starts, ends = SEGMENT.posting_ranges(query.term_ids[query.is_searched])
    return int((ends - starts).sum())


def test_a_search_looks_at_a_small_part_of_the_postings():
    searched = sum(n_postings(INDEX.query(key, NONE_IS_FEW)) for key in range(0, 400, 10))
    everything = sum(n_postings(INDEX.query(key, Common(share=1))) for key in range(0, 400, 10))
    assert searched < everything / 3


def test_terms_of_few_documents_and_the_heaviest_are_searched():
    query = INDEX.query(3, NONE_IS_FEW)
    share = STATISTICS.document_frequencies[query.term_ids] / 400
    assert query.is_searched[share <= NONE_IS_FEW.share].all()
    assert query.is_searched[np.argsort(-query.weights)[:25]].all()
    assert not query.is_searched.all()


def test_the_second_stage_compares_no_more_than_the_candidates():
    """All similarities that were computed come back, when so many neighbors are asked for."""
    keys, _ = INDEX.search(CORPUS[3], n_neighbors=400, n_candidates=50)
    everything, _ = INDEX.search(CORPUS[3], n_neighbors=400, n_candidates=400)
    assert len(keys) == 50
    assert len(everything) > 200
