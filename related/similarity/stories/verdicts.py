"""Stories as editors want them: which documents belong together, and which do not, whatever their
texts say.

Single linkage under constraints (Klein, Kamvar and Manning 2002): first what editors said, the
latest word first, then the likenesses of the texts, the greatest first. Nothing joins what was
parted, so a version of both goes with the one that it repeats most.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from related.similarity.stories.overlap import (
    MIN_CONTAINED,
    MIN_RESEMBLANCE,
    NO_SHINGLE,
    Sketches,
    overlaps,
)

Keys = NDArray[np.int64]
# Two documents, and whether they tell the same story; the latest word first.
Said = Sequence[tuple[int, int, bool]]

# A document is compared with the next so many, by key, that have a hash in common with it. A
# passage that thousands repeat thus costs no more than one that two do, and versions follow one
# another.
COMPARED = 3


class Groups:
    """Documents that belong together, by key, and groups that must not become one."""

    def __init__(self, keys: Iterable[int]) -> None:
        self._members = {key: [key] for key in keys}  # by the first of the group
        self._first = {key: key for key in self._members}
        self._apart: dict[int, set[int]] = {key: set() for key in self._members}

    def join(self, one: int, other: int) -> None:
        """Make one group of two, unless they must not be."""
        a, b = sorted((self._first[one], self._first[other]))
        if a == b or b in self._apart[a]:
            return
        for key in self._members[b]:
            self._first[key] = a
        self._members[a] += self._members.pop(b)
        for first in self._apart.pop(b):
            self._apart[first] ^= {b}
            self._apart[first] |= {a}
            self._apart[a] |= {first}

    def part(self, one: int, other: int) -> None:
        """Keep two groups apart; what is one group already stays so."""
        a, b = self._first[one], self._first[other]
        if a != b:
            self._apart[a] |= {b}
            self._apart[b] |= {a}

    def all(self) -> list[list[int]]:
        """The keys of each group, ascending; the groups by their first."""
        return [sorted(self._members[first]) for first in sorted(self._members)]


def grouped(keys: Keys, sketches: Sketches, said: Said) -> list[list[int]]:
    """Documents into stories: by what editors said, and by their sketches."""
    known = set(keys.tolist())
    groups = Groups(known)
    for one, other, is_same in said:
        if one in known and other in known:
            (groups.join if is_same else groups.part)(one, other)
    order = np.argsort(keys, kind="stable")
    a, b = compared(sketches[order])
    a, b = order[a], order[b]
    contained, resemblance = overlaps(sketches[a], sketches[b])
    is_version = (contained >= MIN_CONTAINED) & (resemblance >= MIN_RESEMBLANCE)
    for pair in np.lexsort((keys[b], keys[a], -resemblance)).tolist():
        if is_version[pair]:
            groups.join(int(keys[a[pair]]), int(keys[b[pair]]))
    return groups.all()


def retold(keys: Keys, sketches: Sketches, stories: Keys, said: Said) -> NDArray[np.int64]:
    """The stories of all documents that tell some stories, as editors want them.

    A group keeps the number that most of it has, so that few documents change. Another one is
    named after a key (its complement): such a name belongs to a group with that document alone.

    Args:
        stories: those that they tell so far.
    """
    told = dict(zip(keys.tolist(), stories.tolist(), strict=True))
    names: dict[int, int] = {}
    taken: set[int] = set()
    groups = grouped(keys, sketches, said)
    for group in sorted(groups, key=lambda group: (-len(group), group[0])):
        counted = Counter(told[key] for key in group)
        wanted = [*(name for name, _ in counted.most_common()), *(~key for key in group)]
        fitting = (n for n in wanted if n not in taken and (~n not in told or ~n in group))
        name = next(fitting)
        taken.add(name)
        names |= dict.fromkeys(group, name)
    return np.array([names[key] for key in keys.tolist()], np.int64)


def compared(rows: Sketches) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Pairs of rows that share a hash, each once, the smaller row first."""
    owners, places = np.nonzero(rows != NO_SHINGLE)
    hashes = rows[owners, places]
    order = np.argsort(hashes, kind="stable")  # of one hash, by row
    owners, hashes = owners[order], hashes[order]
    pairs = [np.empty(0, np.int64)]
    for distance in range(1, COMPARED + 1):
        is_same = hashes[distance:] == hashes[:-distance]
        pairs.append(owners[:-distance][is_same] * len(rows) + owners[distance:][is_same])
    return np.divmod(np.unique(np.concatenate(pairs)), max(len(rows), 1))
