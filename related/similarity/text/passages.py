"""The passages of a text: its sentences as hashes, to find those that stand in many texts.

Two sentences are one passage when they have the same letters and digits in the same words,
whatever case, space, quotes and marks stand between. Numbers count: it is word for word.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from related.similarity.text import passage_loops as loops
from related.similarity.text.characters import character_kinds
from related.similarity.text.sentence_tables import character_roles, known_abbreviations
from related.similarity.text.words import Words

Hashes = NDArray[np.uint32]

NO_HASHES: Hashes = np.empty(0, np.uint32)
NO_HASHES.flags.writeable = False
# Words that a text is known by, beside those of its title; most texts have no more.
MOST_WORDS = 128


@dataclass(frozen=True, slots=True, eq=False)
class Passages:
    """What is stored of the passages of a text.

    hashes: sorted and unique. wording: words with the places where they stand, as ``choose_words``
    makes them. omitted: those of ``hashes`` that were left out of what is compared.
    """

    hashes: Hashes = field(default_factory=lambda: NO_HASHES)
    wording: NDArray[np.uint32] = field(default_factory=lambda: NO_HASHES)
    omitted: Hashes = field(default_factory=lambda: NO_HASHES)

    def to_bytes(self) -> tuple[bytes, bytes, bytes]:
        """(hashes, wording, omitted) as little-endian uint32."""
        hashes, wording, omitted = (
            part.astype("<u4").tobytes() for part in (self.hashes, self.wording, self.omitted)
        )
        return hashes, wording, omitted

    @classmethod
    def from_bytes(cls, hashes: bytes, wording: bytes, omitted: bytes) -> Passages:
        """The counterpart of ``to_bytes``; ValueError where something is damaged."""
        return cls(*map(hashes_from_bytes, (hashes, wording, omitted)))


def hashes_from_bytes(stored: bytes) -> Hashes:
    """ValueError where they are cut off."""
    if len(stored) % 4:
        raise ValueError(
            f"Stored passages are cut off: {len(stored)} bytes (a multiple of 4 expected)."
            " Analyze the document again."
        )
    return np.frombuffer(stored, "<u4").astype(np.uint32)


@dataclass(frozen=True, slots=True, eq=False)
class Sentences:
    """A text's sentences: ``hashes`` of its passages in order, and which each sentence goes with.

    starts: where each sentence begins, in characters. goes_with [n, 2]: the first of the passages
    that it goes with, and where they end; with none where these are equal.
    """

    starts: NDArray[np.int32]
    goes_with: NDArray[np.int32]
    hashes: Hashes

    @classmethod
    def of(cls, codes: NDArray[np.uint32], start: int = 0) -> Sentences:
        """Of a text in normal form, from a character on."""
        tables = character_kinds(), character_roles(), known_abbreviations()
        return cls(*loops.read_sentences(codes, start, *tables))

    def repeated(self, hashes: Hashes) -> NDArray[np.bool_]:
        """Which sentences go with nothing but passages of these hashes."""
        n_repeated = np.zeros(len(self.hashes) + 1, np.int32)
        np.cumsum(np.isin(self.hashes, hashes), out=n_repeated[1:])
        first, last = self.goes_with.T
        is_all = n_repeated[last] - n_repeated[first] == last - first
        is_repeated: NDArray[np.bool_] = is_all & (last > first)
        return is_repeated


@dataclass(frozen=True, slots=True, eq=False)
class PassageReader:
    """The passages of a text whose words are read; ``n_title`` of them are the title's.

    hashes: sorted and unique. sentence_of: the sentence of each word of the body. wording: see
    ``Passages``.
    """

    words: Words
    sentences: Sentences
    hashes: Hashes
    sentence_of: NDArray[np.int32]
    wording: NDArray[np.uint32]

    @classmethod
    def of(cls, words: Words) -> PassageReader:
        own = Sentences.of(words.codes, words.body_start)
        hashes, sentence_of, found = loops.place_words(
            own.starts, own.goes_with, own.hashes, words.starts, words.ids, words.n_title
        )
        found.sort()
        return cls(words, own, hashes, sentence_of, loops.choose_words(found, MOST_WORDS))

    def passages(self, repeated: Hashes = NO_HASHES) -> Passages:
        """What is to be stored; ``repeated`` says which passages are left out of comparing."""
        omitted = self.hashes[np.isin(self.hashes, repeated)] if len(repeated) else NO_HASHES
        return Passages(self.hashes, self.wording, omitted)

    def remaining(self, repeated: Hashes) -> Words:
        """The words, without those of repeated passages."""
        if not len(repeated) or not len(self.hashes):
            return self.words
        is_left_out = np.zeros(len(self.words.ids), np.bool_)
        is_left_out[self.words.n_title :] = self.sentences.repeated(repeated)[self.sentence_of]
        return self.words.without(is_left_out)
