"""Cosines of titles as plain loops, compiled by numba.

A title's vector has every term once: its idf, divided by the length of all of them. Sums are
float64, by ascending term id, so they do not depend on where a document lies.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from related.similarity.compiled import compiled
from related.similarity.index.loops import ROOTS


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
    query_weights: NDArray[np.float32],
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
    for q in range(len(listed)):
        own_ids = query_ids[query_ends[q] : query_ends[q + 1]]
        own_idf = query_idf[query_ends[q] : query_ends[q + 1]]
        own_weights = query_weights[query_ends[q] : query_ends[q + 1]]
        own_title = query_title_ids[query_title_ends[q] : query_title_ends[q + 1]]
        own_title_idf = query_title_idf[query_title_ends[q] : query_title_ends[q + 1]]
        for i in range(listed.shape[1]):
            row = listed[q, i]
            if row < 0:
                continue
            text = term_ids[row_ends[row] : row_ends[row + 1]]
            text_counts = counts[row_ends[row] : row_ends[row + 1]]
            title = title_ids[title_ends[row] : title_ends[row + 1]]
            there = _title_in_text(own_title, own_title_idf, text, text_counts)
            back, both = _texts_with_title(title, own_ids, own_idf, own_weights, own_title)
            length = np.float64(title_lengths[row])
            own_length = np.float64(query_title_lengths[q])
            with_text[q, i] = (there / (own_length * lengths[row]) + back / length) / 2
            with_title[q, i] = both / (own_length * length)


@compiled
def _title_in_text(
    title: NDArray[np.uint32],
    title_idf: NDArray[np.float32],
    text: NDArray[np.uint32],
    text_counts: NDArray[np.uint16],
) -> float:
    """``sum(idf * sqrt(count) * idf)`` over the title's terms that stand in the text."""
    total = 0.0
    for n in range(len(title)):
        at = _place_of(title[n], text)
        if at >= 0:
            idf = np.float64(title_idf[n])
            total += idf * idf * ROOTS[text_counts[at]]
    return total


@compiled
def _texts_with_title(
    title: NDArray[np.uint32],
    text: NDArray[np.uint32],
    text_idf: NDArray[np.float32],
    text_weights: NDArray[np.float32],
    other_title: NDArray[np.uint32],
) -> tuple[float, float]:
    """Over the title's terms that stand in the text: (``sum(idf * weight)``; ``sum(idf * idf)`` of
    those that stand in the text's title)."""
    with_text, with_title = 0.0, 0.0
    for n in range(len(title)):
        at = _place_of(title[n], text)
        if at >= 0:
            idf = np.float64(text_idf[at])
            with_text += idf * text_weights[at]
            if _place_of(title[n], other_title) >= 0:
                with_title += idf * idf
    return with_text, with_title


@compiled
def _place_of(term_id: int, sorted_ids: NDArray[np.uint32]) -> int:
    """The place of an id, -1 where it does not occur."""
    at = np.searchsorted(sorted_ids, term_id)
    return int(at) if at < len(sorted_ids) and sorted_ids[at] == term_id else -1
