"""Segments as folders of ``.npy`` files: what a worker starts from, and what processes share."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from related.similarity.arrays import check, load_arrays, save_arrays
from related.similarity.index.segment import Segment
from related.similarity.index.statistics import TermStatistics
from related.similarity.index.vectorizer import Vectorizer
from related.similarity.text.term_ids import N_TERM_IDS

Part = tuple[Segment, NDArray[np.bool_]]

_DTYPES = {
    "keys": "<i8",
    "lengths": "<f4",
    "row_ends": "<i8",
    "term_ids": "<u4",
    "counts": "<u2",
    "posting_terms": "<u4",
    "posting_ends": "<u4",
    "posting_rows": "<u4",
    "posting_counts": "<u2",
    "title_ends": "<i8",
    "title_ids": "<u4",
    "title_lengths": "<f4",
}
# Raise it whenever the files change their meaning.
_FORMAT = 3


def save_segments(directory: Path, parts: Sequence[Part], statistics: TermStatistics) -> None:
    """Writes segments, which of their rows are alive, and by which statistics they are weighted."""
    for number, (segment, alive) in enumerate(parts):
        arrays = {field.name: getattr(segment, field.name) for field in fields(segment)}
        save_arrays(directory, f"segment{number}", arrays | {"alive": alive})
    head = {"format": np.array([_FORMAT, len(parts)], np.uint32)}
    save_arrays(directory, "index", head | {"weighted_by": statistics.fingerprint()})


def load_segments(directory: Path, statistics: TermStatistics) -> list[Part]:
    """The segments that were saved, weighted by ``statistics``.

    Raises:
        ValueError: a file is missing or damaged; the message says which and how.
    """
    head = load_arrays(directory, "index", {"format": "<u4", "weighted_by": "<u4"})
    has_format = head["format"].shape == (2,) and int(head["format"][0]) == _FORMAT
    check(directory, [(f"format {_FORMAT} expected", has_format)])
    parts = []
    for number in range(int(head["format"][1])):
        arrays = load_arrays(directory, f"segment{number}", _DTYPES)
        alive = load_arrays(directory, f"segment{number}", {"alive": "?"}, mode="c")["alive"]
        segment = Segment(**arrays)
        _check(directory, segment, alive)
        parts.append((segment, alive))
    if not np.array_equal(head["weighted_by"], statistics.fingerprint()):
        vectorizer = Vectorizer(statistics)
        parts = [(segment.reweighted(vectorizer), alive) for segment, alive in parts]
    return parts


def _check(directory: Path, segment: Segment, alive: NDArray[np.bool_]) -> None:
    """All that a search relies on when it follows one array into another."""
    n, n_entries = len(segment), len(segment.term_ids)
    columns = [getattr(segment, name) for name in _DTYPES]
    check(
        directory,
        [
            ("flat arrays expected", all(array.ndim == 1 for array in [*columns, alive])),
            ("keys must increase", bool((np.diff(segment.keys) > 0).all())),
            ("one length per document expected", len(segment.lengths) == n == len(alive)),
            ("lengths must be above 0", bool((segment.lengths > 0).all())),
            ("rows do not fit their terms", _covers(segment.row_ends, n, n_entries)),
            ("one count per term of a document expected", len(segment.counts) == n_entries),
            ("titles do not fit", _covers(segment.title_ends, n, len(segment.title_ids))),
            (
                "one length above 0 per title expected",
                len(segment.title_lengths) == n and bool((segment.title_lengths > 0).all()),
            ),
            (
                "postings do not fit their terms",
                _covers(segment.posting_ends, len(segment.posting_terms) or N_TERM_IDS, n_entries),
            ),
            (
                "one posting per term of a document expected",
                len(segment.posting_rows) == len(segment.posting_counts) == n_entries,
            ),
            (
                "a posting of a row that is not there",
                n_entries == 0 or int(segment.posting_rows.max()) < n,
            ),
        ],
    )


def _covers(ends: NDArray[np.integer[Any]], n: int, n_entries: int) -> bool:
    """Whether ``ends`` cuts ``n_entries`` entries into n ranges."""
    return bool(
        len(ends) == n + 1
        and ends[0] == 0
        and ends[-1] == n_entries
        and (ends[1:] >= ends[:-1]).all()
    )
