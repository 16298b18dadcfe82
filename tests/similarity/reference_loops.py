"""What the compiled loops of the index and of the lists compute, by whole arrays of NumPy."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from related.similarity.index.loops import ROOTS


def add_postings(  # noqa: PLR0917 (as the compiled one)
    sums: NDArray[np.float32],
    rows: NDArray[np.uint32],
    counts: NDArray[np.uint16],
    starts: NDArray[np.int64],
    ends: NDArray[np.int64],
    weights: NDArray[np.float32],
) -> None:
    """``sums[row] += weight * sqrt(count)`` for each term's postings, term by term."""
    for start, end, weight in zip(starts.tolist(), ends.tolist(), weights, strict=True):
        sums[rows[start:end]] += weight * ROOTS[counts[start:end]]  # a term lists a row only once


def make_finder(term_ids: NDArray[np.uint32]) -> NDArray[Any]:
    """Whether there is a term with these last 16 bits."""
    may_have = np.zeros(2**16, np.bool_)
    may_have[term_ids.astype(np.uint16)] = True
    return may_have


def similarities(  # noqa: PLR0917 (as the compiled one)
    rows: NDArray[np.int64],
    row_ends: NDArray[np.int64],
    term_ids: NDArray[np.uint32],
    counts: NDArray[np.uint16],
    lengths: NDArray[np.float32],
    finder: NDArray[Any],
    query_ids: NDArray[np.uint32],
    query_idf: NDArray[np.float32],
    query_weights: NDArray[np.float32],
) -> NDArray[np.float32]:
    """Cosine of the query and each of ``rows``."""
    owners, places, entries = _shared(rows, row_ends, term_ids, finder, query_ids)
    weights = ROOTS[counts[entries]] * query_idf[places] / lengths[rows[owners]]
    products = weights.astype(np.float64) * query_weights[places]
    return np.bincount(owners, products, minlength=len(rows)).astype(np.float32)


def contributions(  # noqa: PLR0917 (as the compiled one)
    rows: NDArray[np.int64],
    row_ends: NDArray[np.int64],
    term_ids: NDArray[np.uint32],
    counts: NDArray[np.uint16],
    lengths: NDArray[np.float32],
    finder: NDArray[Any],
    query_ids: NDArray[np.uint32],
    query_idf: NDArray[np.float32],
    query_weights: NDArray[np.float32],
    result: NDArray[np.float32],
) -> None:
    """``result[i, t]`` = what term t of the query adds to the cosine of it and ``rows[i]``."""
    owners, places, entries = _shared(rows, row_ends, term_ids, finder, query_ids)
    weights = ROOTS[counts[entries]] * query_idf[places] / lengths[rows[owners]]
    result[owners, places] = weights * query_weights[places]


def _shared(
    rows: NDArray[np.int64],
    row_ends: NDArray[np.int64],
    term_ids: NDArray[np.uint32],
    finder: NDArray[Any],
    query_ids: NDArray[np.uint32],
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    """Each term that a row shares with the query: its place in ``rows``, in the query, and here."""
    if not len(rows) or not len(query_ids):
        nothing = np.empty(0, np.int64)
        return nothing, nothing, nothing
    starts, ends = row_ends[rows], row_ends[rows + 1]
    slices = zip(starts.tolist(), ends.tolist(), strict=True)
    joined = np.concatenate([term_ids[start:end] for start, end in slices])
    shared = np.flatnonzero(finder[joined.astype(np.uint16)])
    places = np.minimum(np.searchsorted(query_ids, joined[shared]), len(query_ids) - 1)
    is_shared = query_ids[places] == joined[shared]
    shared, places = shared[is_shared], places[is_shared]
    # Back from the place among the joined slices to the row and to the entry of the segment.
    begins = np.cumsum(ends - starts) - (ends - starts)
    owners = np.searchsorted(begins, shared, side="right") - 1
    return owners, places, shared - begins[owners] + starts[owners]


def list_similarities(  # noqa: PLR0917 (as the compiled one)
    listed: NDArray[np.int64],
    row_ends: NDArray[np.int64],
    term_ids: NDArray[np.uint32],
    counts: NDArray[np.uint16],
    lengths: NDArray[np.float32],
    query_ends: NDArray[np.int64],
    query_ids: NDArray[np.uint32],
    query_idf: NDArray[np.float32],
    query_weights: NDArray[np.float32],
    result: NDArray[np.float32],
) -> None:
    """``result[q, i]`` = cosine of query q and row ``listed[q, i]``; -1 is left as it is."""
    for q, (start, end) in enumerate(pairwise(query_ends.tolist())):
        is_row = listed[q] >= 0
        result[q, is_row] = similarities(
            listed[q, is_row],
            row_ends,
            term_ids,
            counts,
            lengths,
            make_finder(query_ids[start:end]),
            query_ids[start:end],
            query_idf[start:end],
            query_weights[start:end],
        )


def rows_with(  # noqa: PLR0917 (as the compiled one)
    shared: NDArray[np.int64],
    own: NDArray[np.int64],
    places: NDArray[np.int32],
    blocks: NDArray[np.int64],
    rows_per_block: int,
    key: int,
    n_rows: int,
) -> NDArray[np.int64]:
    """The rows of these blocks in which ``key`` stands; stops once ``n_rows`` are found."""
    found = [np.empty(0, np.int64)]
    n_found = 0
    for start in (blocks * rows_per_block).tolist():
        of_block = places[start : start + rows_per_block]
        is_there = np.zeros(len(of_block), np.bool_)
        is_own = of_block >= len(shared)
        is_there[~is_own] = (shared[of_block[~is_own]] == key).any(axis=1)
        is_there[is_own] = (own[of_block[is_own] - len(shared)] == key).any(axis=1)
        found.append(start + np.flatnonzero(is_there))
        n_found += len(found[-1])
        if n_found >= n_rows:
            break
    return np.concatenate(found)
