"""The number of a term: a hash, the same on every machine and in every process."""

from __future__ import annotations

from hashlib import blake2b
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

Ids = TypeVar("Ids", np.uint64, NDArray[np.uint64])

# Words in [0, 2**22), pairs of words in [2**22, 2**23).
N_WORD_IDS = 2**22
N_TERM_IDS = 2**23
# Above all ids: stands for a word that is no term.
STOP_WORD = N_TERM_IDS
# Stands for a word that has not been looked up yet.
UNKNOWN = 2**32 - 1

GOLDEN = 0x9E3779B97F4A7C15  # 2**64 / golden ratio
MIX = 0xBF58476D1CE4E5B9  # from the finalizer of SplitMix64


def word_id(stem: str) -> int:
    """A stem's id."""
    digest = blake2b(stem.encode(errors="replace"), digest_size=4).digest()
    return int.from_bytes(digest, "little") % N_WORD_IDS


def pair_id(first: Ids, second: Ids) -> Ids:
    """The id of two words that stand side by side: multiply, shift, keep the top 22 bits.

    Takes and returns uint64: whole arrays or, compiled, single numbers.
    """
    mixed = (first * np.uint64(N_WORD_IDS) + second + np.uint64(1)) * np.uint64(GOLDEN)
    mixed = (mixed ^ (mixed >> np.uint64(29))) * np.uint64(MIX)
    return np.uint64(N_WORD_IDS) + (mixed >> np.uint64(42))


def pair_ids(first: NDArray[np.uint32], second: NDArray[np.uint32]) -> NDArray[np.uint32]:
    """The ids of pairs from the ids of their words."""
    return pair_id(first.astype(np.uint64), second.astype(np.uint64)).astype(np.uint32)
