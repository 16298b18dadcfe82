"""The normal form of most characters, which is one whatever stands around them, as a table.

With it a compiled loop makes the normal form of nearly every text, in the time in which a regular
expression finds that there is nothing to replace.
"""

from __future__ import annotations

import re
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from related.similarity.text.characters import codes_of
from related.similarity.text.normal_forms import UNUSUAL, letters_of, normal_form
from related.similarity.text.tokenizer import NEEDS_CARE

# No writing above has capital letters; what stands there is rare, and looked at more closely.
N_CHARACTERS = 0x20000
# Of a character whose normal form depends on others, or whose words need care.
NOT_ALONE = 2**32 - 1
_FINAL_OR_NOT = "Σ"  # its lower case at the end of a word is another


def simple_forms(language: str) -> NDArray[np.uint32]:
    """By code point below ``N_CHARACTERS``: that of the normal form, or NOT_ALONE."""
    return _forms_of(letters_of(language))


@lru_cache(maxsize=8)
def _forms_of(language: str) -> NDArray[np.uint32]:
    characters = "".join(map(chr, range(N_CHARACTERS)))
    is_alone = np.ones(N_CHARACTERS, np.bool_)
    for pattern in (UNUSUAL, NEEDS_CARE, re.compile(_FINAL_OR_NOT)):
        for found in pattern.finditer(characters):
            is_alone[found.start()] = False
    alone = np.flatnonzero(is_alone)
    forms = np.full(N_CHARACTERS, NOT_ALONE, np.uint32)
    forms[alone] = codes_of(normal_form("".join(map(chr, alone.tolist())), language))
    return forms
