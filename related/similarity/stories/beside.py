"""Some texts beside a corpus: what they tell and resemble, while nobody in it hears of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from related.similarity.lists.neighbors import NeighborLists
from related.similarity.stories.stories import Keys, Stories


class StoriesBeside(Stories):
    """Those of a corpus, with what a few more texts tell; to be read only."""

    def __init__(self, stories: Stories, told: Mapping[int, int]) -> None:
        super().__init__()
        self._others = stories
        self._told = told

    def of(self, keys: Keys) -> NDArray[np.int64]:
        found = self._others.of(keys)
        for key, story in self._told.items():
            found[keys == key] = story
        return found

    def telling(self, story: int) -> Keys:
        return self._others.telling(story)


class ListsBeside(NeighborLists):
    """The lists of a few more texts, with the hubs of a corpus."""

    def __init__(self, lists: NeighborLists) -> None:
        super().__init__(lists.n_neighbors)
        self._others = lists

    def hubs(self, keys: Sequence[int] | NDArray[np.int64]) -> NDArray[np.float32]:
        return self._others.hubs(keys)
