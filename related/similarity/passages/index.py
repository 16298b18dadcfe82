"""Which documents may have a passage: the hashes of a whole corpus, in memory."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from related.similarity.arrays import check, load_arrays, save_arrays
from related.similarity.text.passages import Hashes

Keys = NDArray[np.int64]

# So many of the newest are kept aside until they are sorted in.
FEW = 4096
_DTYPES = {"hashes": "<u4", "keys": "<i8"}


class PassageIndex:
    """Names too many documents, never too few: what lost a passage, or left, is still named.

    So nothing has to be taken out; the database knows which documents have a passage now.
    """

    def __init__(self) -> None:
        # The hashes sorted, with the document of each: in files, then what came later.
        self._parts = [(np.empty(0, np.uint32), np.empty(0, np.int64))] * 2
        self._newest: dict[int, list[int]] = defaultdict(list)
        self._n_newest = 0

    def put(self, keys: Iterable[int], hashes: Sequence[Hashes]) -> None:
        """Add the passages of documents."""
        lengths = [len(own) for own in hashes]
        if sum(lengths) > FEW:
            ids = np.repeat(np.fromiter(keys, np.int64, len(lengths)), lengths)
            self._sort_in(np.concatenate(hashes), ids)
            return
        for key, own in zip(keys, hashes, strict=True):
            for passage in own.tolist():
                self._newest[passage].append(key)
        self._n_newest += sum(lengths)
        if self._n_newest > max(FEW, len(self._parts[1][0]) // 4):
            self._sort_in_newest()

    def documents(self, hashes: Hashes) -> dict[int, list[int]]:
        """The documents that may have each of some passages, by key."""
        found: dict[int, set[int]] = {
            passage: set(self._newest.get(passage, ())) for passage in hashes.tolist()
        }
        for part_hashes, part_keys in self._parts:
            starts = np.searchsorted(part_hashes, hashes, "left").tolist()
            ends = np.searchsorted(part_hashes, hashes, "right").tolist()
            for passage, start, end in zip(hashes.tolist(), starts, ends, strict=True):
                if end > start:
                    found[passage].update(part_keys[start:end].tolist())
        return {passage: sorted(keys) for passage, keys in found.items()}

    def save(self, directory: Path) -> None:
        """Writes everything to a folder of ``.npy`` files."""
        self._sort_in_newest()
        hashes, keys = _merged(self._parts)
        save_arrays(directory, "passages", {"hashes": hashes, "keys": keys})

    @classmethod
    def load(cls, directory: Path) -> PassageIndex:
        """What ``save`` wrote, in memory shared by all processes.

        Raises:
            ValueError: a file is missing or damaged; the message says which and how.
        """
        arrays = load_arrays(directory, "passages", _DTYPES)
        hashes, keys = arrays["hashes"], arrays["keys"]
        fits = hashes.ndim == 1 and hashes.shape == keys.shape
        check(directory, [("passages and their documents do not fit together", fits)])
        index = cls()
        index._parts = [(hashes, keys), index._parts[1]]
        return index

    def _sort_in_newest(self) -> None:
        lengths = [len(keys) for keys in self._newest.values()]
        hashes = np.repeat(np.fromiter(self._newest, np.uint32, len(lengths)), lengths)
        keys = [key for own in self._newest.values() for key in own]
        self._sort_in(hashes, np.array(keys, np.int64))
        self._newest.clear()
        self._n_newest = 0

    def _sort_in(self, hashes: Hashes, keys: Keys) -> None:
        self._parts = [self._parts[0], _merged([self._parts[1], (hashes, keys)])]


def _merged(parts: Sequence[tuple[Hashes, Keys]]) -> tuple[Hashes, Keys]:
    """Sorted, each pair once."""
    hashes, keys = (np.concatenate(column) for column in zip(*parts, strict=True))
    order = np.lexsort((keys, hashes))
    hashes, keys = hashes[order], keys[order]
    is_new = np.ones(len(hashes), np.bool_)
    is_new[1:] = (hashes[1:] != hashes[:-1]) | (keys[1:] != keys[:-1])
    return hashes[is_new], keys[is_new]
