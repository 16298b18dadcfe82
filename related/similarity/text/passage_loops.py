"""Hashing the sentences of a text and choosing words to know it by, compiled by numba."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from related.similarity.compiled import compiled
from related.similarity.text.characters import OTHER
from related.similarity.text.sentence_loops import find_sentences
from related.similarity.text.term_ids import GOLDEN, MIX, STOP_WORD

# A sentence of fewer words is no passage of its own: "Log in.", a byline, a name in a table.
MIN_WORDS = 4
# The bits of a stored word that say where it stands: in the title, in no passage, or in which.
PLACE_BITS = np.uint32(10)
LAST_PLACE = np.uint32(2**10 - 1)
IN_TITLE, IN_NONE, FIRST_PLACE = 0, 1, 2
# Of a longer text the first and the last passages are looked at: there stands what repeats.
MOST_FIRST, MOST_LAST = 300, 100


@compiled
def read_sentences(
    codes: NDArray[np.uint32],
    first: int,
    kinds: NDArray[np.uint8],
    roles: NDArray[np.uint8],
    abbreviations: NDArray[np.uint32],
) -> tuple[NDArray[np.int32], NDArray[np.int32], NDArray[np.uint32]]:
    """(where each sentence begins, with which passages it goes [n, 2], hashes of the passages).

    See ``find_sentences`` and ``find_units``; of many passages the first and the last are kept.
    """
    spans = find_sentences(codes, first, kinds, roles, abbreviations)
    hashes, goes_with = find_units(codes, kinds, spans)
    n_left_out = len(hashes) - MOST_FIRST - MOST_LAST
    if n_left_out > 0:
        hashes = np.concatenate((hashes[:MOST_FIRST], hashes[-MOST_LAST:]))
        for sentence in range(len(goes_with)):
            for side in range(2):
                passage = goes_with[sentence, side]
                goes_with[sentence, side] = min(passage, max(MOST_FIRST, passage - n_left_out))
    return spans[:, 0].copy(), goes_with, hashes


@compiled
def find_units(
    codes: NDArray[np.uint32],
    kinds: NDArray[np.uint8],
    spans: NDArray[np.int32],
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
    if code < 0x0E00:
        return False
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
def place_words(  # noqa: PLR0917 (numba takes arguments by their places)
    starts: NDArray[np.int32],
    goes_with: NDArray[np.int32],
    hashes: NDArray[np.uint32],
    word_starts: NDArray[np.int32],
    word_ids: NDArray[np.uint32],
    n_title: int,
) -> tuple[NDArray[np.uint32], NDArray[np.int32], NDArray[np.uint64]]:
    """(the passages sorted and unique; the sentence of each word of the body; the words to choose
    from, ``order << 32 | word << 10 | place``, without stop words).

    A word of a short sentence stands in the first passage of its line.
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
    words = np.empty(n_words, np.uint64)
    sentence, n = 0, 0
    for at in range(n_words):
        place = np.uint32(IN_TITLE)
        if at >= n_title:
            while sentence + 1 < len(starts) and starts[sentence + 1] <= word_starts[at]:
                sentence += 1
            sentence_of[at - n_title] = sentence
            first, last = goes_with[sentence]
            place = number[first] + np.uint32(FIRST_PLACE) if first < last else np.uint32(IN_NONE)
        if word_ids[at] != STOP_WORD:
            packed = (word_ids[at] << PLACE_BITS) | place
            words[n] = (np.uint64(order_of(word_ids[at])) << np.uint64(32)) | np.uint64(packed)
            n += 1
    return unique[:n_unique], sentence_of, words[:n]


@compiled
def choose_words(found: NDArray[np.uint64], most: int) -> NDArray[np.uint32]:
    """``word << 10 | place`` of the first ``most`` words in their order, and all of the title.

    found: those to choose from, as ``place_words`` makes them, sorted.
    """
    chosen = np.empty(len(found), np.uint32)
    n_words, n_chosen = 0, 0
    for at in range(len(found)):
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
