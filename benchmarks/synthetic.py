"""Made-up corpora of any size whose words fall off as those of real news do; seeded.

Calibrated on 26,680 press releases of the US Congress (stop words left out): half of a text's
words stand in more than a twentieth of all texts, a twentieth of them in less than a thousandth,
and its word pairs are ten times rarer. A text belongs to a story, most stories are small, and the
texts of a story share words and pairs: these are the neighbors to be found.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from related.similarity.text.term_ids import N_WORD_IDS
from related.similarity.text.terms import TermCounts

# Distinct terms of a text of 300 words, on average: 100 single words and 72 pairs.
_N_WORDS = 112  # drawn; many of them more than once
_N_PAIRS = 62
_STORY_WORDS = 20
_STORY_PAIRS = 16
_N_TITLE = 13  # words and pairs of a title
_VOCABULARY = 100_000
_BLOCK = 10_000


def synthetic_corpus(n_documents: int, seed: int = 0) -> list[TermCounts]:
    """``n_documents`` texts; the same seed gives the same texts."""
    random = np.random.default_rng(seed)
    words = random.permutation(N_WORD_IDS).astype(np.uint32)
    # Sizes of stories fall off as well: a few hundred texts at most, eight on average.
    sizes = np.minimum(random.zipf(1.7, n_documents // 4 + 1), 300)
    stories = random.permutation(np.repeat(np.arange(len(sizes)), sizes))
    stories = np.resize(stories, n_documents)
    corpus: list[TermCounts] = []
    for start in range(0, n_documents, _BLOCK):
        corpus.extend(_texts(random, words, stories[start : start + _BLOCK], seed))
    return corpus


def _texts(
    random: np.random.Generator,
    words: NDArray[np.uint32],
    stories: NDArray[np.int64],
    seed: int,
) -> list[TermCounts]:
    n = len(stories)
    common = words[_ranks(random, (n, _N_WORDS))]
    pairs = N_WORD_IDS + words[_ranks(random, (n, _N_PAIRS), flat=2000.0) * 7919 % N_WORD_IDS]
    own = _story_terms(stories, seed)
    shared = np.where(random.random(own.shape) < 0.4, own, own[:, :1])
    terms = np.concatenate([common, pairs, shared], axis=1).astype(np.uint32)
    terms.sort(axis=1)
    corpus = []
    for row in terms:
        starts = np.flatnonzero(np.concatenate([[True], row[1:] != row[:-1]]))
        counts = np.diff(np.append(starts, len(row)))
        title_ids = row[starts][:: max(1, len(starts) // _N_TITLE)]
        corpus.append(TermCounts(row[starts], counts.astype(np.uint16), title_ids=title_ids.copy()))
    return corpus


def _ranks(
    random: np.random.Generator, shape: tuple[int, int], flat: float = 15.0
) -> NDArray[np.int64]:
    """Ranks by the law of Zipf and Mandelbrot, p ~ 1 / (rank + flat); 0 is the most common."""
    steps = random.random(shape)
    return (flat * ((_VOCABULARY / flat) ** steps - 1)).astype(np.int64)


def _story_terms(stories: NDArray[np.int64], seed: int) -> NDArray[np.uint32]:
    """The words and pairs of each text's story; a hash, so that no table has to be kept."""
    places = np.arange(_STORY_WORDS + _STORY_PAIRS, dtype=np.uint64)
    mixed = (stories.astype(np.uint64)[:, None] * np.uint64(0x9E3779B97F4A7C15)) ^ (
        (places + np.uint64(1 + seed * 1000)) * np.uint64(0xBF58476D1CE4E5B9)
    )
    mixed ^= mixed >> np.uint64(31)
    mixed *= np.uint64(0x94D049BB133111EB)
    ids = (mixed >> np.uint64(42)).astype(np.uint32)
    ids[:, _STORY_WORDS:] += N_WORD_IDS
    return ids
