"""Term ids of several documents one after the other, and where those of each row lie."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

# (ends int64 [n + 1], ids uint32, which of the n rows are alive) of one segment.
Part = tuple[NDArray[np.int64], NDArray[np.uint32], NDArray[np.bool_]]


class Rows(NamedTuple):
    """Row r's ids lie in ``term_ids[ends[r] : ends[r + 1]]``; ends int64 [n + 1], ids uint32."""

    ends: NDArray[np.int64]
    term_ids: NDArray[np.uint32]

    @classmethod
    def of(cls, documents: Sequence[NDArray[np.uint32]]) -> Rows:
        """The ids of each document as a row."""
        ends = np.cumsum([0, *map(len, documents)])
        return cls(ends, np.concatenate([np.empty(0, np.uint32), *documents]))

    @classmethod
    def merged(
        cls, parts: Sequence[Part], order: NDArray[np.int64]
    ) -> tuple[Rows, NDArray[np.int64]]:
        """The rows that are alive in several segments, in another order.

        Args:
            order: the places that the rows have now, once those alive stand one after the other.

        Returns:
            The rows, and the place of each entry once the entries of all parts are concatenated.
        """
        # Where each row begins once the entries of all parts are concatenated.
        offsets = np.cumsum([0, *(len(ids) for _, ids, _ in parts)])[:-1]
        starts = np.concatenate(
            [
                ends[:-1][alive] + offset
                for (ends, _, alive), offset in zip(parts, offsets, strict=True)
            ]
        )[order]
        lengths = np.concatenate([np.diff(ends)[alive] for ends, _, alive in parts])[order]
        entries = ranges(starts, lengths)
        ids = np.concatenate([ids for _, ids, _ in parts])[entries]
        return cls(np.concatenate([[0], np.cumsum(lengths)]), ids), entries


def entries_of(
    ends: NDArray[np.int64], rows: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Of some rows: (where each ends once they are concatenated, from 0; each entry's place)."""
    lengths = ends[rows + 1] - ends[rows]
    return np.concatenate([[0], np.cumsum(lengths)]), ranges(ends[rows], lengths)


def ranges(starts: NDArray[np.int64], lengths: NDArray[np.int64]) -> NDArray[np.int64]:
    """``start, start + 1, ... start + length - 1`` for each pair, concatenated."""
    ends = np.cumsum(lengths)
    total = int(ends[-1]) if len(ends) else 0
    return np.arange(total) + np.repeat(starts - ends + lengths, lengths)
