from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from related.similarity.explaining import OTHER_PAIRS, heaviest_terms, shared_terms
from related.similarity.index import Index
from related.similarity.statistics import CorpusStatistics
from related.similarity.terms import count_terms

A = count_terms(
    "Harbor bridge reopens", "The harbor bridge reopens on Friday after storm repairs.", "en"
)
B = count_terms("Storm closes harbor bridge", "Ferries stop as the storm hits the harbor.", "en")
C = count_terms("Library hours", "The library opens longer on Friday.", "en")
STATISTICS = CorpusStatistics.from_counts([A, B, C])

WORDS = ["storm", "harbor", "bridge", "ferry", "mayor", "the"]
sentences = st.lists(st.sampled_from(WORDS), max_size=12)


def test_contributions_add_up_to_the_similarity():
    index = Index(STATISTICS)
    index.put([1], [B])
    similarity = index.search(A)[1][0]
    terms = shared_terms(A, B, STATISTICS, top=None)
    assert sum(term.contribution for term in terms) == pytest.approx(similarity, abs=1e-6)


@given(sentences, sentences)
def test_contributions_always_add_up(a, b):
    a, b = (count_terms("", " ".join(words), "en") for words in (a, b))
    index = Index(STATISTICS)
    index.put([1], [b])
    similarity = index.search(a)[1].sum()
    terms = shared_terms(a, b, STATISTICS, top=None)
    assert sum(term.contribution for term in terms) == pytest.approx(similarity, abs=1e-6)
    assert all(term.contribution > 0 for term in terms)


def test_pairs_are_named_and_no_word_is_named_twice():
    terms = [term.term for term in shared_terms(A, B, STATISTICS)]
    assert terms == ["harbor bridge", "storm"]


def test_heaviest_first_and_no_more_than_asked_for():
    terms = shared_terms(A, B, STATISTICS, top=None)
    assert [t.contribution for t in terms] == sorted((t.contribution for t in terms), reverse=True)
    assert shared_terms(A, B, STATISTICS, top=1) == terms[:1]


def test_the_words_of_one_document_are_enough():
    stored = replace(A, words=())
    assert [term.term for term in shared_terms(stored, B, STATISTICS)] == ["harbor bridge", "storm"]


def test_without_any_words_terms_have_numbers():
    terms = shared_terms(replace(A, words=()), replace(B, words=()), STATISTICS)
    assert all(term.term.startswith("term ") for term in terms)


def test_pairs_of_words_that_were_not_tried_stand_together():
    terms = shared_terms(A, B, STATISTICS, n_paired_words=0)
    assert OTHER_PAIRS in [term.term for term in terms]
    assert OTHER_PAIRS not in heaviest_terms(A, B, STATISTICS)


def test_nothing_shared():
    assert shared_terms(B, C, STATISTICS) == []
