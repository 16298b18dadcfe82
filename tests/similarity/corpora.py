"""Small made-up corpora, and the slow, obvious way to rank them."""

import numpy as np
from hypothesis import strategies as st
from numpy.typing import NDArray

from related.similarity.index.statistics import TermStatistics
from related.similarity.index.vectorizer import Vectorizer
from related.similarity.text.term_ids import N_WORD_IDS
from related.similarity.text.terms import TermCounts

Ranking = list[tuple[int, float]]


def make_counts(counts: dict[int, int]) -> TermCounts:
    return TermCounts(
        np.array(sorted(counts), np.uint32),
        np.array([counts[term_id] for term_id in sorted(counts)], np.uint16),
    )


# Few words and few pairs, so that documents share many and ties are common.
term_ids = st.one_of(st.integers(0, 12), st.integers(N_WORD_IDS, N_WORD_IDS + 6))
documents = st.dictionaries(term_ids, st.integers(1, 5), max_size=8).map(make_counts)


def random_corpus(n_documents: int, seed: int) -> dict[int, TermCounts]:
    """Documents of about 80 terms; 25 on each story, which share some of its 60 terms.

    The other words fall off in frequency as those of real texts do.
    """
    random = np.random.default_rng(seed)
    n_stories = max(1, n_documents // 25)
    story_words = random.integers(0, 50_000, (n_stories, 40))
    story_pairs = N_WORD_IDS + random.integers(0, 50_000, (n_stories, 20))
    corpus = {}
    for key in range(n_documents):
        story = random.integers(n_stories)
        common = random.zipf(1.3, 60) % 50_000
        words = random.choice(story_words[story], 20)
        pairs = random.choice(story_pairs[story], 8)
        ids, counts = np.unique(np.concatenate([common, words, pairs]), return_counts=True)
        corpus[key] = TermCounts(ids.astype(np.uint32), counts.astype(np.uint16))
    return corpus


def brute_force(corpus: dict[int, TermCounts], statistics: TermStatistics, key: int) -> Ranking:
    """(other key, cosine) of all others above 0, most similar first, equals by key descending."""
    vectorizer = Vectorizer(statistics)
    vectors = {
        other: dict(zip(counts.term_ids.tolist(), vectorizer.weights(counts).tolist(), strict=True))
        for other, counts in corpus.items()
    }
    query = vectors.pop(key)
    cosines = {
        other: sum(weight * query[term] for term, weight in vector.items() if term in query)
        for other, vector in vectors.items()
    }
    ranking = [(other, cosine) for other, cosine in cosines.items() if cosine > 0]
    return sorted(ranking, key=lambda entry: (-entry[1], -entry[0]))


def as_ranking(keys: NDArray[np.int64], similarities: NDArray[np.float32]) -> Ranking:
    return list(zip(keys.tolist(), similarities.tolist(), strict=True))
