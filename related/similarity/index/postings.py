"""Rows turned into postings: which documents have a term, not which terms a document has."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from related.similarity.text.term_ids import N_TERM_IDS

# (terms, ends, rows, counts), as ``Segment`` holds them.
Postings = tuple[NDArray[np.uint32], NDArray[np.uint32], NDArray[np.uint32], NDArray[np.uint16]]
# With fewer entries, a table of all 2**23 term ids would take more memory than they do.
_FEW_ENTRIES = 2**21
# What the ends of postings can count: the entries of some ten million articles.
MOST_ENTRIES = 2**32 - 1


def postings_of(
    row_ends: NDArray[np.int64],
    term_ids: NDArray[np.uint32],
    counts: NDArray[np.uint16],
    most_entries: int = MOST_ENTRIES,
) -> Postings:
    """The postings of some rows.

    Raises:
        ValueError: the rows have more terms than postings can count.
    """
    n_rows = len(row_ends) - 1
    if len(term_ids) > most_entries:
        raise ValueError(
            f"The documents have {len(term_ids):,} terms; an index holds {most_entries:,}."
            " Leave out documents, by age for example."
        )
    if len(term_ids) < _FEW_ENTRIES:
        order = np.argsort(term_ids, kind="stable")
        rows = np.repeat(np.arange(n_rows, dtype=np.uint32), np.diff(row_ends))
        # Term 0 is always listed, even without postings: an empty list would mean all terms.
        terms, starts = np.unique(np.append(np.uint32(0), term_ids[order]), return_index=True)
        ends = np.append(np.maximum(starts - 1, 0), len(order))
        return terms, ends.astype(np.uint32), rows[order], counts[order]
    from scipy.sparse import csr_matrix  # imported late: see Vectorizer.partial_lengths

    by_term = csr_matrix((counts, term_ids, row_ends), shape=(n_rows, N_TERM_IDS)).tocsc()
    terms = np.empty(0, np.uint32)
    rows = by_term.indices.astype(np.uint32)
    return terms, by_term.indptr.astype(np.uint32), rows, by_term.data


def posting_ranges(
    terms: NDArray[np.uint32], ends: NDArray[np.uint32], term_ids: NDArray[np.uint32]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Where the postings of each of ``term_ids`` start and end; equal for a term without any."""
    if not len(terms):
        return ends[term_ids].astype(np.int64), ends[term_ids + 1].astype(np.int64)
    at = np.minimum(np.searchsorted(terms, term_ids), len(terms) - 1)
    starts = ends[at].astype(np.int64)
    return starts, np.where(terms[at] == term_ids, ends[at + 1].astype(np.int64), starts)
