"""Document frequencies of a corpus, and the idf that follows from them."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from related.similarity.arrays import Arrays, check, load_arrays, save_arrays
from related.similarity.text.term_ids import N_TERM_IDS
from related.similarity.text.terms import TermCounts

_DTYPES = {"n_documents": "<i8", "document_frequencies": "<u4"}


@dataclass(frozen=True, slots=True, eq=False)
class TermStatistics:
    """In how many of ``n_documents`` each term occurs.

    document_frequencies: array of length 2**23. A worker has one per language, so it is uint16
    where that can hold ``n_documents``, else uint32, which it always is when mapped from a file.
    Made with np.zeros, so the pages of terms that never occur take no memory.
    """

    n_documents: int
    document_frequencies: NDArray[np.unsignedinteger[Any]]

    @classmethod
    def from_counts(cls, documents: Iterable[TermCounts]) -> TermStatistics:
        document_frequencies = np.zeros(N_TERM_IDS, np.uint32)
        n_documents = 0
        for counts in documents:
            document_frequencies[counts.term_ids] += 1  # ids are unique within a document
            n_documents += 1
        term_ids = np.flatnonzero(document_frequencies).astype(np.uint32)
        return cls.from_arrays(n_documents, term_ids, document_frequencies[term_ids])

    def idf(self, term_ids: NDArray[np.uint32]) -> NDArray[np.float32]:
        """``ln((1 + n_documents) / (1 + document_frequency)) + 1``, as scikit-learn smooths it.

        The inner 1 keeps the idf of an unseen term finite; the 1 at the end makes a term that every
        document has still count for something.
        """
        document_frequency = self.document_frequencies[term_ids].astype(np.float64)
        idf = np.log((1.0 + self.n_documents) / (1.0 + document_frequency)) + 1.0
        return idf.astype(np.float32)

    def idf_of(self, document_frequency: float) -> float:
        """The idf of a term that so many documents have."""
        return float(np.float32(math.log((1 + self.n_documents) / (1 + document_frequency)) + 1))

    def fingerprint(self) -> NDArray[np.uint32]:
        """[n_documents, CRC-32 of the document frequencies]: tells one corpus from another."""
        return np.array([self.n_documents, crc32(self._as_uint32().data)], np.uint32)

    def save(self, directory: Path) -> None:
        """Writes ``statistics.*.npy``, for ``load`` by processes that share the memory."""
        n_documents = np.array([self.n_documents], np.int64)
        arrays: Arrays = {
            "n_documents": n_documents,
            "document_frequencies": self._as_uint32(),
        }
        save_arrays(directory, "statistics", arrays)

    @classmethod
    def load(cls, directory: Path) -> TermStatistics:
        """Maps what ``save`` wrote; ValueError says which file is damaged."""
        arrays = load_arrays(directory, "statistics", _DTYPES)
        n_documents, document_frequencies = arrays["n_documents"], arrays["document_frequencies"]
        check(
            directory,
            [
                ("one number of documents expected", n_documents.shape == (1,)),
                (f"{N_TERM_IDS} frequencies expected", document_frequencies.shape == (N_TERM_IDS,)),
            ],
        )
        n = int(n_documents[0])
        fits = bool(document_frequencies.max() <= n)
        check(directory, [("a term in more documents than there are", fits)])
        return cls(n, document_frequencies)

    def to_arrays(self) -> tuple[int, NDArray[np.uint32], NDArray[np.uint32]]:
        """(n_documents, sorted ids of the terms that occur, their document frequencies)."""
        term_ids = np.flatnonzero(self.document_frequencies).astype(np.uint32)
        return self.n_documents, term_ids, self.document_frequencies[term_ids].astype(np.uint32)

    @classmethod
    def from_arrays(
        cls,
        n_documents: int,
        term_ids: NDArray[np.uint32],
        document_frequencies: NDArray[np.uint32],
    ) -> TermStatistics:
        """The counterpart of ``to_arrays``; ValueError names what is damaged."""
        if len(term_ids) != len(document_frequencies):
            raise ValueError(
                f"Stored statistics do not fit together: {len(term_ids)} term ids but"
                f" {len(document_frequencies)} document frequencies. Rebuild the statistics."
            )
        if len(term_ids) and int(term_ids.max()) >= N_TERM_IDS:
            raise ValueError(
                f"Stored statistics hold the term id {int(term_ids.max())}; ids end before"
                f" {N_TERM_IDS}. Rebuild the statistics."
            )
        if n_documents < 0 or (len(term_ids) and int(document_frequencies.max()) > n_documents):
            raise ValueError(
                "Stored statistics name a term that occurs in more documents than the corpus has"
                f" ({n_documents}). Rebuild the statistics."
            )
        dense = np.zeros(N_TERM_IDS, _dtype_for(n_documents))
        dense[term_ids] = document_frequencies
        return cls(n_documents, dense)

    def _as_uint32(self) -> NDArray[np.uint32]:
        return self.document_frequencies.astype(np.uint32, copy=False)


def _dtype_for(n_documents: int) -> type[np.uint16 | np.uint32]:
    return np.uint16 if n_documents < 2**16 else np.uint32
