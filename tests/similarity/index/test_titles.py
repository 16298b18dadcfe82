"""Cosines of titles, against the slow, obvious way."""

import numpy as np
import pytest

from related.similarity.index.search import Index
from related.similarity.index.statistics import TermStatistics
from related.similarity.index.vectorizer import Vectorizer
from related.similarity.text.terms import TermCounts, count_terms

TEXTS = {
    4: ("Ferry strike ends", "The ferry sails again. The strike is over."),
    7: ("Strike of the ferry crews", "Crews demand a rise; no ferry sails."),
    8: ("", "The ferry of the islands, and the strike of last year."),
    9: ("Council budget", "The council votes on its budget."),
    12: ("Ferry strike ends", "Nothing of what the title says."),
}
COUNTS = {key: count_terms(title, text, "en") for key, (title, text) in TEXTS.items()}
STATISTICS = TermStatistics.from_counts(COUNTS.values())
VECTORIZER = Vectorizer(STATISTICS)


def text_vector(counts: TermCounts) -> dict[int, float]:
    weights = VECTORIZER.weights(counts).tolist()
    return dict(zip(counts.term_ids.tolist(), weights, strict=True))


def title_vector(counts: TermCounts) -> dict[int, float]:
    idf = STATISTICS.idf(counts.title_ids)
    length = float(np.linalg.norm(idf)) or 1.0
    return dict(zip(counts.title_ids.tolist(), (idf / length).tolist(), strict=True))


def cosine(a: dict[int, float], b: dict[int, float]) -> float:
    return sum(weight * b[term] for term, weight in a.items() if term in b)


def slowly(a: int, b: int) -> tuple[float, float]:
    title_a, title_b = title_vector(COUNTS[a]), title_vector(COUNTS[b])
    text_a, text_b = text_vector(COUNTS[a]), text_vector(COUNTS[b])
    return (cosine(title_a, text_b) + cosine(title_b, text_a)) / 2, cosine(title_a, title_b)


@pytest.mark.parametrize("in_segments", [False, True])
def test_titles_against_texts_and_titles(in_segments, tmp_path):
    index = Index(STATISTICS)
    if in_segments:
        for key, counts in COUNTS.items():
            index.put([key], [counts])
    else:
        index.put(list(COUNTS), list(COUNTS.values()))
    index.save(tmp_path)
    keys = list(COUNTS)
    listed = np.array([keys, keys[::-1], [*keys[1:], 999], keys, keys])
    for one in (index, Index.load(tmp_path, STATISTICS), index.with_statistics(STATISTICS)):
        with_text, with_title = one.title_similarities(keys, listed)
        for q, key in enumerate(keys):
            for i, other in enumerate(listed[q].tolist()):
                expected = slowly(key, other) if other in COUNTS else (0, 0)
                assert (with_text[q, i], with_title[q, i]) == pytest.approx(expected, abs=1e-6)


def test_a_document_without_title_adds_only_the_other_ones():
    index = Index(STATISTICS)
    index.put(list(COUNTS), list(COUNTS.values()))
    with_text, with_title = index.title_similarities([8], np.array([[4, 9]]))
    assert with_text[0, 0] > 0
    assert with_title.tolist() == [[0, 0]]


def test_titles_survive_merges():
    index = Index(STATISTICS)
    index.put(list(COUNTS), list(COUNTS.values()))
    index.remove([9, 12])
    index.put([9], [COUNTS[9]])
    assert {key: index.counts(key).title_ids.tolist() for key in (4, 7, 8, 9)} == {
        key: COUNTS[key].title_ids.tolist() for key in (4, 7, 8, 9)
    }


def test_an_unknown_query_is_refused():
    with pytest.raises(KeyError, match="Document 1 is not"):
        Index(STATISTICS).title_similarities([1], np.array([[2]]))
