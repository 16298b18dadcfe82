"""The words of a text as ids: stemming and hashing are slow, so each word is looked up once."""

from __future__ import annotations

import os
from dataclasses import dataclass, replace
from functools import lru_cache
from threading import Lock

import numpy as np
from numpy.typing import NDArray

from related.similarity.text import loops
from related.similarity.text.characters import character_kinds
from related.similarity.text.term_ids import STOP_WORD, UNKNOWN, word_id
from related.similarity.text.tokenizer import (
    MAX_REMEMBERED,
    MAX_TOKENS,
    Remembered,
    Tokenizer,
    needs_care,
    tokenizer_for,
    word_spans,
)


@dataclass(frozen=True, slots=True, eq=False)
class Words:
    """The words of a title and the text below it, in order; the first ``n_title`` are the title's.

    text: both, in normal form, the body from ``body_start`` on. starts, ends: int32 [n], where
    each word lies in it. ids: uint32 [n], the id of the word's stem, in [0, N_WORD_IDS), or
    STOP_WORD.
    """

    text: str
    starts: NDArray[np.int32]
    ends: NDArray[np.int32]
    ids: NDArray[np.uint32]
    n_title: int
    body_start: int

    def without(self, places: NDArray[np.bool_]) -> Words:
        """The same words; those at some places count as little as stop words."""
        return replace(self, ids=np.where(places, np.uint32(STOP_WORD), self.ids))

    def at(self, places: NDArray[np.int64]) -> list[str]:
        """The words at some places, as they stand in ``text``."""
        starts, ends = self.starts[places].tolist(), self.ends[places].tolist()
        return [self.text[start:end] for start, end in zip(starts, ends, strict=True)]


class WordReader:
    """Reads texts of one language: compiled loops find their words and look them up.

    The few texts that a loop cannot read (see ``needs_care``), or that have too many words, are
    read by the tokenizer's regular expressions.
    """

    def __init__(self, tokenizer: Tokenizer) -> None:
        self._tokenizer = tokenizer
        self._ids = Remembered(self._id_of)
        self._table = WordTable()
        self._lock = Lock()  # threads share the table

    def read(self, title: str, text: str) -> Words:
        """The words of plain texts, at most ``MAX_TOKENS`` of each."""
        title, text = self._tokenizer.normal_form(title), self._tokenizer.normal_form(text)
        if not needs_care(title) and not needs_care(text):
            with self._lock:
                words = self._read_compiled(title, text)
            if words is not None:
                return words
        n = len(title) + 1
        spans = [*word_spans(title), *((n + start, n + end) for start, end in word_spans(text))]
        return self.look_up(f"{title}\n{text}", spans, len(title))

    def look_up(self, text: str, spans: list[tuple[int, int]], n_before: int) -> Words:
        """The words at ``spans`` of a text, whose title takes its first ``n_before`` characters."""
        ids = [self._ids[text[start:end]] for start, end in spans]
        starts, ends = np.array(spans, np.int32).reshape(-1, 2).T
        n_title = int(np.searchsorted(starts, n_before))
        return Words(text, starts, ends, np.array(ids, np.uint32), n_title, n_before + 1)

    def _read_compiled(self, title: str, text: str) -> Words | None:
        """None if there are so many words that some may have to be left out."""
        text = f"{title}\n{text}"
        codes = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32)
        starts, ends, ids = self._table.read(codes)
        if len(ids) > MAX_TOKENS:
            return None
        for place in np.flatnonzero(ids == UNKNOWN).tolist():
            start, end = int(starts[place]), int(ends[place])
            ids[place] = known = self._id_of(text[start:end])
            self._table.remember(codes[start:end], known)
        n_title = int(np.searchsorted(starts, len(title)))
        return Words(text, starts, ends, ids, n_title, len(title) + 1)

    def _id_of(self, word: str) -> int:
        stem = self._tokenizer.stem(word)
        return word_id(stem) if stem else STOP_WORD


class WordTable:
    """word -> id for compiled loops: a hash table in two arrays, which takes memory as it fills.

    A word is known by a hash of 64 bits with a random seed of this process. No two words that a
    newsroom prints share one, and nobody can write words that do, or that crowd one place.
    """

    def __init__(self, most: int = MAX_REMEMBERED) -> None:
        """``most``: with so many words it is full and starts again."""
        self._most = most
        self._seed = np.uint64(int.from_bytes(os.urandom(8)))
        self._clear()

    def __len__(self) -> int:
        return self._n_words

    def read(
        self, codes: NDArray[np.uint32]
    ) -> tuple[NDArray[np.int32], NDArray[np.int32], NDArray[np.uint32]]:
        """(starts, ends, ids) of a text's words; UNKNOWN is the id of a word not in the table."""
        return loops.read_words(codes, character_kinds(), self._seed, self._hashes, self._ids)

    def remember(self, word: NDArray[np.uint32], word_id: int) -> None:
        """Add a word if it is not there; a full table is emptied first."""
        if self._n_words == self._most:
            self._clear()
        self._n_words += loops.remember_word(word, word_id, self._seed, self._hashes, self._ids)

    def _clear(self) -> None:
        size = 2 ** (2 * self._most).bit_length()
        self._n_words = 0
        self._hashes, self._ids = np.zeros(size, np.uint64), np.zeros(size, np.uint32)


@lru_cache(maxsize=64)
def reader_for(language: str) -> WordReader:
    """The reader of a language code, with what it remembers; shared by all callers."""
    return WordReader(tokenizer_for(language))
