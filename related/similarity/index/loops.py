"""The sums of a search as plain loops, compiled by numba.

All of it is the cosine ``sum(query[t] * document[t])`` with ``document[t] = sqrt(count) * idf /
length``. The sums that decide the order are float64, by ascending term id: a's similarity to b is
b's to a to the last bit.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from related.similarity.compiled import compiled

# sqrt(count) of every count there can be.
ROOTS: NDArray[np.float32] = np.sqrt(np.arange(2**16), dtype=np.float32)


@compiled
def add_postings(  # noqa: PLR0917 (numba takes arguments by their places)
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
        term_rows = rows[starts[term] : ends[term]]
        term_counts = counts[starts[term] : ends[term]]
        for i in range(len(term_rows)):
            sums[term_rows[i]] += weight * ROOTS[term_counts[i]]


@compiled
def make_finder(term_ids: NDArray[np.uint32]) -> NDArray[Any]:
    """A small hash table: term id -> place in ``term_ids`` + 1; 0 stands for none.

    At most a sixteenth is used, so a term that is not there is nearly always told by one look.
    """
    size = 2048
    while size < 16 * len(term_ids):
        size *= 2
    table = np.zeros(size, np.uint32)
    last = np.uint32(size - 1)
    for place in range(len(term_ids)):
        slot = term_ids[place] & last
        while table[slot] != 0:
            slot = (slot + np.uint32(1)) & last
        table[slot] = place + 1
    return table


@compiled
def place_of(term_id: int, term_ids: NDArray[np.uint32], finder: NDArray[Any]) -> np.int64:
    """The place of a term by the finder of ``term_ids``; -1 where it does not occur."""
    last = np.uint32(len(finder) - 1)
    slot = term_id & last
    while finder[slot] != 0:
        place = finder[slot] - np.uint32(1)
        if term_ids[place] == term_id:
            return np.int64(place)
        slot = (slot + np.uint32(1)) & last
    return np.int64(-1)


@compiled
def maybe_shared(
    term_ids: NDArray[np.uint32], finder: NDArray[Any], shared: NDArray[np.uint32]
) -> int:
    """Writes to ``shared`` which terms the finder may know; returns how many.

    A few of many, found without a branch that a processor could guess wrong.
    """
    last = np.uint32(len(finder) - 1)
    n_shared = 0
    for entry in range(len(term_ids)):
        shared[n_shared] = entry
        n_shared += finder[term_ids[entry] & last] != 0
    return n_shared


@compiled
def _similarity(  # noqa: PLR0917 (numba takes arguments by their places)
    term_ids: NDArray[np.uint32],
    counts: NDArray[np.uint16],
    length: np.float32,
    finder: NDArray[Any],
    query_ids: NDArray[np.uint32],
    query_idf: NDArray[np.float32],
    query_weights: NDArray[np.float32],
    shared: NDArray[np.uint32],
) -> np.float32:
    """``shared`` is room for a place in ``term_ids`` of each term."""
    total = 0.0
    for i in range(maybe_shared(term_ids, finder, shared)):
        entry = shared[i]
        place = place_of(term_ids[entry], query_ids, finder)
        if place >= 0:
            weight = ROOTS[counts[entry]] * query_idf[place] / length
            total += np.float64(weight) * np.float64(query_weights[place])
    return np.float32(total)


@compiled
def room_for_terms(rows: NDArray[np.int64], row_ends: NDArray[np.int64]) -> NDArray[np.uint32]:
    longest = 0
    for row in rows:
        if row >= 0:
            longest = max(longest, row_ends[row + 1] - row_ends[row])
    return np.empty(longest + 1, np.uint32)


@compiled
def read_ahead(
    rows: NDArray[np.int64],
    row_ends: NDArray[np.int64],
    term_ids: NDArray[np.uint32],
    counts: NDArray[np.uint16],
) -> np.uint32:
    """Touches the memory of some rows, many at once; a sum that nobody wants.

    The rows lie anywhere. Compared one after the other, each would wait for memory alone.
    """
    touched = np.uint32(0)
    for row in rows:
        if row >= 0:
            for entry in range(row_ends[row], row_ends[row + 1], 16):  # 64 bytes of ids
                touched ^= term_ids[entry] ^ counts[entry]
    return touched


@compiled
def similarities(  # noqa: PLR0917 (numba takes arguments by their places)
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
    shared = room_for_terms(rows, row_ends)
    shared[0] = read_ahead(rows, row_ends, term_ids, counts)
    for i in range(len(rows)):
        row = rows[i]
        result[i] = _similarity(
            term_ids[row_ends[row] : row_ends[row + 1]],
            counts[row_ends[row] : row_ends[row + 1]],
            lengths[row],
            finder,
            query_ids,
            query_idf,
            query_weights,
            shared,
        )
    return result


@compiled
def contributions(  # noqa: PLR0917 (numba takes arguments by their places)
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
    last = np.uint32(len(finder) - 1)
    for i in range(len(rows)):
        for entry in range(row_ends[rows[i]], row_ends[rows[i] + 1]):
            slot = term_ids[entry] & last
            while finder[slot] != 0:
                place = finder[slot] - np.uint32(1)
                if query_ids[place] == term_ids[entry]:
                    weight = ROOTS[counts[entry]] * query_idf[place] / lengths[rows[i]]
                    result[i, place] = weight * query_weights[place]
                    break
                slot = (slot + np.uint32(1)) & last


@compiled
def list_similarities(  # noqa: PLR0917 (numba takes arguments by their places)
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
    shared = room_for_terms(listed.ravel(), row_ends)
    for q in range(len(listed)):
        shared[0] = read_ahead(listed[q], row_ends, term_ids, counts)
        start, end = query_ends[q], query_ends[q + 1]
        finder = make_finder(query_ids[start:end])
        for i in range(listed.shape[1]):
            row = listed[q, i]
            if row >= 0:
                result[q, i] = _similarity(
                    term_ids[row_ends[row] : row_ends[row + 1]],
                    counts[row_ends[row] : row_ends[row + 1]],
                    lengths[row],
                    finder,
                    query_ids[start:end],
                    query_idf[start:end],
                    query_weights[start:end],
                    shared,
                )
