"""The kind of every possible character: what it counts as in the pattern of words."""

from __future__ import annotations

import re
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

OTHER, LETTER, DIGIT = 0, 1, 2


@lru_cache(maxsize=1)
def character_kinds() -> NDArray[np.uint8]:
    """By code point: OTHER, LETTER (``[^\\W\\d]``) or DIGIT (``\\d``), as ``re`` sees it."""
    characters = "".join(map(chr, range(0x110000)))
    kinds = np.full(len(characters), OTHER, np.uint8)
    for pattern, kind in ((r"\w+", LETTER), (r"\d+", DIGIT)):
        for run in re.finditer(pattern, characters):
            kinds[run.start() : run.end()] = kind
    return kinds


def codes_of(text: str) -> NDArray[np.uint32]:
    """The code points of a text, lone surrogates among them, as the compiled loops take them."""
    return np.frombuffer(bytearray(text, "utf-32-le", "surrogatepass"), np.uint32)


def text_of(codes: NDArray[np.uint32]) -> str:
    """The counterpart of ``codes_of``."""
    return codes.tobytes().decode("utf-32-le", "surrogatepass")
