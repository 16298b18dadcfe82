import numpy as np
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.metrics.pairwise import cosine_similarity

from related.similarity.baseline import QUERIES_AT_ONCE, PlainTfidf

WORDS = ["bridge", "harbor", "ferry", "school", "budget", "mayor", "strike", "storm", "museum"]


def make_texts(n):
    random = np.random.default_rng(1)
    return [" ".join(random.choice(WORDS, random.integers(3, 30))) for _ in range(n)]


def test_it_is_what_tutorials_do():
    texts = make_texts(QUERIES_AT_ONCE + 30)
    keys = list(range(100, 100 + len(texts)))
    similarities = cosine_similarity(TfidfVectorizer().fit_transform(texts))
    np.fill_diagonal(similarities, 0)
    found = list(PlainTfidf(keys, texts).nearest(keys, 3))
    for place, nearest in enumerate(found):
        own = similarities[place]
        assert 100 + place not in nearest
        np.testing.assert_allclose(own[nearest - 100], np.sort(own)[::-1][:3], rtol=1e-5)


def test_what_shares_no_word_is_not_near():
    plain = PlainTfidf([7, 8, 9], ["old bridge", "new bridge", "paella"])
    assert [row.tolist() for row in plain.nearest([7, 9], 5)] == [[8], []]


def test_texts_without_words_have_no_neighbors():
    assert [row.tolist() for row in PlainTfidf([1, 2], ["", "!"]).nearest([2, 1], 5)] == [[], []]
