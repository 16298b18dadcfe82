"""What the compiled loops of a text compute, by whole arrays of NumPy."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from related.similarity.text.loops import PLACE_BITS
from related.similarity.text.sketch_loops import SHINGLE, SHORTEST_BODY, SKETCH_SIZE
from related.similarity.text.term_ids import GOLDEN, MIX, STOP_WORD, pair_id, pair_ids

_PLACE_MASK = (np.uint64(1) << PLACE_BITS) - np.uint64(1)
_MAX_COUNT = np.iinfo(np.uint16).max


def pair_members(words: NDArray[np.uint32], pairs: NDArray[np.uint32]) -> NDArray[np.int64]:
    """[len(pairs), 2]: which two of ``words`` make each pair, -1 where none do."""
    members = np.full((len(pairs), 2), -1, np.int64)
    if len(pairs) and len(words):
        combined = pair_ids(np.repeat(words, len(words)), np.tile(words, len(words)))
        at = np.minimum(np.searchsorted(pairs, combined), len(pairs) - 1)
        for i in np.flatnonzero(pairs[at] == combined)[::-1].tolist():  # so the first ones stay
            members[at[i]] = divmod(i, len(words))
    return members


def terms_at_places(word_ids: NDArray[np.uint32], n_title: int) -> NDArray[np.uint64]:
    """``term << 20 | place`` of each word, and of each two that stand side by side."""
    ids = word_ids.astype(np.uint64)
    is_term = ids != STOP_WORD
    places = np.flatnonzero(is_term)
    pairs = np.flatnonzero(is_term[:-1] & is_term[1:])
    pairs = pairs[pairs + 1 != n_title]
    terms = np.concatenate([ids[places], pair_id(ids[pairs], ids[pairs + 1])])
    return (terms << PLACE_BITS) | np.concatenate([places, pairs]).astype(np.uint64)


def count_sorted(
    terms: NDArray[np.uint64], n_title: int, title_weight: int
) -> tuple[NDArray[np.uint32], NDArray[np.uint16], NDArray[np.int64], NDArray[np.uint32]]:
    """(term ids, counts, first places, terms of the title) of sorted ``terms_at_places``."""
    ids, places = (terms >> PLACE_BITS).astype(np.uint32), (terms & _PLACE_MASK).astype(np.int64)
    starts = np.flatnonzero(np.concatenate([[True], ids[1:] != ids[:-1]])[: len(ids)])
    times = np.where(places < n_title, title_weight, 1)
    counts = np.add.reduceat(times, starts) if len(starts) else times
    in_title = ids[starts][places[starts] < n_title]
    return ids[starts], np.minimum(counts, _MAX_COUNT).astype(np.uint16), places[starts], in_title


def smallest_shingles(word_ids: NDArray[np.uint32], n_title: int) -> NDArray[np.uint32]:
    """The ``SKETCH_SIZE`` smallest hashes of a body's shingles, sorted and unique."""
    body = word_ids[n_title:]
    body = body[body != STOP_WORD]
    if not len(body):
        return body
    if len(body) < SHORTEST_BODY:
        both = np.concatenate([word_ids[:n_title], body])
        return _shingles(both, len(both))
    return np.unique(_shingles(body, SHINGLE))[:SKETCH_SIZE]


def _shingles(words: NDArray[np.uint32], shingle: int) -> NDArray[np.uint32]:
    """A hash of each so many word ids in a row."""
    n = len(words) - shingle + 1
    ids = words.astype(np.uint64) + np.uint64(1)
    mixed = ids[:n] * np.uint64(GOLDEN)
    for place in range(1, shingle):
        mixed += ids[place : place + n]
        mixed *= np.uint64(GOLDEN)
    mixed ^= mixed >> np.uint64(29)
    mixed *= np.uint64(MIX)
    return (mixed >> np.uint64(32)).astype(np.uint32)
