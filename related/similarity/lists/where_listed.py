"""In how many lists a key stands, and in which blocks of them, so that few have to be read."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from related.similarity.lists.key_rows import NOBODY

ROWS_PER_BLOCK = 256
N_COUNTERS = 2**22
N_HASHES = 2**16

_BITS = np.left_shift(np.uint8(1), np.arange(8, dtype=np.uint8))


class WhereListed:
    """Looked up by the last bits of a key, so it may name too many lists, never too few.

    times int32 [N_COUNTERS]: in how many lists a key stands at most; a new document stands in none.
    blocks uint8 [N_HASHES, n]: a bit for each block of lists, set once a key has entered one of
    them (a Bloom filter, CACM 1970, with one hash), eight blocks to a byte. It stays set: blocks
    that a key has left are read in vain, until a rebuild makes all lists again.
    """

    def __init__(
        self, times: NDArray[np.int32] | None = None, blocks: NDArray[np.uint8] | None = None
    ) -> None:
        self.times = np.zeros(N_COUNTERS, np.int32) if times is None else times
        self.blocks = np.zeros((N_HASHES, 0), np.uint8) if blocks is None else blocks

    def fits(self, n_rows: int) -> bool:
        """Whether both arrays have the right shapes, with room for so many rows."""
        is_wide = self.blocks.ndim == 2 and self._n_rows() >= n_rows
        return is_wide and len(self.blocks) == N_HASHES and self.times.shape == (N_COUNTERS,)

    def most(self, key: int) -> int:
        """In how many lists a key stands at most."""
        return int(self.times[key % N_COUNTERS])

    def blocks_with(self, key: int) -> NDArray[np.int64]:
        """The numbers of the blocks that contain all lists in which a key stands, ascending."""
        return np.flatnonzero(np.unpackbits(self.blocks[key % N_HASHES], bitorder="little"))

    def replace(
        self, rows: NDArray[np.int64], before: NDArray[np.int64], after: NDArray[np.int64]
    ) -> None:
        """Notes that the keys of some rows changed.

        ``before`` and ``after`` are [len(rows), width], with ``NOBODY`` after the end of a list.
        """
        entered, left = _entered_and_left(before, after)
        np.subtract.at(self.times, before[left] % N_COUNTERS, 1)
        np.add.at(self.times, after[entered] % N_COUNTERS, 1)
        blocks = np.broadcast_to(rows[:, None] // ROWS_PER_BLOCK, after.shape)[entered]
        self._make_room(int(rows.max(initial=-1)) + 1)
        places = after[entered] % N_HASHES * self.blocks.shape[1] + blocks // 8
        bits = _BITS[blocks % 8]
        flat = self.blocks.reshape(-1)
        # A bit that is set already is not written: its page stays shared with other processes.
        unset = (flat[places] & bits) == 0
        np.bitwise_or.at(flat, places[unset], bits[unset])

    def blocks_for(self, n_rows: int) -> NDArray[np.uint8]:
        """A copy of ``blocks`` with room for so many rows."""
        width = max(-(-n_rows // (8 * ROWS_PER_BLOCK)), self.blocks.shape[1])
        wider = np.zeros((N_HASHES, width), np.uint8)
        wider[:, : self.blocks.shape[1]] = self.blocks
        return wider

    def _n_rows(self) -> int:
        """How many rows there is room for."""
        n_bytes: int = self.blocks.shape[1]
        return n_bytes * 8 * ROWS_PER_BLOCK

    def _make_room(self, n_rows: int) -> None:
        n_there = self._n_rows()
        if n_rows > n_there:
            self.blocks = self.blocks_for(max(n_rows, n_there + n_there // 8))


def _entered_and_left(
    before: NDArray[np.int64], after: NDArray[np.int64]
) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """(which keys of ``after``, which of ``before``) do not stand in the same row of the other."""
    entered, left = after != NOBODY, before != NOBODY
    if left.any():  # else all lists are new: many at a time, when a corpus is read
        is_same = after[:, :, None] == before[:, None, :]
        entered &= ~is_same.any(axis=2)
        left &= ~is_same.any(axis=1)
    return entered, left
