"""Why two documents are similar: the terms that they share and what each contributes."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from related.similarity.index.statistics import TermStatistics
from related.similarity.index.vectorizer import Vectorizer
from related.similarity.text import loops
from related.similarity.text.terms import TermCounts

# Every two of so many of a text's heaviest words are tried as a pair; a million combinations take
# milliseconds.
MAX_PAIRED_WORDS = 1000
# To name a few terms quickly, only so many of the shared ones are looked at, and fewer words tried.
N_LOOKED_AT = 16
FEW_PAIRED_WORDS = 250
OTHER_PAIRS = "(other word pairs)"


@dataclass(frozen=True, slots=True)
class SharedTerm:
    """A word, or two words that stand side by side in both documents."""

    term: str
    contribution: float  # part of the cosine similarity, above 0


def shared_terms(
    a: TermCounts,
    b: TermCounts,
    statistics: TermStatistics,
    top: int | None = 10,
    n_paired_words: int = MAX_PAIRED_WORDS,
) -> list[SharedTerm]:
    """What the documents share, the largest contribution first.

    The contributions of all (``top=None``) add up to the cosine similarity. No word is named
    twice: what a pair's own words contribute is counted with the pair, and a pair that shares a
    word with a larger one is counted with that.

    One of the two must know its words (``count_terms``, not ``from_bytes``); a term without a
    known word is shown by its number. Only the ``n_paired_words`` heaviest words are tried as
    members of pairs; the rest of the pairs stand together as ``OTHER_PAIRS``.
    """
    if not a.words:
        a, b = b, a
    vectorizer = Vectorizer(statistics)
    _, in_a, in_b = np.intersect1d(a.term_ids, b.term_ids, assume_unique=True, return_indices=True)
    contributions = np.zeros(len(a), np.float64)
    contributions[in_a] = (
        vectorizer.weights(a)[in_a].astype(np.float64) * vectorizer.weights(b)[in_b]
    )
    return Explainer(a, vectorizer, n_paired_words).shared(contributions, len(in_a))[:top]


class Explainer:
    """Says why others resemble one document, whose words it knows."""

    def __init__(
        self, counts: TermCounts, vectorizer: Vectorizer, n_paired_words: int = FEW_PAIRED_WORDS
    ) -> None:
        self._counts = counts
        self._weights = vectorizer.weights(counts)
        self._n_paired_words = n_paired_words

    def heaviest(
        self,
        contributions: NDArray[np.floating[Any]],
        top: int = 5,
        n_looked_at: int = N_LOOKED_AT,
    ) -> list[str]:
        """The few shared terms that tell an editor most, in words; quick enough for every pair.

        contributions: of each of the document's terms, as ``Index.contributions`` gives them.
        n_looked_at: how many shared terms; four times as many where these give too few names.
        """
        named: list[str] = []
        for n in (n_looked_at, 4 * n_looked_at):  # pairs swallow words, and one another
            terms = self.shared(contributions, n)
            named = [term.term for term in terms if term.term != OTHER_PAIRS][:top]
            if len(named) == top:
                break
        return named

    def shared(
        self, contributions: NDArray[np.floating[Any]], n_looked_at: int
    ) -> list[SharedTerm]:
        """``shared_terms`` of the ``n_looked_at`` heaviest terms shared with another document."""
        places = _heaviest(contributions, n_looked_at)
        n_words = self._counts.n_words
        totals = {place: float(contributions[place]) for place in places if place < n_words}
        labels = {place: self._word(place) for place in totals}
        owner: dict[int, int] = {}  # word -> the pair that names it
        others = 0.0
        for pair in (place for place in places if place >= n_words):
            contribution = float(contributions[pair])
            if pair not in self._members:
                others += contribution
                continue
            first, second = self._members[pair]
            named_by = owner.get(first, owner.get(second))
            if named_by is not None:
                totals[named_by] += contribution
                continue
            owner[first] = owner[second] = pair
            labels[pair] = f"{self._word(first)} {self._word(second)}"
            totals[pair] = contribution
            for word in {first, second}:
                totals[pair] += totals.pop(word, float(contributions[word]))
        shared = [SharedTerm(labels[place], total) for place, total in totals.items()]
        if others:
            shared.append(SharedTerm(OTHER_PAIRS, others))
        return sorted(shared, key=lambda term: (-term.contribution, term.term))

    def _word(self, place: int) -> str:
        words = self._counts.words
        return words[place] if words else f"term {self._counts.term_ids[place]}"

    @cached_property
    def _members(self) -> dict[int, tuple[int, int]]:
        """place of a pair -> places of its two words, found by pairing all words again, for an id
        is a hash. The heaviest words come first: they win where two combinations share an id.
        """
        n_words, term_ids = self._counts.n_words, self._counts.term_ids
        words = np.array(_heaviest(self._weights[:n_words], self._n_paired_words), np.int64)
        found = loops.pair_members(term_ids[words], term_ids[n_words:])
        named = np.flatnonzero(found[:, 0] >= 0)
        both = zip(*words[found[named]].T.tolist(), strict=True)
        return dict(zip((n_words + named).tolist(), both, strict=True))


def _heaviest(weights: NDArray[np.floating[Any]], n: int) -> list[int]:
    """The places of at most n weights above 0, heaviest first, equals in order."""
    places = np.flatnonzero(weights > 0)
    order: Iterable[int] = places[np.argsort(-weights[places], kind="stable")][:n].tolist()
    return list(order)
