"""Neighbor lists with the versions that found no place in them: no list holds more than three."""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import Any

import numpy as np
from numpy.typing import NDArray

from related.domain.corpus.live import LiveCorpus
from related.similarity.lists.key_rows import NOBODY
from related.similarity.lists.list_table import Ids, Similarities
from related.similarity.lists.neighbors import MOST_OF_A_STORY

MAX_MORE = 100  # of one list


def with_all_versions(
    live: LiveCorpus, keys: NDArray[np.int64], ids: Ids, similarities: Similarities
) -> tuple[Ids, Similarities]:
    """The lists, wider, with the further versions of each text that has all its places in them.

    Args:
        ids, similarities: the lists of ``keys``, [len(keys), n_neighbors] each.
    """
    told: Any = live.stories.of(ids.ravel()).reshape(ids.shape).tolist()
    full = [[story for story, n in Counter(row).items() if n >= MOST_OF_A_STORY] for row in told]
    members = _members(live, {story for row in full for story in row})
    more: list[list[int]] = []
    for key, listed, stories in zip(keys.tolist(), ids.tolist(), full, strict=True):
        known = {key, *listed}
        left_out = [other for story in stories for other in members[story] if other not in known]
        more.append(left_out[:MAX_MORE])
    width = max(map(len, more), default=0)
    added = np.full((len(keys), width), NOBODY)
    for place, row in enumerate(more):
        added[place, : len(row)] = row
    found = live.index.list_similarities(keys.tolist(), added)
    return np.hstack([ids, added]), np.hstack([similarities, found])


def _members(live: LiveCorpus, stories: set[int]) -> dict[int, list[int]]:
    documents = live.index.keys()
    told = live.stories.of(documents)
    are_wanted = np.isin(told, np.array(sorted(stories), np.int64))
    members: dict[int, list[int]] = defaultdict(list)
    for document, story in zip(
        documents[are_wanted].tolist(), told[are_wanted].tolist(), strict=True
    ):
        members[story].append(document)
    return members
