"""What the loop that looks for the ends of sentences knows of characters and abbreviations."""

from __future__ import annotations

import unicodedata
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from related.similarity.text.characters import LETTER, character_kinds, codes_of
from related.similarity.text.sentences import (
    ABBREVIATIONS,
    CLOSING_MARKS,
    LONGEST_ABBREVIATION,
    MARKS,
    MARKS_BEFORE_SPACE,
)

# Bits of a character's role.
SPACE, LINE_END, MARK, BEFORE_SPACE, CLOSING, INITIAL = 1, 2, 4, 8, 16, 32
_LINE_ENDS = "\n\r\v\f\x1c\x1d\x1e\x85\u2028\u2029"  # those of ``str.splitlines``


@lru_cache(maxsize=1)
def character_roles() -> NDArray[np.uint8]:
    """By code point, as bits. INITIAL: a letter that may stand for a name."""
    kinds = character_kinds()
    roles = np.zeros(len(kinds), np.uint8)
    letters = "".join(filter(str.isalpha, map(chr, np.flatnonzero(kinds == LETTER).tolist())))
    # No ligature, which is a word of several letters.
    plain = unicodedata.normalize("NFKC", "\n".join(letters)).split("\n")
    initials = "".join(
        letter for letter, form in zip(letters, plain, strict=True) if len(form) == 1
    )
    for characters, role in (
        ("".join(filter(str.isspace, map(chr, range(0x10000)))), SPACE),
        (_LINE_ENDS, LINE_END),
        (MARKS, MARK),
        (MARKS_BEFORE_SPACE, BEFORE_SPACE),
        (CLOSING_MARKS, CLOSING),
        (initials, INITIAL),
    ):
        roles[codes_of(characters)] |= role
    return roles


@lru_cache(maxsize=1)
def known_abbreviations() -> NDArray[np.uint32]:
    """[n, LONGEST_ABBREVIATION]: the characters of each, with 0 after its end."""
    words = sorted(ABBREVIATIONS)
    found = np.zeros((len(words), LONGEST_ABBREVIATION), np.uint32)
    for row, word in zip(found, words, strict=True):
        row[: len(word)] = codes_of(word)
    return found
