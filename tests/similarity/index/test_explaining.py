from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from related.similarity.index.explaining import OTHER_PAIRS, Explainer, shared_terms
from related.similarity.index.query import Query
from related.similarity.index.search import Index
from related.similarity.index.statistics import TermStatistics
from related.similarity.index.vectorizer import Vectorizer
from related.similarity.text.terms import count_terms

A = count_terms(
    "Harbor bridge reopens", "The harbor bridge reopens on Friday after storm repairs.", "en"
)
B = count_terms("Storm closes harbor bridge", "Ferries stop as the storm hits the harbor.", "en")
C = count_terms("Library hours", "The library opens longer on Friday.", "en")
STATISTICS = TermStatistics.from_counts([A, B, C])

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


def test_nothing_shared():
    assert shared_terms(B, C, STATISTICS) == []


def test_the_words_of_one_document_explain_all_that_resemble_it():
    index = Index(STATISTICS)
    index.put([1, 2], [B, C])
    contributions = index.contributions(Query.of(A, index.vectorizer), [1, 2, 3])
    assert contributions.sum(axis=1)[:2] == pytest.approx(
        [sum(t.contribution for t in shared_terms(A, x, STATISTICS, top=None)) for x in (B, C)],
        abs=1e-6,
    )
    assert not contributions[2].any()  # of a document that is not there
    explainer = Explainer(A, index.vectorizer)
    heaviest = [explainer.heaviest(row) for row in contributions]
    assert heaviest == [["harbor bridge", "storm"], ["friday"], []]


def test_a_phrase_that_swallows_its_words_leaves_room_for_others():
    phrase = "alpha beta gamma delta epsilon zeta eta theta iota kappa " * 3
    a, b = (count_terms("", f"{phrase} {x} mayor storm ferry", "xx") for x in "xy")
    contributions = contributions_of(a, b)
    explainer = Explainer(a, Vectorizer(TermStatistics.from_counts([a, b])))
    assert len(explainer.shared(contributions, 4)) < 5
    assert len(explainer.heaviest(contributions, top=5, n_looked_at=4)) == 5  # it looked again


def contributions_of(a, b):
    index = Index(TermStatistics.from_counts([a, b]))
    index.put([1], [b])
    return index.contributions(Query.of(a, index.vectorizer), [1])[0]
