"""A text's sketch: a few of its shingles, chosen alike in every text, to tell repeated texts by.

A shingle is some words in a row, stop words left out (Broder 1997). Recipes, horoscopes and match
reports of one form share many words and hardly a shingle; versions of one text share most of them.
Of the shingles' hashes the smallest stay, so the sketches of two texts hold the same part of what
both texts hold, however long either is.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from related.similarity.text.term_ids import GOLDEN, MIX, STOP_WORD
from related.similarity.text.words import Words

# Sorted and unique; at most SKETCH_SIZE.
Sketch = NDArray[np.uint32]

SKETCH_SIZE = 48
# In words. With three, recipes share a seventh of their shingles; with four, a fiftieth.
SHINGLE = 4
# A body of fewer words is one shingle, together with its title: a sentence such as "The match is
# postponed because of rain" stands below many titles.
SHORTEST_BODY = 8


def sketch_of(words: Words) -> Sketch:
    """The sketch of an article's body; empty where the body has no words."""
    body = words.ids[words.n_title :]
    body = body[body != STOP_WORD]
    if not len(body):
        return np.empty(0, np.uint32)
    if len(body) < SHORTEST_BODY:
        both = np.concatenate([words.ids[: words.n_title], body])
        return _hashes(both, len(both))
    return np.unique(_hashes(body, SHINGLE))[:SKETCH_SIZE]


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


def _hashes(words: NDArray[np.uint32], shingle: int) -> NDArray[np.uint32]:
    """A hash of each so many word ids in a row: multiply and add, then mixed as in SplitMix64."""
    n = len(words) - shingle + 1
    ids = words.astype(np.uint64) + np.uint64(1)
    mixed = ids[:n] * np.uint64(GOLDEN)
    for place in range(1, shingle):
        mixed += ids[place : place + n]
        mixed *= np.uint64(GOLDEN)
    mixed ^= mixed >> np.uint64(29)
    mixed *= np.uint64(MIX)
    return (mixed >> np.uint64(32)).astype(np.uint32)
