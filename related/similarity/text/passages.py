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
from related.similarity.text.sentences import sentence_spans
from related.similarity.text.words import Words

Hashes = NDArray[np.uint32]

NO_HASHES: Hashes = np.empty(0, np.uint32)
NO_HASHES.flags.writeable = False
# Of a longer text the first and the last are looked at: there stands what repeats.
MOST_FIRST, MOST_LAST = 300, 100
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

    starts: NDArray[np.int64]
    goes_with: NDArray[np.int32]
    hashes: Hashes

    @classmethod
    def of(cls, text: str, start: int = 0) -> Sentences:
        """Of a lower-cased text, from a character on."""
        found: list[tuple[int, int, int]] = []
        at = start
        for number, line in enumerate(text[start:].splitlines(keepends=True)):
            found += [(at + begin, at + end, number) for begin, end in sentence_spans(line)]
            at += len(line)
        spans = np.array(found, np.int64).reshape(-1, 3)
        codes = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32)
        hashes, goes_with = loops.find_units(codes, character_kinds(), spans)
        if len(hashes) > MOST_FIRST + MOST_LAST:
            keep = np.r_[0:MOST_FIRST, len(hashes) - MOST_LAST : len(hashes)]
            kept = np.zeros(len(hashes) + 1, np.int32)
            kept[keep + 1] = 1
            kept = np.cumsum(kept, dtype=np.int32)
            hashes, goes_with = hashes[keep], kept[goes_with]
        return cls(spans[:, 0], goes_with, hashes)

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

    hashes: sorted and unique. sentence_of: the sentence of each word of the body. places: where
    each word stands, as ``choose_words`` takes it.
    """

    words: Words
    sentences: Sentences
    hashes: Hashes
    sentence_of: NDArray[np.int32]
    places: NDArray[np.uint32]

    @classmethod
    def of(cls, words: Words) -> PassageReader:
        own = Sentences.of(words.text, words.body_start)
        placed = loops.place_words(
            own.starts, own.goes_with, own.hashes, words.starts, words.n_title
        )
        return cls(words, own, *placed)

    def passages(self, repeated: Hashes = NO_HASHES) -> Passages:
        """What is to be stored; ``repeated`` says which passages are left out of comparing."""
        wording = loops.choose_words(self.words.ids, self.places, MOST_WORDS)
        omitted = self.hashes[np.isin(self.hashes, repeated)] if len(repeated) else NO_HASHES
        return Passages(self.hashes, wording, omitted)

    def remaining(self, repeated: Hashes) -> Words:
        """The words, without those of repeated passages."""
        if not len(repeated) or not len(self.hashes):
            return self.words
        is_left_out = np.zeros(len(self.words.ids), np.bool_)
        is_left_out[self.words.n_title :] = self.sentences.repeated(repeated)[self.sentence_of]
        return self.words.without(is_left_out)
