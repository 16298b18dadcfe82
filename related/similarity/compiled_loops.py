"""The sums of a search as plain loops, for numba; ``array_loops`` has each of them for NumPy.

All of it is the cosine ``sum(query[t] * document[t])`` with ``document[t] = sqrt(count) * idf /
length``. Sums for the order are float64, by ascending term id: a's similarity to b is b's to a to
the last bit.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from related.similarity.compiled import compiled
from related.similarity.vectorizer import ROOTS


@compiled
def add_postings(
    sums: NDArray[np.float32],
    rows: NDArray[np.uint32],
    counts: NDArray[np.uint16],
    starts: NDArray[np.int64],
    ends: NDArray[np.int64],
    weights: NDArray[np.float32],
) -> None:
    """``sums[row] += weight * sqrt(count)`` for each term's postings, term by term."""
    for term in range(len(starts)):
        weight = weights[term]
        for posting in range(starts[term], ends[term]):
            sums[rows[posting]] += weight * ROOTS[counts[posting]]


@compiled
def make_finder(term_ids: NDArray[np.uint32]) -> NDArray[Any]:
    """A small hash table: term id -> place in ``term_ids`` + 1; 0 stands for none.

    At most an eighth is used, so most terms that are not there are told by one look.
    """
    size = 1024
    while size < 8 * len(term_ids):
        size *= 2
    table = np.zeros(size, np.int32)
    for place in range(len(term_ids)):
        slot = np.int64(term_ids[place]) & (size - 1)
        while table[slot] != 0:
            slot = (slot + 1) & (size - 1)
        table[slot] = place + 1
    return table


@compiled
def _similarity(
    start: int,
    end: int,
    term_ids: NDArray[np.uint32],
    counts: NDArray[np.uint16],
    length: np.float32,
    finder: NDArray[Any],
    query_ids: NDArray[np.uint32],
    query_idf: NDArray[np.float32],
    query_weights: NDArray[np.float32],
) -> np.float32:
    last = len(finder) - 1
    total = 0.0
    for entry in range(start, end):
        slot = np.int64(term_ids[entry]) & last
        while finder[slot] != 0:
            place = finder[slot] - 1
            if query_ids[place] == term_ids[entry]:
                weight = ROOTS[counts[entry]] * query_idf[place] / length
                total += np.float64(weight) * np.float64(query_weights[place])
                break
            slot = (slot + 1) & last
    return np.float32(total)


@compiled
def similarities(
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
    result = np.empty(len(rows), np.float32)
    for i in range(len(rows)):
        row = rows[i]
        result[i] = _similarity(
            row_ends[row],
            row_ends[row + 1],
            term_ids,
            counts,
            lengths[row],
            finder,
            query_ids,
            query_idf,
            query_weights,
        )
    return result


@compiled
def list_similarities(
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
    for q in range(len(listed)):
        start, end = query_ends[q], query_ends[q + 1]
        finder = make_finder(query_ids[start:end])
        for i in range(listed.shape[1]):
            row = listed[q, i]
            if row >= 0:
                result[q, i] = _similarity(
                    row_ends[row],
                    row_ends[row + 1],
                    term_ids,
                    counts,
                    lengths[row],
                    finder,
                    query_ids[start:end],
                    query_idf[start:end],
                    query_weights[start:end],
                )


@compiled
def rows_with(lists: NDArray[np.int64], key: int, n_rows: int) -> NDArray[np.int64]:
    """The rows in which ``key`` stands; the search ends once ``n_rows`` are found."""
    found = np.empty(n_rows, np.int64)
    n_found = 0
    for row in range(len(lists)):
        is_there = False
        for i in range(lists.shape[1]):  # without an early end, so that it runs on vectors
            is_there |= lists[row, i] == key
        if is_there:
            found[n_found] = row
            n_found += 1
            if n_found == n_rows:
                break
    return found[:n_found]
