import numpy as np
import pytest

from related.similarity.index.statistics import TermStatistics
from related.similarity.text.terms import TermCounts
from tests.similarity.corpora import make_counts


def test_documents_are_counted_not_occurrences():
    statistics = TermStatistics.from_counts(
        [make_counts({1: 5, 2: 1}), make_counts({1: 2}), TermCounts.empty()]
    )
    assert statistics.n_documents == 3
    assert statistics.document_frequencies[[1, 2, 3]].tolist() == [2, 1, 0]


@pytest.mark.parametrize(("n", "bits"), [(2**16 - 1, 16), (2**16, 32)])
def test_frequencies_take_no_more_bits_than_the_number_of_documents(n, bits, tmp_path):
    statistics = TermStatistics.from_arrays(
        n, np.array([1, 9], np.uint32), np.array([1, n], np.uint32)
    )
    assert statistics.document_frequencies.dtype == f"uint{bits}"
    assert statistics.to_arrays()[2].tolist() == [1, n]
    statistics.save(tmp_path)
    loaded = TermStatistics.load(tmp_path)
    assert loaded.document_frequencies[[1, 2, 9]].tolist() == [1, 0, n]
    assert loaded.fingerprint().tolist() == statistics.fingerprint().tolist()


def test_an_empty_corpus_weighs_all_words_alike():
    idf = TermStatistics.from_counts([]).idf(np.array([1, 2], np.uint32))
    assert idf.tolist() == [1, 1]
    assert idf.dtype == np.float32


def test_arrays_round_trip():
    statistics = TermStatistics.from_counts([make_counts({1: 5, 9: 1}), make_counts({9: 2})])
    n_documents, term_ids, document_frequencies = statistics.to_arrays()
    assert (n_documents, term_ids.tolist(), document_frequencies.tolist()) == (2, [1, 9], [1, 2])
    again = TermStatistics.from_arrays(n_documents, term_ids, document_frequencies)
    assert (again.document_frequencies == statistics.document_frequencies).all()


@pytest.mark.parametrize(
    ("n_documents", "term_ids", "document_frequencies", "message"),
    [
        (2, [1, 2], [1], "2 term ids but 1"),
        (2, [2**23], [1], "term id 8388608"),
        (2, [1], [3], "more documents than the corpus has"),
        (-1, [], [], "more documents than the corpus has"),
    ],
)
def test_damaged_arrays_are_refused(n_documents, term_ids, document_frequencies, message):
    with pytest.raises(ValueError, match=message):
        TermStatistics.from_arrays(
            n_documents,
            np.array(term_ids, np.uint32),
            np.array(document_frequencies, np.uint32),
        )
