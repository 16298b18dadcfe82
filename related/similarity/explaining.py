"""Why two documents are similar: the terms that they share and what each contributes."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from related.similarity.statistics import CorpusStatistics
from related.similarity.term_ids import N_WORD_IDS, pair_ids
from related.similarity.terms import TermCounts
from related.similarity.vectorizer import Vectorizer

# Every two of these words are tried as a pair; a million combinations take milliseconds.
_MAX_PAIRED_WORDS = 1000
OTHER_PAIRS = "(other word pairs)"


@dataclass(frozen=True, slots=True)
class SharedTerm:
    """A word, or two words that stand side by side in both documents."""

    term: str
    contribution: float  # part of the cosine similarity, above 0


def shared_terms(
    a: TermCounts,
    b: TermCounts,
    statistics: CorpusStatistics,
    top: int | None = 10,
    n_paired_words: int = _MAX_PAIRED_WORDS,
) -> list[SharedTerm]:
    """What the documents share, the largest contribution first.

    The contributions of all (``top=None``) add up to the cosine similarity. No word is named
    twice: what a pair's own words contribute is counted with the pair, and a pair that shares a
    word with a larger one is counted with that.

    One of the two must know its words (``count_terms``, not ``from_bytes``); a term without a
    known word is shown by its number. Only the ``n_paired_words`` heaviest shared words are tried
    as members of pairs; the rest of the pairs stand together as ``OTHER_PAIRS``.
    """
    term_ids, contributions = _contributions(a, b, statistics)
    n_words = int(np.searchsorted(term_ids, N_WORD_IDS))
    words = _names(b) | _names(a)
    labels = {i: words.get(i, f"term {i}") for i in term_ids[:n_words].tolist()}
    totals = dict(zip(labels, contributions[:n_words].tolist(), strict=True))

    owner: dict[int, int] = {}  # word -> the pair that names it
    others = 0.0
    by_weight = np.argsort(-contributions[:n_words], kind="stable")[:n_paired_words]
    members = _members(term_ids[:n_words][by_weight], term_ids[n_words:])
    for i in n_words + np.argsort(-contributions[n_words:], kind="stable"):
        pair, contribution = int(term_ids[i]), float(contributions[i])
        if pair not in members:
            others += contribution
            continue
        first, second = members[pair]
        named_by = owner.get(first, owner.get(second))
        if named_by is not None:
            totals[named_by] += contribution
            continue
        owner[first] = owner[second] = pair
        labels[pair] = f"{labels[first]} {labels[second]}"
        totals[pair] = contribution + sum(totals.pop(word) for word in {first, second})
    shared = [SharedTerm(labels[i], total) for i, total in totals.items()]
    if others:
        shared.append(SharedTerm(OTHER_PAIRS, others))
    return sorted(shared, key=lambda term: (-term.contribution, term.term))[:top]


def heaviest_terms(
    a: TermCounts, b: TermCounts, statistics: CorpusStatistics, top: int = 5
) -> list[str]:
    """The few shared terms that tell an editor most, in words; quick enough for every pair."""
    terms = shared_terms(a, b, statistics, top + 1, n_paired_words=3 * top)
    return [term.term for term in terms if term.term != OTHER_PAIRS][:top]


def _contributions(
    a: TermCounts, b: TermCounts, statistics: CorpusStatistics
) -> tuple[NDArray[np.uint32], NDArray[np.float64]]:
    """Ids of the shared terms, ascending, and ``weight in a * weight in b`` of each."""
    vectorizer = Vectorizer(statistics)
    term_ids, in_a, in_b = np.intersect1d(
        a.term_ids, b.term_ids, assume_unique=True, return_indices=True
    )
    weights_a = vectorizer.weights(a)[in_a].astype(np.float64)
    return term_ids, weights_a * vectorizer.weights(b)[in_b]


def _names(counts: TermCounts) -> dict[int, str]:
    return dict(zip(counts.term_ids.tolist(), counts.words, strict=False))


def _members(words: NDArray[np.uint32], pairs: NDArray[np.uint32]) -> dict[int, tuple[int, int]]:
    """The two words of each pair, found by pairing all shared words anew: an id is a hash.

    The words come heaviest first: they win where two combinations have the same id.
    """
    combinations = pair_ids(np.repeat(words, len(words)), np.tile(words, len(words)))
    members: dict[int, tuple[int, int]] = {}
    for i in np.flatnonzero(np.isin(combinations, pairs)).tolist():
        first, second = words[i // len(words)], words[i % len(words)]
        members.setdefault(int(combinations[i]), (int(first), int(second)))
    return members
