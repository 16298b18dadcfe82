"""Whether two texts are versions of each other, told from their sketches."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from related.similarity.text.sketch_loops import SKETCH_SIZE
from related.similarity.text.sketches import Sketch

# [n, SKETCH_SIZE]: sketches by row, with NO_SHINGLE after their end.
Sketches = NDArray[np.uint32]

NO_SHINGLE = np.uint32(2**32 - 1)
# Versions share most of what the shorter one says, word for word. What is made from one form, such
# as announcements of grants that differ in names and sums, comes up to a half.
MIN_CONTAINED = 0.6
# And so much of all that both say: a digest repeats many articles and is a version of none.
MIN_RESEMBLANCE = 0.2


def as_rows(sketches: Sequence[Sketch]) -> Sketches:
    rows = np.full((len(sketches), SKETCH_SIZE), NO_SHINGLE)
    for row, sketch in zip(rows, sketches, strict=True):
        row[: len(sketch)] = sketch
    return rows


def overlaps(a: Sketches, b: Sketches) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """(contained, resemblance) of each row of ``a`` and that of ``b``, 0 to 1.

    contained: which share of the shorter text's shingles the longer one has. resemblance: which
    share of all shingles both have (Jaccard). Counted up to the smaller of the two last hashes:
    so far, either sketch holds all that its text has. One with room left holds everything.
    """
    last = np.minimum(a[:, -1], b[:, -1])[:, np.newaxis]
    n_a, n_b = (((side <= last) & (side != NO_SHINGLE)).sum(axis=1) for side in (a, b))
    both = np.sort(np.concatenate([a, b], axis=1), axis=1)
    is_shared = (both[:, 1:] == both[:, :-1]) & (both[:, 1:] <= last)
    n_shared = (is_shared & (both[:, 1:] != NO_SHINGLE)).sum(axis=1)
    n_shorter, n_all = np.minimum(n_a, n_b), n_a + n_b - n_shared
    return n_shared / np.maximum(n_shorter, 1), n_shared / np.maximum(n_all, 1)


def are_versions(a: Sketches, b: Sketches) -> NDArray[np.bool_]:
    """Whether each row of ``a`` and that of ``b`` are sketches of one text's versions."""
    contained, resemblance = overlaps(a, b)
    return (contained >= MIN_CONTAINED) & (resemblance >= MIN_RESEMBLANCE)
