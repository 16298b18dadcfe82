"""Hashing the shingles of a text and keeping the smallest hashes, compiled by numba."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from related.similarity.compiled import compiled
from related.similarity.text.term_ids import GOLDEN, MIX, STOP_WORD

SKETCH_SIZE = 48
# In words. With three, recipes share a seventh of their shingles; with four, a fiftieth.
SHINGLE = 4
# A body of fewer words is one shingle, together with its title: a sentence such as "The match is
# postponed because of rain" stands below many titles.
SHORTEST_BODY = 8


@compiled
def smallest_shingles(word_ids: NDArray[np.uint32], n_title: int) -> NDArray[np.uint32]:
    """The ``SKETCH_SIZE`` smallest hashes of a body's shingles, sorted and unique.

    word_ids: those of the title, ``n_title``, and of the body.
    """
    body = _without_stop_words(word_ids[n_title:])
    smallest = np.empty(SKETCH_SIZE + 1, np.uint32)
    n = 0
    if 0 < len(body) < SHORTEST_BODY:
        both = np.concatenate((word_ids[:n_title], body))
        smallest[n] = _hash(both, 0, len(both))
        return smallest[:1].copy()
    for start in range(len(body) - SHINGLE + 1):
        found = _hash(body, start, start + SHINGLE)
        if n < SKETCH_SIZE or found < smallest[n - 1]:
            n = min(_insert(smallest, n, found), SKETCH_SIZE)
    return smallest[:n].copy()


@compiled
def _without_stop_words(word_ids: NDArray[np.uint32]) -> NDArray[np.uint32]:
    kept = np.empty(len(word_ids), np.uint32)
    n = 0
    for word in word_ids:
        kept[n] = word
        n += word != STOP_WORD
    return kept[:n]


@compiled
def _insert(numbers: NDArray[np.uint32], n: int, number: np.uint32) -> int:
    """Puts a number among the first ``n``, which are sorted; returns how many they are then."""
    at = n
    while at > 0 and numbers[at - 1] > number:
        at -= 1
    if at > 0 and numbers[at - 1] == number:
        return n
    for place in range(n, at, -1):
        numbers[place] = numbers[place - 1]
    numbers[at] = number
    return n + 1


@compiled
def _hash(words: NDArray[np.uint32], start: int, end: int) -> np.uint32:
    """Of some word ids in a row: multiply and add, then mixed as in SplitMix64."""
    mixed = np.uint64(0)
    for place in range(start, end):
        mixed = (mixed + np.uint64(words[place]) + np.uint64(1)) * np.uint64(GOLDEN)
    mixed ^= mixed >> np.uint64(29)
    return np.uint32((mixed * np.uint64(MIX)) >> np.uint64(32))
