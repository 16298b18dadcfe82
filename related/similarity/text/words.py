"""The words of a text as ids: stemming and hashing are slow, so each word is looked up once."""

from __future__ import annotations

import os
from dataclasses import dataclass, replace
from functools import lru_cache
from threading import Lock

import numpy as np
from numpy.typing import NDArray

from related.similarity.text import loops
from related.similarity.text.characters import character_kinds, codes_of, text_of
from related.similarity.text.normal_forms import MAX_CHARACTERS
from related.similarity.text.simple_forms import simple_forms
from related.similarity.text.term_ids import STOP_WORD, word_id
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

    codes: uint32, the characters of both, in normal form, the body from ``body_start`` on. starts,
    ends: int32 [n], where each word lies in them. ids: uint32 [n], the id of the word's stem, in
    [0, N_WORD_IDS), or STOP_WORD.
    """

    codes: NDArray[np.uint32]
    starts: NDArray[np.int32]
    ends: NDArray[np.int32]
    ids: NDArray[np.uint32]
    n_title: int
    body_start: int

    @property
    def text(self) -> str:
        return text_of(self.codes)

    def without(self, places: NDArray[np.bool_]) -> Words:
        """The same words; those at some places count as little as stop words."""
        return replace(self, ids=np.where(places, np.uint32(STOP_WORD), self.ids))

    def at(self, places: NDArray[np.int64]) -> list[str]:
        """The words at some places, as they stand in the text."""
        spelled = loops.spell(self.codes, self.starts, self.ends, places)
        return text_of(spelled).split("\n")[:-1]


class WordReader:
    """Reads texts of one language: compiled loops find their words and look them up.

    The few texts that a loop cannot read (see ``needs_care``), or that have too many words, are
    read by the tokenizer's regular expressions.
    """

    def __init__(self, tokenizer: Tokenizer) -> None:
        self._tokenizer = tokenizer
        self._forms = simple_forms(tokenizer.language)
        self._ids = Remembered(self._id_of)
        self._table = WordTable()
        self._lock = Lock()  # threads share the table

    def read(self, title: str, text: str) -> Words:
        """The words of plain texts, at most ``MAX_TOKENS`` of each."""
        title, text = title[:MAX_CHARACTERS], text[:MAX_CHARACTERS]
        codes = loops.in_simple_form(codes_of(f"{title}\n{text}"), self._forms)
        is_simple = len(codes) > 0
        if not is_simple:
            title, text = self._tokenizer.normal_form(title), self._tokenizer.normal_form(text)
            codes = codes_of(f"{title}\n{text}")
        if is_simple or not (needs_care(title) or needs_care(text)):
            with self._lock:
                words = self._read_compiled(codes, len(title))
            if words is not None:
                return words
        n, normal = len(title), text_of(codes)
        own, below = word_spans(normal[:n]), word_spans(normal[n + 1 :])
        return self.look_up(codes, [*own, *((n + 1 + a, n + 1 + b) for a, b in below)], n)

    def look_up(
        self, codes: NDArray[np.uint32], spans: list[tuple[int, int]], n_before: int
    ) -> Words:
        """The words at ``spans`` of a text, whose title takes its first ``n_before`` characters."""
        text = text_of(codes)
        ids = [self._ids[text[start:end]] for start, end in spans]
        starts, ends = np.array(spans, np.int32).reshape(-1, 2).T.copy()
        n_title = int(np.searchsorted(starts, n_before))
        return Words(codes, starts, ends, np.array(ids, np.uint32), n_title, n_before + 1)

    def _read_compiled(self, codes: NDArray[np.uint32], n_before: int) -> Words | None:
        """None if there are so many words that some may have to be left out."""
        starts, ends, ids, unknown = self._table.read(codes)
        if len(ids) > MAX_TOKENS:
            return None
        n_title = int(starts.searchsorted(np.int32(n_before)))
        words = Words(codes, starts, ends, ids, n_title, n_before + 1)
        if len(unknown):
            spelled = words.at(unknown)
            known = {word: self._id_of(word) for word in set(spelled)}
            ids[unknown] = [known[word] for word in spelled]
            self._table.remember(codes, starts[unknown], ends[unknown], ids[unknown])
        return words

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
    ) -> tuple[NDArray[np.int32], NDArray[np.int32], NDArray[np.uint32], NDArray[np.int64]]:
        """(starts, ends, ids) of a text's words, and the places of those not in the table."""
        return loops.read_words(codes, character_kinds(), self._seed, self._hashes, self._ids)

    def remember(
        self,
        codes: NDArray[np.uint32],
        starts: NDArray[np.int32],
        ends: NDArray[np.int32],
        word_ids: NDArray[np.uint32],
    ) -> None:
        """Add words of a text; a table without room for them is emptied first."""
        if self._n_words + len(starts) > self._most:
            self._clear()
        some = slice(self._most)
        self._n_words += loops.remember_words(
            codes, starts[some], ends[some], word_ids[some], self._seed, self._hashes, self._ids
        )

    def _clear(self) -> None:
        size = 2 ** (2 * self._most).bit_length()
        self._n_words = 0
        self._hashes, self._ids = np.zeros(size, np.uint64), np.zeros(size, np.uint32)


@lru_cache(maxsize=64)
def reader_for(language: str) -> WordReader:
    """The reader of a language code, with what it remembers; shared by all callers."""
    return WordReader(tokenizer_for(language))
