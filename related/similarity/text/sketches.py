"""A text's sketch: a few of its shingles, chosen alike in every text, to tell repeated texts by.

A shingle is some words in a row, stop words left out (Broder 1997). Recipes, horoscopes and match
reports of one form share many words and hardly a shingle; versions of one text share most of them.
Of the shingles' hashes the smallest stay, so the sketches of two texts hold the same part of what
both texts hold, however long either is.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from related.similarity.text import sketch_loops as loops
from related.similarity.text.sketch_loops import SKETCH_SIZE
from related.similarity.text.words import Words

# Sorted and unique; at most SKETCH_SIZE.
Sketch = NDArray[np.uint32]


def sketch_of(words: Words) -> Sketch:
    """The sketch of an article's body; empty where the body has no words."""
    return loops.smallest_shingles(words.ids, words.n_title)


def sketch_from_bytes(stored: bytes) -> Sketch:
    """The counterpart of ``sketch_to_bytes``; ValueError where it is damaged."""
    if len(stored) % 4 or len(stored) > 4 * SKETCH_SIZE:
        raise ValueError(
            f"A stored sketch is damaged: {len(stored)} bytes (a multiple of 4 up to"
            f" {4 * SKETCH_SIZE} expected). Analyze the document again."
        )
    return np.frombuffer(stored, "<u4").astype(np.uint32)


def sketch_to_bytes(sketch: Sketch) -> bytes:
    """Little-endian uint32."""
    return sketch.astype("<u4").tobytes()
