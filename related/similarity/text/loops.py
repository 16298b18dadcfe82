"""Finding, looking up and counting the words of a text as plain loops, compiled by numba.

``tokenizer.py`` says by a regular expression what a word is. ``find_words`` is the same rule,
character by character; the tests compare the two on all kinds of text.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from related.similarity.compiled import compiled
from related.similarity.text.characters import DIGIT, LETTER, OTHER
from related.similarity.text.term_ids import GOLDEN, MIX, STOP_WORD, UNKNOWN, pair_id

LONGEST_WORD, LONGEST_NUMBER, MOST_INITIALS, MOST_GROUPS = 64, 20, 9, 9

_FULL_STOP, _COMMA = 46, 44
PLACE_BITS = np.uint64(20)


@compiled
def find_words(
    codes: NDArray[np.uint32], kinds: NDArray[np.uint8]
) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    """Where each word of a text begins and ends.

    codes: the text's characters. kinds: the kind of every possible character.
    """
    # No two words touch, except the pieces of one that is too long.
    most = len(codes) // 2 + len(codes) // LONGEST_WORD + 1
    starts, ends = np.empty(most, np.int32), np.empty(most, np.int32)
    n_words, at, n = 0, 0, len(codes)
    while at < n:
        kind = kinds[codes[at]]
        if kind == OTHER:
            at += 1
            continue
        end = at + 1
        while end < n and end - at < LONGEST_WORD and kinds[codes[end]] != OTHER:
            end += 1
        if kind == DIGIT:
            end = _end_of_number(codes, kinds, at, end)
        elif end == at + 1:
            end = _end_of_initials(codes, kinds, at, end)
        starts[n_words], ends[n_words] = at, end
        n_words += 1
        at = end
    return starts[:n_words], ends[:n_words]


@compiled
def _end_of_number(
    codes: NDArray[np.uint32], kinds: NDArray[np.uint8], at: int, otherwise: int
) -> int:
    """The end of 5.9 and 12,000; for 17th and 2x4 ``otherwise``, the end of the word."""
    n = len(codes)
    found, end = -1, at
    for group in range(MOST_GROUPS + 1):
        if group:
            if not (end < n and (codes[end] == _FULL_STOP or codes[end] == _COMMA)):
                break
            end += 1
        first = end
        while end < n and end - first < LONGEST_NUMBER and kinds[codes[end]] == DIGIT:
            end += 1
        if end == first:
            break
        if end == n or kinds[codes[end]] == OTHER:
            found = end
    return found if found >= 0 else otherwise


@compiled
def _end_of_initials(
    codes: NDArray[np.uint32], kinds: NDArray[np.uint8], at: int, otherwise: int
) -> int:
    """The end of u.s and n.a.t.o, which begin with a single letter; else ``otherwise``."""
    n = len(codes)
    end = at + 1
    for _ in range(MOST_INITIALS):
        if not (end + 1 < n and codes[end] == _FULL_STOP and kinds[codes[end + 1]] == LETTER):
            break
        if end + 2 < n and kinds[codes[end + 2]] != OTHER:  # the beginning of a longer word
            break
        end += 2
    return max(end, otherwise)


@compiled
def read_words(
    codes: NDArray[np.uint32],
    kinds: NDArray[np.uint8],
    seed: np.uint64,
    hashes: NDArray[np.uint64],
    ids: NDArray[np.uint32],
) -> tuple[NDArray[np.int32], NDArray[np.int32], NDArray[np.uint32]]:
    """(starts, ends, ids) of a text's words; UNKNOWN is the id of a word not in the table."""
    starts, ends = find_words(codes, kinds)
    found = np.empty(len(starts), np.uint32)
    for n in range(len(starts)):
        value = _hash(codes[starts[n] : ends[n]], seed)
        slot = _slot_of(value, hashes)
        found[n] = ids[slot] if hashes[slot] else UNKNOWN
    return starts, ends, found


