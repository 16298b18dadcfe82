"""A set of links in a few bytes each: what an editor was shown is what is worked through."""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

# Of each link; the entry of the decision log whose ``before`` is put back, 0 where there is none.
COLUMNS = ("document", "slot", "target", "version", "entry")
FASTEST = 1  # of zlib's levels: higher ones take longer than they save


@dataclass(frozen=True, slots=True)
class LinkRow:
    """A link by its keys, and the version of its decision that was seen (0: there was none)."""

    document: int
    slot: int
    target: int
    version: int
    entry: int

    @property
    def key(self) -> tuple[int, int, int]:
        return self.document, self.slot, self.target


@dataclass(frozen=True, slots=True)
class LinkSet:
    """Links in the order in which they are worked through; one row of ``COLUMNS`` each."""

    rows: NDArray[np.int64]

    @classmethod
    def of(cls, rows: Iterable[tuple[int, ...]]) -> LinkSet:
        listed = list(rows)
        return cls(np.array(listed, np.int64).reshape(len(listed), len(COLUMNS)))

    @classmethod
    def unpack(cls, packed: bytes | memoryview) -> LinkSet:
        if not packed:
            return cls.of([])
        columns = np.frombuffer(zlib.decompress(packed), "<i8").reshape(len(COLUMNS), -1)
        return cls(columns.T.astype(np.int64))

    def pack(self) -> bytes:
        """Column by column, whose numbers are alike."""
        return zlib.compress(np.ascontiguousarray(self.rows.T, "<i8").tobytes(), FASTEST)

    def __len__(self) -> int:
        return len(self.rows)

    def part(self, start: int, end: int) -> Iterator[LinkRow]:
        return (LinkRow(*row) for row in self.rows[start:end].tolist())

    def n_per_slot(self) -> dict[int, int]:
        """How many there are of each slot."""
        slots, counts = np.unique(self.rows[:, 1], return_counts=True)
        return dict(zip(slots.tolist(), counts.tolist(), strict=True))

    def n_documents(self) -> int:
        return len(np.unique(self.rows[:, 0]))
