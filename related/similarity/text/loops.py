"""Finding, looking up and counting the words of a text as plain loops, compiled by numba.

``tokenizer.py`` says by a regular expression what a word is. ``find_words`` is the same rule,
character by character; the tests compare the two on all kinds of text.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from related.similarity.compiled import compiled
from related.similarity.text.characters import DIGIT, LETTER, OTHER
from related.similarity.text.simple_forms import NOT_ALONE
from related.similarity.text.term_ids import GOLDEN, MIX, STOP_WORD, UNKNOWN, pair_id

LONGEST_WORD, LONGEST_NUMBER, MOST_INITIALS, MOST_GROUPS = 64, 20, 9, 9

_FULL_STOP, _COMMA, _NEWLINE = 46, 44, 10
PLACE_BITS = np.uint64(20)


@compiled
def in_simple_form(codes: NDArray[np.uint32], forms: NDArray[np.uint32]) -> NDArray[np.uint32]:
    """The normal form of a text, character by character; empty if one depends on others.

    forms: see ``simple_forms``.
    """
    found = np.empty(len(codes), np.uint32)
    depends = False
    for at in range(len(codes)):
        code = codes[at]
        form = forms[code] if code < len(forms) else np.uint32(NOT_ALONE)
        depends |= form == NOT_ALONE
        found[at] = form
    return found[:0] if depends else found


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
) -> tuple[NDArray[np.int32], NDArray[np.int32], NDArray[np.uint32], NDArray[np.int64]]:
    """(starts, ends, ids) of a text's words, and the places of those that are not in the table;
    their id is UNKNOWN."""
    starts, ends = find_words(codes, kinds)
    found, unknown = np.empty(len(starts), np.uint32), np.empty(len(starts), np.int64)
    n_unknown = 0
    for n in range(len(starts)):
        slot = _slot_of(_hash(codes, starts[n], ends[n], seed), hashes)
        found[n] = ids[slot] if hashes[slot] else UNKNOWN
        unknown[n_unknown] = n
        n_unknown += hashes[slot] == 0
    return starts, ends, found, unknown[:n_unknown]


@compiled
def remember_words(  # noqa: PLR0917 (numba takes arguments by their places)
    codes: NDArray[np.uint32],
    starts: NDArray[np.int32],
    ends: NDArray[np.int32],
    word_ids: NDArray[np.uint32],
    seed: np.uint64,
    hashes: NDArray[np.uint64],
    ids: NDArray[np.uint32],
) -> int:
    """Add words of a text to the table; returns how many were not there yet."""
    n_new = 0
    for n in range(len(starts)):
        value = _hash(codes, starts[n], ends[n], seed)
        slot = _slot_of(value, hashes)
        if hashes[slot] == 0:
            hashes[slot], ids[slot] = value, word_ids[n]
            n_new += 1
    return n_new


@compiled
def _slot_of(value: np.uint64, hashes: NDArray[np.uint64]) -> np.uint64:
    """The slot of a word, or the free one (0) that it would get."""
    last = np.uint64(len(hashes) - 1)
    slot = value & last
    while hashes[slot] != 0 and hashes[slot] != value:
        slot = (slot + np.uint64(1)) & last
    return slot


@compiled
def _hash(codes: NDArray[np.uint32], start: int, end: int, seed: np.uint64) -> np.uint64:
    """Of a word; never 0, which stands for a free slot."""
    value = seed
    for at in range(start, end, 2):  # two characters at a time: each step waits for the last
        two = np.uint64(codes[at])
        if at + 1 < end:
            two |= np.uint64(codes[at + 1]) << np.uint64(32)
        value = (value ^ two) * np.uint64(GOLDEN)
        value ^= value >> np.uint64(29)
    return (value * np.uint64(MIX)) | np.uint64(1)


@compiled
def spell(
    codes: NDArray[np.uint32],
    starts: NDArray[np.int32],
    ends: NDArray[np.int32],
    places: NDArray[np.int64],
) -> NDArray[np.uint32]:
    """The characters of the words at some places, with a newline after each word."""
    n_characters = 0
    for place in places:
        n_characters += ends[place] - starts[place] + 1
    found = np.empty(n_characters, np.uint32)
    n = 0
    for place in places:
        for at in range(np.uint32(starts[place]), np.uint32(ends[place])):
            found[n] = codes[at]
            n += 1
        found[n] = _NEWLINE
        n += 1
    return found


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
) -> tuple[NDArray[np.uint32], NDArray[np.uint16], NDArray[np.int64], NDArray[np.uint32]]:
    """(term ids, counts, first places, terms of the title) of sorted ``terms_at_places``.

    The first ``n_title`` places count ``title_weight`` times; no count exceeds 65,535.
    """
    term_ids = np.empty(len(terms), np.uint32)
    counts = np.empty(len(terms), np.uint16)
    places = np.empty(len(terms), np.int64)
    in_title = np.empty(min(len(terms), 2 * n_title), np.uint32)
    last_place = (np.uint64(1) << PLACE_BITS) - np.uint64(1)
    n, n_in_title, at = 0, 0, 0
    while at < len(terms):
        term = terms[at] >> PLACE_BITS
        term_ids[n], places[n] = term, terms[at] & last_place
        if places[n] < n_title:
            in_title[n_in_title] = term
            n_in_title += 1
        count = 0
        while at < len(terms) and terms[at] >> PLACE_BITS == term:
            count += title_weight if np.int64(terms[at] & last_place) < n_title else 1
            at += 1
        counts[n] = min(count, 65_535)
        n += 1
    return term_ids[:n], counts[:n], places[:n], in_title[:n_in_title]
