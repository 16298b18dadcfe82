"""Comparing what two texts say beside the passages that they share, compiled by numba."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from related.similarity.compiled import compiled
from related.similarity.text.passage_loops import FIRST_PLACE, IN_TITLE, LAST_PLACE, PLACE_BITS
from related.similarity.text.passage_loops import order_of as _order_of

# Share of words from which two texts are of one story: of what they say beside the passages that
# they share; of their titles, whose texts have at least so much in common; of either title that
# stands in what they share.
MIN_REST, MIN_TITLES, MIN_REST_OF_TITLES, MIN_SHARED = 0.5, 1 / 3, 0.3, 0.5
# One word in common does not make titles alike.
MIN_TITLE_WORDS = 2


# Of either text, so many words: of its title; of those that both texts would name if they had them,
# which are in the title, in the rest (the title or no shared passage), in title and shared passage.
TITLE, KNOWN_TITLE, REST, TOLD = 0, 1, 2, 3


@compiled
def are_one_story(
    hashes_a: NDArray[np.uint32],
    wording_a: NDArray[np.uint32],
    hashes_b: NDArray[np.uint32],
    wording_b: NDArray[np.uint32],
    most_words: int,
) -> bool:
    """Whether two texts tell one story, whatever passages both have.

    hashes: of their passages, sorted. wording: as ``choose_words`` makes it.
    """
    shared_a, shared_b = _shared(hashes_a, hashes_b), _shared(hashes_b, hashes_a)
    last = min(_last_order(wording_a, most_words), _last_order(wording_b, most_words))
    n_a, n_b, n_both = np.zeros(4, np.int64), np.zeros(4, np.int64), np.zeros(4, np.int64)
    at_a, at_b = 0, 0
    while at_a < len(wording_a) or at_b < len(wording_b):
        word = _next_word(wording_a, at_a, wording_b, at_b)
        at_a, in_a = _places(wording_a, at_a, word, shared_a)
        at_b, in_b = _places(wording_b, at_b, word, shared_b)
        is_shared = in_a[TOLD] or in_b[TOLD]
        in_a[TOLD], in_b[TOLD] = in_a[TITLE] and is_shared, in_b[TITLE] and is_shared
        n_counted = 4 if _order_of(word) <= last else 1
        for kind in range(n_counted):
            n_a[kind] += in_a[kind]
            n_b[kind] += in_b[kind]
            n_both[kind] += in_a[kind] and in_b[kind]
    return _is_one(n_a, n_b, n_both)


@compiled
def _next_word(
    wording_a: NDArray[np.uint32], at_a: int, wording_b: NDArray[np.uint32], at_b: int
) -> np.uint32:
    """The earlier word of the two texts, in the order by which words are chosen."""
    if at_a == len(wording_a):
        return np.uint32(wording_b[at_b] >> PLACE_BITS)
    if at_b == len(wording_b):
        return np.uint32(wording_a[at_a] >> PLACE_BITS)
    word_a, word_b = wording_a[at_a] >> PLACE_BITS, wording_b[at_b] >> PLACE_BITS
    order_a, order_b = _order_of(word_a), _order_of(word_b)
    is_a = order_a < order_b or (order_a == order_b and word_a < word_b)
    return np.uint32(word_a) if is_a else np.uint32(word_b)


@compiled
def _places(
    wording: NDArray[np.uint32], at: int, word: np.uint32, shared: NDArray[np.bool_]
) -> tuple[int, NDArray[np.bool_]]:
    """(where the next word is, where this one stands; TOLD: in a shared passage)."""
    found = np.zeros(4, np.bool_)
    while at < len(wording) and wording[at] >> PLACE_BITS == word:
        place = wording[at] & LAST_PLACE
        is_shared = place >= FIRST_PLACE and shared[place - FIRST_PLACE]
        found[TITLE] |= place == IN_TITLE
        found[TOLD] |= is_shared
        found[REST] |= not is_shared
        at += 1
    found[KNOWN_TITLE] = found[TITLE]
    return at, found


@compiled
def _is_one(n_a: NDArray[np.int64], n_b: NDArray[np.int64], n_both: NDArray[np.int64]) -> bool:
    if not n_a[REST] and not n_b[REST]:
        return True
    rest = n_both[REST] / np.sqrt(max(n_a[REST] * n_b[REST], 1))
    n_title = max(MIN_TITLE_WORDS, MIN_TITLES * min(n_a[TITLE], n_b[TITLE]))
    are_alike = n_both[TITLE] >= n_title and rest >= MIN_REST_OF_TITLES
    are_told = _is_most(n_a[TOLD], n_a[KNOWN_TITLE]) and _is_most(n_b[TOLD], n_b[KNOWN_TITLE])
    # Recipes are alike in all but their titles.
    may_be_one = n_both[TITLE] > 0 or not n_a[TITLE] or not n_b[TITLE]
    return (rest >= MIN_REST and may_be_one) or are_alike or are_told


@compiled
def _is_most(told: int, asked: int) -> bool:
    return told >= MIN_TITLE_WORDS and told >= MIN_SHARED * asked


@compiled
def _shared(own: NDArray[np.uint32], others: NDArray[np.uint32]) -> NDArray[np.bool_]:
    """Which of one text's passages another has; both sorted."""
    found = np.zeros(len(own), np.bool_)
    at = 0
    for number in range(len(own)):
        while at < len(others) and others[at] < own[number]:
            at += 1
        found[number] = at < len(others) and others[at] == own[number]
    return found


@compiled
def _last_order(wording: NDArray[np.uint32], most_words: int) -> np.uint32:
    """Up to where the words are all that the text has."""
    n_words = 0
    for at in range(len(wording)):
        word = wording[at] >> PLACE_BITS
        if at == 0 or word != wording[at - 1] >> PLACE_BITS:
            n_words += 1
            if n_words == most_words:
                return _order_of(word)
    return np.uint32(0xFFFFFFFF)
