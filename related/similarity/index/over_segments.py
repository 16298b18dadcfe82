"""Computations that go over all segments of an index, each with its own rows."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from related.similarity.index.query import Common, Query
from related.similarity.index.segments import Segments
from related.similarity.index.vectorizer import Vectorizer


def partial_similarities(segments: Segments, query: Query) -> NDArray[np.float32]:
    """What the searched terms contribute, for every row; 0 for dead rows."""
    sums = np.zeros(segments.n_rows, np.float32)
    for segment, alive, span in segments.spans():
        segment.add_partial_similarities(query, sums[span])
        if not alive.all():
            sums[span] *= alive
    return sums


def similarities(segments: Segments, rows: NDArray[np.int64], query: Query) -> NDArray[np.float32]:
    """Cosine of the query and some rows, aligned with them."""
    if len(segments) == 1:  # as in ``Segments.keys_at``
        [(segment, _)] = segments
        return segment.similarities(rows, query)
    found = np.empty(len(rows), np.float32)
    for segment, _, span in segments.spans():
        here = (rows >= span.start) & (rows < span.stop)
        found[here] = segment.similarities(rows[here] - span.start, query)
    return found


def contributions(segments: Segments, rows: NDArray[np.int64], query: Query) -> NDArray[np.float32]:
    """[len(rows), terms of the query]: what each term adds to the cosine; 0 for row -1."""
    found = np.zeros((len(rows), len(query.term_ids)), np.float32)
    for segment, _, span in segments.spans():
        here = np.flatnonzero((rows >= span.start) & (rows < span.stop))
        if len(here):
            found[here] = segment.contributions(rows[here] - span.start, query)
    return found


def list_similarities(
    segments: Segments,
    rows: NDArray[np.int64],
    listed: NDArray[np.int64],
    vectorizer: Vectorizer,
) -> NDArray[np.float32]:
    """Cosine of row ``rows[q]`` and row ``listed[q, i]``, shaped as ``listed``; 0 for row -1."""
    found = np.zeros(listed.shape, np.float32)
    for segment, _, span in segments.spans():
        queries = np.flatnonzero((rows >= span.start) & (rows < span.stop))
        vectors = segment.vectors(rows[queries] - span.start, vectorizer)
        for other, _, other_span in segments.spans():
            places = listed[queries] - other_span.start
            places[(places < 0) | (places >= len(other))] = -1
            found[queries] += other.list_similarities(places, vectors)
    return found


def title_similarities(
    segments: Segments,
    rows: NDArray[np.int64],
    listed: NDArray[np.int64],
    vectorizer: Vectorizer,
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """``Segment.title_similarities`` of row ``rows[q]`` and row ``listed[q, i]``; 0 for row -1."""
    with_text, with_title = np.zeros(listed.shape, np.float32), np.zeros(listed.shape, np.float32)
    for segment, _, span in segments.spans():
        queries = np.flatnonzero((rows >= span.start) & (rows < span.stop))
        if not len(queries):
            continue
        own = rows[queries] - span.start
        texts, titles = segment.texts(own, vectorizer), segment.titles(own, vectorizer)
        for other, _, other_span in segments.spans():
            places = listed[queries] - other_span.start
            places[(places < 0) | (places >= len(other))] = -1
            found = other.title_similarities(places, texts, titles)
            with_text[queries] += found[0]
            with_title[queries] += found[1]
    return with_text, with_title


def common_lengths(
    segments: Segments, vectorizer: Vectorizer, common: Common
) -> NDArray[np.float32]:
    """How much of each row's vector are common terms; 0 for dead rows."""
    lengths = [alive * segment.common_lengths(vectorizer, common) for segment, alive in segments]
    return np.concatenate([np.empty(0, np.float32), *lengths])
