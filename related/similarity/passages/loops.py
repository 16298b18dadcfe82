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
MIN_REST, MIN_TITLES, MIN_REST_OF_TITLES, MIN_SHARED = 0.5, 0.5, 0.2, 0.5
# One word in common does not make titles alike.
MIN_TITLE_WORDS = 2


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
    # Words: of the titles; of the rest (title or not in a shared passage); of a title and in a
    # shared passage.
    titles_a, titles_b, titles_both = 0, 0, 0
    rest_a, rest_b, rest_both = 0, 0, 0
    told_a, told_b, asked_a, asked_b = 0, 0, 0, 0
    at_a, at_b = 0, 0
    while at_a < len(wording_a) or at_b < len(wording_b):
        is_a = at_a < len(wording_a)
        is_b = at_b < len(wording_b)
        word_a = wording_a[at_a] >> PLACE_BITS if is_a else np.uint32(0)
        word_b = wording_b[at_b] >> PLACE_BITS if is_b else np.uint32(0)
        if is_a and is_b and word_a != word_b:
            order_a, order_b = _order_of(word_a), _order_of(word_b)
            is_a = order_a < order_b or (order_a == order_b and word_a < word_b)
            is_b = not is_a
        word = word_a if is_a else word_b
        is_known = _order_of(word) <= last
        in_title_a, in_rest_a, in_shared_a = False, False, False
        while is_a and at_a < len(wording_a) and wording_a[at_a] >> PLACE_BITS == word:
            place = wording_a[at_a] & LAST_PLACE
            in_title_a = in_title_a or place == IN_TITLE
            is_shared = place >= FIRST_PLACE and shared_a[place - FIRST_PLACE]
            in_shared_a = in_shared_a or is_shared
            in_rest_a = in_rest_a or not is_shared
            at_a += 1
        in_title_b, in_rest_b, in_shared_b = False, False, False
        while is_b and at_b < len(wording_b) and wording_b[at_b] >> PLACE_BITS == word:
            place = wording_b[at_b] & LAST_PLACE
            in_title_b = in_title_b or place == IN_TITLE
            is_shared = place >= FIRST_PLACE and shared_b[place - FIRST_PLACE]
            in_shared_b = in_shared_b or is_shared
            in_rest_b = in_rest_b or not is_shared
            at_b += 1
        titles_a += in_title_a
        titles_b += in_title_b
        titles_both += in_title_a and in_title_b
        if is_known:
            rest_a += in_rest_a
            rest_b += in_rest_b
            rest_both += in_rest_a and in_rest_b
            asked_a += in_title_a
            asked_b += in_title_b
            told_a += in_title_a and (in_shared_a or in_shared_b)
            told_b += in_title_b and (in_shared_a or in_shared_b)
    if not rest_a and not rest_b:
        return True
    rest = rest_both / np.sqrt(max(rest_a * rest_b, 1))
    if rest >= MIN_REST:
        return True
    shorter = max(min(titles_a, titles_b), MIN_TITLE_WORDS)
    if titles_both >= MIN_TITLES * shorter and titles_both >= MIN_TITLE_WORDS:
        if rest >= MIN_REST_OF_TITLES:
            return True
    return _is_most(told_a, asked_a) and _is_most(told_b, asked_b)


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
