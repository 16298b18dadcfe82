"""Which story each document tells: learned from all sketches at night, and joined by newcomers."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from related.similarity.arrays import Arrays, check, load_arrays, save_arrays
from related.similarity.lists.key_rows import NOBODY, KeyRows
from related.similarity.stories.grouping import find_stories, own_stories
from related.similarity.stories.overlap import MIN_CONTAINED, MIN_RESEMBLANCE, as_rows, overlaps
from related.similarity.stories.sketch_table import SketchTable
from related.similarity.stories.verdicts import Said, retold
from related.similarity.text.sketch_loops import SKETCH_SIZE
from related.similarity.text.sketches import Sketch

Keys = NDArray[np.int64]

_DTYPES = {"keys": "<i8", "sketches": "<u4", "stories": "<i8"}


class Stories:
    """The sketch and the story of each document, by key.

    A story is a number. ``regroup`` finds all of them anew; between two rebuilds a newcomer joins
    that of the document which it repeats most, or begins its own, and nobody else's changes: so
    neighbor lists, which hold few of each, stay true.
    """

    def __init__(self) -> None:
        self._rows = KeyRows()
        self._sketches = SketchTable(np.empty((0, SKETCH_SIZE), np.uint32))
        self._stories = np.empty(0, np.int64)

    def __len__(self) -> int:
        return len(self._rows)

    def of(self, keys: Keys) -> NDArray[np.int64]:
        """The story of each document; one that is not known tells a story of its own."""
        rows = self._rows.rows_of(keys)
        stories = np.invert(keys, dtype=np.int64)
        stories[rows >= 0] = self._stories[rows[rows >= 0]]
        return stories

    def members(self, key: int) -> Keys:
        """All documents of the story of ``key``, itself among them, ascending; none if unknown."""
        row = self._rows.row_of(key)
        return np.empty(0, np.int64) if row < 0 else self.telling(int(self._stories[row]))

    def telling(self, story: int) -> Keys:
        """All documents that tell a story, ascending."""
        tells_it = np.flatnonzero(self._stories[: self._rows.n_rows] == story)
        members: Keys = self._rows.keys[tells_it]
        return np.sort(members[members != NOBODY])  # rows that are free keep their last story

    def join(self, key: int, sketch: Sketch, nearest: Keys) -> None:
        """Add or replace a document: it joins the story of that one of ``nearest`` which it
        repeats most, or begins its own."""
        story = self.story_for(key, sketch, nearest)
        self._set(np.array([key]), as_rows([sketch]), np.array([story]))

    def story_for(self, key: int, sketch: Sketch, nearest: Keys) -> int:
        """The story that a document would ``join``."""
        [row] = as_rows([sketch])
        known = nearest[(self._rows.rows_of(nearest) >= 0) & (nearest != key)]
        others = self._sketches.read(self._rows.rows_of(known))
        contained, resemblance = overlaps(np.broadcast_to(row, others.shape), others)
        is_version = (contained >= MIN_CONTAINED) & (resemblance >= MIN_RESEMBLANCE)
        stories = own_stories(np.array([key]), row[np.newaxis])
        if is_version.any():
            best = np.lexsort((known, -resemblance, ~is_version))[:1]
            stories = self.of(known[best])
        return int(stories[0])

    def put(self, keys: Sequence[int], sketches: Sequence[Sketch]) -> None:
        """Add or replace documents: a new one begins its own story, a known one keeps what it
        tells, until ``tell`` or ``regroup``."""
        ids, rows = np.asarray(keys, np.int64), as_rows(sketches)
        is_new = self._rows.rows_of(ids) < 0
        self._set(ids, rows, np.where(is_new, own_stories(ids, rows), self.of(ids)))

    def begin_anew(self) -> None:
        """Every document begins its own story, until ``tell``."""
        keys, rows = self._known()
        self._stories[rows] = own_stories(keys, self._sketches.read(rows))

    def tell(self, keys: Keys, stories: NDArray[np.int64]) -> None:
        """Say which story documents tell; unknown ones are skipped."""
        rows = self._rows.rows_of(keys)
        self._stories[rows[rows >= 0]] = stories[rows >= 0]

    def remove(self, key: int) -> None:
        """Forget a document, if it is known."""
        if self._rows.row_of(key) >= 0:
            self._rows.remove(key)

    def regroup(self, said: Said = ()) -> None:
        """Find all stories anew, by the sketches and by what editors said."""
        keys, rows = self._known()
        self._stories[rows] = find_stories(keys, self._sketches.read(rows), said)

    def around(self, keys: Iterable[int]) -> Keys:
        """All documents of the stories of some documents, ascending; unknown ones are skipped."""
        members = [self.members(key) for key in keys]
        return np.unique(np.concatenate([np.empty(0, np.int64), *members]))

    def retell(self, said: Said) -> Iterator[tuple[int, Keys, Keys]]:
        """Bring the stories of the documents that editors spoke of in line with that.

        Yields each document that tells another story now, with all that told its former one, and
        all that tell the one that it tells now.
        """
        keys = self.around({key for pair in said for key in pair[:2]})
        before, rows = self.of(keys), self._rows.rows_of(keys)
        after = retold(keys, self._sketches.read(rows), before, said)
        self._stories[rows] = after
        for place in np.flatnonzero(before != after).tolist():
            told, tells = keys[before == before[place]], keys[after == after[place]]
            yield int(keys[place]), told, tells

    def joined(self) -> tuple[Keys, NDArray[np.int64]]:
        """The documents that tell a story which another began, ascending, and those stories."""
        keys, rows = self._known()
        differs = self._stories[rows] != own_stories(keys, self._sketches.read(rows))
        return keys[differs], self._stories[rows[differs]]

    def save(self, directory: Path) -> None:
        """Writes everything to a folder of ``.npy`` files."""
        keys, rows = self._known()
        sketches, stories = self._sketches.read(rows), self._stories[rows]
        arrays: Arrays = {"keys": keys, "sketches": sketches, "stories": stories}
        save_arrays(directory, "stories", arrays)

    @classmethod
    def load(cls, directory: Path) -> Stories:
        """What ``save`` wrote; the sketches in memory shared by all processes.

        Raises:
            ValueError: a file is missing or damaged; the message says which and how.
        """
        arrays = load_arrays(directory, "stories", _DTYPES, mode="c")
        keys, sketches, names = arrays["keys"], arrays["sketches"], arrays["stories"]
        fits = keys.ndim == 1 and names.shape == keys.shape
        fits &= sketches.shape == (len(keys), SKETCH_SIZE)
        check(directory, [("sketches and stories do not fit together", fits)])
        stories = cls()
        stories._rows = KeyRows(keys)
        stories._sketches = SketchTable(sketches)
        stories._stories = names
        return stories

    def _known(self) -> tuple[Keys, NDArray[np.int64]]:
        """(keys, rows) of all documents, by key."""
        keys = self._rows.sorted_keys()
        return keys, self._rows.rows_of(keys)

    def _set(self, keys: Keys, sketches: NDArray[np.uint32], stories: NDArray[np.int64]) -> None:
        rows = self._rows.rows_for(keys)
        n_more = self._rows.n_rows - len(self._stories)
        if n_more > 0:
            room = max(64, n_more, len(self._stories) // 8)
            self._stories = np.concatenate([self._stories, np.zeros(room, np.int64)])
        self._sketches.write(rows, sketches)
        self._stories[rows] = stories
