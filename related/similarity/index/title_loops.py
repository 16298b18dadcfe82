"""Cosines of titles as plain loops, compiled by numba.

A title's vector has every term once: its idf, divided by the length of all of them. Sums are
float64, by ascending term id: they do not depend on where a document lies, and what two documents
have in common is the same to the last bit from either side.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from related.similarity.compiled import compiled
from related.similarity.index.loops import (
    ROOTS,
    make_finder,
    maybe_shared,
    place_of,
    read_ahead,
    room_for_terms,
)


@compiled
def title_similarities(  # noqa: PLR0917 (numba takes arguments by their places)
    listed: NDArray[np.int64],
    row_ends: NDArray[np.int64],
    term_ids: NDArray[np.uint32],
    counts: NDArray[np.uint16],
    lengths: NDArray[np.float32],
    title_ends: NDArray[np.int64],
    title_ids: NDArray[np.uint32],
    title_lengths: NDArray[np.float32],
    query_ends: NDArray[np.int64],
    query_ids: NDArray[np.uint32],
    query_idf: NDArray[np.float32],
    query_roots: NDArray[np.float32],
    query_lengths: NDArray[np.float32],
    query_title_ends: NDArray[np.int64],
    query_title_ids: NDArray[np.uint32],
    query_title_idf: NDArray[np.float32],
    query_title_lengths: NDArray[np.float32],
    with_text: NDArray[np.float32],
    with_title: NDArray[np.float32],
) -> None:
    """Of query q and row ``listed[q, i]``; -1 is left as it is.

    ``with_text[q, i]``: the mean of (query's title, row's text) and (row's title, query's text).
    ``with_title[q, i]``: of the two titles.
    """
    shared = room_for_terms(listed.ravel(), row_ends)
    for q in range(len(listed)):
        shared[0] = read_ahead(listed[q], row_ends, term_ids, counts)
        own_ids = query_ids[query_ends[q] : query_ends[q + 1]]
        own_idf = query_idf[query_ends[q] : query_ends[q + 1]]
        own_roots = query_roots[query_ends[q] : query_ends[q + 1]]
        own_title = query_title_ids[query_title_ends[q] : query_title_ends[q + 1]]
        own_title_idf = query_title_idf[query_title_ends[q] : query_title_ends[q + 1]]
        in_text, in_title = make_finder(own_ids), make_finder(own_title)
        for i in range(listed.shape[1]):
            row = listed[q, i]
            if row < 0:
                continue
            there = _title_in_text(
                own_title,
                own_title_idf,
                in_title,
                term_ids[row_ends[row] : row_ends[row + 1]],
                counts[row_ends[row] : row_ends[row + 1]],
                shared,
            )
            back, both = 0.0, 0.0
            for entry in range(title_ends[row], title_ends[row + 1]):
                at = place_of(title_ids[entry], own_ids, in_text)
                if at >= 0:
                    idf = np.float64(own_idf[at])
                    back += idf * idf * own_roots[at]
                    if place_of(title_ids[entry], own_title, in_title) >= 0:
                        both += idf * idf
            length = np.float64(title_lengths[row])
            own_length = np.float64(query_title_lengths[q])
            there /= own_length * lengths[row]
            back /= length * query_lengths[q]
            with_text[q, i] = (there + back) / 2
            with_title[q, i] = both / (own_length * length)


@compiled
def _title_in_text(  # noqa: PLR0917 (numba takes arguments by their places)
    title: NDArray[np.uint32],
    title_idf: NDArray[np.float32],
    finder: NDArray[Any],
    text: NDArray[np.uint32],
    text_counts: NDArray[np.uint16],
    shared: NDArray[np.uint32],
) -> float:
    """``sum(idf * sqrt(count) * idf)`` over the title's terms that stand in the text."""
    total = 0.0
    for n in range(maybe_shared(text, finder, shared)):
        entry = shared[n]
        at = place_of(text[entry], title, finder)
        if at >= 0:
            idf = np.float64(title_idf[at])
            total += idf * idf * ROOTS[text_counts[entry]]
    return total
