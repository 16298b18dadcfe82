"""A text's terms as hashed ids and counts: what is stored of every document.

An id is a hash, not a place in a vocabulary, so workers share no state and a name that is new in
the news works at once. Single words and pairs of neighbouring words have id ranges of their own.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from hashlib import blake2b

import numpy as np
from numpy.typing import NDArray

from related.similarity.tokenizer import Remembered, tokenizer_for

N_WORD_IDS = 2**22
N_TERM_IDS = 2**23
TITLE_WEIGHT = 3
# Above all ids: stands in a row of words for one that is no term.
_STOP_WORD = N_TERM_IDS
_MAX_COUNT = np.iinfo(np.uint16).max
# Room for the place of a word in its text: more than twice the most words a text can have.
_PLACE_BITS = np.uint64(20)
_PLACE_MASK = np.uint64(2**20 - 1)

# Raise it whenever the same text would get other terms; stored counts are then made anew.
ANALYSIS_VERSION = 1


@dataclass(frozen=True, slots=True, eq=False)
class TermCounts:
    """How often each term occurs in one document.

    term_ids: sorted and unique; words in [0, 2**22), word pairs in [2**22, 2**23).
    counts:   aligned with ``term_ids``, at least 1.
    words:    a surface word for each single-word term, aligned with the leading ids; empty when
              the counts were read back from storage, which does not keep words.
    """

    term_ids: NDArray[np.uint32]
    counts: NDArray[np.uint16]
    words: tuple[str, ...] = ()

    @classmethod
    def empty(cls) -> TermCounts:
        return cls(np.empty(0, np.uint32), np.empty(0, np.uint16))

    def __len__(self) -> int:
        return len(self.term_ids)

    @property
    def n_words(self) -> int:
        """How many of the terms are single words; they come first."""
        return int(np.searchsorted(self.term_ids, N_WORD_IDS))

    def to_bytes(self) -> tuple[bytes, bytes]:
        """(term ids as little-endian uint32, counts as little-endian uint16)."""
        return self.term_ids.astype("<u4").tobytes(), self.counts.astype("<u2").tobytes()

    @classmethod
    def from_bytes(cls, term_ids: bytes, counts: bytes) -> TermCounts:
        """The counterpart of ``to_bytes``; ValueError names what is damaged."""
        if len(term_ids) % 4 or len(counts) % 2:
            raise ValueError(
                f"Stored terms are cut off: {len(term_ids)} bytes of ids (a multiple of 4 expected)"
                f" and {len(counts)} bytes of counts (a multiple of 2). Analyse the document again."
            )
        ids = np.frombuffer(term_ids, "<u4").astype(np.uint32)
        numbers = np.frombuffer(counts, "<u2").astype(np.uint16)
        if len(ids) != len(numbers):
            raise ValueError(
                f"Stored terms do not fit together: {len(ids)} ids but {len(numbers)} counts."
                " Analyse the document again."
            )
        if len(ids) and (int(ids[-1]) >= N_TERM_IDS or not (ids[1:] > ids[:-1]).all()):
            raise ValueError(
                f"Stored term ids must increase and stay below {N_TERM_IDS}."
                " Analyse the document again."
            )
        if not numbers.all():
            raise ValueError("Stored counts must be 1 or more. Analyse the document again.")
        return cls(ids, numbers)


def count_terms(title: str, text: str, language: str) -> TermCounts:
    """The terms of plain ``text`` and of ``title``, whose terms count ``TITLE_WEIGHT`` times."""
    tokenizer = tokenizer_for(language)
    title_words = tokenizer.words(title)
    # "" is no term: the title's last word is no neighbor of the text's first.
    words = [*title_words, "", *tokenizer.words(text)]
    word_ids = np.fromiter(map(_word_ids(language).__getitem__, words), np.uint32, len(words))
    is_term = word_ids < _STOP_WORD
    places = np.flatnonzero(is_term)
    # Pairs really stand side by side, with no stop word between them.
    pairs = np.flatnonzero(is_term[:-1] & is_term[1:])
    found = np.concatenate([word_ids[places], pair_ids(word_ids[pairs], word_ids[pairs + 1])])
    # Sorted by term, then by place: a term's first place is that of its surface word.
    order: NDArray[np.uint64] = found.astype(np.uint64) << _PLACE_BITS
    order |= np.concatenate([places, pairs]).astype(np.uint64)
    order.sort()
    found, place = (order >> _PLACE_BITS).astype(np.uint32), order & _PLACE_MASK
    starts = np.flatnonzero(np.concatenate([[True], found[1:] != found[:-1]])[: len(found)])
    term_ids = found[starts]
    times = np.where(place < len(title_words), TITLE_WEIGHT, 1)
    counts = np.add.reduceat(times, starts) if len(starts) else times
    n_words = int(np.searchsorted(term_ids, N_WORD_IDS))
    return TermCounts(
        term_ids,
        np.minimum(counts, _MAX_COUNT).astype(np.uint16),
        tuple([words[first] for first in place[starts[:n_words]].tolist()]),
    )


def pair_ids(first: NDArray[np.uint32], second: NDArray[np.uint32]) -> NDArray[np.uint32]:
    """The ids of word pairs from the ids of their words: multiply, shift, keep the top 22 bits."""
    mixed = first.astype(np.uint64) * np.uint64(N_WORD_IDS) + second
    mixed = (mixed + np.uint64(1)) * np.uint64(0x9E3779B97F4A7C15)  # 2**64 / golden ratio
    mixed ^= mixed >> np.uint64(29)
    mixed *= np.uint64(0xBF58476D1CE4E5B9)  # from the finalizer of SplitMix64
    return (np.uint64(N_WORD_IDS) + (mixed >> np.uint64(42))).astype(np.uint32)


def word_id(stem: str) -> int:
    """A stem's id in [0, 2**22): the same on every machine and in every process."""
    digest = blake2b(stem.encode(errors="replace"), digest_size=4).digest()
    return int.from_bytes(digest, "little") % N_WORD_IDS


@lru_cache(maxsize=64)
def _word_ids(language: str) -> Remembered[int]:
    """Surface word -> id of its stem, or the mark of a stop word."""
    tokenizer = tokenizer_for(language)

    def id_of(word: str) -> int:
        stem = tokenizer.stem(word)
        return word_id(stem) if stem else _STOP_WORD

    return Remembered(id_of)
