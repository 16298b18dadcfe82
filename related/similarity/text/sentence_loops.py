"""Where sentences end, as a plain loop compiled by numba: the rule of ``sentences.py`` once more.

The tests compare the two on all kinds of text.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from related.similarity.compiled import compiled
from related.similarity.text.characters import DIGIT, OTHER
from related.similarity.text.sentence_tables import (
    BEFORE_SPACE,
    CLOSING,
    INITIAL,
    LINE_END,
    MARK,
    SPACE,
)

_NEWLINE, _RETURN, _FULL_STOP, _UNDERSCORE, _ELLIPSIS = 0x0A, 0x0D, 0x2E, 0x5F, 0x2026
_FIRST_OF_EAST_ASIA = 0x3000
_MOST_CLOSING = 3
_MOST_DIGITS = 2


@compiled
def find_sentences(
    codes: NDArray[np.uint32],
    first: int,
    kinds: NDArray[np.uint8],
    roles: NDArray[np.uint8],
    abbreviations: NDArray[np.uint32],
) -> NDArray[np.int32]:
    """[n, 3]: where each sentence begins and ends, and in which line it stands.

    codes: the characters of a text in normal form, looked at from ``first`` on.
    """
    n = len(codes)
    spans = np.empty((n - first, 3), np.int32)
    n_found, line, start, at = 0, 0, first, first
    while at < n:
        role = roles[codes[at]]
        if not role & (MARK | LINE_END):
            at += 1
            continue
        mark = at
        at = _end_of_mark(codes, mark, roles) if role & MARK else mark + 1
        is_last = roles[codes[at - 1]] & LINE_END != 0
        if is_last and codes[at - 1] == _RETURN and at < n and codes[at] == _NEWLINE:
            at += 1
        if is_last or _ends_sentence(codes, first, mark, at, kinds, roles, abbreviations):
            spans[n_found] = start, at, line
            n_found += 1
            start = at
            line += is_last
    if start < n:
        spans[n_found] = start, n, line
        n_found += 1
    return spans[:n_found]


@compiled
def _end_of_mark(codes: NDArray[np.uint32], mark: int, roles: NDArray[np.uint8]) -> int:
    """Behind the closing quotes and the spaces that follow a mark, at most at its line's end."""
    at, n = mark + 1, len(codes)
    while at < n and at - mark <= _MOST_CLOSING and roles[codes[at]] & CLOSING:
        at += 1
    while at < n and roles[codes[at]] & SPACE and not roles[codes[at - 1]] & LINE_END:
        at += 1
    return at


@compiled
def _ends_sentence(  # noqa: PLR0917 (numba takes arguments by their places)
    codes: NDArray[np.uint32],
    first: int,
    mark: int,
    end: int,
    kinds: NDArray[np.uint8],
    roles: NDArray[np.uint8],
    abbreviations: NDArray[np.uint32],
) -> bool:
    """Whether a mark, with what follows up to ``end``, ends a sentence within its line."""
    code = codes[mark]
    if roles[code] & BEFORE_SPACE and not roles[codes[end - 1]] & SPACE:
        if code in (_FULL_STOP, _ELLIPSIS):
            return False
        if end == len(codes) or codes[end] < _FIRST_OF_EAST_ASIA:
            return False
    return code != _FULL_STOP or not _is_abbreviation(
        codes, first, mark, kinds, roles, abbreviations
    )


@compiled
def _is_abbreviation(  # noqa: PLR0917 (numba takes arguments by their places)
    codes: NDArray[np.uint32],
    first: int,
    end: int,
    kinds: NDArray[np.uint8],
    roles: NDArray[np.uint8],
    abbreviations: NDArray[np.uint32],
) -> bool:
    """Whether a full stop belongs to the letters and digits that end there."""
    longest = abbreviations.shape[1]
    size, n_digits = 0, 0
    while size <= longest and end - size > first:
        code = codes[end - size - 1]
        if kinds[code] == OTHER or code == _UNDERSCORE:
            break
        n_digits += kinds[code] == DIGIT
        size += 1
    if size == 0 or size > longest:
        return False
    if n_digits == size:
        return size <= _MOST_DIGITS
    if size == 1:
        return bool(roles[codes[end - 1]] & INITIAL)
    return _is_known(codes[end - size : end], abbreviations)


@compiled
def _is_known(word: NDArray[np.uint32], abbreviations: NDArray[np.uint32]) -> bool:
    size = len(word)
    for row in range(len(abbreviations)):
        is_it = size == abbreviations.shape[1] or abbreviations[row, size] == 0
        for place in range(size):
            is_it &= abbreviations[row, place] == word[place]
        if is_it:
            return True
    return False