@compiled
def remember_word(
    word: NDArray[np.uint32],
    word_id: int,
    seed: np.uint64,
    hashes: NDArray[np.uint64],
    ids: NDArray[np.uint32],
) -> bool:
    """Add a word to the table; False if it is there already."""
    value = _hash(word, seed)
    slot = _slot_of(value, hashes)
    if hashes[slot]:
        return False
    hashes[slot], ids[slot] = value, word_id
    return True


@compiled
def _slot_of(value: np.uint64, hashes: NDArray[np.uint64]) -> np.uint64:
    """The slot of a word, or the free one (0) that it would get."""
    last = np.uint64(len(hashes) - 1)
    slot = value & last
    while hashes[slot] != 0 and hashes[slot] != value:
        slot = (slot + np.uint64(1)) & last
    return slot


@compiled
def _hash(word: NDArray[np.uint32], seed: np.uint64) -> np.uint64:
    """Never 0, which stands for a free slot."""
    value = seed
    for code in word:
        value = (value ^ np.uint64(code)) * np.uint64(GOLDEN)
        value ^= value >> np.uint64(29)
    return (value * np.uint64(MIX)) | np.uint64(1)


_pair_id = compiled(pair_id)


@compiled
def pair_members(words: NDArray[np.uint32], pairs: NDArray[np.uint32]) -> NDArray[np.int64]:
    """[len(pairs), 2]: which two of ``words`` make each pair, -1 where none do.

    pairs: sorted. All combinations are tried in the order of ``words``; the first that makes a
    pair's id wins.
    """
    members = np.full((len(pairs), 2), -1, np.int64)
    may_be = np.zeros(2**16, np.bool_)  # whether some pair has these last bits
    for pair in pairs:
        may_be[pair & 0xFFFF] = True
    for first in range(len(words)):
        for second in range(len(words)):
            found = _pair_id(np.uint64(words[first]), np.uint64(words[second]))
            if not may_be[found & np.uint64(0xFFFF)]:
                continue
            at = np.searchsorted(pairs, np.uint32(found))
            if at < len(pairs) and pairs[at] == found and members[at, 0] < 0:
                members[at] = first, second
    return members


@compiled
def terms_at_places(word_ids: NDArray[np.uint32], n_title: int) -> NDArray[np.uint64]:
    """``term << 20 | place`` of each word and of each two that stand side by side.

    The title's last word is no neighbor of the text's first.
    """
    found = np.empty(2 * len(word_ids), np.uint64)
    n = 0
    for place in range(len(word_ids)):
        first = np.uint64(word_ids[place])
        if first == STOP_WORD:
            continue
        found[n] = (first << PLACE_BITS) | np.uint64(place)
        n += 1
        if place + 1 < len(word_ids) and place + 1 != n_title:
            second = np.uint64(word_ids[place + 1])
            if second != STOP_WORD:
                found[n] = (_pair_id(first, second) << PLACE_BITS) | np.uint64(place)
                n += 1
    return found[:n]


@compiled
def count_sorted(
    terms: NDArray[np.uint64], n_title: int, title_weight: int
) -> tuple[NDArray[np.uint32], NDArray[np.uint16], NDArray[np.int64]]:
    """(term ids, counts, first places) of sorted ``terms_at_places``.

    The first ``n_title`` places count ``title_weight`` times; no count exceeds 65,535.
    """
    term_ids = np.empty(len(terms), np.uint32)
    counts = np.empty(len(terms), np.uint16)
    places = np.empty(len(terms), np.int64)
    last_place = (np.uint64(1) << PLACE_BITS) - np.uint64(1)
    n, at = 0, 0
    while at < len(terms):
        term = terms[at] >> PLACE_BITS
        term_ids[n], places[n] = term, terms[at] & last_place
        count = 0
        while at < len(terms) and terms[at] >> PLACE_BITS == term:
            count += title_weight if np.int64(terms[at] & last_place) < n_title else 1
            at += 1
        counts[n] = min(count, 65_535)
        n += 1
    return term_ids[:n], counts[:n], places[:n]
