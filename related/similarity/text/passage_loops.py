"""Hashing the sentences of a text and choosing words to know it by, compiled by numba."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from related.similarity.compiled import compiled
from related.similarity.text.characters import OTHER
from related.similarity.text.term_ids import GOLDEN, MIX, STOP_WORD

# A sentence of fewer words is no passage of its own: "Log in.", a byline, a name in a table.
MIN_WORDS = 4
# The bits of a stored word that say where it stands: in the title, in no passage, or in which.
PLACE_BITS = np.uint32(10)
LAST_PLACE = np.uint32(2**10 - 1)
IN_TITLE, IN_NONE, FIRST_PLACE = 0, 1, 2


@compiled
def find_units(
    codes: NDArray[np.uint32],
    kinds: NDArray[np.uint8],
    spans: NDArray[np.int64],
) -> tuple[NDArray[np.uint32], NDArray[np.int32]]:
    """(hashes of all passages in order, goes_with [n, 2]: with which of them each sentence goes).

    A sentence of ``MIN_WORDS`` or more is a passage. A shorter one goes with all passages of its
    line, from the first up to the last; a line of short ones is one passage if it has enough words
    together, else none.

    codes: the text's characters. spans [n, 3]: where each sentence begins and ends, in which line.
    """
    n = len(spans)
    hashes, goes_with = np.zeros(n, np.uint32), np.zeros((n, 2), np.int32)
    n_passages, at = 0, 0
    while at < n:
        before = n_passages
        end = at
        while end < n and spans[end, 2] == spans[at, 2]:
            found, size = _hash_of(codes, kinds, spans[end, 0], spans[end, 1])
            if size >= MIN_WORDS:
                hashes[n_passages] = found
                goes_with[end] = n_passages, n_passages + 1
                n_passages += 1
            end += 1
        if n_passages == before:
            found, size = _hash_of(codes, kinds, spans[at, 0], spans[end - 1, 1])
            if size >= MIN_WORDS:
                hashes[n_passages] = found
                n_passages += 1
        for short in range(at, end):
            if goes_with[short, 0] == goes_with[short, 1]:
                goes_with[short] = before, n_passages
        at = end
    return hashes[:n_passages], goes_with


@compiled
def _hash_of(
    codes: NDArray[np.uint32], kinds: NDArray[np.uint8], start: int, end: int
) -> tuple[np.uint32, int]:
    """(hash, number of words) of letters and digits; all between them counts as one space."""
    value = np.uint64(GOLDEN)
    n_words, n_unspaced, is_inside = 0, 0, False
    for code in codes[start:end]:
        if kinds[code] == OTHER:
            is_inside = False
            continue
        if not is_inside:
            is_inside = True
            n_words += 1
            value = _mixed(value, np.uint64(32))
        n_unspaced += _is_unspaced(code)
        value = _mixed(value, np.uint64(code))
    # Two characters of a script without spaces make a word, as in the tokenizer.
    return np.uint32((value * np.uint64(MIX)) >> np.uint64(32)), n_words + n_unspaced // 2


@compiled
def _is_unspaced(code: np.uint32) -> bool:
    is_southeast = 0x0E00 <= code <= 0x0EFF or 0x1000 <= code <= 0x109F or 0x1780 <= code <= 0x17FF
    is_kana_or_han = 0x3040 <= code <= 0x30FF or 0x3400 <= code <= 0x9FFF
    return bool(is_southeast or is_kana_or_han)


@compiled
def _mixed(value: np.uint64, code: np.uint64) -> np.uint64:
    value = (value ^ code) * np.uint64(GOLDEN)
    return value ^ (value >> np.uint64(29))


@compiled
def order_of(word: np.uint32) -> np.uint32:
    """By which words are chosen, alike in every text."""
    mixed = (np.uint64(word) + np.uint64(1)) * np.uint64(GOLDEN)
    mixed = (mixed ^ (mixed >> np.uint64(31))) * np.uint64(MIX)
    return np.uint32(mixed >> np.uint64(32))


@compiled
def place_words(
    starts: NDArray[np.int64],
    goes_with: NDArray[np.int32],
    hashes: NDArray[np.uint32],
    word_starts: NDArray[np.int32],
    n_title: int,
) -> tuple[NDArray[np.uint32], NDArray[np.int32], NDArray[np.uint32]]:
    """(the passages sorted and unique; the sentence of each word of the body; where each stands).

    A short sentence stands for the first passage of its line.
    """
    n_words = len(word_starts)
    order = np.argsort(hashes, kind="mergesort")
    unique, number = np.empty(len(hashes), np.uint32), np.empty(len(hashes), np.uint32)
    n_unique = 0
    for at in order:
        if n_unique == 0 or hashes[at] != unique[n_unique - 1]:
            unique[n_unique] = hashes[at]
            n_unique += 1
        number[at] = n_unique - 1
    sentence_of = np.empty(n_words - n_title, np.int32)
    places = np.empty(n_words, np.uint32)
    places[:n_title] = IN_TITLE
    sentence = 0
    for at in range(n_title, n_words):
        while sentence + 1 < len(starts) and starts[sentence + 1] <= word_starts[at]:
            sentence += 1
        sentence_of[at - n_title] = sentence
        places[at] = IN_NONE
        first, last = goes_with[sentence]
        if first < last:
            places[at] = number[first] + FIRST_PLACE
    return unique[:n_unique], sentence_of, places


@compiled
def choose_words(
    word_ids: NDArray[np.uint32], places: NDArray[np.uint32], most: int
) -> NDArray[np.uint32]:
    """``word << 10 | place`` of the first ``most`` words in their order, and all of the title."""
    found = np.empty(len(word_ids), np.uint64)
    n = 0
    for at in range(len(word_ids)):
        if word_ids[at] != STOP_WORD:
            packed = (word_ids[at] << PLACE_BITS) | places[at]
            found[n] = (np.uint64(order_of(word_ids[at])) << np.uint64(32)) | np.uint64(packed)
            n += 1
    found = found[:n]
    found.sort()
    chosen = np.empty(n, np.uint32)
    n_words, n_chosen = 0, 0
    for at in range(n):
        if at and found[at] == found[at - 1]:
            continue
        packed = np.uint32(found[at] & np.uint64(0xFFFFFFFF))
        before = np.uint32(found[max(at - 1, 0)] & np.uint64(0xFFFFFFFF))
        if at == 0 or packed >> PLACE_BITS != before >> PLACE_BITS:
            n_words += 1
        if n_words <= most or packed & LAST_PLACE == IN_TITLE:
            chosen[n_chosen] = packed
            n_chosen += 1
    return chosen[:n_chosen]
