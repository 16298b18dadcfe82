"""A text's terms as hashed ids and counts: what is stored of every document.

An id is a hash, not a place in a vocabulary, so workers share no state and a name that is new in
the news works at once. Single words and pairs of neighboring words have separate id ranges.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from related.similarity.text import loops
from related.similarity.text.term_ids import N_TERM_IDS, N_WORD_IDS
from related.similarity.text.words import Words, reader_for

TITLE_WEIGHT = 3
_FIRST_PAIR = np.uint32(N_WORD_IDS)

# Raise it whenever the same text would get other terms, another sketch or other passages; what is
# stored is then computed again.
ANALYSIS_VERSION = 5


@dataclass(frozen=True, slots=True, eq=False)
class TermCounts:
    """How often each term occurs in one document.

    term_ids: sorted and unique; words in [0, 2**22), word pairs in [2**22, 2**23).
    counts:   aligned with ``term_ids``, at least 1.
    words:    a surface word for each single-word term, aligned with the leading ids; empty when
              the counts come from ``from_bytes``, which does not know the words.
    title_ids: those that stand in the title, sorted; none where the body begins with the title.
    """

    term_ids: NDArray[np.uint32]
    counts: NDArray[np.uint16]
    words: tuple[str, ...] = ()
    title_ids: NDArray[np.uint32] = field(default_factory=lambda: np.empty(0, np.uint32))

    @classmethod
    def empty(cls) -> TermCounts:
        return cls(np.empty(0, np.uint32), np.empty(0, np.uint16))

    def __len__(self) -> int:
        return len(self.term_ids)

    @property
    def n_words(self) -> int:
        """How many of the terms are single words; they come first."""
        return int(np.searchsorted(self.term_ids, N_WORD_IDS))

    def to_bytes(self) -> tuple[bytes, bytes, bytes]:
        """(term ids, counts, title ids): ids as little-endian uint32, counts as uint16."""
        term_ids, title_ids = self.term_ids.astype("<u4"), self.title_ids.astype("<u4")
        return term_ids.tobytes(), self.counts.astype("<u2").tobytes(), title_ids.tobytes()

    @classmethod
    def from_bytes(cls, term_ids: bytes, counts: bytes, title_ids: bytes = b"") -> TermCounts:
        """The counterpart of ``to_bytes``; ValueError names what is damaged."""
        if len(term_ids) % 4 or len(counts) % 2 or len(title_ids) % 4:
            raise ValueError(
                f"Stored terms are cut off: {len(term_ids)} and {len(title_ids)} bytes of ids (a"
                f" multiple of 4 expected) and {len(counts)} bytes of counts (a multiple of 2)."
                " Analyze the document again."
            )
        ids = np.frombuffer(term_ids, "<u4").astype(np.uint32)
        numbers = np.frombuffer(counts, "<u2").astype(np.uint16)
        in_title = np.frombuffer(title_ids, "<u4").astype(np.uint32)
        if len(ids) != len(numbers):
            raise ValueError(
                f"Stored terms do not fit together: {len(ids)} ids but {len(numbers)} counts."
                " Analyze the document again."
            )
        if len(ids) and (int(ids[-1]) >= N_TERM_IDS or not (ids[1:] > ids[:-1]).all()):
            raise ValueError(
                f"Stored term ids must increase and stay below {N_TERM_IDS}."
                " Analyze the document again."
            )
        if not numbers.all():
            raise ValueError("Stored counts must be 1 or more. Analyze the document again.")
        if not np.isin(in_title, ids).all() or not (in_title[1:] > in_title[:-1]).all():
            raise ValueError(
                "Stored title ids must increase and be among the text's."
                " Analyze the document again."
            )
        return cls(ids, numbers, title_ids=in_title)


def count_terms(title: str, text: str, language: str) -> TermCounts:
    """The terms of plain ``text`` and of ``title``, whose terms count ``TITLE_WEIGHT`` times.

    A title that the text begins with, word for word, counts as a part of the text.
    """
    return count_words(reader_for(language).read(title, text))


def count_words(words: Words) -> TermCounts:
    """``count_terms`` of a text that is read already."""
    ids, n_title, first = words.ids, words.n_title, 0
    if _begins_with_title(ids, n_title):
        ids, n_title, first = ids[n_title:], 0, n_title
    found = loops.terms_at_places(ids, n_title)
    found.sort()  # by term, then by place: a term's first place is that of its surface word
    term_ids, counts, places, title_ids = loops.count_sorted(found, n_title, TITLE_WEIGHT)
    places = places[: term_ids.searchsorted(_FIRST_PAIR)]
    surface_words = tuple(words.at(places + first if first else places))
    return TermCounts(term_ids, counts, surface_words, title_ids)


def _begins_with_title(ids: NDArray[np.uint32], n_title: int) -> bool:
    if not 0 < n_title <= len(ids) // 2 or ids[0] != ids[n_title]:  # as nearly always
        return False
    return np.array_equal(ids[:n_title], ids[n_title : 2 * n_title])
