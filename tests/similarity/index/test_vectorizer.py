"""Against scikit-learn, and against three documents worked out by hand."""

from math import log, sqrt

import numpy as np
import pytest
from scipy.sparse import csr_matrix
from sklearn.feature_extraction.text import CountVectorizer, TfidfTransformer, TfidfVectorizer

from related.similarity.index.statistics import TermStatistics
from related.similarity.index.vectorizer import Vectorizer
from related.similarity.text.term_ids import N_TERM_IDS, word_id
from related.similarity.text.terms import TermCounts, count_terms
from related.similarity.text.tokenizer import Tokenizer
from tests.similarity.corpora import make_counts

TEXTS = [
    "The harbor bridge reopens on Friday, the mayor said. The bridge was closed for a year.",
    "The mayor opens the new library; the harbor band plays.",
    "Storm closes the harbor bridge again, ferries stop. Bridge tolls are refunded.",
    "Library opening hours grow, the mayor said on Friday.",
]


def vectorize(counts: list[TermCounts]) -> csr_matrix:
    return Vectorizer(TermStatistics.from_counts(counts)).transform(counts)


def test_cosines_equal_those_of_scikit_learn():
    tokenizer = Tokenizer("en")
    # Word pairs of scikit-learn run across stop words, ours do not: single words are compared.
    counted = CountVectorizer(analyzer=tokenizer.terms).fit_transform(TEXTS)
    theirs = TfidfTransformer().fit_transform(counted.sqrt())
    full = [count_terms("", text, "en") for text in TEXTS]
    ours = vectorize([TermCounts(c.term_ids[: c.n_words], c.counts[: c.n_words]) for c in full])
    assert np.allclose((ours @ ours.T).toarray(), (theirs @ theirs.T).toarray(), atol=1e-5)


def test_word_pairs_equal_those_of_scikit_learn():
    texts = ["one two three two", "two three four", "three two one", "five one two"]
    settings = {"ngram_range": (1, 2), "token_pattern": r"\w+"}
    theirs = TfidfTransformer().fit_transform(
        CountVectorizer(**settings).fit_transform(texts).sqrt()
    )
    ours = vectorize([count_terms("", text, "xx") for text in texts])
    assert np.allclose((ours @ ours.T).toarray(), (theirs @ theirs.T).toarray(), atol=1e-5)


def test_without_repeated_terms_it_is_tfidfvectorizer():
    texts = ["harbor bridge reopens friday", "mayor opens library", "storm closes harbor"]
    theirs = TfidfVectorizer(ngram_range=(1, 2)).fit_transform(texts)
    ours = vectorize([count_terms("", text, "xx") for text in texts])
    assert np.allclose((ours @ ours.T).toarray(), (theirs @ theirs.T).toarray(), atol=1e-5)


def test_three_documents_by_hand():
    """harbor in 2 of 3 documents, bridge in 1, mayor in 2; the first has harbor 4 times."""
    harbor, bridge, mayor = 1, 2, 3
    counts = [
        make_counts({harbor: 4, bridge: 1}),
        make_counts({harbor: 1, mayor: 1}),
        make_counts({mayor: 9}),
    ]
    common, rare = log(4 / 3) + 1, log(4 / 2) + 1
    length = sqrt((2 * common) ** 2 + rare**2)
    vectors = vectorize(counts)

    assert vectors.shape == (3, N_TERM_IDS)
    assert vectors[0, harbor] == pytest.approx(2 * common / length)
    assert vectors[0, bridge] == pytest.approx(rare / length)
    cosines = (vectors @ vectors.T).toarray()
    assert cosines[0, 1] == pytest.approx(2 * common / length / sqrt(2))
    assert cosines[1, 2] == pytest.approx(1 / sqrt(2))
    assert cosines[0, 2] == 0


def test_rows_have_length_one_and_a_text_without_terms_has_none():
    vectors = vectorize([count_terms("", TEXTS[0], "en"), TermCounts.empty()])
    assert vectors.dtype == np.float32
    assert np.sqrt(vectors.multiply(vectors).sum(axis=1)).ravel().tolist()[0] == pytest.approx(
        [1, 0]
    )


def test_no_documents_at_all():
    assert vectorize([]).shape == (0, N_TERM_IDS)


def test_a_word_that_was_never_seen_works_at_once():
    statistics = TermStatistics.from_counts([count_terms("", text, "en") for text in TEXTS])
    new = np.array([word_id("zorblax")], np.uint32)
    assert statistics.idf(new)[0] == pytest.approx(log(5) + 1)


@pytest.mark.parametrize("at_once", [1, 3, 7])
def test_lengths_do_not_depend_on_how_many_are_computed_at_a_time(at_once: int) -> None:
    sizes = (0, 4, 1, 0, 2, 1, 0)
    counts = [make_counts({term: 1 + term for term in range(n)}) for n in sizes]
    statistics = TermStatistics.from_counts(counts)
    row_ends = np.cumsum([0, *map(len, counts)])
    rows = (
        np.concatenate([each.term_ids for each in counts]),
        np.concatenate([each.counts for each in counts]),
    )
    expected = Vectorizer(statistics).lengths(row_ends, *rows)
    vectorizer = Vectorizer(statistics, at_once)
    assert vectorizer.lengths(row_ends, *rows).tolist() == expected.tolist()
    assert vectorizer.lengths(np.array([0]), *rows).tolist() == []
